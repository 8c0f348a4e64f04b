"""Counting: hands in a room, marks on a ballot. Whole numbers and fractions only.

1. Pure: no Django, no database, no clock; chance is an argument (a public seed).
2. A result carries every sum it rests on, so that a loser can follow it with a pencil.
3. `proves` and `recount` check a result by another way than the one that made it.
"""

from madang.methods.ballots.approval import Choice, Round, Rule, Shares, decide, proves, shares
from madang.methods.ballots.outcome import Outcome, Terms
from madang.methods.ballots.profile import Profile, joined, rankings
from madang.methods.ballots.recount import recount
from madang.methods.ballots.resolution import Bar, Count, Sum, count
from madang.methods.ballots.tally import tally

__all__ = [
    "Bar", "Choice", "Count", "Outcome", "Profile", "Round", "Rule", "Shares", "Sum", "Terms", "count", "decide", "joined",
    "proves", "rankings", "recount", "shares", "tally",
]
