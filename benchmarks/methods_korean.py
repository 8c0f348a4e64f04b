"""Korean texts: an index over a hundred thousand wishes beside two peers, and how well it suggests, by labels made by hand.

Peers, in the same run on the same texts: scikit-learn's tf-idf over pairs and triples of letters (sparse dot product)
and SQLite's FTS5 with its trigram tokenizer (OR of the triples, ranked). Made-up wishes: place, number of the dong,
spot, reason, object, act. The labels are benchmarks/korean_labels.toml; the petitions are in the folder MADANG_SHARED.
"""

import json
import random
import resource
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

from madang.methods.korean import Index, find
from madang.methods.korean.topics import topics
from methods import Line

LABELS = Path(__file__).with_name("korean_labels.toml")
GU = """
종로|용산|성동|광진|동대문|중랑|성북|강북|도봉|노원|은평|서대문|마포|양천|강서|구로|금천|영등포|
동작|관악|서초|강남|송파|강동
"""
DONG = """
시흥|독산|가산|신림|봉천|상도|사당|방배|역삼|논현|잠실|천호|길동|화양|구의|면목|망우|공릉|상계|
창동|쌍문|수유|장위|석관|돈암|정릉|안암
"""
SPOT = """
초등학교 앞|지하철역 출구|버스 정류장 옆|어린이 놀이터|하천 산책로|골목길|전통시장 입구|경로당 주변|
공원 안|횡단보도|도서관 뒤편|보행로|주차장
"""
WHY = """
밤에 너무 어두워서|아이들이 자주 다쳐서|비만 오면 물이 고여서|어르신들이 다니기 힘들어|냄새가 심해서|
고장 난 지 오래라|휠체어가 지나갈 수 없어
"""
WHAT = """
가로등|신호등|안전 난간|그늘막|벤치|쓰레기통|과속 방지턱|CCTV|공중화장실|음수대|운동 기구|
점자 블록|자전거 거치대|빗물받이|안내판|꽃밭|경사로
"""
ACT = """
설치해 주세요|고쳐 주세요|늘려 주세요|옮겨 주세요|없애 주세요|자주 청소해 주세요|새로 칠해 주세요|
점검해 주시기 바랍니다
"""
GU_, DONG_, SPOT_, WHY_, WHAT_, ACT_ = (words.replace("\n", "").split("|") for words in (GU, DONG, SPOT, WHY, WHAT, ACT))


def lines(shared: Path, quick: bool) -> Iterator[Line]:
    """Seconds of processor time; 99th percentiles over single questions."""
    texts = wishes(10_000 if quick else 100_000)
    yield from speed(texts)
    yield from peers(texts)
    petitions = sorted((shared / "data" / "petitions").glob("*.jsonl"))
    if not petitions:
        yield Line("real petitions", "absent: MADANG_SHARED", "", "", "")
        return
    rows = [json.loads(line) for file in petitions for line in file.read_text("utf-8").splitlines()]
    yield from with_bodies(len(texts), petitions)
    yield from quality(rows)
    yield from grouped(rows)


def wishes(number: int) -> list[str]:
    chance = random.Random(20260901)
    pick = chance.choice
    return [
        f"{pick(GU_)}구 {pick(DONG_)}{chance.randint(1, 9)}동 {pick(SPOT_)} {pick(WHY_)} {pick(WHAT_)}{pick(['을', '를', ''])} {pick(ACT_)}"
        for _ in range(number)
    ]


def copied(text: str, chance: random.Random) -> str:
    """One to three edits, or the spaces dropped."""
    if chance.random() < 0.25:
        return text.replace(" ", "")
    letters = list(text)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(letters))
        edit = chance.choice(("drop", "swap", "add"))
        if edit == "drop":
            letters.pop(at)
        else:
            letters[at : at + (edit == "swap")] = chance.choice("가나다라마바사아자 ")
    return "".join(letters)


