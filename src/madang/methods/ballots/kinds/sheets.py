"""Several sheets in one sitting (동 · 구 · 시), each with its own limit and its own pot: `2 5 31`.

A sheet may be open to some classes of voters only: one picks on the sheet of one's own 동, not on the next one's.
"""

from madang.methods.ballots.marks import Given, as_picks, picks
from madang.methods.ballots.paper import Paper, between, printed

NAME = ("장소별로 고르기", "Approval by place")
COUNTINGS = ("approval", "greedy", "equal-shares", "phragmen")


def read(paper: Paper, group: str, text: str) -> Given:
    given = printed(paper, group, picks(text))
    marked = [paper.line(place).sheet for place, _ in given]
    for sheet in paper.sheets:
        if sheet.open_to(group):
            between(marked.count(sheet.key), sheet.least, sheet.most)
    return given


def write(given: Given) -> str:
    return as_picks(given)
