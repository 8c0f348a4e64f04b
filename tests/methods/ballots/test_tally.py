"""Every method of counting, by its worked example, by its promises, and by its known weaknesses."""

import random
from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.ballots import Bar, Profile, Terms, joined, rankings, recount, tally
from madang.methods.ballots.outcome import METHODS, PAIRWISE
from madang.methods.ballots.pairs import CANDIDATES_MAX

RANKED = ("plurality", "condorcet", "schulze", "ranked-pairs", "irv")
LOT = {"ties": ("lot",), "seed": "2026-12-01 19:00 코스피 종가"}


def cast(*lines: str, candidates: str = "") -> Profile:
    """A profile from lines like `3 A>B=C`."""
    ballots = []
    for line in lines:
        times, _, text = line.partition(" ")
        ballots += [[tier.split("=") for tier in text.split(">")] if text else []] * int(times)
    return rankings(ballots, list(candidates))


def points(*lines: str, groups: str = "all") -> Profile:
    """Points from lines like `2 all A:5 B:3`."""
    names = sorted({pair.split(":")[0] for line in lines for pair in line.split()[2:]})
    of = groups.split(",")
    counted: dict = {}
    for line in lines:
        times, group, *pairs = line.split()
        ballot = tuple(sorted((names.index(p.split(":")[0]), Fraction(p.split(":")[1])) for p in pairs))
        counted[of.index(group), ballot] = counted.get((of.index(group), ballot), 0) + int(times)
    return Profile(tuple(names), tuple(of), {}, counted)


def elected(profile: Profile, method: str, **terms) -> tuple[str, ...]:
    outcome = tally(profile, Terms(method, **terms))
    assert recount(profile, outcome) == ""
    return outcome.winners


CAPITAL = cast("42 부산>대구>광주>서울", "26 대구>광주>서울>부산", "15 광주>서울>대구>부산", "17 서울>광주>대구>부산")
SCHULZE45 = cast("5 A>C>B>E>D", "5 A>D>E>C>B", "8 B>E>D>A>C", "3 C>A>B>E>D", "7 C>A>E>B>D", "2 C>B>A>D>E",
                 "7 D>C>E>B>A", "8 E>B>A>D>C")


def test_one_election_has_three_winners_by_three_methods():
    assert elected(CAPITAL, "plurality") == ("부산",)
    assert elected(CAPITAL, "condorcet") == elected(CAPITAL, "schulze") == elected(CAPITAL, "ranked-pairs") == ("대구",)
    assert elected(CAPITAL, "irv") == ("서울",)


def test_schulzes_own_example_gives_his_order_his_table_and_his_paths():
    outcome = tally(SCHULZE45, Terms("schulze"))
    assert [tier[0] for tier in outcome.order] == ["E", "A", "C", "B", "D"]
    assert outcome.table[0] == (0, 20, 26, 30, 22)
    assert outcome.smith == ("A", "B", "C", "D", "E")
    path = outcome.paths["E", "A"]
    assert (path.strength, path.through) == (25, ("E", "B", "A"))
    assert outcome.lacks["A"].have == 24
    assert outcome.lacks["A"].need == 25


def test_a_circle_has_no_condorcet_winner_and_ranked_pairs_leaves_out_its_weakest_link():
    circle = cast("7 A>B>C", "5 B>C>A", "4 C>A>B")
    none = tally(circle, Terms("condorcet"))
    assert (none.state, none.winners, none.smith) == ("no-winner", (), ("A", "B", "C"))
    outcome = tally(circle, Terms("ranked-pairs"))
    assert outcome.winners == ("A",)
    left_out = [lock for lock in outcome.locks if not lock.locked]
    assert [(lock.winner, lock.loser, lock.strength, lock.against) for lock in left_out] == [("C", "A", 9, ("A", "B", "C"))]


def test_a_runoff_shows_every_pile_every_move_and_what_is_exhausted():
    outcome = tally(cast("4 A", "3 B>C", "2 C", "1 D>C", "1 "), Terms("irv"))
    told = [(dict(r.piles), r.exhausted, r.out, dict(r.moved)) for r in outcome.rounds]
    assert told[0] == ({"A": 4, "B": 3, "C": 2, "D": 1}, 0, ("D",), {"C": 1})
    # B and C have 3 each: by the published order C goes, and its ballots name nobody else
    assert told[1] == ({"A": 4, "B": 3, "C": 3}, 0, ("C",), {})
    assert told[2] == ({"A": 4, "B": 3}, 3, (), {})
    assert [(tie.among, tie.by, tie.fell_on) for tie in outcome.ties] == [(("B", "C"), "order", "C")]
    assert (outcome.winners, outcome.blank) == (("A",), 1)


