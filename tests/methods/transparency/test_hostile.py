"""Files made to trip the verifier: each is a fault with its code, none is a traceback."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.transparency import logfile
from madang.methods.transparency.canonical import canonical
from madang.methods.transparency.checkpoint import Checkpoint, SigningKey, sign
from madang.methods.transparency.merkle import Frontier, leaf_hash
from madang.methods.transparency.verify import main, verify, verify_receipt

KEY = SigningKey.make("seoul.example/log")
TEXT = canonical({"n": 1})
ROOT = Frontier().extend([leaf_hash(TEXT.encode())])[0].root
NOTE = sign(Checkpoint(KEY.name, 1, ROOT), KEY)
RECEIPT = {"madang-receipt": 1, "text": TEXT, "position": 0, "checkpoint": NOTE, "path": [], "keys": [str(KEY.verifier)]}
HEAD = {"madang-log": 1, "keys": [str(KEY.verifier)], "peaks": [], "since": 0, "size": 1}
SURROGATE = f"\ud800{NOTE}"  # signed by name, not text


def test_the_receipt_that_is_spoiled_below_is_whole():
    assert verify_receipt(json.dumps(RECEIPT)).ok


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("position", float("inf"), "bad-receipt"), ("position", float("nan"), "bad-receipt"), ("position", 0.0, "bad-receipt"),
        ("position", False, "bad-receipt"), ("position", "0", "bad-receipt"),
        ("position", -1, "not-included"), ("position", 1, "not-included"),
        ("text", "\ud800", "bad-receipt"), ("text", "{}", "not-included"), ("checkpoint", SURROGATE, "bad-checkpoint"),
        ("path", [1], "bad-receipt"), ("path", ["\ud800"], "bad-receipt"), ("path", ["AAAA"], "not-included"), ("keys", 3, "bad-receipt"),
    ],
)
def test_a_spoiled_receipt_is_a_fault_with_its_code(field, value, code):
    report = verify_receipt(json.dumps(RECEIPT | {field: value}))
    assert not report.ok
    assert report.fault.code == code


@pytest.mark.parametrize(
    ("head", "lines", "code"),
    [
        ({"since": float("inf")}, [], "not-a-log"), ({"size": float("inf")}, [], "not-a-log"), ({"size": 1.5}, [], "not-a-log"),
        ({"size": True}, [], "not-a-log"), ({"since": -1}, [], "not-a-log"), ({"since": 10**4000}, [], "not-a-log"),
        ({"peaks": 3}, [], "not-a-log"),
        ({"keys": None}, [], "not-a-log"), ({}, [b"=\t" + b"1" * 5_000], "bad-checkpoint"),
        ({}, [b"=\t" + b"[" * 100_000], "bad-checkpoint"),
        ({}, [b"=\t" + json.dumps(SURROGATE).encode()], "bad-checkpoint"), ({}, [b"9" * 25 + b"\tx\ty"], "junk-line"),
        ({}, ["²\tx\ty".encode()], "junk-line"), ({}, [b"0\t\xff\ty"], "not-utf-8"),
    ],
)
def test_a_spoiled_log_is_a_fault_with_its_code(tmp_path, capsys, head, lines, code):
    path = tmp_path / "madang.log"
    path.write_bytes(b"".join(line + b"\n" for line in [json.dumps(HEAD | head).encode(), *lines]))
    assert verify(path).fault.code == code
    assert main(["verify", str(path)]) == 1
    assert capsys.readouterr().out.startswith("✗")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_bytes_are_changed_nothing_but_a_verdict_comes_out(tmp_path_factory, data):
    whole = b"".join([logfile.header([KEY.verifier], Frontier(), 1), logfile.entry_line(0, leaf_hash(TEXT.encode()), TEXT),
                      logfile.checkpoint_line(NOTE)])
    at = data.draw(st.integers(0, len(whole) - 1))
    spoiled = whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + data.draw(st.integers(1, 6)):]
    path = tmp_path_factory.mktemp("spoiled") / "madang.log"
    path.write_bytes(spoiled)
    report = verify(path, str(KEY.verifier))
    assert not report.ok or spoiled == whole or report.root == verify_receipt(json.dumps(RECEIPT)).root
