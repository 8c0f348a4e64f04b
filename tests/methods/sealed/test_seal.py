"""The seal is HPKE as RFC 9180 has it; one length for all; shares that say nothing alone."""

import random

import pytest
from cryptography.hazmat.bindings._rust import openssl

from madang.methods.sealed import SealedError, seal, shares

# RFC 9180, Appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0
SEED = bytes.fromhex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037")
SECRET = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"
PUBLIC = "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"
EPHEMERAL_SEED = bytes.fromhex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234")
ENC = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
INFO, AAD = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"), b"Count-0"
CIPHERTEXT = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"


@pytest.fixture
def key():
    return seal.SealKey.read(bytes(range(32)))


def refused(code, called, *words, **more):
    with pytest.raises(SealedError) as fault:
        called(*words, **more)
    assert fault.value.code == code


def test_the_key_is_derived_as_the_rfc_derives_it():
    key = seal.SealKey.read(SEED)
    assert (key.loaded.private_bytes_raw().hex(), key.public.hex()) == (SECRET, PUBLIC)
    assert seal.SealKey.read(EPHEMERAL_SEED).public.hex() == ENC


def test_the_rfcs_ciphertext_opens_with_our_suite_and_key():
    sealed = bytes.fromhex(ENC + CIPHERTEXT)
    opened = openssl.hpke._decrypt_with_aad(seal._SUITE, sealed, seal.SealKey.read(SEED).loaded, info=INFO, aad=AAD)
    assert opened == b"Beauty is truth, truth beauty"


def test_what_is_sealed_opens_only_with_its_key_and_its_info(key):
    sealed = seal.seal(key.public, b"plain", b"info")
    assert len(sealed) == len(b"plain") + seal.OVERHEAD
    assert key.open(sealed, b"info") == b"plain"
    for other, altered, info in (
        (seal.SealKey.make(), sealed, b"info"), (key, sealed, b"other"), (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"info"),
        (key, bytes(32) + sealed[32:], b"info"), (key, sealed[:20], b"info"), (key, b"", b"info"),
    ):  # fmt: skip
        refused("not-opened", other.open, altered, info)


def test_every_ballot_has_one_length_and_reads_back():
    for marks in ("", "1:1 2:0", "3 7", "7>3>1", "가" * 300):
        plaintext = seal.padded(marks, 1024)
        assert (len(plaintext), seal.unpadded(plaintext)) == (1024, marks)
    refused("too-long", seal.padded, "1" * 1024, 1024)


@pytest.mark.parametrize("plaintext", [
    b"", b"\0", b"\0\x0c" + b'{"marks":""}' + b"\0" * 49 + b"\1", b"\xff\xff{}", b"\0\x02{}" + bytes(60),
    b"\0\x0d" + b'{"marks": ""}' + bytes(49), b"\0\x0b" + b'{"marks":1}' + bytes(51), b"\0\x18" + b'{"marks":"","marks":"1"}' + bytes(38),
    b"\0\x12" + rb'{"marks":"\ud800"}' + bytes(44), b"\0\x0d" + b'{"marks":"\xff"}' + bytes(49),
], ids=repr)  # fmt: skip
def test_a_plaintext_with_a_second_reading_is_unreadable(key, plaintext):
    refused("unreadable", seal.unpadded, plaintext)
    assert seal.opened(key, seal.seal(key.public, plaintext, b""), b"") == seal.UNREADABLE


def test_a_ballot_that_does_not_open_is_counted_as_unreadable(key):
    assert seal.opened(key, bytes(112), b"") == seal.UNREADABLE


def test_any_k_of_n_shares_give_the_seed_and_fewer_do_not(key):
    held = shares.split(key, of=5, least=3)
    lines = [share.written() for share in held]
    for chosen in ((0, 1, 2), (4, 2, 0), (1, 3, 4), (0, 1, 2, 3, 4)):
        read = [shares.Share.read(lines[place].upper().replace(":", " : ")) for place in chosen]
        assert shares.join(read, key.public) == key
    refused("too-few-shares", shares.join, held[:2], key.public)
    refused("too-few-shares", shares.join, [held[0]] * 3, key.public)
    refused("bad-share", shares.join, [], key.public)


def test_fewer_shares_than_needed_fit_every_seed(key):
    """With one share of two, each seed has exactly one second share that would give it: so one share says nothing."""
    chance = random.Random(4)
    (first, _) = shares.split(key, of=2, least=2, below=chance.randrange)
    for number in range(20):
        other = seal.SealKey.read(bytes([number]) * 32)
        slope = (first.value - int.from_bytes(other.seed, "big")) % shares.PRIME
        second = shares.Share(2, 2, shares._name(other.public), (first.value + slope) % shares.PRIME)
        mine = shares.Share(2, 1, second.of_key, first.value)
        assert shares.join([mine, second], other.public) == other


def test_a_false_or_foreign_or_mistyped_share_is_named(key):
    held = shares.split(key, of=3, least=2)
    false = shares.Share(2, 2, held[0].of_key, held[1].value ^ 1)
    refused("wrong-seal-key", shares.join, [held[0], false], key.public)
    foreign = shares.split(seal.SealKey.make(), of=3, least=2)
    refused("bad-share", shares.join, [held[0], foreign[1]], key.public)
    line = held[0].written()
    swapped = line[:60] + ("0" if line[60] != "0" else "1") + line[61:]
    for text in (swapped, line[:-1], line + "0", "", "madang-share@1:2:1:0:0:0"):
        refused("bad-share", shares.Share.read, text)


@pytest.mark.parametrize(("of", "least"), [(0, 0), (2, 3), (256, 2), (3, 0)])
def test_other_numbers_of_shares_are_refused(key, of, least):
    refused("bad-share", shares.split, key, of=of, least=least)


def test_secrets_are_not_shown(key):
    shown = repr(key) + repr(shares.split(key, of=2, least=1))
    assert key.seed.hex() not in shown
    assert str(int.from_bytes(key.seed, "big")) not in shown
