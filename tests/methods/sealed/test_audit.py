"""Whatever is done to a published poll, the audit names it; and a whole poll is counted as it was published."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest
import sealed_poll as making
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sealed_poll import HOUSE, WITNESSES

from madang.methods.sealed import SealedError, b64, ballot, board, bundle, counting, poll, seal, telling
from madang.methods.sealed.__main__ import main
from madang.methods.sealed.audit import audit
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.writing import written
from madang.methods.transparency.checkpoint import SigningKey


@pytest.fixture(scope="session")
def whole():
    return making.made()


@pytest.fixture(scope="session")
def path(whole, tmp_path_factory):
    return whole.write(tmp_path_factory.mktemp("sealed") / "poll.zip")


@pytest.fixture
def again(whole, tmp_path):
    """The poll written once more, with other contents."""
    return lambda **other: whole.write(tmp_path / "poll.zip", **other)


@pytest.fixture
def repacked(path, tmp_path):
    """The files changed by a function, and packed: by an outsider, or (`closed`) signed by a dishonest house."""

    def pack(change, closed=True):
        files = making.parts(path)
        change(files)
        return making.packed(tmp_path / "repacked.zip", files, closed=closed)

    return pack


def named(file, **asked):
    """(code, file) of the fault that was found."""
    report = audit(file, **asked)
    assert not report.ok
    assert report.fault.words("ko") != report.fault.words("en")
    return report.fault.code, report.fault.file


# ── a whole poll ────────────────────────────────────────────────────────────
def test_a_whole_poll_holds_and_is_counted_as_published(whole, path):
    report = audit(path, key=str(HOUSE.verifier))
    assert (report.ok, report.fault) == (True, None)
    assert report.result == counting.counted(whole.poll, whole.votes)
    assert (report.ballots, report.superseded, report.checkpoints) == (28, 5, 6)
    assert report.cosigned == ["council.example", "press.example"]
    assert {key: (tally.sealed, tally.paper, tally.issued) for key, tally in report.classes.items()} == {
        "시민": (15, 6, {"city": 20, "observers": 20}), "위원": (8, 0, {"city": 20, "observers": 20})
    }  # fmt: skip
    assert report.notes == [("desk-difference", "나 시민: +1")]


def test_equal_polls_are_equal_bytes(whole, path, tmp_path):
    assert whole.write(tmp_path / "twice.zip").read_bytes() == path.read_bytes()


def test_a_ballot_that_does_not_open_is_void_and_counted_as_such(path):
    report = audit(path)
    assert report.result["turnout"] == 29
    assert report.result["void"] == {"form": 1, "not-on-paper": 1, "too-few": report.result["void"]["too-few"], "too-many": 2}


def test_a_receipt_shows_its_own_ballot_and_a_strange_one_is_missing(whole, path):
    counted = next(cast for batch in whole.casts for cast in batch if cast.leaf not in whole.superseded)
    replaced = next(cast for batch in whole.casts for cast in batch if cast.leaf in whole.superseded)
    shown = audit(path, receipt=board.code(counted.leaf).lower()).receipt
    assert shown["counted"] is True
    assert (shown["marks"] == "?") is (counted.sealed == bytes(len(counted.sealed)))
    hidden = audit(path, receipt=board.code(replaced.leaf)).receipt
    assert (hidden["counted"], hidden["marks"]) == (False, None)
    assert named(path, receipt="2222-3333-4444") == ("receipt-missing", "board.jsonl")


def test_the_boxs_whole_answer_proves_that_it_dropped_a_ballot(whole, path, tmp_path, capsys):
    """The box took a ballot, signed a receipt, and left the ballot out of every batch: the board is whole, and the box is caught."""
    key = board.box_key(whole.poll, making.BOX_SEED)
    dropped, kept = ballot.make(making.voter(whole.poll, "시민"), "1"), whole.casts[0][0]
    answers = {}
    for name, cast in (("dropped", dropped), ("kept", kept)):
        signed = board.receipt(cast.leaf, key, whole.poll)
        answer = {"code": board.code(cast.leaf), "leaf": b64(cast.leaf), "receipt": b64(signed), "seq": 1}
        answers[name] = tmp_path / f"{name}.json"
        answers[name].write_text(json.dumps(answer), "utf-8")
    assert main([str(path), "--receipt", str(answers["kept"])]) == 0
    capsys.readouterr()
    assert main([str(path), "--receipt", str(answers["dropped"])]) == 1
    assert "proves that it took this ballot" in capsys.readouterr().out
    invented = json.dumps({"leaf": b64(dropped.leaf), "receipt": b64(bytes(64))})
    assert named(path, receipt=invented) == ("bad-receipt", "")
    for bad in ("{}", "{", '{"leaf":1}', json.dumps({"leaf": b64(bytes(32))}), "{\ud800}"):
        with pytest.raises(SealedError) as fault:
            audit(path, receipt=bad)
        assert fault.value.code == "bad-code"


def test_a_poll_nobody_voted_in_holds_too(tmp_path):
    empty = making.made(0)
    report = audit(empty.write(tmp_path / "empty.zip"))
    assert (report.ok, report.ballots, report.checkpoints, report.result["turnout"]) == (True, 0, 1, 6)


def test_without_a_key_of_ones_own_the_report_says_whose_key_it_was(path):
    assert audit(path).notes[0] == ("untrusted-key", str(HOUSE.verifier))
    assert named(path, key=str(SigningKey("city.example", bytes(32)).verifier)) == ("wrong-house-key", "poll.sig")


# ── one bit, anywhere ───────────────────────────────────────────────────────
@pytest.mark.parametrize("name", bundle.FILES)
def test_one_flipped_bit_in_any_file_is_caught(path, tmp_path, name):
    files = making.parts(path)
    chance = random.Random(name)
    for place in sorted({0, len(files[name]) - 1, *(chance.randrange(len(files[name])) for _ in range(18))}):
        flipped = bytearray(files[name])
        flipped[place] ^= 1 << chance.randrange(8)
        report = audit(making.packed(tmp_path / "flipped.zip", files | {name: bytes(flipped)}, closed=False))
        assert not report.ok, (name, place)
        assert report.fault.code in telling.WORDS


def test_one_flipped_bit_of_the_zip_is_caught_or_changes_no_file(path, tmp_path):
    raw, files = path.read_bytes(), making.parts(path)
    chance = random.Random(5)
    for place in [*range(60), *(chance.randrange(len(raw)) for _ in range(60)), *range(len(raw) - 90, len(raw))]:
        flipped = bytearray(raw)
        flipped[place] ^= 1 << chance.randrange(8)
        target = tmp_path / "flipped.zip"
        target.write_bytes(flipped)
        if audit(target).ok:
            assert making.parts(target) == files


# ── the board, by an outsider and by a house that signs again ───────────────
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize(("change", "code"), [
    ("drop", "ballot-dropped"), ("drop-last", "ballot-dropped"), ("drop-all", "ballot-dropped"), ("swap", "ballots-reordered"),
    ("double", "ballots-reordered"), ("reverse", "ballots-reordered"),
])  # fmt: skip
def test_a_dropped_moved_or_doubled_ballot_is_named(repacked, change, code, closed):
    def tamper(files):
        lines = files["board.jsonl"].splitlines(keepends=True)
        if change == "double":
            lines[3] = lines[2]
        if change == "swap":
            lines[6], lines[7] = lines[7], lines[6]
        lines = {"drop": lines[:9] + lines[10:], "drop-last": lines[:-1], "drop-all": [], "reverse": lines[::-1]}.get(change, lines)
        files["board.jsonl"] = b"".join(lines)

    assert named(repacked(tamper, closed)) == (code, "board.jsonl")


@pytest.mark.parametrize("place", [0, 12, 28])
def test_a_ballot_added_with_a_true_right_is_named(whole, repacked, place):
    """Both issuers and the house together could make it; the checkpoints still do not hold it."""
    cast = ballot.make(making.voter(whole.poll, "시민"), "1")

    def tamper(files):
        lines = files["board.jsonl"].splitlines(keepends=True)
        files["board.jsonl"] = b"".join([*lines[:place], Posted(*_cast(cast)).line(), *lines[place:]])

    assert named(repacked(tamper)) == ("ballot-added", "board.jsonl")


def test_a_ballot_replaced_by_one_with_a_true_right_is_named(whole, repacked):
    lines = whole.posted()
    cast = _between(whole, lines[1], lines[3])

    def tamper(files):
        files["board.jsonl"] = b"".join(line.line() for line in [*lines[:2], Posted(*_cast(cast)), *lines[3:]])

    assert named(repacked(tamper)) == ("ballot-replaced", "board.jsonl")


def test_a_ballot_added_without_a_right_is_named(whole, repacked):
    citizen = making.voter(whole.poll, "시민")
    citizen.right = bytes(256), citizen.right[1]
    first = ballot.make(citizen, "1")
    other = making.voter(whole.poll, "시민")
    other.right = other.right[::-1]
    second = ballot.make(other, "1")
    for cast in (first, second):
        def tamper(files, cast=cast):
            files["board.jsonl"] = Posted(*_cast(cast)).line() + files["board.jsonl"]

        assert named(repacked(tamper)) == ("bad-right", "board.jsonl")


@pytest.mark.parametrize(
    ("part", "code"), [("sig", "bad-signature"), ("sealed", "sealed-altered"), ("header", "malformed"), ("length", "wrong-length")]
)
def test_an_altered_part_of_a_ballot_is_named(whole, again, part, code):
    lines = whole.posted()
    place = next(place for place, line in enumerate(lines) if line.sealed)
    old = lines[place]
    lines[place] = {
        "sig": old._replace(sig=bytes(64)), "sealed": old._replace(sealed=old.sealed[:-1] + b"!"),
        "header": old._replace(header=old.header.replace(b'"seq":', b'"seq":0')), "length": old._replace(sealed=old.sealed + b"!"),
    }[part]  # fmt: skip
    report = audit(again(board=lines))
    assert (report.fault.code, report.fault.file, report.fault.line) == (code, "board.jsonl", place + 1)


def test_a_ballot_padded_to_another_length_is_named(whole, tmp_path):
    """Rightly signed, rightly sealed, and one byte longer or shorter than all others: it could be told apart."""
    for size in (whole.poll.padded - 1, whole.poll.padded + 1):
        cast = making.odd(making.voter(whole.poll, "시민"), seal.padded("1", size))
        assert _with(whole, cast, tmp_path) == ("wrong-length", "board.jsonl")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_no_other_sequence_of_the_same_lines_passes(whole, repacked, chance):
    """Dropped, doubled, moved, in any mixture, with the house signing again."""
    lines = [posted.line() for posted in whole.posted()]
    other = list(lines)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(other))
        chance.choice([
            lambda place=place: other.pop(place), lambda place=place: other.insert(chance.randrange(len(other)), other[place]),
            lambda place=place: other.insert(chance.randrange(len(other)), other.pop(place)),
        ])()  # fmt: skip
    report = audit(repacked(lambda files: files.update({"board.jsonl": b"".join(other)})))
    assert report.ok is (other == lines)
    if len(other) != len(lines):
        assert report.fault.code == ("ballot-dropped" if len(other) < len(lines) else "ballot-added")


@pytest.mark.parametrize("name", [name for name in bundle.FILES if name.endswith((".json", ".sig", "paper.jsonl"))])
def test_whatever_stands_in_a_file_the_audit_ends_with_a_verdict(path, tmp_path, name):
    """Each value taken out, doubled, or put in strange, and signed by the house where it signs: a named fault, or the same sums."""
    files, chance, verdicts = making.parts(path), random.Random(name), set()
    for _ in range(40):
        rows = [json.loads(line) for line in files[name].splitlines()]
        place = chance.randrange(len(rows))
        rows[place] = making.mutated(chance, rows[place])
        end = b"\n" if name.endswith("l") else b""
        other = files | {name: b"".join(written(row) + end for row in rows)}
        if name in ("poll.json", "closing.json"):
            other[name.replace("json", "sig")] = poll.house_signature(other[name], HOUSE)
        report = audit(making.packed(tmp_path / "strange.zip", other, closed=not name.startswith("closing")))
        verdicts.add(report.ok)
        assert report.ok or report.fault.code in telling.WORDS
    assert False in verdicts


def test_a_key_of_another_class_or_poll_makes_no_right(whole, tmp_path):
    """A right of 시민 shown as one of 위원, and a right of another poll: only keys keep them apart."""
    citizen = making.voter(whole.poll, "시민")
    citizen.class_key = "위원"
    stranger = making.voter(poll.write(making.content(poll="another-poll")), "시민")
    stranger.poll = whole.poll
    for cast in (ballot.make(citizen, "1"), ballot.make(stranger, "1")):
        assert _with(whole, cast, tmp_path) == ("bad-right", "board.jsonl")


def test_a_ballot_of_another_poll_is_named(whole, tmp_path):
    other = poll.write(making.content(poll="another-poll"))
    assert _with(whole, ballot.make(making.voter(other, "시민"), "1"), tmp_path) == ("other-poll", "board.jsonl")


def test_one_key_twice_at_one_turn_is_named(whole, tmp_path):
    citizen = making.voter(whole.poll, "시민")
    one, two = ballot.make(citizen, "1", seq=3), ballot.make(citizen, "2", seq=3)
    assert _with(whole, one, tmp_path, two) == ("same-turn-twice", "board.jsonl")


def test_a_superseded_ballot_that_is_counted_and_a_counted_one_without_its_part_are_named(whole, tmp_path):
    early = min(whole.superseded)
    open_all = replace(whole, superseded=whole.superseded - {early})
    assert named(open_all.write(tmp_path / "open.zip")) == ("superseded-counted", "board.jsonl")
    hidden = next(cast.leaf for batch in whole.casts for cast in batch if cast.leaf not in whole.superseded)
    assert named(replace(whole, superseded=whole.superseded | {hidden}).write(tmp_path / "hidden.zip")) == ("sealed-missing", "board.jsonl")


def test_a_second_turn_where_the_poll_takes_none_is_named(tmp_path):
    once = making.made(6, revote=False)
    assert audit(once.write(tmp_path / "once.zip")).ok
    assert _with(once, ballot.make(making.voter(once.poll, "시민"), "1", seq=2), tmp_path) == ("no-revote", "board.jsonl")


# ── checkpoints and witnesses ───────────────────────────────────────────────
def test_a_forged_cosignature_is_named(whole, again):
    """Of a witness's name by another key, and of another checkpoint."""
    notes = whole.notes()
    thief = SigningKey(WITNESSES[0].name, bytes(32))
    strange = poll.write(making.content(witnesses=[{"name": thief.name, "key": b64(thief.verifier.public)}], poll="other"))
    key = SigningKey(poll.origin(strange.digest), making.BOX_SEED)
    line = board.cosign(strange, board.checkpoint(board.batched(_frontier(), [b"x" * 32])[1], key), thief, making.AT)
    earlier, own = (_line(note, "— press") for note in notes[1:3])
    for forged in (notes[2].replace(own, line), notes[2].replace(own, earlier), notes[2].replace(own, own.replace("AAAA", "AAAB", 1))):
        assert forged != notes[2]
        assert named(again(checkpoints=[*notes[:2], forged, *notes[3:]])) == ("forged-cosignature", "checkpoints.txt")


