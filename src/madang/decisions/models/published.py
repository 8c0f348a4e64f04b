"""PublishedVote: a vote another city held and published, counted again here and shown with the same result page."""

import zlib
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.access.may import house


class PublishedVote(models.Model):
    """받아온 투표: the file as published (compressed) with its sha256, the account of the count, and the rules compared.

    `account` is `methods.budgeting.account` of the ballots in `file`; `preview` is `methods.budgeting.compare`. Nobody voted here.
    """

    key = models.SlugField(_("주소"), max_length=80, unique=True)
    title = models.CharField(_("이름"), max_length=300)
    source = models.CharField(_("출처"), max_length=500)
    unit = models.CharField(_("돈의 단위"), max_length=12)
    file = models.BinaryField()
    digest = models.CharField(max_length=80)
    account = models.JSONField()
    preview = models.JSONField(default=dict)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("published-vote", args=[self.key])

    @property
    def ballots(self) -> bytes:
        """The file byte for byte as it was published."""
        return zlib.decompress(bytes(self.file))

    def access(self) -> Any:
        return house()
