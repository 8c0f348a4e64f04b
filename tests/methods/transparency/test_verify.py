"""One log of ten entries with checkpoints at 4, 7 and 10; each test spoils it in one way and reads the verdict."""

import base64
import json
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.transparency import logfile
from madang.methods.transparency.canonical import canonical
from madang.methods.transparency.checkpoint import Checkpoint, SigningKey, sign
from madang.methods.transparency.merkle import Frontier, Tree, leaf_hash
from madang.methods.transparency.verify import Fault, main, verify, verify_growth, verify_receipt

KEY = SigningKey.make("seoul.example/log")
PUBLIC = str(KEY.verifier)
TEXTS = [canonical({"act": "proposals.support", "uid": f"{number:032x}"}) for number in range(10)]


def note_at(tree: Tree, size: int, key: SigningKey = KEY) -> str:
    return sign(Checkpoint(key.name, size, tree.root(size)), key)


def tree_of(texts: list[str]) -> Tree:
    tree = Tree()
    tree.extend(leaf_hash(text.encode()) for text in texts)
    return tree


def lines_of(texts: list[str], sealed_at: tuple[int, ...], since: int = 0, key: SigningKey = KEY) -> list[bytes]:
    tree = tree_of(texts)
    before, _ = Frontier().extend(tree.levels[0][:since] if since else [])
    lines = [logfile.header([key.verifier], before, len(texts))]
    for position in range(since, len(texts)):
        if position in sealed_at:
            lines.append(logfile.checkpoint_line(note_at(tree, position, key)))
        lines.append(logfile.entry_line(position, tree.levels[0][position], texts[position]))
    return [*lines, logfile.checkpoint_line(note_at(tree, len(texts), key))]


LINES = lines_of(TEXTS, (4, 7))  # line 1 header, 2–5 entries, 6 checkpoint, 7–9, 10 checkpoint, 11–13, 14 checkpoint


@pytest.fixture
def saved(tmp_path):
    def save(lines: list[bytes]):
        path = tmp_path / "madang.log"
        path.write_bytes(b"".join(lines))
        return path

    return save


def test_a_whole_log_passes_and_says_what_was_checked(saved):
    report = verify(saved(LINES), PUBLIC)
    assert report.ok and report.fault is None and report.trusted
    assert (report.size, report.checkpoints, report.since) == (10, 3, 0)
    assert report.root == base64.b64encode(tree_of(TEXTS).root(10)).decode()


def test_without_a_key_of_ones_own_the_report_says_so(saved):
    report = verify(saved(LINES))
    assert report.ok and not report.trusted
    assert report.keys == [PUBLIC]


def test_an_empty_log_is_whole(saved):
    report = verify(saved([logfile.header([KEY.verifier], Frontier(), 0)]), PUBLIC)
    assert report.ok
    assert (report.size, report.checkpoints) == (0, 0)


def test_a_download_that_starts_later_verifies_alone(saved):
    report = verify(saved(lines_of(TEXTS, (7,), since=5)), PUBLIC)
    assert report.ok
    assert (report.since, report.size, report.checkpoints) == (5, 10, 2)


def test_a_download_with_invented_peaks_fails(saved):
    lines = lines_of(TEXTS, (7,), since=5)
    lines[0] = logfile.header([KEY.verifier], Frontier(5, (b"x" * 32, b"y" * 32)), 10)
    fault = verify(saved(lines), PUBLIC).fault
    assert (fault.code, fault.line) == ("fork", 4)


def swapped(lines, one, other):
    result = list(lines)
    result[one], result[other] = result[other], result[one]
    return result


def forged_line(position: int) -> bytes:
    text = TEXTS[position].replace("support", "unsupport")
    return logfile.entry_line(position, leaf_hash(text.encode()), text)


