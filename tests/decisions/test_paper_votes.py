"""Paper from the hand-out to the one count: who may have a sheet, two who type it, and every sheet accounted for."""

import pytest

from madang.decisions import queries, reconciling
from madang.decisions.acts import (
    cast,
    close_ballot,
    exchange_paper,
    find_on_roll,
    hand_paper,
    print_more,
    read_bundle,
    recount_bundle,
    sync_booth,
)
from madang.decisions.acts.booths import desk_line
from madang.decisions.forms.paper import ReadingForm
from madang.decisions.forms.rolls import desk_hash, desk_key
from madang.decisions.models import Bundle, Clash, PaperVote, Reading, RollEntry
from madang.decisions.serials import number_of, serial
from paper_yard import *  # noqa: F403 — its fixtures
from paper_yard import facts, sheet

AFTER = 17  # the ballot of day 1 is over


def bundle(booth) -> Bundle:
    return booth.bundles.get(number=1)


@pytest.fixture
def handed(booths, officers, by):
    """Six sheets at the first booth, two at the second."""
    for who in range(6):
        hand_paper(by(officers[0], 2), booths[0], **facts(who))
    for who in (6, 7):
        hand_paper(by(officers[0], 2), booths[1], **facts(who))
    return booths


def first_six(booth) -> dict[str, str]:
    marks = ["1 2", "1", "1 3", "2", "", "1 2 3"]
    return {sheet(booth, n): text for n, text in enumerate(marks, start=1)}


def test_only_who_runs_the_booth_hands_out_paper_and_only_to_the_roll(booths, officers, person, operator, by, refused):
    refused("needs-role", hand_paper, by(person("구경꾼"), 2), booths[0], **facts(0))
    refused("needs-role", hand_paper, by(operator, 2), booths[0], **facts(0))
    refused("not-on-this-roll", hand_paper, by(officers[0], 2), booths[0], name="없는이", born="800101", contact="01099999999")
    refused("ballot-over", hand_paper, by(officers[0], AFTER), booths[0], **facts(0))
    assert not RollEntry.objects.exists() and bundle(booths[0]).handed == 0


def test_no_more_sheets_than_printed_and_then_more_are_printed(booths, officers, by, refused):
    Bundle.objects.filter(booth=booths[0]).update(handed=20)
    refused("no-sheets-left", hand_paper, by(officers[0], 2), booths[0], **facts(0))
    assert not RollEntry.objects.exists()
    print_more(by(officers[0], 2), booths[0], sheets=5)
    hand_paper(by(officers[0], 2), booths[0], **facts(0))
    assert [(each.first, each.last, each.handed) for each in booths[0].bundles.order_by("number")] == [(1, 20, 20), (21, 25, 1)]


def test_two_officers_and_one_count_of_web_and_paper(handed, ballot, officers, operator, person, by, refused, again):
    voter = person("아자차")
    find_on_roll(by(voter, 2), ballot, **facts(8))
    cast(by(voter, 2), ballot, marks="3")
    one, other = (bundle(booth) for booth in handed)
    refused("ballot-running", read_bundle, by(officers[0], 3), one, lines={}, unused=20)
    refused("paper-not-counted", close_ballot, by(operator, AFTER), ballot)
    lines = first_six(handed[0])
    read_bundle(by(officers[0], AFTER), one, lines=lines, unused=14)
    assert not PaperVote.objects.exists()
    refused("read-already", read_bundle, by(officers[0], AFTER), one, lines=lines, unused=14)
    read_bundle(by(officers[1], AFTER), one, lines=lines, unused=14)
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), other, lines={sheet(handed[1], 1): "2"}, unused=18)
    closed = close_ballot(by(operator, AFTER), ballot)
    # 1: three, 2: three (two of the first booth, one of the second), 3: one on paper and one online; "1 2 3" is void
    assert {step["place"]: step["votes"] for step in closed.result["rounds"]} == {1: 3, 2: 3, 3: 2}
    assert (closed.result["turnout"], closed.result["valid"], closed.result["void"]) == (8, 7, {"too-many": 1})
    assert closed.result["ways"] == {
        "online": {"papers": 1, "valid": 1, "marked": {"3": 1}},
        "paper": {"papers": 7, "valid": 6, "marked": {"1": 3, "2": 3, "3": 1}},
    }
    published = list(queries.published(closed))
    assert (sheet(handed[0], 2), "", "1") in published and len(published) == 8
    sums = [reconciling.account(again(each)) for each in (one, other)]
    assert [(s["handed"], s["counted"], s["spoiled"], s["unreturned"], s["difference"]) for s in sums] == [(6, 6, 0, 0, 0), (2, 1, 0, 1, 0)]
    refused("already-done", read_bundle, by(officers[2], AFTER), one, lines=lines, unused=14)


