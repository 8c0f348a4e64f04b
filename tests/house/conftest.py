"""A channel that can hold one 의제 or thirty, each with supports, duties and words."""

import pytest


@pytest.fixture
def channel(city, by, person, seat, day):
    from madang.bodies.models import Body
    from madang.processes.acts import open_

    steward = person("마당지기")
    seat(steward, city.stewards, side="civil")
    bodies = {
        key: Body.objects.create(key=key, name=key, side=side, place=city.seoul, synthetic=True)
        for key, side in [("operator", "public"), ("panel", "civil"), ("mayor", "public")]
    }
    return open_(
        by(steward, day(-1)),
        city.seoul,
        recipe="democracy-seoul@2019-03-26",
        key="ds",
        name="민주주의 서울",
        castings=bodies,
    )


@pytest.fixture
def grown(channel, by, person, day, city):
    """grown(n) — there are n 의제 now, the newest is returned."""
    from madang.matters.models import Matter
    from madang.proposals.acts import submit, support
    from madang.record.seal import seal

    def grow(count):
        matter = None
        while Matter.objects.count() < count:
            n = Matter.objects.count()
            author = person(f"이웃{n}")
            matter = submit(
                by(author, day(0)),
                channel,
                title=f"{n}번째 골목 조명",
                problem="밤에 어둡습니다.",
                idea="낮은 등을 답니다.",
                topic="safety",
                place=city.dong,
            )
            support(by(author, day(0)), matter)
        seal(day(0))
        return matter

    return grow
