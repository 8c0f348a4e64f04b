"""The invented city: marked everywhere, apart from everything real, with every state a visitor should meet."""

import json
from io import BytesIO

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def matters():
    from madang.matters.models import Matter

    return Matter.objects.filter(synthetic=True)


def open_duty(demo, **given):
    from madang.duties.models import Duty

    return Duty.objects.filter(kept_at=None, released_at=None, **given)


def test_what_has_a_source_is_never_synthetic_and_what_is_invented_always_is():
    from madang.bodies.models import Body
    from madang.matters.models import Matter
    from madang.processes.models import Process

    for model in (Body, Process, Matter):
        assert not model.objects.filter(synthetic=True).exclude(source="").exists()
    assert not Matter.objects.filter(synthetic=False).exclude(process__archive=True).exists()
    assert not Process.objects.filter(synthetic=False, archive=False).exclude(key="charter").exists()
    assert set(Body.objects.filter(key__startswith="demo-").values_list("synthetic", flat=True)) == {True}


def test_no_invented_person_sits_in_a_real_body_and_no_duty_or_promise_hangs_on_one():
    from madang.bodies.models import Seat
    from madang.duties.models import Duty
    from madang.execution.models import Commitment

    assert not Seat.objects.exclude(body__source="").exists()
    assert not Duty.objects.exclude(body__source="").exists()
    assert not Commitment.objects.exclude(public_owner__source="", civil_owner__source="").exists()
    assert not matters().exclude(author_body=None).exists()


def test_everybody_in_the_city_is_synthetic_and_named_so():
    from madang.people.models import Person

    assert not Person.objects.filter(synthetic=False).exists()
    assert not Person.objects.exclude(name__startswith="시연 ").exists()


def test_no_open_matter_is_left_without_somebody_who_owes_its_next_step():
    from madang.duties.queries import orphans

    assert list(orphans()) == []


def test_the_invariants_of_the_house_hold():
    from datetime import UTC, datetime

    from madang.doors.soundness import faults

    assert faults(datetime(2026, 11, 23, 9, tzinfo=UTC)) == []


def test_there_is_something_at_every_station():
    assert set(matters().filter(closed_at=None).values_list("station", flat=True)) == {
        "propose",
        "deliberate",
        "decide",
        "execute",
        "evaluate",
    }


def test_every_way_a_matter_can_end_is_there():
    ends = set(matters().exclude(closed_at=None).values_list("outcome", flat=True))
    assert ends == {"confirmed", "expired", "merged", "passed-on", "answered-elsewhere", "withdrawn"}


@pytest.mark.parametrize(
    ("act", "body", "late"),
    [
        ("duties.assign", "demo-team", True),
        ("duties.assign", "demo-team", False),
        ("decisions.reply", "demo-walking", True),
        ("decisions.reply", "demo-walking", False),
        ("decisions.close_resolution", "demo-panel", True),
        ("execution.promise", "demo-recycling", False),
        ("execution.report_milestone", "demo-citizens", True),
        ("execution.answer_change", "demo-citizens", False),
        ("evaluation.close", "demo-team", False),
        ("deliberation.close_forum", "demo-team", False),
        ("deliberation.settle_appeal", "demo-panel", False),
        ("decisions.close_ballot", "demo-budget-team", False),
        ("decisions.review", "demo-recycling", True),
        ("funds.enter_amount", "demo-budget-office", True),
        ("decisions.reply", "demo-youth-policy", False),
    ],
)
def test_officials_and_citizens_owe_things_in_time_and_late(demo, act, body, late):
    past = {"due_on__lt": demo} if late else {"due_on__gte": demo}
    assert open_duty(demo, act=act, body__key=body, **past).exists()


def test_replies_came_in_time_were_extended_once_and_were_asked_about_again(demo):
    from madang.decisions.models import Reply, ReviewRequest

    assert set(Reply.objects.values_list("conclusion", flat=True)) >= {"accepted", "partial", "declined", "long-term"}
    assert open_duty(demo, act="decisions.reply").exclude(extended_at=None).count() == 1
    assert ReviewRequest.objects.count() == 2


def test_a_matter_that_was_not_done_is_owed_again():
    from madang.evaluation.models import Call, Evaluation

    evaluation = Evaluation.objects.get(outcome="not-confirmed")
    assert Call.objects.get(evaluation=evaluation).role == "operator"
    assert list(matters().get(pk=evaluation.matter_id).open_phases) == ["promise"]


def test_a_forum_is_open_with_voices_for_against_and_other_and_replies():
    from madang.deliberation.models import Forum, Opinion

    forum = Forum.objects.get(closed_at=None)
    said = Opinion.objects.filter(forum=forum)
    assert set(said.values_list("side", flat=True)) >= {"for", "against", "other"}
    assert said.exclude(parent=None).count() >= 5
    assert forum.participants > 30
    assert Forum.objects.exclude(closed_at=None).exclude(summary="").count() == 2