def test_a_strange_or_doubled_cosigner_is_named(whole, again):
    notes = whole.notes()
    press = _line(notes[0], "— press")
    for line in (press, press.replace("press.example", "nobody.example")):
        assert named(again(checkpoints=[notes[0] + line, *notes[1:]])) == ("unknown-cosigner", "checkpoints.txt")


def test_witnesses_who_stay_away_are_counted(whole, again):
    assert named(again(checkpoints=whole.notes(WITNESSES[:1]))) == ("too-few-cosignatures", "checkpoints.txt")
    assert named(again(checkpoints=whole.notes([]))) == ("too-few-cosignatures", "checkpoints.txt")


def test_a_box_that_signs_a_second_board_needs_the_witnesses_too(whole, tmp_path):
    """Box, house and issuers together replace the last batch and sign again; the old cosignatures do not fit."""
    other = replace(whole, casts=[*whole.casts[:-1], [ballot.make(making.voter(whole.poll, "시민"), "1")]])
    *before, last = whole.notes()
    bare = other.notes([])[-1]
    copied = bare + _line(last, "— press") + _line(last, "— council")
    assert named(other.write(tmp_path / "two.zip", checkpoints=[*before, copied])) == ("forged-cosignature", "checkpoints.txt")
    assert named(other.write(tmp_path / "three.zip", checkpoints=[*before, bare])) == ("too-few-cosignatures", "checkpoints.txt")


