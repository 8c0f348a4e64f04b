"""Did it really happen? People answer, evaluators score with words, and nothing closes without a consequence."""

import json
from fractions import Fraction

import pytest

from madang.access import SHEETS, Refused
from madang.duties.models import Duty
from madang.evaluation import acts, queries
from madang.evaluation.forms import CloseForm, ScoreForm
from madang.evaluation.models import Call, Confirmation, Evaluation, Measure, Score
from madang.matters.models import Matter, Stage
from madang.record.models import Entry

FOUND = {
    "findings": "가로등 두 개가 섰고 하나는 아직 켜지지 않습니다.",
    "consequence": "남은 하나는 4월까지 켜고 점검 주기를 정합니다.",
}


def close(by, who, matter, outcome="confirmed", n=31, **words):
    return acts.close(by(who, n), Matter.objects.get(pk=matter.pk), outcome=outcome, **{**FOUND, **words})


def test_an_answer_is_counted_once_and_may_be_changed(lamp, person, by):
    park = person("박")
    acts.confirm(by(park, 1), lamp, answer="yes", words="두 개 다 켜져 있습니다")
    acts.confirm(by(park, 2), lamp, answer="no")
    found = Evaluation.objects.get(matter=lamp)
    assert (found.yes, found.partly, found.no) == (0, 0, 1)
    assert Confirmation.objects.count() == 1


def test_the_same_answer_again_counts_nothing_twice(lamp, person, by):
    park = person("박")
    acts.confirm(by(park, 1), lamp, answer="partly")
    acts.confirm(by(park, 2), lamp, answer="partly", words="하나만 켜집니다")
    found = Evaluation.objects.get(matter=lamp)
    assert (found.yes, found.partly, found.no) == (0, 1, 0)


def test_the_record_of_an_answer_holds_no_word_and_no_name(lamp, person, by):
    acts.confirm(by(person("박"), 1), lamp, answer="yes", words="제 가게 앞이 밝아졌어요")
    text = "".join(Entry.objects.values_list("text", flat=True))
    assert "가게" not in text and "박" not in text
    assert '"answer":"yes"' in text


@pytest.mark.parametrize("answer", ["", "maybe", "pk"])
def test_a_word_that_is_no_answer_is_refused_and_leaves_no_trace(lamp, person, by, answer):
    with pytest.raises(Refused) as no:
        acts.confirm(by(person("박"), 1), lamp, answer=answer)
    assert no.value.code == "bad-answer"
    assert not Entry.objects.exists() and not Evaluation.objects.exists()


def test_somebody_not_verified_cannot_answer(lamp, person, by):
    with pytest.raises(Refused) as no:
        acts.confirm(by(person("손님", level=1), 1), lamp, answer="yes")
    assert no.value.code == "needs-level"
    assert not Entry.objects.exists()


def test_after_its_days_nobody_answers_any_more(lamp, person, by):
    with pytest.raises(Refused) as no:
        acts.confirm(by(person("박"), 40), lamp, answer="yes")
    assert no.value.code == "phase-closed"
    assert not Entry.objects.exists()


def test_a_score_without_words_is_refused(lamp, person, seat, evaluators, by):
    choi = seat(person("최평가"), evaluators)
    with pytest.raises(Refused) as no:
        acts.score(by(choi, 1), lamp, indicator="duties-kept", value=4, words="좋음")
    assert no.value.code == "words-missing"
    assert not Score.objects.exists() and not Entry.objects.exists()
    form = ScoreForm({"indicator": "duties-kept", "value": "4", "words": "좋음"}, on=lamp)
    assert list(form.errors) == ["words"]


@pytest.mark.parametrize(("given", "code"), [
    ({"value": 6}, "bad-score"), ({"value": 0}, "bad-score"), ({"indicator": "amount-kept"}, "no-such-indicator"),
])
def test_a_score_off_the_scale_or_the_recipe_is_refused(lamp, person, seat, evaluators, by, given, code):
    choi = seat(person("최평가"), evaluators)
    with pytest.raises(Refused) as no:
        acts.score(
            by(choi, 1), lamp, **{"indicator": "duties-kept", "value": 3, "words": "기한을 두 번 어겼습니다.", **given}
        )
    assert no.value.code == code
    assert not Entry.objects.exists()


def test_an_evaluator_corrects_a_score_and_the_record_keeps_both(lamp, person, seat, evaluators, by):
    choi = seat(person("최평가"), evaluators)
    acts.score(by(choi, 1), lamp, indicator="duties-kept", value=2, words="기한을 두 번 어겼습니다.")
    acts.score(by(choi, 2), lamp, indicator="duties-kept", value=3, words="한 번은 연장한 기한이었습니다.")
    assert Score.objects.get().value == 3
    noted = [
        json.loads(entry.text)["is"]
        for entry in Entry.objects.filter(subject__startswith="evaluation.score:").order_by("id")
    ]
    assert [(line["value"], line.get("was")) for line in noted] == [(2, None), (3, 2)]


def test_who_sits_in_no_panel_gives_no_score(lamp, person, by):
    with pytest.raises(Refused) as no:
        acts.score(by(person("박"), 1), lamp, indicator="duties-kept", value=3, words="기한을 두 번 어겼습니다.")
    assert no.value.code == "needs-role"
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("missing", "code"), [("findings", "findings-missing"), ("consequence", "consequence-missing")]
)
def test_an_evaluation_does_not_close_with_its_consequence_empty(lamp, operator, by, missing, code):
    with pytest.raises(Refused) as no:
        close(by, operator, lamp, **{missing: "   "})
    assert no.value.code == code
    assert not Entry.objects.exists() and not Evaluation.objects.exists()
    form = CloseForm({"outcome": "confirmed", **FOUND, missing: "  "}, on=lamp)
    assert list(form.errors) == [missing]


