"""Syllable tokens: one way to cut a Korean text, so that every database finds the same words, two syllables included.

A *unit* is one Hangul syllable, one Han character, one group of digits or one word of another script. A *run* is
units with nothing between them ("시흥4동" = 시·흥·4·동). A run is indexed by its overlapping triples in order
(시흥4 흥4동), and every distinct pair and unit once more by itself (시흥 흥4 4동 시 흥 4 동). A query word of one or
two units is looked up directly; a longer one is the phrase of its triples, rare enough to be found at once.

Invariants
1. A query word of two units or more matches a text if and only if the word occurs inside a run of the text.
2. A query word of one unit matches if and only if the text contains that unit.
3. Tokens hold only ASCII letters and digits, Hangul syllables, Han characters, or GAP; a unit of another script is
   written as hexadecimal. So no tokenizer behind us can fold, split or drop one differently.
4. Time and size are linear in the text and bounded by MAX_CHARS, whatever is sent.
"""

import re
import unicodedata
from collections import Counter
from operator import add

GAP = "\ue000"
"""A private-use character that ends a run; no text can produce it, so no phrase crosses it."""
MAX_CHARS = 12_000
"""Characters read of a text; what stands beyond is not found by a search."""
MAX_REPEATS = 250
"""Occurrences of one token kept per text (PostgreSQL keeps at most 255 positions of a lexeme)."""
MAX_WORD = 40
MAX_QUERY = 200
MAX_WORDS = 8
MAX_UNITS = 24
"""Units read of one word of a query."""

_HANGUL = "가-힣"
_HAN = "一-鿌"  # as of Unicode 6.1, which is what SQLite knows
_RUN = re.compile(r"[^\W_]+")
# from the start of a run only, and without giving back: otherwise a long run would be read again from each syllable
_MIXED = re.compile(rf"(?<![^\W_])[{_HANGUL}]*+[^\W_{_HANGUL}][^\W_]*+")
_NOT_HANGUL = re.compile(rf"[^{_HANGUL}]+")
_TRIPLE_OR_GAP = re.compile(rf"(?=([{_HANGUL}]{{3}}|{GAP}))")
_UNIT = re.compile(rf"[{_HANGUL}]|[{_HAN}]|\d+|[^\W\d_{_HANGUL}{_HAN}]+")
_PLAIN = re.compile(rf"[0-9a-z{_HANGUL}{_HAN}]+")
# marks, emoji and ornaments in long rows carry no word, and sorting rows of combining marks is quadratic
_NOISE = re.compile(r"[^\w\s]{9,}")


def normal(text: str) -> str:
    """The text as it is compared: at most MAX_CHARS, NFKC, lower case, long rows of ornaments as one space."""
    return unicodedata.normalize("NFKC", _NOISE.sub(" ", text[:MAX_CHARS])).lower()[:MAX_CHARS]


def tokens(text: str) -> str:
    """The tokens of a text, separated by spaces: triples in order (GAP after each run), GAP, distinct pairs and units.

    Runs of Hangul come first, mixed runs after them: no phrase crosses a run, so their order says nothing. Beyond
    MAX_REPEATS a repeated triple is replaced by GAP. A text without letters and digits gives "".
    """
    text = normal(text)
    hangul = _NOT_HANGUL.sub(GAP, _MIXED.sub(" ", text)).strip(GAP)
    triples = _TRIPLE_OR_GAP.findall(hangul)
    pairs = {pair for pair in {*map(add, hangul, hangul[1:])} if GAP not in pair}
    singles = dict.fromkeys(hangul.replace(GAP, ""))
    for run in _MIXED.findall(text):
        units = _units(run)
        triples += [GAP, *_triples(units)]
        pairs.update(_pairs(units))
        singles.update(dict.fromkeys(units))
    return " ".join([*_bounded(triples), GAP, *sorted(pairs), *singles]) if singles else ""


def phrases(query: str) -> list[list[str]]:
    """A phrase (tokens that must follow each other) for each word of a query; the words are joined by AND.

    At most MAX_QUERY characters, MAX_WORDS distinct words and MAX_UNITS of each are read. A query without a word
    gives [].
    """
    found: dict[tuple[str, ...], None] = {}
    for run in _RUN.findall(normal(query[:MAX_QUERY])):
        units = _units(run)[:MAX_UNITS]
        found[tuple(_triples(units) or _pairs(units) or units)] = None
    return [list(phrase) for phrase in found][:MAX_WORDS]


def _units(run: str) -> list[str]:
    return [_plain(unit) for unit in _UNIT.findall(run)]


def _pairs(units: list[str]) -> list[str]:
    return [*map(add, units, units[1:])]


def _triples(units: list[str]) -> list[str]:
    return [*map(add, _pairs(units), units[2:])]


def _plain(unit: str) -> str:
    """The unit itself if every tokenizer keeps it whole, else its bytes in hexadecimal."""
    unit = unit[:MAX_WORD]
    return unit if _PLAIN.fullmatch(unit) else "x" + unit.encode().hex()


def _bounded(triples: list[str]) -> list[str]:
    """The triples with the surplus of a token repeated more than MAX_REPEATS times replaced by GAP."""
    if len(triples) - len(set(triples)) < MAX_REPEATS:
        return triples
    surplus = {token for token, count in Counter(triples).items() if count > MAX_REPEATS and token != GAP}
    if not surplus:
        return triples
    seen: Counter[str] = Counter()
    kept = []
    for token in triples:
        if token in surplus:
            seen[token] += 1
        kept.append(GAP if seen[token] > MAX_REPEATS else token)
    return kept
