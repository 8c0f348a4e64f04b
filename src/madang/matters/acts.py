"""Verbs of matters: tie one 의제 to another."""

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.matters.forms import LinkForm
from madang.matters.models import Link, Matter


@act("matters.link", _("다른 의제와 잇기"), on="matters.matter", form=LinkForm)
def link(by: By, on: Matter, *, target: Matter, kind: str, reason: str = "") -> Link:
    """Tie `on` to `target`. Refusals: link-to-itself, already-tied."""
    if target.pk == on.pk:
        raise Refused("link-to-itself")
    row = once(
        lambda: Link.objects.create(source=on, target=target, kind=kind, reason=reason, made_at=by.at), "already-tied"
    )
    by.note(row, kind=kind, target=target.pk)
    by.note(target, linked_from=on.pk, kind=kind)
    return row


refusals(
    {
        "link-to-itself": (_("의제를 자기 자신과 이을 수는 없습니다."), _("다른 의제의 번호를 적어 주세요.")),
        "already-tied": (_("두 의제는 이미 그렇게 이어져 있습니다."), _("의제 화면의 이음에서 확인해 주세요.")),
    }
)
