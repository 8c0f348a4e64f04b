"""Places that a text names: 구 and 동, so that two wishes alike in words but not in place are told apart.

1. Names given as `known` (a city's own list) are found wherever they begin a word; `시흥제4동` and `시흥4동` are one.
2. Without a list: the 25 gu of Seoul, whatever stands as a name with a number before 동 (시흥4동), and a word before 동
   right after a 구 (금천구 가산동). Other words on 동 or 구 (운동, 요구) are never taken for places.
3. Two texts differ in place where both name places of one kind and none is shared; 시흥동 contains 시흥4동.
O(characters) time.
"""

import re
from collections.abc import Iterable

from madang.methods.korean.syllables import normal

GU = (
    "종로 중 용산 성동 광진 동대문 중랑 성북 강북 도봉 노원 은평 서대문 마포 양천 강서 구로 금천 영등포 동작 관악 서초 강남 송파 강동"
)
# what may follow 구: a particle, 민 or 청, or no letter; so 성동구치소 and 중구난방 are no places
_GU = re.compile(rf"(?<![가-힣])({'|'.join(GU.split())})구(?=[에의은는이가를을과와도로까부만내민청]|[^가-힣]|$)")
_NUMBERED = re.compile(r"(?<![가-힣])([가-힣]{1,5}?)제?(\d{1,2}(?:[·.]\d{1,2})*)동(?!\d)")
_AFTER_GU = re.compile(r"[가-힣]{1,4}구\s+([가-힣]{1,5}동)(?=[에의은는이가을를과와도로]|[^가-힣]|$)")
_NUMBER = re.compile(r"제?\d{1,2}(?:[·.]\d{1,2})*(?=동$)")


def places(text: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The places a text names, sorted, each once; at most 12,000 characters are read."""
    text = normal(text)
    found = {f"{name}구" for name in _GU.findall(text)}
    found.update(f"{name}{number}동" for name, number in _NUMBERED.findall(text))
    found.update(_AFTER_GU.findall(text))
    for name in known:
        clean = _plain(normal(name))
        if clean and re.search(rf"(?<![가-힣]){re.escape(clean)}", _plain(text)):
            found.add(clean)
    return tuple(sorted(found))


def differ(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether both name a 구 and share none, or both name a 동 and share none (시흥동 and 시흥4동 are shared)."""
    mine, theirs = list(one), list(other)
    for kind in "구동":
        first = [name for name in mine if name.endswith(kind)]
        second = [name for name in theirs if name.endswith(kind)]
        if first and second and not any(_same(a, b) for a in first for b in second):
            return True
    return False


def _same(one: str, other: str) -> bool:
    """Whether two names are one place, or one holds the other."""
    if one == other:
        return True
    return _NUMBER.sub("", one) == _NUMBER.sub("", other) and not (_NUMBER.search(one) and _NUMBER.search(other))


def _plain(text: str) -> str:
    return re.sub(r"제(?=\d{1,2}동)", "", text)