def test_closing_freezes_the_figures_with_their_version_and_ends_the_matter(lamp, person, operator, by):
    for name, answer in (("박", "yes"), ("정", "yes"), ("한", "no")):
        acts.confirm(by(person(name), 1), lamp, answer=answer)
    close(by, operator, lamp)
    frozen = Measure.objects.get(indicator="citizen-confirmed")
    assert (frozen.numerator, frozen.denominator, Fraction(frozen.value), frozen.version) == (
        2,
        3,
        Fraction(200, 3),
        "1",
    )
    lamp.refresh_from_db()
    assert (lamp.outcome, lamp.closed_at is not None) == ("confirmed", True)
    assert not Duty.objects.filter(matter=lamp, kept_at=None, released_at=None).exists()


def test_an_evaluation_closes_once(lamp, operator, by):
    close(by, operator, lamp)
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        close(by, operator, lamp)
    assert no.value.code == "phase-closed"
    assert Entry.objects.count() == before


def test_closing_against_the_answers_is_allowed_and_says_so(lamp, person, operator, by):
    acts.confirm(by(person("한"), 1), lamp, answer="no")
    assert close(by, operator, lamp).against_answers


def test_what_did_not_happen_is_owed_again(lamp, operator, by):
    close(by, operator, lamp, outcome="not-confirmed")
    lamp.refresh_from_db()
    assert list(lamp.open_phases) == ["reopen"]
    acts.reopen(by(operator, 32), lamp, reason="약속한 가로등 하나가 아직 켜지지 않습니다.")
    lamp.refresh_from_db()
    assert list(lamp.open_phases) == ["promise"]
    assert Duty.objects.filter(matter=lamp, act="execution.promise", kept_at=None, released_at=None).count() == 1


def test_the_proposer_reopens_what_was_closed_as_confirmed(lamp, proposer, operator, by):
    close(by, operator, lamp)
    lamp.refresh_from_db()
    acts.reopen(by(proposer, 60), lamp, reason="가로등이 다시 꺼졌고 아무도 고치지 않습니다.")
    lamp.refresh_from_db()
    assert (lamp.closed_at, lamp.outcome, list(lamp.open_phases)) == (None, "", ["promise"])
    assert Stage.objects.get(matter=lamp, closed_at=None).because == "reopened"


def test_supporters_reopen_together_and_each_is_counted_once(lamp, operator, supporter, by):
    close(by, operator, lamp)
    park, jung = supporter("박"), supporter("정")
    why = "가로등이 다시 꺼졌고 아무도 고치지 않습니다."
    acts.reopen(by(park, 60), Matter.objects.get(pk=lamp.pk), reason=why)
    lamp.refresh_from_db()
    assert lamp.closed_at is not None
    with pytest.raises(Refused) as no:
        acts.reopen(by(park, 61), lamp, reason=why)
    assert no.value.code == "already-called"
    acts.reopen(by(jung, 62), lamp, reason=why)
    lamp.refresh_from_db()
    assert lamp.closed_at is None
    assert Call.objects.count() == 2


def test_a_stranger_cannot_reopen(lamp, operator, person, by):
    close(by, operator, lamp)
    lamp.refresh_from_db()
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        acts.reopen(by(person("나그네"), 60), lamp, reason="가로등이 다시 꺼졌고 아무도 고치지 않습니다.")
    assert no.value.code == "needs-role"
    assert Entry.objects.count() == before


def test_what_was_never_evaluated_is_not_reopened(lamp, proposer, by):
    with pytest.raises(Refused) as no:
        acts.reopen(by(proposer, 1), lamp, reason="가로등이 다시 꺼졌고 아무도 고치지 않습니다.")
    assert no.value.code == "nothing-evaluated"
    assert not Call.objects.exists() and not Entry.objects.exists()


def test_no_sheet_names_a_person(lamp, person, seat, evaluators, operator, by):
    acts.confirm(by(person("박이름"), 1), lamp, answer="yes", words="밝아졌어요")
    acts.score(
        by(seat(person("최평가"), evaluators), 1),
        lamp,
        indicator="duties-kept",
        value=5,
        words="기한을 모두 지켰습니다.",
    )
    close(by, operator, lamp)
    for name in ("evaluations", "confirmations", "scores", "measures"):
        rows = list(SHEETS[name].rows(None))
        assert rows
        assert set(rows[0]) == {column.key for column in SHEETS[name].columns}
        assert "박이름" not in str(rows) and "최평가" not in str(rows) and "person" not in str(rows)


def test_the_panel_asks_nothing_before_the_evaluation_and_two_queries_after(
    lamp, person, operator, by, django_assert_num_queries
):
    fresh = Matter(process=lamp.process, station="propose")
    with django_assert_num_queries(0):
        assert queries.panel(fresh) == {}
    for name in ("박", "정", "한"):
        acts.confirm(by(person(name), 1), lamp, answer="yes")
    close(by, operator, lamp)
    lamp = Matter.objects.select_related("process").get(pk=lamp.pk)
    assert lamp.process.rules
    with django_assert_num_queries(2):
        assert queries.panel(lamp)["evaluations"][0].yes == 3
