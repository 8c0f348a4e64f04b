"""A sentence is put before the city, gathers people, is changed or taken back, and nothing of it is lost."""

import pytest

from madang.access import Refused
from madang.duties.models import Duty
from madang.matters import search
from madang.matters.models import Link, Matter, Stage
from madang.proposals import acts, queries
from madang.proposals.models import Proposal, Revision, Support
from madang.record.models import Entry
from small_city import LAMP


def test_a_proposal_gets_a_number_a_phase_and_somebody_who_owes_its_next_step(lamp, channel):
    assert lamp.number == f"2026-{lamp.pk:06d}"
    assert [stage.phase for stage in Stage.objects.filter(matter=lamp)] == ["support"]
    assert Duty.objects.get(matter=lamp).body.key == "team"
    channel.refresh_from_db()
    assert channel.matters_count == 1
    assert search.search("가로등", limit=5) == [lamp.pk]


def test_the_record_of_a_proposal_holds_no_word_of_it(lamp):
    text = "".join(Entry.objects.values_list("text", flat=True))
    assert "가로등" not in text and "어두워서" not in text and "김제안" not in text
    assert lamp.number in text


@pytest.mark.parametrize("missing", ["title", "problem", "idea"])
def test_a_proposal_without_words_is_refused_and_leaves_no_trace(channel, person, by, missing):
    with pytest.raises(Refused) as no:
        acts.submit(by(person("김")), channel, **{**LAMP, missing: "  "})
    assert no.value.code == "proposal-incomplete"
    assert not Entry.objects.exists() and not Matter.objects.exists()


def test_a_resident_number_is_refused_by_the_act_itself(channel, person, by):
    with pytest.raises(Refused) as no:
        acts.submit(by(person("김")), channel, **{**LAMP, "idea": "제 번호는 900101-1234567입니다"})
    assert no.value.code == "resident-number"
    assert not Entry.objects.exists()


def test_a_visitor_and_an_unverified_member_may_not_propose(channel, person, by):
    for who, code in ((None, "needs-login"), (person("박", level=1), "needs-level")):
        with pytest.raises(Refused) as no:
            acts.submit(by(who), channel, **LAMP)
        assert no.value.code == code
    assert not Entry.objects.exists()


def test_a_double_click_proposes_once(channel, person, by):
    kim = person("김")
    acts.submit(by(kim), channel, **LAMP)
    with pytest.raises(Refused) as no:
        acts.submit(by(kim), channel, **LAMP)
    assert no.value.code == "submitted-already"
    assert Matter.objects.count() == 1


def test_a_place_outside_the_process_is_refused(open_channel, siheung, person, by, seoul):
    channel = open_channel()
    channel.place = siheung
    with pytest.raises(Refused) as no:
        acts.submit(by(person("김")), channel, **LAMP, place=seoul)
    assert no.value.code == "place-elsewhere"


def test_a_person_supports_once_and_the_counter_equals_the_rows(lamp, person, by):
    lee = person("이")
    acts.support(by(lee, 1), lamp)
    with pytest.raises(Refused) as no:
        acts.support(by(lee, 1), lamp)
    assert no.value.code == "supported-already"
    lamp.refresh_from_db()
    assert lamp.supports == Support.objects.filter(matter=lamp).count() == 1


def test_support_takes_three_statements(lamp, person, by, django_assert_num_queries):
    lee = person("이")
    matter = Matter.objects.select_related("process").get(pk=lamp.pk)
    assert matter.process.rules  # parsed once per program
    with django_assert_num_queries(5):  # savepoint of the test, insert, counter, record, release
        acts.support(by(lee, 1), matter)


def test_the_third_support_opens_what_the_recipe_says_and_only_once(lamp, person, by):
    for name in ("이", "박", "최", "정"):
        acts.support(by(person(name), 1), Matter.objects.get(pk=lamp.pk))
    assert Stage.objects.filter(matter=lamp, phase="prepare").count() == 1
    assert Duty.objects.filter(matter=lamp, act="deliberation.open_forum", kept_at=None).count() == 1


def test_stepping_back_takes_the_support_away_and_once_only(lamp, person, by):
    lee = person("이")
    acts.support(by(lee, 1), lamp)
    acts.unsupport(by(lee, 2), lamp)
    lamp.refresh_from_db()
    assert lamp.supports == 0
    with pytest.raises(Refused) as no:
        acts.unsupport(by(lee, 2), lamp)
    assert no.value.code == "needs-role"


def test_support_after_the_phase_is_refused_and_leaves_no_trace(lamp, person, by):
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        acts.support(by(person("이"), 40), lamp)
    assert no.value.code == "phase-closed"
    assert Entry.objects.count() == before and not Support.objects.exists()


