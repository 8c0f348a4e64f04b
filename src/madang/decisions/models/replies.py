"""Reply, Rating, ReviewRequest, Review: a department answers, citizens say whether it did, a second look is asked for."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Body
from madang.decisions.models.matters import OfMatter
from madang.matters.models import Matter, Stage
from madang.people.models import Person, new_salt


class Conclusion(models.TextChoices):
    """What a reply comes to; each is an outcome a recipe maps."""

    ACCEPTED = "accepted", _("수용")
    PARTIAL = "partial", _("부분수용")
    LONG_TERM = "long-term", _("장기검토")
    DECLINED = "declined", _("불수용")
    ALREADY_DONE = "already-done", _("이미시행")


class Reply(OfMatter):
    """답변: a body's answer to a 의제. One a stage; a second look is a stage of its own."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="replies")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="reply")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="replies")
    post = models.CharField(_("직위"), max_length=100, blank=True)
    conclusion = models.CharField(_("결론"), max_length=12, choices=Conclusion)
    reason = models.TextField(_("까닭"), max_length=5000)
    next_step = models.TextField(_("다음 할 일"), max_length=1000)
    next_on = models.DateField(_("다음 할 일의 날짜"))
    basis = models.CharField(_("근거(법령·예산)"), max_length=500, blank=True)
    due_on = models.DateField()
    answered_at = models.DateTimeField()
    rated_yes = models.PositiveIntegerField(default=0)
    rated_partly = models.PositiveIntegerField(default=0)
    rated_no = models.PositiveIntegerField(default=0)
    salt = models.BinaryField(default=new_salt)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["body", "-id"]), models.Index(fields=["matter", "id"])]

    def get_absolute_url(self) -> str:
        return reverse("reply", args=[self.pk])

    @property
    def rated(self) -> int:
        return self.rated_yes + self.rated_partly + self.rated_no


class Rating(models.Model):
    """ "답이 되었나요?": one changeable word a person, from the proposer and those who supported."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="ratings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    answered = models.CharField(max_length=6, choices=[("yes", _("예")), ("partly", _("일부만")), ("no", _("아니요"))])
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "person"], name="one_rating_a_person")]


class ReviewRequest(OfMatter):
    """재심 요청: the proposer asks for a second look at a reply or a review, once."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="review_requests")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="review_request")
    review = models.OneToOneField(
        "Review", on_delete=models.PROTECT, null=True, blank=True, related_name="review_request"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    reason = models.TextField(_("다시 살펴야 하는 까닭"), max_length=2000)
    requested_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reply=None) ^ Q(review=None), name="a_second_look_at_one_thing"),
        ]


class Review(OfMatter):
    """적격 심사: whether a 의제 can be carried out, and roughly at what cost."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reviews")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="review")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    post = models.CharField(_("직위"), max_length=100, blank=True)
    result = models.CharField(_("결과"), max_length=5, choices=[("fit", _("적격")), ("unfit", _("부적격"))])
    reason = models.TextField(_("까닭"), max_length=3000)
    estimate_krw = models.BigIntegerField(_("추정 비용(원)"), null=True, blank=True)
    reviewed_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)
