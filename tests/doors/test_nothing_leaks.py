"""What moderation hid and who somebody is: no page of an act says it to those it does not concern."""

import pytest
from django.urls import reverse

from madang.access import Refused
from madang.bodies.models import Body
from madang.duties import acts as duties
from madang.proposals.models import Support


@pytest.fixture
def hidden(matter, day):
    matter.hidden_at = day(1)
    matter.save(update_fields=["hidden_at"])
    return matter


@pytest.mark.parametrize("name", ["proposals.edit", "proposals.support", "duties.assign", "deliberation.report_proposal"])
def test_hidden_words_stand_on_no_page_of_an_act(client, hidden, name):
    words = hidden.proposal
    page = client.get(reverse("do", args=[name, hidden.pk])).content.decode()
    assert not any(word in page for word in (hidden.title, words.problem, words.idea))


def test_my_own_page_does_not_name_a_hidden_matter_i_support(client, matter, person, day):
    someone = person("김순자")
    Support.objects.create(matter=matter, person=someone, supported_at=day(1))
    client.force_login(someone)
    assert matter.title in client.get("/me/").content.decode()

    matter.hidden_at = day(2)
    matter.save(update_fields=["hidden_at"])

    page = client.get("/me/").content.decode()
    assert matter.title not in page and "가려진 의제" in page


def test_a_hidden_title_is_not_in_the_head_of_its_page(client, hidden):
    assert hidden.title not in client.get(reverse("matter", args=[hidden.number])).content.decode()


def test_nobody_reads_the_names_of_others_by_counting_up(client, person, city):
    somebody = person("조용한 이웃")
    assert "조용한 이웃" not in client.get(reverse("do", args=["people.rename", somebody.pk])).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/m/%00/",
        "/places/%00/",
        "/duties/?body=%00",
        "/record/log.jsonl?since=99999999999999",
        "/record/consistency/0/99999999999999999999/",
    ],
)
def test_absurd_addresses_are_answered_without_an_error(client, db, city, address):
    assert client.get(address).status_code < 500


def test_an_invented_matter_is_not_given_to_a_real_department(channel, matter, person, by, day, city):
    channel.synthetic = True
    channel.save(update_fields=["synthetic"])
    matter.process.synthetic = True
    real = Body.objects.create(key="real-office", name="여성정책담당관", side="public", place=city.seoul, source="원문")
    with pytest.raises(Refused):
        duties.assign(by(person("누구"), day(2)), matter, body=real)
