"""A recipe told in plain words, and its public phase × role × act table, as text."""

from __future__ import annotations

from collections.abc import Iterator

from madang.recipes import words
from madang.recipes.institution import Gate, Owes, Phase, Recipe

STATUS = {"runs": "열 수 있음", "paper": "종이 위의 제도"}
OUTCOMES = {
    "assigned": "정함",
    "expired": "기간이 지남",
    "merged": "다른 의제에 합침",
    "passed-on": "다른 제도로 넘김",
    "answered-elsewhere": "다른 곳에서 답함",
    "opened": "엶",
    "closed": "마침",
    "accepted": "수용",
    "partial": "부분수용",
    "long-term": "장기검토",
    "declined": "불수용",
    "already-done": "이미 시행",
    "fit": "맞음",
    "unfit": "맞지 않음",
    "adopted": "가결",
    "rejected": "부결",
    "no-quorum": "정족수 모자람",
    "chosen": "뽑힘",
    "not-chosen": "뽑히지 않음",
    "promised": "약속함",
    "finished": "다 함",
    "stopped": "멈춤",
    "entered": "적음",
    "confirmed": "이루어짐",
    "not-confirmed": "이루어지지 않음",
    "reopened": "다시 엶",
    words.REACHED: "문턱을 넘긴 채 기간이 끝남",
}
END_NAMES = {words.CLOSED: "이 갈래를 닫음", words.WAITS: "다른 갈래를 따라감"}


def table(recipe: Recipe) -> str:
    """Phases × acts × roles, one line an act; then what is always allowed."""
    rows = [("단계", "행위", "역할")]
    for phase in recipe.phases:
        rows += [(f"{phase.station} {phase.key}", act, ", ".join(roles)) for act, roles in phase.may.items()]
    rows += [("(언제나)", act, ", ".join(roles)) for act, roles in recipe.standing_may.items()]
    widths = [max(_width(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{_pad(phase, widths[0])}  {_pad(act, widths[1])}  {roles}" for phase, act, roles in rows]
    return "\n".join([f"{recipe.edition} — {recipe.name.ko} ({STATUS[recipe.status]})", *lines])


def explain(recipe: Recipe) -> str:
    """The whole institution in Korean sentences: what it is, its numbers with sources, each phase in turn."""
    return "\n".join(_lines(recipe))


def _lines(recipe: Recipe) -> Iterator[str]:
    yield f"{recipe.name.ko} ({recipe.version} 판, {STATUS[recipe.status]})"
    yield recipe.summary.ko
    yield f"종류: {words.KINDS[recipe.kind]} · 장소: {words.LEVELS[recipe.place_level]} · 맡은 기구: {_body(recipe)}"
    yield from (f"근거: {law.title} {law.article} ({law.since}부터; {law.source})" for law in recipe.law)
    for phase in recipe.phases:
        yield ""
        yield from _phase(recipe, phase)
    if recipe.values:
        yield ""
        yield "숫자"
    for value in recipe.values.values():
        mark = " [근거를 찾지 못해 정해 둔 값]" if value.assumed else ""
        yield f"- {value.key} = {amount(recipe, value.key)} ({value.since}부터; {value.source}){mark}"


def _phase(recipe: Recipe, phase: Phase) -> Iterator[str]:
    yield f"[{phase.station}] {phase.name.ko} ({phase.key}) — {phase.says.ko}"
    if phase.opens:
        yield f"  {words.OPENS[phase.opens]} 열립니다."
    if phase.joins:
        yield f"  {_names(recipe, phase.joins)} 단계가 모두 끝나면 열립니다."
    if phase.lasts:
        yield f"  {amount(recipe, phase.lasts)} 동안 열려 있습니다."
    if phase.window:
        yield f"  '{recipe.window(phase.window).name.ko}' 기간에 열려 있습니다."
    yield f"  할 일: {_duty(recipe, phase.owes)}"
    yield from (f"  이 밖의 의무: {_duty(recipe, owes)}" for owes in phase.also_owes)
    yield from (f"  문턱: {_gate(recipe, gate)}" for gate in phase.gates)
    for outcome, opens in phase.next.items():
        yield f"  결과: {OUTCOMES.get(outcome, outcome)} → {_names(recipe, opens)}"


def _duty(recipe: Recipe, owes: Owes) -> str:
    since = words.AFTER[owes.after]
    every = "마다" if owes.every else " 안에"
    promised = "약속한 날까지, 늦어도 " if owes.promised else ""
    who = f"{recipe.bodies[owes.by].name.ko} {owes.post}".strip()
    text = f"{who} — {owes.act}, {promised}{since} {amount(recipe, owes.within)}{every}"
    if owes.extends:
        text += f", 이유를 밝혀 한 번 {amount(recipe, owes.extends)} 늘릴 수 있음"
    if owes.escalates:
        text += f", 늦으면 {'→'.join(owes.escalates)}"
    return text


def _gate(recipe: Recipe, gate: Gate) -> str:
    what = gate.act or f"{gate.counts} {amount(recipe, gate.reaches)}"
    when = "단계가 끝날 때 넘었으면 결과 대신" if gate.at == "end" else "넘는 즉시"
    return f"{what} — {when} {_names(recipe, gate.opens)}" + (" (이 단계는 끝남)" if gate.ends else "")


def amount(recipe: Recipe, name: str) -> str:
    """ "30일": a number with its unit."""
    value = recipe.values[name]
    return f"{value.value:,}{words.UNITS[value.unit]}"


def _names(recipe: Recipe, keys: tuple[str, ...]) -> str:
    return ", ".join(END_NAMES.get(key) or recipe.phase(key).name.ko for key in keys)


def _body(recipe: Recipe) -> str:
    return recipe.bodies[recipe.held_by].name.ko


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x1100 else 1 for letter in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
