"""The same small city as for proposals, with a forum open in it."""

import pytest

from small_city import *  # noqa: F403 — its fixtures
from talking_yard import *  # noqa: F403 — its fixtures


@pytest.fixture
def forum(lamp, person, operator, by):
    """A forum on 김제안's proposal, opened on day 2 by the team after three people supported it."""
    from madang.deliberation import acts
    from madang.matters.models import Matter
    from madang.proposals import acts as proposals

    for name in ("가", "나", "다"):
        proposals.support(by(person(name), 1), Matter.objects.get(pk=lamp.pk))
    return acts.open_forum(by(operator, 2), Matter.objects.get(pk=lamp.pk), question="가로등을 놓을까요?")
