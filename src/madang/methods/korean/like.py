"""Is there one like mine? An index in memory over a hundred thousand texts, that suggests and never merges.

Two ways lead to a candidate: pairs and triples of letters with the spaces dropped (they catch copies with typing errors),
and the stems of words of title and body (they catch the same wish in a neighbour's words).

1. The answer depends on the texts that are in the index, not on the order in which they came or left.
2. A question reads the rarest of its terms first and at most POSTINGS entries: its time is bounded at any size.
3. Likeness is symmetric in wording, between 0 and 1; equal wording is 1.0, and 1.0 comes first.
4. Where the places differ the match says so and stands a little lower; whether it is the same wish is for people.

Source: Dice (1945) for the likeness of copies; Spärck Jones (1972) for the weight of rare terms.
"""

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from math import fsum, log, sqrt

from madang.methods.korean.places import differ, places
from madang.methods.korean.similar import TITLE_CHARS, likeness_of_letters, runs, stem

BODY_CHARS = 600
BODY_WORDS = 40
POSTINGS = 15_000
CANDIDATES = 80
ELSEWHERE = 0.9
"""What a likeness is worth where the places differ."""
COPY = 0.6
"""From this likeness of letters on, the letters alone decide: a copy with typing errors."""
BODY_SHARE = 0.4
"""What a word of the body weighs beside a word of the title."""
COMMON = 0.1
"""A term in more of the texts than this share is read only if nothing rarer is left."""

