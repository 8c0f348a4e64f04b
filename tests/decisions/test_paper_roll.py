"""A roll for one ballot: refused whole or kept as hashes, fixed from the opening day, and one voter is one voter."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from madang.access import ACTS
from madang.decisions.acts import cast, find_on_roll, hand_paper, load_roll
from madang.decisions.electorate import metres, point
from madang.decisions.forms.rolls import contact_of, read_electors
from madang.decisions.models import Ballot, Elector, RollEntry
from paper_yard import *  # noqa: F403 — its fixtures
from paper_yard import HEAD, PEOPLE, electors, facts, roll_text

RULE = {"weights": {"citizen": 50, "council": 50}, "least_age": 19}
ON = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["이름,생년월일\n가,800101"], "첫 줄은"),
        ([HEAD], "한 명도"),
        ([HEAD, "가나다,800101,010-1-2,citizen,,1980"], "2번째 줄: 연락처"),
        ([HEAD, "가나다,801301,010-1000-0001,citizen,,1980"], "2번째 줄: 생년월일"),
        ([HEAD, "가나다,800101,010-1000-0001,mayor,,1980"], "2번째 줄: 이 투표에 없는"),
        ([HEAD, "가나다,800101,010-1000-0001,citizen,남자,1980"], "2번째 줄: 성별"),
        ([HEAD, "가나다,800101,010-1000-0001,citizen,,1981"], "2번째 줄: 출생연도"),
        ([HEAD, "가나다,100101,010-1000-0001,citizen,,2010"], "2번째 줄: 만 19세"),
        ([HEAD, "가나다,800101,010-1000-0001,citizen,,"], "2번째 줄: 만 19세"),
        ([HEAD, "=cmd(),800101,010-1000-0001,citizen,,1980"], "2번째 줄: 이름이"),
        ([HEAD, "가나다,800101,010-1000-0001,citizen,,1980", "나라,800101"], "3번째 줄: 칸이"),
        ([HEAD, "가,800101,010-1000-0001,citizen,,1980", "가 ,800101,+82 10 1000 0001,council,여,1980"], "3번째 줄: 2번째 줄과"),
        ([HEAD, '"가나다,800101'], "번째 줄"),
        ([HEAD, "가\x00나,800101,010-1000-0001,citizen,,1980"], "CSV가 아닌"),
        ([HEAD, "가" * 200 + ",800101,010-1000-0001,citizen,,1980"], "2번째 줄: 너무 길거나"),
    ],
)
def test_one_bad_line_refuses_the_whole_roll_and_says_which_and_why(lines, says):
    with pytest.raises(ValidationError) as fault:
        read_electors("\n".join(lines).encode(), 1, RULE, ON)
    assert says in fault.value.messages[0]


def test_bytes_that_are_no_text_are_no_roll():
    with pytest.raises(ValidationError):
        read_electors(b"\xff\xfe\x00\x81", 1, RULE, ON)


def test_the_same_contact_written_otherwise_is_the_same():
    assert {contact_of(text) for text in ("010-1234-5678", "+82 10 1234 5678", "8210.1234.5678", "01012345678")} == {"01012345678"}
    assert contact_of(" A@Example.ORG ") == "a@example.org"


def test_a_roll_is_kept_as_hashes_class_sex_and_decade_only(ballot):
    assert Elector.objects.count() == len(PEOPLE)
    row = Elector.objects.order_by("pk").values().first()
    assert row.keys() == {"id", "ballot_id", "voter", "desk", "voter_class", "sex", "band", "person_id"}
    kept = " ".join(str(value) for row in Elector.objects.values() for value in row.values())
    assert not any(name in kept or contact.replace("-", "") in kept for name, _born, contact in PEOPLE)
    assert ballot.electorate == len(PEOPLE)


def test_from_the_opening_day_on_the_roll_stays(ballot, operator, by, refused):
    refused("roll-fixed", load_roll, by(operator, 2), ballot, lines=electors(ballot, PEOPLE[:3]))
    assert Elector.objects.count() == len(PEOPLE)


def test_no_act_on_an_open_ballot_changes_its_rule(ballot, booths, operator, officers, person, by):
    """The rule is written by opening, and by the roll that fixes itself; everything else only reads it."""
    before = Ballot.objects.values("rule", "opens_at", "closes_at", "electorate").get()
    voter = person("나다라")
    find_on_roll(by(voter, 2), ballot, **facts(1))
    cast(by(voter, 2), ballot, marks="1")
    hand_paper(by(officers[0], 2), booths[0], **facts(2))
    assert Ballot.objects.values("rule", "opens_at", "closes_at", "electorate").get() == before
    on_ballots = {name for name, act in ACTS.items() if act.on in ("decisions.ballot", "decisions.booth", "decisions.bundle")}
    writing = {"decisions.load_roll"}
    import inspect

    for name in sorted(on_ballots - writing):
        source = inspect.getsource(inspect.unwrap(ACTS[name].run))
        assert ".rule =" not in source and 'update_fields=["rule"' not in source, name


def test_an_account_votes_once_it_is_found_on_the_roll_and_then_gets_no_paper(ballot, booths, officers, person, by, refused):
    voter = person("가나다")
    refused("not-on-roll", cast, by(voter, 2), ballot, marks="1")
    find_on_roll(by(voter, 2), ballot, **facts(0))
    cast(by(voter, 2), ballot, marks="1")
    refused("voted-online", hand_paper, by(officers[0], 3), booths[0], **facts(0))
    assert list(RollEntry.objects.values_list("way", flat=True)) == ["online"]


def test_whoever_took_paper_cannot_vote_online_and_no_second_account_is_that_person(ballot, booths, officers, person, by, refused):
    hand_paper(by(officers[0], 2), booths[0], **facts(0))
    voter, other = person("가나다"), person("남의 계정")
    find_on_roll(by(voter, 2), ballot, **facts(0))
    refused("already-voted", cast, by(voter, 2), ballot, marks="1")
    refused("line-taken", find_on_roll, by(other, 2), ballot, **facts(0))
    refused("paper-given", hand_paper, by(officers[1], 2), booths[1], **facts(0))


def test_nobody_tries_out_neighbours_more_than_five_times(ballot, person, by, refused):
    stranger = person("구경꾼")
    for _n in range(5):
        assert find_on_roll(by(stranger, 2), ballot, name="없는이", born="800101", contact="01099999999") is False
    refused("looked-too-often", find_on_roll, by(stranger, 2), ballot, **facts(1))


def test_a_roll_of_three_thousand_is_read_in_seconds():
    import time

    people = [(f"주민{n}", f"{60 + n % 40}0101", f"010-2000-{n:04d}") for n in range(3000)]
    begun = time.process_time()
    assert len(read_electors(roll_text(people), 1, {}, ON)) == 3000
    assert time.process_time() - begun < 3


def test_a_position_is_measured_along_the_earth():
    hall = point("37.4563,126.9001")
    assert hall is not None and metres(hall, hall) == 0
    assert 110 < metres(hall, point("37.4573,126.9001")) < 113
    assert [point(text) for text in ("", "91,0", "nan,0", "a,b", "1,2,3")] == [None] * 5
