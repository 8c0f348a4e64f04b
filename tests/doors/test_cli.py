"""The command line: the same acts, kind refusals, exit codes; and what works without Django."""

import json
import subprocess
import sys

import pytest

from madang.bodies.models import Seat
from madang.doors import cli
from madang.proposals.models import Support
from madang.record.models import Entry

NO_DJANGO = """
import sys
sys.modules["django"] = None  # importing it now fails
from madang.doors import cli
sys.exit(cli.main(sys.argv[1:]))
"""


def alone(*words):
    return subprocess.run([sys.executable, "-c", NO_DJANGO, *words], capture_output=True, text=True, check=False)


def test_the_version_needs_no_django():
    assert alone("--version").stdout.startswith("madang ")


def test_recipes_are_checked_without_django():
    assert alone("recipes", "check").returncode == 0


def test_verify_needs_no_django_and_says_what_is_wrong(tmp_path):
    bad = tmp_path / "bad.log"
    bad.write_text("not a log\n")
    done = alone("verify", str(bad))
    assert done.returncode != 0
    assert "django" not in (done.stdout + done.stderr).lower()


def test_an_unknown_command_is_refused():
    with pytest.raises(SystemExit) as stop:
        cli.main(["dance"])
    assert stop.value.code == 2


def test_a_port_out_of_range_is_refused():
    with pytest.raises(SystemExit) as stop:
        cli.main(["serve", "--port", "70000"])
    assert stop.value.code == 2


@pytest.mark.django_db
def test_a_sheet_is_printed_as_csv_and_as_json(city, capsysbinary):
    assert cli.main(["sheet", "bodies"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"\xef\xbb\xbfid,key,name")
    assert cli.main(["sheet", "bodies", "--json"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["stewards", "moderators", "desk"]


@pytest.mark.django_db
def test_a_sheet_nobody_has_is_answered_with_those_there_are(city, capsys):
    assert cli.main(["sheet", "nothing"]) == 2
    assert "bodies" in capsys.readouterr().err


@pytest.mark.django_db
def test_an_act_is_done_in_somebodys_name(matter, person, capsys):
    neighbour = person("이영희")
    assert cli.main(["act", "proposals.support", str(matter.pk), "--as", neighbour.email]) == 0
    assert Support.objects.get().person == neighbour
    assert Entry.objects.order_by("-id").first().door == "cli"


@pytest.mark.django_db
def test_a_refusal_prints_what_and_what_next_and_leaves_no_line(matter, person, capsys):
    who, before = person("최길동", level=1), Entry.objects.count()
    assert cli.main(["act", "proposals.support", str(matter.pk), "--as", who.email]) == 1
    said = capsys.readouterr().err
    assert "[needs-level]" in said
    assert "→" in said
    assert Entry.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["act", "nothing.at_all", "1", "--as", "a@b.org"], 2), (["act", "people.join", "1", "--as", "a@b.org"], 2),
        (["act", "proposals.support", "1", "--as", "nobody@example.org"], 1),
        (["places", "load", "/nowhere.csv"], 2),
    ],
)  # fmt: skip
def test_wrong_calls_end_with_a_sentence(city, capsys, words, code):
    assert cli.main(words) == code
    assert capsys.readouterr().err.strip()


@pytest.mark.django_db
def test_input_that_is_wrong_is_said_field_by_field(city, person, capsys):
    who = person("홍길동")
    assert cli.main(["act", "people.rename", str(who.pk), "name=", "colour=red", "--as", who.email]) == 2
    said = capsys.readouterr().err
    assert "name:" in said
    assert "colour:" in said


@pytest.mark.django_db
def test_the_first_steward_is_seated_from_the_command_line_once(city, capsys):
    assert cli.main(["person", "steward", "kim@example.org"]) == 0
    assert cli.main(["person", "steward", "lee@example.org"]) == 1
    assert Seat.objects.get().person.email == "kim@example.org"


@pytest.mark.django_db
def test_sound_data_passes_the_check(matter, day, capsys):
    from madang.record.seal import seal

    seal(day(0))
    assert cli.main(["check"]) == 0, capsys.readouterr().err


@pytest.mark.django_db
def test_a_counter_that_lies_is_found(matter, capsys):
    type(matter).objects.update(supports=7)
    assert cli.main(["check"]) == 1
    assert f"{matter.number}: 공감 수가 7인데 세어 보면 0입니다." in capsys.readouterr().err


@pytest.mark.django_db
def test_a_matter_nobody_owes_a_step_on_is_found(matter, yesterday, capsys):
    matter.duties.update(kept_at=yesterday)
    assert cli.main(["check"]) == 1
    assert "다음 걸음을 맡은 이가 없습니다" in capsys.readouterr().err


@pytest.mark.django_db
def test_phases_that_disagree_with_their_rows_are_found(matter, yesterday, capsys):
    matter.stages.update(closed_at=yesterday)
    assert cli.main(["check"]) == 1
    assert "단계" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_an_exported_record_verifies(city, day, tmp_path, capsys):
    from madang.record.seal import seal

    seal(day(0))
    path = tmp_path / "madang.log"
    assert cli.main(["record", "export", str(path)]) == 0
    assert cli.main(["verify", str(path)]) == 0
