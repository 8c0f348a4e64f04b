"""A body answers, the proposer asks again, a department judges whether it can be done."""

from datetime import date, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.decisions.forms import (
    RateForm,
    ReplyForm,
    RequestReviewForm,
    ReviewForm,
    costs,
    substance,
)
from madang.decisions.models import Conclusion, Rating, Reply, Review, ReviewRequest
from madang.duties import walk
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.people.models import new_salt
from madang.processes.library import number
from madang.processes.queries import today
from madang.record import digest


def _waiting(by: By, matter: Matter, name: str) -> tuple[Stage, Duty]:
    """The open stage that waits for the act, and the duty it is owed by. Refusal: already-done."""
    stage = walk.waiting(matter, name, by)
    if stage is None:
        raise Refused("already-done")
    return stage, Duty.objects.select_related("body").filter(stage=stage, act=name).order_by("id")[0]


@act(
    "decisions.reply",
    _("답변하기"),
    on="matters.matter",
    form=ReplyForm,
    outcomes=tuple(Conclusion.values),
    shows=("matters", "duties", "news"),
)
def reply(
    by: By,
    on: Matter,
    *,
    conclusion: str,
    reason: str,
    next_step: str,
    next_on: date,
    basis: str = "",
    source: str = "",
) -> Reply:
    """Answer a 의제 with conclusion, reason and next step, for the body that owes the answer.

    Refusals: reply-thin and step-thin (without stock phrases, shorter than `reply_reason_least`, `reply_step_least`),
    step-past, step-too-far (beyond `reply_step_years`: a step nobody waits for), already-done.
    """
    least, years = number(on.process, "reply_reason_least"), number(on.process, "reply_step_years")
    if substance(reason) < least:
        raise Refused("reply-thin", least=least, now=substance(reason))
    if substance(next_step) < number(on.process, "reply_step_least"):
        raise Refused("step-thin", least=number(on.process, "reply_step_least"))
    if next_on < today(by.at) and conclusion != Conclusion.ALREADY_DONE:
        raise Refused("step-past")
    if next_on > today(by.at) + timedelta(days=365 * years):
        raise Refused("step-too-far", years=years)
    stage, duty = _waiting(by, on, "decisions.reply")
    salt = new_salt()
    answer = once(
        lambda: Reply.objects.create(
            matter=on,
            stage=stage,
            body=duty.body,
            post=by.post.partition("/")[2] or duty.post,
            conclusion=conclusion,
            reason=reason,
            next_step=next_step,
            next_on=next_on,
            basis=basis,
            due_on=duty.due_on,
            answered_at=by.at,
            salt=salt,
            source=source,
        ),
        "already-done",
    )
    by.note(
        answer,
        conclusion=conclusion,
        body=duty.body.key,
        reason=digest(salt, reason),
        step=digest(salt, next_step),
        next_on=next_on.isoformat(),
        late_days=max((today(by.at) - duty.due_on).days, 0),
    )
    walk.end(by, on, "decisions.reply", conclusion, stage=stage)
    return answer


@act("decisions.rate_reply", _("답이 되었는지 말하기"), on="decisions.reply", form=RateForm)
def rate_reply(by: By, on: Reply, *, answered: str) -> Rating:
    """Say whether the reply answered; one changeable word a person. Refusal: already-done (the same word again)."""
    Reply.objects.select_for_update().get(pk=on.pk)  # one at a time: the tally on the reply stays true
    before = Rating.objects.filter(reply=on, person=by.person).first()
    if before is not None and before.answered == answered:
        raise Refused("already-done")
    rating, _new = Rating.objects.update_or_create(
        reply=on, person=by.person, defaults={"answered": answered, "rated_at": by.at}
    )
    moves = {f"rated_{answered}": F(f"rated_{answered}") + 1}
    if before is not None:
        moves[f"rated_{before.answered}"] = F(f"rated_{before.answered}") - 1
    Reply.objects.filter(pk=on.pk).update(**moves)
    by.note(on, answered=answered, before=before.answered if before else "")
    return rating