def asked(texts: Sequence[str], number: int) -> list[tuple[str, str]]:
    chance = random.Random(7)
    chosen = chance.choices(texts, k=number)
    return [(text, copied(text, chance)) for text in chosen]


def speed(texts: Sequence[str]) -> Iterator[Line]:
    code = f"import sys; sys.path[:0] = {sys.path!r}\nimport methods_korean as m\nm.alone({len(texts)})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    got = json.loads(done.stdout)
    many = f"{len(texts):,} texts"
    build, p99, first = f"{got['build']:.1f} s", f"{got['p99']:.1f} ms", f"{got['first']:.1%}"
    yield Line(f"{many}: building the index; peak memory", f"{build}; {got['mb']:.0f} MB", "", "≤ 60 s", build, got["build"] <= 60)
    yield Line(f"{many}: one like mine, p50 / p99", f"{got['p50']:.1f} / {p99}", "", "≤ 20 ms", p99, got["p99"] <= 20)
    yield Line(f"{many}: near copies (1–3 edits, spaces dropped) first", first, "", "≥ 98 %", first, got["first"] >= 0.98)
    yield Line(f"{many}: adding and removing one", f"{got['change']:.3f} ms", "", "", "")
    yield Line("3,000 texts: finding while typing (ㅂㅎㄹ)", f"{got['typing']:.1f} ms", "", "", "")


