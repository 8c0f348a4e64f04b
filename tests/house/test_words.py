"""Words: every refusal, act, role and model has the ones the house gave it."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from madang.access import ACTS, ROLES
from madang.access.refusals import CLASHES, WORDS
from madang.recipes import house_vocabulary

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "madang"
GLOSSARY = ROOT / "docs" / "glossary.md"
SAID = re.compile(r'(?:Refused|Verdict\(False,)\(?\s*"([a-z][a-z-]+)"')
ONCE = re.compile(r'once\(.*?\n?\s*"([a-z][a-z-]+)"[,)]', re.S)
ROOMS = {"record", "places", "people", "bodies", "processes", "matters", "funds", "duties", "proposals", "deliberation",
         "decisions", "execution", "evaluation", "notices", "web"}  # fmt: skip


def codes() -> set[str]:
    text = "\n".join(f.read_text() for f in SRC.rglob("*.py"))
    short_of = set(re.findall(r'short_of="([a-z-]+)"', text))
    return set(SAID.findall(text)) | short_of


def void() -> set[str]:
    """Ways a vote can be void, said by the kinds of ballot; an act refuses each as "void-…"."""
    marks = "\n".join(f.read_text() for f in (SRC / "methods" / "ballots").rglob("*.py"))
    return set(re.findall(r'Void\(\s*"([a-z-]+)"', marks))


def test_every_way_a_vote_can_be_void_has_its_words():
    assert {code.removeprefix("void-") for code in WORDS if code.startswith("void-")} == void()


def test_every_refusal_has_words_and_a_next_step():
    assert sorted(code for code in codes() if code not in WORDS) == []


def test_no_two_rooms_say_the_same_refusal_differently():
    assert CLASHES == []


def test_no_words_wait_for_a_refusal_that_nobody_says():
    text = "\n".join(f.read_text() for f in SRC.rglob("*.py"))
    assert sorted(code for code in WORDS if text.count(f'"{code.removeprefix("void-")}"') < 2) == []


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_has_a_title_a_sentence_and_a_verb_in_the_glossary(name):
    act = ACTS[name]
    assert re.search("[가-힣]", str(act.title))
    assert act.run.__doc__ or not act.public or name == "people.rename"
    assert f"`{name}`" in GLOSSARY.read_text(), f"{name} is not in docs/glossary.md"


@pytest.mark.parametrize("room", sorted(ROOMS - {"web"}))
def test_every_model_has_a_word_in_the_glossary(room):
    told = GLOSSARY.read_text()
    assert [m.__name__ for m in apps.get_app_config(room).get_models() if f"`{m.__name__}`" not in told] == []


def test_the_vocabulary_of_recipes_is_what_the_rooms_registered():
    house = house_vocabulary()
    assert dict(house.acts) == {name: act.outcomes for name, act in ACTS.items()}
    assert sorted(set(house.roles) ^ set(ROLES)) == []


def test_every_form_bounds_what_it_takes():
    from django import forms

    loose = [
        f"{name}.{field}"
        for name, act in ACTS.items()
        if act.form
        for field, given in act.form.base_fields.items()
        if isinstance(given, forms.CharField)
        and not isinstance(given, (forms.URLField, forms.EmailField))
        and given.max_length is None
    ]
    assert loose == []


def test_a_refusal_calls_a_part_of_a_recipe_by_its_title_and_never_by_its_key():
    keyed = re.compile(r"%\((part|phase|act|role|recipe|window_key)\)")

    assert [code for code, said in WORDS.items() if any(keyed.search(str(words)) for words in said)] == []


def test_one_thing_has_one_word():
    """The glossary's word, wherever people read it: an e-mail is 이메일."""
    read = [file for kind in ("py", "html", "md", "toml", "po") for file in SRC.rglob(f"*.{kind}")]

    assert [str(file.relative_to(SRC)) for file in read if "전자우편" in file.read_text(encoding="utf-8")] == []
