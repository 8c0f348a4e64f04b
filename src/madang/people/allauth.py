"""How django-allauth's sign-in meets our people: a confirmed address becomes an attestation through an act."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import email_confirmed, user_signed_up
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.dispatch import receiver
from django.utils import timezone

from madang.access import By
from madang.people import acts
from madang.people.models import Person


class AccountAdapter(DefaultAccountAdapter):
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
