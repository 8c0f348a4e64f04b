"""A synthetic season of a youth assembly that revives three archived proposals; its departments owe dated replies."""

from datetime import timedelta
from typing import Any

from madang.decisions.acts import close_resolution, open_resolution, reply, vote
from madang.decisions.models import Resolution
from madang.doors.demo.files import read
from madang.doors.demo.town import Story, Town
from madang.duties.acts import assign, conclude
from madang.matters.models import Matter
from madang.proposals.acts import revive, submit


def season(town: Town) -> Story:
    """Revived and written in the groups, talked over, put before the session; then the departments owe answers."""
    rows: list[tuple[Matter, dict[str, Any]]] = []
    members = town.seated["demo-youth-assembly"]
    for number, words in enumerate(read("synthetic/youth.toml")["proposals"]):
        at = town.day(92 - 6 * number, 14)
        yield at
        given = {key: words[key] for key in ("title", "problem", "idea")}
        process = town.processes["youth-season"]
        if "origin" in words:
            edition, title = words["origin"]
            origin = Matter.objects.get(process__key=edition, title=title)
            made = town.do(
                revive, members[number % 5], at, process, origin=origin, topic="youth", synthetic=True, **given
            )
        else:
            made = town.do(submit, members[number % 5], at, process, topic="youth", synthetic=True, **given)
        rows.append((made, words))
    yield from _adjusted(town, rows)
    yield from _answered(town, rows)


def _adjusted(town: Town, rows: list[tuple[Matter, dict[str, Any]]]) -> Story:
    office, members = town.people["youth-office"], town.seated["demo-youth-assembly"]
    yield town.day(36, 11)
    for made, words in rows:
        town.do(assign, office, town.day(36, 11), _fresh(made), body=town.bodies[f"demo-{words['department']}"])
    at = town.day(27, 14)
    yield at
    for made, words in rows:
        town.do(
            open_resolution,
            members[0],
            at,
            _fresh(made),
            question="이 제안을 본회의에 올릴까요?",
            closes_on=(at + timedelta(days=3)).date(),
        )
        resolution = Resolution.objects.get(matter=made)
        for member in members:
            town.do(vote, member, at, resolution, answer="no" if words.get("rejected") else "yes")
        town.do(close_resolution, members[0], at, resolution)


def _answered(town: Town, rows: list[tuple[Matter, dict[str, Any]]]) -> Story:
    office = town.people["youth-office"]
    at = town.day(20, 11)
    yield at
    for made, words in rows:
        if words.get("rejected"):
            town.do(conclude, office, at, _fresh(made), outcome="expired", reason=words["rejected"])
    at = town.day(8, 11)
    yield at
    heard = [(made, words) for made, words in rows if not words.get("rejected")]
    for made, words in heard:
        town.do(assign, office, at, _fresh(made), body=town.bodies[f"demo-{words['department']}"])
    at = town.day(3, 16)
    yield at
    for made, words in heard:
        if "reply" in words:
            officer = town.seated[f"demo-{words['department']}"][0]
            town.do(
                reply,
                officer,
                at,
                _fresh(made),
                conclusion=words["conclusion"],
                reason=words["reply"],
                next_step=words["step"],
                next_on=(at + timedelta(days=20)).date(),
            )


def _fresh(made: Matter) -> Matter:
    return Matter.objects.select_related("process", "place").get(pk=made.pk)
