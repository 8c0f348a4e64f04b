"""The PeterNeumann key and note are the published example of Go's golang.org/x/mod/sumdb/note."""

import base64

import pytest

from madang.methods.transparency.checkpoint import Checkpoint, NoteError, SigningKey, VerifierKey, read, sign

SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAYING = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
MARK = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
SEOUL = SigningKey.make("seoul.example/log")
NOTE = sign(Checkpoint("seoul.example/log", 3, b"r" * 32), SEOUL)


def test_the_published_key_and_signature():
    key = SigningKey.read(SECRET)
    assert str(key.verifier) == PUBLIC
    assert key.secret() == SECRET
    assert base64.b64encode(key.verifier.key_id + key.sign(SAYING)).decode() == MARK
    assert VerifierKey.read(PUBLIC).signed(SAYING, base64.b64decode(MARK)[4:])


def test_a_checkpoint_reads_as_the_specification_writes_it():
    root = base64.b64encode(b"r" * 32).decode()
    assert NOTE.startswith(f"seoul.example/log\n3\n{root}\n\n— seoul.example/log ")
    assert read(NOTE, [SEOUL.verifier]) == Checkpoint("seoul.example/log", 3, b"r" * 32)


def test_a_cosignature_of_a_stranger_does_no_harm():
    stranger = SigningKey.make("witness.example/w")
    text = NOTE.split("\n\n")[0] + "\n"
    cosigned = NOTE + f"— {stranger.name} {base64.b64encode(stranger.verifier.key_id + stranger.sign(text)).decode()}\n"
    assert read(cosigned, [SEOUL.verifier]).size == 3


def test_a_key_keeps_its_secret_out_of_messages():
    assert SEOUL.secret()[-20:] not in repr(SEOUL) + str(SEOUL)
    with pytest.raises(ValueError, match="is damaged") as refusal:
        SigningKey.read(SECRET.replace("c74f20a3", "c74f20a4"))
    assert "AYEKFA" not in str(refusal.value)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda note: note.replace("\n3\n", "\n4\n"), "bad-signature"),
        (lambda note: note.replace("\n3\n", "\n03\n"), "bad-signature"),
        (lambda note: note.replace("— seoul", "— busan"), "unknown-key"),
        (lambda note: note.replace("\n\n", "\n"), "malformed"),
        (lambda note: note[:-1], "malformed"),
        (lambda note: note.replace("— ", "- "), "malformed"),
        (lambda note: note[:-6] + "!!!!\n", "malformed"),
        (lambda note: "", "malformed"),
    ],
)
def test_a_spoiled_note_is_refused(spoil, code):
    with pytest.raises(NoteError) as refusal:
        read(spoil(NOTE), [SEOUL.verifier])
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "seoul.example/log\n03\n" + base64.b64encode(b"r" * 32).decode() + "\n",
        "seoul.example/log\n-3\n" + base64.b64encode(b"r" * 32).decode() + "\n",
        "seoul.example/log\n3\n" + base64.b64encode(b"r" * 31).decode() + "\n",
        "seoul.example/log\n3\n",
    ],
)
def test_a_well_signed_text_that_is_no_checkpoint_is_refused(text):
    mark = base64.b64encode(SEOUL.verifier.key_id + SEOUL.sign(text)).decode()
    with pytest.raises(NoteError) as refusal:
        read(f"{text}\n— {SEOUL.name} {mark}\n", [SEOUL.verifier])
    assert refusal.value.code == "malformed"


def test_nobody_signs_for_another_log():
    with pytest.raises(ValueError, match="does not sign for busan"):
        sign(Checkpoint("busan.example/log", 1, b"r" * 32), SEOUL)
    other_text = "busan.example/log\n1\n" + base64.b64encode(b"r" * 32).decode() + "\n"
    mark = base64.b64encode(SEOUL.verifier.key_id + SEOUL.sign(other_text)).decode()
    with pytest.raises(NoteError) as refusal:
        read(f"{other_text}\n— {SEOUL.name} {mark}\n", [SEOUL.verifier])
    assert refusal.value.code == "unknown-key"


@pytest.mark.parametrize("text", ["", "name", "a+b+c", PUBLIC.replace("c74f20a3", "00000000"), PUBLIC[:-8]])
def test_a_mistyped_key_is_refused(text):
    with pytest.raises(ValueError, match=r"key|base64"):
        VerifierKey.read(text)


def test_a_name_with_a_space_or_plus_is_no_name():
    with pytest.raises(ValueError, match="cannot name a key"):
        SigningKey.make("my city/log")
