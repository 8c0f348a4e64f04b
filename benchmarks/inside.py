"""Measurements inside the house, each a program of its own: `python benchmarks/inside.py WHAT` prints one JSON line.

seal     100,000 lines written, sealed, downloaded and verified (in a house of its own)
search   two hundred questions over the whole city
queries  how many queries each page takes when nothing is kept
counts   rows and counters after a run of acts
ballots  open papers for a run of votes: their ids
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from madang.decisions.models import Ballot, Option, SealedVote  # noqa: E402
from madang.deliberation.models import Opinion  # noqa: E402
from madang.doors import founding, preparing  # noqa: E402
from madang.doors.web import donut  # noqa: E402
from madang.matters import search as finding  # noqa: E402
from madang.matters.models import Matter  # noqa: E402
from madang.processes import library  # noqa: E402
from madang.processes.models import Process, RecipeText  # noqa: E402
from madang.proposals.models import Support  # noqa: E402
from madang.record import Note, write  # noqa: E402
from madang.record.models import Entry, Leaf  # noqa: E402
from madang.record.queries import download  # noqa: E402
from madang.record.sealer import seal_all  # noqa: E402

NOW = datetime.now(UTC)


def seal(lines: int = 100_000) -> dict:
    preparing.prepare()
    founding.found(datetime.now(UTC), "seoul-2018")
    seal_all()
    with transaction.atomic():
        for start in range(0, lines, 1_000):
            notes = [
                Note(
                    f"proposals.support:{n}",
                    n % 9_000,
                    1,
                    {"supports": n % 90, "words": f"sha256:{sha256(str(n).encode()).hexdigest()}"},
                )
                for n in range(start, start + 1_000)
            ]
            write(
                notes,
                actors=[f"{n:032x}" for n in range(1_000)],
                act="proposals.support",
                at=datetime.now(UTC),
                door="web",
            )
    before = Leaf.objects.count()
    began = time.perf_counter()
    seal_all()
    sealed = time.perf_counter() - began
    assert Leaf.objects.count() == before + lines
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        began = time.perf_counter()
        download(file)
        file.flush()
        taken = time.perf_counter() - began
        began = time.perf_counter()
        subprocess.run(
            [Path(sys.executable).parent / "madang", "verify", file.name], check=True, stdout=subprocess.DEVNULL
        )
        verified = time.perf_counter() - began
    return {"lines": lines, "seal_s": sealed, "download_s": taken, "verify_s": verified}


QUESTIONS = [
    "공원",
    "의자",
    "가로등",
    "골목",
    "시장",
    "청년",
    "보도",
    "하천",
    "빈집",
    "둘레길",
    "한강공원",
    "자전거도로",
    "반려동물놀이터",
    "공기질측정기",
    "작은도서관",
    "마을버스",
    "신호등",
    "재활용정거장",
    "무장애경사로",
    "청년월세",
    "어르신",
    "한부모가정",
    "없는낱말",
    "가라",
    "나다",
    "보조",
    "지하철역",
]


def search(rounds: int = 8) -> dict:
    questions = [*QUESTIONS, *(f"{a} {b}" for a, b in zip(QUESTIONS, QUESTIONS[5:], strict=False))]
    for question in questions:
        finding.search(question)
    times = []
    found = 0
    for _round in range(rounds):
        for question in questions:
            began = time.perf_counter()
            found += len(finding.search(question, limit=20))
            times.append((time.perf_counter() - began) * 1_000)
    times.sort()
    return {
        "asked": len(times),
        "found": found,
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[int(len(times) * 0.99)],
    }


def queries() -> dict:
    """Queries of each page: for a visitor with nothing kept, and for somebody signed in with the page kept."""
    known = json.loads((Path(os.environ["MADANG_HOME"]) / "bench.json").read_text())
    counted = {}
    for name, path in pages(known).items():
        visitor, clerk = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
        clerk.cookies["madang"] = known["testers"][0]["session"]
        visitor.get(path)  # what is read once a program: recipes, templates
        donut.forget()
        with CaptureQueriesContext(connection) as cold:
            assert visitor.get(path).status_code in {200, 302}, path
        with CaptureQueriesContext(connection) as signed:
            assert clerk.get(path).status_code == 200, path
        counted[name] = {"visitor": len(cold), "signed": len(signed)}
    return counted


def pages(known: dict) -> dict[str, str]:
    """The pages that are measured; page 500 of the list by its cursor."""
    edge = Matter.objects.count() - 499 * 20 + 1 if Matter.objects.count() > 20_000 else 41
    numbers = known["numbers"]
    return {
        "home": "/",
        "list p.1": "/matters/",
        "list p.500": f"/matters/?cursor={cursor(edge)}",
        "의제 (forum)": f"/m/{numbers['forum'][-1]}/",
        "의제 (gathering)": f"/m/{numbers['gathering'][0]}/",
        "process": f"/p/{known['process']}/",
        "desk": "/desk/",
        "me": "/me/",
    }


def cursor(edge: int) -> str:
    """The list's cursor for "older than this id", as proposals.queries writes it."""
    from madang.proposals.queries import _write

    return _write("new", Matter(pk=edge), back=False)


def counts() -> dict:
    """Rows now; the difference of two calls is what happened in between."""
    return {
        "supports": Support.objects.count(), "opinions": Opinion.objects.count(), "votes": SealedVote.objects.count(),
        "entries": Entry.objects.count(),
    }  # fmt: skip


def ballots(number: int = 97) -> dict:
    """Fresh papers of three lines, open for a week, in a process of the participatory budget."""
    rules = library.edition("participatory-budget-city@2019-02-11")
    digest = f"sha256:{rules.digest()}"
    RecipeText.objects.get_or_create(digest=digest, defaults={"text": rules.freeze(), "first_used_at": NOW})
    first = Matter.objects.order_by("id")[:3]
    process, _made = Process.objects.get_or_create(
        key="bench-votes",
        defaults={
            "recipe_key": rules.key, "recipe_id": digest, "name": "투표", "place": first[0].place, "opened_at": NOW, "synthetic": True,
        },
    )  # fmt: skip
    rule = {
        "engine": "ballots@2", "kind": "approval", "counting": "greedy", "secrecy": "signed-in", "weights": {"verified": 100},
        "least": 0, "most": 2, "ties": ["votes", "cheaper", "order"],
    }  # fmt: skip
    made = Ballot.objects.bulk_create(
        Ballot(
            process=process, phase="vote", question="어느 것을 먼저 할까요?", use="예산안에 담습니다.", rule=rule, synthetic=True,
            opens_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(days=7),
        )
        for _ballot in range(number)
    )  # fmt: skip
    Option.objects.bulk_create(
        Option(ballot=ballot, matter=matter, place=place, where=matter.place)
        for ballot in made for place, matter in enumerate(first, start=1)
    )  # fmt: skip
    return {"ballots": [ballot.pk for ballot in made]}


def paths() -> dict:
    return pages(json.loads((Path(os.environ["MADANG_HOME"]) / "bench.json").read_text()))


if __name__ == "__main__":
    print(
        json.dumps(
            {"seal": seal, "search": search, "queries": queries, "counts": counts, "paths": paths, "ballots": ballots}[sys.argv[1]](
                *map(int, sys.argv[2:])
            )
        )
    )
