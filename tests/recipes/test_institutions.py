"""The institutions of the city as data: they say what the sources say, and no 의제 can be lost in them."""

import json
import subprocess
import sys
from collections import deque
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lamp_council import GOOD, changed

from madang.recipes import CLOSED, REACHED, WAITS, RecipeError, Vocabulary, load, load_set, loads, recipes, thaw
from madang.recipes.__main__ import main
from madang.recipes.explain import explain
from madang.recipes.shelf import files, home, load_body

SHELF = recipes()
RUNNING = [recipe for recipe in SHELF.values() if recipe.status == "runs" and recipe.phases]
TEN_HARDEST = {
    "residents-assembly",
    "participatory-budget-joint",
    "community-innovation-plan",
    "gender-governance",
    "citizen-committee",
    "contracting-out",
    "seoul-compact",
    "governance-evaluation",
    "information-disclosure",
    "seoul-youth-assembly",
}


def edition(name):
    return SHELF[name]


def test_the_ten_hardest_institutions_stand_on_the_shelf():
    assert {recipe.key for recipe in SHELF.values()} >= TEN_HARDEST


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("democracy-seoul@2019-03-26", {"reply_supports": 50, "forum_supports": 500, "mayor_participants": 5000}),
        ("democracy-seoul@2020-03-01", {"reply_supports": 50, "forum_supports": 100, "mayor_participants": 1000}),
        ("participatory-budget-city@2019-02-11", {"picks": 10, "w_citizens": 50, "w_members": 30, "w_school": 10}),
    ],
)
def test_the_thresholds_are_those_of_the_sources(name, numbers):
    assert {key: edition(name).value(key) for key in numbers} == numbers


def test_support_runs_thirty_days():
    assert edition("democracy-seoul@2019-03-26").term("support_days") == (30, "days")


def test_fifty_supporters_bring_the_department_and_five_hundred_the_panel():
    seoul = edition("democracy-seoul@2019-03-26")

    opened = {n: [gate.opens for gate in seoul.gates_passed("support", {"supports": n})] for n in (49, 50, 500)}

    assert opened == {49: [], 50: [("assign",)], 500: [("assign",), ("panel",)]}


@pytest.mark.parametrize(
    ("name", "enough"), [("democracy-seoul@2019-03-26", 5000), ("democracy-seoul@2020-03-01", 1000)]
)
def test_the_mayor_answers_in_place_of_the_department_when_enough_took_part(name, enough):
    seoul = edition(name)

    assert seoul.after("forum", "closed", {"participants": enough - 1}) == ("forum-reply",)
    assert seoul.after("forum", "closed", {"participants": enough}) == ("mayor-reply",)


def test_since_2020_the_panel_may_take_up_what_few_support():
    old, new = edition("democracy-seoul@2019-03-26"), edition("democracy-seoul@2020-03-01")

    assert old.opened_by("support", "decisions.open_resolution") == ()
    assert [gate.opens for gate in new.opened_by("support", "decisions.open_resolution")] == [("panel",)]
    assert new.may("decisions.open_resolution", "support") == ("panelist",)


def test_a_declined_proposer_has_fifteen_days_to_ask_again_and_then_the_team_concludes():
    seoul = edition("democracy-seoul@2019-03-26")
    window = seoul.phase("review-window")

    assert seoul.after("reply", "declined") == ("review-window",)
    assert seoul.term(window.lasts) == (15, "days")
    assert [gate.opens for gate in seoul.opened_by("review-window", "decisions.request_review")] == [("second-reply",)]
    assert seoul.after("review-window", REACHED) == (WAITS,)
    assert seoul.phase("second-reply").owes.post == "국장"
    assert (window.owes.act, window.owes.by) == ("duties.conclude", "operator")


@pytest.mark.parametrize("recipe", SHELF.values(), ids=lambda recipe: recipe.edition)
def test_what_is_adopted_comes_to_evaluation_or_is_closed_by_somebody(recipe):
    for phase in recipe.phases:
        assert phase.owes.by in recipe.bodies
        assert recipe.term(phase.owes.within)[0] > 0
        assert set(phase.next) - {REACHED}


