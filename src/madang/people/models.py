"""Person, Attestation, Roll, Token: nouns of people."""

import secrets
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground, house
from madang.places.models import Place


class Level(models.IntegerChoices):
    """How surely we know who somebody is (DOMAIN §2, noun 2)."""

    ANONYMOUS = 0, _("익명")
    CONTACT = 1, _("연락처 확인")
    REAL_NAME = 2, _("본인확인")
    LOCAL = 3, _("거주·생활 확인")


def new_salt() -> bytes:
    return secrets.token_bytes(32)


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "Person":
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody with an account. `level` is kept equal to the best living attestation (queries.level_of recounts it)."""

    email = models.EmailField(_("이메일"), unique=True, null=True, blank=True)
    name = models.CharField(_("이름(별명)"), max_length=40, blank=True)
    salt = models.BinaryField(default=new_salt, editable=False)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.ANONYMOUS)
    level_until = models.DateField(null=True, blank=True)
    language = models.CharField(_("언어"), max_length=2, choices=[("ko", "한국어"), ("en", "English")], default="ko")
    digest = models.CharField(
        _("소식 묶음"),
        max_length=6,
        default="daily",
        choices=[("daily", _("날마다")), ("weekly", _("주마다")), ("never", _("받지 않음"))],
    )
    synthetic = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """What others see: the chosen name, or a word in its place."""
        if self.erased_at:
            return str(_("탈퇴한 참여자"))
        return self.name or str(_("이름을 정하지 않은 참여자"))

    def access(self) -> Ground:
        return house()


class Attestation(models.Model):
    """A dated fact: at this time, in this way, we made sure. Ends by its date or by revocation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attestations")
    level = models.PositiveSmallIntegerField(choices=Level)
    adapter = models.CharField(max_length=20)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)
    tie = models.CharField(
        max_length=10,
        blank=True,
        choices=[("lives", _("거주")), ("works", _("근무")), ("studies", _("재학")), ("business", _("사업장"))],
    )
    proof = models.CharField(max_length=64, blank=True)  # keyed hash, never the fact itself
    attested_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def in_force(self, at: datetime) -> bool:
        """Made, not over, not revoked at `at` (queries.living asks the database the same)."""
        if self.attested_at > at or (self.revoked_at is not None and self.revoked_at <= at):
            return False
        return self.valid_until is None or self.valid_until >= localtime(at).date()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adapter", "proof"], condition=Q(revoked_at=None) & ~Q(proof=""), name="one_proof_one_person"
            ),
        ]
        indexes = [models.Index(fields=["person", "revoked_at"])]

    def access(self) -> Ground:
        return self.person.access()


class Check(models.Model):
    """A code sent and awaited (console adapter): short-lived, counted tries, only its hash kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="check_awaited")
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)


class Roll(models.Model):
    """A list of people entitled at a place, uploaded by a clerk: keyed hashes only, refused whole on any bad line."""

    name = models.CharField(_("명부 이름"), max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.LOCAL)
    uploaded_at = models.DateTimeField()
    valid_until = models.DateField(_("유효 기한"))
    lines = models.PositiveIntegerField(default=0)

    def access(self) -> Ground:
        return Person().access()


class RollLine(models.Model):
    roll = models.ForeignKey(Roll, on_delete=models.CASCADE)
    proof = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roll", "proof"], name="a_line_once_per_roll")]


class Token(models.Model):
    """A key a person made for a program of theirs; only its SHA-256 is kept, and its end for telling keys apart."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("이름"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    ends_in = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    secret = ""  # the whole key, on the fresh row alone: shown once and never again

    def __str__(self) -> str:
        return f"{self.name} (…{self.ends_in})"

    def access(self) -> Ground:
        return self.person.access()
