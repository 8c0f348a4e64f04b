"""Programs the benchmark starts and stops: PostgreSQL, nginx, the product, the bare Django view, and wrk to press them.

1. Everything listens on 127.0.0.1 or a socket of its own, keeps its files under one folder, and is stopped at the end.
2. The product and its peers run side by side on the same cores; `best` takes turns, so that noise hits all alike.
3. A program that is missing is named with its Debian package; what needs it is left out in words.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

HERE = Path(__file__).parent
PYTHON = Path(sys.executable)
PORTS = {"nginx": 5481, "product": 5482, "bare": 5483}
POSTGRES_PORT = 5470
CONNECTIONS = 64
PACKAGES = {"nginx": "nginx-light", "wrk": "wrk", "postgres": "postgresql-15"}


class Absent(Exception):
    """A program this part needs is not installed; the sentence says which package has it."""


def need(name: str, *paths: str) -> str:
    """The program's path. Raises Absent."""
    found = shutil.which(name, path=os.pathsep.join([*paths, os.environ.get("PATH", ""), "/usr/sbin"]))
    if found is None:
        raise Absent(f"{name} is not installed: apt-get install {PACKAGES[name]}")
    return found


@dataclass(frozen=True)
class Pressed:
    """What wrk saw: requests a second, how many answers were not what was asked for, and its slowest hundredth."""

    rate: float
    wrong: int
    p99_ms: float


def press(
    url: str,
    *,
    seconds: float = 3,
    script: str = "",
    words: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Pressed:
    """Press `url` with 64 connections. A script is given `words`; it counts wrong answers itself."""
    command = [need("wrk"), "-t2", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", "--latency", "--timeout", "30s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    command += ["-s", str(HERE / script)] if script else []
    said = subprocess.run(
        [*command, url, *(["--", *words] if words else [])], capture_output=True, text=True, check=True
    ).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))  # type: ignore[union-attr]
    counted = re.search(r"wrong: (\d+)", said) or re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    socket_errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    wrong = int(counted.group(1)) if counted else 0
    wrong += sum(map(int, socket_errors.groups())) if socket_errors else 0
    amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return Pressed(rate, wrong, float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def best(runs: Mapping[str, Callable[[], Pressed]], times: int) -> dict[str, Pressed]:
    """Each run `times` times, in turns; the fastest of each. Wrong answers add up."""
    seen: dict[str, list[Pressed]] = {name: [] for name in runs}
    for _round in range(times):
        for name, run in runs.items():
            seen[name].append(run())
    return {
        name: Pressed(max(one.rate for one in all_), sum(one.wrong for one in all_), min(one.p99_ms for one in all_))
        for name, all_ in seen.items()
    }


# ── databases ────────────────────────────────────────────────────────────────
class Postgres:
    """A cluster of our own in `folder`, run by the user postgres when we are root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "postgres"
        self.bin = Path(need("postgres", "/usr/lib/postgresql/15/bin")).parent

    def _run(self, *command: str | Path) -> str:
        who = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        run = subprocess.run(
            list(map(str, command)),
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
            **({"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}),
        )
        return run.stdout

    def start(self) -> None:
        data = self.folder / "data"
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            who = pwd.getpwnam("postgres")
            os.chown(self.folder, who.pw_uid, who.pw_gid)
        if not (data / "PG_VERSION").exists():
            self._run(self.bin / "initdb", "-D", data, "--locale=C.UTF-8", "-A", "trust", "-U", "postgres")
        options = f"-p {POSTGRES_PORT} -k {self.folder} -c listen_addresses= -c shared_buffers=1GB -c max_wal_size=4GB"
        if not self.runs():
            self._run(self.bin / "pg_ctl", "-D", data, "-o", options, "-l", self.folder / "log", "-w", "start")

    def runs(self) -> bool:
        """Whether a run that was cut short left it running."""
        try:
            self._run(self.bin / "pg_ctl", "-D", self.folder / "data", "status")
        except subprocess.CalledProcessError:
            return False
        return True

    def stop(self) -> None:
        self._run(self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "stop")

    def url(self, name: str) -> str:
        """The address of the database `name`; made if there is none."""
        asked = [self.bin / "psql", "-h", self.folder, "-p", str(POSTGRES_PORT), "-U", "postgres", "-Atc"]
        if self._run(*asked, f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip() != "1":
            self._run(*asked, f'CREATE DATABASE "{name}"')
        return f"postgresql://postgres@{quote(str(self.folder), safe='')}:{POSTGRES_PORT}/{name}"

    def drop(self, name: str) -> None:
        self._run(
            self.bin / "psql",
            "-h",
            self.folder,
            "-p",
            str(POSTGRES_PORT),
            "-U",
            "postgres",
            "-Atc",
            f'DROP DATABASE IF EXISTS "{name}"',
        )


# ── servers ──────────────────────────────────────────────────────────────────
@contextmanager
def served(
    command: Sequence[str | Path], environ: Mapping[str, str], port: int, log: Path, path: str = "/"
) -> Iterator[str]:
    """A server while the block lasts; yields its address once it answers."""
    with log.open("ab") as out:
        server = subprocess.Popen(list(map(str, command)), env={**os.environ, **environ}, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        _answers(server, address + path, log)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _answers(server: subprocess.Popen, url: str, log: Path) -> None:
    for _try in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"{server.args!r} ended at once; see {log}")
        try:
            urlopen(url, timeout=20).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer; see {log}")


def product(environ: Mapping[str, str], log: Path):
    """The house as its operator starts it: `madang serve`."""
    port = PORTS["product"]
    return served([PYTHON.parent / "madang", "serve", "--port", str(port)], environ, port, log)


def bare(environ: Mapping[str, str], log: Path):
    """The peer: bare Django under the same server with the same settings (see bare/site.py)."""
    port = PORTS["bare"]
    command = [
        PYTHON.parent / "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "1",
        "--backlog",
        "1024",
        "--backpressure",
        "256",
        "--no-ws",
        "--log-level",
        "warning",
        "--port",
        str(port),
        "--working-dir",
        HERE / "bare",
        "site_:application",
    ]
    return served(command, environ, port, log, "/hello")


def nginx(folder: Path):
    """nginx with one folder of static files."""
    root = folder / "static-peer"
    root.mkdir(parents=True, exist_ok=True)
    (root / "index.html").write_text("ok")
    conf = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""
    conf.write_text((HERE / "nginx.conf").read_text().format(user=user, folder=folder, root=root, port=PORTS["nginx"]))
    return served([need("nginx"), "-c", conf, "-p", folder], {}, PORTS["nginx"], folder / "nginx.log")
