"""The line a fault names is the line where the official finds the word."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.recipes.lines import Lines
from madang.recipes.shelf import files

SHELF = [*files("processes"), *files("bodies"), *files("sets")]


def paths(value, path=()):
    """Every key path of a TOML document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from paths(inner, (*path, key))


@pytest.mark.parametrize("file", SHELF, ids=lambda file: file.stem)
def test_every_key_of_the_shelf_stands_in_the_line_it_is_said_to(file):
    text = file.read_text(encoding="utf-8")
    written = text.splitlines()
    lines = Lines(text)

    for path in paths(tomllib.loads(text)):
        if isinstance(path[-1], str):
            assert path[-1] in written[lines.of(path) - 1], path


def test_all_forms_of_toml_are_found():
    text = (
        '# note\na = """\ntwo [[lines]]\n= "quoted" # no key\n"""\nb.c = \'it\'\'s\'\n'.replace("''", " ")
        + "\"d e\".'f' = [ # list\n"
        "  1,\n"
        "  { g = [\n"
        "    2 ] },\n"
        "]\r\n"
        "[h.i]\n"
        "j = 1979-05-27 07:32:00\n"
        "[[k]]\n"
        "l = '''\n"
        "x'''\n"
        "[[k]]\n"
        "l = 1\n"
        "[k.m]\n"
        "n = true\n"
        "[[k.o]]\n"
        "p = -inf"
    )
    lines = Lines(text)

    assert {path: lines.of(path) for path in paths(tomllib.loads(text))} == {
        ("a",): 2,
        ("b",): 6,
        ("b", "c"): 6,
        ("d e",): 7,
        ("d e", "f"): 7,
        ("d e", "f", 0): 8,
        ("d e", "f", 1): 9,
        ("d e", "f", 1, "g"): 9,
        ("d e", "f", 1, "g", 0): 10,
        ("h",): 12,
        ("h", "i"): 12,
        ("h", "i", "j"): 13,
        ("k",): 14,
        ("k", 0): 14,
        ("k", 0, "l"): 15,
        ("k", 1): 17,
        ("k", 1, "l"): 18,
        ("k", 1, "m"): 19,
        ("k", 1, "m", "n"): 20,
        ("k", 1, "o"): 21,
        ("k", 1, "o", 0): 21,
        ("k", 1, "o", 0, "p"): 22,
    }


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab[]{}=.,\"'\\\n #1", max_size=40))
def test_whatever_the_standard_reader_accepts_is_walked_to_its_end(text):
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = Lines(text)

    assert all(1 <= lines.of(path) <= text.count("\n") + 1 for path in paths(table))