@pytest.mark.parametrize(("change", "code"), [
    (lambda notes: notes[:-1], "ballot-added"), (lambda notes: [notes[1], notes[0], *notes[2:]], "checkpoints-disordered"),
    (lambda notes: [*notes, notes[-1]], "checkpoints-disordered"), (lambda notes: notes[:3] + notes[4:], "ballots-reordered"),
    (lambda notes: [], "bad-checkpoint"), (lambda notes: [note.replace("\n6\n", "\n7\n") for note in notes], "ok"),
    (lambda notes: [notes[0].replace("\n5\n", "\n6\n"), *notes[1:]], "bad-box-signature"),
    (lambda notes: [notes[0].replace("\n5\n", "\n05\n"), *notes[1:]], "bad-box-signature"),
    (lambda notes: [notes[0].replace("\n\n", "\nmore\n\n", 1), *notes[1:]], "bad-box-signature"),
    (lambda notes: ["— \n", *notes], "bad-checkpoint"),
])  # fmt: skip
def test_checkpoints_are_read_strictly(whole, again, change, code):
    file = again(checkpoints=change(whole.notes()))
    assert (audit(file).ok and "ok") or named(file)[0] == code


def test_a_batch_smaller_than_promised_is_named(whole, tmp_path):
    small = replace(whole, casts=[whole.casts[0][:3], whole.casts[0][3:], *whole.casts[1:]])
    assert named(small.write(tmp_path / "small.zip")) == ("small-batch", "checkpoints.txt")


