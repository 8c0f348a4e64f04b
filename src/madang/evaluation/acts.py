"""Verbs of evaluation: confirm, score, close, reopen, hide_words."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from madang.access import ROLES, By, Refused, act, refusals
from madang.access.acts import once
from madang.duties import walk
from madang.evaluation.figures import Scope, Span, load
from madang.evaluation.forms import WORDS_LEAST, CloseForm, ConfirmForm, HideForm, ReopenForm, ScoreForm
from madang.evaluation.models import Answer, Call, Confirmation, Evaluation, Measure, Outcome, Score
from madang.matters.models import Matter, Stage
from madang.record import digest


@act("evaluation.confirm", _("이루어졌는지 답하기"), on="matters.matter", form=ConfirmForm)
def confirm(by: By, on: Matter, *, answer: str, words: str = "") -> Confirmation:
    """Answer "정말 이루어졌나요?", or change the answer; counted once per person.

    Refusals: phase-closed when nothing is being checked; bad-answer for a word that is no answer.
    """
    if answer not in Answer.values:
        raise Refused("bad-answer")
    evaluation = _opened(by, on)
    before = Confirmation.objects.filter(evaluation=evaluation, person=by.person).first()
    if before is None:
        given = once(
            lambda: Confirmation.objects.create(
                evaluation=evaluation, matter=on, person=by.person, answer=answer, words=words,
                answered_at=by.at, changed_at=by.at,
            ),
            "already-done",
        )
        moves = {answer: F(answer) + 1}
    else:
        moves = {} if before.answer == answer else {before.answer: F(before.answer) - 1, answer: F(answer) + 1}
        given = before
        given.answer, given.words, given.changed_at, given.hidden_at, given.hidden_rule = answer, words, by.at, None, ""
        given.save(update_fields=["answer", "words", "changed_at", "hidden_at", "hidden_rule"])
    if moves:
        Evaluation.objects.filter(pk=evaluation.pk).update(**moves)
    by.note(given, answer=answer, changed=before is not None, words=digest(bytes(given.salt), words))
    return given


@act("evaluation.score", _("점수와 까닭 적기"), on="matters.matter", form=ScoreForm)
def score(by: By, on: Matter, *, indicator: str, value: int, words: str) -> Score:
    """Give 1–5 on one indicator of the recipe, with at least a sentence; its evaluator may correct it until the close.

    Refusals: phase-closed, no-such-indicator, bad-score, words-missing.
    """
    if indicator not in on.process.rules.indicators:
        raise Refused("no-such-indicator")
    if value not in range(1, 6):
        raise Refused("bad-score")
    _need_words(words)
    evaluation = _opened(by, on)
    before = Score.objects.filter(evaluation=evaluation, indicator=indicator, person=by.person).first()
    given, _created = Score.objects.update_or_create(
        evaluation=evaluation, indicator=indicator, person=by.person,
        defaults={"value": value, "words": words, "scored_at": by.at},
    )
    by.note(
        given, indicator=indicator, value=value, words=digest(bytes(given.salt), words),
        **({"was": before.value} if before else {}),
    )
    return given


@act(
    "evaluation.close", _("평가 맺기"), on="matters.matter", form=CloseForm,
    outcomes=("confirmed", "not-confirmed"), shows=("matters", "duties", "news"),
)
def close(by: By, on: Matter, *, outcome: str, findings: str, consequence: str) -> Evaluation:
    """Close the checking with what was found and what follows from it; the recipe's figures are frozen.

    Refusals: already-done, phase-closed, bad-outcome, findings-missing, consequence-missing.
    """
    if outcome not in Outcome.values:
        raise Refused("bad-outcome")
    if len(findings.strip()) < WORDS_LEAST:
        raise Refused("findings-missing", least=WORDS_LEAST)
    if len(consequence.strip()) < WORDS_LEAST:
        raise Refused("consequence-missing", least=WORDS_LEAST)
    evaluation = _opened(by, on)
    measures = _measured(evaluation, by)
    Measure.objects.bulk_create(measures)
    Evaluation.objects.filter(pk=evaluation.pk).update(
        closed_at=by.at, outcome=outcome, findings=findings, consequence=consequence, post=by.post
    )
    evaluation.refresh_from_db()
    salt = bytes(evaluation.salt)
    by.note(
        evaluation, outcome=outcome, yes=evaluation.yes, partly=evaluation.partly, no=evaluation.no,
        findings=digest(salt, findings), consequence=digest(salt, consequence),
        figures=[
            {"indicator": m.indicator, "version": m.version, "numerator": m.numerator, "denominator": m.denominator}
            for m in measures
        ],
    )
    walk.end(by, on, "evaluation.close", outcome, stage=evaluation.stage)
    return evaluation


@act(
    "evaluation.reopen", _("다시 열기"), on="matters.matter", form=ReopenForm,
    outcomes=("reopened",), shows=("matters", "duties", "news"),
)
def reopen(by: By, on: Matter, *, reason: str) -> Call:
    """Ask that what was evaluated be owed again.

    The proposer's or the operator's word reopens at once. Supporters' words are counted: the one that reaches the
    recipe's `reopen_supports` reopens.

    Refusals: words-missing, still-open, nothing-evaluated, needs-role, already-called.
    """
    _need_words(reason)
    Matter.objects.select_for_update().values("pk").get(pk=on.pk)  # two calls, one reopening: the second waits here
    evaluation = Evaluation.objects.filter(matter=on, closed_at__isnull=False).order_by("-closed_at", "-pk").first()
    if evaluation is None:
        raise Refused("nothing-evaluated")
    waits = walk.stage(on, "evaluation.reopen")
    if waits is None and not Matter.objects.filter(pk=on.pk, closed_at__isnull=False).exists():
        raise Refused("still-open")
    role = _standing(by, on)
    call = once(
        lambda: Call.objects.create(evaluation=evaluation, person=by.person, role=role, reason=reason, called_at=by.at),
        "already-called",
    )
    calls = evaluation.calls.filter(role="supporter").count()
    reopened = role != "supporter" or calls >= on.process.rules.value("reopen_supports")
    by.note(
        call,
        role=role,
        calls=calls,
        reason=digest(bytes(call.salt), reason),
        **({"outcome": "reopened"} if reopened else {}),
    )
    if reopened and waits is not None:
        walk.end(by, on, "evaluation.reopen", "reopened", stage=waits)
    elif reopened:
        walk.reenter(by, on, _owed_again(evaluation), because="reopened")
    return call


@act("evaluation.hide_words", _("한마디 가리기"), on="evaluation.confirmation", form=HideForm)
def hide_words(by: By, on: Confirmation, *, rule: str) -> Confirmation:
    """Hide the words beside an answer for the rule they break; the answer goes on counting. Refusal: already-done."""
    if not Confirmation.objects.filter(pk=on.pk, hidden_at=None).update(hidden_at=by.at, hidden_rule=rule):
        raise Refused("already-done")
    on.refresh_from_db()
    by.note(on, rule=rule)
    return on


# ── steps ────────────────────────────────────────────────────────────────────


def _opened(by: By, matter: Matter) -> Evaluation:
    """The evaluation of the stage in which `matter` is being checked, locked; the first to speak opens it.

    Refusal: phase-closed when no stage waits for a closing, or it was closed a moment ago.
    """
    stage: Stage | None = walk.stage(matter, "evaluation.close")
    if stage is None:
        raise Refused("phase-closed")
    evaluation, fresh = Evaluation.objects.get_or_create(
        stage=stage, defaults={"matter": matter, "opened_at": stage.opened_at}
    )
    if fresh:
        by.note(evaluation, opened=True)
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if evaluation.closed_at is not None:
        raise Refused("phase-closed")
    evaluation.stage = stage
    return evaluation


def _measured(evaluation: Evaluation, by: By) -> list[Measure]:
    """The recipe's indicators for this 의제, from its first day to now."""
    known, matter = load(), evaluation.matter
    span, scope = Span(matter.created_at, by.at), Scope(matter=matter.pk)
    rows = []
    for key in matter.process.rules.indicators:
        if key not in known:
            continue
        figure = known[key].compute(scope, span)
        rows.append(
            Measure(
                evaluation=evaluation, indicator=key, version=known[key].version, unit=_stored(known[key].unit),
                numerator=figure.numerator, denominator=figure.denominator,
                value="" if figure.value is None else str(figure.value),
            )
        )
    return rows


