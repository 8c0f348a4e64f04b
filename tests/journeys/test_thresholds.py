"""The mayor answers 5,000 people in 2019 and 1,000 in 2020: counters filled in bulk, the last person comes through the act."""

import pytest

from madang.bodies.models import Body
from madang.deliberation import acts as deliberation
from madang.deliberation.models import Forum
from madang.duties import walk
from madang.duties.acts import assign
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.processes.acts import open_
from madang.proposals import acts as proposals

LAMP = {
    "title": "보행로 조명을 밝게",
    "problem": "밤에 어둡습니다.",
    "idea": "낮은 조명을 달아 주세요.",
    "topic": "safety",
}
EDITIONS = [("democracy-seoul@2019-03-26", 500, 5000), ("democracy-seoul@2020-03-01", 100, 1000)]


@pytest.fixture
def opened(city, by, person, seat, day):
    """opened(recipe) — the channel of an edition, its operator and its bodies."""
    steward = person("마당지기")
    seat(steward, city.stewards, side="civil")
    clerk = person("운영팀")
    bodies = {
        key: Body.objects.create(key=key, name=key, side=side, place=city.seoul, synthetic=True)
        for key, side in [("operator", "public"), ("panel", "civil"), ("mayor", "public"), ("safety", "public")]
    }
    seat(clerk, bodies["operator"], "주무관")

    def run(recipe):
        parts = {part: bodies[part] for part in ("operator", "panel", "mayor")}
        return (
            open_(by(steward, day(-1)), city.seoul, recipe=recipe, key="ds", name="민주주의 서울", castings=parts),
            clerk,
            bodies,
        )

    return run


@pytest.mark.parametrize(("recipe", "panel_at", "mayor_at"), EDITIONS)
def test_the_panel_is_asked_at_its_number_and_not_one_before(opened, by, person, day, recipe, panel_at, mayor_at):
    process, _clerk, _bodies = opened(recipe)
    lamp = proposals.submit(by(person("김순자"), day(0)), process, **LAMP)
    Matter.objects.filter(pk=lamp.pk).update(supports=panel_at - 2)
    lamp.refresh_from_db()
    proposals.support(by(person("앞사람"), day(1)), lamp)
    assert "panel" not in Matter.objects.get(pk=lamp.pk).open_phases
    lamp.refresh_from_db()
    proposals.support(by(person("그다음"), day(1)), lamp)
    assert "panel" in Matter.objects.get(pk=lamp.pk).open_phases


@pytest.mark.parametrize(("recipe", "panel_at", "mayor_at"), EDITIONS)
@pytest.mark.parametrize("missing", [0, 1])
def test_the_mayor_owes_an_answer_at_the_number_of_the_edition_and_not_one_before(
    opened, by, person, day, recipe, panel_at, mayor_at, missing
):
    process, clerk, bodies = opened(recipe)
    lamp = proposals.submit(by(person("김순자"), day(0)), process, **LAMP)
    forum = _forum(by, clerk, day, lamp, bodies)
    before = mayor_at - 1 - missing
    Forum.objects.filter(pk=forum.pk).update(participants=before, for_count=before)
    Matter.objects.filter(pk=lamp.pk).update(participants=before)
    forum = Forum.objects.select_related("matter__process").get(pk=forum.pk)
    deliberation.take_position(by(person("마지막 이웃"), day(3)), forum, side="for")
    lamp.refresh_from_db()
    assert lamp.participants == mayor_at - missing
    deliberation.close_forum(by(clerk, day(40)), lamp, summary="뜻이 모였습니다.", agreed=["밝아야 한다"])
    owed = sorted(
        Duty.objects.filter(matter=lamp, act="decisions.reply", kept_at=None).values_list("body__key", flat=True)
    )
    assert owed == (["safety"] if missing else ["mayor"])  # the mayor answers in the department's place


def _forum(by, clerk, day, lamp, bodies):
    """The way to a forum, cut short: the panel has decided, the department is named."""
    hand = by(clerk, day(1))
    Stage.objects.filter(matter=lamp).update(acts_until=day(30))
    walk.reenter(hand, lamp, "forum-assign", "panel:adopted")
    assign(by(clerk, day(1)), lamp, body=bodies["safety"])
    return deliberation.open_forum(by(clerk, day(2)), lamp, question="골목을 밝게 할까요?")