@pytest.mark.parametrize("recipe", RUNNING, ids=lambda recipe: recipe.edition)
def test_a_matter_that_nobody_helps_on_still_always_has_a_debtor(recipe):
    """Walks the first 2,000 sets of phases a matter can stand in: always some open phase owes an act by a date."""
    start = frozenset(recipe.first_phases())
    seen, todo = {start}, deque([start])
    while todo and len(seen) < 2_000:
        stages = todo.popleft()
        assert all(recipe.phase(key).owes.within for key in stages)
        fresh = {following for key in stages for following in steps(recipe, stages, key)} - seen
        seen |= fresh
        todo += fresh

    assert frozenset() in seen


def steps(recipe, stages, key):
    """The sets of open phases one event in phase `key` can lead to."""
    phase = recipe.phase(key)
    for gate in phase.gates:
        if gate.at == "once":
            yield frozenset((stages - {key} if gate.ends else stages) | set(gate.opens))
        else:
            yield frozenset((stages - {key}) | set(gate.opens))
    for opens in phase.next.values():
        yield frozenset((stages - {key}) | (set(opens) - {CLOSED, WAITS}))


def test_an_adopted_matter_walks_promise_carry_check_and_back_when_nothing_came_of_it():
    seoul = edition("democracy-seoul@2019-03-26")

    walk = [
        seoul.after(phase, outcome)
        for phase, outcome in [
            ("reply", "accepted"),
            ("promise", "promised"),
            ("carry", "finished"),
            ("check", "not-confirmed"),
            ("reopen", "reopened"),
        ]
    ]

    assert walk == [("promise",), ("carry",), ("check",), ("reopen",), ("promise",)]
    assert seoul.after("check", "confirmed") == (CLOSED,)


def test_who_may_what_is_the_phase_and_what_always_holds():
    seoul = edition("democracy-seoul@2019-03-26")

    assert seoul.may("proposals.support", "support") == ("verified",)
    assert seoul.may("proposals.support", "reply") == ()
    assert seoul.may("matters.link", "reply") == ("operator",)
    assert seoul.may("matters.link") == ("operator",)


def test_a_role_says_for_which_body_it_acts():
    seoul = edition("democracy-seoul@2019-03-26")

    roles = ("operator", "panelist", "officer", "mayor", "proposer")
    assert [seoul.body_of(role) for role in roles] == ["operator", "panel", "department", "mayor", ""]


# -- reading, keeping, reading back -------------------------------------------------------------------------------


@pytest.mark.parametrize("file", files("processes"), ids=lambda file: file.stem)
def test_two_readings_of_a_file_are_equal_and_a_kept_copy_reads_back_the_same(file):
    first, second = load(file), load(file)

    assert first == second
    assert hash(first) == hash(second)
    assert first.digest() == second.digest()
    assert thaw(first.freeze()) == first
    assert thaw(first.freeze()).freeze() == first.freeze()


def test_layout_and_comments_do_not_change_the_digest_but_a_number_does():
    base = loads(GOOD)

    assert loads("# a note\n" + GOOD.replace(" = ", "  =  ")).digest() == base.digest()
    assert loads(changed(("value = 3,", "value = 4,"))).digest() != base.digest()


def test_a_kept_copy_reads_back_when_the_rooms_have_other_words():
    recipe = loads(GOOD)
    acts = dict.fromkeys(recipe.acts(), ("quite-other",))
    grown = Vocabulary(acts=acts, roles=frozenset({"operator"}))

    with pytest.raises(RecipeError):
        loads(GOOD, grown)
    assert thaw(recipe.freeze()) == recipe


def test_a_kept_copy_holds_no_more_than_the_institution_and_its_words():
    kept = json.loads(loads(GOOD).freeze())

    assert sorted(kept) == ["format", "recipe", "words"]
    assert kept["words"]["acts"]["decisions.reply"] == ["accepted", "partial", "long-term", "declined", "already-done"]


