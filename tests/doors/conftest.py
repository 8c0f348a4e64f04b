"""A city with one channel open, a 의제 in it, and people who may do things through the doors."""

from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.fixture
def yesterday():
    """A door gives every request the time it arrives, so what it meets must be fresh."""
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def operator(city, by, day):
    """The body that runs the channel."""
    from madang.bodies.models import Body

    return Body.objects.create(key="operator", name="운영팀", side="public", place=city.seoul, synthetic=True)


@pytest.fixture
def channel(city, operator, day):
    """민주주의 서울 as it was in 2019, open since long."""
    from madang.bodies.models import Body
    from madang.processes.library import edition
    from madang.processes.models import Casting, Process, RecipeText

    rules = edition("democracy-seoul@2019-03-26")
    text, _made = RecipeText.objects.get_or_create(
        digest=f"sha256:{rules.digest()}", defaults={"text": rules.freeze(), "first_used_at": day(-1)}
    )
    process = Process.objects.create(
        key="democracy-seoul",
        recipe_key=rules.key,
        recipe=text,
        name="민주주의 서울",
        place=city.seoul,
        opened_at=day(-1),
        synthetic=True,
    )
    for part, wanted in rules.bodies.items():
        if not wanted.matter:
            body, _made = Body.objects.get_or_create(
                key=f"cast-{part}", defaults={"name": wanted.name.ko, "side": wanted.side, "place": city.seoul}
            )
            Casting.objects.create(process=process, part=part, body=body)
    return process


@pytest.fixture
def matter(channel, person, by, yesterday):
    """김순자's proposal, submitted yesterday."""
    from madang.proposals.acts import submit

    return submit(
        by(person("김순자"), yesterday),
        channel,
        title="버스 정류장에 의자를",
        problem="어르신이 앉을 곳이 없습니다.",
        idea="정류장마다 긴 의자를 놓아 주세요.",
        effect="기다리기 쉬워집니다.",
        topic="transport",
        place=channel.place,
    )


@pytest.fixture
def token(by, day):
    """token(person) — the secret of a fresh API key."""
    from madang.people.acts import make_token

    return lambda who: make_token(by(who, day(0)), who, name="시험").secret
