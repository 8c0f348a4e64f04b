"""The map in words, Korean or English: what each group stands for, what unites, what divides, what nobody is sure of.

1. Numbers are shares of those who voted; how many they were stands beside them.
2. What rests on fewer people than `anonymity` is not told.
"""

from madang.methods.opinion.areas import Claim
from madang.methods.opinion.mapping import OpinionMap
from madang.methods.opinion.portraits import Said

WORDS = {
    "ko": {
        "head": "참여자 {people:,}명 · 의견 {topics:,}개 · 표 {votes:,}장",
        "unclear": "모둠이 뚜렷하지 않습니다 (실루엣 {silhouette:.2f}).",
        "clear": "모둠 {groups}개 (실루엣 {silhouette:.2f}).",
        "group": "모둠 {name} — {size:,}명",
        "withheld": "모둠 {name} — {least}명보다 적어 밝히지 않습니다.",
        "agree": "찬성", "disagree": "반대",
        "said": "{text}: {share:.0%} {side} ({voters:,}명 가운데 {n:,}명){more}",
        "more": ", 다른 모둠보다 {ratio:.1f}배",
        "nothing": "이 모둠만의 특징적인 의견이 없습니다.",
        "unites": "함께하는 의견", "divides": "갈리는 의견", "unsure": "아직 모르는 의견",
        "united": "{text}: 모든 모둠이 {side}, 평균 {score:.0%}",
        "divided": "{text}: 모둠 {a}와 {b}의 찬성이 {score:.0%}p 다릅니다",
        "passed": "{text}: {score:.0%}가 판단을 미뤘습니다",
        "none": "통계로 말할 수 있는 것이 없습니다.",
        "quote": "“{text}” (의견 {key})", "bare": "의견 {key}",
    },
    "en": {
        "head": "{people:,} people · {topics:,} statements · {votes:,} votes",
        "unclear": "No clear groups (silhouette {silhouette:.2f}).",
        "clear": "{groups} groups (silhouette {silhouette:.2f}).",
        "group": "Group {name} — {size:,} people",
        "withheld": "Group {name} — fewer than {least} people: not told.",
        "agree": "agree", "disagree": "disagree",
        "said": "{text}: {share:.0%} {side} ({n:,} of {voters:,}){more}",
        "more": ", {ratio:.1f} times as likely as elsewhere",
        "nothing": "No statement is this group's own.",
        "unites": "What unites", "divides": "What divides", "unsure": "What people are unsure of",
        "united": "{text}: every group {side}s, {score:.0%} on average",
        "divided": "{text}: groups {a} and {b} are {score:.0%} points apart in agreement",
        "passed": "{text}: {score:.0%} passed",
        "none": "Nothing that statistics would bear out.",
        "quote": "“{text}” (statement {key})", "bare": "statement {key}",
    },
}  # fmt: skip


def portrait(of: OpinionMap, g: int, language: str = "ko") -> str:
    """One group in a few lines; g is the place of the group in `of.grouping.ids`."""
    words, size = WORDS[language], of.sizes()[g]
    if size < of.anonymity:
        return words["withheld"].format(name=name(of, g), least=of.anonymity)
    said = [one for one in of.portraits[g] if one.voters >= of.anonymity]
    lines = [f"- {_said(of, one, words)}" for one in said] or [words["nothing"]]
    return "\n".join([words["group"].format(name=name(of, g), size=size), *lines])


def told(of: OpinionMap, language: str = "ko", most: int = 5) -> str:
    """The whole map in words."""
    words = WORDS[language]
    votes = int(of.conversation.counts()[2].sum())
    head = words["head"].format(people=len(of.conversation), topics=int(of.usable.sum()), votes=votes)
    clear = "clear" if of.grouping.silhouette >= 0.25 else "unclear"
    parts = [head + "\n" + words[clear].format(groups=len(of.grouping), silhouette=of.grouping.silhouette)]
    parts += [portrait(of, g, language) for g in range(len(of.grouping))]
    for key, line, claims in (
        ("unites", "united", of.areas.unites), ("divides", "divided", of.areas.divides), ("unsure", "passed", of.areas.unsure),
    ):  # fmt: skip
        lines = [f"- {_claim(of, one, line, words)}" for one in claims[:most]] or [words["none"]]
        parts.append("\n".join([words[key], *lines]))
    return "\n\n".join(parts) + "\n"


def name(of: OpinionMap, g: int) -> str:
    """A, B, C, … by the group's id."""
    return chr(ord("A") + of.grouping.ids[g] % 26)


def _said(of: OpinionMap, one: Said, words: dict[str, str]) -> str:
    more = words["more"].format(ratio=one.ratio) if one.ratio > 1 else ""
    side = words["agree" if one.agree else "disagree"]
    share = one.n / max(one.voters, 1)
    return words["said"].format(text=_text(of, one.topic, words), share=share, side=side, n=one.n, voters=one.voters, more=more)


def _claim(of: OpinionMap, one: Claim, line: str, words: dict[str, str]) -> str:
    a, b = (name(of, g) if g >= 0 else "" for g in one.between)
    side = words["agree" if one.side > 0 else "disagree"]
    return words[line].format(text=_text(of, one.topic, words), score=one.score, side=side, a=a, b=b)


def _text(of: OpinionMap, topic: int, words: dict[str, str]) -> str:
    key = of.conversation.statements[topic]
    text = " ".join(of.texts.get(key, "").split())
    return words["quote" if text else "bare"].format(text=text if len(text) <= 90 else text[:89] + "…", key=key)
