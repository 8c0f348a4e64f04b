"""One of the options, or none where the rule lets it be blank: `4`."""

from madang.methods.ballots.marks import Given, as_picks, picks
from madang.methods.ballots.paper import Paper, between, printed

NAME = ("하나 고르기", "Choose one")
COUNTINGS = ("plurality", "greedy", "equal-shares", "phragmen")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, picks(text))
    between(len(given), min(paper.least, 1), 1)
    return given


def write(given: Given) -> str:
    return as_picks(given)
