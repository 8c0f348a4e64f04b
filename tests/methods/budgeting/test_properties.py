"""What must hold for every election: no names, no order, no files; never over the budget; more support never hurts (greedy)."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting import verify
from madang.methods.budgeting.election import election
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.phragmen import phragmen

NAMES = "abcdef"
RULES = {
    "greedy": greedy, "per-cost": lambda one, **more: greedy(one, by="votes/cost", **more), "phragmen": phragmen,
    "phragmen-on": lambda one, **more: phragmen(one, stop="exhaustive", **more), "shares": equal_shares,
}
elections = st.tuples(
    st.lists(st.integers(1, 9), min_size=6, max_size=6),
    st.lists(st.sets(st.sampled_from(NAMES)).map(sorted), min_size=1, max_size=8), st.integers(1, 30),
)
many = settings(max_examples=40, derandomize=True, deadline=None)


def built(costs, ballots, budget):
    return election(dict(zip(NAMES, costs, strict=True)), ballots, budget)


@pytest.mark.parametrize("rule", RULES)
@many
@given(elections)
def test_never_over_the_budget_and_every_check_passes(rule, made):
    one = built(*made)
    outcome = RULES[rule](one)
    assert outcome.cost == sum(one.costs[one.position[name]] for name in outcome.winners) <= one.budget
    assert set(outcome.winners) | set(outcome.losers) == set(NAMES)
    assert [finding for finding in verify.verify(one, sheet(outcome)) if not finding.ok] == []


@pytest.mark.parametrize("rule", RULES)
@many
@given(elections, st.randoms(use_true_random=False))
def test_the_order_of_voters_and_projects_changes_nothing(rule, made, chance):
    costs, ballots, budget = made
    shuffled = [chance.sample(ballot, len(ballot)) for ballot in chance.sample(ballots, len(ballots))]
    listed = dict(chance.sample(list(zip(NAMES, costs, strict=True)), len(NAMES)))
    assert sheet(RULES[rule](built(*made))) == sheet(RULES[rule](election(listed, shuffled, budget)))


@pytest.mark.parametrize("rule", RULES)
@many
@given(elections, st.permutations(NAMES))
def test_names_do_not_matter_when_ties_follow_them(rule, made, renamed):
    costs, ballots, budget = made
    to = dict(zip(NAMES, renamed, strict=True))
    one, ties = built(*made), ("cost", "votes")
    moved = [[to[pick] for pick in ballot] for ballot in ballots]
    other = election({to[name]: cost for name, cost in zip(NAMES, costs, strict=True)}, moved, budget)
    standings = [(cost, count) for cost, count in zip(one.costs, one.counts, strict=True)]
    if len(set(standings)) == len(standings):  # otherwise only names could tell two projects apart
        assert [to[name] for name in RULES[rule](one, ties=ties).winners] == list(RULES[rule](other, ties=ties).winners)


@many
@given(elections)
def test_greedy_and_the_exhaustive_phragmen_leave_nothing_wanted_that_fits(made):
    one = built(*made)
    for outcome in (greedy(one), phragmen(one, stop="exhaustive")):
        left = outcome.budget - outcome.cost
        assert [name for name in outcome.losers if one.costs[one.position[name]] <= left and one.counts[one.position[name]]] == []


@many
@given(elections, st.sampled_from(NAMES))
def test_one_more_vote_never_makes_a_greedy_winner_lose(made, name):
    costs, ballots, budget = made
    if name in greedy(built(*made)).winners:
        assert name in greedy(built(costs, [*ballots, [name]], budget)).winners


@many
@given(elections, st.integers(2, 5))
def test_copying_every_voter_or_scaling_all_money_changes_no_winner(made, times):
    costs, ballots, budget = made
    for rule in RULES.values():
        plain = rule(built(*made)).winners
        assert rule(built(costs, ballots * times, budget)).winners == plain
        assert rule(built([cost * Fraction(times, 3) for cost in costs], ballots, Fraction(budget * times, 3))).winners == plain


@settings(max_examples=15, derandomize=True, deadline=None)
@given(elections, st.integers(0, 8))
def test_a_file_split_in_two_is_the_same_election(tmp_path_factory, made, at):
    costs, ballots, budget = made
    head = f"META\nbudget;{budget}\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    head += "".join(f"{name};{cost}\n" for name, cost in zip(NAMES, costs, strict=True)) + "VOTES\nvoter_id;vote\n"
    rows = [f"{number};{','.join(ballot)}\n" for number, ballot in enumerate(ballots)]
    folder = tmp_path_factory.mktemp("parts")
    for name, part in (("whole", rows), ("one", rows[:at]), ("two", rows[at:])):
        (folder / f"{name}.pb").write_text(head + "".join(part))
    whole = read(folder / "whole.pb")
    both = read(folder / "two.pb", folder / "one.pb")
    assert sheet(equal_shares(whole)) == sheet(equal_shares(both)) == sheet(equal_shares(built(*made)))
