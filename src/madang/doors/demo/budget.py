"""The participatory budget of the demo city: a round that is over, one being voted on, one that is collecting."""

from datetime import timedelta
from typing import Any

from madang.decisions.acts import (
    cast,
    close_ballot,
    close_resolution,
    open_ballot,
    open_resolution,
    report_use,
    review,
    sign,
    vote,
)
from madang.decisions.models import Ballot, Option, Resolution
from madang.doors.demo.files import read
from madang.doors.demo.town import Story, Town
from madang.duties.acts import assign, conclude, extend
from madang.duties.models import Duty
from madang.execution import acts as execution
from madang.execution.forms import Step
from madang.funds.acts import enter_amount, open_pot
from madang.funds.models import Fund
from madang.matters.models import Matter
from madang.people.models import Person
from madang.proposals.acts import submit

NOT_CHOSEN = "시민투표에서 뽑히지 않아 이번 회차에서는 여기서 맺습니다. 다음 회차의 공모에 다시 낼 수 있습니다."
USED = (
    "뽑힌 사업을 모두 총회에 올려 승인을 받았고, 승인된 사업을 예산안에 담도록 예산 부서에 넘겼습니다. "
    "뽑히지 않은 사업은 까닭을 적어 맺었습니다."
)
FIT = "법과 다른 사업에 걸리는 것이 없고, 같은 자리에 겹치는 사업도 없어 할 수 있는 일로 봅니다."


