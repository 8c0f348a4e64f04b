"""Questions about places: who was alive on a day, what lies above, what lies within."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from madang.places.models import Level, Membership, Place


def on_day(on: date) -> Q:
    """The condition of having been alive on that day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def alive(level: str, on: date) -> QuerySet[Place]:
    """Every place of a level ("city", "region", "gu", "dong") alive on that day, by code."""
    return Place.objects.filter(on_day(on), level=level).order_by("code")


def find(code: str, on: date) -> Place:
    """The version of a code alive on that day. Raises Place.DoesNotExist."""
    return Place.objects.select_related("parent__parent").get(on_day(on), code=code)


def named(words: str, on: date) -> list[Place]:
    """Places alive on that day whose name, official name or English name is `words`, the smallest first.

    The last word is the name; words before it name what it lies in: "금천구 시흥4동" finds one, "신사동" finds two.
    """
    if not words.strip():
        return []
    *above, last = words.split()
    is_called = Q(name=last) | Q(official_name=last) | Q(name_en__iexact=last)
    found = Place.objects.filter(on_day(on), is_called).select_related("parent__parent")
    order = list(Level.values)
    fitting = [place for place in found if set(above) <= {higher.name for higher in ancestors(place)}]
    return sorted(fitting, key=lambda place: (-order.index(place.level), place.code))


def ancestors(place: Place) -> list[Place]:
    """The places above, the city first; the place itself is not among them."""
    above: list[Place] = []
    higher = place.parent
    while higher is not None:
        above.insert(0, higher)
        higher = higher.parent
    return above


def within(place: Place) -> list[int]:
    """Ids of the place and of everything below it, dead versions included: what a list of its matters filters by.

    A region holds the gu that ever belonged to it. Two queries at most.
    """
    tops = [place.pk]
    if place.level == Level.REGION:
        tops += Membership.objects.filter(region=place).values_list("member_id", flat=True)
    below = Place.objects.filter(Q(parent__in=tops) | Q(parent__parent__in=tops))
    return sorted({*tops, *below.values_list("pk", flat=True)})


def regions_of(place: Place, on: date) -> list[Place]:
    """The regions a gu belongs to on that day, in every scheme; for a dong those of its gu."""
    gu = place.parent_id if place.level == Level.DONG else place.pk
    memberships = Membership.objects.filter(on_day(on), member_id=gu).select_related("region")
    return sorted((membership.region for membership in memberships), key=lambda region: region.code)


def path_name(place: Place) -> str:
    """서울특별시 금천구 시흥4동; in English Siheung4-dong, Geumcheon-gu, Seoul."""
    path = [*ancestors(place), place]
    if get_language() == "en":
        return ", ".join(step.called for step in reversed(path))
    return " ".join(step.name for step in path)
