"""The report in words, Korean and English: what was looked at, the number, what would be expected, p, and what it does not prove.

1. Every finding says the same five things; the last is never left out.
2. No word accuses: a number "stands out", and people look.
"""

from collections.abc import Mapping
from typing import Any

LOOKS = {
    "overfull": ("있는 것보다 많은 표·명부", "more ballots or entries than there are"),
    "duplicates": ("한 전화·이메일이 여러 번 오른 명부", "one telephone or mail on several entries of the roll"),
    "bursts": ("한 구분에 한때 몰린 투표", "casts of one class crowding one moment"),
    "accounts": ("하루에 몰린 가입", "accounts made in one day"),
    "sharing": ("함께 쓰는 기기·전화·주소", "shared devices, telephones, addresses"),
    "sharing-phone": ("전화 하나를 함께 쓰는 큰 무리", "large groups sharing one telephone"),
    "sharing-mail": ("이메일 하나를 함께 쓰는 큰 무리", "large groups sharing one mail address"),
    "sharing-device": ("기기 하나를 함께 쓰는 큰 무리", "large groups sharing one device"),
    "sharing-address": ("주소 하나에 오른 큰 무리", "large groups at one address"),
    "sequences": ("잇달아 등록된 닮은 사람들", "people alike registered one after another"),
    "population": ("사는 사람에 견준 명부", "the roll beside the people who live there"),
    "ages": ("한 나이에 몰린 명부", "single years of age on the roll"),
    "patterns": ("여러 표에 똑같은 긴 표기", "the same long marks on many ballots"),
    "turnout": ("투표소 묶음의 투표율", "turnout of booths' batches"),
    "spoiled": ("투표소 묶음의 무효 비율", "spoiled share of booths' batches"),
    "digits": ("묶음 개표수의 끝자리", "last digits of batches' counts"),
}
NOT_PROOF = {
    "overfull": (
        "명부와 인구·집계의 기준일이나 구역이 다를 수 있습니다.",
        "Rolls, populations and counts may be of other days or borders.",
    ),
    "duplicates": (
        "가족이 번호 하나를 쓰거나 접수원이 제 번호를 적었을 수 있습니다.",
        "A family may share a number, or a clerk may have written theirs.",
    ),
    "bursts": (
        "동 행사, 단체 안내, 현장 투표소가 있던 시간일 수 있습니다.",
        "A meeting, a notice to members, or a booth may have been there just then.",
    ),
    "accounts": ("홍보나 보도가 있던 날일 수 있습니다.", "News or a campaign may have fallen on that day."),
    "sharing": (
        "복지관·도서관·기숙사·공동주택·요양원은 여럿이 함께 씁니다.",
        "Welfare centres, libraries, dormitories, care homes are shared by many.",
    ),
    "sequences": (
        "현장 접수나 단체 접수는 같은 동 사람을 잇달아 적습니다.",
        "A stand or an association registers neighbours one after another.",
    ),
    "population": (
        "어떤 곳과 나이는 더 열심히 모였을 수 있습니다.",
        "Some places and ages may simply have been keener.",
    ),
    "ages": (
        "인구 자체가 그 나이에 많거나 한 학교·단체가 함께했을 수 있습니다.",
        "That year may be large, or a school may have taken part.",
    ),
    "patterns": (
        "같은 뜻을 가진 사람들, 추천 목록을 따른 사람들일 수 있습니다. 매수나 강요의 증거가 아닙니다.",
        "People may agree, or follow a list somebody recommended. It is no proof of buying or pressure.",
    ),
    "turnout": ("투표소마다 둘레 사정이 다릅니다.", "Booths differ in what surrounds them."),
    "spoiled": (
        "설명이나 용지, 어르신이 많은 곳의 차이일 수 있습니다.",
        "Instructions, papers, or many old people may explain it.",
    ),
    "digits": (
        "끝자리 검정은 약합니다: 꾸민 수도 고를 수 있고, 고른 수도 어쩌다 기웁니다.",
        "A weak test: invented digits can be even, and honest ones lean by chance.",
    ),
}
KEPT = ("이 보고로 뺀 표는 하나도 없습니다.", "No vote was discounted because of this report.")
LABELS = {
    "class": ("구분", "class"),
    "channel": ("경로", "channel"),
    "moment": ("때", "moment"),
    "place": ("곳", "place"),
    "day": ("날", "day"),
    "kind": ("종류", "kind"),
    "size": ("크기(이상)", "size, at least"),
    "sex": ("성별", "sex"),
    "ages": ("나이", "ages"),
    "age": ("나이", "age"),
    "marks": ("표기", "marks"),
    "booth": ("투표소", "booth"),
    "batch": ("묶음", "batch"),
    "digit": ("끝자리", "last digit"),
    "alike": ("닮은 점", "alike in"),
    "of": ("견준 것", "beside"),
    "side": ("쪽", "side"),
    "groups": ("무리", "groups"),
    "largest": ("가장 큰 무리", "largest group"),
}