def test_a_runoff_is_not_monotone_and_we_say_so():
    before = cast("39 A>B>C", "35 B>C>A", "26 C>A>B")
    assert elected(before, "irv") == ("A",)
    # ten who had B first now put the winner A on top: A loses
    after = cast("49 A>B>C", "25 B>C>A", "26 C>A>B")
    assert elected(after, "irv") == ("C",)
    assert elected(before, "schulze") == elected(after, "schulze") == ("A",)


def test_equal_ranks_count_for_each_in_a_runoff_and_leave_none_behind():
    profile = cast("3 A=B>C", "2 C>A", "3 B>A")
    outcome = tally(profile, Terms("irv"))
    assert [dict(each.piles) for each in outcome.rounds] == [{"A": 3, "B": 6, "C": 2}, {"A": 5, "B": 6}, {"B": 6}]
    assert outcome.winners == ("B",)
    assert recount(profile, outcome) == ""


def test_groups_share_the_say_by_weight_whatever_the_turnout():
    both = joined([rankings([[["A"]]] * 90 + [[["B"]]] * 10, group="시민"), rankings([[["B"]]] * 4, group="위원")])
    outcome = tally(both, Terms("plurality", weights={"시민": Fraction(1), "위원": Fraction(1)}))
    assert dict(outcome.figures) == {"A": Fraction(9, 20), "B": Fraction(11, 20)}
    assert recount(both, outcome) == ""
    by_ballot = tally(both, Terms("plurality", weights={"시민": Fraction(1), "위원": Fraction(1, 2)}, weighing="ballots"))
    assert dict(by_ballot.figures) == {"A": 90, "B": 12}


def test_a_group_that_stayed_away_gives_its_weight_to_the_others_and_a_strange_one_is_refused():
    here = rankings([[["A"]], [["B"]], [["A"]]], group="시민")
    outcome = tally(here, Terms("plurality", weights={"시민": Fraction(1), "위원": Fraction(9)}))
    assert outcome.figures["A"] == Fraction(2, 3)
    with pytest.raises(ValueError, match="시민"):
        tally(here, Terms("plurality", weights={"위원": Fraction(1)}))


def test_the_bar_is_a_share_of_all_ballots_blank_ones_too():
    profile = cast("5 A", "4 B", "1 ")
    exactly = tally(profile, Terms("plurality", bar=Bar("present", Fraction(1, 2), more=False)))
    more = tally(profile, Terms("plurality", bar=Bar("present", Fraction(1, 2))))
    assert (exactly.state, exactly.winners, exactly.reached) == ("elected", ("A",), Fraction(1, 2))
    assert (more.state, more.winners, more.order[0]) == ("below-bar", (), ("A",))
    assert recount(profile, more) == ""


def test_score_and_cumulative_by_hand():
    given = points("3 all A:5 B:4", "2 all B:5 C:1")
    score = tally(given, Terms("score", most=Fraction(5), bar=Bar("present", Fraction(4, 5))))
    assert dict(score.figures) == {"A": 15, "B": 22, "C": 2}
    assert (score.winners, score.reached) == (("B",), Fraction(22, 25))
    some = points("2 all A:2 B:1", "1 all C:4", "1 all A:3")
    cumulative = tally(some, Terms("cumulative", most=Fraction(3), seats=2))
    assert (dict(cumulative.figures), cumulative.void) == ({"A": 7, "B": 2, "C": 0}, 1)
    assert cumulative.winners == ("A", "B")
    assert recount(some, cumulative) == ""


def test_points_stay_exact_where_floats_would_not():
    tenth = points(*["1 all A:0.1"] * 10, "1 all B:1")
    assert tally(tenth, Terms("score", ties=())).state == "tie"


def test_an_order_is_void_as_approval_and_two_on_top_are_void_as_plurality():
    assert tally(cast("3 A=B", "1 A>B", "1 B"), Terms("approval")).figures == {"A": 3, "B": 4}
    assert tally(cast("3 A=B", "1 A>B", "1 B"), Terms("plurality", ties=())).void == 3


