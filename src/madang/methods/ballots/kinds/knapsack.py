"""A budget of one's own: options whose costs together fit into the pot: `3 7 12`."""

from madang.methods.ballots.marks import Given, Void, as_picks, picks
from madang.methods.ballots.paper import Paper, between, printed

NAME = ("예산 채우기", "Budget knapsack")
COUNTINGS = ("greedy", "equal-shares", "phragmen", "approval")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, picks(text))
    between(len(given), paper.least, paper.most)
    spent = sum(paper.line(place).cost for place, _ in given)
    if paper.pot is not None and spent > paper.pot:
        raise Void("too-much-money", pot=paper.pot, now=spent)
    return given


def write(given: Given) -> str:
    return as_picks(given)
