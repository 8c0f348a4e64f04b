"""Korean complete, English complete: every sentence the code says has its English, none is doubtful."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "madang"
ENGLISH = SRC / "locale" / "en" / "LC_MESSAGES" / "django.po"
BLANK = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
FIELD = re.compile(r"%\((\w+)\)[sd]")

pytestmark = [
    pytest.mark.skipif(not ENGLISH.exists(), reason="there is no English yet (src/madang/locale/en)"),
    pytest.mark.skipif(
        shutil.which("xgettext") is None, reason="gathering sentences needs the Debian package `gettext`"
    ),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Every sentence in code and templates, gathered as `make messages` gathers them, in a copy."""
    home = tmp_path_factory.mktemp("words")
    shutil.copytree(SRC, home / "madang", ignore=shutil.ignore_patterns("__pycache__", "locale", "*.toml", "*.csv"))
    fresh = home / "madang" / "locale" / "en" / "LC_MESSAGES"
    fresh.mkdir(parents=True)
    (fresh / "django.po").write_text(BLANK)
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "makemessages", "-l", "en", "--no-location", "--no-wrap"],
        cwd=home / "madang",
        check=True,
        capture_output=True,
    )
    return _read(fresh / "django.po")


def _read(file):
    with file.open("rb") as source:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(source)
            if message.id
        }


def test_every_sentence_has_its_english(said):
    english = _read(ENGLISH)
    missing = [words for words in said if words not in english or not _whole(english[words].string)]
    assert missing == [], f"{len(missing)} without English"


def test_no_english_is_doubtful_or_left_over(said):
    english = _read(ENGLISH)
    assert [words for words, message in english.items() if message.fuzzy] == []
    assert sorted(set(english) - set(said)) == []


def test_the_english_fills_in_the_same_numbers_and_names():
    wrong = []
    for words, message in _read(ENGLISH).items():
        for string in [message.string] if isinstance(message.string, str) else message.string:
            if string and not set(FIELD.findall(string)) <= set(FIELD.findall(str(message.id))):
                wrong.append(words)
    assert wrong == []


def _whole(string) -> bool:
    return bool(string) if isinstance(string, str) else all(string)