Weighed = dict[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """A text like mine: how alike (0 to 1), how alike letter by letter, shared stems, its places and whether they differ."""

    key: str
    likeness: float
    copy: float
    shared: tuple[str, ...]
    places: tuple[str, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a text: its letters and stems without spaces, the stems of title and body, its places."""

    letters: str
    stems: str
    words: tuple[str, ...]
    body: tuple[str, ...]
    places: tuple[str, ...]


def kept(title: str, body: str = "", known: Iterable[str] = ()) -> Kept:
    """Cut a text into what is compared: TITLE_CHARS of the title, BODY_CHARS of the body, BODY_WORDS of its stems."""
    said = runs(title[:TITLE_CHARS])
    words = [stem(run) for run in said]
    follow = dict.fromkeys(stem(run) for run in runs(body[:BODY_CHARS]))
    return Kept(
        "".join(said), "".join(words), tuple(dict.fromkeys(word for word in words if len(word) > 1)),
        tuple(word for word in follow if len(word) > 1)[:BODY_WORDS], places(f"{title} {body[:BODY_CHARS]}", known),
    )


class Index:
    """The texts, by key. Adding costs some 60 entries a text; asking reads POSTINGS of them."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.known = tuple(known)
        self._numbers: dict[str, int] = {}
        self._keys: list[str] = []
        self._kept: list[Kept | None] = []
        self._found: dict[str, array[int]] = {}
        self._df: dict[str, int] = {}
        self._weights: dict[str, float] = {}
        self._gone = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def add(self, key: str, title: str, body: str = "") -> None:
        """Put a text in, in place of what stood under its key."""
        self.remove(key)
        mark = kept(title, body, self.known)
        self._weights.clear()
        self._put(key, mark)

    def remove(self, key: str) -> None:
        """Take a text out; nothing happens if it is not there."""
        number = self._numbers.pop(key, None)
        if number is None:
            return
        mark, self._kept[number] = self._kept[number], None
        self._weights.clear()
        for term in terms(mark) if mark else ():
            self._df[term] -= 1
        self._gone += 1
        if self._gone > 1_000 and self._gone > len(self._numbers) // 3:
            self._pack()

    def like(self, title: str, body: str = "", *, most: int = 10, floor: float = 0.0, without: Collection[str] = ()) -> list[Match]:
        """The texts most like this one, best first; equal ones by key. `without`: keys never to suggest."""
        mine = kept(title, body, self.known)
        found = []
        pairs, words = self._weighed(_pairs(mine.stems)), self._weighed(mine.words, mine.body)
        for number in self._candidates(mine):
            theirs, key = self._kept[number], self._keys[number]
            if theirs is None or key in without:
                continue
            copy, likeness = self._likeness(mine, theirs, pairs, words)
            away = differ(mine.places, theirs.places)
            likeness = likeness * ELSEWHERE if away else likeness
            if likeness > floor:
                found.append((-round(likeness, 4), key, round(copy, 4), theirs, away))
        best = nsmallest(most, found, key=lambda each: each[:2])
        return [
            Match(key, -likeness, copy, self._shared(mine, theirs), theirs.places, away)
            for likeness, key, copy, theirs, away in best
        ]

    def _candidates(self, mine: Kept) -> list[int]:
        """Texts that share the rarest terms, the heaviest first."""
        asked = sorted((self._df[term], term) for term in terms(mine) if self._df.get(term))
        common = max(50, COMMON * len(self._numbers))
        scores: dict[int, float] = {}
        read = 0
        for often, term in asked:
            if read and (read + often > POSTINGS or (often > common and len(scores) >= CANDIDATES)):
                break
            read += often
            weight = self._weight(term)
            for number in self._found[term]:
                scores[number] = scores.get(number, 0.0) + weight
        if self._gone:
            scores = {number: score for number, score in scores.items() if self._kept[number]}
        least = min(nlargest(CANDIDATES, scores.values()), default=0.0)
        best = [number for number, score in scores.items() if score >= least]
        return sorted(best, key=lambda number: (-scores[number], self._keys[number]))[:CANDIDATES]

    def _likeness(self, mine: Kept, theirs: Kept, pairs: Weighed, words: Weighed) -> tuple[float, float]:
        """How alike letter by letter, and in all: rare pairs of letters twice, rare words once, or a plain copy."""
        copy = max(likeness_of_letters(mine.letters, theirs.letters), likeness_of_letters(mine.stems, theirs.stems))
        if copy == 1.0:
            return copy, copy
        by_pairs = _cosine(pairs, self._weighed(_pairs(theirs.stems)))
        by_words = _cosine(words, self._weighed(theirs.words, theirs.body))
        meant = 0.999 * (2 * by_pairs + by_words) / 3
        return copy, max(meant, copy) if copy >= COPY else meant

    def _weighed(self, terms: Collection[str], body: Collection[str] = ()) -> Weighed:
        """Each term as heavy as it is rare; a word that only the body says counts BODY_SHARE of that."""
        weighed = {term: BODY_SHARE * self._weight(term) for term in body}
        weighed.update((term, self._weight(term)) for term in terms)
        return weighed

    def _weight(self, term: str) -> float:
        weight = self._weights.get(term)
        if weight is None:
            weight = self._weights[term] = log(1 + (len(self._numbers) + 1) / (self._df.get(term, 0) + 0.5))
        return weight

    def _shared(self, mine: Kept, theirs: Kept) -> tuple[str, ...]:
        """The stems that both hold, the rarest first: the reason that is shown."""
        both = {*mine.words, *mine.body} & {*theirs.words, *theirs.body}
        return tuple(sorted(both, key=lambda word: (-self._weight(word), word))[:5])

    def _pack(self) -> None:
        """Forget what was removed."""
        left = [(key, self._kept[number]) for key, number in self._numbers.items()]
        self._numbers, self._keys, self._kept, self._gone = {}, [], [], 0
        self._found, self._df = {}, {}
        for key, mark in left:
            if mark:
                self._put(key, mark)

    def _put(self, key: str, mark: Kept) -> None:
        number = self._numbers[key] = len(self._keys)
        self._keys.append(key)
        self._kept.append(mark)
        for term in terms(mark):
            entry = self._found.get(term)
            if entry is None:
                self._found[term] = array("I", (number,))
            else:
                entry.append(number)
            self._df[term] = self._df.get(term, 0) + 1


def terms(mark: Kept) -> set[str]:
    """What a text is found by: pairs and triples of letters of its title, stems of title and body."""
    letters = mark.letters
    triples = {letters[at : at + 3] for at in range(len(letters) - 2)}
    return _pairs(letters) | triples | {*mark.words, *mark.body}


def _cosine(one: Weighed, other: Weighed) -> float:
    """The cosine of two weighed sets of terms, 0 where they share none; their order cannot matter (fsum)."""
    both = fsum([weight * other[term] for term, weight in one.items() if term in other])
    if not both:
        return 0.0
    return both / sqrt(fsum([each * each for each in one.values()]) * fsum([each * each for each in other.values()]))


def _pairs(letters: str) -> set[str]:
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
