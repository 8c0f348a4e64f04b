"""A row asked the short way is the row the ORM would give."""

import pytest

from madang.access.fetch import Ask, Fetch
from madang.bodies.models import Body
from madang.people.models import Person
from madang.places.models import Place


def test_a_row_comes_with_all_its_fields_and_what_stands_beside_it(city, django_assert_num_queries):
    fetch = Fetch(Place, ["parent"])
    with django_assert_num_queries(1):
        gu = fetch(city.gu.pk)
        assert gu.parent.name == "서울특별시"

    whole = Place.objects.select_related("parent").get(pk=city.gu.pk)
    assert {field.attname: getattr(gu, field.attname) for field in Place._meta.concrete_fields} == {
        field.attname: getattr(whole, field.attname) for field in Place._meta.concrete_fields
    }
    assert fetch(city.seoul.pk).parent is None


def test_times_bytes_and_choices_come_back_as_the_orm_gives_them(city, person):
    someone = person("김순자")
    whole, fetched = Person.objects.get(pk=someone.pk), Fetch(Person)(str(someone.pk))
    assert (fetched.joined_at, bytes(fetched.salt), fetched.level) == (whole.joined_at, bytes(whole.salt), whole.level)


@pytest.mark.parametrize("key", [0, -1, 2**63, 10**30, "99999999"])
def test_a_key_nobody_has_is_a_row_that_does_not_exist(city, key):
    with pytest.raises(Body.DoesNotExist):
        Fetch(Body)(key)


def test_what_can_be_no_key_is_a_value_error(city):
    with pytest.raises(ValueError, match="expected a number"):
        Fetch(Body)("스물")


def test_several_rows_come_in_their_order(city):
    ask = Ask(lambda key: Place.objects.filter(parent=key).order_by("-code"))
    assert ask(city.seoul.pk) == list(Place.objects.filter(parent=city.seoul).order_by("-code"))


def test_a_question_with_more_than_its_key_is_refused(city):
    with pytest.raises(TypeError):
        Ask(lambda key: Place.objects.filter(parent=key, name="금천구"))(1)
