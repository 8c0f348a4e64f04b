"""Counting by adding up: plurality, approval, score, cumulative.

1. Plurality: the one candidate on top. A ballot with several on top is void here.
2. Approval: everyone in the only tier. A ballot that ranks (two tiers or more) is void: an order is not a yes.
3. Score: the points, nothing given counts as 0; more than `most` for one candidate is void.
   Cumulative: the points; more than `most` in all is void.
4. Void ballots are set aside before groups are weighed; blank ones stay among all ballots.
O(marks) time.
"""

from collections.abc import Sequence
from fractions import Fraction

from madang.methods.ballots.outcome import Breaking, Terms
from madang.methods.ballots.profile import Points, Profile, Ranking, Scale

Weight = int | Fraction


def standing(profile: Profile, terms: Terms) -> Profile:
    """The profile without the ballots that are void for this method.

    Raises ValueError where the ballots are of the other kind.
    """
    if terms.method in ("plurality", "approval"):
        if profile.points:
            raise ValueError("점수표로는 셀 수 없는 방법입니다 / this method counts picks or rankings, not points")
        kept = {key: number for key, number in profile.rankings.items() if picks_stand(key[1], terms.method)}
        return Profile(profile.candidates, profile.groups, kept, {})
    if any(ranking for _, ranking in profile.rankings):
        raise ValueError("점수가 아니라 순위입니다 / these ballots rank; this method needs points")
    given = {key: number for key, number in profile.points.items() if points_stand(key[1], terms)}
    blank = {(group, ()): number for (group, _), number in profile.rankings.items()}
    for key, number in blank.items():
        given[key] = given.get(key, 0) + number
    return Profile(profile.candidates, profile.groups, {}, given)


def picks_stand(ranking: Ranking, method: str) -> bool:
    """Whether the method can count this ballot."""
    if method == "plurality":
        return not ranking or len(ranking[0]) == 1
    return len(ranking) <= 1


def points_stand(points: Points, terms: Terms) -> bool:
    """Whether no more points were given than the terms allow."""
    if terms.most is None or not points:
        return True
    given = [each for _, each in points]
    return (max(given) if terms.method == "score" else sum(given)) <= terms.most


def added(profile: Profile, scale: Scale) -> tuple[list[Weight], list[int]]:
    """For each candidate: the weighed marks, and the weight of the ballots that give it anything."""
    sums: list[Weight] = [0] * len(profile.candidates)
    named = [0] * len(profile.candidates)
    for (group, ranking), number in profile.rankings.items():
        weight = number * scale.weights[group]
        for one in ranking[0] if ranking else ():
            sums[one] += weight
            named[one] += weight
    for (group, points), number in profile.points.items():
        weight = number * scale.weights[group]
        for one, given in points:
            sums[one] += weight * given
            named[one] += weight if given else 0
    return sums, named


def ordered(sums: Sequence[Weight], breaking: Breaking) -> list[list[int]]:
    """Candidates from the highest sum down; equal ones by the list, or together where it leaves them open."""
    order: list[list[int]] = []
    for height in sorted(set(sums), reverse=True):
        level = [one for one, each in enumerate(sums) if each == height]
        while level:
            best = breaking.first(level, f"place {sum(map(len, order)) + 1}")
            order.append(level if best is None else [best])
            level = [] if best is None else [one for one in level if one != best]
    return order
