"""Finding while typing: first consonants (ㅂㅎㄹ → 보행로), the syllable not finished yet (보해 → 보행), jamo.

1. A consonant by itself stands for any syllable that begins with it; a vowel by itself for any syllable that holds it.
2. The last letter may be unfinished: 보해 finds 보행, 봏 finds 보행 (the keyboard has not moved ㅎ on yet), 고 finds 과.
   Letters before the last are as they were typed.
3. Each word of the query must be found; a word never crosses a space. Both sides are NFKC and lower case, so
   composed letters, jamo in a row (ㅂㅗ) and half-width jamo are the same.
4. Whoever has it at the beginning of a word comes first, then the shorter text, then the order of letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from madang.methods.korean.syllables import MAX_QUERY, MAX_WORDS, normal

FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWEL = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
LAST = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
GROWS = {"ㅗ": "ㅘㅙㅚ", "ㅜ": "ㅝㅞㅟ", "ㅡ": "ㅢ"}
SPLITS = {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ",
          "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}
JOINS = {pair: whole for whole, pair in SPLITS.items()}
# NFKC makes conjoining jamo of compatibility ones; this makes them compatibility ones again
_ALONE = {ord("ᄀ") + place: letter for place, letter in enumerate(FIRST)}
_ALONE |= {ord("ᅡ") + place: letter for place, letter in enumerate(VOWEL)}
_ALONE |= {ord("ᆨ") + place: letter for place, letter in enumerate(LAST[1:])}


@dataclass(frozen=True, slots=True)
class Found:
    """A text that has every word of the query: its key, and for each word where it begins and ends in the text as compared."""

    key: str
    spans: tuple[tuple[int, int], ...]
    at_start: bool


def letters(text: str) -> str:
    """The text in jamo: 보행 → ㅂㅗㅎㅐㅇ; whatever is not Hangul stays."""
    return "".join(_taken_apart(char) for char in plain(text))


def first_letters(text: str) -> str:
    """The first consonants: 보행로 조명 → ㅂㅎㄹ ㅈㅁ; whatever is not a Hangul syllable stays."""
    return "".join(FIRST[(ord(char) - 0xAC00) // 588] if "가" <= char <= "힣" else char for char in plain(text))


def plain(text: str) -> str:
    """NFKC, lower case, with single jamo as the letters of a keyboard."""
    return normal(text).translate(_ALONE)


def pattern(word: str) -> re.Pattern[str]:
    """What a word of a query stands for, as a pattern over `plain` texts. Linear in the text: no part can give back."""
    units = _typed(word)
    return re.compile("".join(_unit(unit) for unit in units[:-1]) + (_growing(units[-1]) if units else ""))


def find(query: str, texts: Mapping[str, str] | Iterable[tuple[str, str]], most: int = 20) -> list[Found]:
    """The texts that have every word of the query, best first. A query without a letter finds nothing. O(texts)."""
    asked = [pattern(word) for word in plain(query[:MAX_QUERY]).split()[:MAX_WORDS] if _typed(word)]
    if not asked:
        return []
    found: list[tuple[bool, int, str, Found]] = []
    for key, text in texts.items() if isinstance(texts, Mapping) else texts:
        compared = plain(text)
        hits = [_hit(each, compared) for each in asked]
        if all(hits):
            spans = tuple((hit.start(), hit.end()) for hit in hits if hit)
            starts = all(_begins(compared, start) for start, _ in spans)
            found.append((not starts, len(compared), compared, Found(key, spans, starts)))
    return [each for *_, each in sorted(found, key=lambda one: (*one[:3], one[3].key))[:most]]


def _hit(asked: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place at the beginning of a word, else the first at all."""
    first = None
    for hit in asked.finditer(text):
        if _begins(text, hit.start()):
            return hit
        first = first or hit
    return first


def _begins(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _typed(word: str) -> list[str]:
    """The letters of a word, jamo in a row put together as a keyboard would: ㅂㅗ → 보, ㅂㅎㄹ stays."""
    units: list[str] = []
    for char in plain(word):
        if not char.isalnum():
            continue
        if units and char in VOWEL and units[-1] in FIRST:
            units[-1] = _syllable(FIRST.index(units[-1]), VOWEL.index(char), 0)
        elif char in SPLITS:
            units += SPLITS[char]
        else:
            units.append(char)
    return units


def _unit(char: str) -> str:
    if char in FIRST:
        return f"[{char}{_syllable(FIRST.index(char), 0, 0)}-{_syllable(FIRST.index(char), 20, 27)}]"
    if char in VOWEL:
        each = VOWEL.index(char)
        return f"[{char}{''.join(_syllable(first, each, last) for first in range(19) for last in range(28))}]"
    return re.escape(char)


def _growing(char: str) -> str:
    """The last letter of a word, which may still grow."""
    if not "가" <= char <= "힣":
        return _unit(char)
    first, vowel, last = _parts(char)
    if last == 0:
        ways = [VOWEL[vowel], *GROWS.get(VOWEL[vowel], "")]
        return "[" + "".join(f"{_syllable(first, VOWEL.index(way), 0)}-{_syllable(first, VOWEL.index(way), 27)}" for way in ways) + "]"
    whole = LAST[last]
    more = [_syllable(first, vowel, LAST.index(joined)) for two, joined in JOINS.items() if two[0] == whole]
    pair = SPLITS.get(whole, " " + whole)
    stays, moves = pair[0], pair[1]
    moved = _syllable(first, vowel, LAST.index(stays)) + (_unit(moves) if moves in FIRST else moves)
    return f"(?:[{char}{''.join(more)}]|{moved})"


def _parts(char: str) -> tuple[int, int, int]:
    first, rest = divmod(ord(char) - 0xAC00, 588)
    return first, *divmod(rest, 28)


def _syllable(first: int, vowel: int, last: int) -> str:
    return chr(0xAC00 + first * 588 + vowel * 28 + last)


def _taken_apart(char: str) -> str:
    if not "가" <= char <= "힣":
        return char
    first, vowel, last = _parts(unicodedata.normalize("NFC", char))
    return FIRST[first] + VOWEL[vowel] + (LAST[last] if last else "")
