"""What happens to each invented 의제 of 민주주의 서울 (시연), told step by step.

A story in `demo/synthetic/matters.toml` names how far it goes; each function below is one stretch of the way and
goes on from the one before it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from madang.decisions.acts import close_resolution, open_resolution, reply, request_review, vote
from madang.decisions.models import Resolution
from madang.deliberation import acts as forum_acts
from madang.deliberation import moderation
from madang.deliberation.models import Forum, Hiding
from madang.doors.demo.files import read
from madang.doors.demo.town import Story, Town
from madang.duties.acts import assign, conclude, extend
from madang.duties.models import Duty
from madang.evaluation import acts as evaluation
from madang.execution import acts as execution
from madang.execution.forms import Step
from madang.execution.models import Commitment, Milestone
from madang.matters.models import Matter
from madang.people.models import Person
from madang.proposals.acts import receive, submit, support, withdraw

REPLY_SUPPORTS = 50
PANEL_TOOK_IT = "서른 날이 끝났습니다. 선정단이 이미 골라 공론장으로 이어 가므로 공감 모으기만 여기서 맺습니다."
ON_TIME = "서른 날이 지나 다시 살펴 달라는 요청이 없어 여기서 맺습니다. 새 사정이 생기면 되살릴 수 있습니다."


class Tale:
    """One 의제 on its way: its words, its moment, and the hands that move it."""

    def __init__(self, town: Town, words: dict[str, Any], number: int) -> None:
        self.town, self.words, self.number = town, words, number
        self.at = town.day(words["age"], 9 + number % 9, number * 7 % 60)
        self.pk = 0

    # ── time and hands ──

    def later(self, days: float = 0) -> datetime:
        """Move the tale's moment on; `yield` what comes back to wait for it. From a day on, it lands in the daytime."""
        self.at += timedelta(days=days)
        if days >= 1:
            self.at = localtime(self.at).replace(hour=9 + self.number % 8, minute=self.number * 7 % 60)
        return self.at

    def do(self, act: Callable[..., Any], who: str | Person, on: Any = None, **given: Any) -> Any:
        person = self.town.people[who] if isinstance(who, str) else who
        return self.town.do(act, person, self.at, on or self.matter, **given)

    @property
    def matter(self) -> Matter:
        return Matter.objects.select_related("process", "place").get(pk=self.pk)

    @property
    def author(self) -> Person:
        key = self.words.get("author")
        return self.town.people[key] if key else self.town.authors[self.number % 16]

    @property
    def officer(self) -> Person:
        return self.town.seated[f"demo-{self.words['department']}"][0]

    def crowd(self, count: int) -> list[Person]:
        """`count` people of the crowd, others for each tale."""
        many = self.town.crowd
        return [many[(self.number * 37 + n) % len(many)] for n in range(min(count, len(many)))]

    # ── stretches of the way ──

    def submitted(self) -> Story:
        yield self.at
        words = {key: self.words.get(key, "") for key in ("title", "problem", "idea", "effect", "topic")}
        process = self.town.processes[f"democracy-seoul-{self.words['process']}"]
        made = self.do(
            submit, self.author, process, place=self.town.place(self.words["place"]), synthetic=True, **words
        )
        self.pk = made.pk

    def supported(self, count: int, over: float) -> Story:
        """`count` people support it one after the other, within `over` days."""
        yield from self.backed(self.crowd(count), over / count)

    def backed(self, people: list[Person], every: float) -> Story:
        """One support every so many days; the 의제 is read once, its counters move on it."""
        matter = self.matter
        for person in people:
            yield self.later(every)
            self.do(support, person, matter)

    def gathered(self) -> Story:
        yield from self.submitted()
        yield from self.supported(REPLY_SUPPORTS, 12)

    def assigned(self) -> Story:
        yield from self.gathered()
        yield self.later(3)
        self.do(assign, "operator", body=self.town.bodies[f"demo-{self.words['department']}"])

    def replied(self, after: float = 20) -> Story:
        yield from self.assigned()
        yield self.later(after)
        self.answer(self.words["conclusion"], self.words["reply"], self.words["step"])

    def answer(self, conclusion: str, reason: str, step: str) -> None:
        on = (self.at + timedelta(days=21)).date()
        self.do(reply, self.officer, conclusion=conclusion, reason=reason, next_step=step, next_on=on)

    def asked_again(self) -> Story:
        yield from self.replied()
        yield self.later(6)
        self.do(request_review, self.author, reason=self.words["request"])

    def promised(self) -> Story:
        yield from self.replied()
        yield from self.promise()

    def promise(self) -> Story:
        """Three milestones: the department's, the citizens', the department's last one."""
        yield self.later(13)
        day = self.at.date()
        ends = [day + timedelta(days=days) for days in (20, 40, 100)]
        owners = ("public", "civil", "public")
        steps = [
            Step(title, owner, end) for title, owner, end in zip(self.words["milestones"], owners, ends, strict=True)
        ]
        self.do(
            execution.promise,
            self.officer,
            promise=self.words["step"],
            origin=self.words["idea"],
            goal=self.words["goal"],
            target=self.words["target"],
            budget_krw=self.words["budget"],
            due_on=ends[-1],
            civil_owner=self.town.bodies["demo-citizens"],
            public_owner=self.town.bodies[f"demo-{self.words['department']}"],
            milestones=steps,
        )
        for number, said in enumerate(self.words["done"]):
            yield self.later(18)
            self.milestone_done(number, said)

    def milestone_done(self, number: int, said: str) -> None:
        commitment = self.commitment
        milestone = Milestone.objects.filter(commitment=commitment).order_by("number")[number]
        who = self.town.seated["demo-citizens"][0] if milestone.owner == "civil" else self.officer
        self.do(execution.report_milestone, who, milestone, words=said)
        note = f"{number + 1}번째 단계의 사진과 기록(시연을 위해 지어냄)"
        self.do(execution.attach_evidence, who, commitment, note=note, milestone=milestone)

    @property
    def commitment(self) -> Commitment:
        return Commitment.objects.select_related("matter__process").filter(matter=self.pk).order_by("-id")[0]

    def finished(self) -> Story:
        yield from self.promised()
        yield self.later(1)
        self.do(
            execution.finish,
            self.officer,
            self.commitment,
            outcome="finished",
            words="약속한 세 단계를 모두 마쳤고 기록을 붙였습니다.",
        )
        answers = [answer for answer, count in self.words["confirm"].items() for _n in range(count)]
        for person, answer in zip(self.crowd(len(answers)), answers, strict=True):
            yield self.later(0.5)
            self.do(evaluation.confirm, person, answer=answer)
        yield self.later(0.5)
        self.do(
            evaluation.score,
            "evaluator",
            indicator="promise-kept",
            value=4,
            words="약속한 단계마다 기록이 붙어 있어 확인할 수 있었습니다.",
        )

    def evaluated(self) -> Story:
        yield from self.finished()
        yield self.later(33 - len(range(sum(self.words["confirm"].values()))) * 0.5)
        given = {key: self.words[key] for key in ("outcome", "findings", "consequence")}
        self.do(evaluation.close, "operator", **given)

    def resolved(self, closes_in: int = 5) -> Story:
        """The agenda panel resolves on a forum; all its seats vote, one against."""
        self.do(
            open_resolution,
            "panelist",
            question="이 의제로 공론장을 열까요?",
            closes_on=(self.at + timedelta(days=closes_in)).date(),
        )
        resolution = Resolution.objects.get(matter=self.pk, closed_at=None)
        for number, person in enumerate(self.town.seated["demo-panel"]):
            yield self.later(0.05)
            self.do(vote, person, resolution, answer="no" if number == 2 else "yes")
        yield self.later(0.05)
        self.do(close_resolution, "panelist", resolution)

    def forum(self) -> Story:
        """The department is named, the forum opens, people argue for some days."""
        yield self.later(2)
        self.do(assign, "operator", body=self.town.bodies[f"demo-{self.words['department']}"])
        yield self.later(8)
        self.do(forum_acts.open_forum, "operator", question=self.words["question"], pack=self.words["pack"])
        forum = Forum.objects.select_related("matter__process").get(matter=self.pk, closed_at=None)
        yield from self.argued(forum)

    def argued(self, forum: Forum) -> Story:
        everyone = self.crowd(self.words.get("participants", 60))
        speakers = iter(everyone)
        for said in read("synthetic/opinions.toml")["opinions"]:
            if not (said.get("any") or self.words["story"] == "forum"):
                continue
            yield self.later(0.7)
            opinion = self.do(
                forum_acts.state,
                next(speakers),
                forum,
                side=said["side"],
                text=said["text"],
                evidence_note=said.get("note", ""),
            )
            for words in said["replies"]:
                yield self.later(0.3)
                self.do(forum_acts.reply, next(speakers), opinion, text=words)
        sides = ("for", "for", "against", "for", "other", "against")
        for number, person in enumerate(speakers):
            yield self.later(4.5 / len(everyone))
            self.do(forum_acts.take_position, person, forum, side=sides[number % len(sides)])

    def forum_over(self) -> Story:
        yield from self.taken_up()
        yield from self.forum()
        opened = Forum.objects.get(matter=self.pk, closed_at=None)
        assert opened.closes_on is not None  # noqa: S101 — the recipe's forum has days
        yield self.later((opened.closes_on - self.at.date()).days + 2)
        points = {key: self.words[key] for key in ("summary", "agreed", "differing", "unknown")}
        self.do(forum_acts.close_forum, "operator", **points)

    def taken_up(self) -> Story:
        """Below the threshold, the panel takes it up by itself (the 2020 edition lets it)."""
        yield from self.submitted()
        yield from self.supported(self.words["supports"], 6)
        yield self.later(1)
        yield from self.resolved()

    def support_over(self) -> Story:
        """Beside the forum: the team ends the gathering of support that the panel made needless."""
        at = self.town.day(self.words["age"] - 32, 15)
        yield at
        self.town.do(conclude, self.town.people["operator"], at, self.matter, outcome="expired", reason=PANEL_TOOK_IT)

    # ── whole stories, by their name in the file ──

    def tell(self) -> list[Story]:
        name = self.words["story"]
        main: Story = getattr(self, f"story_{name.replace('-', '_')}")()
        return [main, self.support_over()] if name in {"forum", "forum-closed", "forum-promised"} else [main]

    def story_gathering(self) -> Story:
        yield from self.submitted()
        yield from self.supported(self.words["supports"], max(self.words["age"] - 1.0, 0.5))

    def story_waiting(self) -> Story:
        yield from self.gathered()

    def story_assigned(self) -> Story:
        yield from self.assigned()

    def story_extended(self) -> Story:
        yield from self.assigned()
        yield self.later(26)
        duty = Duty.objects.select_related("matter__process", "process", "stage").get(
            matter=self.pk, act="decisions.reply", kept_at=None
        )
        self.do(extend, self.officer, duty, reason=self.words["extension"])

    def story_accepted(self) -> Story:
        yield from self.replied()

    story_declined = story_accepted
    story_long_term = story_accepted

    def story_second_look(self) -> Story:
        yield from self.asked_again()

    def story_second_yes(self) -> Story:
        yield from self.asked_again()
        yield self.later(24)
        self.answer(self.words["second"], self.words["second_reply"], self.words["second_step"])

    def story_declined_over(self) -> Story:
        yield from self.replied()
        yield self.later(18)
        self.do(conclude, "operator", outcome="expired", reason=ON_TIME)

    def story_promised(self) -> Story:
        yield from self.promised()

    story_promised_late = story_promised

    def story_changed(self) -> Story:
        yield from self.promised()
        yield self.later(12)
        field, after, reason = self.words["change"]
        self.do(execution.change, self.officer, self.commitment, field=field, after=after, reason=reason)

    def story_finished(self) -> Story:
        yield from self.finished()

    def story_confirmed(self) -> Story:
        yield from self.evaluated()

    def story_reopened(self) -> Story:
        yield from self.evaluated()
        yield self.later(2)
        self.do(evaluation.reopen, "operator", reason=self.words["reopen"])

    def story_merged(self) -> Story:
        yield from self.story_gathering()
        yield self.later(0.2)
        into = Matter.objects.get(title=self.words["into"])
        self.do(conclude, "operator", outcome="merged", reason=self.words["reason"], into=into)

    def story_expired(self) -> Story:
        yield from self.submitted()
        yield from self.supported(self.words["supports"], 25)
        yield self.later(9)
        self.do(conclude, "operator", outcome="expired", reason=self.words["reason"])

    def story_elsewhere(self) -> Story:
        yield from self.submitted()
        yield from self.supported(self.words["supports"], 9)
        yield self.later(3)
        self.do(conclude, "operator", outcome="answered-elsewhere", reason=self.words["reason"])

    def story_withdrawn(self) -> Story:
        yield from self.submitted()
        yield from self.supported(self.words["supports"], 9)
        yield self.later(3)
        self.do(withdraw, self.author, reason=self.words["reason"])

    def story_hidden(self) -> Story:
        yield from self.submitted()
        yield from self.supported(self.words["supports"], 5)
        yield self.later(1)
        self.do(moderation.report_proposal, "resident", rule=self.words["rule"], words="장사를 알리는 글 같습니다.")
        yield self.later(1)
        self.do(moderation.hide_proposal, "moderator", rule=self.words["rule"], reason=self.words["reason"])
        yield self.later(2)
        self.do(moderation.appeal, self.author, Hiding.objects.get(whole=self.pk), text=self.words["appeal"])

    def story_passed_on(self) -> Story:
        """Passed on to the participatory budget while its call is open."""
        yield from self.submitted()
        yield from self.supported(self.words["supports"], 12)
        yield self.later(4)
        budget = self.town.processes["budget-now"]
        self.do(receive, "budget-team", budget, origin=self.matter, reason=self.words["reason"])
        yield self.later(0.1)
        self.do(conclude, "operator", outcome="passed-on", reason=self.words["reason"])

    def story_five_hundred(self) -> Story:
        """Fifty, five hundred, the panel says yes; the team has yet to name the department for the forum."""
        yield from self.gathered()
        yield self.later(2)
        self.do(assign, "operator", body=self.town.bodies["demo-transit"])
        yield from self.backed(self.crowd(500)[REPLY_SUPPORTS:], 0.02)
        yield self.later(2)
        yield from self.resolved()
        yield self.later(2)
        self.do(assign, "operator", body=self.town.bodies["demo-transit"])
        yield self.later(9)
        self.answer(self.words["conclusion"], self.words["reply"], self.words["step"])

    def story_panel_late(self) -> Story:
        """A hundred supporters, and the citizens' panel has let its day pass."""
        yield from self.gathered()
        yield self.later(2)
        self.do(assign, "operator", body=self.town.bodies[f"demo-{self.words['department']}"])
        yield from self.backed(self.crowd(self.words["supports"])[REPLY_SUPPORTS:], 0.1)
        yield self.later(13)
        self.answer(self.words["conclusion"], self.words["reply"], self.words["step"])
        yield self.later(18)
        self.do(conclude, "operator", outcome="expired", reason=ON_TIME)

    def story_forum(self) -> Story:
        yield from self.taken_up()
        yield from self.forum()

    def story_forum_closed(self) -> Story:
        yield from self.forum_over()

    def story_forum_promised(self) -> Story:
        yield from self.forum_over()
        yield self.later(9)
        self.answer(self.words["conclusion"], self.words["reply"], self.words["step"])
        yield from self.promise()
