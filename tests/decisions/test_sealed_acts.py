"""A sealed ballot inside the house: signed once, a right for each voter once, opened after closing, and audited as anyone would."""

import json
from datetime import timedelta

import pytest
import sealed_paper
from sealed_paper import *  # noqa: F403 — its fixtures

from madang.access import By
from madang.decisions import queries, sealed
from madang.decisions.acts import cast, close_ballot, open_seal, seal_ballot, take_board, take_right
from madang.decisions.forms.sealed import OpenSealForm, SealBallotForm, TakeRightForm
from madang.decisions.models import RightBackup, RollEntry, SealedPoll, SealedVote, Way
from madang.duties import walk
from madang.issuers.models import Issuance
from madang.methods.sealed import SealedError, b64, ballot, board
from madang.methods.sealed.audit import audit
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.right import Voter
from madang.methods.sealed.seal import SealKey
from madang.methods.sealed.shares import Share, split
from madang.methods.transparency.merkle import Frontier
from madang.record.key import signing_key
from madang.record.models import Entry

ENVELOPE = bytes([1]) * 77


class Hand:
    """A voter's device in Python."""

    def __init__(self, of, who, by, observers) -> None:
        self.voter = Voter(of.poll, "verified")
        wishes = [blinded.message for blinded in self.voter.blinded]
        first = take_right(by(who, 2), of.ballot, blinded=wishes[0], backup=ENVELOPE)
        self.voter.receive(first, observers.sign(of.slug, "verified", wishes[1]))

    def cast(self, marks: str, seq: int = 1) -> ballot.Cast:
        return ballot.make(self.voter, marks, seq)


@pytest.fixture
def hand(of, person, by, observers):
    return lambda name: Hand(of, person(name), by, observers)


def onto_the_board(of, casts, superseded=()):
    """What the box publishes at the end: one batch, signed."""
    read, folder = of.poll, sealed.folder(of)
    folder.mkdir(parents=True, exist_ok=True)
    leaves, frontier = board.batched(Frontier(), [cast.leaf for cast in casts])
    by_leaf = {cast.leaf: cast for cast in casts}
    ordered = [(leaf, by_leaf[leaf]) for leaf in leaves]
    lines = [Posted(one.header, one.sig, None if leaf in superseded else one.sealed) for leaf, one in ordered]
    (folder / "board.jsonl").write_bytes(b"".join(line.line() for line in lines))
    (folder / "checkpoints.txt").write_text(board.checkpoint(frontier, board.box_key(read, sealed_paper.BOX)), "utf-8")


def shares_of(keyholders, *numbers):
    return [share for share in split(keyholders, of=3, least=2) if share.number in numbers]


# ── before the vote ─────────────────────────────────────────────────────────
def test_the_paper_is_signed_once_and_its_bytes_are_those_of_the_contract(of, on, keys, operator, by, refused):
    read = of.poll
    assert (read.slug, read.revote, read.batch) == (f"yard-2026-{on.pk}", True, 4)
    assert {key: one.roll for key, one in read.classes.items()} == {"verified": 40, "council": 5, "proposer": 5}
    assert json.loads(of.text)["rule"] == on.rule
    assert sealed.poll.check_house_signature(read.raw, of.signature.encode(), None, "bad") == signing_key().verifier
    assert f'"sha256:{read.digest.hex()}"' in Entry.objects.get(act="decisions.seal_ballot").text
    refused("already-sealed", seal_ballot, by(operator, 1), on, **keys)


def test_keys_that_do_not_fit_seal_nothing(on, keys, operator, by, refused, person):
    refused("bad-poll", seal_ballot, by(operator, 1), on, **{**keys, "observers": {}})
    refused("bad-poll", seal_ballot, by(operator, 1), on, **{**keys, "least": 4})
    refused("needs-role", seal_ballot, by(person("김시민"), 1), on, **keys)
    assert not SealedPoll.objects.exists()


def test_a_house_that_does_not_say_where_its_box_is_seals_nothing(on, keys, operator, by, refused, settings):
    settings.BOX = ""
    refused("no-box", seal_ballot, by(operator, 1), on, **keys)
    assert seal_ballot(by(operator, 1), on, **keys, box="https://box.example").box == "https://box.example"


def test_nobody_casts_into_the_house(of, on, person, by, refused):
    refused("sealed-box", cast, by(person("김시민"), 2), on, marks="1")


