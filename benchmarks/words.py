"""Words for a synthetic city: Korean sentences with frequent and rare words, the same for the same seed.

Nothing here is anybody's sentence; every row made from it is marked synthetic.
"""

from itertools import accumulate
from random import Random

WHERE = [
    "골목",
    "공원",
    "놀이터",
    "버스정류장",
    "지하철역",
    "도서관",
    "시장",
    "학교",
    "하천",
    "보도",
    "횡단보도",
    "경로당",
    "어린이집",
    "주차장",
    "체육관",
    "한강공원",
    "둘레길",
    "육교",
    "공영주차장",
    "청년센터",
    "복지관",
    "보건소",
    "주민센터",
    "전통시장",
    "산책로",
    "자전거도로",
    "통학로",
    "쓰레기집하장",
    "재개발구역",
    "빈집",
]
WHAT = [
    "가로등",
    "의자",
    "그늘막",
    "화단",
    "안내판",
    "공기질측정기",
    "자전거보관대",
    "흡연구역",
    "무인택배함",
    "음수대",
    "화장실",
    "텃밭",
    "돌봄교실",
    "작은도서관",
    "상담창구",
    "반려동물놀이터",
    "무장애경사로",
    "안심벨",
    "신호등",
    "과속방지턱",
    "점자블록",
    "분리배출함",
    "공유부엌",
    "청년월세",
    "마을버스",
    "심야버스",
    "통역도우미",
    "재활용정거장",
    "빗물저금통",
    "태양광발전소",
    "나눔장터",
    "세대공감교실",
    "건강체조",
    "독서모임",
    "예술작업실",
    "창업공간",
    "수리점",
    "우산대여",
    "휠체어충전기",
    "응급의료기",
    "폭염쉼터",
    "한파쉼터",
    "미세먼지알림",
    "소음측정기",
    "교복은행",
    "장난감도서관",
]
DO = [
    "놓아",
    "넓혀",
    "고쳐",
    "늘려",
    "옮겨",
    "지켜",
    "알려",
    "만들어",
    "밝혀",
    "이어",
    "나눠",
    "줄여",
    "살펴",
    "가꿔",
    "열어",
]
WHO = [
    "어르신",
    "어린이",
    "청소년",
    "청년",
    "임산부",
    "장애인",
    "이주민",
    "자영업자",
    "한부모가정",
    "직장인",
    "학부모",
    "보행자",
    "반려인",
    "예술인",
    "세입자",
]
FEELS = (
    "다니기 어렵습니다 쉴 곳이 없습니다 늘 어둡습니다 비가 오면 잠깁니다 너무 멉니다 물어볼 데가 없습니다 줄이 깁니다 값이 부담됩니다 "
    "소리가 큽니다 냄새가 납니다 위험합니다 있는 줄도 모릅니다"
)
HOW = [
    "주민과 함께 자리를 정하고",
    "시범으로 한 곳에서 먼저 해 보고",
    "다른 구의 사례를 살펴보고",
    "남는 땅을 빌려",
    "학교와 약속을 맺어",
    "구청과 상인회가 비용을 나눠",
    "계절마다 점검하면서",
    "쓰는 사람의 의견을 들어",
    "낮은 비용으로",
    "저녁 시간에도",
]
SYLLABLES = "가나다라마바사아자차하고노도로모보소오조호구누두루무부수우주기니디리미비시이지은연선영정현경"


class Words:
    """Sentences by a seeded chance; frequent words are frequent as in speech (Zipf), rare ones come up once in thousands."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        made = Random(7)
        self.rare = ["".join(made.choices(SYLLABLES, k=made.choice((2, 3, 3, 4)))) for _ in range(4_000)]
        self.rare_weights = list(accumulate(1 / rank for rank in range(3, 4_003)))
        self.what_weights = list(accumulate(1 / rank for rank in range(2, len(WHAT) + 2)))
        self.where_weights = list(accumulate(1 / rank for rank in range(2, len(WHERE) + 2)))
        self.feels = [part.strip() for part in FEELS.split("다 ")]

    def _where(self) -> str:
        return self.chance.choices(WHERE, cum_weights=self.where_weights)[0]

    def _what(self) -> str:
        return self.chance.choices(WHAT, cum_weights=self.what_weights)[0]

    def _rare(self) -> str:
        return self.chance.choices(self.rare, cum_weights=self.rare_weights)[0]

    def title(self, place: str) -> str:
        return f"{place} {self._rare()} {self._where()}에 {self._what()}를 {self.chance.choice(DO)} 주세요"

    def problem(self, place: str) -> str:
        pick = self.chance.choice
        return (
            f"{place} {self._rare()}마을 {self._where()}은 {pick(WHO)}이 {pick(self.feels)}다. "
            f"특히 {self._rare()} 근처는 {pick(WHO)}과 {pick(WHO)}이 함께 쓰는데 {pick(self.feels)}다."
        )

    def idea(self) -> str:
        pick = self.chance.choice
        return (
            f"{pick(HOW)} {self._where()}에 {self._what()}를 {pick(DO)} 주면 좋겠습니다. "
            f"{self._rare()} 쪽에는 {self._what()}도 있으면 합니다. {pick(HOW)} 한 해에 두 번 모여 살펴보면 됩니다."
        )

    def opinion(self, number: int) -> str:
        pick = self.chance.choice
        wish = f"{pick(WHO)}에게 {self._what()}는 꼭 있어야 합니다. {self._where()}은 {pick(self.feels)}다."
        return f"{wish} {pick(HOW)} 하면 됩니다. ({number})"
