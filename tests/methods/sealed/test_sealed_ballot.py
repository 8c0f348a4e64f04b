"""Polls, headers, casts, receipts and boards: one reading each, and every other reading refused by its code."""

import base64
import json
from itertools import pairwise

import pytest
import sealed_poll as making
from hypothesis import given, settings
from hypothesis import strategies as st
from sealed_poll import BOX_SEED, HOUSE, WITNESSES

from madang.methods.sealed import SealedError, b64, ballot, board, poll, unb64
from madang.methods.sealed.ballot import Cast
from madang.methods.sealed.right import SMALL_ORDER, Voter
from madang.methods.sealed.writing import plain, strict, written
from madang.methods.transparency.checkpoint import SigningKey
from madang.methods.transparency.merkle import Frontier, Tree, verify_consistency

PRIME = 2**255 - 19
EDWARDS = -121665 * pow(121666, -1, PRIME) % PRIME


@pytest.fixture(scope="module")
def on():
    return poll.write(making.content())


@pytest.fixture(scope="module")
def citizen(on):
    return making.voter(on, "시민")


@pytest.fixture(scope="module")
def cast(citizen):
    return ballot.make(citizen, "1 2", seq=7)


def code(called, *words, **more):
    with pytest.raises(SealedError) as fault:
        called(*words, **more)
    return fault.value.code


