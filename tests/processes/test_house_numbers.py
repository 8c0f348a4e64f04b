"""The numbers of the house: a changed charter reaches the next process, and leaves the running one as it was."""

from pathlib import Path

import pytest
from django.core.checks import run_checks

from madang.access import Refused
from madang.bodies.models import Body
from madang.decisions.forms import ReplyForm
from madang.doors import clock
from madang.duties import acts as duties
from madang.duties.calendar import add_working_days
from madang.duties.models import Duty
from madang.processes.acts import open_
from madang.processes.library import edition, number, term
from madang.processes.models import RecipeText
from madang.processes.queries import rules
from madang.proposals import acts as proposals
from madang.recipes import loads, under
from madang.recipes.words import HOUSE_VALUES

OWN = {"edits_until", "change_answer_days", "appeal_days"}  # 민주주의 서울 gives these itself
UNASKED = {"use_report_days"}  # it votes on nothing, so its processes keep no number for it


@pytest.fixture
def steward(person, seat, city):
    made = person("마당지기")
    seat(made, city.stewards)
    return made


@pytest.fixture
def open_channel(by, steward, day, city):
    """open_channel("ds") — 민주주의 서울, opened as the recipes stand now."""
    sides = {"operator": "public", "panel": "civil", "mayor": "public"}

    def make(key):
        parts = {
            part: Body.objects.get_or_create(key=part, defaults={"name": part, "side": side, "place": city.seoul})[0]
            for part, side in sides.items()
        }
        return open_(
            by(steward, day(-1)), city.seoul, recipe="democracy-seoul@2019-03-26", key=key, name=key, castings=parts
        )

    return make


@pytest.fixture
def write_charter(tmp_path, settings):
    """write_charter(extension_days=3) — the city writes these numbers into its own charter."""
    settings.HOME = tmp_path
    (tmp_path / "recipes").mkdir()

    def write(**numbers):
        text = Path(edition("charter").origin).read_text(encoding="utf-8")
        for name, value in numbers.items():
            line = next(line for line in text.splitlines() if line.startswith(f"{name} ="))
            head, _comma, tail = line.partition(",")
            text = text.replace(line, f"{head[: head.rindex('=')]}= {value},{tail}")
        file = tmp_path / "recipes" / "charter.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("name", sorted(HOUSE_VALUES.keys() - OWN - UNASKED))
def test_a_changed_charter_reaches_the_next_process_and_not_the_running_one(open_channel, write_charter, name):
    running = open_channel("running")
    before = number(running, name)

    write_charter(**{name: before + 2})

    assert number(open_channel("next"), name) == before + 2
    assert number(running, name) == before


def test_what_a_recipe_says_itself_is_not_the_charters_to_change(open_channel, write_charter):
    write_charter(appeal_days=99)

    assert term(open_channel("next"), "appeal_days") == (10, "working-days")


def test_a_duty_is_extended_and_told_upwards_by_the_charter_its_process_opened_under(
    open_channel, write_charter, by, person, seat, day, city
):
    running = open_channel("running")
    write_charter(extension_days=3, escalation_days=1)
    clerk = person("운영팀")
    seat(clerk, Body.objects.get(key="operator"), "주무관")
    longer = {}
    for process in (running, open_channel("next")):
        matter = proposals.submit(
            by(person("김순자"), day(0)), process, title="등", problem="밤에 어둡습니다.", idea="등을 답니다.", place=city.dong
        )
        duty = Duty.objects.get(matter=matter)
        duties.extend(by(clerk, day(3)), duty, reason="관계 부서의 답을 더 들어야 합니다.")
        longer[process.key] = duty

    assert [longer[key].due_on for key in ("running", "next")] == [
        add_working_days(longer["running"].first_due_on, 10),
        add_working_days(longer["next"].first_due_on, 3),
    ]
    for duty in longer.values():
        duty.escalated = 0
        assert clock.step_reached(duty, add_working_days(duty.due_on, 1))
        duty.due_on, duty.stage.phase, duty.escalated = day(0).date(), "reply", 1
    told = {key: clock.step_reached(duty, add_working_days(day(0).date(), 2)) for key, duty in longer.items()}
    assert told == {"running": False, "next": True}


