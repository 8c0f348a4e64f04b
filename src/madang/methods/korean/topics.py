"""What do these texts talk about? Key terms of a set, of a part beside the rest, and topics with their key terms.

Short texts without labels: tf-idf over stems of words → the leading directions of meaning (LSA) → k-means from seeds that
do not depend on the order of the texts.

1. The order of the texts changes nothing: they are put into the order of their content first, and equal texts are one.
2. No chance: the same texts give the same topics, on one machine bit for bit.
3. Every text gets one topic; a text without a usable word gets none (-1). Topics are numbered from the largest.
4. A topic is shown by its terms and its most typical texts; it has no name. Naming it is for people.
5. `cut` may bring another way to find words (a morphological analyser); without it no dictionary is used.

Sources: Deerwester et al., "Indexing by latent semantic analysis" (1990); Lloyd (1982); Monroe, Colaresi & Quinn, "Fightin'
words" (2008) for the terms of a part beside the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import fsum, log, sqrt
from typing import TYPE_CHECKING, Any

from madang.methods.korean.similar import runs, stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Cut = Callable[[str], Iterable[str]]
DIRECTIONS = 64
STARTS = 8
ROUNDS = 60
TOPICS_MAX = 60
MIN_TEXTS = 2
"""A term in fewer texts says nothing about what they have in common."""
_EMPTY = """
그리고 그러나 하지만 그래서 때문 때문에 위해 위하여 대한 대해 대하여 관련 관한 관하여 우리 저희 제가
저는 그런 이런 저런 어떤 모든 많은 정말 너무 매우 지금 현재 이제 다시 계속 바로 함께 통해 통하여 경우
정도 이상 이하 생각 사람 사람들 문제 내용 여러분 국민 국민들 청원 청원합니 부탁 부탁드립니 제발 도와
있는 없는 있습니 없습니 것입니 입니 합니 하고 하는 해서 에서 으로 또한 그냥 아니 아니라 같은 같이
이렇게 그렇게 주세요 해주세요 주십시오 것은 것이 것을 저에게 의해 위한 통한 인한 막아 내려 당했 처벌해
만들어 바로잡아 각종 일부 어떻게 우리나라 가장 다른 여러 하나 이것 그것 저것 무엇 누구 어디 언제 않는
않고 않은 못하 되는 되고 된다 한다 있다 없다 하며 하면 에게 부터 까지
"""
EMPTY = frozenset(_EMPTY.split())

PREDICATES = ("니다", "세요", "시오", "어요", "아요", "는데", "지만", "니까", "면서", "으며", "려고", "라고", "다고", "도록")


@dataclass(frozen=True, slots=True)
class Term:
    """A key term: its weight, and in how many of the texts it stands."""

    word: str
    weight: float
    texts: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: how many texts, its terms, its most typical texts by number, and how close its texts lie (0 to 1)."""

    size: int
    terms: tuple[Term, ...]
    typical: tuple[int, ...]
    closeness: float


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics from the largest, and the topic of each text (-1: none)."""

    topics: tuple[Topic, ...]
    of: tuple[int, ...]


def words(text: str) -> list[str]:
    """The stems of a text of two letters or more, without words that say nothing, predicates and bare numbers."""
    found = (stem(run) for run in runs(text))
    return [
        word for word in found
        if len(word) > 1 and word not in EMPTY and not word.isdigit() and not word.endswith(PREDICATES)
    ]


def morphemes() -> Cut:
    """Cut by the analyser kiwipiepy, where it is installed: nouns and roots only.

    Raises ModuleNotFoundError with what to install where it is not.
    """
    try:
        kiwi = import_module("kiwipiepy").Kiwi()
    except ModuleNotFoundError:
        raise ModuleNotFoundError("kiwipiepy가 없습니다: pip install kiwipiepy / kiwipiepy is not installed") from None
    wanted = ("NNG", "NNP", "XR", "SL")

    def cut(text: str) -> list[str]:
        return [each.form for each in kiwi.tokenize(text) if each.tag in wanted and len(each.form) > 1]

    return cut


def terms(texts: Sequence[str], *, most: int = 20, cut: Cut = words) -> list[Term]:
    """The key terms of a set: in many texts, but not in nearly all; Σ over texts of tf·idf, each text counted alike."""
    bags = [Counter(cut(text)) for text in texts]
    df = Counter(word for bag in bags for word in bag)
    weight: dict[str, list[float]] = {}
    for bag in bags:
        length = sqrt(sum((1 + log(times)) ** 2 for times in bag.values())) or 1.0
        for word, times in bag.items():
            if df[word] >= MIN_TEXTS:
                weight.setdefault(word, []).append((1 + log(times)) / length * log(1 + len(bags) / df[word]))
    ranked = sorted(((-fsum(each), word) for word, each in weight.items()))
    return [Term(word, round(-each, 4), df[word]) for each, word in ranked[:most]]


def terms_by(texts: Sequence[str], parts: Sequence[str], *, most: int = 10, cut: Cut = words) -> Mapping[str, list[Term]]:
    """For each part of the texts, the terms it uses more than the rest: z of the log-odds with a prior of all texts."""
    if len(texts) != len(parts):
        raise ValueError("as many parts as texts")
    used: dict[str, Counter[str]] = {part: Counter() for part in sorted(set(parts))}
    for text, part in zip(texts, parts, strict=True):
        used[part].update(set(cut(text)))
    whole = Counter[str]()
    for bag in used.values():
        whole.update(bag)
    total = sum(whole.values())
    return {part: _apart(bag, whole, total, most) for part, bag in used.items()}


def _apart(bag: Counter[str], whole: Counter[str], total: int, most: int) -> list[Term]:
    mine, prior = sum(bag.values()), 500.0
    found = []
    for word, often in bag.items():
        if often < MIN_TEXTS:
            continue
        share = prior * whole[word] / total
        here, there = often + share, whole[word] - often + share
        odds = log(here / (mine + prior - here)) - log(there / (total - mine + prior - there))
        found.append((-odds / sqrt(1 / here + 1 / there), word, often))
    return [Term(word, round(-each, 4), often) for each, word, often in sorted(found)[:most] if each < 0]


def topics(texts: Sequence[str], number: int | None = None, *, most: int = 8, cut: Cut = words) -> Topics:
    """Put texts into `number` topics (about √(n/2), 2 to 20, where none is given).

    Needs numpy and scipy. O(terms × directions + texts × topics × directions) for each round.
    Raises ValueError for a number outside 1…TOPICS_MAX.
    """
    if number is not None and not 1 <= number <= TOPICS_MAX:
        raise ValueError(f"갈래의 수는 1…{TOPICS_MAX}입니다 / the number of topics is 1 to {TOPICS_MAX}")
    bags = [Counter(cut(text)) for text in texts]
    df = Counter(word for bag in bags for word in bag)
    known = sorted(word for word, often in df.items() if often >= MIN_TEXTS)
    signs = [tuple(sorted((word, times) for word, times in bag.items() if df[word] >= MIN_TEXTS)) for bag in bags]
    rows = sorted({sign for sign in signs if sign})
    if not rows:
        return Topics((), (-1,) * len(texts))
    matrix = _matrix(rows, {word: place for place, word in enumerate(known)}, df, len(texts))
    times = Counter(signs)
    weights = [times[row] for row in rows]
    wanted = min(number or max(2, min(20, round(sqrt(len(texts) / 2)))), len(rows))
    label, close = _grouped(_directions(matrix), weights, wanted)
    return _told(signs, rows, label, close, known, matrix, most)


def _matrix(rows: Sequence[tuple[tuple[str, int], ...]], place: Mapping[str, int], df: Mapping[str, int], texts: int) -> Any:
    """Rows of tf·idf, each of length 1."""
    import numpy as np  # noqa: PLC0415 — only topics need it
    from scipy.sparse import csr_array  # noqa: PLC0415

    values, columns, ends = [], [], [0]
    for row in rows:
        weights = [(1 + log(times)) * log(1 + texts / df[word]) for word, times in row]
        length = sqrt(fsum([weight * weight for weight in weights]))
        values += [weight / length for weight in weights]
        columns += [place[word] for word, _ in row]
        ends.append(len(columns))
    return csr_array((np.array(values), np.array(columns), np.array(ends)), shape=(len(rows), len(place)))


def _directions(matrix: Any) -> "NDArray[np.float64]":
    """The texts in their leading directions, each of length 1; the same start every time."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse.linalg import svds  # noqa: PLC0415

    if min(matrix.shape) <= 2 * DIRECTIONS:
        left, sizes, _ = np.linalg.svd(matrix.toarray(), full_matrices=False)
    else:
        start = np.ones(min(matrix.shape)) / sqrt(min(matrix.shape))
        left, sizes, _ = svds(matrix, k=DIRECTIONS, v0=start, solver="arpack")
    points = np.asarray(left * sizes, dtype=np.float64)[:, np.argsort(-sizes, kind="stable")[:DIRECTIONS]]
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    points = points / np.where(lengths > 1e-9, lengths, 1.0)
    return np.asarray(np.round(points, 9))


