"""The browser's half of a sealed ballot: the RFCs' own vectors, the same bytes as Python both ways, and maintained packages agree.

Run in Node with the modules the page uses. The packages are installed by npm into a folder outside the repository (MADANG_NPM, or one made
for the test); without Node, npm or a network those tests are skipped in words.
"""

import base64
import json
import os
import random
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
import segno
from django.contrib.staticfiles import finders
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.decisions.forms.ballots import MarksWidget
from madang.decisions.queries import PAPERS
from madang.methods.ballots import paper
from madang.methods.ballots.marks import Void
from madang.methods.sealed import SealedError, b64, ballot, blind, board, seal, unb64
from madang.methods.sealed.audit import audit
from madang.methods.sealed.right import Voter
from madang.methods.sealed.writing import strict, written
from madang.methods.transparency.merkle import Frontier

sys.path.append(str(Path(__file__).parents[1] / "methods" / "sealed"))  # the poll made up there
import sealed_poll as making
from test_seal import AAD, CIPHERTEXT, ENC, EPHEMERAL_SEED, INFO, PUBLIC, SECRET, SEED
from test_second_verifier import tampered

NODE, NPM = shutil.which("node"), shutil.which("npm")
PACKAGES = ("@cloudflare/blindrsa-ts@0.4.4", "@hpke/core@1.9.0", "@noble/curves@2.4.0")
RFC = json.loads((Path(__file__).parents[1] / "methods" / "sealed" / "rfc9474.json").read_text("utf-8"))
pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node here to run the browser's modules")
MASTER = bytes(range(32)).hex()
TWO_READINGS = [
    b'{"a":1}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"b":1,"a":1}', b'{ "a":1}', b"1e3", b"-0", b"[]\n", b'"\\u00e9"', b"\xff",
    b'{"a":9007199254740992}', b"NaN", b"", b'"\\ud800"',
]  # fmt: skip


