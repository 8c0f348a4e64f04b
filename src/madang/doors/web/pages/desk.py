"""The desk of whoever holds a post: what their bodies owe, the most urgent first, each line with the button that does it.

1. A button leads to the act itself; where what it is done on does not stand yet, to the act that opens it.
2. What acts are done on is asked once for each kind of act, however long the desk is.
"""


from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from madang.access import ACTS, may
from madang.bodies.queries import seats_held
from madang.decisions.models import Option, Resolution
from madang.deliberation.models import Hiding
from madang.doors.web.addresses import address
from madang.doors.web.donut import Page, served
from madang.doors.web.middleware import moment
from madang.duties.models import Duty
from madang.duties.queries import desk
from madang.execution.models import Change, Commitment, Milestone
from madang.funds.models import Line, Talk

LONGEST = 200
# act done on neither a 의제 nor a duty → where that is found: rows, what they share with the duty, the key in them
DONE_ON: dict[str, tuple[QuerySet, str, str]] = {
    "decisions.close_resolution": (Resolution.objects.filter(closed_at=None), "stage_id", "pk"),
    "decisions.close_ballot": (Option.objects.filter(ballot__closed_at=None), "matter_id", "ballot_id"),
    "decisions.report_use": (Option.objects.filter(ballot__used_at=None).exclude(ballot__closed_at=None), "matter_id", "ballot_id"),
    "funds.close_talk": (Talk.objects.filter(closed_at=None, replaced_at=None), "matter_id", "pk"),
    "funds.share_line": (Line.objects.all(), "matter_id", "pk"),
    "deliberation.settle_appeal": (Hiding.objects.filter(settled_at=None), "duty_id", "pk"),
    "execution.finish": (Commitment.objects.filter(finished_at=None), "matter_id", "pk"),
    "execution.report_milestone": (Milestone.objects.filter(done_at=None), "duty_id", "pk"),
    "execution.answer_change": (Change.objects.filter(answered_at=None), "duty_id", "pk"),
}
OPENS = {
    "decisions.close_resolution": "decisions.open_resolution",
    "decisions.close_ballot": "decisions.open_ballot",
    "funds.close_talk": "funds.offer_line",
}


@login_required
def my_desk(request: HttpRequest) -> HttpResponseBase:
    """Forty lines of a clerk, and the way to the counter for whoever works there; the same for the same seats."""
    held = seats_held(request.user, moment(request))
    sits = ",".join(f"{seat.body_id} {seat.post}" for seat in held)

    def made() -> Page:
        owed = list(desk([seat.body for seat in held])[:LONGEST])
        things = _things(owed)
        return Page(
            "web/desk.html",
            {
                "section": "desk",
                "today": timezone.localdate(moment(request)),
                "seats": held,
                "counter": bool(may(request.user, "people.revoke", request.user, moment(request))),
                "rows": [{"duty": duty, **_button(duty, things.get(duty.pk))} for duty in owed],
            },
            {
                *("duties", "duties.duty", "matters", "matters.matter", "matters.stage", "bodies"),
                *("decisions.resolution", "decisions.ballot"),
            },
        )

    return served(request, (f"desk {get_language()}", sits), made)


def _things(owed: list[Duty]) -> dict[int, int]:
    """Duty → the key of what its act is done on, for acts done on neither the 의제 nor the duty."""
    found: dict[int, int] = {}
    for act, (rows, shared, key) in DONE_ON.items():
        those = {duty.pk: duty.pk if shared == "duty_id" else getattr(duty, shared) for duty in owed if duty.act == act}
        if those:
            near = dict(rows.filter(**{f"{shared}__in": set(those.values())}).order_by("pk").values_list(shared, key))
            found |= {duty: near[to] for duty, to in those.items() if to in near}
    return found


def _button(duty: Duty, thing: int | None) -> dict[str, str]:
    """The act that does it, or that opens what it is done on; where neither can be named, the 의제."""
    name = duty.act
    if thing is None and name in OPENS and _allows(duty, OPENS[name]):
        name = OPENS[name]
    act = ACTS.get(name)
    on = {"matters.matter": duty.matter_id, "duties.duty": duty.pk, "processes.process": duty.process_id}
    key = thing or (on.get(act.on) if act else None)
    return {
        "title": str(act.title) if act else duty.called,
        "do": reverse("do", args=[name, key]) if key else address(duty.matter),
    }


def _allows(duty: Duty, act: str) -> bool:
    """Whether the recipe knows the act in the phase the duty belongs to."""
    return duty.stage is not None and bool(duty.process.rules.may(act, duty.stage.phase))
