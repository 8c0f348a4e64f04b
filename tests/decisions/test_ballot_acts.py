"""A vote: the roll and the box share nothing, and everybody can count again."""

import pytest
from django.db import connection

from madang.access.may import may
from madang.bodies.models import Body
from madang.decisions import queries
from madang.decisions.acts import cast, close_ballot, open_ballot
from madang.decisions.forms import CastForm, new_receipt
from madang.decisions.models import Ballot, Option, RollEntry, SealedVote
from madang.duties import walk
from madang.funds.models import Amount, Fund
from madang.record.models import Entry

WORDS = {"question": "어느 것을 먼저 할까요?", "use": "다음 해 예산안에 그대로 담습니다."}


@pytest.fixture
def options(matter_in):
    return [matter_in("vote", title) for title in ("가로등", "의자", "텃밭")]


@pytest.fixture
def ballot(options, operator, process, by):
    return open_ballot(by(operator, 1), process, **WORDS)


def test_the_paper_lists_what_waits_and_freezes_the_rule(ballot, options, day):
    assert [(o.place, o.matter) for o in ballot.options.order_by("place")] == list(enumerate(options, start=1))
    assert ballot.rule["weights"] == {"verified": 60, "council": 20, "proposer": 20}
    assert (ballot.rule["least"], ballot.rule["most"], ballot.rule["pot"]) == (0, 2, 1_000_000)
    assert day(14) < ballot.closes_at < day(17)


def test_one_person_votes_once_and_three_picks_of_two_are_refused(ballot, person, by, refused, again):
    citizen = person("김시민")
    refused("void-too-many", cast, by(citizen, 2), ballot, marks="1 2 3")
    refused("void-not-on-paper", cast, by(citizen, 2), ballot, marks="1 9")
    refused("void-twice", cast, by(citizen, 2), ballot, marks="1 1")
    refused("void-form", cast, by(citizen, 2), ballot, marks="1,2")
    cast(by(citizen, 2), ballot, marks="1 2")
    refused("already-voted", cast, by(citizen, 3), ballot, marks="3")
    assert (SealedVote.objects.count(), RollEntry.objects.count(), again(ballot).cast) == (1, 1, 1)


def test_the_roll_and_the_box_share_no_column_that_could_join_them():
    fields = {field.name for field in SealedVote._meta.get_fields()}
    assert fields == {"id", "ballot", "voter_class", "marks", "receipt"}
    assert {field.name for field in RollEntry._meta.get_fields()} == {
        "id",
        "ballot",
        "person",
        "voter",
        "voter_class",
        "way",
        "voted_on",
    }
    assert RollEntry._meta.get_field("voted_on").get_internal_type() == "DateField"


@pytest.mark.django_db
def test_on_sqlite_the_box_has_no_row_numbers():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL: the box is written anew at closing instead")
    with connection.cursor() as cursor:
        for table in ("sealedvote", "rollentry", "rightbackup"):
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [f"decisions_{table}"])
            assert cursor.fetchone()[0].endswith("WITHOUT ROWID")


def test_the_roll_reads_in_another_order_than_people_came(ballot, person, by):
    came = [person(f"시민{n}") for n in range(12)]
    for citizen in came:
        cast(by(citizen, 2), ballot, marks="1")
    kept = list(RollEntry.objects.order_by("pk").values_list("person", flat=True))
    assert sorted(kept) == [citizen.pk for citizen in came] and kept != [citizen.pk for citizen in came]


def test_the_box_reads_in_another_order_than_people_came(ballot, person, by):
    codes = [cast(by(person(f"시민{n}"), 2), ballot, marks=str(n % 3 + 1)) for n in range(12)]
    kept = list(SealedVote.objects.order_by("pk").values_list("receipt", flat=True))
    assert sorted(kept) == sorted(codes) and kept != codes


def test_the_record_of_a_cast_holds_no_choice_and_no_receipt(ballot, person, by):
    code = cast(by(person("김시민"), 2), ballot, marks="3")
    entry = Entry.objects.get(act="decisions.cast")
    assert code not in entry.text and "marks" not in entry.text and "3]" not in entry.text
    assert '"cast":1' in entry.text


def test_the_receipt_is_on_the_paper_before_the_vote(ballot, person, by):
    form = CastForm(on=ballot, person=person("김시민"))
    code = form["receipt"].value()
    filled = CastForm({"marks-2": "1", "receipt": code}, on=ballot)
    assert filled.is_valid(), filled.errors
    assert cast(by(person("이시민"), 2), ballot, **filled.cleaned_data) == code
    assert not CastForm({"marks-1": "1", "marks-2": "1", "marks-3": "1", "receipt": code}, on=ballot).is_valid()
    assert not CastForm({"marks-1": "1", "receipt": "my own words"}, on=ballot).is_valid()


def test_a_receipt_already_in_the_box_is_refused_and_the_voter_may_try_again(ballot, person, by, refused):
    code = cast(by(person("김시민"), 2), ballot, marks="1", receipt=new_receipt())
    other = person("이시민")
    refused("receipt-taken", cast, by(other, 2), ballot, marks="1", receipt=code)
    assert not RollEntry.objects.filter(person=other).exists()
    cast(by(other, 2), ballot, marks="1")


def test_members_of_the_council_and_proposers_vote_in_their_own_class(ballot, options, person, seat, by):
    member = person("위원")
    seat(member, Body.objects.get(key="council"))
    cast(by(member, 2), ballot, marks="1")
    cast(by(options[0].author, 2), ballot, marks="2")
    cast(by(person("김시민"), 2), ballot, marks="3")
    classes = dict(RollEntry.objects.values_list("person__name", "voter_class"))
    assert classes == {"위원": "council", "김제안": "proposer", "김시민": "verified"}


