"""Opening an institution: every part is cast, every window has its days, paper stays paper, and the text is kept."""

from datetime import date

import pytest

from madang.access import Refused
from madang.bodies.models import Body
from madang.processes import acts
from madang.processes.forms import OpenForm
from madang.processes.library import edition
from madang.processes.models import Process
from madang.record.models import Entry

BUDGET = "participatory-budget-city@2019-02-11"


@pytest.fixture
def steward(person, seat, city):
    made = person("마당지기")
    seat(made, city.stewards)
    return made


@pytest.fixture
def bodies(city):
    sides = {"operator": "public", "committee": "civil", "talks": "joint", "school": "civil", "budget-office": "public"}
    return {part: Body.objects.create(key=part, name=part, side=side, place=city.seoul) for part, side in sides.items()}


WINDOWS = {"call": (date(2026, 3, 2), date(2026, 4, 10)), "vote": (date(2026, 8, 3), date(2026, 8, 31))}


def open_(by, steward, day, city, bodies, **changes):
    given = {"recipe": BUDGET, "key": "pb", "name": "시민참여예산", "castings": bodies, "windows": WINDOWS, **changes}
    return acts.open_(by(steward, day(0)), city.seoul, **given)


def test_an_edition_keeps_its_text_its_cast_and_its_calendar(by, steward, day, city, bodies):
    process = open_(by, steward, day, city, bodies)
    assert process.rules.edition == BUDGET
    assert process.recipe_id == f"sha256:{process.rules.digest()}"
    assert sorted(process.castings.values_list("part", flat=True)) == sorted(bodies)
    assert process.windows.get(key="vote").closes_on == date(2026, 8, 31)
    assert Entry.objects.filter(act="processes.open").count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recipe": "citizen-committee@2018-03-30"}, "paper-recipe"),
        ({"castings": {}}, "part-without-body"),
        ({"windows": {"call": WINDOWS["call"]}}, "window-missing"),
        ({"windows": {**WINDOWS, "vote": (date(2026, 2, 1), date(2026, 8, 31))}}, "window-order"),
        ({"windows": {**WINDOWS, "call": (date(2026, 3, 2), date(2026, 3, 12))}}, "window-too-short"),
    ],
)
def test_an_incomplete_opening_is_refused_and_leaves_no_trace(by, steward, day, city, bodies, changes, code):
    before = Entry.objects.count()
    with pytest.raises(Refused, match=code):
        open_(by, steward, day, city, bodies, **changes)
    assert Entry.objects.count() == before
    assert not Process.objects.filter(key="pb").exists()


def test_a_part_of_the_other_side_is_refused(by, steward, day, city, bodies):
    with pytest.raises(Refused, match="wrong-side"):
        open_(by, steward, day, city, {**bodies, "committee": bodies["operator"]})


def test_a_part_is_called_by_the_name_its_recipe_gives_it(by, steward, day, city, bodies):
    from django.utils.translation import override

    with override("ko"), pytest.raises(Refused) as ko:
        open_(by, steward, day, city, {**bodies, "committee": bodies["operator"]})
    with override("en"), pytest.raises(Refused) as en:
        open_(by, steward, day, city, {part: body for part, body in bodies.items() if part != "committee"})

    assert ko.value.words()[0] == "그 일은 다른 쪽의 기구가 맡습니다 (시민참여예산위원회)."
    assert en.value.detail["part"] == "committee"
    assert en.value.detail["called"] == edition(BUDGET).bodies["committee"].name.en


def test_nobody_but_a_steward_opens_processes(by, person, day, city, bodies):
    with pytest.raises(Refused, match="needs-role"):
        open_(by, person("지나가던 이"), day, city, bodies)


def test_an_empty_process_closes_with_a_reason_and_then_takes_nothing(by, steward, day, city, bodies, person):
    from madang.proposals import acts as proposals

    process = open_(by, steward, day, city, bodies)
    acts.close(by(steward, day(1)), process, reason="잘못 열었습니다.")
    process.refresh_from_db()
    with pytest.raises(Refused, match="process-closed"):
        proposals.submit(by(person("늦은 이"), day(2)), process, title="늦은 제안", problem="문제", idea="생각", place=city.dong)


def test_a_proposal_before_the_call_opens_hears_the_day(by, steward, day, city, bodies, person):
    from madang.proposals import acts as proposals

    process = open_(by, steward, day, city, bodies, windows={**WINDOWS, "call": (date(2026, 3, 9), date(2026, 4, 20))})
    with pytest.raises(Refused) as refused:
        proposals.submit(by(person("이른 이"), day(1)), process, title="이른 제안", problem="문제", idea="생각", place=city.dong)
    assert (refused.value.code, refused.value.detail) == ("not-yet-open", {"opens_on": "2026-03-09"})


def test_the_form_grows_a_field_for_every_part_and_window(city, bodies):
    form = OpenForm({"recipe": BUDGET})
    assert {"body_committee", "body_talks", "opens_call", "closes_vote"} <= form.fields.keys()
    assert "body_department" not in form.fields