class Browser:
    """The modules in a Node process; `ask` gives what was done, or the code of the refusal."""

    def __init__(self, *more: str) -> None:
        modules = Path(finders.find("madang/sealed/ballot.js")).parent
        script = Path(__file__).with_name("sealed.mjs")
        self.process = subprocess.Popen(
            [NODE, str(script), str(modules), *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8",
        )  # fmt: skip

    def ask(self, do: str, **asked):
        self.process.stdin.write(json.dumps({"do": do, **asked}) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        assert "broken" not in said, said["broken"]
        return said.get("done", said)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def browser():
    made = Browser()
    yield made
    made.end()


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A browser beside the maintained packages, installed outside the repository."""
    folder = Path(os.environ.get("MADANG_NPM", "") or tmp_path_factory.mktemp("npm"))
    if not (folder / "node_modules" / "@noble" / "curves").exists():
        if NPM is None:
            pytest.skip("there is no npm here to install the packages to compare with")
        words = [NPM, "install", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
        done = subprocess.run(words, capture_output=True, check=False, timeout=180)
        if done.returncode:
            pytest.skip("npm could not install the packages to compare with (no network?)")
    made = Browser(str(folder))
    yield made
    made.end()


@pytest.fixture(scope="module")
def poll():
    return making.poll.write(making.content())


# ── the vectors of the RFCs ─────────────────────────────────────────────────
@pytest.mark.parametrize("vector", RFC["vectors"], ids=lambda vector: vector["name"])
def test_blinding_is_byte_for_byte_rfc_9474(browser, vector):
    n, message = RFC["key"]["n"], vector["msg_prefix"] + vector["msg"]
    assert browser.ask("blind", n=n, message=message, salt=vector["salt"], r_inverse=vector["inv"]) == [
        vector["blinded_msg"], f"{int(vector['inv'], 16):x}"
    ]  # fmt: skip
    asked = {"n": n, "message": message, "salt": len(vector["salt"]) // 2}
    assert browser.ask("finalize", **asked, answer=vector["blind_sig"], off=vector["inv"]) == vector["sig"]
    wrong = f"{int(vector['blind_sig'], 16) ^ 1:0{len(n)}x}"
    assert browser.ask("finalize", **asked, answer=wrong, off=vector["inv"]) == {"code": "invalid-signature"}


def test_sealing_is_byte_for_byte_rfc_9180(browser):
    """Appendix A.1.1, sequence number 0."""
    assert browser.ask("pair", seed=SEED.hex()) == {"secret": SECRET, "public": PUBLIC}
    plaintext = b"Beauty is truth, truth beauty".hex()
    asked = {"info": INFO.hex(), "aad": AAD.hex()}
    assert browser.ask("seal", to=PUBLIC, plaintext=plaintext, seed=EPHEMERAL_SEED.hex(), **asked) == ENC + CIPHERTEXT
    assert browser.ask("open", seed=SEED.hex(), sealed=ENC + CIPHERTEXT, **asked) == plaintext
    assert browser.ask("open", seed=SEED.hex(), sealed=ENC + CIPHERTEXT, info="00") == {"code": "not-opened"}


def test_this_engine_has_what_a_secret_vote_needs(browser):
    assert browser.ask("lacking") == ""


# ── the same bytes as Python ────────────────────────────────────────────────
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8,
)  # fmt: skip


@settings(max_examples=150, derandomize=True, deadline=None)
@given(value=values, raw=st.binary(max_size=80), letters=st.text("ABab01-_=+/ ", max_size=9))
def test_texts_and_base64_are_written_and_refused_alike(browser, value, raw, letters):
    try:
        ours = written(value).decode()
    except ValueError:  # two keys that are one in NFC
        ours = None
    if ours is not None:
        assert browser.ask("canonical", value=value) == ours
    assert browser.ask("coded", raw=raw.hex()) == [b64(raw), raw.hex()]
    try:
        expected = unb64(letters).hex()
    except SealedError as fault:
        expected = {"code": fault.code}
    assert browser.ask("unb64", text=letters) == expected


@pytest.mark.parametrize("raw", TWO_READINGS)
def test_a_text_with_two_readings_is_refused_alike(browser, raw):
    try:
        expected = strict(raw)
    except SealedError as fault:
        expected = {"code": fault.code}
    assert browser.ask("strict", raw=raw.hex()) == expected


def rights(voter_asks, class_key):
    return [
        b64(blind.blind_sign(key, unb64(message)))
        for key, message in zip(making.issuers()[class_key], voter_asks["blinded"], strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("class_key", making.CLASSES)
@pytest.mark.parametrize(("marks", "seq"), [("1 3", 1), ("", 2), ("3", 2**53 - 1)])
def test_a_ballot_made_in_the_browser_is_one_python_takes_opens_and_names_alike(browser, poll, class_key, marks, seq):
    asked = {"poll": b64(poll.raw), "class": class_key, "secret": MASTER}
    wishes = browser.ask("asking", **asked)
    assert browser.ask("asking", **asked) == wishes  # the same secret asks for the same
    cast = browser.ask("cast", **asked, answers=rights(wishes, class_key), marks=marks, seq=seq)
    read = ballot.Cast.read(poll, unb64(cast["body"]))
    header = ballot.read_header(poll, read.header)
    ballot.check(poll, header, read.sig)
    ballot.check_sealed(poll, header, read.sealed)
    assert (header.class_key, header.seq, b64(header.pk)) == (class_key, seq, wishes["pk"])
    assert seal.opened(making.SEAL, read.sealed, ballot.info(poll.digest, class_key, header.pk, seq)) == marks
    assert (b64(read.leaf), board.code(read.leaf)) == (cast["leaf"], cast["code"])
    assert read.body(poll) == unb64(cast["body"])
    receipt = board.receipt(read.leaf, board.box_key(poll, making.BOX_SEED), poll)
    assert browser.ask("receipted", poll=b64(poll.raw), leaf=cast["leaf"], receipt=b64(receipt)) is True
    assert browser.ask("receipted", poll=b64(poll.raw), leaf=cast["leaf"], receipt=b64(receipt[::-1])) is False


def test_a_ballot_made_in_python_is_one_the_browser_takes_and_opens(browser, poll):
    voter = making.voter(poll, "위원")
    cast = ballot.make(voter, "2 3", 5)
    asked = {"poll": b64(poll.raw), "header": b64(cast.header), "sig": b64(cast.sig), "sealed": b64(cast.sealed)}
    asked["seed"] = making.SEAL.seed.hex()
    assert browser.ask("check", **asked) == "2 3"
    assert browser.ask("check", **{**asked, "sig": b64(bytes(64))}) == {"code": "bad-signature"}
    assert browser.ask("check", **{**asked, "sealed": b64(cast.sealed[::-1])}) == {"code": "sealed-altered"}
    assert browser.ask("check", **{**asked, "sealed": b64(cast.sealed[1:])}) == {"code": "wrong-length"}
    forged = cast.header.replace(voter.class_key.encode(), "시민".encode())
    assert browser.ask("check", **{**asked, "header": b64(forged)}) == {"code": "bad-right"}
    assert browser.ask("check", **{**asked, "header": b64(cast.header + b" ")}) == {"code": "malformed"}


def test_a_marked_answer_of_an_issuer_fails_instead_of_marking(browser, poll):
    asked = {"poll": b64(poll.raw), "class": "시민", "secret": MASTER}
    answers = rights(browser.ask("asking", **asked), "시민")
    swapped = browser.ask("cast", **asked, answers=answers[::-1], marks="1", seq=1)
    assert swapped == {"code": "invalid-signature"}


def test_rights_are_not_joined_to_what_the_issuer_saw(browser, poll):
    """Two secrets: nothing an issuer gets is equal, and none of it is in the ballot."""
    asked = {"poll": b64(poll.raw), "class": "시민"}
    one, other = (browser.ask("asking", **asked, secret=bytes([number] * 32).hex()) for number in (1, 2))
    assert not {*one["blinded"], one["pk"]} & {*other["blinded"], other["pk"]}
    cast = browser.ask("cast", **asked, secret=bytes([1] * 32).hex(), answers=rights(one, "시민"), marks="1", seq=1)
    body = unb64(cast["body"])
    assert not any(wish.encode() in body for wish in one["blinded"])


@pytest.mark.parametrize("marks", ["", "1:1 2:0", "\u00e9", "가"])
def test_marks_are_padded_and_read_back_alike(browser, marks):
    padded = seal.padded(marks, 128)
    assert browser.ask("padded", marks=marks, size=128) == padded.hex()
    assert browser.ask("unpadded", plaintext=padded.hex()) == marks
    for spoiled in (
        padded[:-1] + b"\1",
        b"\0\xff" + padded[2:],
        padded.replace(b"marks", b"markz"),
        padded.replace(b'":', b'" :'),
    ):
        assert browser.ask("unpadded", plaintext=spoiled.hex()) == "?"


def test_poll_json_is_read_as_strictly_as_in_python(browser, poll):
    assert browser.ask("poll", poll=b64(poll.raw)) == [b64(poll.digest), ballot.body_size(poll)]
    plain = json.loads(poll.raw)
    one = plain["classes"][0]
    changes = [
        {"format": "x"}, {"poll": "A b"}, {"batch": 0}, {"padded": 63}, {"revote": 1}, {"opens_at": "2026-13-01T00:00:00Z"},
        {"box": "AA"}, {"more": 1}, {"opens_at": plain["closes_at"]}, {"classes": []}, {"classes": [one, one]},
        {"seal": {**plain["seal"], "least": 9}}, {"classes": [{**one, "issuers": one["issuers"][:1]}]},
        {"witnesses": plain["witnesses"] * 2}, {"use": None},
        {"classes": [{**one, "issuers": [{**one["issuers"][0], "e": 3}, one["issuers"][1]]}]},
        {"classes": [{**one, "issuers": [{**one["issuers"][0], "n": b64(bytes(256))}, one["issuers"][1]]}]},
    ]  # fmt: skip
    for change in changes:
        raw = written({**plain, **change})
        with pytest.raises(SealedError) as refused:
            making.poll.read(raw)
        assert (refused.value.code, browser.ask("poll", poll=b64(raw))) == ("bad-poll", {"code": "bad-poll"}), change


def test_the_houses_signature_is_checked_and_another_key_is_named(browser, poll):
    sig = making.poll.house_signature(poll.raw, making.HOUSE)
    known = str(making.HOUSE.verifier)
    assert browser.ask("house", raw=b64(poll.raw), sig=b64(sig), key=known) == known
    assert browser.ask("house", raw=b64(poll.raw + b" "), sig=b64(sig), key="") == {"code": "bad-poll-signature"}
    other = str(making.WITNESSES[0].verifier)
    assert browser.ask("house", raw=b64(poll.raw), sig=b64(sig), key=other) == {"code": "wrong-house-key"}


def test_roots_and_inclusion_proofs_are_those_of_the_board(browser):
    from madang.box.tree import PackedTree

    for size in (1, 2, 3, 7, 8, 21):
        leaves = [sha256(bytes([number])).digest() for number in range(size)]
        tree = PackedTree()
        tree.extend(leaves)
        root = Frontier().extend(leaves)[0].root
        assert browser.ask("root", leaves=[leaf.hex() for leaf in leaves]) == root.hex()
        for index in {0, size // 2, size - 1}:
            path = [part.hex() for part in tree.inclusion(index, size)]
            asked = {"leaf": leaves[index].hex(), "size": size, "path": path, "root": root.hex()}
            assert browser.ask("included", index=index, **asked) is True
            assert browser.ask("included", index=(index + 1) % size, **asked) is (size == 1)
            assert browser.ask("included", index=index, **{**asked, "leaf": sha256(b"x").hexdigest()}) is False
    assert browser.ask("root", leaves=[]) == sha256(b"").hexdigest()


def written_marks(on, fields) -> str:
    """What the fields of a paper say by the house's own widget; the paper is remembered, so no database is asked."""
    PAPERS["a paper made up"] = on
    widget = MarksWidget()
    widget.ballot = SimpleNamespace(rule={"paper": "a paper made up"})
    return widget.value_from_datadict(fields, {}, "marks")


KINDS = {
    "yes-no": {"counting": "yes-no"}, "choose-one": {"counting": "plurality"}, "approval": {"counting": "approval", "least": 1, "most": 2},
    "ranking": {"counting": "schulze", "most": 3}, "scores": {"counting": "score", "points": 5},
    "dots": {"counting": "cumulative", "points": 4},
    "knapsack": {"counting": "greedy", "pot": 500},
    "sheets": {"counting": "greedy", "sheets": [{"key": "a", "title": "가", "least": 0, "most": 1, "pot": 9, "classes": ["시민"]}]},
}  # fmt: skip


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    given=st.dictionaries(st.integers(1, 5), st.sampled_from(["", "0", "1", "2", "3", " 1 ", "9", "x", "-1"]), max_size=5),
    group=st.sampled_from(["시민", "위원"]),
)
def test_what_is_marked_is_written_and_refused_as_the_house_does(browser, kind, given, group):
    options = [{"place": place, "cost": 100 * place, "sheet": "a" if kind == "sheets" else ""} for place in range(1, 5)]
    printed = {"rule": {"kind": kind, **KINDS[kind]}, "options": options}
    fields = {f"marks-{place}": value for place, value in given.items()}
    on = paper.paper_of(printed)
    expected = written_marks(on, fields)
    why = ""
    try:
        paper.read(on, group, expected)
    except Void as fault:
        why = fault.code
    marks, refused = browser.ask("marked", paper=printed, group=group, fields=list(fields.items()))
    if expected.startswith("?"):
        assert (marks, refused) == (None, "same-rank" if kind == "ranking" else "form")
    else:
        assert (marks, refused) == (expected, why)


# ── the voter's secret ──────────────────────────────────────────────────────
def test_a_backup_has_one_length_and_opens_with_its_code_alone(browser, poll):
    asked = {"poll": b64(poll.raw), "secret": MASTER}
    code, other = browser.ask("newCode"), browser.ask("newCode")
    assert code != other
    kept = browser.ask("backup", **asked, code=code)
    assert len(kept) == 2 * 77
    assert kept != browser.ask("backup", **asked, code=code)
    assert MASTER not in kept
    assert browser.ask("restored", poll=b64(poll.raw), kept=kept, code=code.lower().replace("-", " ")) == MASTER
    assert browser.ask("restored", poll=b64(poll.raw), kept=kept, code=other) == {"code": "wrong-recovery"}
    assert browser.ask("restored", poll=b64(poll.raw), kept=kept, code=code[:-1]) == {"code": "bad-recovery"}
    assert browser.ask("restored", poll=b64(poll.raw), kept=kept[:-2], code=code) == {"code": "wrong-recovery"}


@settings(max_examples=40, derandomize=True, deadline=None)
@given(leaf=st.binary(min_size=32, max_size=32))
def test_a_receipt_is_drawn_as_the_symbol_another_encoder_draws(browser, leaf):
    text = board.code(leaf)
    expected = segno.make(text, version=1, error="m", mask=0, boost_error=False, micro=False)
    assert browser.ask("qr", text=text) == ["".join(map(str, row)) for row in expected.matrix]
    assert browser.ask("qr", text=text + "가") == {"code": "bad-code"}


# ── the audit ───────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def whole():
    return making.made()


@pytest.fixture(scope="module")
def path(whole, tmp_path_factory):
    return whole.write(tmp_path_factory.mktemp("sealed-js") / "poll.zip")


def test_the_page_finds_a_whole_poll_whole_step_by_step(browser, path):
    said = browser.ask("audit", path=str(path), key=str(making.HOUSE.verifier))
    ours = audit(path)
    assert (said["ok"], said["fault"], said["counted"]) == (True, None, True)
    assert (said["ballots"], said["superseded"], said["turnout"]) == (
        ours.ballots,
        ours.superseded,
        ours.result["turnout"],
    )
    assert [step for step, _ in said["steps"]] == [
        "house",
        "seal",
        "issued",
        "board",
        "rights",
        "paper",
        "result",
        "closed",
    ]


def test_the_page_finds_a_receipt_and_names_a_missing_one(browser, whole, path):
    leaf = min(cast.leaf for batch in whole.casts for cast in batch)
    ours = audit(path, receipt=board.code(leaf))
    assert browser.ask("audit", path=str(path), receipt=board.code(leaf).lower())["receipt"] == ours.receipt
    assert browser.ask("audit", path=str(path), receipt="2222-2222-2222")["fault"]["code"] == "receipt-missing"


def test_the_page_names_what_was_done_as_the_auditor_does(browser, whole, tmp_path):
    found = set()
    for name, file in tampered(whole, tmp_path):
        ours = audit(file).fault
        said = browser.ask("audit", path=str(file))["fault"]
        assert (said["code"], said["file"]) == (ours.code, ours.file), name
        found.add(ours.code)
    assert len(found) > 12


def test_one_flipped_bit_anywhere_is_found_by_both(browser, path, tmp_path):
    chance = random.Random(11)
    files = making.parts(path)
    for name in files:
        for _ in range(4):
            spoiled = bytearray(files[name])
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
            file = making.packed(tmp_path / "flipped.zip", {**files, name: bytes(spoiled)}, closed=False)
            assert not audit(file).ok
            assert browser.ask("audit", path=str(file))["ok"] is False, name
    raw = bytearray(path.read_bytes())
    for _ in range(60):
        at = chance.randrange(len(raw))
        raw[at] ^= 4
        file = tmp_path / "raw.zip"
        file.write_bytes(raw)
        ours = audit(file)
        assert browser.ask("audit", path=str(file))["ok"] is ours.ok, at
        raw[at] ^= 4


# ── maintained packages agree ───────────────────────────────────────────────
def test_hpke_core_opens_ours_and_we_open_theirs(packages):
    key = seal.SealKey.read(bytes(range(32)))
    said = packages.ask("theirHpke", to=key.public.hex(), seed=key.seed.hex(), plaintext="00ff", info=b"info".hex())
    assert said["opened"] == "00ff"
    assert key.open(bytes.fromhex(said["theirs"]), b"info") == b"\x00\xff"


def test_blindrsa_ts_and_we_take_each_others_signatures(packages):
    key = blind.SecretKey.make()
    said = packages.ask("theirBlind", n=f"{key.n:0512x}", d=f"{key.d:0512x}", message=b"right".hex())
    assert said == [True, True]


def test_noble_curves_has_the_same_keys_and_signatures(packages):
    assert packages.ask("theirCurve", seed=bytes(range(32)).hex(), message="마당") == [True] * 4


def test_a_voter_in_python_and_one_in_the_browser_ask_for_the_same_kind_of_thing(browser, poll):
    """Length and range are all an issuer can see."""
    ours = Voter(poll, "시민").blinded[0].message
    theirs = unb64(browser.ask("asking", poll=b64(poll.raw), **{"class": "시민"}, secret=MASTER)["blinded"][0])
    assert len(ours) == len(theirs) == 256
    assert base64.b64encode(theirs) != base64.b64encode(ours)