def test_the_unverified_the_visitor_and_the_late_may_not_vote(ballot, person, by, refused, day):
    assert may(person("손님", level=1), "decisions.cast", ballot, day(2)).code == "needs-level"
    refused("needs-login", cast, by(None, 2), ballot, marks="1")
    refused("phase-closed", cast, by(person("지각생"), 20), ballot, marks="1")
    refused("needs-role", close_ballot, by(person("구경꾼"), 20), ballot)
    assert not SealedVote.objects.exists()


def test_counting_before_the_end_is_refused(ballot, operator, by, refused):
    refused("ballot-running", close_ballot, by(operator, 5), ballot)


def test_the_count_sends_each_matter_on_and_the_pot_is_spent_from_the_top(
    options, operator, process, by, person, again, department, seoul
):
    fund = Fund.objects.create(
        key="yard-2027",
        name="2027년 작은 예산",
        process=process,
        place=seoul,
        held_by=department,
        year=2027,
        total_krw=800,
    )
    for matter, won in zip(options, (300, 500, 400), strict=True):
        from madang.funds.acts import put

        put(by(operator, 0), fund, matter, "asked", won)
    ballot = open_ballot(by(operator, 1), process, fund=fund, **WORDS)
    for n, marks in enumerate(["1 2", "1 2", "2", "2 3", "3"]):
        cast(by(person(f"시민{n}"), 2), ballot, marks=marks)
    closed = close_ballot(by(operator, 20), ballot)
    # 의자 4/5 → chosen (300 left) · 가로등 and 텃밭 2/5 each, 2 votes each: the cheaper first → 가로등 300 · 텃밭
    # lacks 400
    assert [
        (r["place"], r["score"], r["votes"], r["left"], r["chosen"], r["lacked"], r["short"])
        for r in closed.result["rounds"]
    ] == [(2, "4/5", 4, 800, True, "", "0"), (1, "2/5", 2, 300, True, "", "0"), (3, "2/5", 2, 0, False, "money", "400")]
    assert [again(m).open_phases.keys() for m in options] == [{"bill"}, {"bill"}, {"conclude"}]
    assert list(Amount.objects.filter(stage="voted").order_by("id").values_list("amount_krw", flat=True)) == [300, 500]
    assert list(Option.objects.order_by("place").values_list("outcome", flat=True)) == [
        "chosen",
        "chosen",
        "not-chosen",
    ]


def test_after_the_count_every_paper_is_public_in_order_of_receipts_and_each_finds_their_own(
    ballot, operator, person, by
):
    codes = {cast(by(person(f"시민{n}"), 2), ballot, marks=str(n + 1)): n + 1 for n in range(3)}
    assert list(queries.published(ballot)) == []
    assert queries.find_receipt(ballot, next(iter(codes))) is None
    closed = close_ballot(by(operator, 20), ballot)
    papers = list(queries.published(closed))
    assert papers == [(code, "verified", str(codes[code])) for code in sorted(codes)]
    assert queries.papers_digest_of(papers) == closed.result["papers"]
    assert queries.find_receipt(closed, sorted(codes)[0].lower()).marks == str(codes[sorted(codes)[0]])


def test_a_matter_withdrawn_during_the_vote_falls_out_of_the_count(ballot, options, operator, person, by, again, day):
    from madang.access import By

    cast(by(person("김시민"), 2), ballot, marks="1 2")
    walk.leave(By(None, day(3), "clock"), options[0], "withdrawn")
    closed = close_ballot(by(operator, 20), ballot)
    assert [r["place"] for r in closed.result["rounds"]] == [2, 3]
    assert Option.objects.get(place=1).outcome == "withdrawn"
    assert again(options[0]).outcome == "withdrawn"


def test_counting_twice_is_refused_and_a_vote_after_it_too(ballot, operator, person, by, refused, again):
    cast(by(person("김시민"), 2), ballot, marks="1")
    stale = again(ballot)
    close_ballot(by(operator, 20), ballot)
    refused("already-done", close_ballot, by(operator, 20), stale)
    assert Ballot.objects.get().result["turnout"] == 1


def test_a_paper_is_refused_without_matters_twice_or_with_one_from_elsewhere(
    options, matter_in, operator, process, by, refused
):
    stray = matter_in("reply")
    refused("not-in-phase", open_ballot, by(operator, 1), process, matters=[stray], **WORDS)
    open_ballot(by(operator, 1), process, **WORDS)
    refused("ballot-open", open_ballot, by(operator, 1), process, **WORDS)


def test_an_empty_phase_has_no_paper(process, operator, by, refused):
    refused("nothing-to-vote-on", open_ballot, by(operator, 1), process, **WORDS)


def test_only_the_operator_opens_a_paper(options, process, person, by, refused):
    refused("needs-role", open_ballot, by(person("구경꾼"), 1), process, **WORDS)
    assert not Ballot.objects.exists()


def test_on_postgresql_the_counted_box_keeps_no_transaction_of_its_voters(ballot, operator, person, by):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite: the box is a table WITHOUT ROWID")
    for n in range(5):
        cast(by(person(f"시민{n}"), 2), ballot, marks="1")
    close_ballot(by(operator, 20), ballot)
    with connection.cursor() as cursor:
        cursor.execute("SELECT receipt FROM decisions_sealedvote ORDER BY ctid")
        receipts = [receipt for (receipt,) in cursor.fetchall()]
        cursor.execute("SELECT count(DISTINCT (xmin::text, cmin::text)) FROM decisions_sealedvote")
        assert cursor.fetchone() == (1,)
    assert receipts == sorted(receipts)