# ── writing ─────────────────────────────────────────────────────────────────
@given(st.one_of(st.binary(max_size=40).map(b64), st.text("AQgwBEz09-_+/= \n", max_size=6)))
def test_base64_has_one_spelling(text):
    """The standard library decodes; what it would write otherwise is refused."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if b64(raw) == text:
        assert unb64(text) == unb64(text.encode()) == raw
    else:
        assert code(unb64, text) == "malformed"


@pytest.mark.parametrize("text", ["A", "AB", "AAB", "A=", "AA==", "A+", "A/", "A\n", "ＡＡ", "AAAA=", None, 1, ["AA"], "AA AA", "AAAAA"])
def test_other_base64_is_refused(text):
    assert code(unb64, text) == "malformed"


@pytest.mark.parametrize("raw", [
    b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":NaN}', b'{"a":1e3}', b'{"a": 1}', b'{"b":1,"a":1}', b'"\xff"', b'"\\u0041"', b"[1]\n",
    b"\xef\xbb\xbf1",
    b'{"a":-Infinity}', b"[" * 100_000, b"1" * 5_000, '"\u1112\u1161"'.encode(), b'"\\ud800"', b"-0", b"",
], ids=lambda raw: repr(raw[:20]))  # fmt: skip
def test_json_with_a_second_writing_is_refused(raw):
    assert code(strict, raw) == "malformed"


def test_json_that_is_too_long_is_refused():
    assert code(plain, b" " * 16_000_001) == "malformed"


# ── poll.json ───────────────────────────────────────────────────────────────
def test_a_poll_reads_back_and_is_named_by_its_bytes(on):
    again = poll.read(on.raw)
    assert again == on
    assert again.box_key.name == f"madang/box/{b64(on.digest)}"
    assert poll.write(making.content(batch=6)).digest != on.digest
    assert (on.sealed_size, on.shares, [each.name for each in on.witnesses]) == (176, (2, 3), ["press.example", "council.example"])


def classes(change):
    """poll.json with a change in its first class."""
    rows = json.loads(json.dumps(making.content()["classes"]))
    change(rows[0], rows)
    return {"classes": rows}


@pytest.mark.parametrize("other", [
    {"format": "madang-poll@2"}, {"poll": "Made Up"}, {"poll": ""}, {"batch": 0}, {"batch": True}, {"padded": 63}, {"padded": "128"},
    {"revote": 1},
    {"opens_at": "2026-09-08T00:00:00Z"}, {"opens_at": "2026-09-01"}, {"opens_at": "2026-02-30T00:00:00Z"},
    {"closes_at": "2026-09-08T00:00:00+00:00"},
    {"seal": {"key": b64(bytes(32)), "of": 2, "least": 3}}, {"seal": {"key": b64(bytes(31)), "of": 1, "least": 1}}, {"box": ""}, {"use": 1},
    {"seal": {"key": b64(bytes(32)), "of": 1, "least": 1, "more": 1}}, {"title": "제목"}, {"classes": []}, {"more": 1},
    {"rule": {"a": 0.5}},
    {"witnesses": [{"name": "a b", "key": b64(bytes(32))}]}, {"witnesses": [{"name": "a", "key": b64(bytes(32))}] * 2},
    {"witnesses": [{"name": name, "key": b64(bytes(32))} for name in "ab"]}, {"witnesses": ["a"]},
    classes(lambda one, rows: one.update(key="시민 들")), classes(lambda one, rows: one.update(key='"')),
    classes(lambda one, rows: one.update(key="\0")),
    classes(lambda one, rows: one.update(key="위원")), classes(lambda one, rows: one.update(key="x" * 65)),
    classes(lambda one, rows: one.update(roll=-1)),
    classes(lambda one, rows: one.update(roll=10**9)), classes(lambda one, rows: one["issuers"].pop()),
    classes(lambda one, rows: one["issuers"][0].update(e=3)), classes(lambda one, rows: one["issuers"][0].update(n=b64(bytes(256)))),
    classes(lambda one, rows: one["issuers"][0].update(n=one["issuers"][1]["n"])),
    classes(lambda one, rows: one["issuers"][0].update(n=rows[1]["issuers"][1]["n"])),
    classes(lambda one, rows: one["issuers"][0].update(name="observers")), classes(lambda one, rows: one["issuers"][0].update(name="")),
], ids=lambda other: str(other)[:60])  # fmt: skip
def test_a_poll_that_does_not_hold_is_refused(other):
    assert code(poll.write, making.content(**other)) == "bad-poll"


def test_a_poll_not_in_canonical_form_is_refused(on):
    assert code(poll.read, on.raw + b"\n") == "bad-poll"
    assert code(poll.read, json.dumps(json.loads(on.raw)).encode()) == "bad-poll"
    assert code(poll.read, b"[]") == "bad-poll"


def test_the_house_signs_and_another_house_does_not(on):
    signed = poll.house_signature(on.raw, HOUSE)
    assert poll.check_house_signature(on.raw, signed, None, "bad-poll-signature") == HOUSE.verifier
    stranger = SigningKey("city.example", bytes(32)).verifier
    assert code(poll.check_house_signature, on.raw, signed, stranger, "x") == "wrong-house-key"
    assert code(poll.check_house_signature, on.raw + b"!", signed, None, "x") == "x"
    for key, size in (("x", 64), (str(HOUSE.verifier), 63), (str(HOUSE.verifier) + " ", 64)):
        bad = written({"key": key, "sig": b64(bytes(size))})
        assert code(poll.check_house_signature, on.raw, bad, None, "x") == "x"


# ── header and cast ─────────────────────────────────────────────────────────
def test_a_cast_reads_back_and_holds(on, cast):
    read = Cast.read(on, cast.body(on))
    assert read == cast
    header = ballot.read_header(on, read.header)
    ballot.check(on, header, read.sig)
    ballot.check_sealed(on, header, read.sealed)
    assert (header.class_key, header.seq, header.raw) == ("시민", 7, cast.header)


def test_every_body_of_a_poll_has_one_length():
    first, second = making.content()["classes"]
    short = poll.write(making.content(classes=[{**first, "key": "a"}, {**second, "key": "가나다라마바"}]))
    sizes = set()
    for key, seq in (("a", 1), ("a", ballot.SEQ_MAX), ("가나다라마바", 1), ("가나다라마바", ballot.SEQ_MAX)):
        citizen = Voter(short, key)
        citizen.right = bytes(256), bytes(256)
        body = ballot.make(citizen, "", seq=seq).body(short)
        sizes.add(len(body))
        assert Cast.read(short, body).body(short) == body
    assert sizes == {ballot.body_size(short)}


def test_a_body_of_another_length_or_shape_is_refused(on, cast):
    body = cast.body(on)
    assert code(Cast.read, on, body[:-1]) == "wrong-size"
    assert code(Cast.read, on, body + b" ") == "wrong-size"
    size = len(body)
    parts = json.loads(body)
    for bad in ({**parts, "sig": parts["sig"][:-2]}, {**parts, "more": ""}, {"header": parts["header"]}, {**parts, "sealed": 1}, [], "x"):
        assert code(Cast.read, on, json.dumps(bad).encode().ljust(size)) == "malformed"
    for bad in (b"", b"{", b"\xff", b'{"header":"","header":"","sig":"","sealed":""}', b"[" * (size - 1)):
        assert code(Cast.read, on, bad.ljust(size)) == "malformed"
    assert code(Cast.read, on, json.dumps({**parts, "sealed": b64(bytes(175))}).encode().ljust(size)) == "wrong-length"


@pytest.mark.parametrize(("old", "new"), [
    ('"seq":7', '"seq":07'), ('"seq":7', '"seq":7.0'), ('"seq":7', '"seq":"7"'), ('"seq":7', '"seq":-7'), ('"seq":7', '"seq":0'),
    ('"seq":7', f'"seq":{2**53}'), ('"seq":7', '"seq":7,"z":1'), ('{"class"', '{"Class"'), ('"class":', '"class": '),
    ("시민", "\\uc2dc\\ubbfc"),
    ('"seq":7}', '"seq":7}\n'), ('"seq":7', '"seq":7,"seq":8'), ("시민", "시\x00민"), ('"pk":"', '"pk":"A'), ('"seq":7', '"seq":٧'),
])  # fmt: skip
def test_a_header_with_another_writing_is_malformed(on, cast, old, new):
    altered = cast.header.decode().replace(old, new, 1).encode()
    assert altered != cast.header
    assert code(ballot.read_header, on, altered) == "malformed"


def test_a_header_with_loose_bits_is_malformed(on, cast):
    pk = json.loads(cast.header)["pk"]
    loose = pk[:-1] + chr(ord(pk[-1]) + 1)
    assert code(ballot.read_header, on, cast.header.replace(pk.encode(), loose.encode())) == "malformed"


def test_a_header_of_another_poll_or_class_is_refused(on, cast):
    other = poll.write(making.content(poll="another"))
    assert code(ballot.read_header, other, cast.header) == "other-poll"
    assert code(ballot.read_header, on, cast.header.replace("시민".encode(), "시장".encode())) == "unknown-class"
    assert code(ballot.read_header, on, cast.header.replace("시민".encode(), "\u1109\u1175민".encode())) == "unknown-class"


def test_what_does_not_fit_is_named(on, citizen, cast):
    header = ballot.read_header(on, cast.header)
    assert code(ballot.check, on, header, bytes(64)) == "bad-signature"
    once = poll.write(making.content(revote=False))
    assert code(ballot.check, once, header, cast.sig) == "no-revote"
    assert code(ballot.check_sealed, on, header, cast.sealed + b"!") == "wrong-length"
    assert code(ballot.check_sealed, on, header, bytes(len(cast.sealed))) == "sealed-altered"
    assert code(ballot.make, Voter(on, "시민"), "1") == "no-right"
    assert code(ballot.make, citizen, "1", seq=0) == "malformed"
    assert code(ballot.make, citizen, "1" * 200) == "too-long"
    assert code(Voter, on, "없음") == "unknown-class"


def test_an_issuers_answers_in_the_wrong_order_make_no_right(on):
    citizen = Voter(on, "시민")
    keys = making.issuers()["시민"]
    answers = [making.blind.blind_sign(key, each.message) for key, each in zip(keys, citizen.blinded, strict=True)]
    assert code(citizen.receive, *answers[::-1]) == "invalid-signature"


def test_a_sealed_part_copied_under_another_key_opens_for_nobody(on, cast):
    thief = making.voter(on, "시민")
    assert making.seal.opened(making.SEAL, cast.sealed, ballot.info(on.digest, "시민", thief.pk, 7)) == "?"
    own = ballot.read_header(on, cast.header)
    assert making.seal.opened(making.SEAL, cast.sealed, ballot.info(on.digest, "시민", own.pk, 7)) == "1 2"
    assert making.seal.opened(making.SEAL, cast.sealed, ballot.info(on.digest, "시민", own.pk, 8)) == "?"


def test_keys_of_small_order_are_the_eight_points_and_are_refused(on):
    """Each listed encoding is a point that eight doublings bring to the neutral one (computed here, by the curve's own law)."""
    for point in SMALL_ORDER:
        y = int.from_bytes(point, "little") % PRIME
        square = (y * y - 1) * pow(EDWARDS * y * y + 1, -1, PRIME) % PRIME
        x = pow(square, (PRIME + 3) // 8, PRIME)
        x = x if x * x % PRIME == square else x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
        assert x * x % PRIME == square
        place = (x, y)
        for _ in range(3):
            place = _added(place, place)
        assert place == (0, 1)
        for sign in (0, 128):
            weak = point[:31] + bytes([point[31] | sign])
            assert code(ballot.rights.check, on, "시민", weak, (bytes(256), bytes(256))) == "weak-key"


def _added(one, other):
    (a, b), (c, d) = one, other
    product = EDWARDS * a * b * c * d % PRIME
    return (a * d + b * c) * pow(1 + product, -1, PRIME) % PRIME, (b * d + a * c) * pow(1 - product, -1, PRIME) % PRIME


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_no_bit_of_a_header_or_signature_can_be_changed(on, cast, place, bit):
    raw = bytearray(cast.header + cast.sig)
    raw[place % len(raw)] ^= 1 << bit
    header, sig = bytes(raw[:-64]), bytes(raw[-64:])
    with pytest.raises(SealedError):
        ballot.check(on, ballot.read_header(on, header), sig)


# ── receipts and boards ─────────────────────────────────────────────────────
def test_a_receipt_is_the_boxs_and_of_this_leaf_and_poll(on, cast):
    key = board.box_key(on, BOX_SEED)
    signed = board.receipt(cast.leaf, key, on)
    board.check_receipt(on, cast.leaf, signed)
    other = poll.write(making.content(poll="another"))
    assert code(board.check_receipt, other, cast.leaf, signed) == "bad-receipt"
    assert code(board.check_receipt, on, bytes(32), signed) == "bad-receipt"
    assert code(board.check_receipt, on, cast.leaf, bytes(64)) == "bad-receipt"
    assert code(board.box_key, on, bytes(32)) == "wrong-box-key"


@given(st.binary(min_size=32, max_size=32))
def test_a_code_has_sixty_bits_and_reads_back_however_it_is_typed(leaf):
    written_code = board.code(leaf)
    number = 0
    for letter in written_code.replace("-", ""):
        number = number * 32 + board.ALPHABET.index(letter)
    assert number == int.from_bytes(leaf, "big") >> 196
    assert board.read_code(f" {written_code.lower().replace('-', ' ')} ") == written_code


@pytest.mark.parametrize("text", ["", "2222-2222-222", "2222-2222-22222", "0222-2222-2222", "I222-2222-2222", "222가-2222-2222"])
def test_a_mistyped_code_is_refused(text):
    assert code(board.read_code, text) == "bad-code"


def test_a_batch_stands_in_the_order_of_its_hashes_whatever_the_order_of_arrival():
    leaves = [bytes([number]) * 32 for number in (7, 3, 9, 1)]
    order, frontier = board.batched(Frontier(), leaves)
    assert order == sorted(leaves)
    assert board.batched(Frontier(), leaves[::-1]) == (order, frontier)
    assert code(board.batched, Frontier(), [leaves[0], leaves[0]]) == "duplicate-leaf"


def test_each_checkpoint_continues_the_one_before(on):
    whole = making.made(12)
    notes = [board.read_note(whole.poll, note).checkpoint for note in whole.notes()]
    tree = Tree()
    tree.extend(ballot.leaf(line.header, line.sig) for line in whole.posted())
    for one, other in pairwise(notes):
        assert verify_consistency(one.size, other.size, one.root, other.root, tree.consistency(one.size, other.size))


def test_a_witness_signs_once_and_only_if_named(on):
    note = board.checkpoint(board.batched(Frontier(), [bytes(32)])[1], board.box_key(on, BOX_SEED))
    line = board.cosign(on, note, WITNESSES[0], 5)
    signed = board.with_cosignature(on, note, line)
    assert board.read_note(on, signed).cosigned == {"press.example": 5}
    assert board.with_cosignature(on, signed, board.cosign(on, note, WITNESSES[0], 6)) == signed
    assert code(board.cosign, on, note, SigningKey("x", bytes(32)), 5) == "unknown-cosigner"
    assert code(board.cosign, on, note, WITNESSES[0], -1) == "bad-time"
    assert code(board.with_cosignature, on, note, line.replace("press", "prass")) == "unknown-cosigner"
    assert code(board.with_cosignature, on, note, board.cosign(on, note, WITNESSES[1], 5)[:-3] + "A=\n") == "forged-cosignature"
    assert code(board.read_note, on, note.replace("\n1\n", "\n2\n")) == "bad-box-signature"
    assert code(board.read_note, on, "x") == "bad-checkpoint"
    for other_end in ("\x85", "\u2028", "\r", "\x0b"):  # ends of lines to Python, letters to the specification
        assert code(board.read_note, on, signed.replace("press.example", f"press.example{other_end}y")) == "unknown-cosigner"


def test_the_cosignature_is_the_one_c2sp_describes(on):
    """`cosignature/v1`, a time, the note's text; key id with type 0x04 (https://c2sp.org/tlog-cosignature)."""
    note = board.checkpoint(board.batched(Frontier(), [bytes(32)])[1], board.box_key(on, BOX_SEED))
    line = board.cosign(on, note, WITNESSES[0], 1_679_315_147)
    mark = making.board.base64.b64decode(line.split(" ")[2])
    public = WITNESSES[0].verifier.public
    assert mark[:4] == making.sha256(b"press.example\n\x04" + public).digest()[:4]
    assert int.from_bytes(mark[4:12], "big") == 1_679_315_147
    text = note.partition("\n\n")[0] + "\n"
    assert poll.ed25519_signed(public, mark[12:], f"cosignature/v1\ntime 1679315147\n{text}".encode())
