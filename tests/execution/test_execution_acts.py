"""A promise with two owners, its milestones and its changes, held against what was first meant."""

from datetime import date

import pytest

from madang.bodies.models import Body
from madang.duties.models import Duty
from madang.execution import queries
from madang.execution.acts import (
    answer_change,
    attach_evidence,
    change,
    finish,
    promise,
    report_milestone,
)
from madang.execution.forms import AnswerChangeForm, ChangeForm, PromiseForm, Step
from madang.execution.models import Change, Commitment, Milestone
from madang.proposals.models import Proposal
from madang.record.models import Entry

IDEA = "골목 세 곳에 가로등을 놓아 주세요. 밤길이 어둡습니다."


@pytest.fixture
def neighbours(body, person, seat):
    """이웃모임, the civil owner, and 이이웃 who speaks for it."""
    group = body("neighbours", "이웃모임", "civil")
    seat(person("이이웃"), group)
    return group


@pytest.fixture
def words(neighbours, department, day):
    def make(**other):
        return {
            "promise": "공원과와 이웃모임이 골목 세 곳에 등을 놓고 함께 점검합니다.",
            "origin": "골목 세 곳에 가로등을 놓아 주세요.",
            "goal": "가로등 3개를 켠다",
            "target": "골목 주민",
            "budget_krw": 1_000_000,
            "due_on": day(100).date(),
            "civil_owner": neighbours,
            "public_owner": department,
            "milestones": [
                Step("자리를 함께 정한다", "civil", day(20).date()),
                Step("등을 놓는다", "public", day(60).date()),
            ],
            **other,
        }

    return make


@pytest.fixture
def waiting(matter_in):
    matter = matter_in("promise")
    Proposal.objects.create(matter=matter, problem="밤길이 어둡습니다.", idea=IDEA)
    return matter


@pytest.fixture
def made(waiting, officer, by, words):
    return promise(by(officer, 1), waiting, **words())


@pytest.fixture
def neighbour(neighbours):
    return neighbours.seats.get().person


def open_duties(act):
    return Duty.objects.filter(act=act, kept_at=None, released_at=None)


def test_a_promise_makes_its_milestones_duties_of_both_sides(made, again, day):
    assert again(made.matter).open_phases.keys() == {"carry"}
    assert list(open_duties("execution.report_milestone").order_by("due_on").values_list("body__key", "due_on")) == [
        ("neighbours", day(20).date()),
        ("parks", day(60).date()),
    ]
    assert open_duties("execution.finish").get().due_on == day(100).date()


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("no-milestone", {"milestones": []}),
        ("not-a-quote", {"origin": "아무도 하지 않은 말입니다."}),
        ("milestone-after-end", {"due_on": date(2026, 4, 1)}),
        ("date-past", {"due_on": date(2026, 3, 1)}),
        ("promised-too-late", {"due_on": date(2031, 3, 2)}),
    ],
)
def test_a_promise_without_what_it_needs_is_refused(waiting, officer, by, words, refused, again, code, other):
    refused(code, promise, by(officer, 1), waiting, **words(**other))
    assert not Commitment.objects.exists()
    assert again(waiting).open_phases.keys() == {"promise"}


def test_both_sides_must_own_it(waiting, officer, by, words, refused, department, neighbours):
    refused("owner-side", promise, by(officer, 1), waiting, **words(civil_owner=department))
    refused("owner-side", promise, by(officer, 1), waiting, **words(public_owner=neighbours))


def test_only_the_department_promises_and_only_once(waiting, officer, neighbour, by, words, refused, again):
    refused("needs-role", promise, by(neighbour, 1), waiting, **words())
    promise(by(officer, 1), waiting, **words())
    refused("phase-closed", promise, by(officer, 2), again(waiting), **words())


def test_each_side_reports_its_own_milestone(made, officer, neighbour, by, refused, again, day):
    civil, public = Milestone.objects.order_by("number")
    refused("needs-role", report_milestone, by(officer, 10), civil, words="자리를 정했습니다.")
    report_milestone(by(neighbour, 10), civil, words="주민 열두 명과 자리를 정했습니다.")
    refused("already-done", report_milestone, by(neighbour, 11), again(civil), words="한 번 더 정했습니다.")
    assert again(civil.duty).kept_at == day(10)
    assert open_duties("execution.report_milestone").get() == public.duty


def test_done_means_evidence_and_every_milestone(made, officer, neighbour, by, refused, again):
    over = {"outcome": "finished", "words": "골목 세 곳에 등이 켜졌습니다."}
    assert refused("milestones-open", finish, by(officer, 70), made, **over).detail["number"] == 2
    civil, public = Milestone.objects.order_by("number")
    report_milestone(by(neighbour, 10), civil, words="자리를 정했습니다.")
    report_milestone(by(officer, 60), public, words="등을 놓았습니다.")
    refused("no-evidence", finish, by(officer, 70), made, **over)
    refused("bad-link", attach_evidence, by(officer, 61), made, note="사진", link="javascript:alert(1)")
    shown = attach_evidence(
        by(neighbour, 61), made, note="켜진 등의 사진입니다.", link="https://example.org/1.jpg", milestone=public
    )
    assert shown.owner == "civil"
    closed = finish(by(officer, 70), made, **over)
    assert (closed.outcome, again(made.matter).open_phases.keys()) == ("finished", {"conclude"})