def test_the_words_of_a_reply_are_counted_by_the_charter_the_process_opened_under(
    open_channel, write_charter, by, person, day, city
):
    running = open_channel("running")
    write_charter(reply_reason_least=44)
    helps = {}
    for process in (running, open_channel("next")):
        matter = proposals.submit(
            by(person("김순자"), day(0)), process, title="등", problem="밤에 어둡습니다.", idea="등을 답니다.", place=city.dong
        )
        helps[process.key] = str(ReplyForm(on=matter).fields["reason"].help_text)

    assert "30자" in helps["running"]
    assert "44자" in helps["next"]


def test_a_process_opened_before_the_charter_knew_a_number_asks_the_charter_adopted(open_channel, city):
    process = open_channel("old")
    bare = edition("democracy-seoul@2019-03-26")
    RecipeText.objects.create(digest="sha256:bare", text=bare.freeze(), first_used_at=process.opened_at)
    process.recipe_id = "sha256:bare"
    assert "extension_days" not in rules("sha256:bare").values

    assert term(process, "extension_days") == (10, "working-days")


def test_a_process_keeps_the_numbers_of_the_house_in_its_own_text(open_channel):
    process = open_channel("ds")
    text = RecipeText.objects.get(pk=process.recipe_id).text

    assert process.recipe_id == f"sha256:{process.rules.digest()}"
    assert '"reply_step_years":{"assumed":true' in text
    assert under(process.rules, edition("charter")) is process.rules


def test_a_charter_with_a_broken_number_stops_the_start_with_file_and_line(write_charter):
    file = write_charter(extension_days='"열흘"')
    line = next(n for n, text in enumerate(file.read_text().splitlines(), start=1) if text.startswith("extension_days"))

    said = [str(error.msg) for error in run_checks() if error.id == "madang.E001"]

    assert said == [f"{file}:{line}: 'value' 자리에는 정수를 써야 합니다."]


def test_a_charter_that_lost_a_number_stops_the_start_with_file_and_line(write_charter):
    file = write_charter()
    kept = [line for line in file.read_text().splitlines() if not line.startswith("edits_until")]
    file.write_text("\n".join(kept))

    said = [str(error.msg) for error in run_checks() if error.id == "madang.E001"]

    assert [word.split(": ")[0] for word in said] == [f"{file}:{kept.index('[values]') + 1}"]
    assert "'edits_until' 값이 없습니다" in said[0]


def test_an_edit_is_open_until_as_many_stand_behind_the_words_as_the_charter_says(
    write_charter, by, steward, person, day, city
):
    """A recipe without `edits_until` of its own takes the charter's."""
    write_charter(edits_until=1)
    home = Path(edition("charter").origin).parent
    bare = [
        line
        for line in Path(edition("local-proposals").origin).read_text(encoding="utf-8").splitlines()
        if not line.startswith("edits_until")
    ]
    (home / "local-proposals.toml").write_text("\n".join(bare), encoding="utf-8")
    assert "edits_until" not in loads("\n".join(bare)).values
    parts = {
        part: Body.objects.create(key=part, name=part, side=wanted.side, place=city.seoul)
        for part, wanted in edition("local-proposals").bodies.items()
        if not wanted.matter
    }
    channel = open_(
        by(steward, day(-1)), city.seoul, recipe="local-proposals", key="dong", name="우리 동네", castings=parts
    )
    author = person("김순자", level=3, place=city.dong)
    words = {"title": "등", "problem": "밤에 어둡습니다.", "idea": "등을 답니다."}
    lamp = proposals.submit(by(author, day(0)), channel, **words)
    proposals.edit(by(author, day(1)), lamp, **{**words, "idea": "낮은 등을 답니다."})
    proposals.support(by(person("이웃", level=3, place=city.dong), day(1)), lamp)

    with pytest.raises(Refused, match="supported-words"):
        proposals.edit(by(author, day(2)), lamp, **words)