def _stored(words: Any) -> str:
    """Words as the house keeps them, in Korean, whoever acts."""
    with override("ko"):
        return str(words)


def _standing(by: By, matter: Matter) -> str:
    """In which role the person asks: the first that reopens at once, else as one supporter. Refusal: needs-role."""
    held = _roles(by.person, matter, by.at)
    if not held:
        raise Refused("needs-role")
    if held == ["supporter"] and "reopen_supports" not in matter.process.rules.values:
        raise Refused("needs-role")
    return held[0]


def _roles(person: Any, matter: Matter, at: Any) -> list[str]:
    return [
        key for key in ("proposer", "operator", "supporter") if key in ROLES and ROLES[key].holds(person, matter, at)
    ]


def _owed_again(evaluation: Evaluation) -> str:
    """The phase to open: what the recipe opens after a reopening, else the phase of the promise. Refusal:
    nothing-evaluated.
    """
    rules = evaluation.matter.process.rules
    leads = [
        key for phase in rules.phases if phase.owes.act == "evaluation.reopen" for key in phase.next.get("reopened", ())
    ]
    promises = [phase.key for phase in rules.phases if phase.owes.act == "execution.promise"]
    found = [key for key in leads + promises if key not in {"closed", "waits"}]
    if not found:
        raise Refused("nothing-evaluated")
    return found[0]


