"""From opened ballots to result.json: the same few lines for the house that publishes and for whoever recounts.

1. Votes are (class, marks) and how many of each; their order never matters.
2. A result is compared by its exact part: whole numbers, text, and fractions as text. Rounded figures for the eye are left out.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from madang.methods.ballots.paper import Paper, count, paper_of
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.writing import SealedError

Votes = Counter[tuple[str, str]]
"""(class, marks) → how many."""


def paper(poll: Poll) -> Paper:
    """The ballot paper of a poll. Raises SealedError("bad-paper") for rule and options no paper can say."""
    try:
        return paper_of(poll.printed)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise SealedError("bad-paper", str(fault)[:200]) from None


def counted(poll: Poll, votes: Votes) -> dict[str, Any]:
    """The exact part of the result of these votes: what result.json holds, canonical.

    Raises SealedError("bad-paper") for a rule that cannot be counted; RuntimeError where two ways of counting differ.
    """
    on = paper(poll)
    try:
        result = count(on, votes)
    except ValueError as fault:
        raise SealedError("bad-paper", str(fault)[:200]) from None
    return {key: _exact(part) for key, part in result.items() if not isinstance(part, float)}


def _exact(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _exact(part) for key, part in value.items() if not isinstance(part, float)}
    if isinstance(value, list | tuple):
        return [None if isinstance(part, float) else _exact(part) for part in value]
    return value