def test_where_two_differ_a_third_decides_and_all_three_stay(handed, officers, by, refused, again):
    one, lines = bundle(handed[0]), first_six(handed[0])
    wrong = lines | {sheet(handed[0], 2): "3"}
    read_bundle(by(officers[0], AFTER), one, lines=lines, unused=14)
    read_bundle(by(officers[1], AFTER), one, lines=wrong, unused=13)
    assert not again(one).settled and not PaperVote.objects.exists()
    refused("read-already", read_bundle, by(officers[1], AFTER), one, lines={sheet(handed[0], 2): "1"}, unused=14)
    refused("not-all-decided", read_bundle, by(officers[2], AFTER), one, lines={}, unused=14)
    more = {sheet(handed[0], n): "1" for n in (1, 2)}
    refused("only-what-differs", read_bundle, by(officers[2], AFTER), one, lines=more, unused=14)
    decided = read_bundle(by(officers[2], AFTER), one, lines={sheet(handed[0], 2): "1"}, unused=14)
    assert decided.settled and again(one).rounds[0]["differed"] == ["", sheet(handed[0], 2)]
    assert PaperVote.objects.get(serial=sheet(handed[0], 2)).marks == "1"
    assert [(r.reader, r.lines[sheet(handed[0], 2)]) for r in Reading.objects.order_by("reader")] == [(1, "1"), (2, "3"), (3, "1")]


def test_what_does_not_belong_is_listed_and_never_counted(handed, ballot, officers, operator, by):
    one, other = (bundle(booth) for booth in handed)
    theirs = sheet(handed[1], 1)
    forged = f"{handed[0].number}-0003-" + ("2222" if not sheet(handed[0], 3).endswith("2222") else "3333")
    elsewhere = serial(ballot.pk + 1, handed[0].number, 4)
    lines = {sheet(handed[0], 1): "1", theirs: "1", forged: "2", elsewhere: "2", f"{ballot.pk + 1}:{elsewhere}": "2"}
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), one, lines=lines | {sheet(handed[0], 2): "x 찢어짐"}, unused=14)
        read_bundle(by(officer, AFTER), other, lines={theirs: "3"}, unused=18)
    closed = close_ballot(by(operator, AFTER), ballot)
    assert closed.result["turnout"] == 2
    found = {vote.serial: (vote.fate, vote.reason) for vote in reconciling.not_counted(closed)}
    assert found == {
        theirs: ("stray", "other-booth"),
        forged: ("stray", "not-printed"),
        elsewhere: ("stray", "not-printed"),
        f"{ballot.pk + 1}:{elsewhere}": ("stray", "other-ballot"),
        sheet(handed[0], 2): ("spoiled", "찢어짐"),
    }
    assert PaperVote.objects.get(serial=theirs, fate="counted").marks == "3"


def test_a_recount_keeps_what_it_changed(handed, officers, by, refused, again):
    one, lines = bundle(handed[0]), first_six(handed[0])
    refused("not-decided-yet", recount_bundle, by(officers[0], AFTER), one)
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), one, lines=lines, unused=14)
    refused("bundle-decided", read_bundle, by(officers[2], AFTER), one, lines=lines, unused=14)
    recount_bundle(by(officers[2], AFTER), one)
    assert PaperVote.objects.count() == 6  # the first count stands until the second is decided
    changed = lines | {sheet(handed[0], 4): "3"}
    for officer in officers[1:]:
        read_bundle(by(officer, AFTER), one, lines=changed, unused=14)
    assert PaperVote.objects.get(serial=sheet(handed[0], 4)).marks == "3"
    assert reconciling.recounts(again(one)) == [
        {"turn": 2, "changed": [{"serial": sheet(handed[0], 4), "before": "2", "after": "3"}], "unused": (14, 14)}
    ]


def test_a_difference_is_published_and_not_mended(handed, officers, by, again):
    one = bundle(handed[0])
    lines = {sheet(handed[0], n): "1" for n in range(1, 9)}  # eight in the box, six handed out
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), one, lines=lines, unused=12)
    assert reconciling.account(again(one))["difference"] == -2


def test_more_sheets_than_were_printed_are_refused(handed, officers, by, refused):
    refused("more-than-printed", read_bundle, by(officers[0], AFTER), bundle(handed[0]), lines=first_six(handed[0]), unused=15)