def _need_words(words: str) -> None:
    if len(words.strip()) < WORDS_LEAST:
        raise Refused("words-missing", least=WORDS_LEAST)


refusals({
    "bad-answer": (_("고를 수 없는 답입니다."), _("‘이루어졌다’, ‘일부만’, ‘이루어지지 않았다’ 가운데 골라 주세요.")),
    "bad-score": (_("점수는 1부터 5까지입니다."), _("1에서 5 사이의 점수를 골라 주세요.")),
    "no-such-indicator": (_("이 과정에서 쓰지 않는 지표입니다."), _("과정 화면에 있는 지표 가운데 골라 주세요.")),
    "words-missing": (_("까닭을 %(least)s자 이상 적어야 합니다."), _("한 문장 이상으로 까닭을 적어 주세요.")),
    "bad-outcome": (_("고를 수 없는 결과입니다."), _("‘이루어짐을 확인’과 ‘이루어지지 않음’ 가운데 골라 주세요.")),
    "findings-missing": (_("평가 내용을 %(least)s자 이상 적어야 합니다."), _("약속과 같은 점, 다른 점을 적어 주세요.")),
    "consequence-missing": (
        _("‘활용’을 비워 둘 수 없습니다."),
        _("이 평가로 무엇을 바꾸는지 적어 주세요. 바꿀 것이 없으면 그 까닭을 적습니다."),
    ),
    "still-open": (_("아직 끝나지 않은 의제입니다."), _("평가가 끝난 뒤에 다시 열기를 요청할 수 있습니다.")),
    "nothing-evaluated": (
        _("평가가 끝난 약속이 없습니다."),
        _("답변에 이의가 있으면 다시 살펴 달라고 요청할 수 있습니다."),
    ),
    "already-called": (_("이미 다시 열기를 요청했습니다."), _("다른 분들의 요청이 모이면 다시 열립니다.")),
})
