"""Walks an institution before it may open: no phase without an owner, no outcome without a next step, no dead end.

1. Every phase is reachable, and "closed" is reachable from every phase.
2. Every outcome of the owed act leads somewhere; "waits" stands only where another branch is certain to be open.
3. A body that differs per matter is set on every path before it owes anything.
4. Every number, body and window of the file is used by something.
5. The charter gives every number of the house, so that no recipe that leaves one open is without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from madang.recipes.cursor import Page, hints
from madang.recipes.institution import Owes, Phase, Recipe
from madang.recipes.lines import Path
from madang.recipes.words import CLOSED, ENDS, HOUSE_VALUES, NOBODY_SPECIAL, REACHED, WAITS, asked_of

NEEDS_BALLOT = ("decisions.open_ballot", "decisions.cast", "decisions.close_ballot")
NEEDS_SCORING = ("decisions.score", "decisions.close_scoring")
NEEDS_ROUNDS = ("deliberation.write_round", "deliberation.close_rounds")
NEEDS_RESOLUTION = ("decisions.open_resolution", "decisions.vote", "decisions.close_resolution")


def check(recipe: Recipe, outcomes: Mapping[str, tuple[str, ...]], page: Page) -> None:
    """Note every fault of a recipe whose words are known; `outcomes` gives each act its outcomes."""
    _house_units(recipe, page)
    if recipe.kind == "charter":
        _charter(recipe, page)
        return
    if not recipe.phases:
        page.note((), "no-phases")
        return
    _calendar(recipe, page)
    for position, phase in enumerate(recipe.phases):
        _phase(recipe, phase, outcomes, page, ("phases", position))
    _graph(recipe, page)
    _unused(recipe, page)


def _charter(recipe: Recipe, page: Page) -> None:
    if recipe.phases or not recipe.standing_may:
        page.note(("phases",) if recipe.phases else (), "charter-phases")
    for name in HOUSE_VALUES.keys() - recipe.values.keys():
        page.note(("values",), "charter-number", word=name, allowed=", ".join(HOUSE_VALUES[name]))
    for name in recipe.values.keys() - HOUSE_VALUES.keys():
        page.note(("values", name), "unused-value", word=name)


def _house_units(recipe: Recipe, page: Page) -> None:
    for name in HOUSE_VALUES.keys() & recipe.values.keys():
        unit = recipe.values[name].unit
        if unit and unit not in HOUSE_VALUES[name]:
            page.note(("values", name, "unit"), "wrong-unit", word=name, unit=unit, allowed=", ".join(HOUSE_VALUES[name]))


def _calendar(recipe: Recipe, page: Page) -> None:
    if recipe.standing and recipe.windows:
        page.note(("windows",), "standing-window")
    if not recipe.standing and not recipe.windows:
        page.note(("standing",), "edition-needs-window")
    used = {phase.window for phase in recipe.phases} | {phase.ballot.online for phase in recipe.phases if phase.ballot}
    for position, window in enumerate(recipe.windows):
        if window.key not in used:
            page.note(("windows", position), "unused-window", word=window.key)


def _phase(recipe: Recipe, phase: Phase, outcomes: Mapping[str, tuple[str, ...]], page: Page, path: Path) -> None:
    _outcomes(phase, outcomes, page, path)
    _gates(phase, page, path)
    _duty(recipe, phase, phase.owes, page, (*path, "owes"))
    if phase.owes.every:
        page.note((*path, "owes", "every"), "every-ends")
    for position, owes in enumerate(phase.also_owes):
        _duty(recipe, phase, owes, page, (*path, "also_owes", position))
    for act in phase.may:
        if act in NEEDS_BALLOT and not phase.ballot:
            page.note((*path, "may", act), "no-ballot", act=act)
        if act in NEEDS_SCORING and not phase.scoring:
            page.note((*path, "may", act), "no-scoring", act=act)
        if act in NEEDS_ROUNDS and not phase.rounds:
            page.note((*path, "may", act), "no-rounds", act=act)
        if act in NEEDS_RESOLUTION and not phase.resolution and not any(gate.act == act for gate in phase.gates):
            page.note((*path, "may", act), "no-resolution", act=act)


def _outcomes(phase: Phase, outcomes: Mapping[str, tuple[str, ...]], page: Page, path: Path) -> None:
    act = phase.owes.act
    own = outcomes.get(act, ())
    if not own:
        ending = ", ".join(sorted(name for name, ends in outcomes.items() if ends))
        page.note((*path, "owes", "act"), "no-outcome", act=act, allowed=ending)
        return
    for outcome in own:
        if outcome not in phase.next:
            page.note((*path, "next"), "outcome-unmapped", act=act, outcome=outcome)
    for outcome in phase.next:
        if outcome not in (*own, REACHED):
            detail = {"act": act, "outcome": outcome, "allowed": ", ".join((*own, REACHED))} | hints(outcome, own)
            page.note((*path, "next", outcome), "outcome-unknown", **detail)


def _gates(phase: Phase, page: Page, path: Path) -> None:
    at_once = [gate for gate in phase.gates if gate.at == "once"]
    timed = phase.lasts or phase.window
    if REACHED in phase.next and (not at_once or not (timed or any(gate.ends for gate in at_once))):
        page.note((*path, "next", REACHED), "reached-without-gate")
    for position, gate in enumerate(phase.gates):
        if gate.ends and REACHED not in phase.next:
            page.note((*path, "gates", position), "gate-ends-without-reached")
        if gate.act and gate.act not in phase.may:
            page.note((*path, "gates", position), "gate-act-not-allowed", act=gate.act)


def _duty(recipe: Recipe, phase: Phase, owes: Owes, page: Page, path: Path) -> None:
    roles = phase.may.get(owes.act, ()) + recipe.standing_may.get(owes.act, ())
    if not roles:
        page.note(path, "owed-not-allowed", act=owes.act)
    elif set(roles) <= NOBODY_SPECIAL:
        page.note(path, "owed-by-nobody", act=owes.act, roles=", ".join(roles), by=owes.by)
    if owes.after == "phase-end" and not (phase.lasts or phase.window):
        page.note((*path, "after"), "no-phase-end")
    if owes.after == "before-window" and (not phase.window or owes is phase.owes):
        page.note((*path, "after"), "before-window")


# -- the graph ---------------------------------------------------------------------------------------------------


def _steps(phase: Phase) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every list of phases that `phase` may open, with where it is written."""
    for outcome, opens in phase.next.items():
        yield ("next", outcome), opens
    for position, gate in enumerate(phase.gates):
        yield ("gates", position, "opens"), gate.opens


