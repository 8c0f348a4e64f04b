"""The best first, as many as the rule lets: `7>3>1`. What is left out stands below all that is named."""

from madang.methods.ballots.marks import Given, as_order, order
from madang.methods.ballots.paper import Paper, between, printed

NAME = ("순위 매기기", "Ranking")
COUNTINGS = ("schulze", "ranked-pairs", "condorcet", "irv", "equal-shares")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, order(text))
    between(len(given), paper.least, paper.most)
    return given


def write(given: Given) -> str:
    return as_order(given)