# ── rights ──────────────────────────────────────────────────────────────────
def test_a_right_is_given_once_and_the_same_wish_has_the_same_answer(of, on, person, by, refused):
    citizen = person("김시민")
    wish = Voter(of.poll, "verified").blinded[0].message
    answer = take_right(by(citizen, 2), on, blinded=wish, backup=ENVELOPE)
    assert take_right(by(citizen, 3), on, blinded=wish, backup=bytes(77)) == answer
    refused("already-issued", take_right, by(citizen, 3), on, blinded=Voter(of.poll, "verified").blinded[0].message, backup=ENVELOPE)
    assert (RollEntry.objects.get().way, Issuance.objects.count()) == (Way.ISSUED, 1)
    assert bytes(RightBackup.objects.get().sealed) == ENVELOPE  # the first one stays: it belongs to the wish that was signed


def test_who_took_paper_gets_no_right_and_who_got_a_right_no_paper(of, on, person, by, refused, day):
    citizen = person("김시민")
    RollEntry.objects.create(ballot=on, person=citizen, voter_class="verified", way=Way.PAPER, voted_on=day(2).date())
    refused("on-paper", take_right, by(citizen, 2), on, blinded=Voter(of.poll, "verified").blinded[0].message, backup=ENVELOPE)
    assert not Issuance.objects.exists()


def test_who_may_not_vote_gets_no_right(of, on, person, by, refused):
    wish = Voter(of.poll, "verified").blinded[0].message
    refused("needs-level", take_right, by(person("가입만", level=1), 2), on, blinded=wish, backup=ENVELOPE)
    refused("needs-login", take_right, by(None, 2), on, blinded=wish, backup=ENVELOPE)
    refused("phase-closed", take_right, by(person("늦은 이"), 60), on, blinded=wish, backup=ENVELOPE)
    refused("bad-blinded", take_right, by(person("지어낸 수"), 2), on, blinded=b"\xff" * 256, backup=ENVELOPE)
    assert not RollEntry.objects.exists()


def test_before_the_paper_is_signed_there_are_no_rights(on, person, by, refused):
    refused("not-prepared", take_right, by(person("김시민"), 2), on, blinded=bytes(256), backup=ENVELOPE)


def test_the_record_knows_the_day_of_a_right_and_nothing_of_it(of, on, hand):
    hand("김시민")
    entry = Entry.objects.get(act="decisions.take_right")
    assert (entry.at.hour, entry.at.minute, entry.at.second) == (15, 0, 0)  # midnight in Seoul, in UTC
    assert '"rights":1' in entry.text


# ── after closing ───────────────────────────────────────────────────────────
def test_the_seal_opens_with_enough_shares_after_closing_alone(of, on, operator, by, keyholders, refused):
    refused("ballot-running", open_seal, by(operator, 3), on, shares=shares_of(keyholders, 1, 2))
    refused("too-few-shares", open_seal, by(operator, 40), on, shares=shares_of(keyholders, 1))
    refused("bad-share", open_seal, by(operator, 40), on, shares=shares_of(SealKey.make(), 1, 2))
    refused("seal-shut", take_board, by(operator, 40), on)
    refused("board-missing", close_ballot, by(operator, 40), on)
    open_seal(by(operator, 40), on, shares=shares_of(keyholders, 3, 1))
    assert SealedPoll.objects.get().seed == b64(keyholders.seed)
    assert b64(keyholders.seed) not in Entry.objects.get(act="decisions.open_seal").text


def test_what_the_board_brings_is_counted_published_and_audited(of, on, hand, operator, by, keyholders, refused, day, again):
    voters = [hand(name) for name in ("김시민", "이시민", "박시민", "최시민")]
    casts = [voter.cast(marks) for voter, marks in zip(voters, ("1", "1 3", "2", "1 2 3"), strict=True)]
    second = voters[0].cast("3", seq=2)
    open_seal(by(operator, 40), on, shares=shares_of(keyholders, 2, 3))
    refused("board-missing", take_board, by(operator, 40), on)
    onto_the_board(of, [*casts, second], superseded={casts[0].leaf})
    taken = take_board(by(operator, 40), on)
    assert (taken.taken, taken.superseded, RightBackup.objects.count()) == (4, 1, 0)
    assert sorted(queries.votes_of(on)) == [("verified", "1 2 3"), ("verified", "1 3"), ("verified", "2"), ("verified", "3")]
    assert set(SealedVote.objects.values_list("receipt", flat=True)) == {board.code(cast.leaf) for cast in [*casts[1:], second]}
    refused("already-done", take_board, by(operator, 41), on)
    counted = close_ballot(by(operator, 41), again(on))
    assert (counted.cast, counted.result["turnout"], counted.result["void"]) == (4, 4, {"too-many": 1})
    sealed.archive(taken).unlink(missing_ok=True)
    observed = [{"class": "verified", "issuer": "observers", "day": "2026-03-04", "issued": 4}]
    with pytest.raises(SealedError) as no:
        sealed.publish(taken, queries.votes_of(on), paper=[], desk=[], observed=[{**observed[0], "issued": 3}])
    assert (no.value.code, sealed.archive(taken).exists()) == ("more-ballots-than-rights", False)
    sealed.publish(taken, queries.votes_of(on), paper=[], desk=[], observed=observed)
    report = audit(sealed.archive(taken), key=str(signing_key().verifier), receipt=board.code(second.leaf))
    assert (report.ok, report.fault) == (True, None)
    assert (report.ballots, report.superseded, report.receipt["marks"]) == (5, 1, "3")
    assert report.result["winners"] == counted.result["winners"]


