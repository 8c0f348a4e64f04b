"""Every figure shows its denominator, and anyone can count it again from the dates."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from madang.bodies.models import Body
from madang.decisions.models import Rating, Reply
from madang.duties.models import Duty
from madang.evaluation import queries
from madang.evaluation.figures import Figure, Scope, Span, load
from madang.evaluation.models import Evaluation
from madang.funds.models import Amount, Fund, Line
from madang.matters.models import Matter, Stage


@pytest.fixture
def month(day):
    """All of March 2026, as the city counts days."""
    first = day(0).replace(day=1, hour=0)
    return Span(first, first + timedelta(days=31))


@pytest.fixture
def owed(lamp, team, day):
    """owed(due_day, kept_day): a reply owed since day 0."""

    def make(due: int, kept: int | None, act: str = "decisions.reply", body: Body = team, **fields) -> Duty:
        due_on = day(due).date()
        return Duty.objects.create(
            matter=lamp, process=lamp.process, body=body, act=act, title="답변", owed_since=day(0), due_on=due_on,
            first_due_on=due_on, kept_at=None if kept is None else day(kept), **fields,
        )

    return make


def figure(key: str, span: Span, scope: Scope | None = None) -> tuple[int, int, Fraction | None]:
    found = load()[key].compute(scope or Scope(), span)
    return found.numerator, found.denominator, found.value


def test_every_indicator_of_the_running_recipes_has_a_file(lamp):
    from madang.recipes import house_vocabulary

    assert set(house_vocabulary().indicators) <= set(load())


@pytest.mark.parametrize("key", sorted(load()))
def test_with_nothing_to_count_the_value_is_unknown_and_not_zero(db, month, key):
    empty = Span(month.since - timedelta(days=3650), month.since - timedelta(days=3600))
    found = load()[key].compute(Scope(), empty)
    assert (found.numerator, found.denominator, found.value, found.text) == (0, 0, None, "—")


def test_a_reply_on_its_due_day_is_in_time_and_the_day_after_is_not(owed, month):
    owed(due=5, kept=5)
    owed(due=5, kept=6)
    owed(due=7, kept=None)
    assert figure("reply-on-time", month) == (1, 3, Fraction(100, 3))


def test_the_last_hour_of_the_due_day_in_seoul_still_counts(owed, day, month):
    duty = owed(due=5, kept=None)
    Duty.objects.filter(pk=duty.pk).update(kept_at=day(5).replace(hour=23, minute=59))
    assert figure("reply-on-time", month) == (1, 1, Fraction(100))


def test_what_is_not_due_yet_is_judged_by_nobody(owed, day):
    owed(due=20, kept=None)
    assert figure("reply-on-time", Span(day(-1), day(10))) == (0, 0, None)


def test_what_is_due_today_is_not_late_today(owed, day):
    owed(due=10, kept=None)
    assert figure("reply-on-time", Span(day(-1), day(10))) == (0, 0, None)
    assert figure("reply-on-time", Span(day(-1), day(11))) == (0, 1, Fraction(0))


def test_a_released_duty_is_nobodys_lateness(owed, day, month):
    owed(due=5, kept=None, released_at=day(3))
    assert figure("duties-kept", month) == (0, 0, None)


def test_a_duty_is_counted_in_one_span_only(owed, day):
    owed(due=5, kept=12)
    early, later = Span(day(0), day(8)), Span(day(8), day(20))
    assert (figure("duties-kept", early)[1], figure("duties-kept", later)[1]) == (1, 0)


def test_the_middle_reply_takes_the_mean_of_two(owed, month):
    owed(due=20, kept=3)
    owed(due=20, kept=6)
    assert figure("reply-days", month) == (1, 2, Fraction(9, 2))
    owed(due=20, kept=10)
    assert figure("reply-days", month) == (2, 3, Fraction(6))


def test_citizens_bodies_and_departments_are_counted_alike(owed, team, evaluators, month):
    owed(due=5, kept=5)
    owed(due=5, kept=9, body=evaluators, act="deliberation.close_forum")
    rows = {row.body.key: (row.kept, row.judged) for row in queries.kept_by_body(month)}
    assert rows == {"team": (1, 1), "evaluators": (0, 1)}
    assert figure("duties-kept", month, Scope(body=evaluators.pk)) == (0, 1, Fraction(0))


def test_how_often_the_answer_was_yes(lamp, day, month):
    for number, outcome in enumerate(["accepted", "partial", "declined", "assigned"]):
        Stage.objects.create(
            matter=lamp, phase=f"reply{number}", station="decide", opened_at=day(0), closed_at=day(2), outcome=outcome
        )
    assert figure("adopted-share", month) == (2, 3, Fraction(200, 3))


def test_a_promise_is_kept_with_its_milestones(owed, month):
    owed(due=5, kept=4, act="execution.report_milestone")
    owed(due=9, kept=20, act="execution.finish")
    assert figure("promise-kept", month) == (1, 2, Fraction(50))


def test_money_enacted_is_compared_with_money_asked_on_the_same_lines(lamp, team, seoul, day, month):
    fund = Fund.objects.create(key="pot", name="재원", place=seoul, held_by=team, year=2026, total_krw=100)
    line = Line.objects.create(fund=fund, matter=lamp, opened_at=day(0))
    for stage, won in (("asked", 500), ("asked", 400), ("enacted", 300)):
        Amount.objects.create(line=line, stage=stage, amount_krw=won, entered_at=day(1))
    waiting = Matter.objects.create(process=lamp.process, place=seoul, number="2026-2", title="쉼터", created_at=day(0))
    Amount.objects.create(
        line=Line.objects.create(fund=fund, matter=waiting, opened_at=day(0)),
        stage="asked",
        amount_krw=9,
        entered_at=day(1),
    )
    assert figure("amount-kept", month) == (300, 400, Fraction(75))


def test_people_are_averaged_over_matters(lamp, seoul, day, month):
    Matter.objects.filter(pk=lamp.pk).update(supports=7, participants=2)
    Matter.objects.create(
        process=lamp.process, place=seoul, number="2026-2", title="쉼터", created_at=day(1), supports=1
    )
    assert figure("participants", month) == (10, 2, Fraction(5))


def test_answered_my_question_counts_people_who_rated(lamp, team, day, month):
    stage = Stage.objects.create(
        matter=lamp, phase="reply", station="decide", opened_at=day(0), closed_at=day(1), outcome="accepted"
    )
    reply = Reply.objects.create(
        matter=lamp,
        stage=stage,
        body=team,
        conclusion="accepted",
        reason="까닭",
        next_step="일",
        next_on=date(2026, 5, 1),
        due_on=date(2026, 3, 9),
        answered_at=day(1),
        rated_yes=2,
        rated_no=1,
        rated_partly=1,
    )
    assert Rating.objects.filter(reply=reply).count() == 0
    assert figure("answered-my-question", month) == (2, 4, Fraction(50))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(200, 3), "66.7"),
        (Fraction(1, 20), "0.1"),
        (Fraction(100), "100"),
        (Fraction(-1, 3), "-0.3"),
        (Fraction(12345), "12,345"),
    ],
)
def test_a_value_is_rounded_to_one_place_halves_up(value, text):
    assert Figure(1, 1, value).text == text


def test_a_figure_of_one_body_is_refused_where_rows_have_no_body(db, month):
    with pytest.raises(ValueError, match="no body"):
        load()["participants"].compute(Scope(body=1), month)
    assert [row.indicator.key for row in queries.figures(load(), Scope(body=1), month)] == [
        key for key, known in load().items() if known.by_body
    ]


def test_the_figures_page_needs_the_same_queries_with_one_and_three_bodies(
    owed, team, evaluators, month, django_assert_num_queries
):
    owed(due=5, kept=5)
    with django_assert_num_queries(2):
        assert len(queries.kept_by_body(month)) == 1
    owed(due=5, kept=5, body=evaluators)
    owed(due=5, kept=5, body=Body.objects.create(key="third", name="셋째", side="joint"))
    with django_assert_num_queries(2):
        assert len(queries.kept_by_body(month)) == 3


def test_an_evaluation_is_closed_only_with_a_consequence_in_the_database_too(lamp, day):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="a_closed_evaluation_has_consequence"):
        Evaluation.objects.create(
            matter=lamp, stage=lamp.stages.get(), opened_at=day(0), closed_at=day(1), outcome="confirmed"
        )


def test_an_outsider_counts_the_same_from_the_sheets(lamp, owed, evaluators, day, month):
    from zoneinfo import ZoneInfo

    from madang.access import SHEETS

    owed(due=5, kept=5)
    owed(due=5, kept=6)
    owed(due=7, kept=None)
    owed(due=8, kept=None, released_at=day(3))
    owed(due=40, kept=3, body=evaluators, act="evaluation.close")
    Matter.objects.filter(pk=lamp.pk).update(supports=7, participants=2)
    last = (month.until - timedelta(days=1)).date()
    seoul_day = lambda at: at.astimezone(ZoneInfo("Asia/Seoul")).date()  # noqa: E731
    rows = [row for row in SHEETS["duties"].rows(None) if row["released_at"] is None]
    in_time = [row for row in rows if row["kept_at"] and seoul_day(row["kept_at"]) <= row["due_on"]]
    late = [row for row in rows if row not in in_time and row["due_on"] <= last]
    assert figure("duties-kept", month)[:2] == (len(in_time), len(in_time) + len(late)) == (2, 4)
    found = list(SHEETS["matters"].rows(None))
    assert (
        figure("participants", month)[:2]
        == (sum(r["supports"] + r["participants"] for r in found), len(found))
        == (9, 1)
    )


def test_a_hidden_matter_is_in_no_figure_as_it_is_in_no_sheet(lamp, owed, day, month):
    owed(due=5, kept=5)
    Matter.objects.filter(pk=lamp.pk).update(hidden_at=day(6))
    assert figure("duties-kept", month) == (0, 0, None)
    assert figure("participants", month) == (0, 0, None)
