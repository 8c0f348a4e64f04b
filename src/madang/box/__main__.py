"""`madang box …`: bring a poll into a box, serve it, close it, publish its board; and be a witness.

    madang box key     --home DIR                       make the box's key and print its public half (for poll.json)
    madang box open    --home DIR --poll poll.json --sig poll.sig --key HOUSE_KEY [--skew 60]
    madang box serve   --home DIR [--host H] [--port N] [--origin https://house]
    madang box reveal  --home DIR --poll SLUG --seed seal.json      after closing
    madang box export  --home DIR --poll SLUG --to FOLDER           board.jsonl, checkpoints.txt, poll.json, poll.sig, seal.json
    madang box witness --url URL/SLUG --key FILE --state FILE [--name NAME]

Exit codes: 0 done · 1 refused, or a check found something · 2 wrongly called.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from madang.box import board, witness
from madang.box.home import Home, HomeFault
from madang.box.listening import die_with_parent, listen
from madang.box.serving import BoxServer
from madang.box.store import Store, StoreFault
from madang.methods.sealed import SealedError, b64, unb64
from madang.methods.sealed.writing import fields, plain
from madang.methods.transparency.checkpoint import VerifierKey

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    try:
        given = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    os.umask(0o077)
    try:
        return COMMANDS[given.what](given)
    except (HomeFault, witness.WitnessFault) as fault:
        print(fault, file=sys.stderr)
        return 1
    except StoreFault as fault:
        print(f"데이터베이스가 답하지 않습니다 / the database does not answer: {fault}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"{fault.filename or ''}: {fault.strerror}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="madang box", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = top.add_subparsers(dest="what", required=True, metavar="COMMAND")

    def command(name: str, says: str, *, home: bool = True) -> argparse.ArgumentParser:
        made = what.add_parser(name, help=says, description=says)
        if home:
            made.add_argument("--home", type=Path, required=True, help="투표함 폴더 / the box's folder")
        return made

    command("key", "투표함 열쇠를 만들고 공개 열쇠를 보임 / make the box's key, print its public half")
    opened = command("open", "투표를 들여옴 / bring a poll in")
    opened.add_argument("--poll", type=Path, required=True)
    opened.add_argument("--sig", type=Path, required=True)
    opened.add_argument("--key", required=True, help="마당의 공개 열쇠 / the house's public key (name+hash+base64)")
    opened.add_argument("--skew", type=int, default=60, help="시계 허용 오차(초) / seconds clocks may differ")
    serve = command("serve", "투표함을 엶 / serve the box")
    add_serving(serve, 8010)
    for name, says in (("reveal", "봉인 열쇠를 알림 / publish the seal's seed"), ("export", "게시판을 내보냄 / export the board")):
        each = command(name, says)
        each.add_argument("--poll", required=True, help="투표 이름 / the poll's name")
        if name == "reveal":
            each.add_argument("--seed", type=Path, required=True, help='seal.json {"seed"}')
        else:
            each.add_argument("--to", type=Path, required=True, help="폴더 / a folder")
    seen = command("witness", "도장을 살펴보고 함께 서명함 / check the checkpoint and cosign it", home=False)
    seen.add_argument("--url", required=True, help="투표함 주소와 투표 이름 / the box's address and the poll: http://box/slug")
    seen.add_argument("--key", type=Path, required=True, help="증인의 열쇠 파일, 없으면 만듦 / the witness's key file; made if absent")
    seen.add_argument("--name", default="", help="열쇠를 새로 만들 때의 이름 / the name of a new key")
    seen.add_argument("--state", type=Path, help="지난번에 본 도장 / what was seen last time")
    return top


def add_serving(parser: argparse.ArgumentParser, port: int) -> None:
    """Where to listen, and who may read answers in a browser."""
    parser.add_argument("--host", default="127.0.0.1", help="듣는 주소 / address to listen on")
    parser.add_argument("--port", type=int, default=port, help="포트 / port")
    parser.add_argument("--origin", default="", help="마당의 주소(CORS) / the house's origin, e.g. https://madang.example")


def key(given: argparse.Namespace) -> int:
    print(b64(Home(given.home).make().public))
    return 0


def open_(given: argparse.Namespace) -> int:
    try:
        house = VerifierKey.read(given.key)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    read = Home(given.home).make().bring(given.poll.read_bytes(), given.sig.read_bytes(), house, given.skew)
    print(f"{read.slug}: {b64(read.id)}")
    return 0


def serve(given: argparse.Namespace) -> int:
    os.environ["MADANG_BOX_HOME"] = str(given.home.resolve())
    os.environ["MADANG_BOX_ORIGIN"] = given.origin
    home = Home(given.home).make()
    home.lock()  # so that a second one is told here, in words; the worker takes it again
    home.unlock()
    return listen("madang.box.__main__:application", given.host, given.port, "투표함이 열렸습니다 / the box is open")


def application() -> object:
    """The ASGI application of MADANG_BOX_HOME (the server's worker asks for it)."""
    die_with_parent()
    folder = Path(os.environ["MADANG_BOX_HOME"])
    server = BoxServer(Home(folder), lambda: _store(folder), _now, origin=os.environ.get("MADANG_BOX_ORIGIN", ""))
    return server.door


def _now() -> datetime:
    return datetime.now(UTC)


def _store(folder: Path) -> Store:
    return Store.at(folder, os.environ.get("MADANG_BOX_DATABASE_URL", ""))


def reveal(given: argparse.Namespace) -> int:
    home = Home(given.home)
    read = home.poll(given.poll)
    store = _store(given.home)
    if store.closed_at_size(read.id) is None:
        print("투표가 끝난 뒤에 알립니다 / only after closing", file=sys.stderr)
        return 1
    store.close()
    try:
        seed = unb64(fields(plain(given.seed.read_bytes()), {"seed": str})["seed"], 32)
    except SealedError as fault:
        print(f"{given.seed}: {fault}", file=sys.stderr)
        return 1
    home.reveal(read, seed)
    print(f"{read.slug}: 봉인 열쇠를 알렸습니다 / the seal's seed is published")
    return 0


def export(given: argparse.Namespace) -> int:
    home = Home(given.home)
    read = home.poll(given.poll)
    store = _store(given.home)
    if store.closed_at_size(read.id) is None or not home.revealed(read):
        print("봉인 열쇠를 알린 뒤에 내보냅니다 / only after the seal's seed is published", file=sys.stderr)
        return 1
    given.to.mkdir(parents=True, exist_ok=True)
    with (given.to / "board.jsonl").open("wb") as out:
        count = sum(1 for line in board.lines(store, read) if out.write(line))
    (given.to / "checkpoints.txt").write_text("\n".join(board.notes(store, read)))
    for name in ("poll.json", "poll.sig", "seal.json"):
        shutil.copyfile(home.polls / read.slug / name, given.to / name)
    store.close()
    print(f"{given.to}: {count}")
    return 0


def cosign(given: argparse.Namespace) -> int:
    state = given.state or given.key.with_suffix(".seen")
    print(witness.cosign(given.url, witness.key_at(given.key, given.name), state, int(_now().timestamp())))
    return 0


COMMANDS: dict[str, Command] = {
    "key": key, "open": open_, "serve": serve, "reveal": reveal, "export": export, "witness": cosign,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