def words(name: str, table: Mapping[str, tuple[str, str]], english: bool) -> str:
    """The words of a look; looks of one family share what they do not prove."""
    return table.get(name, table.get(name.partition("-")[0], (name, name)))[english]


def told(report: Mapping[str, Any], lang: str = "ko") -> str:
    """The whole report as text."""
    english = lang == "en"
    lines = [
        f"Integrity report, {report['poll']}" if english else f"무결성 보고: {report['poll']}",
        f"seed {report['seed']} · input {report['input']} · level {report['level']}"
        if english
        else f"씨앗 {report['seed']} · 입력 {report['input']} · 수준 {report['level']}",
        KEPT[english],
        "",
    ]
    for look in report["looks"]:
        lines.append(_look(look, english))
    head = (
        ("눈에 띄는 것:", "Stands out:") if report["findings"] else ("눈에 띄는 것이 없습니다.", "Nothing stands out.")
    )
    lines += ["", head[english]]
    for number, found in enumerate(report["findings"], 1):
        lines += _finding(number, found, english)
    return "\n".join(lines)


def _look(look: Mapping[str, Any], english: bool) -> str:
    title = words(look["look"], LOOKS, english)
    if look["needs"]:
        return f"- {title}: " + (
            f"not looked at (needs {look['needs']})" if english else f"보지 못함 (필요: {look['needs']})"
        )
    if look["p"] is None:
        return f"- {title}: " + ("counted" if english else "세어 봄")
    said = (
        f"{look['tested']:,} cells, unevenness {look['uneven']}"
        if english
        else f"{look['tested']:,}칸, 고르지 않음 {look['uneven']}"
    )
    return f"- {title}: {said}, p = {chance(look['p'])}"


def _finding(number: int, found: Mapping[str, Any], english: bool) -> list[str]:
    where = ", ".join(f"{LABELS[key][english]} {value}" for key, value in found["where"].items() if value)
    seen, usual = count(found["number"], english), found["expected"]
    line = f"{number}. {words(found['look'], LOOKS, english)} — {where}: {seen}"
    if usual is not None:
        line += f" (expected {usual:,g})" if english else f" (기대 {usual:,g})"
    line += (
        f", p = {chance(found['p'])}"
        if found["p"] is not None
        else (", a count, not a test" if english else ", 검정이 아니라 센 수")
    )
    proof = "Does not prove fraud. " if english else "부정의 증명이 아닙니다. "
    return [line, f"   {proof}{words(found['look'], NOT_PROOF, english)} {KEPT[english]}"]


def count(number: int | None, english: bool) -> str:
    """A number, or that it is too small to be told."""
    return f"{number:,}" if number is not None else ("fewer than 5" if english else "5 미만")


def chance(p: float) -> str:
    """0.004 · < 0.0001."""
    return "< 0.0001" if p < 1e-4 else f"{p:.2g}"