def test_a_kept_checkpoint_has_to_be_of_this_board(whole, path, tmp_path):
    notes = whole.notes()
    assert all(audit(path, kept=note).ok for note in notes)
    shorter = replace(whole, casts=whole.casts[:-1])
    assert named(shorter.write(tmp_path / "short.zip"), kept=notes[-1]) == ("kept-differs", "checkpoints.txt")
    other = replace(whole, casts=[[ballot.make(making.voter(whole.poll, "시민"), "1"), *whole.casts[0]], *whole.casts[1:]])
    assert named(path, kept=other.notes()[0])[0] == "kept-differs"


# ── seal, rights, paper, count ──────────────────────────────────────────────
def test_a_wrong_seal_key_is_named(whole, again, repacked):
    assert named(again(seal=seal.SealKey.make())) == ("wrong-seal-key", "seal.json")
    assert named(repacked(lambda files: files.update({"seal.json": written({"seed": b64(bytes(31))})}))) == ("bad-seed", "seal.json")


def test_more_ballots_than_rights_and_more_rights_than_people_are_named(whole, again):
    few = [{**row, "issued": 5 if (row["class"], row["issuer"]) == ("시민", "observers") else 10} for row in whole.issued]
    assert named(again(issued=few)) == ("more-ballots-than-rights", "issued.json")
    many = [{**row, "issued": 31} for row in whole.issued]
    assert named(again(issued=many)) == ("more-rights-than-roll", "issued.json")
    with_paper = [{**row, "issued": 29} for row in whole.issued]
    assert named(again(issued=with_paper)) == ("more-rights-than-roll", "desk.json")