def test_one_matter_is_hidden_with_an_appeal_that_waits():
    from madang.deliberation.models import Hiding

    hiding = Hiding.objects.get()
    assert hiding.appealed_at is not None and hiding.settled_at is None
    assert matters().exclude(hidden_at=None).count() == 1


def test_a_sentence_can_be_followed_from_the_channel_to_a_budget_ballot_that_is_open():
    from madang.decisions.models import Ballot, Option
    from madang.matters.models import Link

    link = Link.objects.get(kind="transfer")
    assert link.source.process.key == "demo-democracy-seoul-2019"
    option = Option.objects.select_related("ballot").get(matter=link.target)
    assert option.ballot.closed_at is None
    assert option.ballot.cast >= 20
    closed = Ballot.objects.exclude(closed_at=None).get()
    assert any(step["chosen"] for step in closed.result["rounds"])


def test_money_stands_in_its_stages():
    from madang.funds.models import Amount

    stages = set(Amount.objects.values_list("stage", flat=True))
    assert stages == {"asked", "adjusted", "voted", "proposed", "enacted", "spent"}


def test_the_youth_season_revives_three_archived_proposals():
    from madang.matters.models import Link

    links = Link.objects.filter(kind="revive")
    assert links.count() == 3
    assert all(link.source.process.archive and link.target.synthetic for link in links)
    assert set(links.values_list("source__process__key", flat=True)) == {"youth-assembly-2017", "youth-assembly-2018"}


def test_everything_happened_before_today(demo):
    from madang.record.models import Entry

    last = Entry.objects.order_by("-at")[0].at
    assert last.date() <= demo
    assert set(Entry.objects.values_list("door", flat=True)) == {"demo", "clock"}


def test_the_sealed_record_of_the_city_verifies(tmp_path):
    from madang.methods.transparency.verify import main
    from madang.record.queries import download

    out = BytesIO()
    size = download(out)
    path = tmp_path / "log.jsonl"
    path.write_bytes(out.getvalue())
    assert size > 2000
    assert main(["verify", str(path)]) == 0


def test_loading_twice_changes_nothing_and_asks_one_question(demo, django_assert_num_queries):
    from madang.doors.demo import load
    from madang.record.models import Entry

    before = Entry.objects.count()
    with django_assert_num_queries(1):
        assert load(demo) is False
    assert Entry.objects.count() == before


def test_each_role_has_an_account_whose_address_is_confirmed():
    from allauth.account.models import EmailAddress

    from madang.doors.demo import accounts

    told = accounts()
    assert len(told) == len({account["email"] for account in told}) == 16
    confirmed = EmailAddress.objects.filter(verified=True, primary=True).values_list("email", flat=True)
    assert {account["email"] for account in told} == set(confirmed)


def test_nobody_of_the_city_has_a_password():
    from madang.people.models import Person

    assert not any(person.has_usable_password() for person in Person.objects.exclude(email=None))


def test_the_pages_of_the_city_open(client):
    for address in ("/", "/matters/", "/processes/", "/duties/", "/bodies/", "/p/demo-democracy-seoul-2019/"):
        assert client.get(address).status_code == 200, address
    for matter in matters().filter(hidden_at=None):
        page = client.get(f"/m/{matter.number}/")
        assert page.status_code == 200, matter.title
        assert "시연용 지어낸 자료" in page.content.decode()


def test_the_record_holds_none_of_the_invented_words():
    from madang.record.models import Entry

    for words in ("비탈길", "시연 주민", "demo.madang.example"):
        escaped = json.dumps(words)[1:-1]
        assert not Entry.objects.filter(text__contains=words).exists()
        assert not Entry.objects.filter(text__contains=escaped).exists()


def test_one_press_on_the_demo_page_lets_a_visitor_in_as_that_person(rf, settings):
    from django.contrib.auth import get_user
    from django.contrib.sessions.backends.db import SessionStore

    from madang.doors.demo.entering import enter

    settings.DEMO = True
    request = rf.post("/demo/enter/", {"email": "officer@demo.madang.example"})
    request.session = SessionStore()
    assert enter(request).url == "/desk/"
    request.user = None
    assert get_user(request).email == "officer@demo.madang.example"


@pytest.mark.parametrize(
    ("email", "demo_city"), [("officer@demo.madang.example", False), ("somebody@example.org", True), ("", True)]
)
def test_nobody_comes_in_outside_a_demo_city_or_as_anybody_else(rf, settings, email, demo_city):
    from django.http import Http404

    from madang.doors.demo.entering import enter

    settings.DEMO = demo_city
    with pytest.raises(Http404):
        enter(rf.post("/demo/enter/", {"email": email}))
