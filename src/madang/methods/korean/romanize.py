"""Revised Romanization of Korean for names of places, so that every 동 has an English name without a table.

Follows the sound changes the law asks for (국어의 로마자 표기법, 문화체육관광부고시 제2014-42호 §3.1): neighbouring
consonants assimilate (종로 Jongno, 신림 Sillim, 왕십리 Wangsimni), a final consonant moves to an empty beginning
(길음 Gireum); tense sounds are not written; ㄱ·ㄷ·ㅂ before ㅎ of a noun keep the h (§3.1.4). It does not know
ㄴ-insertion inside compounds (학여울 Hangnyeoul): such names come from the table a city loads.
"""

import re
import unicodedata

_letters = str.split
_FIRST = _letters("g kk n d tt r m b pp s ss _ j jj ch k t p h")
_VOWEL = _letters("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
_LAST = _letters("_ g kk gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j ch k t p h")
_STOP = {"g": "k", "kk": "k", "gs": "k", "lg": "k", "k": "k", "b": "p", "bs": "p", "p": "p", "lp": "p"}
_STOP |= {"d": "t", "s": "t", "ss": "t", "j": "t", "ch": "t", "t": "t", "h": "t"}
_PLAIN = {"nj": "n", "nh": "n", "lb": "l", "ls": "l", "lt": "l", "lh": "l", "lm": "m"}
_NASAL = {"k": "ng", "t": "n", "p": "m"}
_CARRIED = {"g": "g", "kk": "kk", "n": "n", "d": "d", "l": "r", "m": "m", "b": "b", "s": "s", "ss": "ss"}
_CARRIED |= {"j": "j", "ch": "ch", "k": "k", "t": "t", "p": "p", "h": "", "ng": "ng", "_": ""}
_CARRIED |= {"gs": "ks", "nj": "nj", "nh": "n", "lg": "lg", "lm": "lm", "lb": "lb", "ls": "ls", "lt": "lt"}
_CARRIED |= {"lp": "lp", "lh": "r", "bs": "ps"}
_CAPITAL_CITY = re.compile(r"(특별시|광역시|특별자치시)$")
_SUFFIX = {"구": "-gu", "시": "-si", "군": "-gun", "동": "-dong", "읍": "-eup", "면": "-myeon", "리": "-ri"}


def romanize(text: str) -> str:
    """The text in Latin letters, lower case, by sound; whatever is not a Hangul syllable stays as it is."""
    written = []
    previous = ""  # the final consonant still waiting for what follows
    for char in unicodedata.normalize("NFC", text):
        if not "가" <= char <= "힣":
            written.append(_ending(previous) + char)
            previous = ""
            continue
        first, rest = divmod(ord(char) - 0xAC00, 588)
        vowel, last = divmod(rest, 28)
        written.append(_joint(previous, _FIRST[first]) + _VOWEL[vowel])
        previous = _LAST[last] if last else ""
    return "".join([*written, _ending(previous)])


def place_name(name: str) -> str:
    """A place's English name: 금천구 → Geumcheon-gu, 시흥4동 → Siheung4-dong, 서울특별시 → Seoul."""
    name = name.replace("·", ".")
    city = _CAPITAL_CITY.sub("", name)
    if city != name:
        return romanize(city).capitalize()
    suffix = _SUFFIX.get(name[-1:], "")
    stem = name[:-1] if suffix and len(name) > 1 else name
    return romanize(stem).capitalize() + (suffix if stem != name else "")


def _ending(last: str) -> str:
    """A final consonant with nothing after it."""
    return _STOP.get(last) or _PLAIN.get(last, last)


def _joint(last: str, first: str) -> str:
    """A final consonant and the consonant that begins the next syllable, as they sound together."""
    if first == "_":
        return _CARRIED[last] if last else ""
    final = _ending(last)
    if not final or first not in ("n", "m", "r"):
        return final + first
    if final + first in ("ln", "lr", "nr"):  # 설날, 월릉, 신림
        return "ll"
    return _NASAL.get(final, final) + ("n" if first == "r" else first)
