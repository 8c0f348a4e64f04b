"""`madang sealed …`: a sealed ballot from its keys to poll.zip, for operators.

    madang sealed shares --of 3 --least 2                        a seal: its public key and the keyholders' shares, printed once
    madang sealed open BALLOT --as EMAIL --roll ROLL.csv --letters LETTERS.csv --shares SHARES.txt [--of 3 --least 2] [--batch 100]
    madang sealed close BALLOT --as EMAIL --shares SHARES.txt

1. `open` and `close` are for a house whose box and observers' issuer stand beside it (MADANG_HOME/box, MADANG_HOME/observers): a demo, a
   rehearsal, a small body. A city runs the same steps on three machines (docs/rooms/sealed.md): each is a command or an act of its own.
2. Everything the house does is done by acts; what is refused is said as on the page.
3. The audit runs over poll.zip before it is told of: what does not hold for everybody is not published.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from madang.box.listening import die_with_parent
from madang.methods.sealed import b64
from madang.methods.sealed.seal import SealKey
from madang.methods.sealed.shares import split

SECONDS = 30
MADANG = (sys.executable, "-c", "from madang.doors.cli import main; raise SystemExit(main())")


class SealingFault(Exception):
    """A step outside the house did not succeed; the sentence says which."""


def shares(given: argparse.Namespace) -> int:
    """Make a seal and print it: the public key, then a share a line."""
    key = SealKey.make()
    print(b64(key.public))
    for share in split(key, of=given.of, least=given.least):
        print(share.written())
    return 0


def run(*words: object) -> str:
    """One of the commands of the box or the issuer, in a process of its own. Raises SealingFault."""
    done = subprocess.run([*MADANG, *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SealingFault(f"madang {words[0]} {words[1]}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def fetch(url: str, path: Path) -> None:
    """Download a file of the box or the issuer. Raises SealingFault."""
    try:
        with urlopen(url, timeout=SECONDS) as answer, path.open("wb") as out:  # noqa: S310 — the operator's own addresses
            shutil.copyfileobj(answer, out)
    except (URLError, OSError) as fault:
        raise SealingFault(f"{url}: {fault}") from None


def until_closed(url: str, patience: int = 90) -> None:
    """Wait until the box has frozen its board. Raises SealingFault."""
    for _turn in range(patience):
        try:
            with urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 — the same
                if json.load(answer)["closed"]:
                    return
        except (URLError, OSError) as fault:
            raise SealingFault(f"{url}: {fault}") from None
        time.sleep(1)
    raise SealingFault("투표함이 아직 닫히지 않았습니다 / the box has not closed yet")


# ── a house with both beside it ──────────────────────────────────────────────
def open_(given: argparse.Namespace) -> str:
    """Make keys and seal, sign the paper, bring it to box and observers, and write the letters. Returns what was done in words."""
    from madang.access import ACTS, By  # noqa: PLC0415 — the house is set up by now
    from madang.decisions import sealed  # noqa: PLC0415
    from madang.issuers.roll import read_roll  # noqa: PLC0415

    ballot, person, at, home = _house(given)
    slug, groups = sealed.slug_of(ballot), sealed.groups(ballot)
    lines = read_roll(given.roll, b"counted, not kept", dict.fromkeys(groups))
    counts = {key: sum(line.voter_class == key for line in lines) for key in groups}
    box_key = run("box", "key", "--home", home / "box").strip()
    wanted = [word for key in groups for word in ("--class", key)]
    keys = json.loads(
        run("issuer", "keys", "--home", home / "observers", "--name", "observers", "--poll", slug, *wanted)
    )
    seal = SealKey.make()
    with os.fdopen(os.open(given.shares, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{share.written()}\n" for share in split(seal, of=given.of, least=given.least))
    of = ACTS["decisions.seal_ballot"](
        By(person, at, "cli"), ballot, box_key=box_key,
        observers={row["class"]: {name: row[name] for name in ("name", "n", "e")} for row in keys},
        seal_key=b64(seal.public), shares=given.of, least=given.least, rolls=counts, batch=given.batch,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        paper, sig = Path(folder) / "poll.json", Path(folder) / "poll.sig"
        paper.write_text(of.text, "utf-8")
        sig.write_text(of.signature, "utf-8")
        signed = ("--poll", paper, "--sig", sig, "--key", str(sealed.signing_key().verifier))
        run("box", "open", "--home", home / "box", *signed)
        run("issuer", "open", "--home", home / "observers", *signed)
    run(
        "issuer", "roll", "--home", home / "observers", "--poll", slug, "--roll", given.roll, "--letters", given.letters
    )
    return f"{slug}: {len(lines)}명 / voters; {given.letters}; {given.shares}"


def close(given: argparse.Namespace) -> str:
    """Open the seal, take the board over, count, publish poll.zip and audit it. Can be repeated where it was cut off."""
    from madang.access import ACTS, By  # noqa: PLC0415
    from madang.decisions import queries, sealed  # noqa: PLC0415
    from madang.decisions.models.sealed import SealedPoll  # noqa: PLC0415
    from madang.methods.sealed.shares import Share  # noqa: PLC0415

    ballot, person, at, home = _house(given)
    of = SealedPoll.objects.get(ballot=ballot)
    if not of.seed:
        held = [Share.read(line) for line in given.shares.read_text("utf-8").splitlines() if line.strip()]
        of = ACTS["decisions.open_seal"](By(person, at, "cli"), ballot, shares=held)
    url = f"{of.box}/{of.slug}"
    until_closed(f"{url}/status")
    folder = sealed.folder(of)
    folder.mkdir(parents=True, exist_ok=True)
    seed = folder / "seal.json"
    seed.write_text(json.dumps({"seed": of.seed}), "utf-8")
    run("box", "reveal", "--home", home / "box", "--poll", of.slug, "--seed", seed)
    for name in ("board.jsonl", "checkpoints.txt"):
        fetch(f"{url}/{name}", folder / name)
    if of.taken is None:
        of = ACTS["decisions.take_board"](By(person, at, "cli"), ballot)
    ballot.refresh_from_db()
    if ballot.closed_at is None:
        ballot = ACTS["decisions.close_ballot"](By(person, at, "cli"), ballot)
    observed = json.loads(run("issuer", "issued", "--home", home / "observers", "--poll", of.slug))
    rows = {"paper": sealed.paper_rows(ballot), "desk": sealed.desk_rows(ballot)}
    report = sealed.publish(of, queries.votes_of(ballot), **rows, observed=observed)
    return f"{sealed.archive(of)}: {report.ballots - report.superseded}표 / ballots, {report.digest}"


def _house(given: argparse.Namespace) -> tuple[Any, Any, datetime, Path]:
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from madang.decisions.models import Ballot  # noqa: PLC0415
    from madang.people.models import Person  # noqa: PLC0415

    ballot = Ballot.objects.select_related("process").filter(pk=given.ballot).first()
    person = Person.objects.filter(email__iexact=given.email, is_active=True).first()
    if ballot is None or person is None:
        raise SealingFault(f"{given.ballot}, {given.email}: 그런 투표나 사람이 없습니다 / no such ballot or person")
    return ballot, person, timezone.now(), Path(settings.HOME)


# ── processes beside the house ───────────────────────────────────────────────
def beside(home: Path, port: int, site: str) -> list[subprocess.Popen[bytes]]:
    """Start box and observers' issuer on the two ports after the house's; they end with it."""
    observers = home / "observers"
    observers.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = observers / "name"
    if not name.exists():
        name.write_text("observers")
    served = (("box", home / "box", port + 1), ("issuer", observers, port + 2))
    commands = [
        [*MADANG, what, "serve", "--home", str(folder), "--port", str(at), "--origin", site]
        for what, folder, at in served
    ]
    return [subprocess.Popen(command, preexec_fn=die_with_parent) for command in commands]  # noqa: S603