@pytest.mark.parametrize("fault", ["ballot-dropped", "bad-signature", "malformed"])
def test_a_board_that_does_not_hold_is_not_opened(of, on, hand, operator, by, keyholders, refused, fault):
    casts = [hand(f"시민{number}").cast("1") for number in range(3)]
    open_seal(by(operator, 40), on, shares=shares_of(keyholders, 1, 2))
    onto_the_board(of, casts)
    path = sealed.folder(of) / "board.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    if fault == "bad-signature":
        first = Posted.read(lines[0].rstrip())
        lines[0] = Posted(first.header, bytes(64), first.sealed).line()
    path.write_bytes(b"".join(lines[:-1] if fault == "ballot-dropped" else lines) + (b"x\n" if fault == "malformed" else b""))
    no = refused("board-faulty", take_board, by(operator, 40), on)
    assert no.detail["fault"] == fault
    assert not SealedVote.objects.exists()


# ── forms ───────────────────────────────────────────────────────────────────
def test_a_matter_that_left_during_a_sealed_vote_is_counted_as_printed_and_goes_nowhere(
    of, on, hand, operator, by, keyholders, day, again
):
    casts = [hand(name).cast("1") for name in ("김시민", "이시민", "박시민")]
    left = on.options.get(place=1).matter
    walk.leave(By(None, day(3), "clock"), left, "withdrawn")
    open_seal(by(operator, 40), on, shares=shares_of(keyholders, 2, 3))
    onto_the_board(of, casts)
    taken = take_board(by(operator, 40), on)
    counted = close_ballot(by(operator, 41), again(on))
    assert 1 in counted.result["winners"] and on.options.get(place=1).outcome == "withdrawn"
    assert again(left).outcome == "withdrawn"
    sealed.archive(taken).unlink(missing_ok=True)
    observed = [{"class": "verified", "issuer": "observers", "day": "2026-03-04", "issued": 3}]
    sealed.publish(taken, queries.votes_of(on), paper=[], desk=[], observed=observed)
    assert audit(sealed.archive(taken)).ok


def test_what_is_pasted_wrongly_is_said_where_it_stands(on):
    given = {"box_key": "A" * 43, "seal_key": "짧음", "observers": "[1", "shares": 2, "least": 3}
    given |= {"rolls": "all seven", "witnesses": "x", "batch": 0}
    form = SealBallotForm(given, on=on)
    assert not form.is_valid()
    assert sorted(form.errors) == ["__all__", "batch", "observers", "rolls", "seal_key", "witnesses"]
    assert TakeRightForm({"blinded": b64(bytes(255)), "backup": b64(bytes(77))}).errors.keys() == {"blinded"}
    assert OpenSealForm({"shares": "madang-share@1:2"}).errors.keys() == {"shares"}
    share = split(SealKey.make(), of=2, least=2)[0]
    form = OpenSealForm({"shares": f"\n{share.written()}\n"})
    assert form.is_valid() and form.cleaned_data["shares"] == [Share.read(share.written())]


def test_marks_of_every_paper_fit_into_the_padding():
    for count in (1, 7, 300):
        options = [{"place": place} for place in range(1, count + 1)]
        for rule, each in (({"points": 10}, ":10 "), ({}, ">"), ({"most": count}, " ")):
            size = sealed.padding(rule, options)
            marks = "".join(f"{option['place']}{each}" for option in options).rstrip(" >")
            from madang.methods.sealed.seal import padded

            assert len(padded(marks, size)) == size
    with pytest.raises(SealedError):
        padded("1" * 4000, 256)


def test_times_of_the_poll_are_those_of_the_ballot(of, on, settings):
    assert abs(of.poll.closes_at - on.closes_at) < timedelta(seconds=1)
    assert of.box == settings.BOX
