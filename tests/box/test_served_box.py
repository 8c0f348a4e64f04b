"""The box and the issuer as an operator starts them: real processes, real sockets, real signals, and what they say."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

import sealed_yard
from madang.box.home import Home
from madang.methods.sealed import b64, board, poll, unb64
from sealed_yard import HOUSE, SEAL, WITNESS, leaf_of

MADANG = Path(sys.executable).parent / "madang"
AGENT = "SpyBrowser/1.0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def now(minutes: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def madang(*words: object, **environ: str) -> subprocess.CompletedProcess:
    return subprocess.run([MADANG, *map(str, words)], capture_output=True, text=True, env={**os.environ, **environ})


class Server:
    """`madang box serve` (or another) until the test is over."""

    def __init__(self, log: Path, port: int, ready: str, *words: object, **environ: str) -> None:
        self.log, self.url = log, f"http://127.0.0.1:{port}"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [MADANG, *map(str, words), "--port", str(port)], stdout=out, stderr=out, env={**os.environ, **environ}
            )
        for _ in range(300):
            try:
                self.get(ready)
                return
            except (URLError, ConnectionError):
                assert self.process.poll() is None, log.read_text()
                time.sleep(0.1)
        raise AssertionError(log.read_text())

    def get(self, path: str) -> bytes:
        with urlopen(Request(self.url + path, headers={"User-Agent": AGENT}), timeout=20) as answer:
            return answer.read()

    def post(self, path: str, body: bytes, **headers: str) -> dict:
        asked = Request(self.url + path, body, headers={"User-Agent": AGENT, "Content-Type": "application/json", **headers})
        try:
            with urlopen(asked, timeout=20) as answer:
                return json.loads(answer.read())
        except HTTPError as refused:
            return json.loads(refused.read())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def serve(tmp_path, box_database):
    """serve(home) — `madang box serve` on that folder."""
    started: list[Server] = []

    def start(home: Home, slug: str = "yard-2026") -> Server:
        environ = {"MADANG_BOX_DATABASE_URL": box_database}
        server = Server(tmp_path / "log", free_port(), f"/{slug}/status", "box", "serve", "--home", home.folder, **environ)
        started.append(server)
        return server

    yield start
    for server in started:
        server.process.kill()
        server.process.wait()


def test_from_a_folder_to_a_published_board_by_commands(tmp_path, serve, box_database):
    folder = tmp_path / "box"
    public = unb64(madang("box", "key", "--home", folder).stdout.strip(), 32)
    of = sealed_yard.poll_of(public, batch=3, opens_at=now(-5), closes_at=now(0.15))
    (tmp_path / "poll.json").write_bytes(of.raw)
    (tmp_path / "poll.sig").write_bytes(poll.house_signature(of.raw, HOUSE))
    words = ["box", "open", "--home", folder, "--poll", tmp_path / "poll.json", "--sig", tmp_path / "poll.sig", "--skew", "2"]
    assert madang(*words, "--key", WITNESS.verifier).returncode == 1
    opened = madang(*words, "--key", HOUSE.verifier)
    assert (opened.returncode, opened.stdout) == (0, f"yard-2026: {b64(of.digest)}\n")
    yard, server = sealed_yard.Yard(of), serve(Home(folder))
    bodies = [yard.body() for _ in range(4)]
    for body in bodies:
        assert "receipt" in server.post("/cast", body)
    assert server.post("/cast", yard.body(), Cookie="a=1")["refused"] == "no-cookies"
    # somebody independent looks, and looks again
    key, url = tmp_path / "witness.key", f"{server.url}/yard-2026"
    key.write_text(WITNESS.secret())
    seen = madang("box", "witness", "--url", url, "--key", key)
    assert (seen.returncode, "cosigned at 3 ballots" in seen.stdout) == (0, True), seen.stderr
    # closing comes by itself
    environ = {"MADANG_BOX_DATABASE_URL": box_database}
    for _ in range(300):
        if json.loads(server.get("/yard-2026/status"))["closed"]:
            break
        time.sleep(0.1)
    assert server.post("/cast", yard.body())["refused"] == "closed"
    seen = madang("box", "witness", "--url", url, "--key", key)
    assert "cosigned at 4 ballots" in seen.stdout, seen.stderr
    export = ["box", "export", "--home", folder, "--poll", "yard-2026", "--to", tmp_path / "out"]
    assert madang(*export, **environ).returncode == 1
    (tmp_path / "seal.json").write_text(json.dumps({"seed": b64(bytes(32))}))
    reveal = ["box", "reveal", "--home", folder, "--poll", "yard-2026", "--seed", tmp_path / "seal.json"]
    assert madang(*reveal, **environ).returncode == 1
    (tmp_path / "seal.json").write_text(json.dumps({"seed": b64(SEAL.seed)}))
    assert madang(*reveal, **environ).returncode == 0
    assert madang(*export, **environ).returncode == 0
    assert (tmp_path / "out" / "board.jsonl").read_bytes() == server.get("/yard-2026/board.jsonl")
    assert len((tmp_path / "out" / "board.jsonl").read_bytes().splitlines()) == 4
    assert (tmp_path / "out" / "checkpoints.txt").read_bytes() == server.get("/yard-2026/checkpoints.txt")
    server.stop()
    nothing_was_said_about_anyone(server.log, [leaf_of(body) for body in bodies])


def nothing_was_said_about_anyone(log: Path, leaves: list[bytes]) -> None:
    """The server's log: where it listens, and no address, agent, path, time or ballot."""
    text = log.read_text()
    lines = [line for line in text.splitlines() if "the box is open: http://127.0.0.1" not in line]
    told = "\n".join(lines)
    for trace in (AGENT, "127.0.0.1", "/cast", "POST", "GET", *map(b64, leaves), *map(board.code, leaves)):
        assert trace not in told, told
    assert not re.search(r"\d{2}:\d{2}:\d{2}|20\d\d-\d\d-\d\d", told), told


