"""The arithmetic of chance: tails, unevenness, margins, permutations, Holm."""

from math import comb, exp, factorial

import numpy as np
import pytest

from madang.methods.integrity.chance import (
    ROUNDS,
    above,
    dice,
    holm,
    permuted,
    share_above,
    share_unevenness,
    table,
    unevenness,
)


@pytest.mark.parametrize(("number", "mean"), [(4, 2.0), (9, 2.5), (30, 10.0), (1, 0.01)])
def test_the_tail_of_even_counts_is_poissons(number: int, mean: float) -> None:
    wanted = 1 - sum(exp(-mean) * mean**k / factorial(k) for k in range(number))
    assert above(number, mean) == pytest.approx(wanted, rel=1e-9)


def test_the_tail_of_uneven_counts_is_the_negative_binomials() -> None:
    # given shape 4 and mean 6: the chance of a success is 4 ÷ 10
    wanted = 1 - sum(comb(k + 3, k) * 0.4**4 * 0.6**k for k in range(15))
    assert above(15, 6.0, 0.25) == pytest.approx(wanted, rel=1e-9)
    assert above(15, 6.0) < wanted  # evenness would make it look rarer than it is


def test_what_is_not_above_the_expected_says_nothing() -> None:
    assert above(5, 5.0) == above(0, 0.0) == 1.0
    assert above(1, 0.0) == 0.0


def test_unevenness_is_found_where_it_was_put_and_a_planted_cell_does_not_move_it() -> None:
    chance = np.random.RandomState(1)
    means = chance.gamma(2, 30, 400) + 5
    uneven = chance.poisson(means * chance.gamma(10, 1 / 10, 400)).astype(float)
    found = unevenness(uneven.tolist(), means.tolist())
    assert 0.06 < found < 0.18  # a tenth was put in; a little more is assumed
    uneven[:4] += 5000
    assert unevenness(uneven.tolist(), means.tolist()) == pytest.approx(found, abs=0.01)
    assert unevenness([10.0] * 3, [9.0] * 3) == 0.0  # too few to say


def test_margins_lead_to_what_is_expected_and_a_planted_cell_stays_out_of_them() -> None:
    counts = np.outer([10.0, 20, 40, 30, 20, 10], [1.0, 2, 3, 1, 2, 1])
    assert table(counts) == pytest.approx(counts)
    farmed = counts.copy()
    farmed[0, 0] += 200
    assert table(farmed)[0, 0] == pytest.approx(10)
    assert table(farmed)[1:, 1:] == pytest.approx(counts[1:, 1:])


def test_margins_follow_those_who_live_there() -> None:
    live = np.array([[100.0, 300], [500, 100], [200, 200]])
    assert table(live * [[0.1], [0.2], [0.1]] * [[1.0, 2.0]], live) == pytest.approx(live * [[0.1], [0.2], [0.1]] * [[1.0, 2.0]])


def test_holm_by_hand() -> None:
    # 0.01 × 3, then 0.02 × 2, then 0.03, which may not fall below what came before
    assert holm({"b": 0.02, "a": 0.01, "c": 0.03}) == {"a": 0.03, "b": 0.04, "c": 0.04}
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_a_permutation_test_is_valid_and_stops_where_it_is_plain() -> None:
    chance = dice("seed", "a look")
    found = [permuted(value, chance.random_sample)[0] for value in np.random.RandomState(5).random_sample(400)]
    for level in (0.05, 0.1, 0.3):
        assert sum(p <= level for p in found) / 400 < level + 3 * (level * (1 - level) / 400) ** 0.5
    assert permuted(2.0, chance.random_sample)[0] == 1 / (ROUNDS + 1)


def test_the_chance_of_a_seed_is_the_same_for_ever() -> None:
    assert dice("2026", "digits").randint(0, 1000, 5).tolist() == dice("2026", "digits").randint(0, 1000, 5).tolist()
    assert dice("2026", "digits").randint(0, 1000, 5).tolist() != dice("2027", "digits").randint(0, 1000, 5).tolist()


def test_the_tail_of_a_share_is_the_beta_binomials() -> None:
    # given a rate of 1/2 so uneven that every number from 0 to 9 is as likely: a = b = 1
    assert share_above(7, 9, 0.5, 1 / 3) == pytest.approx(0.3, rel=1e-9)
    even = sum(comb(20, k) for k in range(15, 21)) / 2**20
    assert share_above(15, 20, 0.5, 0.0) == pytest.approx(even, rel=1e-5)
    assert share_above(5, 10, 0.5, 0.1) == 1.0


def test_unevenness_of_shares_is_found_where_it_was_put() -> None:
    chance = np.random.RandomState(2)
    sizes = chance.randint(300, 900, 300)
    rates = chance.beta(45, 55, 300)  # 1 ÷ (45 + 55 + 1) = 0.0099
    found = share_unevenness(chance.binomial(sizes, rates).tolist(), sizes.tolist(), [0.45] * 300)
    assert 0.007 < found < 0.018
