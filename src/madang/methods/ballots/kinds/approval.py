"""As many as the rule lets: `3 7 12`."""

from madang.methods.ballots.marks import Given, as_picks, picks
from madang.methods.ballots.paper import Paper, between, printed

NAME = ("여럿 고르기", "Approval")
COUNTINGS = ("approval", "greedy", "equal-shares", "phragmen")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, picks(text))
    between(len(given), paper.least, paper.most)
    return given


def write(given: Given) -> str:
    return as_picks(given)