def test_an_edit_keeps_every_version_that_was_public(lamp, by):
    kim = lamp.author
    acts.edit(by(kim, 1), lamp, **{**LAMP, "title": "골목과 공원에 가로등을"})
    acts.edit(by(kim, 2), lamp, **{**LAMP, "title": "골목과 공원에 가로등을", "idea": "가로등 세 개를 놓습니다."})
    versions = queries.versions(Matter.objects.get(pk=lamp.pk))
    assert [v.edition for v in versions] == [3, 2, 1]
    assert [getattr(v, "title", v) for v in versions[1:]] == ["골목과 공원에 가로등을", LAMP["title"]]
    assert search.search("공원", limit=5) == [lamp.pk]


def test_nobody_edits_the_words_of_another_or_words_ten_people_stand_behind(lamp, person, by):
    with pytest.raises(Refused) as no:
        acts.edit(by(person("남"), 1), lamp, **{**LAMP, "title": "다른 말"})
    assert no.value.code == "needs-role"
    Matter.objects.filter(pk=lamp.pk).update(supports=10)
    with pytest.raises(Refused) as no:
        acts.edit(by(lamp.author, 1), lamp, **{**LAMP, "title": "다른 말"})
    assert no.value.code == "supported-words"
    assert not Revision.objects.exists()


def test_an_edit_that_changes_nothing_is_refused(lamp, by):
    with pytest.raises(Refused) as no:
        acts.edit(by(lamp.author, 1), lamp, **LAMP)
    assert no.value.code == "nothing-changed"


def test_a_withdrawn_proposal_stays_readable_and_nobody_owes_it_anything(lamp, by):
    acts.withdraw(by(lamp.author, 1), lamp, reason="이미 놓였습니다.")
    lamp.refresh_from_db()
    assert lamp.outcome == "withdrawn" and lamp.closed_at is not None
    assert Proposal.objects.get(matter=lamp).idea == LAMP["idea"]
    assert not Duty.objects.filter(matter=lamp, kept_at=None, released_at=None).exists()
    with pytest.raises(Refused):
        acts.support(by(lamp.author, 2), lamp)


def test_a_past_proposal_is_closed_at_once_and_late_for_nobody(open_channel, operator, by, team):
    archive = open_channel("archive", archive=True, closed_at=by(None).at)
    past = acts.record_past(
        by(operator),
        archive,
        title="청년 주거 상담",
        idea="상담 창구를 둡니다.",
        source="설명회 자료 30쪽",
        author_body=team,
    )
    assert (past.outcome, past.closed_at is not None, past.author) == ("archived", True, None)
    assert not Duty.objects.exists() and not Stage.objects.exists()


def test_a_past_proposal_needs_an_archive_and_a_source(channel, open_channel, operator, by):
    archive = open_channel("archive", archive=True, closed_at=by(None).at)
    for process, source, code in ((channel, "30쪽", "not-an-archive"), (archive, " ", "source-missing")):
        with pytest.raises(Refused) as no:
            acts.record_past(by(operator), process, title="가", idea="나", source=source)
        assert no.value.code == code
    assert not Entry.objects.exists()


def test_an_archived_proposal_is_revived_by_a_link_and_stays_as_it_was(open_channel, channel, operator, person, by):
    archive = open_channel("archive", archive=True, closed_at=by(None).at)
    past = acts.record_past(by(operator), archive, title="청년 주거 상담", idea="상담 창구", source="30쪽")
    again = acts.revive(by(person("최")), channel, origin=past, **LAMP)
    link = Link.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (past.pk, again.pk, "revive")
    past.refresh_from_db()
    assert past.outcome == "archived"
    with pytest.raises(Refused) as no:
        acts.revive(by(person("정")), channel, origin=past, **{**LAMP, "title": "또"})
    assert no.value.code == "revived-already"


def test_what_is_still_open_is_not_revived(lamp, channel, person, by):
    with pytest.raises(Refused) as no:
        acts.revive(by(person("최")), channel, origin=lamp, **{**LAMP, "title": "또"})
    assert no.value.code == "origin-open"


def test_another_process_receives_a_matter_by_link_and_no_support_comes_along(lamp, open_channel, operator, person, by):
    acts.support(by(person("이"), 1), lamp)
    budget = open_channel("budget", "next-channel")
    taken = acts.receive(by(operator, 2), budget, origin=lamp, reason="예산이 드는 일입니다.")
    assert (taken.supports, taken.author_id, taken.title) == (0, lamp.author_id, lamp.title)
    assert Link.objects.get().kind == "transfer"
    assert Entry.objects.filter(subject=f"matters.matter:{lamp.pk}", act="proposals.receive").exists()
    with pytest.raises(Refused) as no:
        acts.receive(by(operator, 2), budget, origin=lamp, reason="다시")
    assert no.value.code == "received-already"


def test_a_process_receives_only_what_the_other_recipe_passes_to_it(lamp, open_channel, operator, by):
    elsewhere = open_channel("elsewhere")
    with pytest.raises(Refused) as no:
        acts.receive(by(operator), elsewhere, origin=lamp, reason="가져옵니다.")
    assert no.value.code == "not-passed-here"
    assert not Link.objects.exists()
