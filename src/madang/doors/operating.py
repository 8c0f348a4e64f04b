"""What the commands of `madang` do inside the house (cli.py reads the words, this does the work)."""

import argparse
import json
import os
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

django.setup()

from django.apps import apps  # noqa: E402 — the house first
from django.conf import settings  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402

from madang.access import ACTS, SHEETS, By, Refused  # noqa: E402
from madang.access.forms import Nothing  # noqa: E402
from madang.bodies.queries import posts_of  # noqa: E402
from madang.doors import clock, founding, preparing, sealing, soundness  # noqa: E402
from madang.doors.api import rows  # noqa: E402
from madang.people.models import Person  # noqa: E402
from madang.places.acts import load as load_places  # noqa: E402
from madang.places.models import Place  # noqa: E402
from madang.recipes import RecipeError  # noqa: E402
from madang.record.queries import download, newest  # noqa: E402
from madang.record.sealer import seal_all  # noqa: E402


class Stop(Exception):
    """The command cannot be done; its sentence is printed and the exit code is `code`."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def run(given: argparse.Namespace) -> int:
    """One command; 0 when done."""
    name = f"{given.command} {given.what}" if hasattr(given, "what") else given.command
    os.umask(0o077)  # the database, the keys and the letters are the operator's alone
    try:
        return COMMANDS[name](given) or 0
    except Refused as refusal:
        what, then = refusal.words()
        print(f"{what}\n→ {then}  [{refusal.code}]", file=sys.stderr)
        return 1
    except OperationalError as down:
        print(f"데이터베이스가 답하지 않습니다 / the database does not answer: {str(down).splitlines()[0]}", file=sys.stderr)
        return 1
    except RecipeError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 1
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code


def now() -> datetime:
    return datetime.now(UTC)


def setup(given: argparse.Namespace) -> None:
    done = [*preparing.prepare(), *founding.found(now(), settings.SET)]
    seal_all()
    print("준비됨: " + ", ".join(done) if done else "준비할 것이 없습니다 / nothing to prepare")


def demo(given: argparse.Namespace) -> None:
    try:
        from madang.doors import demo as city  # noqa: PLC0415 — a house may leave the demo out
    except ImportError as missing:
        raise Stop(f"시연 자료가 없습니다 / no demo data: {missing.name}") from None
    city.load()


def everything(given: argparse.Namespace) -> int:
    """`make run`: prepare, load the demo city where one is wanted, say who may be tried, serve."""
    from django.conf import settings  # noqa: PLC0415 — after setup

    setup(given)
    if settings.DEMO:
        demo(given)
        print(_who(given), flush=True)
    return serve(given)


def _who(given: argparse.Namespace) -> str:
    from madang.doors.demo import accounts  # noqa: PLC0415 — only a demo city has them

    port = given.port or int(os.environ.get("PORT", "8000"))
    lines = [f"  {account['role']}: {account['email']}" for account in accounts()]
    enter = f"시연용 계정 / demo accounts — http://localhost:{port}/demo/ 에서 한 번 눌러 들어갑니다 / enter with one press"
    return "\n".join([enter, *lines])


def serve(given: argparse.Namespace) -> int:
    """Workers behind one port, the clock beside them; ends with Ctrl+C."""
    from multiprocessing import get_context  # noqa: PLC0415 — only a server needs these

    from granian import Granian  # noqa: PLC0415 — only a server needs these three
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    port = given.port or int(os.environ.get("PORT", "8000"))
    _free(given.host, port)
    connections.close_all()  # what comes now is forked
    beside = get_context("fork").Process(target=_clock, daemon=True)
    beside.start()
    others = sealing.beside(settings.HOME, port, settings.SITE) if given.command == "run" else []
    print(f"마당이 열렸습니다: http://localhost:{port}/  (Ctrl+C로 닫습니다)", flush=True)
    Granian(
        "madang.doors.wsgi:application",
        address=given.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=1,
        backlog=1024,
        backpressure=256,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()
    beside.terminate()
    for each in others:
        each.terminate()
    return 0


def _clock() -> None:
    try:
        clock.run_forever()
    except KeyboardInterrupt:
        return


def _free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Stop(
                f"{port}번 포트를 다른 프로그램이 쓰고 있습니다. PORT=8123처럼 다른 번호를 주세요. / port {port} is taken"
            ) from None


def tick(given: argparse.Namespace) -> None:
    print(clock.tick(now()) or "다른 시계가 돌고 있습니다 / another clock is ticking")
    seal_all()


def seal(given: argparse.Namespace) -> int:
    sealed = seal_all()
    last = newest()
    print(f"{last.size if last else 0} entries sealed")
    return 0 if sealed else 1


def record_export(given: argparse.Namespace) -> None:
    with given.path.open("wb") as out:
        size = download(out)
    print(f"{given.path}: {size} entries — madang verify {given.path}")


def check(given: argparse.Namespace) -> int:
    found = soundness.faults(now())
    for sentence in found:
        print(sentence, file=sys.stderr)
    if not found:
        print("모두 맞습니다 / everything is sound")
    return 1 if found else 0


def act(given: argparse.Namespace) -> None:
    """The same form, the same act as on the page."""
    wanted = ACTS.get(given.name)
    if wanted is None or not wanted.public:
        raise Stop(
            f"그런 행위가 없습니다: {given.name}\n" + "\n".join(sorted(n for n, a in ACTS.items() if a.public)), 2
        )
    person, at = _person(given.email), now()
    if given.post and given.post not in posts_of(person, at):
        raise Refused("needs-role")
    model = apps.get_model(wanted.on)
    on = model._default_manager.filter(pk=given.pk).first() if given.pk.isdecimal() and len(given.pk) < 19 else None
    if on is None:
        raise Stop(f"{model._meta.label} {given.pk}이(가) 없습니다 / not found")
    values, files = _input(given.input)
    form = (wanted.form or Nothing)(values, files, on=on, person=person)
    unknown = [name for name in (*values, *files) if name not in form.fields]
    if unknown or not form.is_valid():
        lines = [f"{name}: 모르는 칸입니다 / unknown" for name in unknown]
        lines += [f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
        raise Stop("\n".join(lines), 2)
    result = wanted(By(person, at, "cli", given.post), on, **form.cleaned_data)
    seal_all()
    print(f"{result._meta.label_lower}:{result.pk}" if hasattr(result, "_meta") else "ok")


def _input(pairs: list[str]) -> tuple[MultiValueDict, MultiValueDict]:
    values: MultiValueDict = MultiValueDict()
    files: MultiValueDict = MultiValueDict()
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Stop(f"key=value 꼴이 아닙니다: {pair}", 2)
        if value.startswith("@"):
            files[name] = SimpleUploadedFile(Path(value[1:]).name, _bytes(Path(value[1:])))
        else:
            values.appendlist(name, value)
    return values, files


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Stop(f"{path}: {fault.strerror}", 2) from None


def sheet(given: argparse.Namespace) -> None:
    if not given.key:
        for known in SHEETS.values():
            print(f"{known.key}\t{known.title}")
        return
    if given.key not in SHEETS:
        raise Stop(f"그런 표가 없습니다: {given.key}. 있는 것: {', '.join(SHEETS)}", 2)
    if given.json:
        for row in rows.whole(SHEETS[given.key], {}):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    for line in rows.csv_lines(SHEETS[given.key], {}):
        sys.stdout.buffer.write(line.encode())


def places_load(given: argparse.Namespace) -> None:
    loaded = load_places(
        By(None, now(), "clock"), Place.objects.filter(level="city").first() or Place(), content=_bytes(given.path)
    )
    seal_all()
    print(f"{len(loaded.added)} added, {len(loaded.changed)} changed")


def import_pb(given: argparse.Namespace) -> None:
    from madang.decisions.acts import import_vote  # noqa: PLC0415 — with the methods it needs, only when asked for
    from madang.decisions.importing import imported  # noqa: PLC0415

    try:
        vote = imported(given.path, key=given.key, encoding=given.encoding)
    except (ValueError, OSError) as fault:  # FormatError is a ValueError: file, line and column
        raise Stop(str(fault)) from None
    try:
        city = founding.top()
    except IndexError:
        raise Stop("먼저 madang setup을 해 주세요 / run `madang setup` first") from None
    made = import_vote(By(None, now(), "clock"), city, **vote)
    seal_all()
    told = made.account["against"]
    same = "" if not told else " · 알린 결과와 같음 / as announced" if told["same"] else " · 알린 결과와 다름 / not as announced"
    print(f"{settings.SITE}{made.get_absolute_url()}  {made.title}: {len(made.account['winners'])}/{len(made.account['projects'])}{same}")


def person_steward(given: argparse.Namespace) -> None:
    try:
        seat = founding.first_steward(given.email, now())
    except LookupError:
        raise Stop("먼저 madang setup을 해 주세요 / run `madang setup` first") from None
    seal_all()
    print(f"{given.email}: {seat.body.name} {seat.post}")


def person_level(given: argparse.Namespace) -> None:
    city = founding.top()
    words = [
        f"email={given.email}",
        f"level={given.level}",
        f"place={given.place}",
        f"tie={given.tie}",
        f"paper={given.paper}",
    ]
    act(argparse.Namespace(name="people.attest", pk=str(city.pk), input=words, email=given.by, post=""))


def person_token(given: argparse.Namespace) -> None:
    person = _person(given.email)
    print(ACTS["people.make_token"](By(person, now(), "cli"), person, name=given.name).secret)
    seal_all()


def _person(email: str) -> Any:
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise Stop(f"{email}(으)로 가입한 사람이 없습니다 / nobody has joined with this address")
    return person


def sealed(given: argparse.Namespace) -> None:
    try:
        print(sealing.open_(given) if given.what == "open" else sealing.close(given))
    except (sealing.SealingFault, OSError, ValueError) as fault:
        raise Stop(str(fault)) from None
    seal_all()


COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "sealed open": sealed,
    "sealed close": sealed,
    "setup": setup,
    "demo": demo,
    "run": everything,
    "serve": serve,
    "tick": tick,
    "seal": seal,
    "check": check,
    "record export": record_export,
    "act": act,
    "sheet": sheet,
    "places load": places_load,
    "import-pb": import_pb,
    "person steward": person_steward,
    "person level": person_level,
    "person token": person_token,
}