def _grouped(points: "NDArray[np.float64]", weights: Sequence[int], wanted: int) -> tuple["NDArray[np.int64]", "NDArray[np.float64]"]:
    """The best of STARTS k-means by closeness to the centre; the topic and the closeness of each row."""
    import numpy as np  # noqa: PLC0415

    weight = np.asarray(weights, dtype=np.float64)
    crowd = points @ (weight @ points)  # how much each text lies where the others are
    firsts = np.argsort(-crowd, kind="stable")[:: max(1, len(points) // STARTS)][:STARTS]
    best: tuple[float, Any, Any] = (-np.inf, None, None)
    for first in firsts:
        label, close = _lloyd(points, weight, _spread(points, crowd, int(first), wanted))
        score = float(weight @ close)
        if score > best[0] + 1e-9:
            best = (score, label, close)
    return best[1], best[2]


def _spread(points: "NDArray[np.float64]", crowd: "NDArray[np.float64]", first: int, wanted: int) -> "NDArray[np.float64]":
    """Seeds: the first, then again and again whoever is far from all seeds and has company."""
    import numpy as np  # noqa: PLC0415

    company = np.sqrt(np.maximum(crowd, 0.0)) + 1e-9
    chosen = [first]
    nearest = points @ points[first]
    while len(chosen) < wanted:
        far = np.maximum(1.0 - nearest, 0.0) * company
        far[chosen] = -1.0
        chosen.append(int(np.argmax(np.round(far, 9))))
        nearest = np.maximum(nearest, points @ points[chosen[-1]])
    return np.asarray(points[chosen])


def _lloyd(points: "NDArray[np.float64]", weight: "NDArray[np.float64]", centres: "NDArray[np.float64]") -> tuple[Any, Any]:
    import numpy as np  # noqa: PLC0415

    label = np.full(len(points), -1)
    for _ in range(ROUNDS):
        near = points @ centres.T
        moved = np.argmax(np.round(near, 9), axis=1)
        if (moved == label).all():
            break
        label = moved
        sums = np.zeros_like(centres)
        np.add.at(sums, label, points * weight[:, None])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 1e-9, sums / np.where(lengths > 1e-9, lengths, 1.0), centres)
    return label, (points @ centres.T)[np.arange(len(points)), label]


def _told(signs: Sequence[Any], rows: Sequence[Any], label: Any, close: Any, known: Sequence[str], matrix: Any, most: int) -> Topics:
    """Number the topics from the largest, and say what each is about."""
    row_of = {row: place for place, row in enumerate(rows)}
    mine = [int(label[row_of[sign]]) if sign else -1 for sign in signs]
    sizes = Counter(each for each in mine if each >= 0)
    first_row = {each: min(place for place in range(len(rows)) if label[place] == each) for each in sizes}
    order = sorted(sizes, key=lambda each: (-sizes[each], first_row[each]))
    rank = {each: place for place, each in enumerate(order)}
    told = []
    for each in order:
        members = sorted((-round(float(close[row_of[sign]]), 6), sign, text) for text, sign in enumerate(signs) if mine[text] == each)
        place = [row_of[sign] for _, sign, _ in members]
        weight = matrix[place].sum(axis=0)
        top = sorted((-round(float(weight[at]), 9), known[at]) for at in weight.nonzero()[0])[:most]
        counted = Counter(word for _, sign, _ in members for word, _ in sign)
        terms_ = tuple(Term(word, round(-heavy / len(members), 4), counted[word]) for heavy, word in top)
        closeness = round(-sum(near for near, _, _ in members) / len(members), 4)
        told.append(Topic(sizes[each], terms_, tuple(text for _, _, text in members[:3]), closeness))
    return Topics(tuple(told), tuple(rank.get(each, -1) for each in mine))

