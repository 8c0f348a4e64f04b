"""docs/methods/sealed.md and its example hold what they say."""

import re
import runpy
from pathlib import Path

from madang.methods.sealed import board, telling

DOCS = Path(__file__).parents[3] / "docs" / "methods"
PAGE = (DOCS / "sealed.md").read_text("utf-8")


def test_the_page_names_every_fault_the_audit_can_name_and_no_other():
    rows = PAGE.partition("## What the audit names")[2].partition("\n## ")[0]
    named = [code for row in rows.splitlines() if row.startswith("|") for code in re.findall(r"`([a-z-]+)`", row)]
    codes = [code for code in named if not code.startswith("--")]
    assert sorted(codes) == sorted(telling.WORDS)


def test_the_code_worked_by_hand_on_the_page_comes_out():
    leaf = bytes.fromhex("a1b2c3d4e5f60718") + bytes(24)
    assert f"`{board.code(leaf)}`" in PAGE
    assert f"`{board.ALPHABET}`" in PAGE


def test_every_fault_and_note_is_said_in_both_languages():
    for korean, english in (*telling.WORDS.values(), *telling.NOTES.values()):
        assert re.search("[가-힣]", korean)
        assert english.isascii()


def test_the_page_is_short_and_the_example_runs_as_a_notebook_would(capsys):
    assert len(PAGE.splitlines()) <= 150
    runpy.run_path(str(DOCS / "examples" / "sealed.py"))
    said = capsys.readouterr().out
    assert "holds: True winner: [1] my ballot: 1" in said
    assert "caught: ballot-dropped" in said


def test_the_index_of_the_methods_names_the_page_once():
    assert (DOCS / "README.md").read_text("utf-8").count("(sealed.md)") == 1
