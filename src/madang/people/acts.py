"""Verbs of people: joining, being made sure of, renaming, leaving."""

import hashlib
import hmac
import logging
import secrets
from datetime import timedelta
from typing import Literal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import send_mail
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.access.forms import Nothing
from madang.people.adapters import ADAPTERS, new_code, until
from madang.people.forms import ClaimForm, CodeForm, DeskForm, EraseForm, RenameForm, RevokeForm, RollForm, TokenForm
from madang.people.models import Attestation, Check, Level, Person, Roll, RollLine, Token
from madang.people.queries import recount
from madang.places.models import Place

MOST_TRIES = 5
CODE_MINUTES = 10
MOST_TOKENS = 10


@act("people.join", _("연락처 확인"), on="people.person", public=False)
def join(by: By, on: Person) -> None:
    """A confirmed address makes a member (L1)."""
    if not Attestation.objects.filter(person=on, adapter="email", revoked_at=None).exists():
        Attestation.objects.create(person=on, level=Level.CONTACT, adapter="email", attested_at=by.at)
    recount(on, by.at)
    by.note(on, level=on.level)


@act("people.rename", _("이름 바꾸기"), on="people.person", form=RenameForm)
def rename(by: By, on: Person, *, name: str) -> None:
    Person.objects.filter(pk=on.pk).update(name=name)
    by.note(on, renamed=True)


@act("people.request_code", _("확인 코드 받기"), on="people.person", form=Nothing)
def request_code(by: By, on: Person) -> None:
    """Console adapter, first half: a code goes to the console and to the person's mail. Refusal: not-offered."""
    if not (settings.DEMO or settings.DEBUG):
        raise Refused("not-offered")
    code = new_code()
    Check.objects.update_or_create(
        person=on, defaults={"code_hash": _code_hash(on, code), "sent_at": by.at, "tries": 0}
    )
    logging.getLogger("madang.people").warning("Verification code for person %s: %s", on.pk, code)
    send_mail(str(_("마당 확인 코드")), str(_("확인 코드: %(code)s") % {"code": code}), None, [on.email or ""])
    by.note(on, code_sent=True)


@act("people.enter_code", _("확인 코드 넣기"), on="people.person", form=CodeForm)
def enter_code(by: By, on: Person, *, code: str) -> Attestation | Literal[False]:
    """Console adapter, second half. A wrong code is counted and noted (returns False). Refusals: code-expired, too-many-tries."""
    check = Check.objects.select_for_update().filter(person=on).first()
    if check is None or by.at - check.sent_at > timedelta(minutes=CODE_MINUTES):
        raise Refused("code-expired", minutes=CODE_MINUTES)
    if check.tries >= MOST_TRIES:
        raise Refused("too-many-tries")
    if not hmac.compare_digest(check.code_hash, _code_hash(on, code)):
        check.tries += 1
        check.save(update_fields=["tries"])
        by.note(on, wrong_code=check.tries)
        return False
    check.delete()
    return _attest(by, on, "console", Level.REAL_NAME)


@act("people.attest", _("대면 확인하기"), on="places.place", form=DeskForm)
def attest(
    by: By, on: Place, *, person: Person, level: int, paper: str, place: Place | None = None, tie: str = ""
) -> Attestation:
    """Desk adapter: a clerk made sure in person. Refusals: not-oneself, proof-used (one document, one person)."""
    if by.person is not None and by.person.pk == person.pk:
        raise Refused("not-oneself")
    return _attest(by, person, "desk", level, place=place, tie=tie, proof=paper)


@act("people.claim_roll", _("명부와 대조하기"), on="people.person", form=ClaimForm)
def claim_roll(by: By, on: Person, *, proof: str) -> Attestation | Literal[False]:
    """Roll adapter: what was typed stands on a roll in force. A miss is counted and noted (returns False).

    Refusals: too-many-tries, proof-used.
    """
    check, _made = Check.objects.select_for_update().get_or_create(
        person=on, defaults={"code_hash": "", "sent_at": by.at}
    )
    if check.tries >= MOST_TRIES and by.at - check.sent_at < timedelta(days=1):
        raise Refused("too-many-tries")
    line = (
        RollLine.objects.filter(proof=proof, roll__valid_until__gte=localtime(by.at).date())
        .select_related("roll__place")
        .order_by("-roll__valid_until")
        .first()
    )
    if line is None:
        check.tries, check.sent_at = (check.tries if by.at - check.sent_at < timedelta(days=1) else 0) + 1, by.at
        check.save(update_fields=["tries", "sent_at"])
        by.note(on, not_on_roll=check.tries)
        return False
    check.delete()
    return _attest(by, on, "roll", line.roll.level, place=line.roll.place, tie="lives", proof=proof)


@act("people.upload_roll", _("명부 올리기"), on="places.place", form=RollForm)
def upload_roll(by: By, on: Place, *, name: str, valid_until, proofs: list[str]) -> Roll:
    """A roll of a place as keyed hashes; it was refused whole if any line was bad."""
    roll = Roll.objects.create(name=name, place=on, uploaded_at=by.at, valid_until=valid_until, lines=len(proofs))
    RollLine.objects.bulk_create([RollLine(roll=roll, proof=proof) for proof in proofs], batch_size=2000)
    by.note(roll, place=on.code, lines=len(proofs), until=valid_until.isoformat())
    return roll


