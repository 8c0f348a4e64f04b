"""Yes or no to each question: `1:1 2:0`; a question left out is an abstention."""

from madang.methods.ballots.marks import Given, Void, as_numbers, numbers
from madang.methods.ballots.paper import Paper, printed

NAME = ("찬반", "Yes or no")
COUNTINGS = ("yes-no",)


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, numbers(text))
    if any(value > 1 for _, value in given):
        raise Void("out-of-range", low=0, high=1)
    return given


def write(given: Given) -> str:
    return as_numbers(given, zeros=True)
