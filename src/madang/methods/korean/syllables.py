"""Two-syllable tokens: one way to cut a Korean text, so that every database finds the same words.

A *unit* is one Hangul syllable, one Han character, one group of digits or one word of another script. A *run* is
units with nothing between them ("시흥4동" = 시·흥·4·동). A run is indexed by its overlapping pairs (시흥 흥4 4동), and
every distinct unit once more by itself, so that a single syllable (물) is found as well.

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
_UNIT = re.compile(rf"[{_HANGUL}]|[{_HAN}]|\d+|[^\W\d_{_HANGUL}{_HAN}]+")
_PLAIN = re.compile(rf"[0-9a-z{_HANGUL}{_HAN}]+")
# marks, emoji and ornaments in long rows carry no word, and sorting rows of combining marks is quadratic
_NOISE = re.compile(r"[^\w\s]{9,}")


def normal(text: str) -> str:
    """The text as it is compared: at most MAX_CHARS, NFKC, lower case, long rows of ornaments as one space."""
    return unicodedata.normalize("NFKC", _NOISE.sub(" ", text[:MAX_CHARS])).lower()[:MAX_CHARS]


def tokens(text: str) -> str:
    """The tokens of a text, separated by spaces: pairs in order (GAP after each run), then every distinct unit.

    Runs of Hangul come first, mixed runs after them: no phrase crosses a run, so their order says nothing. Beyond
    MAX_REPEATS a repeated pair is replaced by GAP. A text without letters and digits gives "".
    """
    text = normal(text)
    hangul = _NOT_HANGUL.sub(GAP, _MIXED.sub(" ", text)).strip(GAP)
    pairs = [pair if pair[1] != GAP else GAP for pair in map(add, hangul, hangul[1:]) if pair[0] != GAP]
    singles = dict.fromkeys(hangul.replace(GAP, ""))
    for run in _MIXED.findall(text):
        units = _units(run)
        pairs += [GAP, *_pairs(units)]
        singles.update(dict.fromkeys(units))
    return " ".join([*_bounded(pairs), GAP, *singles]) if singles else ""


def phrases(query: str) -> list[list[str]]:
    """A phrase (tokens that must follow each other) for each word of a query; the words are joined by AND.

    At most MAX_QUERY characters, MAX_WORDS distinct words and MAX_UNITS of each are read. A query without a word gives [].
    """
    found: dict[tuple[str, ...], None] = {}
    for run in _RUN.findall(normal(query[:MAX_QUERY])):
        units = _units(run)[:MAX_UNITS]
        found[tuple(_pairs(units)) or (units[0],)] = None
    return [list(phrase) for phrase in found][:MAX_WORDS]


def _units(run: str) -> list[str]:
    return [_plain(unit) for unit in _UNIT.findall(run)]


def _pairs(units: list[str]) -> list[str]:
    return [*map(add, units, units[1:])]


def _plain(unit: str) -> str:
    """The unit itself if every tokenizer keeps it whole, else its bytes in hexadecimal."""
    unit = unit[:MAX_WORD]
    return unit if _PLAIN.fullmatch(unit) else "x" + unit.encode().hex()


def _bounded(pairs: list[str]) -> list[str]:
    """The pairs with the surplus of a token repeated more than MAX_REPEATS times replaced by GAP."""
    if len(pairs) - len(set(pairs)) < MAX_REPEATS:
        return pairs
    surplus = {token for token, count in Counter(pairs).items() if count > MAX_REPEATS and token != GAP}
    if not surplus:
        return pairs
    seen: Counter[str] = Counter()
    kept = []
    for token in pairs:
        if token in surplus:
            seen[token] += 1
        kept.append(GAP if seen[token] > MAX_REPEATS else token)
    return kept
