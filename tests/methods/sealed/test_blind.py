"""Blind signing is what RFC 9474 says, and nothing malformed passes."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from madang.methods.sealed import SealedError, blind, openssl

RFC = json.loads((Path(__file__).parent / "rfc9474.json").read_text("utf-8"))
N, D, P, Q = (int(RFC["key"][name], 16) for name in "ndpq")
PUBLIC = blind.PublicKey(N, int(RFC["key"]["e"], 16), bits=4096)
SECRET = blind.SecretKey(N, D, P, Q, bits=4096)


@pytest.fixture(params=["openssl", "gmpy2"], autouse=True)
def signer(request, monkeypatch):
    """Everything twice: by the system's OpenSSL, and where there is none."""
    if request.param == "openssl" and openssl._library() is None:
        pytest.skip("libcrypto.so.3이 없습니다 / no libcrypto.so.3 here")
    if request.param == "gmpy2":
        monkeypatch.setattr(openssl, "_library", lambda: None)
    return request.param


@pytest.fixture(scope="module")
def issuer():
    return blind.SecretKey.make()


@pytest.mark.parametrize("vector", RFC["vectors"], ids=lambda vector: vector["name"])
def test_each_variant_of_appendix_a_comes_out_byte_for_byte(vector):
    pytest.importorskip("gmpy2")
    message = bytes.fromhex(vector["msg_prefix"] + vector["msg"])
    salt, inverse = bytes.fromhex(vector["salt"]), int(vector["inv"], 16)
    blinded = blind.blind(PUBLIC, message, salt=salt, factor=pow(inverse, -1, N))
    assert (blinded.message.hex(), blinded.inverse) == (vector["blinded_msg"], inverse)
    signed = blind.blind_sign(SECRET, blinded.message)
    assert signed.hex() == vector["blind_sig"]
    assert blind.finalize(PUBLIC, message, signed, inverse, salt_size=len(salt)).hex() == vector["sig"]
    assert not blind.verify(PUBLIC, message + b"!", bytes.fromhex(vector["sig"]), salt_size=len(salt))


def test_the_vectors_are_the_four_of_the_rfc():
    assert [each["name"].removeprefix("RSABSSA-SHA384-") for each in RFC["vectors"]] == [
        "PSS-Randomized", "PSSZERO-Randomized", "PSS-Deterministic", "PSSZERO-Deterministic"
    ]  # fmt: skip


def test_a_right_is_signed_unseen_and_verifies(issuer):
    blinded = blind.blind(issuer.public, b"right")
    other = blind.blind(issuer.public, b"right")
    assert blinded.message != other.message
    signature = blind.finalize(issuer.public, b"right", blind.blind_sign(issuer, blinded.message), blinded.inverse)
    assert blind.verify(issuer.public, b"right", signature)
    assert not blind.verify(blind.SecretKey.make().public, b"right", signature)


def test_the_same_blinded_message_has_one_answer(issuer):
    blinded = blind.blind(issuer.public, b"right").message
    assert blind.blind_sign(issuer, blinded) == blind.blind_sign(issuer, blinded)


def refused(code, called, *words, **more):
    with pytest.raises(SealedError) as fault:
        called(*words, **more)
    assert fault.value.code == code


@pytest.mark.parametrize("n", [N >> 1, N - 1, 2**2047 + 3, (2**2047 + 3) // 3 * 3 | 1, 0, -N], ids=str)
def test_a_key_of_another_size_or_with_a_small_factor_is_refused(n):
    refused("bad-key", blind.PublicKey, n if n != 2**2047 + 3 else 3 * (2**2046 + 1))


def test_another_exponent_is_refused(issuer):
    for e in (1, 3, 65539, 2**64 + 1):
        refused("bad-key", blind.PublicKey, issuer.n, e)


def test_a_blinded_message_is_as_long_as_n_and_below_it(issuer):
    refused("invalid-length", blind.blind_sign, issuer, bytes(255))
    refused("invalid-length", blind.blind_sign, issuer, bytes(257))
    refused("out-of-range", blind.blind_sign, issuer, issuer.n.to_bytes(256, "big"))
    refused("out-of-range", blind.blind_sign, issuer, b"\xff" * 256)
    assert blind.blind_sign(issuer, bytes(256)) == bytes(256)


def test_a_fault_in_the_computing_never_leaves(issuer):
    faulty = blind.SecretKey(issuer.n, issuer.d ^ 4, issuer.p, issuer.q)
    refused("signing-failure", blind.blind_sign, faulty, blind.blind(issuer.public, b"right").message)


def test_a_swapped_answer_shows_as_a_failure_not_as_a_mark(issuer):
    blinded = blind.blind(issuer.public, b"right")
    theirs = blind.blind_sign(blind.SecretKey.make(), bytes(255) + b"\x05")
    refused("invalid-signature", blind.finalize, issuer.public, b"right", theirs, blinded.inverse)
    refused("invalid-length", blind.finalize, issuer.public, b"right", b"", blinded.inverse)


def test_a_factor_without_inverse_is_refused(issuer):
    refused("invalid-input", blind.blind, issuer.public, b"right", factor=issuer.p)


def test_a_key_is_kept_as_pem_and_shown_to_nobody(issuer):
    again = blind.SecretKey.read(issuer.pem())
    assert again == issuer
    assert str(issuer.d) not in repr(issuer)
    refused("bad-key", blind.SecretKey.read, b"-----BEGIN PRIVATE KEY-----")


def test_both_ways_of_signing_give_the_same_bytes(issuer, signer):
    message = int.from_bytes(b"any number", "big")
    assert blind.blind_sign(issuer, message.to_bytes(256, "big")) == blind.power(issuer, message)


def test_what_openssl_refuses_is_done_otherwise(issuer, signer):
    """A key it cannot load, a message that is too long for it: None, no crash."""
    assert openssl.power(b"no key at all", bytes(256)) is None
    assert openssl.power(issuer.der, bytes(300)) is None
    assert openssl.power(issuer.der, b"\xff" * 256) is None


def test_signing_from_many_threads_at_once_gives_what_one_gives(issuer, signer):
    numbers = [number.to_bytes(256, "big") for number in range(2, 42)]
    with ThreadPoolExecutor(4) as threads:
        signed = list(threads.map(lambda number: blind.blind_sign(issuer, number), numbers))
    assert signed == [blind.blind_sign(issuer, number) for number in numbers]
