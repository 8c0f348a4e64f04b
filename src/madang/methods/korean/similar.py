"""Is there one like mine? Fingerprints of short Korean texts that fit in a small table.

A fingerprint keeps two skeletons of the title — its letters without spaces, and its stems (particles and polite
endings dropped: "보행로에 조명이 필요합니다" → "보행조명필요") — and the smallest hashes of the body (a bottom-k
sketch).
`keys` are what a table indexes to find candidates; `similarity` scores a candidate exactly.

Invariants
1. The same text gives the same fingerprint everywhere, for ever (no process-dependent hash).
2. `similarity` is symmetric, 1.0 for equal titles, between 0 and 1 otherwise.
3. A fingerprint has at most MAX_KEYS keys, whatever is sent.

Sources: Broder, "On the resemblance and containment of documents" (1997), for the sketch; Dice (1945) for the score.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from zlib import crc32

from madang.methods.korean.syllables import normal

SHINGLE = 3
TITLE_KEYS = 16
BODY_KEYS = 4
MAX_KEYS = TITLE_KEYS + BODY_KEYS
SKETCH = 16
TITLE_CHARS = 80
BODY_CHARS = 240

_RUN = re.compile(r"[^\W_]+")
_PARTICLES = """
은 는 이 가 을 를 의 에 로 와 과 도 만 께 에서 에게 에는 에도 에선 으로 로서 로써 까지 부터 처럼 보다 이나 라도 마다
조차 마저 밖에 한테 께서 대로 이랑 하고 으로서 에서는 으로는 에게는 들 들이 들을 들의 들은
"""
_REQUESTS = """
해주세요 해주십시오 하여주세요 하여주십시오 해줘요 해주시기 해달라 주세요 주십시오 해요 하자 합니다 합시다 됩니다
바랍니다 부탁드립니다 부탁합니다 청원합니다 요청합니다 건의합니다 제안합니다 촉구합니다 원합니다 하라 하는 하기 하여
해서 해야 한다 입니다 습니다 있습니다 없습니다 했습니다 할 한 될 된 되는 되어야 시켜주세요 시켜 하게 되게
"""
_ENDINGS = sorted((_PARTICLES + _REQUESTS).split(), key=len, reverse=True)
_ENDING = re.compile(rf"(?<=[가-힣]{{2}})(?:{'|'.join(_ENDINGS)})$")


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a text to compare it: two skeletons of the title, the smallest hashes of the body (32 bits)."""

    letters: str
    stems: str
    sketch: tuple[int, ...]


def fingerprint(title: str, body: str = "") -> Fingerprint:
    """The fingerprint of a text; empty skeletons for a title without letters, an empty sketch for a short body."""
    runs = _RUN.findall(normal(title[:TITLE_CHARS]))
    letters = "".join(_RUN.findall(normal(body[:BODY_CHARS])))
    return Fingerprint("".join(runs), "".join(stem(run) for run in runs), tuple(nsmallest(SKETCH, _hashes(letters, 5))))


def keys(mark: Fingerprint) -> list[int]:
    """The keys under which a table finds this fingerprint: 32-bit numbers, at most MAX_KEYS, sorted.

    Shingles of both skeletons of the title, and the BODY_KEYS smallest hashes of the body. Two texts that share
    no key are not candidates.
    """
    found = {*_hashes(mark.letters, SHINGLE), *_hashes(mark.stems, SHINGLE)}
    return sorted({*nsmallest(TITLE_KEYS, found), *mark.sketch[:BODY_KEYS]})


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """How alike two texts are, 0 to 1: the likeness of the titles, or of the bodies where those are nearly the same."""
    title = max(_dice(one.letters, other.letters), _dice(one.stems, other.stems))
    body = _resemblance(one.sketch, other.sketch)
    return round(max(title, body, (title + body) / 2), 4)


@lru_cache(maxsize=65_536)
def stem(run: str) -> str:
    """The run without particles and polite endings, taken off until none is left or two syllables remain."""
    while True:
        shorter = _ENDING.sub("", run)
        if shorter == run:
            return run
        run = shorter


def _hashes(text: str, size: int) -> set[int]:
    """32-bit hashes of the shingles of a text; a text shorter than a shingle is one shingle, an empty one has none.

    CRC-32 of the code points, spread by Fibonacci hashing so that the smallest hashes are a fair sample.
    """
    points = memoryview(text.encode("utf-32-le", "surrogatepass"))
    ends = range(4 * size, len(points) + 1, 4) if len(points) > 4 * size else [len(points)] if text else []
    return {crc32(points[max(0, end - 4 * size) : end]) * 0x9E3779B1 & 0xFFFFFFFF for end in ends}


@lru_cache(maxsize=4_096)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset([text] if text else [])


def runs(text: str) -> list[str]:
    """The words of a text as they are compared: letters and digits with nothing between them, lower case, NFKC."""
    return _RUN.findall(normal(text))


def likeness_of_letters(one: str, other: str) -> float:
    """Twice the shared pairs of letters over all pairs; 1.0 for equal texts, 0.0 beside an empty one."""
    return _dice(one, other)


def _dice(one: str, other: str) -> float:
    """Twice the shared pairs of letters over all pairs."""
    if one == other:
        return 1.0 if one else 0.0
    first, second = _bigrams(one), _bigrams(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _resemblance(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The Jaccard resemblance of two texts, estimated from the smallest hashes of both together."""
    if len(one) < SKETCH or len(other) < SKETCH:
        return 0.0
    smallest = nsmallest(SKETCH, {*one, *other})
    return len(set(one) & set(other) & set(smallest)) / SKETCH
