"""A handful of dots spread over the options: `3:5 7:2`, together no more than the rule's points, on one no more than `most`."""

from madang.methods.ballots.marks import Given, Void, as_numbers, numbers
from madang.methods.ballots.paper import Paper, printed, within

NAME = ("점 나눠 붙이기", "Dots (cumulative)")
COUNTINGS = ("cumulative", "greedy", "equal-shares")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, numbers(text))
    within(given, 1, paper.most or paper.points)
    together = sum(value for _, value in given)
    if together > paper.points:
        raise Void("too-many-points", most=paper.points, now=together)
    return given


def write(given: Given) -> str:
    return as_numbers(given)
