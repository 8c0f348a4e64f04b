"""What is decided about one 의제: the shape its rows share."""

from typing import Any

from django.db import models

from madang.processes.models import Process


class OfMatter(models.Model):
    """What is decided about one 의제."""

    matter: Any

    class Meta:
        abstract = True

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self):
        return self.matter.access()
