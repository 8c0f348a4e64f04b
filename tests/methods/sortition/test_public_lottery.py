"""From the panel table to the panel: the digest, the draw, the reserve, and the proof in fractions."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from madang.methods.sortition import lottery
from madang.methods.sortition.__main__ import main
from madang.methods.sortition.verify import verify

PEOPLE = 60
AGES, PARTS = ("청년", "중년", "노년"), ("동", "서")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """60 people of uneven groups, ten seats; p00 and p01 share a home, p02 and p03 another."""
    lines = [
        f"p{i:02},{AGES[(i * i) % 3]},{PARTS[i % 7 > 2]},{'남' if i % 3 else '여'},{'h' + str(i // 2) if i < 4 else ''}"
        for i in range(PEOPLE)
    ]
    (tmp_path / "pool.csv").write_text("id,나이,곳,성별,집\n" + "\n".join(lines) + "\n", "utf-8")
    ages = {age: sum(line.split(",")[1] == age for line in lines) for age in AGES}
    quotas = [f"나이,{age},{2 if there else 0},{5 if there else 0}" for age, there in ages.items()]
    quotas += ["곳,동,5,5", "곳,서,5,5", "성별,여,4,6", "성별,남,4,6"]
    (tmp_path / "quotas.csv").write_text("feature,value,min,max\n" + "\n".join(quotas) + "\n", "utf-8")
    return str(tmp_path / "pool.csv"), str(tmp_path / "quotas.csv")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_without_a_seed_nobody_is_drawn_and_the_probabilities_are_exact(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(capsys, *files, "--seats", "10", "--household", "집")
    assert found["panel"] is None
    assert found["attained"] is True
    assert found["minimum"] == min(found["probabilities"].values()) == pytest.approx(found["bound"], abs=1e-9)
    assert sum(found["probabilities"].values()) == pytest.approx(10, abs=1e-6)


def test_a_lottery_is_published_drawn_and_found_sound(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # given a published table
    table, record = tmp_path / "table.txt", tmp_path / "record.json"
    words = (*files, "--seats", "10", "--household", "집", "--table", str(table))
    first = run(capsys, *words, "--panels", "200")
    assert first["panel"] is None
    # when the seed comes into being
    drawn = run(capsys, *words, "--seed", "2026-11-30 코스피 2,501.11", "--spares", "6", "--transcript", str(record))
    # then the panel is a line of that very table
    assert drawn["digest"] == first["digest"]
    lines = table.read_text("utf-8").splitlines()
    assert lines[drawn["number"]].split("\t") == drawn["panel"]
    assert len(set(drawn["spares"]) - set(drawn["panel"])) == 6
    copies = Counter(name for line in lines for name in line.split("\t"))
    assert {name: copies[name] / 200 for name in drawn["probabilities"]} == drawn["probabilities"]
    assert min(copies.values()) == int(drawn["bound"] * 200 + 1e-9)
    # and it is found sound, with every level proven
    report = verify(record, *map(Path, files))
    assert (report.faults, report.unchecked) == ([], [])
    assert report.minimum == Fraction(min(copies.values()), 200)
    assert report.bound == pytest.approx(drawn["bound"], abs=1e-9)
    assert main(["--verify", str(record), *files]) == 0
    assert main(["--verify", str(record)]) == 0


def altered(record: dict[str, Any], what: str) -> None:
    if what == "table":
        record["table"][0], record["table"][1] = record["table"][1], record["table"][0]
    elif what == "seed":
        record["seed"] += "!"
    elif what == "number":
        record["number"] += 1
    elif what == "panel":
        record["panel"] = record["table"][(record["number"] + 1) % len(record["table"])]
    elif what == "spares":
        record["spares"].reverse()
    elif what == "price":
        record["certificate"][0]["prices"]["seat"] += 10**13
    elif what == "level":
        record["certificate"][0]["value"] = "0.01"
    elif what == "left out":
        record["certificate"].pop()
    elif what == "quota":
        easterners = [f"p{i:02}" for i in (0, 1, 2, 7, 8, 9, 14, 15, 16, 21)]
        record["table"] = [*record["table"][:-1], easterners]
        record["digest"] = lottery.digest(record["table"])
        record["number"] = lottery.number(record["digest"], record["seed"], len(record["table"]))[0]
        record["panel"] = record["table"][record["number"]]


@pytest.mark.parametrize("what", ["table", "seed", "number", "panel", "spares", "price", "level", "left out", "quota"])
def test_whatever_is_changed_is_found(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    path = tmp_path / "record.json"
    run(capsys, *files, "--seats", "10", "--panels", "64", "--seed", "s", "--spares", "4", "--transcript", str(path))
    assert verify(path, *map(Path, files)).ok
    record = json.loads(path.read_text("utf-8"))
    altered(record, what)
    path.write_text(json.dumps(record), "utf-8")
    assert not verify(path, *map(Path, files)).ok
    assert main(["--verify", str(path), *files]) == 1


def test_another_pool_is_not_the_pool_of_the_lottery(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.json"
    run(capsys, *files, "--seats", "10", "--panels", "16", "--seed", "s", "--transcript", str(record))
    Path(files[0]).write_text(Path(files[0]).read_text("utf-8") + "\n", "utf-8")
    assert "not the file" in verify(record, *map(Path, files)).faults[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"madang-sortition": 1, "table": 3}', "[" * 100_000])
def test_what_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    assert main(["--verify", str(path)]) == 1


def test_a_published_table_that_breaks_a_quota_is_not_drawn_from(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.txt"
    run(capsys, *files, "--seats", "10", "--panels", "8", "--table", str(table))
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([*lines[:3], "\t".join(lines[3].split("\t")[1:])]) + "\n", "utf-8")
    assert main([*files, "--seats", "10", "--table", str(table), "--seed", "s"]) == 1
    assert "table.txt:4:1" in capsys.readouterr().err


def test_the_household_limit_holds_in_every_panel_and_against_those_seated(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.txt"
    run(capsys, *files, "--seats", "10", "--household", "집", "--panels", "100", "--table", str(table))
    for line in table.read_text("utf-8").splitlines():
        assert not {"p00", "p01"} <= set(line.split("\t"))
        assert not {"p02", "p03"} <= set(line.split("\t"))
    # given p00 already seated, p01 of the same home cannot be drawn, and the quotas hold with p00 counted
    lines = Path(files[0]).read_text("utf-8").splitlines()
    seated = tmp_path / "seated.csv"
    seated.write_text("\n".join([lines[0], lines[1]]) + "\n", "utf-8")
    record = tmp_path / "record.json"
    words = (*files, "--seats", "10", "--household", "집", "--seated", str(seated))
    found = run(capsys, *words, "--seed", "s", "--panels", "50", "--transcript", str(record))
    assert len(found["panel"]) == 9
    assert "p00" not in found["probabilities"]
    assert "p01" not in found["probabilities"]
    assert verify(record, *map(Path, files), seated).ok
    assert not verify(record, *map(Path, files)).ok


def test_each_of_the_reserve_can_take_a_seat_and_keeps_the_quotas(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from madang.methods.sortition.keeping import Rules
    from madang.methods.sortition.reading import read_pool, read_quotas

    found = run(capsys, *files, "--seats", "10", "--panels", "50", "--seed", "s", "--spares", "8")
    quotas = read_quotas(files[1])
    rules = Rules(read_pool(files[0], quotas), quotas, 10)
    panel, spares = found["panel"], found["spares"]
    covers = rules.covers(panel)
    for one in sorted(rules.people.keys() - set(panel)):
        plainly = {member for member in panel if rules.fits([*(name for name in panel if name != member), one])}
        assert covers(one) == plainly
    assert all(covers(one) for one in spares)
    for gone in panel:
        come = lottery.replacement(panel, gone, spares, rules.fits)
        assert come is None or rules.fits([*(name for name in panel if name != gone), come])
    assert any(lottery.replacement(panel, gone, spares, rules.fits) for gone in panel)


def test_the_draw_is_even_and_the_reserve_follows_the_seed() -> None:
    counted = Counter(lottery.number("ab" * 32, f"seed {n}", 7)[0] for n in range(7000))
    assert set(counted) == set(range(7))
    assert max(counted.values()) - min(counted.values()) < 200
    assert lottery.order(["a", "b", "c"], "1") == lottery.order(["c", "b", "a"], "1")
    assert lottery.text([["a", "b"], ["c"]]) == "a\tb\nc\n"


def test_infeasible_quotas_leave_no_file_and_say_the_smallest_change(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quotas = Path(files[1])
    quotas.write_text(quotas.read_text("utf-8").replace("곳,동,5,5", "곳,동,6,6"), "utf-8")
    record = tmp_path / "record.json"
    assert main([*files, "--seats", "10", "--seed", "s", "--transcript", str(record), "--json"]) == 1
    out = capsys.readouterr()
    found = json.loads(out.out)
    assert not record.exists()
    assert found["relaxations"][0]["units"] == 1
    assert "최소의 합 11이(가) 자리 10보다 많습니다" in out.err
    assert "가장 작은 완화" in out.err


def test_changes_never_pass_min_flex_and_max_flex(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    quotas = Path(files[1])
    rows = quotas.read_text("utf-8").replace("곳,동,5,5", "곳,동,6,6").splitlines()
    fixed = [rows[0] + ",min_flex,max_flex", *(f"{row},{row.split(',')[2]},{row.split(',')[3]}" for row in rows[1:])]
    quotas.write_text("\n".join(fixed) + "\n", "utf-8")
    assert main([*files, "--seats", "10", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["relaxations"] == []


def test_the_words_for_people_are_printed(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "--seats", "10", "--panels", "20", "--seed", "s", "--spares", "2"]) == 0
    out = capsys.readouterr().out
    assert "나이=청년: 최소 2 최대 5 · 지원" in out
    assert "뽑힌 패널" in out


def test_wrong_calls_end_with_two(files: tuple[str, str]) -> None:
    for words in ([*files], [*files, "--seats", "0"], [*files, "--seats", "10", "--spares", "3"], ["--verify"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_verify_needs_neither_arrays_nor_solver(files: tuple[str, str], tmp_path: Path) -> None:
    code = "import sys, madang.methods.sortition.verify; print({'numpy', 'highspy', 'numba'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_without_compiled_kernels_the_table_is_the_same(files: tuple[str, str], tmp_path: Path) -> None:
    digests = []
    for numba in ("0", "1"):
        words = [*files, "--seats", "10", "--household", "집", "--panels", "32", "--json"]
        command = [sys.executable, "-m", "madang.methods.sortition", *words]
        env = {"MADANG_NUMBA": numba, "PATH": str(Path(shutil.which("true") or "/bin").parent)}
        ran = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
        digests.append(json.loads(ran.stdout)["digest"])
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("name", "value"), [("id", 3), ("household", [3]), ("table", [[3]]), ("table", []), ("seed", 4), ("files", [])]
)
def test_a_transcript_of_another_shape_is_refused(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, value: object
) -> None:
    path = tmp_path / "record.json"
    run(capsys, *files, "--seats", "10", "--panels", "4", "--seed", "s", "--transcript", str(path))
    record = json.loads(path.read_text("utf-8")) | {name: value}
    path.write_text(json.dumps(record), "utf-8")
    assert main(["--verify", str(path), *files]) == 1
    assert "not a transcript" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["1e999999999", "nan", "-1.0"])
def test_a_level_that_is_no_decimal_is_found(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    path = tmp_path / "record.json"
    run(capsys, *files, "--seats", "10", "--panels", "8", "--seed", "s", "--transcript", str(path))
    record = json.loads(path.read_text("utf-8"))
    record["certificate"][0]["value"] = value
    path.write_text(json.dumps(record), "utf-8")
    assert "cannot be read" in verify(path, *map(Path, files)).faults[0]