@act("people.revoke", _("확인 취소하기"), on="people.attestation", form=RevokeForm)
def revoke(by: By, on: Attestation, *, reason: str) -> None:
    """End an attestation that should not stand. Refusal: already-done."""
    if not Attestation.objects.filter(pk=on.pk, revoked_at=None).update(revoked_at=by.at):
        raise Refused("already-done")
    recount(on.person, by.at)
    by.note(on.person, revoked=on.adapter, level=on.person.level)


@act("people.make_token", _("API 열쇠 만들기"), on="people.person", form=TokenForm)
def make_token(by: By, on: Person, *, name: str) -> Token:
    """A key for a program of the person's own; `secret` on the returned row is shown once. Refusal: too-many-tokens."""
    if Token.objects.filter(person=on, revoked_at=None).count() >= MOST_TOKENS:
        raise Refused("too-many-tokens", most=MOST_TOKENS)
    secret = f"madang_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        person=on, name=name, digest=hashlib.sha256(secret.encode()).hexdigest(), ends_in=secret[-4:], made_at=by.at
    )
    token.secret = secret
    by.note(token, made=True)
    return token


@act("people.revoke_token", _("API 열쇠 거두기"), on="people.token", form=Nothing)
def revoke_token(by: By, on: Token) -> None:
    """The key opens nothing from now on. Refusal: already-done."""
    if not Token.objects.filter(pk=on.pk, revoked_at=None).update(revoked_at=by.at):
        raise Refused("already-done")
    by.note(on, revoked=True)


@act("people.erase", _("탈퇴하기"), on="people.person", form=EraseForm)
def erase(by: By, on: Person) -> None:
    """Remove who it was: e-mail, name, salt, proofs. What was decided with their voice stays decided. Refusal: still-in-office."""
    if on.seats.filter(released_at=None).exists():
        raise Refused("still-in-office")
    if settings.DEMO and on.synthetic:
        raise Refused("demo-person")
    by.note(on, erased=True)
    Attestation.objects.filter(person=on).update(proof="", revoked_at=by.at)
    Check.objects.filter(person=on).delete()
    Token.objects.filter(person=on).delete()
    for kept in (EmailAddress, SocialAccount, Authenticator, UserSession):  # addresses, accounts elsewhere, keys, devices
        kept.objects.filter(user=on).delete()
    Person.objects.filter(pk=on.pk).update(
        email=None,
        name="",
        salt=b"",
        level=0,
        level_until=None,
        is_active=False,
        erased_at=by.at,
        password="!",  # noqa: S106 — no password at all
    )


def _attest(
    by: By, person: Person, adapter: str, level: int, *, place: Place | None = None, tie: str = "", proof: str = ""
) -> Attestation:
    """One proof serves one person; a person's own older attestation of the same kind gives way."""
    Attestation.objects.filter(person=person, adapter=adapter, revoked_at=None).update(revoked_at=by.at)
    row = once(
        lambda: Attestation.objects.create(
            person=person,
            level=level,
            adapter=adapter,
            place=place,
            tie=tie,
            proof=proof,
            attested_at=by.at,
            valid_until=until(ADAPTERS[adapter], localtime(by.at).date()),
        ),
        "proof-used",
    )
    recount(person, by.at)
    by.note(person, attested=adapter, level=level, place=place.code if place else "")
    return row


def _code_hash(person: Person, code: str) -> str:
    return hmac.new(bytes(person.salt), code.encode(), hashlib.sha256).hexdigest()


refusals(
    {
        "not-offered": (_("이곳에서는 이 방법으로 확인하지 않습니다."), _("내 정보에서 다른 확인 방법을 골라 주세요.")),
        "code-expired": (_("확인 코드가 없거나 %(minutes)d분이 지났습니다."), _("코드를 다시 받아 주세요.")),
        "too-many-tries": (
            _("여러 번 맞지 않아 잠시 멈췄습니다."),
            _("하루 뒤에 다시 하거나 가까운 주민센터에서 확인해 주세요."),
        ),
        "not-oneself": (_("자기 자신을 확인할 수는 없습니다."), _("다른 담당자에게 부탁해 주세요.")),
        "proof-used": (
            _("이미 다른 사람이 확인에 쓴 증명입니다."),
            _("잘못되었다면 주민센터에 알려 주세요. 바로잡아 드립니다."),
        ),
        "too-many-tokens": (_("쓰고 있는 열쇠가 %(most)d개 있습니다."), _("쓰지 않는 열쇠를 먼저 거두어 주세요.")),
        "demo-person": (
            _("시연용 사람은 탈퇴하지 않습니다. 다음 손님도 이 사람으로 들어옵니다."),
            _("가입한 뒤 자기 계정으로 해 보세요."),
        ),
        "still-in-office": (_("아직 맡고 있는 자리가 있습니다."), _("먼저 해촉을 받은 뒤 탈퇴할 수 있습니다.")),
    }
)
