"""Nothing is hidden without a rule and a reason; the author may appeal, and somebody owes the answer."""

import pytest

from madang.access import Refused
from madang.deliberation import acts, moderation, queries
from madang.deliberation.models import Hiding, Opinion, Report
from madang.duties.models import Duty
from madang.matters import search
from madang.matters.models import Matter
from madang.record.models import Entry


@pytest.fixture
def moderator(person, seat, moderators):
    return seat(person("조조정"), moderators)


@pytest.fixture
def said(forum, person, by, again):
    return acts.state(by(person("김말"), 3), again(forum), side="for", text="거친 말")


@pytest.fixture
def hidden(said, moderator, by, again):
    return moderation.hide(by(moderator, 3), again(said), rule="insult", reason="특정인을 모욕했습니다.")


def test_a_report_waits_for_the_moderators_and_each_person_reports_once(said, person, by, again):
    lee = person("이", level=1)
    moderation.report(by(lee, 3), again(said), rule="insult", words="심합니다")
    with pytest.raises(Refused) as no:
        moderation.report(by(lee, 3), again(said), rule="spam")
    assert no.value.code == "reported-already"
    assert [report.opinion for report in queries.reported()] == [said]


def test_only_moderators_hide_and_only_with_a_rule_and_a_reason(said, person, moderator, by, again):
    before = Entry.objects.count()
    stranger = person("남")
    for who, given, code in (
        (stranger, {"rule": "insult", "reason": "싫어서"}, "needs-role"),
        (moderator, {"rule": "dislike", "reason": "싫어서"}, "unknown-rule"),
        (moderator, {"rule": "insult", "reason": " "}, "reason-missing"),
    ):
        with pytest.raises(Refused) as no:
            moderation.hide(by(who, 3), again(said), **given)
        assert no.value.code == code
    assert Entry.objects.count() == before and not Hiding.objects.exists()


def test_hiding_shows_its_rule_and_reason_and_settles_the_reports(said, person, moderator, by, again):
    moderation.report(by(person("이"), 3), again(said), rule="insult")
    hiding = moderation.hide(by(moderator, 3), again(said), rule="insult", reason="특정인을 모욕했습니다.")
    assert again(said).hidden_at is not None and hiding.post.startswith("moderators/")
    assert not Report.objects.filter(settled_at=None).exists()
    shown = queries.opinions(again(said).forum).rows[0]
    assert [(h.rule, h.reason) for h in shown.hidden_by] == [("insult", "특정인을 모욕했습니다.")]
    with pytest.raises(Refused) as no:
        moderation.hide(by(moderator, 3), again(said), rule="insult", reason="또")
    assert no.value.code == "already-done"


def test_a_report_may_be_let_stand_with_a_reason(said, person, moderator, by, again):
    report = moderation.report(by(person("이"), 3), again(said), rule="insult")
    moderation.let_stand(by(moderator, 3), again(report), reason="거칠지만 규칙 안입니다.")
    assert not queries.reported() and again(said).hidden_at is None


def test_an_appeal_is_owed_an_answer_by_a_date(hidden, said, moderators, by, again):
    moderation.appeal(by(said.person, 4), again(hidden), text="누구도 가리키지 않았습니다.")
    duty = Duty.objects.get(act="deliberation.settle_appeal")
    assert (duty.body, duty.is_open()) == (moderators, True)
    with pytest.raises(Refused) as no:
        moderation.appeal(by(said.person, 4), again(hidden), text="또 냅니다.")
    assert no.value.code == "already-done"
    assert Duty.objects.filter(act="deliberation.settle_appeal").count() == 1


def test_only_the_author_appeals(hidden, person, by, again):
    with pytest.raises(Refused) as no:
        moderation.appeal(by(person("남"), 4), again(hidden), text="제가 보기에도")
    assert no.value.code == "needs-role"
    assert not Duty.objects.filter(act="deliberation.settle_appeal").exists()


def test_an_appeal_that_is_right_brings_the_words_back_as_they_were(hidden, said, moderator, by, again):
    moderation.appeal(by(said.person, 4), again(hidden), text="누구도 가리키지 않았습니다.")
    moderation.settle_appeal(by(moderator, 5), again(hidden), upheld=False, reason="가리킨 사람이 없습니다.")
    assert (again(said).hidden_at, again(said).text) == (None, "거친 말")
    assert Duty.objects.get(act="deliberation.settle_appeal").kept_at is not None
    moderation.hide(
        by(moderator, 6), again(said), rule="spam", reason="같은 글이 여러 번"
    )  # a later hiding is a new one
    assert Hiding.objects.count() == 2


def test_an_appeal_that_is_dismissed_says_why(hidden, said, moderator, by, again):
    with pytest.raises(Refused) as no:
        moderation.settle_appeal(by(moderator, 5), again(hidden), upheld=True, reason="이유")
    assert no.value.code == "no-appeal"
    moderation.appeal(by(said.person, 4), again(hidden), text="아닙니다.")
    moderation.settle_appeal(by(moderator, 5), again(hidden), upheld=True, reason="이름이 있습니다.")
    assert again(said).hidden_at is not None and again(hidden).settlement == "이름이 있습니다."
    with pytest.raises(Refused) as no:
        moderation.settle_appeal(by(moderator, 5), again(hidden), upheld=False, reason="번복")
    assert no.value.code == "already-done"


def test_nobody_judges_their_own_words(forum, person, seat, moderators, moderator, by, again):
    writer = seat(person("글쓴조정"), moderators, "위원")
    said = acts.state(by(writer, 3), again(forum), side="for", text="내 글")
    hiding = moderation.hide(by(moderator, 3), again(said), rule="spam", reason="도배")
    moderation.appeal(by(writer, 4), again(hiding), text="아닙니다.")
    with pytest.raises(Refused) as no:
        moderation.settle_appeal(by(writer, 5), again(hiding), upheld=False, reason="제 생각엔")
    assert no.value.code == "own-words"


def test_a_hidden_proposal_leaves_lists_and_search_and_comes_back_whole(lamp, moderator, by, again):
    hiding = moderation.hide_proposal(by(moderator, 1), again(lamp), rule="personal", reason="이웃의 이름이 있습니다.")
    assert search.search("가로등", limit=5) == [] and again(lamp).hidden_at is not None
    assert queries.hiding_of(again(lamp)) == hiding
    moderation.appeal(by(lamp.author, 2), again(hiding), text="제 이름입니다.")
    moderation.settle_appeal(by(moderator, 3), again(hiding), upheld=False, reason="본인의 이름입니다.")
    assert search.search("가로등", limit=5) == [lamp.pk] and again(lamp).hidden_at is None


def test_nobody_supports_what_is_hidden(lamp, moderator, person, by, again):
    from madang.proposals import acts as proposals

    moderation.hide_proposal(by(moderator, 1), again(lamp), rule="personal", reason="이웃의 이름이 있습니다.")
    with pytest.raises(Refused) as no:
        proposals.support(by(person("이"), 1), again(lamp))
    assert no.value.code == "hidden"
    assert Matter.objects.get().supports == 0 and not Opinion.objects.exists()