@act(
    "decisions.request_review",
    _("다시 살펴 달라고 하기"),
    on="matters.matter",
    form=RequestReviewForm,
    shows=("duties",),
)
def request_review(by: By, on: Matter, *, reason: str) -> ReviewRequest:
    """The proposer asks for a second look at the last reply or review, within the recipe's days; a higher post looks
    again.

    Refusals: no-reply, reason-missing, already-done (a second request about the same answer).
    """
    if len(reason.strip()) < 10:
        raise Refused("reason-missing")
    last = max(
        [*Reply.objects.filter(matter=on), *Review.objects.filter(matter=on)],
        key=lambda row: getattr(row, "stage_id"),  # noqa: B009 — both kinds have one; the checker sees their common base
        default=None,
    )
    if last is None:
        raise Refused("no-reply")
    about = {"reply" if isinstance(last, Reply) else "review": last}
    salt = new_salt()
    request = once(
        lambda: ReviewRequest.objects.create(
            matter=on, person=by.person, reason=reason, requested_at=by.at, salt=salt, **about
        ),
        "already-done",
    )
    by.note(request, about=last._meta.label_lower, of=last.pk, reason=digest(salt, reason))
    walk.acted(by, on, "decisions.request_review")
    return request


@act(
    "decisions.review",
    _("적격 심사하기"),
    on="matters.matter",
    form=ReviewForm,
    outcomes=("fit", "unfit"),
    shows=("matters", "duties"),
)
def review(by: By, on: Matter, *, result: str, reason: str, estimate_krw: int | None = None) -> Review:
    """Say whether the 의제 can be carried out, why, and at what cost. Refusals: reason-missing, no-estimate,
    already-done."""
    if len(reason.strip()) < 10:
        raise Refused("reason-missing")
    if result == "fit" and estimate_krw is None and costs(on.process):
        raise Refused("no-estimate")
    stage, duty = _waiting(by, on, "decisions.review")
    salt = new_salt()
    judged = once(
        lambda: Review.objects.create(
            matter=on,
            stage=stage,
            body=duty.body,
            post=by.post.partition("/")[2] or duty.post,
            result=result,
            reason=reason,
            estimate_krw=estimate_krw,
            reviewed_at=by.at,
            salt=salt,
        ),
        "already-done",
    )
    by.note(judged, result=result, reason=digest(salt, reason), estimate_krw=estimate_krw, body=duty.body.key)
    walk.end(by, on, "decisions.review", result, stage=stage)
    return judged


refusals(
    {
        "reply-thin": (
            _("까닭이 부족합니다. 늘 하는 말을 빼고 %(least)d자 이상이어야 하는데 %(now)d자입니다."),
            _("무엇을 살펴보았고 왜 그렇게 정했는지 적어 주세요."),
        ),
        "step-thin": (
            _("다음 할 일이 부족합니다. %(least)d자 이상이어야 합니다."),
            _("누가 무엇을 하는지 적어 주세요. 받아들이지 않을 때는 시민이 할 수 있는 다른 길을 적습니다."),
        ),
        "step-too-far": (
            _("다음 할 일의 날짜가 너무 멉니다. %(years)d년 안이어야 합니다."),
            _("그 안에 다시 알려 줄 날을 적어 주세요."),
        ),
        "step-past": (_("다음 할 일의 날짜가 이미 지났습니다."), _("오늘이나 그 뒤의 날짜를 적어 주세요.")),
        "no-reply": (_("아직 답변이 없습니다."), _("답변이 나온 뒤에 다시 살펴 달라고 할 수 있습니다.")),
        "no-estimate": (_("적격으로 볼 때는 추정 비용이 있어야 합니다."), _("돈이 들지 않으면 0을 적어 주세요.")),
    }
)