def test_stopping_needs_words_and_releases_what_is_left(made, officer, by, refused, again):
    refused("reason-missing", finish, by(officer, 30), made, outcome="stopped", words="못 함")
    finish(by(officer, 30), made, outcome="stopped", words="땅 주인이 허락하지 않아 멈춥니다.")
    assert not open_duties("execution.report_milestone").exists()
    assert again(made.matter).open_phases.keys() == {"conclude"}


def test_a_change_of_goal_is_public_and_waits_for_the_proposer(made, officer, by, again, refused, operator, person):
    row = change(
        by(officer, 10), made, field="goal", after="가로등 2개를 켠다", reason="한 곳은 이미 다른 공사로 놓였습니다."
    )
    assert (row.before, row.after) == ("가로등 3개를 켠다", "가로등 2개를 켠다")
    assert again(made).goal == "가로등 2개를 켠다"
    assert open_duties("execution.answer_change").get().body == Body.objects.get(key="operator")
    assert '"tells":"proposer"' in Entry.objects.get(subject=f"execution.change:{row.pk}").text
    refused(
        "change-waits",
        change,
        by(officer, 11),
        made,
        field="goal",
        after="가로등 1개를 켠다",
        reason="한 곳 더 줄이게 되었습니다.",
    )
    refused("change-waits", finish, by(officer, 12), made, outcome="stopped", words="이제 그만두겠습니다. 정말로.")
    refused("needs-role", answer_change, by(person("구경꾼"), 12), row, answer="agree")
    refused("proposer-answers", answer_change, by(operator, 12), row, answer="agree")
    answer_change(by(made.matter.author, 12), row, answer="disagree", words="세 곳 모두 필요합니다.")
    assert again(row).answer == "disagree"
    assert not open_duties("execution.answer_change").exists()
    refused("already-done", answer_change, by(made.matter.author, 13), again(row), answer="agree")


def test_silence_is_recorded_only_after_the_last_day(made, officer, operator, by, refused, again):
    row = change(
        by(officer, 10), made, field="target", after="골목 주민과 상인", reason="상인들도 함께 쓰게 되었습니다."
    )
    due_on = row.duty.due_on
    refused("still-time", answer_change, by(operator, 12), row, answer="silent")
    refused("proposer-answers", answer_change, by(made.matter.author, 12), row, answer="silent")
    answer_change(by(operator, (due_on - date(2026, 3, 2)).days + 1), row, answer="silent")
    assert again(row).answer == "silent"


@pytest.mark.parametrize(("won", "asks"), [(1_100_000, False), (1_100_001, True), (900_000, False), (899_999, True)])
def test_a_budget_moved_by_more_than_a_tenth_asks_the_proposer(made, officer, by, won, asks):
    row = change(
        by(officer, 10), made, field="budget", after=str(won), reason="자재 값이 달라졌습니다. 견적을 붙입니다."
    )
    assert (row.duty is not None) is asks
    assert open_duties("execution.answer_change").exists() is asks


def test_the_end_moves_later_once_and_the_first_date_stays(made, officer, by, refused, again, day):
    change(
        by(officer, 10),
        made,
        field="due",
        after=day(120).date().isoformat(),
        reason="장마로 공사가 늦어졌습니다. 미룹니다.",
    )
    duty = open_duties("execution.finish").get()
    assert (duty.due_on, duty.first_due_on) == (day(120).date(), day(100).date())
    refused(
        "already-extended",
        change,
        by(officer, 11),
        made,
        field="due",
        after=day(140).date().isoformat(),
        reason="또 늦어졌습니다. 다시 미룹니다.",
    )
    refused(
        "milestone-after-end",
        change,
        by(officer, 11),
        made,
        field="due",
        after=day(30).date().isoformat(),
        reason="일찍 끝내려고 당깁니다. 당깁니다.",
    )
    refused(
        "date-past",
        change,
        by(officer, 11),
        made,
        field="due",
        after="2026-03-01",
        reason="지난 날로 적어 봅니다. 적어 봅니다.",
    )


def test_bad_new_values_are_refused_in_words(made, officer, by, refused):
    why = {"reason": "까닭은 열 글자보다 길게 적습니다."}
    refused("bad-value", change, by(officer, 10), made, field="budget", after="조금 더", **why)
    refused("bad-value", change, by(officer, 10), made, field="due", after="내일", **why)
    refused("same-value", change, by(officer, 10), made, field="budget", after="1,000,000원", **why)
    form = ChangeForm({"field": "budget", "after": "조금 더", **why}, on=made)
    assert "after" in form.errors
    assert not Change.objects.exists()


