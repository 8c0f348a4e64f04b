"""Forum, Position, Opinion, Report, Hiding: nouns of deliberation."""

import hashlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.people.models import Person, new_salt
from madang.processes.models import Process

DEEPEST = 3  # replies to replies to replies; deeper ones stand beside each other


class Side(models.TextChoices):
    """Where somebody stands, or what an argument speaks for."""

    FOR = "for", _("찬성")
    AGAINST = "against", _("반대")
    OTHER = "other", _("기타")


class Rule(models.TextChoices):
    """Why a text may be hidden: the whole list, the same for everyone."""

    PERSONAL = "personal", _("다른 사람의 개인정보")
    INSULT = "insult", _("욕설·모욕·명예훼손")
    HATE = "hate", _("혐오·차별")
    THREAT = "threat", _("위협·폭력 부추김")
    SPAM = "spam", _("광고·도배")
    FALSE = "false", _("사실과 다른 것으로 밝혀진 내용")
    OFF_TOPIC = "off-topic", _("의제와 관계없는 글")
    ILLEGAL = "illegal", _("법을 어기는 내용")


class Forum(models.Model):
    """공론장: one question put to everyone, open until its phase ends."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="forums")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = models.CharField(_("물음"), max_length=200)
    pack = models.TextField(_("함께 읽을 자료"), max_length=10000, blank=True)
    opened_at = models.DateTimeField()
    closes_on = models.DateField(null=True, blank=True)  # the last day of acting in its phase
    closed_at = models.DateTimeField(null=True, blank=True)
    for_count = models.PositiveIntegerField(default=0)
    against_count = models.PositiveIntegerField(default=0)
    other_count = models.PositiveIntegerField(default=0)
    participants = models.PositiveIntegerField(default=0)
    opinions_count = models.PositiveIntegerField(default=0)
    summary = models.TextField(_("정리"), max_length=5000, blank=True)
    agreed = models.JSONField(_("함께한 것"), default=list)  # lines of text
    differing = models.JSONField(_("갈린 것"), default=list)
    unknown = models.JSONField(_("아직 모르는 것"), default=list)
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(closed_at=None), name="one_open_forum_a_matter"),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def process(self) -> Process:
        return self.matter.process

    @property
    def took_sides(self) -> int:
        """How many participants hold a position; the others only replied."""
        return self.for_count + self.against_count + self.other_count

    def access(self) -> Any:
        return self.matter.access()

    def get_absolute_url(self) -> str:
        return reverse("deliberation:forum", args=[self.pk])


class Position(models.Model):
    """A participant of a forum and where they stand; "" while they have only replied."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="positions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="positions")
    side = models.CharField(max_length=7, choices=Side, blank=True)
    taken_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "person"], name="one_position_a_person")]

    @property
    def matter_id(self) -> int:
        return self.forum.matter_id


class Opinion(models.Model):
    """의견: an argument for a side, with evidence; or a reply (`root` and `parent` set), in its thread by `path`."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="opinions")
    side = models.CharField(_("쪽"), max_length=7, choices=Side, blank=True)
    text = models.TextField(max_length=3000)
    evidence_url = models.URLField(max_length=500, blank=True)
    evidence_note = models.CharField(max_length=300, blank=True)
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="thread")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    path = models.CharField(max_length=24, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)  # direct answers ever given; also the next one's number
    stated_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    mark = models.CharField(max_length=32, editable=False)  # of the words and their place: twice is refused
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "person", "mark"], name="the_same_words_once"),
            models.CheckConstraint(condition=Q(depth__lte=DEEPEST), name="a_thread_is_at_most_three_deep"),
            models.CheckConstraint(
                condition=Q(root=None, parent=None, depth=0) | Q(root__isnull=False, parent__isnull=False, depth__gt=0),
                name="a_reply_has_a_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["forum", "-id"], condition=Q(root=None), name="opinions_newest"),
            models.Index(fields=["forum", "side", "-id"], condition=Q(root=None), name="opinions_newest_by_side"),
            models.Index(fields=["root", "path"], name="opinions_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.pk}"

    @property
    def matter(self) -> Matter:
        return self.forum.matter

    @property
    def matter_id(self) -> int:
        return self.forum.matter_id

    @property
    def process(self) -> Process:
        return self.forum.matter.process

    @property
    def shown(self) -> bool:
        return self.hidden_at is None and self.retracted_at is None

    def access(self) -> Any:
        return self.forum.matter.access()

    def get_absolute_url(self) -> str:
        return f"{reverse('deliberation:thread', args=[self.root_id or self.pk])}#c{self.pk}"


def mark_of(text: str, parent_id: int | None) -> str:
    """The same words at the same place have the same mark, whatever their spacing."""
    return hashlib.sha256(f"{parent_id or 0}:{' '.join(text.split())}".encode()).hexdigest()[:32]


class Report(models.Model):
    """Somebody asks the moderators to look at a text; told apart by what it is about, settled when they have looked."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reports")
    rule = models.CharField(_("어긴 규칙"), max_length=10, choices=Rule)
    words = models.CharField(max_length=500, blank=True)
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "person"],
                condition=Q(opinion__isnull=False),
                name="an_opinion_reported_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["matter", "person"], condition=Q(opinion=None), name="a_matter_reported_once_a_person"
            ),
        ]
        indexes = [models.Index(fields=["reported_at"], condition=Q(settled_at=None), name="reports_waiting")]

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self) -> Any:
        return self.matter.access()

    def get_absolute_url(self) -> str:
        return reverse("deliberation:moderation")