def test_a_spoiled_sheet_is_exchanged_and_counted_as_handed_out(handed, officers, by):
    exchange_paper(by(officers[0], 2), handed[0])
    assert bundle(handed[0]).handed == 7 and RollEntry.objects.count() == 8


def test_what_is_typed_is_read_alike_however_it_is_written(handed, ballot):
    one, two, three, four = (sheet(handed[0], n) for n in range(1, 5))
    form = ReadingForm(
        {"lines": f"{one.lower()} 2,1\n\nMADANG:{ballot.pk}:{two}\n3\n{three}  ?\n{four} 무효 찢어짐", "unused": "14"}, on=bundle(handed[0])
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["lines"] == {one: "1 2", two: "3", three: "?", four: "x 찢어짐"}
    for text, says in [(f"{one} 1\n{one} 2", "1번째 줄과 같은"), ("아무 말", "번호로 시작"), (f"{one} 하나", "읽을 수 없습니다")]:
        faulty = ReadingForm({"lines": text, "unused": "0"}, on=bundle(handed[0]))
        assert not faulty.is_valid() and says in str(faulty.errors)


def test_a_serial_names_its_ballot_and_cannot_be_guessed(booths, ballot):
    genuine = sheet(booths[0], 7)
    assert number_of(ballot.pk, genuine) == (1, 7)
    assert number_of(ballot.pk + 1, genuine) is None
    assert number_of(ballot.pk, f"MADANG:{ballot.pk + 1}:{genuine}") is None


@pytest.fixture
def queue(booths, ballot):
    """queue(booth, who…) — what a desk without a network kept for these people of the roll."""

    def kept(booth, *who, start=1):
        key = desk_key(ballot.pk)
        lines = [desk_hash(key, **facts(n)) for n in who]
        return [(seq, desk_line(booth, line)) for seq, line in enumerate(lines, start=start)]

    return kept


def test_an_hour_without_a_network_is_reported_in_order_with_its_clashes(booths, ballot, officers, operator, queue, by, refused, again):
    print_more(by(officers[0], 2), booths[0], sheets=10, apart=True)
    hand_paper(by(officers[1], 2), booths[1], **facts(1))
    sync_booth(by(officers[0], 2), booths[0], queue=queue(booths[0], 0, 1, 2))
    sync_booth(by(officers[0], 2), booths[0], queue=queue(booths[0], 0, 1, 2))  # the answer was lost: sent again
    refused("queue-gap", sync_booth, by(officers[0], 2), booths[0], queue=queue(booths[0], 3, start=9))
    assert [(clash.seq, clash.had) for clash in Clash.objects.all()] == [(2, "paper")]
    assert RollEntry.objects.count() == 3
    apart = booths[0].bundles.get(apart=True)
    assert apart.handed == 3 and bundle(booths[0]).handed == 0


def _counted_with_a_clash(booths, ballot, officers, operator, queue, by, online_like, offline_like):
    print_more(by(officers[0], 2), booths[0], sheets=10, apart=True)
    for who in (1, 4, 5, 6):
        hand_paper(by(officers[1], 2), booths[1], **facts(who))
    sync_booth(by(officers[0], 2), booths[0], queue=queue(booths[0], 0, 1))
    apart, other = booths[0].bundles.get(apart=True), bundle(booths[1])
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), apart, lines={sheet(booths[0], 21): offline_like, sheet(booths[0], 22): offline_like}, unused=8)
        read_bundle(by(officer, AFTER), other, lines={sheet(booths[1], n): text for n, text in enumerate(online_like, start=1)}, unused=16)
    return close_ballot(by(operator, AFTER), ballot), apart


def test_sheets_of_a_clash_count_where_they_change_nothing(booths, ballot, officers, operator, queue, by, again):
    closed, apart = _counted_with_a_clash(booths, ballot, officers, operator, queue, by, ["1", "2", "3", "1"], "1")
    assert not again(apart).aside and closed.result["turnout"] == 6


def test_turnout_closes_cells_that_would_tell_on_somebody(handed, ballot):
    shown = reconciling.turnout(ballot)
    assert (shown["electors"], shown["voters"]) == (12, 8)
    assert all(cell["closed"] or cell["did"] == 0 for row in shown["rows"] for cell in row["cells"] if cell["could"] < 5)


def test_a_single_closed_cell_takes_another_with_it():
    cells = [{"could": could, "did": did, "closed": did < 5} for could, did in ((9, 3), (40, 20), (30, 12))]
    reconciling._close_one_more(cells)
    assert [cell["closed"] for cell in cells] == [True, False, True]
