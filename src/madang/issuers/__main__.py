"""`madang issuer …`: the observers' issuer — its keys, its roll copy, its server.

    madang issuer keys    --home DIR --name NAME --poll SLUG --class KEY …   make keys; prints them for poll.json
    madang issuer open    --home DIR --poll poll.json --sig poll.sig --key HOUSE_KEY
    madang issuer roll    --home DIR --poll SLUG --roll ROLL.csv --letters LETTERS.csv
    madang issuer serve   --home DIR [--host H] [--port N] [--origin https://house] [--workers 1]
    madang issuer issued  --home DIR --poll SLUG                             counts by class and day, as JSON
    madang issuer destroy --home DIR --poll SLUG                             after the poll: no key is left

    home: name · code.key · keys/ · polls/<slug>/ · issuer.sqlite3 (or MADANG_ISSUER_DATABASE_URL)

Exit codes: 0 done · 1 refused · 2 wrongly called.
"""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from madang.box.__main__ import add_serving
from madang.box.home import write_durably
from madang.box.listening import die_with_parent, listen
from madang.issuers.invitations import invite
from madang.issuers.keys import KeyFault, KeyRing
from madang.issuers.ledger import Ledger, LedgerFault
from madang.issuers.roll import RollRefused, read_roll
from madang.issuers.serving import SEOUL, IssuerServer
from madang.issuers.signing import Signer
from madang.methods.sealed import SealedError, b64, poll, unb64
from madang.methods.sealed.poll import Poll
from madang.methods.transparency.checkpoint import VerifierKey


