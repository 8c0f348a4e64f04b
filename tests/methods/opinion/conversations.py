"""Where the tests find conversations: published ones beside the clone, and small ones made here."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from madang.methods.opinion import Conversation, Statement, Votes, log_of, read_statements, read_votes

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared"))
PUBLISHED = (
    "15-per-hour-seattle", "austria-climate.2vkxcncppn.2022-07-07", "bg2050-volunteers", "canadian-electoral-reform",
    "london.youth.policing", "scoop-hivemind.affordable-housing", "scoop-hivemind.biodiversity", "scoop-hivemind.freshwater",
    "scoop-hivemind.taxes",
)  # fmt: skip


@cache
def log(name: str) -> Votes:
    home = SHARED / "data" / "opinion" / name
    if not home.is_dir():
        pytest.skip(f"published conversations are not here: {home}")
    votes = home / "votes.csv"
    return read_votes(votes if votes.exists() else home / "participants-votes.csv", known=[one.key for one in statements(name)])


@cache
def statements(name: str) -> tuple[Statement, ...]:
    home = SHARED / "data" / "opinion" / name
    if not home.is_dir():
        pytest.skip(f"published conversations are not here: {home}")
    return read_statements(home / "comments.csv")


@cache
def oracle(name: str, tool: str = "exact") -> Any:
    return json.loads((SHARED / "data" / "opinion" / name / f"{name}.{tool}.json").read_text("utf-8"))


def out(name: str) -> frozenset[str]:
    return frozenset(one.key for one in statements(name) if one.moderated < 0)


def labels(conversation: Conversation, groups: dict[str, int]) -> np.ndarray:
    return np.array([groups.get(name, -1) for name in conversation.people], np.int64)


def some(of: Votes, keep: np.ndarray) -> Votes:
    """These votes of a log, in this order."""
    return Votes(of.participants, of.statements, of.participant[keep], of.statement[keep], of.vote[keep], of.at[keep])


def camps(people: int = 60, topics: int = 12, seed: int = 1, camps: int = 2) -> Votes:
    """A made-up talk: camps that mostly agree within and disagree between, and two statements all agree on."""
    chance, votes = np.random.default_rng(seed), []
    for person in range(people):
        for topic in range(topics):
            if chance.random() < 0.7:
                side = 1 if topic < 2 or (topic + person % camps) % camps else -1
                value = 0 if chance.random() < 0.1 else side if chance.random() < 0.9 else -side
                votes.append((f"p{person}", str(topic), value, 1000 + len(votes)))
    return log_of(votes)


def adjusted_rand(one: list[int], other: list[int]) -> float:
    """Adjusted Rand index of two groupings of the same people."""
    table = np.zeros((max(one) + 1, max(other) + 1))
    np.add.at(table, (np.array(one), np.array(other)), 1)
    pairs = lambda counts: float((counts * (counts - 1) / 2).sum())  # noqa: E731
    both, first, second = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    chance, most = first * second / pairs(table.sum()), (first + second) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)
