"""The two directions along which opinions differ most: principal axes of the mean-filled votes, exact and without sampling.

1. A vote not given counts as the statement's mean, so a cell is vote − mean where voted and 0 elsewhere; hence
   scatter(i, j) = S − m_i·U_ji − m_j·U_ij + m_i·m_j·N comes out of the whole-number sums, never out of the votes again.
2. The scatter is the same bit for bit after any history. From a cold start the axes are, too; from a warm start (the axes before)
   they are the same to 1e-6 in |cos|.
3. Sign by rule: the largest loading of an axis is positive (the first statement of those within 1e-6 of the largest).

Source: Polis (Small et al. 2021, Recerca 26(2)); statements moderated out are zero for everybody and still count in C.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion import kernels
from madang.methods.opinion.conversation import Conversation
from madang.methods.opinion.covotes import Ints

Floats = NDArray[np.float64]
SMALL = 96  # statements up to which all axes are computed at once
BLOCK, WARM_BLOCK = 8, 4
COLD, WARM = 1e-11, 1e-6  # how much of the largest eigenvalue may be left unexplained by an axis
ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Axes:
    """mean (statements,), comps (2, statements; length 1 or all 0), values (2,) = eigenvalues of the scatter, live = the places of
    the statements in use, columns = how many statements have votes (C), trace = whole scatter, block = where to go on from."""

    mean: Floats
    comps: Floats
    values: Floats
    live: Ints
    columns: int
    trace: float
    block: Floats


def live_topics(conversation: Conversation, out: frozenset[str] = frozenset()) -> Ints:
    """The places of the statements that have votes and are not moderated out."""
    return np.array([place for place in conversation.voted() if conversation.statements[place] not in out], np.int64)


def means(conversation: Conversation) -> Floats:
    """Mean vote of each statement over those who voted on it; 0 without votes."""
    agree, disagree, seen = conversation.counts()
    mean: Floats = (agree - disagree) / np.maximum(seen, 1)
    return mean


def scatter(conversation: Conversation, live: Ints, mean: Floats) -> Floats:
    """The live statements' scatter matrix. O(statements²)."""
    here = mean[live]
    done = None if conversation.covotes.wide else kernels.scatter(conversation.covotes.sums, live, mean)
    if done is not None:
        return done
    if len(live) <= 4096:
        count, own, product = conversation.covotes.split(live, live)
        cross = own * here[None, :]
        whole: Floats = (product - (cross + cross.T)) + (here[:, None] * here[None, :]) * count
        return whole
    out = np.empty((len(live), len(live)))
    for low in range(0, len(live), 256):
        rows = live[low : low + 256]
        count, own, product = conversation.covotes.split(rows, live)
        other = conversation.covotes.split(live, rows)[1].T
        cross = own * here[None, :] + other * mean[rows][:, None]
        out[low : low + 256] = (product - cross) + (mean[rows][:, None] * here[None, :]) * count
    return out


def scatter_line(conversation: Conversation, live: Ints, mean: Floats, topic: int) -> Floats:
    """One line of the scatter: the same bits as in `scatter`. O(statements)."""
    count, own, other, product = (part[live] for part in conversation.covotes.line(topic))
    cross = own * mean[live] + other * mean[topic]
    line: Floats = (product - cross) + (mean[topic] * mean[live]) * count
    return line


def axes(conversation: Conversation, out: frozenset[str] = frozenset()) -> Axes:
    """The axes from a cold start; `out` names the statements moderated out."""
    live, mean = live_topics(conversation, out), means(conversation)
    return axes_of(scatter(conversation, live, mean), live, mean, len(conversation.voted()))


def axes_of(matrix: Floats, live: Ints, mean: Floats, columns: int, start: Floats | None = None) -> Axes:
    """The two leading eigenvectors of a scatter; `start`: a block to go on from (of earlier axes of the same statements)."""
    trace = float(np.trace(matrix))
    values, vectors = _leading(matrix, start) if len(live) and trace > 0 else (np.zeros(2), np.zeros((len(live), 2)))
    comps = np.zeros((2, len(mean)))
    kept = np.zeros(2)
    for k in range(min(2, vectors.shape[1])):
        if values[k] > 1e-12 * trace:
            comps[k, live], kept[k] = _signed(vectors[:, k]), values[k]
    return Axes(mean, comps, kept, live, columns, trace, vectors)


def _signed(vector: Floats) -> Floats:
    size = np.abs(vector)
    first = int(np.argmax(size >= size.max() * (1 - 1e-6)))
    return vector if vector[first] > 0 else -vector


def _leading(matrix: Floats, start: Floats | None) -> tuple[Floats, Floats]:
    if len(matrix) <= SMALL:
        return _all(matrix)
    cold = start is None or start.shape[0] != len(matrix)
    block = _beginning(len(matrix)) if cold or start is None else start[:, :WARM_BLOCK]
    enough = COLD if cold else WARM
    block = np.linalg.qr(block)[0]
    for _ in range(ROUNDS):
        ahead = (block.T @ matrix).T  # the matrix is its own transpose, and this way round is faster
        values, turn = np.linalg.eigh(_even(block.T @ ahead))
        turn = turn[:, ::-1]
        block, ahead, values = block @ turn, ahead @ turn, values[::-1]
        left = ahead[:, :2] - block[:, :2] * values[:2]
        if float(np.sqrt((left**2).sum(0)).max()) <= enough * values[0]:
            return values, block
        block = np.linalg.qr((np.linalg.qr(ahead)[0].T @ matrix).T)[0] if cold else np.linalg.qr(ahead)[0]
    return _all(matrix)


def _all(matrix: Floats) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh(matrix)
    return values[::-1][:BLOCK], vectors[:, ::-1][:, :BLOCK]


def _even(matrix: Floats) -> Floats:
    return (matrix + matrix.T) / 2


def _beginning(size: int) -> Floats:
    """A fixed block that favours no statement: cosines of irrational steps."""
    steps = np.sqrt(np.array([2, 3, 5, 7, 11, 13, 17, 19][:BLOCK], float))
    return np.cos(np.outer(np.arange(1, size + 1), steps) * 2.399963)
