"""The small city with a channel in which three supporters bring a forum: for the tests of proposals and deliberation."""

import pytest

from madang.bodies.models import Body
from madang.processes.models import Process
from small_city import BEGIN, CONCLUDED, LAMP, MONTH_AND_WEEK, opened, phase, recipe, support

MODERATED = {
    "proposals.record_past": "operator",
    "proposals.revive": "verified",
    "proposals.receive": "operator",
    "deliberation.report": "member",
    "deliberation.report_proposal": "member",
    "deliberation.hide": "moderator",
    "deliberation.hide_proposal": "moderator",
    "deliberation.let_stand": "moderator",
    "deliberation.appeal": "writer",
    "deliberation.settle_appeal": "moderator",
}
PHASES = [
    support("talk_supports", "prepare", edit="proposer", withdraw="proposer", unsupport="supporter"),
    phase(
        "prepare",
        "숙의",
        ("공론장 준비", "Preparing"),
        'act = "deliberation.open_forum", by = "operator", within = "close_days"',
        {"opened": "forum"},
        {"deliberation.open_forum": "operator"},
    ),
    phase(
        "forum",
        "숙의",
        ("공론장", "Forum"),
        'act = "deliberation.close_forum", by = "operator", within = "close_days", after = "phase-end"',
        {"closed": "end"},
        {
            "deliberation.take_position": "verified",
            "deliberation.state": "verified",
            "deliberation.reply": "verified",
            "deliberation.retract": "writer",
            "deliberation.close_forum": "operator",
        },
        'for = "forum_days"\ngates = [{ counts = "participants", reaches = "many", opens = ["end"] }]',
    ),
    phase(
        "end",
        "결정",
        ("매듭", "End"),
        'act = "duties.conclude", by = "operator", within = "close_days"',
        CONCLUDED,
        {"duties.conclude": "operator"},
    ),
]
VALUES = MONTH_AND_WEEK | {"talk_supports": (3, "people"), "forum_days": (10, "days"), "many": (4, "people")}


@pytest.fixture
def moderators(db) -> Body:
    return Body.objects.create(key="moderators", name="조정자", side="civil")


@pytest.fixture
def open_channel(seoul, team, moderators):
    """open_channel("channel"): a process run by the team; `key` of the recipe may differ, `archive` closes it."""

    def make(key: str = "channel", key_of_recipe: str = "small-channel", **fields) -> Process:
        text = recipe(
            key_of_recipe,
            ("작은 마당", "Small yard"),
            PHASES,
            values=VALUES,
            standing_may=MODERATED,
            more='passes_to = ["next-channel"]',
        )
        return opened(text, seoul, {"operator": team, "moderators": moderators}, key=key, at=BEGIN, **fields)

    return make


@pytest.fixture
def channel(open_channel) -> Process:
    return open_channel()


@pytest.fixture
def lamp(channel, person, by):
    """The proposal of 김제안 on day 0."""
    from madang.proposals import acts

    return acts.submit(by(person("김제안")), channel, **LAMP)