@pytest.mark.parametrize("row", [
    {"class": "없음"}, {"issuer": "nobody"}, {"day": "2026-9-1"}, {"issued": -1}, {"issued": True}, {"issued": "1"}, {"hour": 1}, {},
])  # fmt: skip
def test_counts_of_rights_are_read_strictly(whole, again, row):
    assert named(again(issued=[*whole.issued, {**whole.issued[0], **row}])) == ("bad-issued", "issued.json")


def test_a_paper_ballots_number_twice_is_named(whole, again):
    rows = [*whole.paper[:-1], {**whole.paper[-1], "serial": whole.paper[0]["serial"]}]
    assert named(again(paper=rows)) == ("serial-twice", "paper.jsonl")


def test_a_sheet_that_does_not_add_up_is_named(whole, again):
    for change in ({"handed": 5}, {"spoiled": 0}, {"counted": 2, "difference": 1}, {"difference": 1}):
        assert named(again(desk=[{**whole.desk[0], **change}, whole.desk[1]])) == ("desk-sum", "desk.json")
    assert named(again(desk=whole.desk[:1])) == ("desk-sum", "desk.json")
    assert named(again(paper=whole.paper[:-1])) == ("desk-sum", "desk.json")
    for bad in ({"handed": -4, "counted": -9}, {"class": "없음"}, {"handed": "4"}):
        assert named(again(desk=[{**whole.desk[0], **bad}, whole.desk[1]])) == ("bad-desk", "desk.json")
    assert named(again(desk=[*whole.desk, whole.desk[0]])) == ("bad-desk", "desk.json")


