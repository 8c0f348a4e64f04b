"""How django-allauth's sign-in meets our people: a confirmed address becomes an attestation through an act."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import email_confirmed, user_signed_up
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from madang.access import By
from madang.people import acts
from madang.people.models import Person


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Letters come from the house by its name, not from a host and port."""
        house = SimpleNamespace(name=str(_("마당")), domain=urlsplit(settings.SITE).netloc)
        super().send_mail(template_prefix, email, {"current_site": house, **context})

    def format_email_subject(self, subject: str) -> str:
        return f"[{_('마당')}] {subject}"

    def new_user(self, request) -> Person:
        return Person(joined_at=timezone.now(), language=getattr(request, "LANGUAGE_CODE", "ko")[:2])


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def new_user(self, request, sociallogin) -> Person:
        return Person(joined_at=timezone.now(), language=getattr(request, "LANGUAGE_CODE", "ko")[:2])

    def populate_user(self, request, sociallogin, data) -> Person:
        """Only the address is taken over; a name is the person's to choose."""
        person = sociallogin.user
        person.email = data.get("email") or None
        return person


@receiver(email_confirmed)
def address_confirmed(request, email_address, **kwargs) -> None:
    acts.join(By(None, timezone.now(), "clock"), email_address.user)


@receiver(user_signed_up)
def signed_up(request, user, **kwargs) -> None:
    """A provider that already confirmed the address (Kakao, Naver, OIDC) needs no second letter."""
    if user.emailaddress_set.filter(verified=True).exists():
        acts.join(By(None, timezone.now(), "clock"), user)