class Round:
    """One round of the budget: its process, its projects and where each of them is."""

    def __init__(self, town: Town, key: str, voters: int) -> None:
        self.town, self.key, self.voters = town, key, voters
        self.matters: list[tuple[int, dict[str, Any]]] = []
        given = read("synthetic/projects.toml")
        self.projects, self.places, self.pot_krw = given["projects"], given["places"], given["pot_krw"]

    def do(self, act: Any, who: str | Person, ago: int, on: Any, minute: int = 0, **given: Any) -> Any:
        person = self.town.people[who] if isinstance(who, str) else who
        return self.town.do(act, person, self.town.day(ago, 11 + minute // 60, minute % 60), on, **given)

    def matter(self, pk: int) -> Matter:
        return Matter.objects.select_related("process", "place").get(pk=pk)

    def officer(self, project: dict[str, Any]) -> Person:
        return self.town.seated[f"demo-{project['department']}"][0]

    def pot(self, ago: int) -> Story:
        yield self.town.day(ago, 11)
        year = (self.town.today - timedelta(days=ago)).year + 1
        process = self.town.processes[self.key]
        self.fund: Fund = self.do(
            open_pot,
            "budget-team",
            ago,
            process,
            name=f"{process.name} 재원",
            year=year,
            total_krw=self.pot_krw,
            synthetic=True,
        )

    def called(self, ago: int, places: list[str], projects: list[dict[str, Any]]) -> Story:
        """The projects come in, one every other day from `ago` on."""
        for number, (where, project) in enumerate(zip(places, projects, strict=True)):
            day = ago - 2 * number
            yield self.town.day(day, 11, number)
            made = self.do(
                submit,
                self.town.authors[number],
                day,
                self.town.processes[self.key],
                number,
                title=f"{where.split()[-1]} {project['what']}",
                problem=project["problem"],
                idea=project["idea"],
                topic=project["topic"],
                place=self.town.place(where),
                synthetic=True,
            )
            self.matters.append((made.pk, project))

    def assigned(self, ago: int) -> Story:
        yield self.town.day(ago, 11)
        for minute, (pk, project) in enumerate(self.matters):
            body = self.town.bodies[f"demo-{project['department']}"]
            self.do(assign, "budget-team", ago, self.matter(pk), minute, body=body)

    def reviewed(self, ago: int, rows: list[tuple[int, dict[str, Any]]]) -> Story:
        """The department enters what was asked and says fit with its estimate."""
        yield self.town.day(ago, 11)
        for minute, (pk, project) in enumerate(rows):
            officer = self.officer(project)
            self.do(
                enter_amount,
                officer,
                ago,
                self.matter(pk),
                minute,
                fund=self.fund,
                stage="asked",
                amount_krw=project["cost"],
            )
            self.do(
                review, officer, ago, self.matter(pk), minute, result="fit", reason=FIT, estimate_krw=project["cost"]
            )

    def talked(self, ago: int, rows: list[tuple[int, dict[str, Any]]]) -> Story:
        """The working group adjusts amounts and resolves what goes to the vote."""
        yield self.town.day(ago, 11)
        for minute, (pk, project) in enumerate(rows):
            changed = project["cost"] * 9 // 10 if minute % 3 == 0 else project["cost"]
            self.do(
                enter_amount,
                self.officer(project),
                ago,
                self.matter(pk),
                minute,
                fund=self.fund,
                stage="adjusted",
                amount_krw=changed,
                reason="겹치는 설계비를 빼고 다시 셈했습니다." if changed != project["cost"] else "",
            )
            self.resolved(ago, minute, pk, "demo-budget-talks", "이 사업을 시민투표에 올릴까요?")

    def resolved(self, ago: int, minute: int, pk: int, body: str, question: str) -> None:
        """Every seat votes; a joint body signs for both sides."""
        members = self.town.seated[body]
        closes_on = self.town.today - timedelta(days=ago - 2)
        opened = self.do(
            open_resolution, members[0], ago, self.matter(pk), minute, question=question, closes_on=closes_on
        )
        resolution = Resolution.objects.get(pk=opened.pk)
        for number, member in enumerate(members):
            self.do(vote, member, ago, resolution, minute + 1, answer="no" if number == pk % 9 == 1 else "yes")
        for signer in ("committee", "budget") if resolution.rule["co_sign"] else ():
            self.do(sign, signer, ago, resolution, minute + 1)
        self.do(close_resolution, members[0], ago, resolution, minute + 1)

    def voting(self, opens: int, votes: tuple[int, int]) -> Story:
        """The ballot opens, and people, members, proposers and graduates vote between two days ago."""
        yield self.town.day(opens, 11)
        self.ballot: Ballot = self.do(
            open_ballot,
            "budget-team",
            opens,
            self.town.processes[self.key],
            question="어느 사업을 먼저 할까요?",
            use="뽑힌 사업을 총회에 올려 예산안에 담습니다. 뽑히지 않은 사업은 까닭과 함께 맺습니다.",
            fund=self.fund,
            synthetic=True,
        )
        places = list(Option.objects.filter(ballot=self.ballot).order_by("place").values_list("place", flat=True))
        picks = self.ballot.rule["most"]
        voters = [
            *self.town.seated["demo-budget-committee"],
            *self.town.seated["demo-budget-school"],
            *self.town.authors[:8],
            *self.town.crowd[: self.voters],
        ]
        first, last = votes
        for number, person in enumerate(voters):
            day = first - (first - last) * number // len(voters)
            at = self.town.day(day, 9, 0) + timedelta(minutes=number * 3)
            yield at
            skipped = {(number * 7 + turn * 5 + 1) % len(places) for turn in range(len(places) - picks)}
            chosen = [place for index, place in enumerate(places) if index not in skipped][:picks]
            self.town.do(cast, person, at, self.ballot, marks=" ".join(map(str, sorted(chosen))))

    def counted(self, ago: int) -> Story:
        yield self.town.day(ago, 11)
        self.do(close_ballot, "budget-team", ago, Ballot.objects.get(pk=self.ballot.pk))

    def told(self, ago: int) -> Story:
        """What became of the result, as the paper promised to say."""
        yield self.town.day(ago, 11)
        self.do(report_use, "budget-team", ago, Ballot.objects.get(pk=self.ballot.pk), used=USED)

    def settled(self, ago: int) -> Story:
        """What was not chosen is concluded with the reason; what was chosen goes before the general assembly."""
        yield self.town.day(ago, 11)
        self.chosen: list[tuple[int, dict[str, Any]]] = []
        for minute, (pk, project) in enumerate(self.matters):
            if "conclude" in self.matter(pk).open_phases:
                self.do(conclude, "budget-team", ago, self.matter(pk), minute, outcome="expired", reason=NOT_CHOSEN)
            elif "assembly" in self.matter(pk).open_phases:
                self.resolved(ago, minute, pk, "demo-budget-committee", "뽑힌 사업을 승인할까요?")
                self.chosen.append((pk, project))

    def budgeted(self, ago: int, stage: str, leave: int, cut: int) -> Story:
        """The budget office enters amounts: less for the `cut`-th, with the reason; the last `leave` wait."""
        yield self.town.day(ago, 11)
        for number, (pk, _project) in enumerate(self.chosen[: len(self.chosen) - leave]):
            before = self.worth(pk)
            less = before * 85 // 100 if number == cut else before
            self.do(
                enter_amount,
                "budget",
                ago,
                self.matter(pk),
                number,
                fund=self.fund,
                stage=stage,
                amount_krw=less,
                reason="같은 곳의 다른 공사와 함께 하여 줄였습니다." if less != before else "",
            )

    def worth(self, pk: int) -> int:
        line = self.fund.lines.get(matter=pk)
        return line.amounts.order_by("-id")[0].amount_krw

    def promised(self, ago: int, leave: int) -> Story:
        yield self.town.day(ago, 11)
        for number, (pk, project) in enumerate(self.chosen[: len(self.chosen) - leave]):
            self.promise(ago, number, pk, project)
        pk, project = self.chosen[0]
        yield self.town.day(6, 11)
        self.do(
            enter_amount,
            self.officer(project),
            6,
            self.matter(pk),
            fund=self.fund,
            stage="spent",
            amount_krw=self.worth(pk) * 97 // 100,
            reason="낙찰 차액이 남았습니다.",
        )

    def promise(self, ago: int, minute: int, pk: int, project: dict[str, Any]) -> None:
        day = self.town.today - timedelta(days=ago)
        ends = [day + timedelta(days=days) for days in (35 + minute * 3, 80, 200)]
        titles = ("설계를 마칩니다", "주민과 현장을 살핍니다", "마치고 엽니다")
        steps = [Step(t, owner, end) for t, owner, end in zip(titles, ("public", "civil", "public"), ends, strict=True)]
        self.do(
            execution.promise,
            self.officer(project),
            ago,
            self.matter(pk),
            minute,
            promise=f"{project['what']}를 약속한 날까지 마칩니다.",
            origin=project["idea"],
            goal=project["idea"],
            target="그 동네에 사는 주민",
            budget_krw=self.worth(pk),
            due_on=ends[-1],
            civil_owner=self.town.bodies["demo-citizens"],
            public_owner=self.town.bodies[f"demo-{project['department']}"],
            milestones=steps,
        )

    # ── the three rounds ──

    def past(self) -> Story:
        yield from self.pot(241)
        yield from self.called(238, self.places["past"], self.projects)
        yield from self.assigned(198)
        yield from self.reviewed(186, self.matters)
        yield from self.talked(172, self.matters)
        yield from self.voting(166, (164, 147))
        yield from self.counted(143)
        yield from self.settled(137)
        yield from self.told(120)
        yield from self.budgeted(70, "proposed", 0, 1)
        yield from self.budgeted(45, "enacted", 1, 2)
        yield from self.promised(38, 2)

    def now(self) -> Story:
        """All but two go to the vote: one is still with its department, extended once, one with the working group."""
        yield from self.pot(124)
        yield from self.called(120, self.places["now"], self.projects)
        yield from self.called(95, self.places["past"][:2], self.projects[4:6])
        ours = [pk for pk, _project in self.matters]
        received = Matter.objects.filter(process=self.town.processes[self.key]).exclude(pk__in=ours).order_by("pk")
        self.matters += [(matter.pk, {**self.projects[0], "cost": 140_000_000}) for matter in received]
        yield from self.assigned(72)
        (with_department, project), (with_group, other) = self.matters[12:14]
        going = [row for row in self.matters if row[0] not in {with_department, with_group}]
        yield from self.reviewed(50, going)
        yield from self.reviewed(40, [(with_group, other)])
        yield self.town.day(30, 11)
        duty = Duty.objects.get(matter=with_department, act="decisions.review", kept_at=None)
        self.do(
            extend, self.officer(project), 30, duty, reason="비슷한 사업과 겹치는지 다른 부서에 묻고 있어 늘립니다."
        )
        yield from self.talked(25, going)
        yield from self.voting(9, (7, 1))

    def next(self) -> Story:
        yield from self.called(9, self.places["now"][5:8], self.projects[6:9])


def rounds(town: Town, voters: int) -> list[Story]:
    return [
        Round(town, "budget-past", voters).past(),
        Round(town, "budget-now", voters).now(),
        Round(town, "budget-next", 0).next(),
    ]
