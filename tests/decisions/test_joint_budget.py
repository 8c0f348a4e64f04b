"""시민참여예산 시정협치형: three signed rounds, trained judges with words, no plan without a joint body."""

from datetime import timedelta

import pytest

from madang.bodies.models import Body
from madang.decisions.acts import close_scoring, open_resolution, review, score, step_aside
from madang.decisions.forms.scoring import ScoreForm
from madang.decisions.scores import shown
from madang.deliberation.queries import rounds
from madang.deliberation.rounds import close_rounds, sign_round, write_round
from madang.duties import walk
from madang.duties.acts import assign, found_for
from madang.matters.models import Assignment, Stage
from madang.matters.queries import body_for
from madang.processes.library import HOUSE
from madang.processes.models import Window
from madang.processes.queries import today
from madang.proposals.acts import submit
from small_city import opened

SAID = "제안자가 자리를 보여 주었고 부서가 전기와 비용을 설명하였습니다."
KEYS = ("effect", "need", "ability")
WORDS = dict.fromkeys(KEYS, "현장을 보고 그렇게 판단하였습니다.")


@pytest.fixture
def joint(seoul, body, day):
    names = {"operator": "public", "judges": "civil", "school": "civil", "budget-office": "public"}
    parts = {key: body(f"j-{key}", f"{key} 기구", side) for key, side in names.items()}
    text = (HOUSE / "participatory-budget-joint.toml").read_text(encoding="utf-8")
    process = opened(text, seoul, parts, key="joint", at=day(-3), name="시정협치형")
    for n, key in enumerate(("call", "vote")):
        first = today(day(60 * n))
        Window.objects.create(process=process, key=key, opens_on=first, closes_on=first + timedelta(days=50))
    return process


@pytest.fixture
def hands(joint, person, seat, officer):
    """operator, budget, and three judges of whom the third never finished the school."""
    found = {"operator": person("운영"), "budget": person("예산")}
    seat(found["operator"], Body.objects.get(key="j-operator"))
    seat(found["budget"], Body.objects.get(key="j-budget-office"))
    for n in range(3):
        judge = found[f"judge{n}"] = person(f"심사{n}")
        seat(judge, Body.objects.get(key="j-judges"))
        if n < 2:
            seat(judge, Body.objects.get(key="j-school"), "수료자")
    return found


@pytest.fixture
def proposed(joint, hands, officer, department, person, by, again):
    author = person("김제안")
    said = {"title": "골목에 등을 함께", "problem": "어둡습니다.", "idea": "함께 답니다.", "topic": "safety"}
    matter = submit(by(author, 0), joint, **said)
    assign(by(hands["operator"], 1), again(matter), body=department)
    review(by(officer, 2), again(matter), result="fit", reason="할 수 있는 일입니다.", estimate_krw=5_000_000)
    return again(matter)


def _round(by, matter, writer, signer, at):
    written = write_round(by(writer, at), matter, held_on=today(by(writer, at).at), said=SAID)
    return sign_round(by(signer, at), written)


def _to_scoring(by, again, matter, officer):
    for n in range(3):
        _round(by, again(matter), officer, matter.author, 3 + n)
    close_rounds(by(officer, 7), again(matter), outcome="agreed")
    return again(matter)


def test_three_rounds_count_only_with_both_signatures(proposed, officer, person, by, again, refused):
    matter, author = proposed, proposed.author
    first = write_round(by(officer, 3), matter, held_on=today(by(officer, 3).at), said=SAID)
    refused("already-signed", sign_round, by(officer, 3), first)
    refused("needs-role", sign_round, by(person("구경꾼"), 3), first)
    refused("rounds-missing", close_rounds, by(officer, 3), matter, outcome="agreed")
    anew = write_round(by(author, 3), matter, held_on=today(by(author, 3).at), said=SAID, changed="등을 둘로 줄입니다.")
    refused("round-replaced", sign_round, by(officer, 3), first)
    sign_round(by(officer, 4), anew)
    assert [(each.number, each.signed, each.replaced_at is None) for each in rounds(again(matter))] == [
        (1, False, False), (1, True, True),
    ]  # fmt: skip
    refused("round-future", write_round, by(author, 4), matter, held_on=today(by(author, 9).at), said=SAID)
    _round(by, matter, officer, author, 5)
    refused("rounds-missing", close_rounds, by(officer, 5), matter, outcome="agreed")
    _round(by, matter, author, officer, 6)
    refused("rounds-enough", write_round, by(author, 6), matter, held_on=today(by(author, 6).at), said=SAID)
    close_rounds(by(officer, 7), again(matter), outcome="agreed")
    assert list(again(matter).open_phases) == ["score"]


def test_rounds_that_fail_end_with_the_reason(proposed, officer, by, again, refused):
    refused("reason-missing", close_rounds, by(officer, 3), proposed, outcome="not-agreed", reason="안 됨")
    close_rounds(by(officer, 3), proposed, outcome="not-agreed", reason="자리를 두고 끝내 뜻이 갈렸습니다.")
    assert list(again(proposed).open_phases) == ["conclude"]


