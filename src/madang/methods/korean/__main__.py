"""`madang korean like|topics|terms|find FILE …`: short Korean texts, their likes, topics, key terms, and finding while typing.

Exit codes: 0 done · 1 a bad file · 2 wrongly called.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from madang.methods.korean.jamo import find
from madang.methods.korean.like import Index, Match
from madang.methods.korean.textfile import BadFile
from madang.methods.korean.texts import Columns, Text, read_texts
from madang.methods.korean.topics import Cut, Term, morphemes, terms, terms_by, topics, words

PAIRS_MAX = 1_000


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    try:
        wish = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        texts = read_texts(wish.file, Columns(wish.title, wish.body, wish.id, getattr(wish, "by", "")))
        told, lines = DOES[wish.command](texts, wish)
    except BadFile as fault:
        print(fault, file=sys.stderr)
        return 1
    except (ValueError, ModuleNotFoundError) as fault:
        print(fault, file=sys.stderr)
        return 2
    print(json.dumps(told, ensure_ascii=False) if wish.json else "\n".join(lines))
    return 0


Answer = tuple[dict[str, Any], list[str]]


def _like(texts: Sequence[Text], wish: argparse.Namespace) -> Answer:
    index = Index(name for name in wish.places.split(",") if name)
    for text in texts:
        index.add(text.key, text.title, text.body)
    titles = {text.key: text.title for text in texts}
    if wish.query:
        found = index.like(wish.query, most=wish.most, floor=0.0 if wish.floor is None else wish.floor)
        lines = [_line(each, titles) for each in found] or ["닮은 글이 없습니다. / nothing like it"]
        return {"query": wish.query, "like": [_match(each) for each in found]}, lines
    pairs = _pairs(texts, index, 0.6 if wish.floor is None else wish.floor)[:PAIRS_MAX]
    told = {"pairs": [{"one": one, **_match(each)} for one, each in pairs], "suggestions_only": True}
    lines = [f"{titles[one][:60]}\n{_line(each, titles)}" for one, each in pairs]
    return told, lines or ["닮은 글이 없습니다. / no two are alike"]


def _pairs(texts: Sequence[Text], index: Index, floor: float) -> list[tuple[str, Match]]:
    """Each pair of texts that are alike, once, the likest first."""
    found: dict[tuple[str, str], Match] = {}
    for text in texts:
        for each in index.like(text.title, text.body, floor=floor, without={text.key}):
            found.setdefault((min(text.key, each.key), max(text.key, each.key)), each)
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].likeness, pair[0]))
    return [(one if other == each.key else other, each) for (one, other), each in ranked]


def _match(each: Match) -> dict[str, Any]:
    return {"id": each.key, "likeness": each.likeness, "copy": each.copy, "shared": list(each.shared),
            "places": list(each.places), "elsewhere": each.elsewhere}


def _line(each: Match, titles: dict[str, str]) -> str:
    away = f" · 장소가 다름 elsewhere: {', '.join(each.places)}" if each.elsewhere else ""
    return f"  {each.likeness:.2f}  [{each.key}] {titles[each.key][:60]}  ({', '.join(each.shared)}){away}"


def _topics(texts: Sequence[Text], wish: argparse.Namespace) -> Answer:
    got = topics([f"{text.title} {text.body[:2_000]}" for text in texts], wish.number, cut=_cut(wish))
    told = {
        "topics": [
            {"id": number, "size": each.size, "terms": _terms_told(each.terms), "closeness": each.closeness,
             "typical": [texts[text].key for text in each.typical]}
            for number, each in enumerate(got.topics)
        ],
        "of": {text.key: topic for text, topic in zip(texts, got.of, strict=True)},
    }
    lines = []
    for number, each in enumerate(got.topics, start=1):
        lines.append(f"{number}. {each.size}편: {', '.join(term.word for term in each.terms)}")
        lines += [f"     {texts[text].title[:60]}" for text in each.typical]
    return told, lines or ["갈래를 이룰 낱말이 없습니다. / no words in common"]


def _terms(texts: Sequence[Text], wish: argparse.Namespace) -> Answer:
    said = [f"{text.title} {text.body[:2_000]}" for text in texts]
    if wish.by:
        parts = terms_by(said, [text.part for text in texts], most=wish.most, cut=_cut(wish))
        lines = [f"{part}: {', '.join(term.word for term in each)}" for part, each in parts.items()]
        return {"by": wish.by, "terms": {part: _terms_told(each) for part, each in parts.items()}}, lines
    found = terms(said, most=wish.most, cut=_cut(wish))
    return {"terms": _terms_told(found)}, [f"{term.word}  {term.weight}  ({term.texts}편)" for term in found]


def _terms_told(found: Sequence[Term]) -> list[dict[str, Any]]:
    return [{"word": term.word, "weight": term.weight, "texts": term.texts} for term in found]


def _find(texts: Sequence[Text], wish: argparse.Namespace) -> Answer:
    found = find(wish.query, ((text.key, text.title) for text in texts), wish.most)
    titles = {text.key: text.title for text in texts}
    told = {"query": wish.query, "found": [{"id": each.key, "title": titles[each.key]} for each in found]}
    return told, [f"[{each.key}] {titles[each.key]}" for each in found] or ["찾지 못했습니다. / nothing found"]


def _cut(wish: argparse.Namespace) -> Cut:
    return morphemes() if wish.morphemes else words


DOES: dict[str, Callable[[Sequence[Text], argparse.Namespace], Answer]] = {
    "like": _like, "topics": _topics, "terms": _terms, "find": _find,
}


def _parser() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="madang korean", description="짧은 한국어 글 / short Korean texts")
    commands = ask.add_subparsers(dest="command", required=True)

    def command(name: str, says: str) -> argparse.ArgumentParser:
        each = commands.add_parser(name, help=says, description=says)
        each.add_argument("file", type=Path, metavar="FILE", help="CSV, JSON lines, 한 줄에 한 편 / one text a line")
        each.add_argument("--title", default="", help="제목 열 / column of titles")
        each.add_argument("--body", default="", help="본문 열 / column of bodies")
        each.add_argument("--id", default="", help="번호 열 / column of ids")
        each.add_argument("--json", action="store_true")
        return each

    like = command("like", "닮은 글: 제안일 뿐, 합치지 않음 / like texts: suggestions, never a merge")
    like.add_argument("--query", default="", help="이 글과 닮은 것 / like this one; without it all pairs")
    like.add_argument("--floor", type=float, default=None, help="이보다 닮아야 / at least this likeness")
    like.add_argument("--places", default="", help="알려진 장소 이름들 / known places, with commas")
    like.add_argument("--most", type=int, default=10)
    for name, says in (("topics", "갈래로 묶기 / topics"), ("terms", "열쇳말 / key terms")):
        each = command(name, says)
        each.add_argument("--morphemes", action="store_true", help="kiwipiepy로 / with kiwipiepy where installed")
        if name == "topics":
            each.add_argument("--number", type=int, default=None, help="갈래의 수 / how many topics")
        else:
            each.add_argument("--by", default="", help="열마다 나머지와 견주어 / each part beside the rest")
            each.add_argument("--most", type=int, default=20)
    found = command("find", "치는 동안 찾기: ㅂㅎㄹ, 보해 / find while typing")
    found.add_argument("query", metavar="QUERY")
    found.add_argument("--most", type=int, default=20)
    return ask


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
