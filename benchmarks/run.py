"""`make bench`: the house beside nginx and beside a bare Django view, in one run; prints ratios as a table.

1. A figure is a ratio to a peer measured in turns with it, on the same cores, in the same minutes.
2. The city is built once for each database and kept under --keep; later runs start at once.
3. What cannot be measured here is said, not left out silently.

python benchmarks/run.py [--scale 0.01] [--only pages,signed,acts,seal,search,queries,sealed,closing]
       [--db sqlite,postgresql] [--keep DIR] [--write]
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import box
import closing
import machines
import measures
import sealed
from machines import Absent, Postgres
from methods import Line

PARTS = ("queries", "search", "seal", "pages", "signed", "acts", "box", "sealed", "closing")
DATABASES = ("sqlite", "postgresql")
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"


def parse() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--scale", type=float, default=1.0, help="share of the big city (1 = 100,000 의제)")
    words.add_argument("--only", default=",".join(PARTS), help="which parts, separated by commas")
    words.add_argument("--db", default=",".join(DATABASES), help="which databases")
    words.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "madang-bench", help="where cities are kept"
    )
    words.add_argument("--seconds", type=float, default=3.0, help="length of each pressing")
    words.add_argument("--times", type=int, default=3, help="turns; the best of them counts")
    words.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    return words.parse_args()


def main() -> int:
    given = parse()
    chosen = set(given.only.split(","))
    if unknown := chosen - set(PARTS):
        sys.exit(f"--only: {', '.join(sorted(unknown))}? There are {', '.join(PARTS)}.")
    given.keep.mkdir(parents=True, exist_ok=True)
    given.keep.chmod(0o755)  # the user postgres walks through
    lines = [*heading(given)]
    cluster: Postgres | None = None
    try:
        for database in given.db.split(",") if chosen - {"sealed", "closing"} else ():
            if database == "postgresql":
                try:
                    cluster = Postgres(given.keep)
                    cluster.start()
                except Absent as absent:
                    lines.append(f"| postgresql | everything | left out: {absent} | | |")
                    continue
            for line in measured(given, chosen, database, cluster):
                print(line, flush=True)
                lines.append(line)
    finally:
        if cluster is not None:
            cluster.stop()
    if "sealed" in chosen:
        for line in sealed_ballots(given):
            print(line, flush=True)
            lines.append(line)
    if "closing" in chosen:
        for each in closing.lines(max(1_000, int(closing.BALLOTS * given.scale))):
            lines.append(without_database(each))
            print(lines[-1], flush=True)
    print("\n" + "\n".join(lines))
    if given.write:
        write(lines)
    return 1 if any("| missed" in line for line in lines) else 0


def heading(given: argparse.Namespace) -> list[str]:
    """Machine and columns."""
    cores = os.cpu_count()
    return [
        f"{datetime.now(UTC).date().isoformat()}, {cores} cores {processor()}, Python {platform.python_version()}, scale {given.scale:g}, "
        f"best of {given.times} turns of {given.seconds:g} s, {machines.CONNECTIONS} connections.",
        "",
        "| database | what | peer | ours | ratio, or figure | wanted | |",
        "|---|---|---|---|---|---|---|",
    ]


def processor() -> str:
    cpu = Path("/proc/cpuinfo")
    names = (
        [line.split(":")[1].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")]
        if cpu.exists()
        else []
    )
    return names[0] if names else platform.machine()


def measured(given: argparse.Namespace, chosen: set[str], database: str, cluster: Postgres | None):
    """The lines of one database, as they come."""
    if "box" in chosen:
        (given.keep / database).mkdir(exist_ok=True)
        try:
            yield from box.lines(database, given, peers_database(given, database, cluster), cluster)
        except Absent as absent:
            yield f"| {database} | box | | | left out: {absent} | | |"
    if chosen <= {"box", "sealed", "closing"}:
        return
    big = city(given, database, cluster, given.scale, "city")
    if "queries" in chosen:
        yield from measures.queries(database, big, city(given, database, cluster, given.scale / 100, "small"))
    if "search" in chosen:
        yield from measures.search(database, big)
    if "seal" in chosen:
        yield from measures.seal(database, fresh(given, database, cluster))
    for part in ("pages", "signed", "acts"):
        if part in chosen:
            try:
                yield from getattr(measures, part)(database, big, given, peers_database(given, database, cluster))
            except Absent as absent:
                yield f"| {database} | {part} | | | left out: {absent} | | |"


def sealed_ballots(given: argparse.Namespace):
    """Sealed polls need no database: the audit and blind signing beside the bare cryptography."""
    for each in sealed.lines([max(3_000, int(ballots * given.scale)) for ballots in (10_000, 100_000)], given.keep):
        yield without_database(each)


def without_database(each: Line) -> str:
    held = {True: "held", False: "missed", None: ""}[each.held]
    return f"| – | {each.what} | {each.peer} | {each.ours} | {each.got} | {each.wanted} | {held} |"


def environment(home: Path, url: str) -> dict[str, str]:
    return {
        "MADANG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "madang.settings",
        **({"DATABASE_URL": url} if url else {}),
    }


def city(given: argparse.Namespace, database: str, cluster: Postgres | None, scale: float, name: str) -> dict[str, str]:
    """The environment of a seeded city; built when it is not there yet."""
    label = f"{name}-{scale:g}".replace(".", "_")
    home = given.keep / database / label
    url = cluster.url(label) if cluster and database == "postgresql" else ""
    found = environment(home, url)
    if not (home / "bench.json").exists():
        shutil.rmtree(home, ignore_errors=True)
        if url and cluster:
            cluster.drop(label)
            cluster.url(label)
        print(f"building {database} {label} …", flush=True)
        subprocess.run(
            [sys.executable, measures.HERE / "seed.py", "--scale", str(scale)], env={**os.environ, **found}, check=True
        )
    return found


def fresh(given: argparse.Namespace, database: str, cluster: Postgres | None) -> dict[str, str]:
    """An empty house."""
    home = given.keep / database / "empty"
    shutil.rmtree(home, ignore_errors=True)
    url = ""
    if cluster and database == "postgresql":
        cluster.drop("empty")
        url = cluster.url("empty")
    return environment(home, url)


def peers_database(given: argparse.Namespace, database: str, cluster: Postgres | None) -> dict[str, str]:
    """The bare view's own database, of the same kind."""
    url = (
        cluster.url("bare")
        if cluster and database == "postgresql"
        else f"sqlite:///{given.keep / database / 'bare.sqlite3'}"
    )
    found = {"BARE_DATABASE_URL": url}
    bare = measures.HERE / "bare"
    subprocess.run(
        [sys.executable, "-c", "import site_; site_.fill()"], env={**os.environ, **found}, cwd=bare, check=True
    )
    return found


def write(lines: list[str]) -> None:
    text = README.read_text()
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    README.write_text(f"{head}{BEGIN}\n\n{chr(10).join(lines)}\n\n{END}{tail}")


if __name__ == "__main__":
    sys.exit(main())