def test_another_result_is_named_with_the_place_where_they_part(whole, again):
    report = audit(again(result={**counting.counted(whole.poll, whole.votes), "winners": [3]}))
    assert (report.fault.code, report.fault.detail) == ("wrong-result", "$.winners: [1] ≠ [3]")
    swapped = [{**row, "marks": "2"} if row["marks"] == "1" else row for row in whole.paper]
    assert named(again(paper=swapped)) == ("wrong-result", "result.json")


def test_paper_rows_are_read_strictly(whole, again, repacked):
    assert named(again(paper=[{**whole.paper[0], "class": "없음"}, *whole.paper[1:]])) == ("unknown-class", "paper.jsonl")
    assert named(again(paper=[{**whole.paper[0], "name": "누구"}, *whole.paper[1:]])) == ("bad-row", "paper.jsonl")
    many = [{"desk": "가", "serial": f"B-{number}", "class": "시민", "marks": ""} for number in range(121)]
    assert named(again(paper=many)) == ("more-rights-than-roll", "paper.jsonl")
    broken = repacked(lambda files: files.update({"paper.jsonl": files["paper.jsonl"].rstrip(b"\n")}))
    assert named(broken) == ("bad-line", "paper.jsonl")


# ── the house ───────────────────────────────────────────────────────────────
def test_another_poll_under_an_old_signature_is_named(whole, path, tmp_path):
    files = making.parts(path)
    files["poll.json"] = poll.write(making.content(title={"ko": "다른", "en": "other"})).raw
    assert named(making.packed(tmp_path / "a.zip", files, closed=False)) == ("bad-poll-signature", "poll.sig")
    stranger = SigningKey("city.example", bytes(32))
    files["poll.sig"] = poll.house_signature(files["poll.json"], stranger)
    assert named(making.packed(tmp_path / "b.zip", files, closed=False)) == ("wrong-house-key", "closing.json")


def test_a_closing_of_another_poll_is_named(path, tmp_path):
    files = making.parts(path)
    closing = json.loads(files["closing.json"]) | {"poll": b64(sha256(b"").digest())}
    files["closing.json"] = written(closing)
    files["closing.sig"] = poll.house_signature(files["closing.json"], HOUSE)
    assert named(making.packed(tmp_path / "a.zip", files, closed=False)) == ("bad-closing", "closing.json")