def alone(number: int) -> None:
    """The figures of the index in a process of its own, as JSON."""
    texts = wishes(number)
    index = Index()
    build = took(lambda: [index.add(str(place), text) for place, text in enumerate(texts)])
    times, first = [], 0
    questions = asked(texts, 600)
    for text, question in questions:
        started = time.process_time()
        best = index.like(question)[0]
        times.append((time.process_time() - started) * 1000)
        first += texts[int(best.key)] == text
    change = took(lambda: [(index.add("new", text), index.remove("new")) for text in texts[:500]]) * 2
    typing = took(lambda: find("ㅂㅎㄹ", {str(n): text for n, text in enumerate(texts[:3_000])})) * 1000
    print(json.dumps({
        "build": build, "p50": sorted(times)[len(times) // 2], "p99": sorted(times)[int(len(times) * 0.99)], "change": change,
        "first": first / len(questions), "typing": typing, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))


def with_bodies(number: int, petitions: Sequence[Path]) -> Iterator[Line]:
    """The same wishes, each with a body of 600 letters."""
    code = f"import sys; sys.path[:0] = {sys.path!r}\nimport methods_korean as m\nm.bodied({number}, {list(map(str, petitions))!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    got = json.loads(done.stdout)
    many = f"{number:,} texts with bodies of 600 letters"
    build, p99, first = f"{got['build']:.1f} s", f"{got['p99']:.1f} ms", f"{got['first']:.1%}"
    size = f"{build}; {got['mb']:.0f} MB"
    yield Line(f"{many}: building the index; peak memory, the texts in it", size, "", "≤ 60 s", build, got["build"] <= 60)
    yield Line(f"{many}: one like this title, p50 / p99", f"{got['p50']:.1f} / {p99}", "", "≤ 20 ms", p99, got["p99"] <= 20)
    whole = f"{got['whole99']:.1f} ms"
    both = f"{got['whole50']:.1f} / {whole}"
    yield Line(f"{many}: one like this title and body, p50 / p99", both, "", "≤ 20 ms", whole, got["whole99"] <= 20)
    yield Line(f"{many}: near copies of titles first", first, "", "≥ 98 %", first, got["first"] >= 0.98)


def bodied(number: int, petitions: Sequence[str]) -> None:
    """The figures with bodies, in a process of its own, as JSON."""
    rows = [json.loads(line) for file in petitions for line in Path(file).read_text("utf-8").splitlines()]
    texts, bodies = wishes(number), written([row["content"] for row in rows], number)
    index = Index()
    build = took(lambda: [index.add(str(place), *pair) for place, pair in enumerate(zip(texts, bodies, strict=True))])
    chance = random.Random(11)
    titles, wholes, first = [], [], 0
    for _ in range(600):
        place = chance.randrange(number)
        question = copied(texts[place], chance)
        started = time.process_time()
        best = index.like(question)[0]
        titles.append((time.process_time() - started) * 1000)
        first += texts[int(best.key)] == texts[place]
        body = copied(bodies[place], chance)
        wholes.append(took(lambda question=question, body=body: index.like(question, body)) * 1000)
    quantile = [sorted(times)[len(times) * part // 100] for times in (titles, wholes) for part in (50, 99)]
    print(json.dumps(dict(zip(("p50", "p99", "whole50", "whole99"), quantile, strict=True)) | {
        "build": build, "first": first / 600, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))


def written(contents: Sequence[str], number: int, letters: int = 600) -> list[str]:
    """Made-up bodies: words follow each other as in the petitions (pairs of words), so that common ones are as common; nobody's text."""
    after: dict[str, list[str]] = {}
    for content in contents:
        words = content.split()
        for word, following in pairwise(words):
            after.setdefault(word, []).append(following)
    begin, chance, found = sorted(after), random.Random(600), []
    for _ in range(number):
        word, words, length = chance.choice(begin), [], 0
        while length < letters:
            words.append(word)
            length += len(word) + 1
            word = chance.choice(after.get(word) or begin)
        found.append(" ".join(words))
    return found


def peers(texts: Sequence[str]) -> Iterator[Line]:
    questions = asked(texts, 60)
    for name, made in (("scikit-learn tf-idf, pairs and triples", sklearn), ("SQLite FTS5 trigram, OR, ranked", fts5)):
        started = time.process_time()
        ask = made(texts)
        build = time.process_time() - started
        times, first = [], 0
        for text, question in questions:
            started = time.process_time()
            best = ask(question)
            times.append((time.process_time() - started) * 1000)
            first += best is not None and texts[best] == text
        figures = f"{build:.1f} s; {sorted(times)[30]:.1f} / {max(times):.1f} ms; {first / len(questions):.0%}"
        yield Line(f"beside it, {name}: build; p50 / worst of 60; near copies first", "", figures, "", "")


def sklearn(texts: Sequence[str]) -> Callable[[str], int | None]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    matrix = vectors.fit_transform(texts).T.tocsr()
    return lambda question: int((vectors.transform([question]) @ matrix).toarray().argmax())


def fts5(texts: Sequence[str]) -> Callable[[str], int | None]:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
    base.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", enumerate(texts))

    def ask(question: str) -> int | None:
        pieces = {question[at : at + 3] for at in range(len(question) - 2)}
        match = " OR ".join(f'"{piece}"' for piece in sorted(pieces) if '"' not in piece)
        row = base.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 1", [match]).fetchone()
        return row[0] if row else None

    return ask


def quality(rows: Sequence[dict[str, Any]]) -> Iterator[Line]:
    labels = tomllib.loads(LABELS.read_text("utf-8"))
    by = {int(row["petition_idx"]): row for row in rows}
    for bodies in (True, False):
        index = Index()
        for row in rows:
            index.add(row["petition_idx"], row["title"], row["content"] if bodies else "")
        what = "titles and bodies" if bodies else "titles only"
        yield own_words(index, labels["same"], what)
        yield one_of_them(index, labels["same"], by, what, bodies)
    index = Index()
    for row in rows:
        index.add(row["petition_idx"], row["title"], row["content"])
    yield from floors(index, labels, by)
    chance = random.Random(3)
    titled = [row for row in rows if sum(map(str.isalnum, row["title"])) >= 6]
    some = chance.sample(titled, 400)
    first = sum(index.like(copied(row["title"], chance), most=1)[0].key == row["petition_idx"] for row in some) / len(some)
    yield Line("400 near copies of real titles: the original first", f"{first:.1%}", "", "≥ 98 %", f"{first:.1%}", first >= 0.98)


def own_words(index: Index, same: Sequence[dict[str, Any]], what: str) -> Line:
    hits, ten, found = [], [], []
    for wish in same:
        got = [int(each.key) for each in index.like(wish["ask"])]
        hits.append(bool(got) and got[0] in wish["ids"])
        ten.append(bool(set(got) & set(wish["ids"])))
        found.append(len(set(got) & set(wish["ids"])) / min(10, len(wish["ids"])))
    figures = f"{mean(hits):.0%} / {mean(ten):.0%} / {mean(found):.0%}"
    return Line(f"{len(same)} wishes in our own words, {what}: first right / one of ten right / recall in ten", figures, "", "", "")


def one_of_them(index: Index, same: Sequence[dict[str, Any]], by: dict[int, dict[str, Any]], what: str, bodies: bool) -> Line:
    hits, found, precision = [], [], []
    for wish in same:
        for one in wish["ids"]:
            others = set(wish["ids"]) - {one}
            if not others:
                continue
            got = [int(each.key) for each in index.like(by[one]["title"], by[one]["content"] if bodies else "", without={str(one)})]
            hits.append(bool(got) and got[0] in others)
            found.append(len(others & set(got)) / len(others))
            precision.append(len(others & set(got[: len(others)])) / len(others))
    figures = f"{mean(hits):.0%} / {mean(found):.0%} / {mean(precision):.0%}"
    asked_ = f"{len(hits)} petitions, each asked for the others of its wish, {what}"
    return Line(f"{asked_}: first right / recall in ten / R-precision", figures, "", "", "")


def floors(index: Index, labels: dict[str, Any], by: dict[int, dict[str, Any]]) -> Iterator[Line]:
    """If everything above a floor were suggested: which pairs of one wish, which pairs that only look alike."""
    alike = [(a, b) for wish in labels["same"] for a in wish["ids"] for b in wish["ids"] if a < b]
    unlike = [tuple(pair) for pair in labels["unlike"]]
    score = {pair: likeness(index, by, *pair) for pair in {*alike, *unlike}}
    for floor in (0.1, 0.15, 0.2, 0.3, 0.4):
        right = sum(score[pair] >= floor for pair in alike)
        wrong = sum(score[pair] >= floor for pair in unlike)
        figures = f"{right / (right + wrong):.0%} / {right / len(alike):.0%}"
        pairs = f"{len(alike)} pairs of one wish, {len(unlike)} that look alike and are not"
        yield Line(f"{pairs}, floor {floor}: precision / recall", figures, "", "", "")


def likeness(index: Index, by: dict[int, dict[str, Any]], one: int, other: int) -> float:
    found = index.like(by[one]["title"], by[one]["content"], most=80, without={str(one)})
    return next((each.likeness for each in found if int(each.key) == other), 0.0)


def grouped(rows: Sequence[dict[str, Any]]) -> Iterator[Line]:
    said = [f"{row['title']} {row['content'][:1_000]}" for row in rows]
    chosen = [row["category"] for row in rows]
    started = time.process_time()
    mine = topics(said, 17).of
    spent = time.process_time() - started
    some = [(a, b) for a, b in zip(mine, chosen, strict=True) if b != "기타"]
    figures = f"{nmi(mine, chosen):.2f}; {nmi(*zip(*some, strict=True)):.2f}"
    what = f"{len(rows):,} petitions into 17 topics, {spent:.1f} s"
    yield Line(f"{what}: NMI with the category people chose; without 'other'", figures, "", "", "")


def nmi(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Normalised mutual information: 1 for the same grouping, 0 for none in common."""
    number = len(one)
    first, second, both = Counter(one), Counter(other), Counter(zip(one, other, strict=True))
    shared = sum(c / number * log(c * number / (first[a] * second[b])) for (a, b), c in both.items())
    spread = -sum(c / number * log(c / number) for counted in (first, second) for c in counted.values())
    return 2 * shared / spread


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def took(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started