def test_ties_fall_to_the_announced_list_or_stay_open():
    even = cast("1 A>B", "1 B>A")
    for method in RANKED[2:]:
        assert tally(even, Terms(method, ties=())).state == "tie"
        assert elected(even, method) == ("A",)
        by_lot = tally(even, Terms(method, **LOT))
        assert by_lot.ties[0].by == "lot"
    with pytest.raises(ValueError, match="seed"):
        Terms("irv", ties=("lot",))


def test_a_tie_that_changes_nothing_is_not_settled_by_anything():
    # C and D leave together: even together they have less than anybody else
    outcome = tally(cast("5 A>B", "4 B>A", "1 C>B", "1 D>B"), Terms("irv", ties=()))
    assert (outcome.rounds[0].out, outcome.winners, outcome.ties) == (("C", "D"), ("B",), ())


def test_equal_majorities_are_settled_only_where_they_close_a_circle():
    circle = cast("1 A>B>C", "1 B>C>A", "1 C>A>B")
    assert tally(circle, Terms("ranked-pairs", ties=())).state == "tie"
    settled = tally(circle, Terms("ranked-pairs"))
    assert (settled.winners, settled.ties[0].at) == (("A",), "equal majorities")
    assert recount(circle, settled) == ""


def test_nobody_is_elected_by_blank_ballots():
    for method in RANKED:
        outcome = tally(cast("3 ", candidates="AB"), Terms(method))
        assert (outcome.state, outcome.winners) == ("no-winner", ())


def test_what_cannot_be_counted_is_refused_in_words():
    with pytest.raises(ValueError, match="rank"):
        tally(CAPITAL, Terms("score"))
    with pytest.raises(ValueError, match="points"):
        tally(points("1 all A:1"), Terms("irv"))
    with pytest.raises(ValueError, match="one seat"):
        Terms("irv", seats=2)
    with pytest.raises(ValueError, match="no candidates"):
        tally(rankings([]), Terms("irv"))
    many = rankings([], [f"c{n}" for n in range(CANDIDATES_MAX + 1)])
    with pytest.raises(ValueError, match="more than"):
        tally(many, Terms("schulze"))
    with pytest.raises(ValueError, match="twice"):
        rankings([[["A"], ["A"]]])


# ── promises that hold for all ballots ───────────────────────────────────────

NAMES = "ABCD"
ORDERS = st.lists(st.sampled_from(NAMES), unique=True, max_size=4).flatmap(
    lambda names: st.lists(st.booleans(), min_size=len(names), max_size=len(names)).map(
        lambda joins: _tiers(names, joins)
    )
)
BALLOTS = st.lists(ORDERS, min_size=1, max_size=9)
STRICT = st.lists(st.permutations(NAMES).map(lambda names: [[name] for name in names]), min_size=1, max_size=9)
FEW = settings(max_examples=60, deadline=None, derandomize=True)


def _tiers(names, joins):
    tiers: list = []
    for name, join in zip(names, joins, strict=True):
        if join and tiers:
            tiers[-1].append(name)
        else:
            tiers.append([name])
    return tiers


@FEW
@given(BALLOTS, st.sampled_from(RANKED), st.sampled_from(["winning", "margins"]), st.sampled_from([(), ("order",), ("votes", "order")]))
def test_every_result_stands_a_recount(ballots, method, strength, ties):
    profile = rankings(ballots, NAMES)
    assert recount(profile, tally(profile, Terms(method, strength=strength, ties=ties))) == ""


@FEW
@given(BALLOTS, st.randoms(use_true_random=False), st.sampled_from(RANKED))
def test_anonymity_the_order_of_the_ballots_and_the_files_they_are_in_change_nothing(ballots, chance, method):
    whole = tally(rankings(ballots, NAMES), Terms(method))
    mixed = list(ballots)
    chance.shuffle(mixed)
    cut = chance.randint(0, len(mixed))
    split = joined([rankings(mixed[:cut], NAMES), rankings(mixed[cut:], NAMES)])
    assert tally(split, Terms(method)) == whole