def test_a_rule_nobody_can_count_is_named(tmp_path):
    whole = making.made(0)
    bad = poll.write(making.content(rule={"kind": "approval", "counting": "whatever"}))
    whole = replace(whole, poll=bad)
    file = whole.write(tmp_path / "a.zip", result={}, checkpoints=whole.notes())
    assert named(file) == ("bad-paper", "poll.json")


# ── the command ─────────────────────────────────────────────────────────────
def test_the_command_speaks_both_languages_and_exits_with_what_it_found(path, repacked, tmp_path, capsys):
    assert main([str(path), "--key", str(HOUSE.verifier)]) == 0
    told = capsys.readouterr().out
    assert "발표한 결과와 같습니다" in told
    assert "the result is the published one" in told
    assert main([str(repacked(lambda files: files.update({"seal.json": b"{}"})))]) == 1
    assert "✗ seal.json" in capsys.readouterr().out
    assert main([str(tmp_path / "nowhere.zip")]) == 1
    assert main(["--no-such-option"]) == 2
    assert main([str(path), "--receipt", "0000"]) == 2
    assert main([str(path), "--key", "x"]) == 2


def test_the_report_is_json_and_the_votes_a_pabulib_file(path, tmp_path, capsys):
    pytest.importorskip("numpy")
    out = tmp_path / "out.pb"
    assert main([str(path), "--json", "--pb", str(out)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["ballots"]) == (True, 28)
    assert f"num_votes;{report['result']['valid']}" in out.read_text("utf-8")


def test_the_command_works_where_django_and_gmpy2_cannot_be(path):
    code = """
import sys
class Shut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "sqlite3", "gmpy2", "numpy"}:
            raise ModuleNotFoundError(f"shut for this test: {name}")
sys.meta_path.insert(0, Shut())
import socket
socket.socket = socket.getaddrinfo = None
from madang.doors.cli import main
sys.exit(main(["audit", sys.argv[1], "--json"]))
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True), done.stderr


def test_a_count_that_needs_arrays_says_what_to_install(tmp_path, capsys):
    pytest.importorskip("numpy")
    rule = {"kind": "knapsack", "counting": "equal-shares", "pot": 300}
    file = making.made(5, rule=rule).write(tmp_path / "pb.zip")
    assert main([str(file), "--pb", str(tmp_path / "out.pb")]) == 0
    assert "budget;300" in (tmp_path / "out.pb").read_text("utf-8")
    code = "import sys; sys.modules['numpy'] = None\nfrom madang.methods.sealed.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "madang[methods]" in done.stderr) == (2, True), done.stderr


def test_votes_without_costs_have_no_pabulib_form(tmp_path, capsys):
    pytest.importorskip("numpy")
    free = making.made(3, options=[{"place": place, "title": f"{place}"} for place in (1, 2, 3)])
    assert main([str(free.write(tmp_path / "a.zip")), "--pb", str(tmp_path / "out.pb")]) == 2
    assert ".pb" in capsys.readouterr().err


def _cast(cast):
    return cast.header, cast.sig, cast.sealed


def _line(note, start):
    return next(line for line in note.splitlines(keepends=True) if line.startswith(start))


def _frontier():
    return board.Frontier()


def _with(whole, cast, tmp_path, *more):
    """What the audit says when box, witnesses and house put these ballots into the last batch as if they were good."""
    other = replace(whole, casts=[*whole.casts[:-1], [*whole.casts[-1], cast, *more]])
    return named(other.write(tmp_path / "with.zip"))


def _between(whole, one, other):
    """A ballot whose leaf lies between those of two others: turns are tried until one does."""
    low, high = ballot.leaf(one.header, one.sig), ballot.leaf(other.header, other.sig)
    citizen = making.voter(whole.poll, "시민")
    for seq in range(1, 10_000):
        cast = ballot.make(citizen, "1", seq=seq)
        if low < cast.leaf < high:
            return cast
    raise AssertionError("no turn fits")
