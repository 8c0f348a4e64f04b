"""Evaluation, Score, Confirmation, Call, Measure: nouns of evaluation.

1. One evaluation per stage of checking: a 의제 that is reopened gets another, the first stays readable.
2. `yes`, `partly`, `no` are kept equal to the confirmations by acts.
3. Who scored and who answered is known only to keep them from doing it twice; no page or sheet names them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.matters.models import Matter, Stage
from madang.people.models import Person, new_salt
from madang.processes.models import Process


class Outcome(models.TextChoices):
    CONFIRMED = "confirmed", _("이루어짐을 확인")
    NOT_CONFIRMED = "not-confirmed", _("이루어지지 않음")


class Answer(models.TextChoices):
    """정말 이루어졌나요?"""

    YES = "yes", _("이루어졌다")
    PARTLY = "partly", _("일부만 이루어졌다")
    NO = "no", _("이루어지지 않았다")


class Evaluation(models.Model):
    """평가: one checking of what was promised to a 의제."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="evaluations")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="evaluation")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("결과"), max_length=14, choices=Outcome, blank=True)
    findings = models.TextField(_("평가 내용"), max_length=5000, blank=True)
    consequence = models.TextField(_("활용"), max_length=2000, blank=True)
    post = models.CharField(max_length=100, blank=True)
    salt = models.BinaryField(default=new_salt, editable=False)
    yes = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | models.Q(closed_at__isnull=False) & ~models.Q(outcome="") & ~models.Q(consequence=""),
                name="a_closed_evaluation_has_consequence",
            ),
        ]
        indexes = [models.Index(fields=["closed_at"]), models.Index(fields=["matter", "-opened_at"])]

    def __str__(self) -> str:
        return f"{self.matter}"

    @property
    def process(self) -> Process:
        return self.matter.process

    @property
    def answers(self) -> int:
        return self.yes + self.partly + self.no

    @property
    def against_answers(self) -> bool:
        """Closed as confirmed although more people said it did not happen than that it did, or the other way round."""
        if self.outcome == Outcome.CONFIRMED:
            return self.no > self.yes + self.partly
        return self.outcome == Outcome.NOT_CONFIRMED and self.yes > self.partly + self.no

    def access(self):
        return self.matter.access()


class Score(models.Model):
    """점수: an evaluator's 1–5 on one indicator, with words."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    indicator = models.CharField(_("지표"), max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("점수"))
    words = models.TextField(_("까닭"), max_length=1000)
    salt = models.BinaryField(default=new_salt, editable=False)
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "indicator", "person"], name="one_score_an_indicator_and_evaluator"
            ),
            models.CheckConstraint(condition=models.Q(value__range=(1, 5)), name="a_score_is_one_to_five"),
            models.CheckConstraint(condition=~models.Q(words=""), name="a_score_has_words"),
        ]

    @property
    def matter_id(self) -> int:
        return self.evaluation.matter_id

    @property
    def process(self) -> Process:
        return self.evaluation.process

    def access(self):
        return self.evaluation.access()


class Confirmation(models.Model):
    """시민 확인: one person's answer, changeable until the evaluation closes."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="confirmations")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("답"), max_length=6, choices=Answer)
    words = models.CharField(_("한마디"), max_length=500, blank=True)
    salt = models.BinaryField(default=new_salt, editable=False)
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)  # its words only; the answer still counts
    hidden_rule = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "person"], name="one_answer_a_person_and_evaluation")
        ]
        indexes = [models.Index(fields=["matter", "-changed_at"])]

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self):
        return self.matter.access()


class Call(models.Model):
    """다시 열기 요청: somebody who asks to reopen, with a reason; counted when it comes from supporters."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=10,
        choices=[("proposer", _("제안자")), ("operator", _("운영 기구")), ("supporter", _("공감한 사람"))],
    )
    reason = models.TextField(_("까닭"), max_length=2000)
    salt = models.BinaryField(default=new_salt, editable=False)
    called_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "person"], name="one_call_a_person_and_evaluation")
        ]

    @property
    def matter_id(self) -> int:
        return self.evaluation.matter_id

    @property
    def process(self) -> Process:
        return self.evaluation.process

    def access(self):
        return self.evaluation.access()


class Measure(models.Model):
    """지표값: an indicator's figure as it was when the evaluation closed; `value` is an exact fraction as text."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="measures")
    indicator = models.CharField(max_length=40)
    version = models.CharField(max_length=10)
    unit = models.CharField(max_length=10)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    value = models.CharField(max_length=60, blank=True)  # "" when nothing could be counted: unknown, not zero

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "indicator"], name="one_measure_an_indicator")]
