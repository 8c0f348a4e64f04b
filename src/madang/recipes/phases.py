"""Reads the phases of a recipe: may, owes, next, gates, and how a phase votes, resolves, scores or draws."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from madang.methods.ballots.kinds import kinds
from madang.recipes import words
from madang.recipes.cursor import At, choice, get
from madang.recipes.institution import Ballot, Course, Criterion, Draw, Gate, Owes, Phase, Resolution, Scoring, Text
from madang.recipes.lookup import Lookup, frozen

NO_TEXT = Text("", "")
ONLINE: tuple[str, ...] = ("online",)
NO_OWES = Owes("", "", "", "opened", False, False, "", "", ())
BALLOT_MORE = (
    "picks_min", "picks_max", "points", "seats", "weights", "quorum", "bar", "channels", "interim", "pot", "sheets", "utility",
    "completion", "secrecy", "revote", "roll", "notice", "online", "least_age", "kinds",
)  # fmt: skip
PHASE_REQUIRED = ("key", "station", "name", "says", "may", "owes", "next")
PHASE_OPTIONAL = (
    "opens",
    "for",
    "window",
    "gates",
    "joins",
    "also_owes",
    "ballot",
    "resolution",
    "scoring",
    "draw",
    "course",
    "rounds",
)


def phase(look: Lookup, at: At) -> Phase:
    """Read one `[[phases]]` table."""
    fields = at.fields(PHASE_REQUIRED, PHASE_OPTIONAL)
    if "for" in fields and "window" in fields:
        fields["window"].note("for-and-window")
    opens = choice(fields, "opens", words.OPENS, "여는 때", "opening")
    if opens == "on-open":
        look.feature(fields["opens"], "on-open")
    for feature in ("joins", "also_owes", "draw", "course"):
        if feature in fields:
            look.feature(fields[feature], feature)
    return Phase(
        key=get(fields, "key", At.key, ""),
        station=choice(fields, "station", words.STATIONS, "정거장", "station"),
        name=get(fields, "name", At.both, NO_TEXT),
        says=get(fields, "says", look.said, NO_TEXT),
        opens=opens,
        lasts=get(fields, "for", look.time, ""),
        window=choice(fields, "window", look.windows, "기간", "window"),
        may=get(fields, "may", look.may, frozen({})),
        owes=get(fields, "owes", partial(_owes, look), NO_OWES),
        next=get(fields, "next", partial(_next, look), frozen({})),
        gates=get(fields, "gates", lambda gates: tuple(_gate(look, gate) for gate in gates.each()), ()),
        joins=get(fields, "joins", look.opened, ()),
        also_owes=get(fields, "also_owes", lambda owed: tuple(_owes(look, owes) for owes in owed.each()), ()),
        ballot=get(fields, "ballot", partial(_ballot, look), None),
        resolution=get(fields, "resolution", partial(_resolution, look), None),
        scoring=get(fields, "scoring", partial(_scoring, look), None),
        draw=get(fields, "draw", partial(_draw, look), None),
        course=get(fields, "course", partial(_course, look), None),
        rounds=get(fields, "rounds", partial(look.amount, units=("rounds",)), ""),
    )


def _owes(look: Lookup, at: At) -> Owes:
    fields = at.fields(("act", "by", "within"), ("after", "promised", "every", "extends", "post", "escalates"))
    return Owes(
        act=get(fields, "act", look.act, ""),
        by=get(fields, "by", look.body, ""),
        within=get(fields, "within", look.time, ""),
        after=choice(fields, "after", words.AFTER, "세는 때", "start of counting", "opened"),
        promised=get(fields, "promised", At.flag, False),
        every=get(fields, "every", At.flag, False),
        extends=get(fields, "extends", look.time, ""),
        post=get(fields, "post", At.text, ""),
        escalates=get(fields, "escalates", At.words, ()),
    )


def _next(look: Lookup, at: At) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for outcome, each in at.members():
        table[outcome] = each.chosen([*look.phases, *words.ENDS], "단계", "phase")
        if not table[outcome]:
            each.note("empty", key=outcome)
        for end in words.ENDS:
            if end in table[outcome] and len(table[outcome]) > 1:
                each.note("end-with-more", word=end)
    return frozen(table)


def _gate(look: Lookup, at: At) -> Gate:
    fields = at.fields(("opens",), ("counts", "reaches", "act", "at", "ends"))
    counted, acted = {"counts", "reaches"} & fields.keys(), "act" in fields
    if acted == bool(counted) or len(counted) == 1:
        at.note("gate-kind")
    if "at" in fields and fields["at"].value == "end" and ("act" in fields or "ends" in fields):
        fields["at"].note("gate-at-end")
    if "counts" in fields:
        look.word(fields["counts"], "counters", fields["counts"].text(), "세는 것", "counter")
    opens: tuple[str, ...] = get(fields, "opens", look.opened, ())
    if "opens" in fields and not opens:
        fields["opens"].note("empty", key="opens")
    return Gate(
        counts=get(fields, "counts", At.text, ""),
        reaches=get(fields, "reaches", partial(look.amount, units=("people",)), ""),
        act=get(fields, "act", look.act, ""),
        opens=opens,
        at=choice(fields, "at", words.AT, "문턱을 보는 때", "gate time", "once"),
        ends=get(fields, "ends", At.flag, False),
    )


def _ballot(look: Lookup, at: At) -> Ballot:
    fields = at.fields(("kind", "counting", "over"), BALLOT_MORE)
    kind = fields["kind"].choice(kinds(), "투표 종류", "kind of ballot") if "kind" in fields else ""
    counted = kinds()[kind].COUNTINGS if kind in kinds() else ()

    def amount(key: str, unit: str) -> str:
        return get(fields, key, partial(look.amount, units=(unit,)), "")

    weights: dict[str, str] = get(fields, "weights", partial(_weights, look), {})
    return Ballot(
        kind=kind,
        counting=choice(fields, "counting", counted, "개표 방법", "counting") if counted else "",
        over=choice(fields, "over", words.BALLOT_OVER, "투표 묶음", "ballot scope"),
        picks_min=amount("picks_min", "votes"),
        picks_max=amount("picks_max", "votes"),
        points=amount("points", "points"),
        seats=amount("seats", "seats"),
        weights=frozen(weights),
        quorum=get(fields, "quorum", look.percent, ""),
        bar=get(fields, "bar", look.percent, ""),
        channels=get(fields, "channels", _channels, ONLINE),
        interim=choice(fields, "interim", words.INTERIM, "중간 결과", "interim", "hidden"),
        pot=amount("pot", "won"),
        sheets=frozen(get(fields, "sheets", look.by_level, {})),
        utility=choice(fields, "utility", words.UTILITIES, "만족의 뜻", "utility", ""),
        completion=choice(fields, "completion", words.COMPLETIONS, "마무리", "completion", ""),
        secrecy=choice(fields, "secrecy", words.SECRECY, "비밀", "secrecy", "signed-in"),
        revote=get(fields, "revote", At.flag, False),
        roll=get(fields, "roll", At.flag, False),
        notice=amount("notice", "days"),
        online=choice(fields, "online", look.windows, "기간", "window", ""),
        least_age=amount("least_age", "age"),
        kinds=frozen(get(fields, "kinds", _kinds, {})),
    )


def _kinds(at: At) -> dict[str, str]:
    """Other kinds of ballot the asker may choose, each with what counts it."""
    found: dict[str, str] = {}
    for kind, each in at.members():
        known = At(each.page, each.path, kind).choice(kinds(), "투표 종류", "kind of ballot")
        found[kind] = each.choice(kinds()[known].COUNTINGS, "개표 방법", "counting") if known in kinds() else ""
    return found


def _channels(at: At) -> tuple[str, ...]:
    return at.chosen(words.CHANNELS, "투표 길", "channel")


def _weights(look: Lookup, at: At) -> dict[str, str]:
    weights: dict[str, str] = {}
    for role, each in at.members():
        look.role(At(each.page, each.path, role))
        weights[role] = look.percent(each)
    total = sum(look.values[name].value for name in weights.values() if name in look.values)
    if total != 100:
        at.note("weights-not-100", sum=total)
    return weights


def _resolution(look: Lookup, at: At) -> Resolution:
    fields = at.fields(("quorum", "majority"), ("co_sign",))
    return Resolution(
        quorum=get(fields, "quorum", look.percent, ""),
        majority=get(fields, "majority", look.percent, ""),
        co_sign=get(fields, "co_sign", lambda each: each.chosen(words.SIDES, "쪽", "side"), ()),
    )


def _scoring(look: Lookup, at: At) -> Scoring:
    fields = at.fields(("criteria", "passes"), ("trained",))
    criteria: dict[str, Criterion] = {}
    for key, each in fields["criteria"].members() if "criteria" in fields else ():
        told = each.fields(("points", "name"))
        criteria[key] = Criterion(get(told, "points", partial(look.amount, units=("points",)), ""), get(told, "name", At.both, NO_TEXT))
    if not criteria:
        at.note("empty", key="criteria")
    passes = get(fields, "passes", partial(look.amount, units=("points",)), "")
    most = sum(look.values[one.points].value for one in criteria.values() if one.points in look.values)
    if passes in look.values and look.values[passes].value > most:
        at.note("passes-beyond", most=most, now=look.values[passes].value)
    return Scoring(frozen(criteria), passes, get(fields, "trained", look.body, ""))


def _draw(look: Lookup, at: At) -> Draw:
    fields = at.fields(("body", "method"), ("seats",))
    method = fields["method"].text() if "method" in fields else ""
    if method:
        look.word(fields["method"], "methods", method, "추첨 방법", "lottery")
    seats = get(fields, "seats", partial(look.amount, units=("seats",)), "")
    return Draw(get(fields, "body", look.body, ""), method, seats)


def _course(look: Lookup, at: At) -> Course:
    fields = at.fields(("hours",))
    return Course(get(fields, "hours", partial(look.amount, units=("hours",)), ""))