def test_judges_are_trained_apart_and_write_why(proposed, hands, officer, by, again, refused, client):
    matter = _to_scoring(by, again, proposed, officer)
    full = {"effect": 30, "need": 20, "ability": 10}
    given = {"points": full, "words": WORDS}
    refused("needs-role", score, by(officer, 8), matter, **given)
    refused("not-trained", score, by(hands["judge2"], 8), matter, **given)
    refused("score-range", score, by(hands["judge0"], 8), matter, points=full | {"effect": 41}, words=WORDS)
    refused("score-range", score, by(hands["judge0"], 8), matter, points={"effect": 1}, words=WORDS)
    refused("score-words", score, by(hands["judge0"], 8), matter, points=full, words=WORDS | {"need": " "})
    score(by(hands["judge0"], 8), matter, **given)
    refused("already-voted", score, by(hands["judge0"], 9), matter, **given)
    assert "현장을 보고" not in client.get(f"/m/{matter.number}/").content.decode()
    refused("scoring-running", close_scoring, by(hands["judge0"], 9), matter)
    score(by(hands["judge1"], 9), matter, points={"effect": 30, "need": 20, "ability": 9}, words=WORDS)
    step_aside(by(hands["judge2"], 9), matter, reason="심사 교육을 아직 마치지 못했습니다.")
    close_scoring(by(hands["judge0"], 10), again(matter))
    told = shown(again(matter), list(Stage.objects.filter(matter=matter).order_by("id")))[0]
    assert (told["sum"], told["judges"], told["mean"], told["passed"]) == (119, 2, "59.50", False)
    assert list(again(matter).open_phases) == ["conclude"]
    page = client.get(f"/m/{matter.number}/").content.decode()
    assert "59.50" in page and "현장을 보고" in page and "심사 교육을 아직" in page


def test_sixty_on_the_dot_passes(proposed, hands, officer, by, again):
    matter = _to_scoring(by, again, proposed, officer)
    for n, ability in ((0, 10), (1, 10)):
        score(by(hands[f"judge{n}"], 8), matter, points={"effect": 30, "need": 20, "ability": ability}, words=WORDS)
    step_aside(by(hands["judge2"], 9), matter, reason="심사 교육을 아직 마치지 못했습니다.")
    close_scoring(by(hands["judge0"], 10), again(matter))
    assert list(again(matter).open_phases) == ["vote"]


def test_whoever_is_near_cannot_judge(proposed, hands, officer, seat, by, again, refused):
    matter = _to_scoring(by, again, proposed, officer)
    for who in (officer, matter.author):
        seat(who, Body.objects.get(key="j-judges"), "위원")
        seat(who, Body.objects.get(key="j-school"), "수료자")
        refused("near", score, by(who, 8), matter, points=dict.fromkeys(KEYS, 1), words=WORDS)


def test_the_form_asks_what_the_recipe_asks(proposed, officer, by, again):
    form = ScoreForm({}, on=_to_scoring(by, again, proposed, officer))
    assert list(form.fields) == [f"{field}_{key}" for key in sorted(KEYS) for field in ("points", "words")]
    assert not form.is_valid() and set(form.errors) == set(form.fields)


def test_no_plan_without_a_joint_body_of_its_own(proposed, officer, person, seat, body, by, again, refused, day, department):
    matter = again(proposed)
    walk.reenter(by(officer, 3), matter, "found", "test")
    refused("phase-closed", open_resolution, by(officer, 4), matter, question="계획을 정할까요?", closes_on=today(day(9)))
    empty, civil = body("empty", "빈 협의체", "joint"), body("half", "반쪽 협의체", "joint")
    seat(person("민간"), civil, "민간위원", "civil")
    whole = body("whole", "골목등 협의체", "joint")
    members = [seat(person(name), whole, "위원", side).person for name, side in (("민", "civil"), ("관", "public"))]
    refused("one-sided", found_for, by(officer, 4), matter, body=empty)
    refused("one-sided", found_for, by(officer, 4), matter, body=civil)
    refused("not-joint", found_for, by(officer, 4), matter, body=department)
    found_for(by(officer, 5), matter, body=whole)
    fresh = again(matter)
    assert body_for(fresh, "together") == whole and "plan" in fresh.open_phases
    assert fresh.duties.get(act="decisions.close_resolution").body == whole
    opened_ = open_resolution(by(members[0], 6), fresh, question="계획을 정할까요?", closes_on=today(day(9)))
    assert opened_.body == whole
    said = {"title": "다른 골목에도", "problem": "어둡습니다.", "idea": "등을 답니다.", "topic": "safety"}
    other = submit(by(matter.author, 6), matter.process, **said)
    Assignment.objects.create(matter=other, body=department, since_at=day(6))
    walk.reenter(by(officer, 6), again(other), "found", "test")
    refused("body-taken", found_for, by(officer, 7), again(other), body=whole)
