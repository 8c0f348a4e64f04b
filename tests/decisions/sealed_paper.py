"""The deciding yard with a sealed ballot: its process, its keys, its signed paper."""

import pytest

from deciding_yard import BODIES, PHASES, STANDING, VALUES
from madang.decisions import sealed
from madang.decisions.acts import open_ballot, seal_ballot
from madang.issuers.keys import KeyRing
from madang.methods.sealed import b64
from madang.methods.sealed.seal import SealKey
from madang.methods.transparency.checkpoint import SigningKey
from small_city import opened, recipe

WORDS = {"question": "어느 것을 먼저 할까요?", "use": "다음 해 예산안에 그대로 담습니다."}
BOX = bytes([9]) * 32


@pytest.fixture
def process(seoul, body, day):
    """The yard's process, whose votes are cast under seal."""
    phases = [phase.replace("ballot = { ", 'ballot = { secrecy = "sealed", revote = true, ') for phase in PHASES]
    text = recipe(
        "yard", ("작은 결정", "Small decisions"), phases, bodies=BODIES, values=VALUES, standing_may=STANDING, kind="budget"
    )
    parts = {"operator": body("operator", "운영팀", "public"), "council": body("council", "협치협의회", "joint")}
    return opened(text, seoul, parts, key="yard-2026", at=day(-10), name="작은 결정")


@pytest.fixture
def on(matter_in, operator, process, by):
    for title in ("가로등", "의자", "텃밭"):
        matter_in("vote", title)
    return open_ballot(by(operator, 1), process, **WORDS)


@pytest.fixture
def observers(tmp_path):
    return KeyRing(tmp_path / "observers")


@pytest.fixture
def keyholders():
    """The seal, of which the house gets the public half alone."""
    return SealKey.make()


@pytest.fixture
def keys(on, observers, keyholders):
    made = observers.make(sealed.slug_of(on), sealed.groups(on))
    return {
        "box_key": b64(SigningKey("box", BOX).verifier.public), "seal_key": b64(keyholders.public), "shares": 3, "least": 2, "batch": 4,
        "observers": {key: {"name": "observers", "n": b64(n), "e": 65537} for key, n in made.items()},
        "rolls": {"verified": 40, "council": 5, "proposer": 5},
    }  # fmt: skip


@pytest.fixture
def of(on, operator, by, keys):
    return seal_ballot(by(operator, 1), on, **keys)