class Stop(Exception):
    """The command cannot be done; its sentence (Korean / English) is printed."""


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    try:
        given = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    os.umask(0o077)
    try:
        return COMMANDS[given.what](given)
    except (Stop, KeyFault, SealedError, RollRefused) as fault:
        print(fault, file=sys.stderr)
    except LedgerFault as fault:
        print(f"데이터베이스가 받지 않았습니다 / the database did not take it: {fault}", file=sys.stderr)
    except OSError as fault:
        print(f"{fault.filename or ''}: {fault.strerror}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="madang issuer", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = top.add_subparsers(dest="what", required=True, metavar="COMMAND")

    def command(name: str, says: str) -> argparse.ArgumentParser:
        made = what.add_parser(name, help=says, description=says)
        made.add_argument("--home", type=Path, required=True, help="발급 창구 폴더 / the issuer's folder")
        if name != "serve":
            made.add_argument("--poll", required=True, help="투표 이름, open에서는 poll.json / the poll's name; for open poll.json")
        return made

    keys = command("keys", "열쇠를 만들고 공개 열쇠를 보임 / make keys, print their public halves")
    keys.add_argument("--name", required=True, help="발급하는 곳의 이름 / the issuer's name in poll.json")
    keys.add_argument("--class", dest="classes", action="append", required=True, help="유권자 구분 / a class of voters")
    opened = command("open", "투표를 들여옴 / bring a poll in")
    opened.add_argument("--sig", type=Path, required=True)
    opened.add_argument("--key", required=True, help="마당의 공개 열쇠 / the house's public key")
    roll = command("roll", "명부를 읽고 초대 번호를 만듦 / read the roll, make invitation codes")
    roll.add_argument("--roll", type=Path, required=True)
    roll.add_argument("--letters", type=Path, required=True, help="편지·이메일용 CSV / CSV for letters and e-mails")
    serve = command("serve", "발급 창구를 엶 / serve")
    serve.add_argument("--workers", type=int, default=1, help="서명하는 프로세스 수 / signing processes")
    add_serving(serve, 8020)
    command("issued", "발급한 수 / rights issued by class and day")
    command("destroy", "열쇠를 폐기함 / destroy the keys")
    return top


def keys(given: argparse.Namespace) -> int:
    given.home.mkdir(parents=True, exist_ok=True)
    name = given.home / "name"
    if not name.exists():
        write_durably(name, given.name.encode())
    if name.read_text() != given.name:
        raise Stop(f"이 창구의 이름은 {name.read_text()}입니다 / this issuer is called {name.read_text()}")
    made = KeyRing(given.home / "keys").make(given.poll, given.classes)
    print(json.dumps([{"class": key, "name": given.name, "n": b64(n), "e": 65537} for key, n in made.items()], ensure_ascii=False))
    return 0


def open_(given: argparse.Namespace) -> int:
    try:
        house = VerifierKey.read(given.key)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    raw, signed = Path(given.poll).read_bytes(), given.sig.read_bytes()
    poll.check_house_signature(raw, signed, house, "bad-poll-signature")
    read = poll.read(raw)
    ring, name = KeyRing(given.home / "keys"), (given.home / "name").read_text()
    for key, one in read.classes.items():
        ours = [issuer.key.written() for issuer in one.issuers if issuer.name == name]
        if ours != [ring.secret(read.slug, key).public.written()]:
            raise Stop(f"{key}: poll.json의 열쇠가 이 창구의 것이 아닙니다 / poll.json names another key than ours")
    folder = given.home / "polls" / read.slug
    if folder.exists():
        raise Stop(f"{read.slug}: 이미 있습니다 / is there already")
    folder.mkdir(parents=True)
    write_durably(folder / "poll.json", raw)
    print(f"{read.slug}: {b64(read.digest)}")
    return 0


def roll(given: argparse.Namespace) -> int:
    read = _polls(given.home).get(given.poll)
    if read is None:
        raise Stop(f"{given.poll}: 먼저 open으로 들여와 주세요 / bring the poll in first")
    ledger = _ledger(given.home)
    if ledger.roll(read.slug):
        raise Stop(f"{read.slug}: 명부를 이미 받았습니다 / the roll is there already")
    key = _code_key(given.home)
    lines = read_roll(given.roll, key, read.classes)
    counts = {name: sum(line.voter_class == name for line in lines) for name in read.classes}
    wrong = [f"{name} {counts[name]} ≠ {one.roll}" for name, one in read.classes.items() if counts[name] != one.roll]
    if wrong:
        raise Stop(f"명부의 사람 수가 poll.json과 다릅니다 / the roll is not the one poll.json counts: {', '.join(wrong)}")
    entries = invite(lines, key, read.slug, given.letters)
    try:
        ledger.load(read.slug, entries)
    except LedgerFault:
        given.letters.unlink()  # codes nobody could use
        raise
    ledger.close()
    print(f"{read.slug}: {len(lines)}명 / voters; {given.letters}")
    return 0


def serve(given: argparse.Namespace) -> int:
    os.environ["MADANG_ISSUER_HOME"] = str(given.home.resolve())
    os.environ["MADANG_ISSUER_ORIGIN"] = given.origin
    os.environ["MADANG_ISSUER_WORKERS"] = str(max(1, given.workers))
    _code_key(given.home)
    return listen("madang.issuers.__main__:application", given.host, given.port, "발급 창구가 열렸습니다 / the issuer is open")


def application() -> object:
    """The ASGI application of MADANG_ISSUER_HOME (the server's worker asks for it)."""
    die_with_parent()
    home = Path(os.environ["MADANG_ISSUER_HOME"])
    workers = int(os.environ.get("MADANG_ISSUER_WORKERS", "1"))
    server = IssuerServer(
        (home / "name").read_text(), lambda: _polls(home), _code_key(home), lambda: _ledger(home),
        lambda: Signer(home / "keys", workers), _now, origin=os.environ.get("MADANG_ISSUER_ORIGIN", ""),
    )  # fmt: skip
    return server.door


def issued(given: argparse.Namespace) -> int:
    name, ledger = (given.home / "name").read_text(), _ledger(given.home)
    rows = [{"class": key, "issuer": name, "day": day, "issued": count} for key, day, count in ledger.issued(given.poll)]
    print(json.dumps(rows, ensure_ascii=False))
    return 0


def destroy(given: argparse.Namespace) -> int:
    read = _polls(given.home).get(given.poll)
    if read is not None and _now() < read.closes_at:
        raise Stop(f"{given.poll}: 투표가 끝난 뒤에 폐기합니다 / only after the poll has closed")
    count = KeyRing(given.home / "keys").destroy(given.poll, _now().astimezone(SEOUL).date().isoformat())
    print(f"{given.poll}: {count}")
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


def _ledger(home: Path) -> Ledger:
    return Ledger.at(home, os.environ.get("MADANG_ISSUER_DATABASE_URL", ""))


def _polls(home: Path) -> Mapping[str, Poll]:
    folders = sorted((home / "polls").glob("*/poll.json"))
    return {read.slug: read for read in (poll.read(path.read_bytes()) for path in folders)}


def _code_key(home: Path) -> bytes:
    """The key of codes and persons, made once, kept outside the database."""
    path = home / "code.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(b64(secrets.token_bytes(32)))
    except FileExistsError:
        pass
    return unb64(path.read_text().strip(), 32)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "keys": keys, "open": open_, "roll": roll, "serve": serve, "issued": issued, "destroy": destroy,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
