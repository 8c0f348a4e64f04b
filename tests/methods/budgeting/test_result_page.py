"""What a result page shows beside the outcome: who stood next, at which cost a loser had won, and what one ballot bought."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting import verify
from madang.methods.budgeting.__main__ import main
from madang.methods.budgeting.ballot import bought, spread
from madang.methods.budgeting.election import Ballots, Project, election, gather
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.limits import Limit
from madang.methods.budgeting.margins import margins, winners
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.overspending import overspending
from madang.methods.budgeting.phragmen import phragmen

NAMES = "abcdef"
many = settings(max_examples=60, derandomize=True, deadline=None)
elections = st.tuples(
    st.lists(st.integers(1, 25), min_size=6, max_size=6),
    st.lists(st.sets(st.sampled_from(NAMES)).map(sorted), min_size=1, max_size=8), st.integers(1, 60),
    st.sampled_from([(), (Limit("category", "green", Fraction(20)),), (Limit("category", "green", Fraction(1), True),)]),
)


def town(costs, ballots, budget, limits=(), vote_type="approval"):
    """Projects a…f; a, c, e are green."""
    listed = [Project(name, Fraction(cost), categories=("green",) * (name in "ace")) for name, cost in zip(NAMES, costs, strict=True)]
    picks = [NAMES.index(name) for ballot in ballots for name in ballot]
    cast = Ballots([1] * len(ballots), [len(ballot) for ballot in ballots], picks)
    return gather(listed, cast, Fraction(budget), vote_type)


def without(vote, name):
    """The same voters, with the same shares, where one project was never proposed."""
    position = [place for place, project in enumerate(vote.projects) if project.id != name]
    rows = [[place for place in vote.picks[a:b].tolist() if place in position] for a, b in zip(vote.starts, vote.starts[1:], strict=False)]
    cast = Ballots(vote.voters, [len(row) for row in rows], [position.index(place) for row in rows for place in row])
    return gather([vote.projects[place] for place in position], cast, vote.budget, vote.vote_type)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@many
@given(elections)
def test_the_runner_up_of_a_round_wins_it_where_the_winner_was_never_proposed(utility, made):
    *case, limits = made
    vote = town(*case)
    full = equal_shares(vote, utility=utility, limits=limits if any(limits) else ())
    for number, step in enumerate(full.rounds):
        less = without(vote, step.project)
        kept = tuple(one for one in limits if any("green" in project.categories for project in less.projects))
        rounds = equal_shares(less, utility=utility, limits=kept).rounds
        after = rounds[number] if number < len(rounds) else None
        assert (step.runner_up, step.runner_up_price) == ((after.project, after.price) if after else ("", None))


RULES = {
    "shares": equal_shares, "shares, cardinality": lambda vote, **more: equal_shares(vote, utility="cardinality", **more),
    "add1": lambda vote, **more: equal_shares(vote, completion="add1", **more),
    "utilitarian": lambda vote, **more: equal_shares(vote, completion="utilitarian", **more),
    "add1u, cardinality": lambda vote, **more: equal_shares(vote, completion="add1u", utility="cardinality", **more),
    "greedy": lambda vote, **more: greedy(vote, by="votes", **more),
    "greedy, no skip": lambda vote, **more: greedy(vote, skip=False, **more),
    "greedy per cost": lambda vote, **more: greedy(vote, by="votes/cost", **more),
    "phragmen": phragmen, "phragmen on": lambda vote, **more: phragmen(vote, stop="exhaustive", **more),
}


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40, derandomize=True, deadline=None)
@given(elections, st.sampled_from([("id",), ("-id",), ("cost",), ("votes", "number")]))
def test_a_margin_is_the_largest_cost_that_wins_when_every_cost_is_tried(rule, made, ties):
    *case, limits = made
    vote = town(*case)
    outcome = RULES[rule](vote, ties=ties, limits=limits)
    found = margins(vote, outcome)
    assert set(found) == set(outcome.losers)
    for name, margin in found.items():
        place = vote.position[name]

        def won(cost, place=place, name=name):
            projects = [replace(one, cost=Fraction(cost)) if number == place else one for number, one in enumerate(vote.projects)]
            return name in winners(replace(vote, projects=tuple(projects)), outcome)

        tried = [won(cost) for cost in range(1, int(vote.costs[place]) + 1)]
        assert tried == [True] * (margin or 0) + [False] * (len(tried) - (margin or 0))


def test_counting_again_is_the_rule_itself_where_nothing_was_added():
    vote = town([9, 8, 7, 6, 5, 4], [list("abc"), list("ab"), list("cd"), list("ef"), list("f")], 20)
    for rule in RULES:
        outcome = RULES[rule](vote)
        assert set(winners(vote, outcome)) == set(outcome.winners), rule


def test_by_hand_a_loser_would_have_won_at_what_its_supporters_still_held():
    # given 20 each: the road takes 15 from four; the wood's three then hold 15, the lamp's two 25
    vote = election({"road": 60, "wood": 50, "lamp": 40}, [["road", "wood"]] * 3 + [["road", "lamp"], ["lamp"]], 100)
    outcome = equal_shares(vote)
    assert outcome.rounds[0].runner_up == "wood"  # 1/3 beside 1/4
    assert outcome.rounds[0].runner_up_price == Fraction(1, 3)
    assert margins(vote, outcome) == {"wood": 15, "lamp": 25}
    # greedy: 40 was left when the wood's turn came
    assert margins(vote, greedy(vote)) == {"wood": 40}


def test_bounded_overspending_has_no_margins():
    vote = election({"a": 5}, [["a"]], 4)
    with pytest.raises(ValueError, match="no margins"):
        margins(vote, overspending(vote))


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@many
@given(elections)
def test_what_every_ballot_bought_adds_up_to_what_the_winners_cost(utility, made):
    vote = town(*made[:3])
    for outcome in (equal_shares(vote, utility=utility), phragmen(vote)):
        paid = dict.fromkeys(outcome.winners, Fraction(0))
        for ballot in made[1]:
            share = outcome.endowment.get("", Fraction(0))
            for one in bought(vote, outcome, ballot):
                paid[one.project] += one.paid
                share -= one.paid
                assert outcome.rule == "phragmen" or share == one.left >= 0
        assert paid == {step.project: step.cost for step in outcome.rounds}


def test_a_ballot_of_points_or_places_pays_by_its_own_utilities():
    points = election({"a": 30, "b": 10}, [{"a": 3, "b": 1}, {"a": 1, "b": 1}], 40, "cumulative")
    outcome = equal_shares(points, utility="scores")
    # b (10 for 2 points) at 5, a (30 for 4) at 7½ a point: 22½ is more than the 15 that one has left, so the other gives 15 too
    assert [(one.project, one.paid, one.left) for one in bought(points, outcome, {"a": 1, "b": 1})] == [("b", 5, 15), ("a", 15, 0)]
    assert [(one.project, one.paid) for one in bought(points, outcome, {"a": 3, "b": 1})] == [("b", 5), ("a", 15)]
    ordinal = town([6, 5, 4, 3, 2, 1], [list("fab"), list("bf"), list("fc")], 30, vote_type="ordinal")
    for kind in ("borda", "scores"):
        outcome = equal_shares(ordinal, utility=kind)
        total = sum(one.paid for ballot in ("fab", "bf", "fc") for one in bought(ordinal, outcome, list(ballot)))
        assert total == outcome.cost


def test_with_greedy_nobody_pays_and_the_part_is_said():
    vote = election({"road": 60, "lamp": 40}, [["road"]] * 3 + [["road", "lamp"]], 100)
    (road, lamp) = bought(vote, greedy(vote), ["lamp", "road"])
    assert [(one.project, one.paid, one.part) for one in (road, lamp)] == [("road", 0, 15), ("lamp", 0, 40)]


def test_an_unknown_project_or_fund_is_refused():
    vote = election({"a": 5}, [["a"]], 5)
    with pytest.raises(ValueError, match="'z' is not on the list"):
        bought(vote, equal_shares(vote), ["z"])
    with pytest.raises(ValueError, match="no voters of the fund '동'"):
        bought(vote, equal_shares(vote), ["a"], fund="동")


def test_the_spread_counts_people_by_tenths_of_their_wishes_in_each_fund():
    # given two 동; a (30) won, b (10) and c (60) did not
    projects = [Project("a", Fraction(30)), Project("b", Fraction(10)), Project("c", Fraction(60))]
    cast = Ballots([4, 1, 2, 3], [2, 1, 3, 0], [0, 1, 1, 0, 1, 2], fund=["동", "동", "서", "서"])
    vote = gather(projects, cast, Fraction(50), "approval")
    found = spread(vote, ["a"])
    # then four of 동 got one of two and 30 of 40 (up to 80 %), one nothing; two of 서 one of three (up to 40 %) and 30 of 100 (30 %)
    def row(**people):
        return [people.get(f"to{tenth}", 0) for tenth in range(11)]

    assert found["동"] == {"voters": 5, "blank": 0, "picks_won": row(to0=1, to5=4), "cost_won": row(to0=1, to8=4)}
    assert found["서"] == {"voters": 5, "blank": 3, "picks_won": row(to4=2), "cost_won": row(to3=2)}


def test_a_spread_of_amounts_beyond_every_machine_word_is_exact():
    vote = election({"a": 10**30, "b": 9 * 10**30 + 1}, [["a", "b"]], 10**31)
    assert spread(vote, ["a"])[""]["cost_won"][1] == 1
    assert spread(vote, ["b"])[""]["cost_won"][10] == 1


def test_the_command_tells_margins_and_who_stood_next(tmp_path, capsys):
    file = tmp_path / "town.pb"
    file.write_text(
        "META\nkey;value\ndescription;town\ncountry;KR\nunit;동\ninstance;2026\nnum_projects;3\nnum_votes;5\nbudget;100\nvote_type;approval\n"
        "rule;equalshares\nPROJECTS\nproject_id;cost;name\nroad;60;길\nwood;50;숲\nlamp;40;등\nVOTES\nvoter_id;vote\n"
        "1;road,wood\n2;road,wood\n3;road,wood\n4;road,lamp\n5;lamp\n", "utf-8",
    )
    assert main([str(file), "--explain", "--margins"]) == 0
    said = capsys.readouterr().out
    assert "다음 차례: [wood] 숲, 약 33.33% 더 비쌌습니다." in said
    assert "비용이 25까지였다면 뽑혔습니다" in said
    assert main([str(file), "--json", "--margins"]) == 0
    page = json.loads(capsys.readouterr().out)
    assert page["margins"] == {"lamp": 25, "wood": 15}
    assert page["rounds"][0]["runner_up"] == "wood"
    assert page["measures"]["spread"][""]["picks_won"] == [1, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0]


def test_a_result_with_runners_up_is_still_accepted_by_the_checker():
    vote = town([9, 8, 7, 6, 5, 4], [list("abc"), list("ab"), list("cd"), list("ef"), list("f")], 20)
    assert [finding for finding in verify.verify(vote, sheet(equal_shares(vote))) if not finding.ok] == []