def _successors(recipe: Recipe) -> dict[str, set[str]]:
    """Phase → what may follow; joins follow the phases they wait for."""
    following = {phase.key: {key for _, opens in _steps(phase) for key in opens} for phase in recipe.phases}
    for phase in recipe.phases:
        for joined in phase.joins:
            following[joined].add(phase.key)
    return following


def _reach(starts: set[str], following: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo += following.get(key, set())
    return seen


def _graph(recipe: Recipe, page: Page) -> None:
    following = _successors(recipe)
    matters = _reach(set(recipe.first_phases()), following)
    processes = _reach(set(recipe.opening_phases()), following)
    if not matters and not processes:
        page.note(("phases",), "no-first-phase")
        return
    for position, phase in enumerate(recipe.phases):
        path: Path = ("phases", position)
        if phase.key not in matters | processes:
            page.note(path, "unreachable", word=phase.key)
        if phase.key in matters & processes:
            page.note(path, "two-tracks", word=phase.key)
        if not _can_close(phase.key, following):
            page.note(path, "dead-end", word=phase.key)
        _waits(recipe, phase, page, path)
        _joins(recipe, phase, page, path)
    _assigned(recipe, page)


def _can_close(key: str, following: Mapping[str, set[str]]) -> bool:
    """Whether "closed" lies ahead. "waits" hands over to a branch that is checked itself, so it counts too."""
    return not _reach({key}, following).isdisjoint(ENDS)


def _waits(recipe: Recipe, phase: Phase, page: Page, path: Path) -> None:
    joined = bool(recipe.joined_by(phase.key))
    for outcome, opens in phase.next.items():
        if WAITS in opens and outcome != REACHED and not joined:
            page.note((*path, "next", outcome), "waits-alone")
        if outcome == REACHED and CLOSED in opens:
            page.note((*path, "next", outcome), "waits-alone")


def _joins(recipe: Recipe, phase: Phase, page: Page, path: Path) -> None:
    together = set(phase.joins)
    for key in phase.joins:
        if not any(WAITS in opens for opens in recipe.phase(key).next.values()):
            page.note((*path, "joins"), "join-not-waiting", word=key)
    if not together:
        return
    lists = [opens for other in recipe.phases for _, opens in _steps(other)]
    lists += [recipe.first_phases(), recipe.opening_phases()]
    for opens in lists:
        if together & set(opens) and not together <= set(opens):
            alone = sorted(together & set(opens))[0]
            page.note((*path, "joins"), "join-not-together", word=alone)


def _assigned(recipe: Recipe, page: Page) -> None:
    """Invariant 3: remove the phases that set a per-matter body; what can still be reached must not depend on it."""
    following = _successors(recipe)
    starts = {*recipe.first_phases(), *recipe.opening_phases()}
    setters = {phase.key: phase.owes.act for phase in recipe.phases}
    for body in (body for body in recipe.bodies.values() if body.matter):
        without = {key: nexts for key, nexts in following.items() if setters[key] != body.set_by}
        for key in _reach(starts, without) - set(ENDS):
            position = next(i for i, phase in enumerate(recipe.phases) if phase.key == key)
            owed = (recipe.phases[position].owes, *recipe.phases[position].also_owes)
            if any(owes.by == body.key for owes in owed):
                detail = {"body": body.key, "phase": key, "act": body.set_by}
                page.note(("phases", position, "owes"), "unassigned-body", **detail)


# -- nothing idle ------------------------------------------------------------------------------------------------


def _unused(recipe: Recipe, page: Page) -> None:
    for name in recipe.values.keys() - _used_values(recipe):
        page.note(("values", name), "unused-value", word=name)
    for name in recipe.bodies.keys() - _used_bodies(recipe):
        page.note(("bodies", name), "unused-body", word=name)


def _used_values(recipe: Recipe) -> set[str]:
    used = {window.least for window in recipe.windows}
    used |= asked_of(recipe.acts()) | set(recipe.ceilings.values())
    for phase in recipe.phases:
        used |= {phase.lasts, phase.rounds, *(gate.reaches for gate in phase.gates)}
        for owes in (phase.owes, *phase.also_owes):
            used |= {owes.within, owes.extends}
        if ballot := phase.ballot:
            used |= {ballot.picks_min, ballot.picks_max, ballot.points, ballot.seats, ballot.quorum, ballot.bar, ballot.pot}
            used |= {ballot.notice, ballot.least_age, *ballot.weights.values(), *ballot.sheets.values()}
        if resolution := phase.resolution:
            used |= {resolution.quorum, resolution.majority}
        used |= {phase.draw.seats} if phase.draw else set()
        used |= {phase.course.hours} if phase.course else set()
        if scoring := phase.scoring:
            used |= {*(one.points for one in scoring.criteria.values()), scoring.passes}
    return used


def _used_bodies(recipe: Recipe) -> set[str]:
    used = {recipe.held_by}
    tables = [recipe.standing_may, *(phase.may for phase in recipe.phases)]
    roles = {role for table in tables for roles in table.values() for role in roles}
    used |= {role for role in roles if role in recipe.bodies} | {recipe.body_of(role) for role in roles}
    for phase in recipe.phases:
        used |= {owes.by for owes in (phase.owes, *phase.also_owes)}
        used |= {phase.draw.body} if phase.draw else set()
        used |= {phase.scoring.trained} if phase.scoring else set()
        used |= {role for role in phase.ballot.weights if role in recipe.bodies} if phase.ballot else set()
    return used