OTHER_HISTORY = logfile.checkpoint_line(note_at(tree_of([text.replace("s", "z") for text in TEXTS]), 7))
STRANGER = SigningKey.make("seoul.example/log")


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        pytest.param(LINES[:8], "truncated", 8, id="cut between lines"),
        pytest.param([*LINES[:8], LINES[8][:40]], "truncated", 9, id="cut in mid-line"),
        pytest.param(LINES[:10], "truncated", 10, id="cut at a checkpoint"),
        pytest.param(LINES[:1], "truncated", 1, id="nothing but the header"),
        pytest.param(swapped(LINES, 2, 3), "out-of-order", 3, id="two lines swapped"),
        pytest.param(LINES[:3] + LINES[4:], "out-of-order", 4, id="a line missing"),
        pytest.param(LINES[:4] + LINES[3:], "duplicate-line", 5, id="a line twice"),
        pytest.param([*LINES[:7], LINES[7].replace(b"support", b"suppott"), *LINES[8:]], "altered", 8, id="one byte"),
        pytest.param([*LINES[:7], forged_line(5), *LINES[8:]], "fork", 10, id="a text and its hash forged"),
        pytest.param([*LINES[:9], OTHER_HISTORY, *LINES[10:]], "fork", 10, id="a signed checkpoint of another history"),
        pytest.param(swapped(LINES, 5, 4), "out-of-order", 5, id="a checkpoint before its last entry"),
        pytest.param(swapped(LINES, 5, 6), "fork", 7, id="a checkpoint after the next entry"),
        pytest.param([*LINES[:5], LINES[5].replace(b"\\n4\\n", b"\\n5\\n"), *LINES[6:]], "bad-signature", 6, id="size"),
        pytest.param([*LINES[:5], b"=\tnothing\n", *LINES[6:]], "bad-checkpoint", 6, id="no JSON"),
        pytest.param([*LINES[:5], b"=\t{}\n", *LINES[6:]], "bad-checkpoint", 6, id="JSON but no text"),
        pytest.param([*LINES[:5], b'=\t"a\\n\\nb\\n"\n', *LINES[6:]], "bad-checkpoint", 6, id="no note"),
        pytest.param([*LINES[:2], b"hello\n", *LINES[2:]], "junk-line", 3, id="junk"),
        pytest.param([*LINES[:2], b"\n", *LINES[2:]], "junk-line", 3, id="an empty line"),
        pytest.param([*LINES, b"more\n"], "junk-line", 15, id="junk at the end"),
        pytest.param([*LINES[:2], b"9" * 5000 + b"\t\t\n", *LINES[2:]], "junk-line", 3, id="an absurd number"),
        pytest.param([*LINES[:2], b"x" * logfile.LINE_MAX, *LINES[2:]], "junk-line", 3, id="an endless line"),
        pytest.param([*LINES[:2], b"1\tx\t\xff\xfe\n", *LINES[2:]], "not-utf-8", 3, id="not UTF-8"),
        pytest.param(lines_of(TEXTS, (4,), key=STRANGER), "wrong-key", 6, id="another city with our name"),
        pytest.param([], "not-a-log", 0, id="an empty file"),
        pytest.param([b"\x00\xff\x00binary"], "not-utf-8", 0, id="a binary file"),
        pytest.param([b"<html>\n"], "not-a-log", 0, id="an error page saved as the log"),
        pytest.param([b'{"madang-log":1,"keys":3}\n'], "not-a-log", 1, id="a broken header"),
    ],
)
def test_each_kind_of_damage_is_named_with_its_line(saved, lines, code, line):
    report = verify(saved(lines), PUBLIC)
    assert not report.ok
    assert (report.fault.code, report.fault.line) == (code, line)
    assert report.fault.words("ko") != report.fault.words("en")


def test_a_kept_checkpoint_shows_a_shorter_log_and_a_rewritten_one(saved):
    tree = tree_of(TEXTS)
    shorter = saved(lines_of(TEXTS[:7], (4,)))
    assert verify(shorter, PUBLIC, kept=note_at(tree, 4)).ok
    assert verify(shorter, PUBLIC, kept=note_at(tree, 5)).ok
    assert verify(shorter, PUBLIC, kept=note_at(tree, 10)).fault == Fault("shorter", 10, "7 < 10")
    rewritten = saved(lines_of([TEXTS[0], "{}", *TEXTS[2:]], (4, 7)))
    assert verify(rewritten, PUBLIC).ok
    assert verify(rewritten, PUBLIC, kept=note_at(tree, 4)).fault == Fault("fork", 5, "kept: 4")