def test_sentences_carry_the_numbers_of_the_file():
    recipe = loads(changed(("value = 3,", "value = 3000,")))

    assert recipe.summary.ko == "3,000명이 공감하면 부서가 답합니다."
    assert recipe.phase("support").says.said("en") == "Support for 30 days."


def test_a_set_names_what_a_place_runs():
    place = load_set("seoul-2020")

    assert place.recipe("democracy-seoul").version == "2020-03-01"
    assert place.charter.may("bodies.found") == ("steward",)
    with pytest.raises(KeyError):
        place.recipe("citizen-committee")


def test_the_default_committee_keeps_the_ordinance():
    committee = load_body(home() / "bodies" / "committee.toml")

    terms = {key: committee.value(name) for key, name in committee.meeting.items()}
    assert (terms["notice"], terms["minutes"], terms["results"]) == (15, 7, 10)
    assert (terms["bodies_most"], terms["years_most"], terms["rest"]) == (3, 6, 1)
    assert committee.values["sex_most"].since == date(2018, 1, 1)


# -- the command --------------------------------------------------------------------------------------------------


def test_check_without_a_path_tells_the_whole_shelf_in_order(capsys):
    assert main(["check"]) == 0
    assert "democracy-seoul@2019-03-26" in capsys.readouterr().out


def test_check_prints_the_line_of_a_mistake_and_fails(tmp_path, capsys):
    file = tmp_path / "lamp-council.toml"
    file.write_text(changed(('["officer"]', '["chief"]')), encoding="utf-8")

    assert main(["check", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"{file}:82: 역할에 모르는 낱말: 'chief'.")
    assert main(["check", str(file), "--lang", "en"]) == 1
    assert "Unknown role 'chief'" in capsys.readouterr().err


def test_explain_tells_who_owes_what_by_when():
    told = explain(edition("democracy-seoul@2019-03-26"))

    assert "할 일: 담당 부서 과장 — decisions.reply, 단계가 열린 날부터 30일 안에" in told
    assert "reply_supports = 50명 (2019-03-26부터;" in told


def test_the_package_reads_without_django():
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from madang.recipes import recipes\n"
        "print(len(recipes()) > 10, any(name.startswith('django.') for name in sys.modules))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "False"]


# -- no change of the text may break the reader or leave a dead end -----------------------------------------------

MUTABLE = [file.read_text(encoding="utf-8") for file in files("processes") if "democracy" not in file.stem] + [GOOD]


@st.composite
def broken(draw):
    """A recipe with one to three lines lost, doubled, or with a word changed for another of the same file."""
    lines = draw(st.sampled_from(MUTABLE)).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["lose", "double", "rename", "borrow"]))
        if how == "lose":
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "borrow":
            lines[at] = draw(st.sampled_from(lines))
        else:
            word = draw(st.sampled_from(lines[at].split() or [""]))
            other = draw(st.sampled_from(draw(st.sampled_from(lines)).split() or ["x"]))
            lines[at] = lines[at].replace(word, other, 1) if word else other
        if not lines:
            return ""
    return "\n".join(lines)


@settings(max_examples=200, deadline=None)
@given(broken())
def test_a_damaged_recipe_is_refused_or_still_has_no_dead_end(text):
    try:
        recipe = loads(text)
    except RecipeError as refused:
        assert all(fault.line >= 1 and fault.ko for fault in refused.faults)
        return
    assert thaw(recipe.freeze()) == recipe
    for phase in recipe.phases:
        assert reaches_an_end(recipe, phase.key), phase.key
        assert phase.owes.by in recipe.bodies


def reaches_an_end(recipe, key, seen=frozenset()):
    if key in (CLOSED, WAITS):
        return True
    phase = recipe.phase(key)
    opens = {step for row in phase.next.values() for step in row} | {
        step for gate in phase.gates for step in gate.opens
    }
    return any(reaches_an_end(recipe, step, seen | {key}) for step in opens - seen - {key})


def test_a_recipe_cannot_be_changed_once_read():
    recipe = loads(GOOD)

    with pytest.raises(TypeError):
        recipe.phase("reply").may["decisions.reply"] = ("anyone",)  # type: ignore[index]
    assert replace(recipe, origin="elsewhere") == recipe