@FEW
@given(BALLOTS, st.permutations(NAMES), st.sampled_from(RANKED))
def test_neutrality_other_names_give_the_same_winner_by_another_name(ballots, others, method):
    called = dict(zip(NAMES, others, strict=True))
    renamed = [[[called[name] for name in tier] for tier in ballot] for ballot in ballots]
    mine = tally(rankings(ballots, NAMES), Terms(method, ties=()))
    theirs = tally(rankings(renamed, NAMES), Terms(method, ties=()))
    assert theirs.state == mine.state
    assert {called[name] for name in mine.winners} == set(theirs.winners)


@FEW
@given(BALLOTS)
def test_whoever_beats_everyone_is_elected_by_schulze_and_ranked_pairs(ballots):
    profile = rankings(ballots, NAMES)
    alone = tally(profile, Terms("condorcet"))
    for method in ("schulze", "ranked-pairs"):
        winners = tally(profile, Terms(method)).winners
        assert winners == alone.winners or not alone.winners
        assert set(winners) <= set(alone.smith)


@FEW
@given(STRICT, st.data())
def test_raising_the_winner_on_a_ballot_does_not_unseat_it(ballots, data):
    for method in ("plurality", "condorcet", "schulze", "ranked-pairs"):
        winners = tally(rankings(ballots, NAMES), Terms(method, ties=())).winners
        if len(winners) != 1:
            continue
        raised = [list(ballot) for ballot in ballots]
        mine = raised[data.draw(st.integers(0, len(raised) - 1))]
        at = mine.index([winners[0]])
        if at:
            mine[at - 1], mine[at] = mine[at], mine[at - 1]
        assert tally(rankings(raised, NAMES), Terms(method, ties=())).winners == winners


@FEW
@given(STRICT, st.lists(st.booleans(), min_size=9, max_size=9))
def test_a_clone_of_a_candidate_helps_and_harms_nobody(ballots, above):
    cloned = [_with_clone(ballot, up) for ballot, up in zip(ballots, above, strict=False)]
    for method in ("schulze", "ranked-pairs", "irv"):
        first = tally(rankings(ballots, NAMES), Terms(method, ties=()))
        second = tally(rankings(cloned, NAMES + "d"), Terms(method, ties=()))
        if first.state == second.state == "elected":
            assert second.winners[0].upper() == first.winners[0]


def _with_clone(ballot, up):
    twins = [["D"], ["d"]] if up else [["d"], ["D"]]
    return [part for tier in ballot for part in (twins if tier == ["D"] else [tier])]


def test_five_candidates_agree_with_the_definitions_spelled_out():
    chance = random.Random(7)
    for _ in range(40):
        ballots = [[[name] for name in chance.sample("ABCDE", 5)] for _ in range(chance.randint(3, 25))]
        profile = rankings(ballots, "ABCDE")
        table = {(a, b): sum(x.index([a]) < x.index([b]) for x in ballots) for a, b in permutations("ABCDE", 2)}
        paths = dict.fromkeys(table, 0)
        for a, b in table:
            for size in range(4):
                for middle in permutations(set("ABCDE") - {a, b}, size):
                    way = (a, *middle, b)
                    steps = [table[p] if table[p] > table[p[1], p[0]] else 0 for p in pairwise(way)]
                    paths[a, b] = max(paths[a, b], min(steps))
        best = {a for a in "ABCDE" if all(paths[a, b] >= paths[b, a] for b in "ABCDE" if b != a)}
        outcome = tally(profile, Terms("schulze", ties=()))
        assert set(outcome.order[0]) == best


def test_every_method_is_named_once():
    assert len(METHODS) == 8
    assert set(PAIRWISE) < set(METHODS)


@pytest.mark.parametrize("method", RANKED)
def test_a_falsified_result_does_not_stand_the_recount(method):
    from dataclasses import replace

    outcome = tally(CAPITAL, Terms(method))
    swapped = tuple(reversed(outcome.order))
    if method == "condorcet":
        fake = replace(outcome, winners=("부산",))
    elif method == "irv":
        fake = replace(outcome, rounds=(replace(outcome.rounds[0], piles={**outcome.rounds[0].piles, "부산": 43}),))
    elif method == "plurality":
        fake = replace(outcome, figures={**outcome.figures, "부산": Fraction(43)})
    else:
        fake = replace(outcome, order=swapped)
    assert recount(CAPITAL, fake)
    assert recount(CAPITAL, replace(outcome, winners=("서울" if method == "plurality" else "부산",)))