def test_a_kept_checkpoint_from_before_a_partial_download_cannot_be_judged(saved):
    path = saved(lines_of(TEXTS, (7,), since=5))
    assert verify(path, PUBLIC, kept=note_at(tree_of(TEXTS), 5)).ok
    with pytest.raises(ValueError, match="lies before this download"):
        verify(path, PUBLIC, kept=note_at(tree_of(TEXTS), 4))


def receipt(position: int = 3, size: int = 10) -> dict:
    tree = tree_of(TEXTS)
    path = [base64.b64encode(part).decode() for part in tree.inclusion(position, size)]
    return {
        "madang-receipt": 1,
        "position": position,
        "text": TEXTS[position],
        "path": path,
        "checkpoint": note_at(tree, size),
        "keys": [PUBLIC],
    }


def test_a_receipt_proves_its_entry_without_the_log(tmp_path):
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt(), indent=1), "utf-8")
    report = verify(path, PUBLIC)
    assert report.ok and report.trusted
    assert report.size == 10


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": TEXTS[4]}, "not-included"),
        ({"position": 4}, "not-included"),
        ({"position": 10**30}, "not-included"),
        ({"path": []}, "not-included"),
        ({"path": ["*"]}, "bad-receipt"),
        ({"path": 3}, "bad-receipt"),
        ({"position": "셋"}, "bad-receipt"),
        ({"checkpoint": "nothing"}, "bad-checkpoint"),
        ({"checkpoint": note_at(tree_of(TEXTS), 10, STRANGER)}, "wrong-key"),
        ({"madang-receipt": 2}, "not-a-log"),
    ],
)
def test_a_false_receipt_proves_nothing(change, code):
    report = verify_receipt(json.dumps({**receipt(), **change}), PUBLIC)
    assert not report.ok
    assert report.fault.code == code


def test_growth_is_proved_from_one_checkpoint_to_the_next():
    tree = tree_of(TEXTS)
    assert verify_growth(note_at(tree, 4), note_at(tree, 10), tree.consistency(4, 10), PUBLIC)
    assert not verify_growth(note_at(tree, 5), note_at(tree, 10), tree.consistency(4, 10), PUBLIC)


@given(st.data())
def test_no_single_changed_byte_passes(tmp_path_factory, data):
    whole = b"".join(LINES)
    place = data.draw(st.integers(len(LINES[0]), len(whole) - 1))  # the header claims nothing that is trusted
    changed = bytearray(whole)
    changed[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    path = tmp_path_factory.getbasetemp() / "changed.log"
    path.write_bytes(changed)
    report = verify(path, PUBLIC)
    assert not report.ok
    assert report.fault.line == whole[:place].count(b"\n") + 1 or report.fault.code in {"fork", "duplicate-line"}


def test_the_command_tells_it_in_words_and_by_exit_code(saved, capsys):
    path = str(saved(LINES))
    assert main(["verify", path, "--key", PUBLIC]) == 0
    assert "✓ 기록 10건이 온전합니다. 도장 3개를 확인했습니다." in capsys.readouterr().out
    assert main(["verify", path]) == 0
    assert "파일 안의 열쇠로 확인했습니다" in capsys.readouterr().out
    assert main(["verify", path, "--key", str(STRANGER.verifier)]) == 1
    assert "✗ 6번째 줄: 다른 열쇠로 찍은 도장입니다." in capsys.readouterr().out
    assert main(["verify", path, "--key", "typo"]) == 2
    assert "name+hash+base64" in capsys.readouterr().err
    assert main(["verify", path + ".none"]) == 1
    assert "파일을 열 수 없습니다" in capsys.readouterr().out
    assert main(["verify", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == 10
    assert main(["polish"]) == 2


def test_the_verifier_runs_where_django_cannot_be_imported(saved):
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from madang.methods.transparency.verify import main\n"
        f"sys.exit(main(['verify', {str(saved(LINES))!r}, '--key', {PUBLIC!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_hundred_thousand_entries_are_verified_in_seconds(saved):
    """The promise is 2 s on an idle machine; the bound here leaves room for a busy one."""
    texts = [canonical({"act": "proposals.support", "uid": f"{number:032x}"}) for number in range(100_000)]
    path = saved(lines_of(texts, tuple(range(1000, 100_000, 1000))))
    start = time.process_time()
    assert verify(path, PUBLIC).ok
    assert time.process_time() - start < 4
