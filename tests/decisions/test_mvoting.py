"""엠보팅: anybody's question, approved, voted on in a kind of ballot that fits it, and what became of the answer."""

from datetime import timedelta

import pytest

from madang.decisions.acts import cast, close_ballot, open_ballot, report_use, review
from madang.decisions.forms import OpenBallotForm, ReviewForm
from madang.processes.library import HOUSE
from madang.processes.queries import today
from madang.proposals.acts import submit
from small_city import opened

USED = "도서관 여는 시간을 세 곳에서 밤 열 시까지 늘리고 그 비용을 올해 예산에 담았습니다."


@pytest.fixture
def mvoting(seoul, body, day):
    text = (HOUSE / "mvoting.toml").read_text(encoding="utf-8")
    return opened(text, seoul, {"operator": body("library", "도서관과", "public")}, key="mv", at=day(-3), name="엠보팅")


@pytest.fixture
def clerk(person, seat, mvoting):
    from madang.bodies.models import Body

    who = person("이담당")
    seat(who, Body.objects.get(key="library"), "주무관")
    return who


@pytest.fixture
def approved(mvoting, clerk, person, by, again):
    def ask(title="밤에도 도서관을 열까요"):
        asked = submit(by(person("김물음"), 0), mvoting, title=title, problem="낮에 못 갑니다.", idea="밤에도 엽니다.", topic="safety")
        review(by(clerk, 1), again(asked), result="fit", reason="물을 수 있는 물음입니다.")
        return again(asked)

    return ask


KINDS = [
    ("choose-one", ["밤 여덟 시", "밤 열 시"], ["2", "2", "1"], [2]),
    ("approval", ["동쪽", "서쪽", "남쪽"], ["1 2", "2", "2 3"], [2]),
    ("yes-no", [], ["1:1", "1:1", "1:0"], [1]),
    ("ranking", ["가", "나", "다"], ["1>2>3", "1>3", "2>1"], [1]),
    ("scores", ["가", "나"], ["1:5 2:1", "1:3", "2:4"], [1]),
    ("dots", ["가", "나"], ["1:3 2:2", "1:3", "2:1"], [1]),
]


@pytest.mark.parametrize(("kind", "answers", "marks", "winners"), KINDS)
def test_a_question_goes_its_way_with_every_kind_of_ballot(
    kind, answers, marks, winners, mvoting, clerk, approved, person, by, day, again
):
    matter = approved()
    ballot = open_ballot(
        by(clerk, 2), mvoting, question=matter.title, use="많은 쪽으로 여는 시간을 정합니다.", matters=[matter],
        answers=answers, kind=kind, closes_on=today(day(9)),
    )  # fmt: skip
    assert (ballot.rule["kind"], ballot.rule["interim"]) == (kind, "hidden")
    for n, marked in enumerate(marks):
        cast(by(person(f"시민{n}"), 3), ballot, marks=marked)
    ballot = close_ballot(by(clerk, 10), ballot)
    assert ballot.result["winners"][:1] == winners
    assert list(again(matter).open_phases) == ["reflect"]
    report_use(by(clerk, 11), ballot, used=USED)
    assert again(matter).closed_at is not None and again(matter).outcome == "used"


def test_only_kinds_the_recipe_offers_may_be_chosen(mvoting, clerk, approved, by, day, refused, process):
    matter = approved()
    given = {"question": "무엇", "use": "정합니다.", "matters": [matter], "closes_on": today(day(9))}
    refused("other-kind", open_ballot, by(clerk, 2), mvoting, kind="knapsack", answers=["가", "나"], **given)
    refused("no-answers-here", open_ballot, by(clerk, 2), mvoting, kind="yes-no", answers=["가", "나"], **given)
    refused("needs-answers", open_ballot, by(clerk, 2), mvoting, kind="ranking", **given)
    offered = [kind for kind, _title in OpenBallotForm(on=mvoting).fields["kind"].choices]
    assert offered[0] == "choose-one" and sorted(offered) == sorted(kind for kind, *_rest in KINDS)
    assert "kind" not in OpenBallotForm(on=process).fields


def test_a_question_that_may_not_be_asked_comes_back_with_the_reason(mvoting, clerk, person, by, again, refused):
    said = {"title": "누가 미운가요", "problem": "묻고 싶습니다.", "idea": "이름을 고릅니다.", "topic": "safety"}
    asked = submit(by(person("김물음"), 0), mvoting, **said)
    refused("reason-missing", review, by(clerk, 1), again(asked), result="unfit", reason="안 됨")
    review(by(clerk, 1), again(asked), result="unfit", reason="사람을 두고 묻는 물음은 올리지 않습니다.")
    assert (again(asked).outcome, again(asked).reviews.get().estimate_krw) == ("unfit", None)


def test_where_no_money_is_at_stake_nobody_is_asked_for_an_estimate(mvoting, approved, process, matter_in):
    assert "estimate_krw" not in ReviewForm(on=approved()).fields
    assert "estimate_krw" in ReviewForm({"result": "fit", "reason": "할 수 있는 일입니다."}, on=matter_in("review")).errors


def test_the_use_is_owed_by_a_date_and_late_like_any_duty(mvoting, clerk, approved, by, day, again):
    matter = approved()
    ballot = open_ballot(by(clerk, 2), mvoting, question="밤에", use="정합니다.", kind="yes-no", closes_on=today(day(4)))
    close_ballot(by(clerk, 6), ballot)
    owed = again(matter).duties.get(act="decisions.report_use")
    assert (owed.body.key, owed.due_on) == ("library", today(day(6)) + timedelta(days=60))
    assert owed.late_on(owed.due_on + timedelta(days=1))
