"""Floats lead and fractions decide: the count equals one in fractions alone, compiled or not."""

import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting.counting import Count
from madang.methods.budgeting.election import Election, election
from madang.methods.budgeting.equal_shares import rolled
from madang.methods.budgeting.exact import Replay

TIED = {"a": 6, "b": 6, "c": 9, "d": 9, "e": 4}


def test_a_price_stands_until_one_of_its_supporters_pays():
    # given 4 each, and the supporters of b apart from those of a and c
    vote = election({"a": 6, "b": 6, "c": 5}, [["a", "c"], ["a"], ["b"], ["b"], ["c"]], 20)
    turned = rolled(vote, "cardinality")
    replay = Replay(turned, turned.start)
    before = [replay.price(p) for p in range(3)]
    replay.push(before[0])
    # then only c, who shares a supporter with a, is asked again: 1 and 4 of its 5, where it was 2½ each
    assert replay.price(1) is before[1]
    assert (before[2].price, replay.price(2).price) == (Fraction(5, 2), 4)


def in_fractions(vote: Election, utility: str) -> tuple[list[int], list[Fraction]]:
    """Every voter by itself, every price in fractions."""
    worth = vote.utilities(utility)[0].tolist()
    people = [group for group in range(len(vote.voters)) for _ in range(vote.voters[group])]
    money = [vote.budget / len(people)] * len(people)
    ballots = [dict(zip(vote.picks[a:b].tolist(), worth[a:b], strict=True)) for a, b in zip(vote.starts, vote.starts[1:], strict=False)]
    order: list[int] = []
    prices: list[Fraction] = []
    while True:
        found = []
        for p, cost in enumerate(vote.costs):
            mine = [(money[one], ballots[group][p], one) for one, group in enumerate(people) if ballots[group].get(p, 0) > 0]
            if p in order or not cost or sum(have for have, _, _ in mine) < cost:
                continue
            spent, utility_left = Fraction(0), sum(u for _, u, _ in mine)
            for have, u, _ in sorted(mine, key=lambda one: one[0] / one[1]):
                if (cost - spent) / utility_left * u <= have:
                    found.append(((cost - spent) / utility_left, p, mine))
                    break
                spent, utility_left = spent + have, utility_left - u
        if not found:
            return order, prices
        price, p, mine = min(found, key=lambda one: one[:2])
        for have, u, one in mine:
            money[one] = have - min(have, price * u)
        order.append(p)
        prices.append(price)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.data())
def test_small_elections_full_of_ties_come_out_as_in_fractions(data):
    ballots = data.draw(st.lists(st.lists(st.sampled_from("abcde"), unique=True, min_size=1), min_size=2, max_size=9))
    vote = election(TIED, ballots, data.draw(st.sampled_from([12, 18, 20, 27, 30])))
    for utility in ("cost", "cardinality"):
        turned = rolled(vote, utility)
        order, prices = in_fractions(vote, utility)
        found = Count(turned).run(turned.start)
        assert [turned.places[p] for p in found] == order
        replay = Replay(turned, turned.start)
        assert [replay.take(p) for p in found] == [price * (turned.scale if utility == "cardinality" else 1) for price in prices]


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.data())
def test_points_of_many_sizes_come_out_as_in_fractions(data):
    points = st.dictionaries(st.sampled_from("abcde"), st.sampled_from([1, 2, 3, 6, 1000]), min_size=1)
    vote = election(TIED, data.draw(st.lists(points, min_size=2, max_size=7)), data.draw(st.sampled_from([12, 20, 30])), "cumulative")
    turned = rolled(vote, "scores")
    assert [turned.places[p] for p in Count(turned).run(turned.start)] == in_fractions(vote, "scores")[0]


def test_a_tie_that_no_float_can_tell_is_settled_in_fractions():
    # given two projects whose price is the same fraction only after unequal purchases, b wanted by half as many at half the cost
    vote = election(
        {"p": 7, "q": 14, "x": 3, "y": 6},
        [["x", "p"], ["x", "p"], ["p"], ["y", "q"], ["y", "q"], ["q"], ["y", "q"], ["y", "q"], ["q"]], 45,
    )
    turned = rolled(vote, "cost")
    count = Count(turned)
    # when it is counted
    order = [turned.places[p] for p in count.run(turned.start)]
    # then it is the order of fractions
    assert order == in_fractions(vote, "cost")[0]


def test_doubt_is_settled_in_fractions_and_the_count_goes_on():
    seen = 0
    rng = np.random.default_rng(5)
    for _ in range(400):
        ballots = [[name for name in "abcde" if rng.random() < 0.6] for _ in range(6)]
        vote = election({"a": 6, "b": 6, "c": 6, "d": 6, "e": 6}, ballots, int(rng.integers(8, 20)))
        turned = rolled(vote, "cost")
        count = Count(turned)
        assert [turned.places[p] for p in count.run(turned.start)] == in_fractions(vote, "cost")[0]
        seen += count.doubts
    assert seen > 0, "no election here brings floats into doubt: the test shows nothing"


def test_a_hair_between_two_prices_is_seen():
    # 10^15 and 10^15 + 1: a float of the price cannot tell them apart after division, the fractions can
    big = 10**15
    vote = election({"a": big + 1, "b": big}, [["a"]] * 3 + [["b"]] * 3, 2 * big + 2)
    assert [rolled(vote, "cardinality").places[p] for p in (lambda t: Count(t).run(t.start))(rolled(vote, "cardinality"))] == [1, 0]


SCRIPT = """
import json, random
from madang.methods.budgeting.election import election
from madang.methods.budgeting.equal_shares import equal_shares
rng, found = random.Random(3), []
for _ in range(12):
    costs = {name: rng.randint(3, 30) for name in "abcdefgh"}
    ballots = [[name for name in costs if rng.random() < 0.4] for _ in range(25)]
    for completion in ("none", "add1u"):
        one = equal_shares(election(costs, ballots, 70), completion=completion)
        found.append([one.winners, [str(step.price) for step in one.rounds], one.variant.get("steps")])
print(json.dumps(found))
"""


def test_without_compiled_kernels_everything_is_the_same():
    shown = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, "MADANG_NUMBA": wanted}, capture_output=True, text=True, check=True
        ).stdout
        for wanted in ("0", "1")
    ]
    assert shown[0] == shown[1] != ""