def test_the_contrast_shows_the_first_promise_every_change_and_now(made, officer, by, django_assert_num_queries):
    change(by(officer, 10), made, field="budget", after="1050000", reason="자재 값이 올라 조금 늘립니다.")
    change(by(officer, 11), made, field="budget", after="1060000", reason="자재 값이 올라 또 늘립니다.")
    with django_assert_num_queries(4):
        found = queries.with_parts(Commitment.objects.all()).get(pk=made.pk)
        rows = {row["field"]: row for row in queries.contrast(found)}
    assert (rows["budget"]["promised"], len(rows["budget"]["changes"]), rows["budget"]["now"]) == (
        1_000_000,
        2,
        1_060_000,
    )
    assert (rows["goal"]["promised"], rows["goal"]["changes"]) == ("가로등 3개를 켠다", [])


def test_the_form_reads_milestones_line_by_line_and_names_each_bad_one(waiting, words):
    given = {**words(), "civil_owner": words()["civil_owner"].pk, "public_owner": words()["public_owner"].pk}
    good = PromiseForm(
        {**given, "milestones": "2026-05-01 | 민 | 자리를 정한다\n2026-06-01|관|등을 놓는다"}, on=waiting
    )
    assert good.is_valid(), good.errors
    assert good.cleaned_data["milestones"][1] == Step("등을 놓는다", "public", date(2026, 6, 1))
    bad = PromiseForm(
        {**given, "milestones": "내일 | 민 | 자리\n2026-06-01 | 시장 | 등을 놓는다\n그냥 한다"}, on=waiting
    )
    assert [message[:6] for message in bad.errors["milestones"]] == ["1번째 줄:", "2번째 줄:", "3번째 줄:"]


def test_the_proposer_and_the_others_see_different_answers(made, officer, operator, by):
    row = change(by(officer, 10), made, field="target", after="골목 상인", reason="상인들이 더 많이 쓰게 되었습니다.")
    assert [c for c, _ in AnswerChangeForm(on=row, person=made.matter.author).fields["answer"].choices] == [
        "agree",
        "disagree",
    ]
    assert [c for c, _ in AnswerChangeForm(on=row, person=operator).fields["answer"].choices] == ["silent"]


def test_words_stay_out_of_the_record(made, officer, by):
    change(by(officer, 10), made, field="goal", after="아무도 모르는 목표", reason="아무도 모르는 까닭으로 바꿉니다.")
    texts = "".join(Entry.objects.values_list("text", flat=True))
    assert "아무도" not in texts and "가로등" not in texts


def test_the_page_sets_the_first_meaning_beside_what_stands_now(made, officer, by, client):
    change(
        by(officer, 10),
        made,
        field="goal",
        after="<i>가로등</i> 2개를 켠다",
        reason="한 곳은 다른 공사로 이미 놓였습니다.",
    )
    attach_evidence(by(officer, 11), made, note="설계도입니다.", link="https://example.org/plan.pdf")
    page = client.get(f"/commitments/{made.pk}/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "골목 세 곳에 가로등을 놓아 주세요." in words and "가로등 3개를 켠다" in words
    assert "<i>가로등" not in words and "제안자의 답을 기다림" in words
    assert client.get("/commitments/999999/").status_code == 404


def test_the_strip_costs_one_query_and_is_drawn_on_the_page_of_the_matter(
    made, client, again, django_assert_num_queries
):
    matter = again(made.matter)
    with django_assert_num_queries(1):
        assert len(queries.panel(matter)["promises"][0]["milestones"]) == 2
    words = client.get(f"/m/{matter.number}/").content.decode()
    assert "가로등 3개를 켠다" in words and "자리를 함께 정한다" in words


def test_the_department_promises_through_the_web_and_a_bad_line_loses_nothing(
    client, waiting, officer, neighbours, department
):
    client.force_login(officer)
    given = {
        "promise": "골목 세 곳에 등을 놓고 함께 점검합니다.",
        "origin": "골목 세 곳에 가로등을 놓아 주세요.",
        "goal": "가로등 3개를 켠다",
        "target": "골목 주민",
        "budget_krw": "1,000,000원",
        "due_on": "2027-06-01",
        "civil_owner": neighbours.pk,
        "public_owner": department.pk,
        "milestones": "내일 | 관 | 등을 놓는다",
    }
    where = f"/do/execution.promise/{waiting.pk}/"
    refused = client.post(where, given)
    assert refused.status_code == 422 and "1번째 줄" in refused.content.decode()
    assert client.post(where, {**given, "milestones": "2027-05-01 | 관 | 등을 놓는다"}).status_code == 302
    assert Commitment.objects.get().budget_krw == 1_000_000


def test_the_desk_leads_to_the_end_of_a_promise_and_to_its_milestone(client, made, officer):
    client.force_login(officer)
    desk = client.get("/desk/").content.decode()
    mine = Milestone.objects.get(owner="public")
    assert f'href="/do/execution.finish/{made.pk}/"' in desk
    assert f'href="/do/execution.report_milestone/{mine.pk}/"' in desk
