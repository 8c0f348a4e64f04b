"""Real browsers in a real city: the house is set up and served as an operator would, people click what they see."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

HERE = Path(__file__).resolve().parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=ko"]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in Path(item.path).parents and "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


class House:
    """A served city: its address, its mail folder, its hands."""

    def __init__(self, home: Path, port: int, env: dict[str, str]) -> None:
        self.home, self.url, self.env = home, f"http://localhost:{port}", env
        self.hands = subprocess.Popen(
            [sys.executable, str(HERE / "hands.py")],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=home,
        )

    def do(self, what: str, /, **given: object) -> object:
        """Something done inside the city (hands.py)."""
        self.hands.stdin.write(json.dumps({"do": what, **given}) + "\n")
        self.hands.stdin.flush()
        said = json.loads(self.hands.stdout.readline())
        assert "fault" not in said, said["fault"]
        return said["is"]

    def code_for(self, email: str, since: float) -> str:
        """The code in the newest letter to `email` written after `since`."""
        until = time.time() + 30
        while time.time() < until:
            for letter in sorted((self.home / "mail").glob("*"), key=lambda f: f.stat().st_mtime, reverse=True):
                if letter.stat().st_mtime >= since - 1 and (code := self._code(letter, email)):
                    return code
            time.sleep(0.2)
        raise AssertionError(f"no letter with a code came to {email}")

    def _code(self, letter: Path, email: str) -> str:
        told = message_from_bytes(letter.read_bytes().split(b"\n" + b"-" * 79)[0], policy=policy.default)
        if email not in str(told["to"]):
            return ""
        text = told.get_body(("plain",)).get_content()
        hit = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{6})\s*$", text, re.M) or re.search(r"\b(\d{6})\b", text)
        return hit.group(1) if hit else ""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A city founded and served for this run, in a folder (and on PostgreSQL a database) of its own."""
    home, port = tmp_path_factory.mktemp("city"), _free_port()
    env = {
        **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "PYTEST_CURRENT_TEST"}},
        "MADANG_HOME": str(home),
        "MADANG_DEMO": "1",
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "journey_settings",
        "PYTHONPATH": str(HERE),
        "PYTHONUNBUFFERED": "1",
        "MADANG_SITE": f"http://localhost:{port}",
    }
    database = _own_database(os.environ.get("DATABASE_URL", ""))
    if database:
        env["DATABASE_URL"] = database
    madang = [str(Path(sys.executable).parent / "madang")]
    subprocess.run([*madang, "setup"], env=env, check=True, cwd=home, capture_output=True)
    log = (home / "server.log").open("w")
    server = subprocess.Popen(
        [*madang, "serve", "--workers", "1"], env=env, stdout=log, stderr=log, cwd=home, start_new_session=True
    )
    served = House(home, port, env)
    try:
        _answers(served, server)
        yield served
    finally:
        served.hands.stdin.close()
        served.hands.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
        log.close()
        _drop_database(database)


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """Debian's Chromium; the module is skipped in words where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: install the Debian package `chromium` to walk the journeys")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the browser journeys need playwright (make test installs it)"
    )
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, house):
    """visitor(…) — a fresh browser window of somebody unknown; context options pass through."""
    from walker import Walker

    opened = []

    def arrive(**options: object) -> "Walker":
        context = chromium.new_context(locale="ko-KR", base_url=house.url, **{"viewport": DESKTOP, **options})
        context.set_default_timeout(20_000)
        opened.append(context)
        return Walker(context.new_page(), house)

    yield arrive
    for context in opened:
        context.close()


@pytest.fixture
def comes(visitor):
    """comes("clerk@example.org") — somebody the city knows, logged in by the code in their mail."""

    def arrive(email: str, **options: object):
        walker = visitor(**options)
        walker.logs_in(email)
        return walker

    return arrive


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(served: House, server: subprocess.Popen) -> None:
    until = time.time() + 60
    while time.time() < until:
        if server.poll() is not None:
            break
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(served.url, timeout=5).close()
            return
        time.sleep(0.3)
    raise AssertionError("the server did not come up:\n" + (served.home / "server.log").read_text()[-3000:])


def _own_database(url: str) -> str:
    """A PostgreSQL database for this run beside the one named; "" on SQLite."""
    if not url.startswith("postgres"):
        return ""
    import psycopg

    name = f"journeys_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _drop_database(url: str) -> None:
    if not url:
        return
    import psycopg

    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')
