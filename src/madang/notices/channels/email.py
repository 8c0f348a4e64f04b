"""By e-mail: plain text with simple HTML beside it, in the person's language, with a one-click way out (RFC 8058)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from madang.notices.acts import stop_token
from madang.notices.models import Letter, Notice
from madang.notices.queries import by_matter
from madang.people.models import Person

KEY = "email"
SHOWN = 50  # notices in one letter; the rest is on the page


def reaches(person: Person) -> bool:
    return bool(person.email) and person.is_active


def deliver(letter: Letter, notices: list[Notice]) -> None:
    """Send one letter. Raises OSError (smtplib's errors are such) when it could not be handed over."""
    message(letter, notices).send()


def message(letter: Letter, notices: list[Notice]) -> EmailMultiAlternatives:
    """The letter as it goes out; sent twice it has the same Message-ID, so that mail programs keep one."""
    person = letter.person
    with translation.override(person.language):
        stop = settings.SITE + reverse("notices-stop", args=[stop_token(person)])
        shown = notices[:SHOWN]
        told = {
            "groups": by_matter(shown), "more": len(notices) - len(shown), "stop": stop, "site": settings.SITE,
            "person": person, "day": letter.made_on,
        }
        subject = ngettext("마당 소식 %(n)d건", "마당 소식 %(n)d건", len(notices)) % {"n": len(notices)}
        text = render_to_string("notices/letter.txt", told)
        html = render_to_string("notices/letter.html", told)
    host = urlsplit(settings.SITE).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject, text, None, [str(person.email)],
        headers={
            "Message-ID": f"<letter-{letter.pk}-{letter.made_on:%Y%m%d}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail
