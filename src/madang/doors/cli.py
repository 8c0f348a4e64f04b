"""The command `madang`: everything the pages say and do, for terminals; and starting the house.

1. `verify`, `audit`, `recipes`, the methods and `--version` need no Django and no database: they work on a bare machine.
2. Everything else is done by the same acts; a refusal prints what it is and what to do next.
3. Each step of starting looks first whether there is anything to do, so a second start takes seconds.

Exit codes: 0 done · 1 refused, or a check found something · 2 wrongly called.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

Command = Callable[[argparse.Namespace], int]

# the methods with a command of their own: `madang NAME …` is `python -m madang.methods.NAME …`
METHODS = {
    "budgeting": "참여예산을 셈 / count a participatory budget (FILE.pb [--rule equal-shares] [--json] [--explain])",
    "sortition": "층화 추첨 / fair stratified lottery (POOL.csv QUOTAS.csv --seats N [--rule leximin] [--json])",
    "opinion": "의견 지도 / opinion map of a conversation (VOTES.csv [--statements CSV] [--json])",
    "korean": "한국어 글: 닮은 글·갈래·열쇳말 / Korean texts: like ones, topics, key terms",
    "ballots": "개표: 순위·승인·점수 / tally ballots (FILE --method schulze|irv|…)",
    "integrity": "투표의 이상 징후를 드러내어 봄 / look for anomalies in the open (FILE.json [--seed TEXT] [--json])",
}

# processes of their own, with a database of their own
SERVERS = {
    "box": ("box", "봉인 투표함 / the box of sealed ballots (key|open|serve|reveal|export|witness)"),
    "issuer": ("issuers", "참관 발급 창구 / the observers' issuer of rights (keys|open|roll|serve|issued|destroy)"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["verify"]:
        from madang.methods.transparency.verify import main as verify  # noqa: PLC0415 — without Django

        return verify(words)
    if words[:1] == ["audit"]:
        from madang.methods.sealed.__main__ import main as audit  # noqa: PLC0415 — without Django

        return audit(words[1:])
    if words[:1] == ["recipes"]:
        from madang.recipes.__main__ import main as recipes  # noqa: PLC0415 — without Django

        return recipes(words[1:])
    if words[:1] and words[0] in METHODS:
        method: Callable[[Sequence[str]], int] = import_module(f"madang.methods.{words[0]}.__main__").main
        return method(words[1:])  # without Django
    if words[:1] and words[0] in SERVERS:
        server: Callable[[Sequence[str]], int] = import_module(f"madang.{SERVERS[words[0]][0]}.__main__").main
        return server(words[1:])  # without Django: a process and a database of its own
    given = parser().parse_args(words)
    if given.command == "sealed" and given.what == "shares":
        from madang.doors.sealing import shares  # noqa: PLC0415 — without Django: on a machine without a network

        return shares(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.settings")
    if given.command == "run":
        os.environ.setdefault("MADANG_DEMO", "1")  # before the settings are read
    if getattr(given, "port", None):
        os.environ["PORT"] = str(given.port)
    from madang.doors import operating  # noqa: PLC0415 — the commands that need the house

    return operating.run(given)


def parser() -> argparse.ArgumentParser:
    """All commands with their help, Korean and English."""
    top = argparse.ArgumentParser(prog="madang", description="마당: 제안에서 평가까지 / from proposal to evaluation")
    top.add_argument("--version", action="version", version=f"madang {version('madang')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, says: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=says)

    command("verify", "내려받은 기록을 확인 / check a downloaded log (PATH [--key K] [--json])")
    command("audit", "봉인 투표를 확인하고 다시 셈 / check and recount a sealed poll (POLL.zip [--receipt CODE] [--key K] [--json])")
    command("recipes", "제도 파일을 살피거나 풀어 읽음 / check or explain recipes (check|explain [PATH…])")
    for name, says in METHODS.items():
        command(name, says)
    for name, (_, says) in SERVERS.items():
        command(name, says)
    command("setup", "열쇠·데이터베이스·장소·정적 파일 준비 / prepare keys, database, places, static files")
    command("demo", "시연 도시를 채움 / fill the demo city")
    for name, says in (
        ("serve", "서버를 엶 / serve"),
        ("run", "준비하고 시연 도시를 채우고 엶 / setup, demo and serve"),
    ):
        each = command(name, says)
        each.add_argument("--port", type=_port, help="포트 (기본: PORT 또는 8000)")
        each.add_argument("--host", default="127.0.0.1", help="듣는 주소 / address to listen on")
        each.add_argument("--workers", type=int, default=2, help="프로세스 수 / worker processes")
    command("tick", "시계를 한 번 돌림 / run the clock once")
    command("seal", "기다리는 기록을 봉인 / seal what waits")
    command("check", "자료가 서로 맞는지 살핌 / check the invariants of the data")
    record = command("record", "기록 / the record").add_subparsers(dest="what", required=True)
    record.add_parser("export", help="확인할 수 있는 파일로 / as a verifiable file").add_argument("path", type=Path)
    _acting(command)
    _sealing(command)
    return top


def _sealing(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    what = command("sealed", "봉인 투표를 열고 닫음 / open and close a sealed ballot").add_subparsers(dest="what", required=True)
    made = what.add_parser("shares", help="봉인 열쇠 조각을 만듦 / make the keyholders' shares")
    opened = what.add_parser("open", help="옆에 있는 투표함과 발급 창구로 엶 / open with box and issuer beside the house")
    closed = what.add_parser("close", help="봉인을 열고 세어 공개함 / open the seal, count, publish")
    for each in (made, opened):
        each.add_argument("--of", type=int, default=3, help="조각의 수 / shares")
        each.add_argument("--least", type=int, default=2, help="여는 데 필요한 수 / how many open it")
    for each in (opened, closed):
        each.add_argument("ballot", type=int, help="투표의 번호 / the ballot's number")
        each.add_argument("--as", dest="email", required=True, help="누가 하는지 / who does it")
        each.add_argument("--shares", type=Path, required=True, help="조각을 적는 파일 / file of the shares")
    opened.add_argument("--roll", type=Path, required=True, help="참관 기구의 명부 CSV / the observers' roll")
    opened.add_argument("--letters", type=Path, required=True, help="초대 번호를 적을 CSV / CSV for the letters")
    opened.add_argument("--batch", type=int, default=100, help="한 번에 올리는 표 / ballots of a batch")


def _acting(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    act = command("act", "행위를 함 / do an act")
    act.add_argument("name", help="예: proposals.support")
    act.add_argument("pk", help="무엇에 하는지, 번호 / on what, its id")
    act.add_argument("input", nargs="*", metavar="key=value", help="key=@FILE은 파일 / key=@FILE is a file")
    act.add_argument("--as", dest="email", required=True, help="누가 하는지 / who does it")
    act.add_argument("--post", default="", help="기구/직위 / acting as body/post")
    sheet = command("sheet", "표를 내보냄 / print a sheet")
    sheet.add_argument("key", nargs="?", default="", help="표의 이름표; 없으면 목록 / without: the list")
    sheet.add_argument("--json", action="store_true", help="한 줄에 하나씩 JSON / one JSON object a line")
    sheet.add_argument("--csv", action="store_true", help="CSV (기본 / default)")
    places = command("places", "장소 / places").add_subparsers(dest="what", required=True)
    load = places.add_parser("load", help="CSV를 불러옴 / load a CSV")
    load.add_argument("path", type=Path)
    fetched = command("import-pb", "다른 도시의 투표(.pb)를 결과 화면으로 / a published vote (.pb) as a result page")
    fetched.add_argument("path", type=Path, metavar="FILE.pb")
    fetched.add_argument("--key", default="", help="주소에 쓸 이름 / name in the address")
    fetched.add_argument("--encoding", default="utf-8", help="글 부호화 / text encoding")
    person = command("person", "사람 / people").add_subparsers(dest="what", required=True)
    person.add_parser("steward", help="첫 마당지기를 세움 / seat the first steward").add_argument("email")
    level = person.add_parser("level", help="대면 확인을 적음 / record what a desk made sure of")
    level.add_argument("email")
    level.add_argument("level", choices=("2", "3"), help="2 본인확인 · 3 거주·생활")
    level.add_argument("--place", default="", help="장소 코드 (3일 때) / place code")
    level.add_argument("--tie", default="", choices=("lives", "works", "studies", "business"))
    level.add_argument("--paper", required=True, help="확인한 서류의 번호 / number of the document")
    level.add_argument("--as", dest="by", required=True, help="창구 담당의 이메일 / the desk officer")
    token = person.add_parser("token", help="API 열쇠를 만듦 / make an API token")
    token.add_argument("email")
    token.add_argument("--name", default="madang CLI")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("1–65535")
    return int(text)
