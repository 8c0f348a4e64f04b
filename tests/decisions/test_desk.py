"""The desk leads straight to what is to be done: to the act, or to the act that opens what it is done on."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madang.bodies.models import Body
from madang.decisions.acts import close_resolution, open_ballot, open_resolution, vote


@pytest.fixture
def member(process, person, seat):
    """민하나 of the council, who also runs the process and sits in the parks department."""
    who = person("민하나")
    for key in ("council", "operator"):
        seat(who, Body.objects.get(key=key))
    return who


@pytest.fixture
def buttons(client):
    """buttons(member) — word and address of each button on somebody's desk."""

    def look(who, address="/desk/"):
        client.force_login(who)
        page = client.get(address).content.decode()
        return re.findall(r'<a class="btn btn-small btn-line" href="([^"]+)">([^<]+)<', page)

    return look


def test_a_resolution_nobody_opened_is_opened_from_the_desk_and_then_closed_from_it(
    member, matter_in, buttons, by, day, client
):
    matter = matter_in("talk")
    assert buttons(member) == [(f"/do/decisions.open_resolution/{matter.pk}/", "의결에 부치기")]

    question = open_resolution(by(member, 1), matter, question="올릴까요?", closes_on=day(10).date())

    assert buttons(member) == [(f"/do/decisions.close_resolution/{question.pk}/", "의결 마치기")]
    assert client.get(f"/do/decisions.close_resolution/{question.pk}/").status_code == 200


def test_after_a_resolution_without_a_quorum_the_desk_opens_the_next(member, matter_in, buttons, by, day, person, seat):
    for name in ("둘", "셋", "넷"):
        seat(person(name), Body.objects.get(key="council"))
    matter = matter_in("talk")
    question = open_resolution(by(member, 1), matter, question="올릴까요?", closes_on=day(2).date())
    vote(by(member, 1), question, answer="yes")
    assert close_resolution(by(member, 20), question).outcome == "no-quorum"

    assert buttons(member) == [(f"/do/decisions.open_resolution/{matter.pk}/", "의결에 부치기")]


def test_a_ballot_is_opened_on_its_process_and_closed_on_itself(member, matter_in, process, buttons, by, day):
    matter_in("vote", "하나")
    matter_in("vote", "둘")
    assert buttons(member) == [(f"/do/decisions.open_ballot/{process.pk}/", "투표 열기")] * 2

    paper = open_ballot(by(member, 1), process, question="무엇을 할까요?", use="예산에 담습니다.", closes_on=day(9).date())

    assert [where for where, _word in buttons(member)] == [f"/do/decisions.close_ballot/{paper.pk}/"] * 2


def test_an_english_desk_leads_to_english_acts(member, matter_in, buttons):
    matter = matter_in("talk")

    assert buttons(member, "/en/desk/") == [(f"/en/do/decisions.open_resolution/{matter.pk}/", "Put to a resolution")]


def test_a_long_desk_asks_no_more_than_a_short_one(member, matter_in, by, day, client):
    from madang.doors.web import donut

    client.force_login(member)
    costs = []
    for n in range(3):
        open_resolution(by(member, 1), matter_in("talk", f"의제 {n}"), question="올릴까요?", closes_on=day(9).date())
        donut.forget()
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/desk/").status_code == 200
        costs.append(len(asked.captured_queries))

    assert costs[1] == costs[2] and costs[2] <= 8


def test_every_act_that_is_owed_has_a_place_the_desk_leads_to():
    from madang.access import ACTS
    from madang.doors.web.pages.desk import DONE_ON

    def model(rows, key):
        field = rows.model._meta.pk if key == "pk" else rows.model._meta.get_field(key)
        return (field.related_model or rows.model)._meta.label_lower

    assert {act: model(rows, key) for act, (rows, _shared, key) in DONE_ON.items()} == {
        act: ACTS[act].on for act in DONE_ON
    }
    ending = {name: act.on for name, act in ACTS.items() if act.outcomes}
    assert {name for name, on in ending.items() if on != "matters.matter"} <= DONE_ON.keys()
