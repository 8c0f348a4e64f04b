"""Points for each option from 0 to the rule's highest: `3:5 7:2`; nothing given counts as 0."""

from madang.methods.ballots.marks import Given, as_numbers, numbers
from madang.methods.ballots.paper import Paper, printed, within

NAME = ("점수 주기", "Scores")
COUNTINGS = ("score", "greedy", "equal-shares")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, numbers(text))
    within(given, 1, paper.points)
    return given


def write(given: Given) -> str:
    return as_numbers(given)
