"""Coming in as one of the invented people: one press on /demo/, because this house has no passwords to type."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from madang.doors.demo.crowd import ACCOUNTS
from madang.people.models import Person


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Log in as the demo account named; 404 outside a demo city, and for anybody who is not a demo account."""
    email = request.POST.get("email", "")
    if not settings.DEMO or email not in {account.email for account in ACCOUNTS}:
        raise Http404
    person = Person.objects.filter(email=email, synthetic=True, is_active=True).first()
    if person is None:
        raise Http404
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("desk" if person.seats.filter(released_at=None).exists() else "home")
