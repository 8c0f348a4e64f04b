"""A second auditor in another language, which shares no code with the first, judges the same files the same way."""

import json
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import sealed_poll as making
from sealed_poll import HOUSE, WITNESSES

from madang.methods.sealed import ballot, bundle, counting, seal
from madang.methods.sealed.audit import audit
from madang.methods.sealed.bundle import Posted
from madang.methods.transparency.checkpoint import SigningKey

SCRIPT = Path(__file__).parent / "second_verifier.mjs"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node가 없습니다 / no Node on this machine")


def second(file, *words):
    """What the other auditor says."""
    done = subprocess.run([NODE, str(SCRIPT), str(file), *words], capture_output=True, text=True, timeout=60, check=False)
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1), done.stderr
    return said


@pytest.fixture(scope="module")
def whole():
    return making.made()


@pytest.fixture(scope="module")
def path(whole, tmp_path_factory):
    return whole.write(tmp_path_factory.mktemp("second") / "poll.zip")


def test_it_is_short_enough_to_be_read_in_an_evening():
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 300


def test_both_find_a_whole_poll_whole(whole, path, tmp_path):
    assert second(path, str(HOUSE.verifier)) == {"ok": True, "ballots": 28, "counted": 23, "house": str(HOUSE.verifier)}
    assert second(making.made(0).write(tmp_path / "empty.zip"))["ok"] is True
    assert second(path, str(SigningKey("city.example", bytes(32)).verifier))["code"] == "wrong-house-key"


def tampered(whole, folder):
    """(name, file): what a house, a box and an outsider might do."""
    citizen = making.voter(whole.poll, "시민")
    added = ballot.make(citizen, "1")
    again = ballot.make(citizen, "2")
    early = min(whole.superseded)
    hidden = next(cast.leaf for batch in whole.casts for cast in batch if cast.leaf not in whole.superseded)
    lines, notes, issued, desk = whole.posted(), whole.notes(), whole.issued, whole.desk
    wrong_class = making.voter(whole.poll, "시민")
    wrong_class.class_key = "위원"
    result = counting.counted(whole.poll, whole.votes)

    def cast(one):
        return Posted(one.header, one.sig, one.sealed)

    def wider(*more):
        return replace(whole, casts=[*whole.casts[:-1], [*whole.casts[-1], *more]])

    made = {
        "ballot-added": (whole, {"board": [*lines, cast(added)]}),
        "ballot-dropped": (whole, {"board": lines[:-1]}),
        "ballots-reordered": (whole, {"board": [lines[1], lines[0], *lines[2:]]}),
        "bad-right": (wider(ballot.make(wrong_class, "1")), {}),
        "same-turn-twice": (wider(added, again), {}),
        "superseded-counted": (replace(whole, superseded=whole.superseded - {early}), {}),
        "sealed-missing": (replace(whole, superseded=whole.superseded | {hidden}), {}),
        "forged-cosignature": (whole, {"checkpoints": [notes[0].replace(_press(notes[0]), _press(notes[1])), *notes[1:]]}),
        "too-few-cosignatures": (whole, {"checkpoints": whole.notes(WITNESSES[:1])}),
        "bad-checkpoint": (whole, {"checkpoints": []}),
        "checkpoints-disordered": (whole, {"checkpoints": [*notes, notes[-1]]}),
        "small-batch": (replace(whole, casts=[whole.casts[0][:3], whole.casts[0][3:], *whole.casts[1:]]), {}),
        "wrong-seal-key": (whole, {"seal": seal.SealKey.make()}),
        "more-ballots-than-rights": (whole, {"issued": [{**row, "issued": 5} for row in issued]}),
        "more-rights-than-roll": (whole, {"issued": [{**row, "issued": 31} for row in issued]}),
        "bad-issued": (whole, {"issued": [*issued, issued[0]]}),
        "serial-twice": (whole, {"paper": [*whole.paper[:-1], {**whole.paper[-1], "serial": "A-0000"}]}),
        "desk-sum": (whole, {"desk": [{**desk[0], "handed": 9}, desk[1]]}),
        "bad-desk": (whole, {"desk": [*desk, {**desk[0], "class": "없음"}]}),
        "wrong-result": (whole, {"result": {**result, "valid": result["valid"] + 1}}),
    }  # fmt: skip
    for code, (poll, other) in made.items():
        yield code, poll.write(folder / f"{code}.zip", **other)


def _press(note):
    return next(line for line in note.splitlines(keepends=True) if line.startswith("— press"))


def test_both_name_the_same_fault_in_whatever_was_tampered_with(whole, tmp_path):
    said = {code: (audit(file).fault.code, second(file)["code"]) for code, file in tampered(whole, tmp_path)}
    assert len(said) == 20
    assert said == {code: (code, code) for code in said}


def test_both_refuse_one_flipped_bit_in_any_file(path, tmp_path):
    files, chance = making.parts(path), random.Random(11)
    for name in bundle.FILES:
        for _ in range(4):
            flipped = bytearray(files[name])
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            file = making.packed(tmp_path / "flipped.zip", files | {name: bytes(flipped)}, closed=False)
            assert (audit(file).ok, second(file)["ok"]) == (False, False), name


ODD = [
    (b'{"marks":"1"}', "1"), (b'{"marks":"1 2"}', "1 2"), (b'{"marks": "1"}', "?"), (rb'{"marks":"\u0031"}', "?"),
    (b'{"marks":"1","marks":"1"}', "?"),
    (b'{"marks":"1"}\n', "?"), (b'\xef\xbb\xbf{"marks":"1"}', "?"), (b'{"marks":1}', "?"), (b'{"marks":"1","more":1}', "?"),
    (b'{"Marks":"1"}', "?"),
    (b'["1"]', "?"), (b'"1"', "?"), (b"", "?"), (b"null", "?"), (b'{"marks":"\xff"}', "?"), (rb'{"marks":"\ud800"}', "?"),
    (b'{"marks":"1\0"}', "?"),
    ('{"marks":"\u1112"}'.encode(), "\u1112"), ('{"marks":"\u1112\u1161"}'.encode(), "?"), ('{"marks":"１"}'.encode(), "１"),
]  # fmt: skip


def test_both_open_odd_plaintexts_alike(whole, tmp_path):
    """Each would be a vote for 1 to a reader who is less strict, and the counts would differ."""
    batch, votes = [], whole.votes.copy()
    texts = [(len(text).to_bytes(2, "big") + text, marks) for text, marks in ODD]
    texts += [(b"\0\x0d" + b'{"marks":"1"}' + b"\1", "?"), (b"\0\x0c" + b'{"marks":"1"}', "?"), (b"\xff\xff" + b'{"marks":"1"}', "?")]
    for text, marks in texts:
        batch.append(making.odd(making.voter(whole.poll, "시민"), text.ljust(whole.poll.padded, b"\0")))
        votes["시민", marks] += 1
    issued = [{**row, "issued": 25} for row in whole.issued]
    odd = replace(whole, casts=[*whole.casts[:-1], whole.casts[-1] + batch], votes=votes, issued=issued)
    file = odd.write(tmp_path / "odd.zip")
    assert audit(file).fault is None
    assert second(file)["counted"] == 23 + len(texts)
