"""The record: what happened, in order, for good.

1. Rows are only added. Triggers in both databases refuse UPDATE, DELETE, TRUNCATE and REPLACE.
2. An Entry is written inside its act's transaction; it has no position yet, so writers never wait for each other.
3. A Leaf gives an entry its gapless position, a Checkpoint signs all positions below its size; sealing writes both.
4. No free text and no personal data: ids, numbers, codes, salted digests. A person can be erased and the log verifies.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

STORED_LEVEL = 8  # complete subtrees of 2^8 leaves and more are stored; smaller ones are hashed from their leaves


class Entry(models.Model):
    """One line of the record, as the act wrote it. `text` is the canonical text, byte for byte the leaf of the log."""

    at = models.DateTimeField(_("때"))
    act = models.CharField(_("행위"), max_length=80)
    door = models.CharField(_("문"), max_length=16)
    actor = models.CharField(
        _("가명"), max_length=32, help_text=_("그 일 안에서만 같은 사람임을 알 수 있는 가명; 빈칸은 시계")
    )
    post = models.CharField(_("직위"), max_length=200, help_text=_("기구와 직위로 한 일이면 그 이름"))
    subject = models.CharField(_("대상"), max_length=120)
    matter_id = models.BigIntegerField(_("의제"), null=True)
    process_id = models.BigIntegerField(_("과정"), null=True)
    text = models.TextField(_("원문"))

    class Meta:
        verbose_name = _("기록")
        indexes = [models.Index(fields=["matter_id", "id"], name="record_entry_story")]


class Leaf(models.Model):
    """The place of an entry in the log; positions count from 0 without a gap."""

    position = models.BigIntegerField(_("자리"), primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, verbose_name=_("기록"))
    hash = models.BinaryField(_("해시"))

    class Meta:
        verbose_name = _("봉인된 기록")


class Node(models.Model):
    """A complete subtree over 2^level leaves, from STORED_LEVEL up: a proof reads at most a few hundred leaves."""

    pk = models.CompositePrimaryKey("level", "place")
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("가지")


class Key(models.Model):
    """A public key this log was ever signed with; one, unless the city turned its key on purpose."""

    public = models.CharField(_("공개 열쇠"), max_length=400)
    at = models.DateTimeField(_("때"))

    class Meta:
        verbose_name = _("열쇠")


class Checkpoint(models.Model):
    """What was signed, and what the next sealing needs to go on.

    `peaks` are the complete subtrees that tile the tree (32 bytes each). `high` is the highest entry id looked at;
    `gaps` are the ids below it that no committed entry had yet (see seal.py).
    """

    size = models.BigIntegerField(_("기록 수"), primary_key=True)
    at = models.DateTimeField(_("때"))
    root = models.BinaryField(_("뿌리"))
    note = models.TextField(_("서명된 도장"))
    peaks = models.BinaryField()
    high = models.BigIntegerField()
    gaps = models.JSONField()

    class Meta:
        verbose_name = _("도장")