def test_a_box_killed_with_its_parent_lets_go_of_the_folder_and_a_second_is_told_why(tmp_path, serve):
    home, yard = sealed_yard.bring(tmp_path / "box", opens_at=now(-5), closes_at=now(60))
    first = serve(home)
    body = yard.body()
    receipt = first.post("/cast", body)
    second = madang("box", "serve", "--home", home.folder, "--port", free_port())
    assert second.returncode == 1
    assert "another box serves this folder" in second.stderr
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    time.sleep(0.5)
    again = serve(home)
    assert again.post("/cast", body) == receipt


def test_bodies_that_are_huge_slow_or_cut_off_on_a_real_socket(tmp_path, serve):
    home, yard = sealed_yard.bring(tmp_path / "box", opens_at=now(-5), closes_at=now(60))
    server = serve(home)
    port = int(server.url.rpartition(":")[2])

    def talk(raw: bytes, *, answered: bool = True) -> bytes:
        with socket.create_connection(("127.0.0.1", port), 20) as line:
            line.sendall(raw)
            return line.recv(65_536) if answered else b""

    head = b"POST /cast HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    assert b" 413 " in talk(head % 10_000_000 + b"x" * 1000)
    assert b" 411 " in talk(b"POST /cast HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    talk(head % 3000 + b"{", answered=False)
    talk(b"\x16\x03\x01\x02\x00", answered=False)
    talk(b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", answered=False)
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    [line.sendall(head % 3000 + b"{") for line in slow]
    assert "receipt" in server.post("/cast", yard.body())  # a hundred who drip keep nobody out
    [line.close() for line in slow]


def test_the_observers_issuer_by_commands(tmp_path):
    folder, port = tmp_path / "issuer", free_port()
    made = madang("issuer", "keys", "--home", folder, "--name", "observers", "--poll", "yard-2026", "--class", "시민")
    ours = json.loads(made.stdout)[0]
    classes = [{"key": "시민", "roll": 2, "issuers": [
        {"name": "city", "n": b64(sealed_yard.issuer_key("시민/city").public.written()), "e": 65537},
        {name: ours[name] for name in ("name", "n", "e")},
    ]}]  # fmt: skip
    of = sealed_yard.poll_of(bytes(32), classes=("시민",), opens_at=now(-5), closes_at=now(60))
    of = poll.write({**json.loads(of.raw), "classes": classes})
    (tmp_path / "poll.json").write_bytes(of.raw)
    (tmp_path / "poll.sig").write_bytes(poll.house_signature(of.raw, HOUSE))
    signed = ["--sig", tmp_path / "poll.sig", "--key", HOUSE.verifier]
    assert madang("issuer", "open", "--home", folder, "--poll", tmp_path / "poll.json", *signed).returncode == 0
    (tmp_path / "roll.csv").write_text("이름,생년월일,전화\n김지어,900101,010-1234-5678\n이지어,900102,010-1234-5679\n")
    roll = ["issuer", "roll", "--home", folder, "--poll", "yard-2026", "--letters", tmp_path / "letters.csv", "--roll"]
    (tmp_path / "short.csv").write_text("이름,생년월일,전화\n김지어,900101,010-1234-5678\n")
    assert "시민 1 ≠ 2" in madang(*roll, tmp_path / "short.csv").stderr
    loaded = madang(*roll, tmp_path / "roll.csv")
    assert loaded.returncode == 0, loaded.stderr
    assert madang(*roll, tmp_path / "roll.csv").returncode == 1
    code = (tmp_path / "letters.csv").read_text("utf-8-sig").splitlines()[1].rpartition(",")[2]
    server = Server(tmp_path / "log", port, "/yard-2026/keys.json", "issuer", "serve", "--home", folder)
    try:
        from madang.methods.sealed import blind, right
        from madang.methods.sealed.right import Voter

        voter = Voter(of, "시민")
        wish = {"poll": "yard-2026", "class": "시민", "code": code, "blinded": b64(voter.blinded[1].message)}
        answer = server.post("/issue", json.dumps(wish).encode())
        said = right.message(of.digest, "시민", voter.pk)
        blind.finalize(of.classes["시민"].issuers[1].key, said, unb64(answer["signature"]), voter.blinded[1].inverse)
        assert json.loads(server.get("/yard-2026/issued.json")) == []
    finally:
        server.stop()
    files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for plain in ("김지어", "900101", "01012345678", "010-1234-5678", code, code.replace("-", "")):
        assert plain.encode() not in files
    counts = json.loads(madang("issuer", "issued", "--home", folder, "--poll", "yard-2026").stdout)
    assert [(row["class"], row["issued"]) for row in counts] == [("시민", 1)]
    assert madang("issuer", "destroy", "--home", folder, "--poll", "yard-2026").returncode == 1  # the poll still runs
    assert AGENT not in (tmp_path / "log").read_text()