class Hiding(models.Model):
    """A text taken from view: by which rule, why, by which post; and what became of the author's appeal."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, null=True, blank=True, related_name="hidings")
    whole = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="hidings")
    rule = models.CharField(_("어긴 규칙"), max_length=10, choices=Rule)
    reason = models.CharField(_("까닭"), max_length=500)
    post = models.CharField(max_length=110, blank=True)  # who hid it, by post: "<body key>/<post>"
    hidden_at = models.DateTimeField()
    appeal = models.TextField(_("이의"), max_length=2000, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)  # True: it stays hidden
    settlement = models.CharField(_("판단의 까닭"), max_length=500, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion=None, whole__isnull=False) | Q(opinion__isnull=False, whole=None),
                name="hides_one_thing",
            ),
            models.UniqueConstraint(
                fields=["opinion"], condition=Q(opinion__isnull=False, lifted_at=None), name="an_opinion_hidden_once"
            ),
            models.UniqueConstraint(
                fields=["whole"], condition=Q(whole__isnull=False, lifted_at=None), name="a_matter_hidden_once"
            ),
        ]

    @property
    def what(self) -> "Opinion | Matter":
        """The opinion, or the whole 의제."""
        found = self.opinion if self.whole is None else self.whole
        assert found is not None  # noqa: S101 — hides_one_thing
        return found

    @property
    def matter(self) -> Matter:
        return self.what.matter

    @property
    def matter_id(self) -> int:
        return self.whole_id or self.what.matter.pk

    @property
    def process(self) -> Process:
        return self.matter.process

    @property
    def author_id(self) -> int | None:
        """Whose words were hidden."""
        return self.what.person_id if isinstance(self.what, Opinion) else self.what.author_id

    def access(self) -> Any:
        return self.matter.access()

    def get_absolute_url(self) -> str:
        if self.opinion is not None:
            return self.opinion.get_absolute_url()
        return reverse("matter", args=[self.matter.number or self.matter.pk])


class Round(models.Model):
    """숙의 회차: what proposer and department said and changed in one of the rounds the recipe asks, signed by both.

    A round counts once both signed it; written anew before that, the earlier writing stays as `replaced`.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="rounds")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("회차"))
    held_on = models.DateField(_("만난 날"))
    said = models.TextField(_("나눈 이야기"), max_length=5000)
    changed = models.TextField(_("바꾸기로 한 것"), max_length=3000, blank=True)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    civil = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    civil_at = models.DateTimeField(null=True, blank=True)
    public = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    public_at = models.DateTimeField(null=True, blank=True)
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "number"], condition=Q(replaced_at=None), name="a_round_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return self.matter.title

    @property
    def process(self) -> Process:
        return self.matter.process

    @property
    def signed(self) -> bool:
        """Whether both sides signed."""
        return self.civil_at is not None and self.public_at is not None

    def access(self) -> Any:
        return self.matter.access()
