"""The house keeps its manners: names, sizes, layers, what no file may contain."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "madang"
TESTS = ROOT / "tests"
CODE = [file for file in SRC.rglob("*.py") if "migrations" not in file.parts]
TEMPLATES = sorted(SRC.rglob("*.html"))
BANNED_MODULES = {"utils", "helpers", "services", "managers", "common", "core", "signals", "misc", "base"}
LONGEST = 450
WATER = ["record", "access", "places", "people", "bodies", "processes", "matters", "funds", "duties", "proposals",
         "deliberation", "decisions", "execution", "evaluation", "notices", "doors", "recipes"]  # fmt: skip


def test_water_runs_downhill():
    told = subprocess.run([str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_no_module_has_a_name_that_says_nothing():
    assert [str(f.relative_to(SRC)) for f in CODE if f.stem in BANNED_MODULES or f.parent.name in BANNED_MODULES] == []


def test_no_code_swallows_every_fault():
    assert [
        str(f.relative_to(SRC)) for f in CODE if re.search(r"except\s*(Base)?Exception\b|except\s*:", f.read_text())
    ] == []


def test_modules_are_short_enough_to_read():
    lines = {str(f.relative_to(SRC)): len(f.read_text().splitlines()) for f in CODE}
    long = {name: n for name, n in lines.items() if n > LONGEST}
    assert long == {}


def test_every_module_of_acts_says_what_it_is_for():
    said = [f for f in CODE if f.name == "acts.py" or f.parent.name == "acts"]
    assert said
    assert [str(f.relative_to(SRC)) for f in said if not f.read_text().lstrip().startswith('"""')] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"<[^>]+\sstyle\s*=",
        r"<style\b",
        r"<script(?![^>]*\bsrc=)[^>]*>",
        r"<[^>]+\son[a-z]+\s*=\s*[\"']",
        r"javascript:",
    ],
)
def test_no_template_carries_style_or_script_of_its_own(pattern):
    data = {"mfa/webauthn", "snippets"}  # allauth hands its options to the browser as JSON in a data script
    found = [
        str(f.relative_to(SRC))
        for f in TEMPLATES
        if re.search(pattern, f.read_text(), re.I) and not any(d in str(f) for d in data)
    ]
    assert found == []


def test_nothing_is_fetched_from_another_house():
    text = [*TEMPLATES, *SRC.rglob("*.css"), *SRC.rglob("*.js")]
    tags = r"(src|href)=\"https?://|url\(['\"]?https?://|@import\s+['\"]https?://"
    assert [str(f.relative_to(SRC)) for f in text if re.search(tags, f.read_text())] == []


def test_decisions_of_architecture_have_numbers_of_their_own():
    numbers = [f.name[:4] for f in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("room", WATER)
def test_every_room_has_a_page(room):
    assert any((ROOT / "docs" / folder / f"{room}.md").exists() for folder in ("rooms", "."))


def test_the_readme_is_read_in_one_sitting():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 100


def test_machines_doors_have_no_language():
    """Only what programs read stands outside the languages; everything people read is there in both."""
    from django.urls.resolvers import LocalePrefixPattern

    from madang.urls import urlpatterns

    outside = {str(entry.pattern) for entry in urlpatterns if not isinstance(entry.pattern, LocalePrefixPattern)}
    machines = re.compile(
        r"^(api/v1/|feeds/|calendar/|record/(log\.jsonl|checkpoint|consistency/.*)|robots\.txt|i18n/.*|)$"
    )
    assert sorted(p for p in outside if not machines.match(p)) == []


def test_every_act_is_offered_somewhere_on_a_page():
    """What people may do they find by looking: in a strip, on a page of a process, or from the rules of their 의제."""
    from madang.access import ACTS
    from madang.doors.web.pages.matters import MODERATION, OFFERED_HERE
    from madang.recipes.shelf import recipes

    text = "\n".join(file.read_text() for file in TEMPLATES)
    text += "\n".join(found for file in SRC.rglob("views*.py") for found in re.findall(r'ACTS\["[a-z_.]+"\]', file.read_text()))
    named = {name for recipe in recipes().values() for name in recipe.acts()}
    hidden = [
        name
        for name, act in ACTS.items()
        if act.public
        and not re.search(rf"\b{re.escape(name)}\b", text)
        and name not in MODERATION
        and not (act.on == "matters.matter" and name.split(".")[0] in OFFERED_HERE and name in named)
        and not (act.on == "processes.process" and (name in named or name == "processes.close"))
    ]
    assert hidden == []


def test_no_two_test_modules_bear_one_name():
    """pytest imports them by their name alone."""
    names = Counter(path.name for path in TESTS.rglob("test_*.py"))
    assert [name for name, number in names.items() if number > 1] == []
