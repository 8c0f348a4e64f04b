"""A forum is read by anyone, page by page; what is hostile is shown inert and what is hidden says why."""

import pytest
from django.template.loader import render_to_string

from madang.deliberation import acts, moderation, queries
from madang.deliberation.forms import CloseForm, OpenForm, ReplyForm, StateForm
from madang.deliberation.sheets import forums, hidings, opinions
from madang.matters.models import Matter

HOSTILE = '<script>alert(1)</script> =HYPERLINK("http://x") {{ 7*7 }} javascript:alert(1)'


@pytest.fixture
def talk(forum, person, by, again):
    """25 opinions: 13 for, 12 against, by as many people."""
    return [
        acts.state(by(person(f"사람{n}"), 3), again(forum), side="against" if n % 2 else "for", text=f"까닭 {n}")
        for n in range(25)
    ]


def test_the_opinions_together_are_the_list_and_going_back_shows_the_same(talk, forum):
    first = queries.opinions(forum)
    second = queries.opinions(forum, before=first.older)
    assert [o.pk for o in first.rows + second.rows] == [o.pk for o in reversed(talk)]
    assert (first.newer, second.older) == (None, None)
    assert [o.pk for o in queries.opinions(forum, after=second.newer).rows] == [o.pk for o in first.rows]
    assert {o.side for o in queries.opinions(forum, "against").rows} == {"against"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_takes_two_queries_whatever_was_said(forum, person, by, again, rows, django_assert_num_queries):
    for n in range(rows):
        acts.state(by(person(f"사람{n}"), 3), again(forum), side="for", text=f"까닭 {n}")
    matter = Matter.objects.select_related("process").get(pk=forum.matter_id)
    with django_assert_num_queries(2):
        shown = queries.panel(matter)
        assert {(o.person.called[:2], o.shown) for o in shown["opinions"]} == {("사람", True)}
    assert len(shown["opinions"]) == rows


def test_a_matter_that_never_left_proposing_asks_the_database_nothing(lamp, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.panel(lamp) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_opinions_takes_two_queries_whatever_was_said(
    forum, person, by, again, rows, django_assert_num_queries
):
    for n in range(rows):
        acts.state(by(person(f"사람{n}"), 3), again(forum), side="for", text=f"까닭 {n}")
    with django_assert_num_queries(2):
        assert [o.hidden_by for o in queries.opinions(forum).rows] == [[]] * rows


def test_the_forum_page_shows_hostile_words_inert(client, forum, person, by, again):
    acts.state(
        by(person("<b>김</b>"), 3), again(forum), side="for", text=HOSTILE, evidence_url="https://example.org/?q=<x>",
        evidence_note="<i>근거</i>",
    )  # fmt: skip
    page = client.get(f"/forums/{forum.pk}/").content.decode()
    assert "<script>alert" not in page and "<i>근거" not in page and "<b>김" not in page
    assert "&lt;script&gt;alert(1)" in page and "{{ 7*7 }}" in page
    assert 'href="javascript' not in page


def test_the_pages_of_a_forum_answer_and_what_is_not_there_is_not_found(client, talk, forum, person, by, again):
    acts.reply(by(person("답"), 3), again(talk[0]), text="그렇습니다.")
    for path in (
        f"/forums/{forum.pk}/", f"/forums/{forum.pk}/?side=for", f"/forums/{forum.pk}/?before={talk[5].pk}",
        f"/forums/{forum.pk}/?before=x&side=%00", f"/opinions/{talk[0].pk}/", "/moderation/",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    for path in ("/forums/999999/", "/opinions/999999/", f"/forums/{10**30}/"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("rows", [1, 3])
def test_a_thread_is_nested_and_takes_the_same_queries_whatever_was_answered(
    forum, person, by, again, rows, django_assert_num_queries
):
    root = acts.state(by(person("김"), 3), again(forum), side="for", text="필요합니다.")
    one = acts.reply(by(person("이"), 3), again(root), text="하나")
    for n in range(rows):
        acts.reply(by(person(f"사람{n}"), 3), again(one), text=f"하나의 {n}")
    with django_assert_num_queries(4):
        head = queries.thread(root.pk)
    assert [len(head.below), len(head.below[0].below)] == [1, rows]
    assert [reply.text for reply in queries.thread(one.pk).below] == [f"하나의 {n}" for n in range(rows)]


def test_a_hidden_opinion_says_the_rule_and_the_reason_and_not_the_words(
    client, talk, person, seat, moderators, by, again
):
    moderator = seat(person("조조정"), moderators)
    moderation.hide(by(moderator, 3), again(talk[24]), rule="insult", reason="특정인을 모욕했습니다.")
    for path in (f"/forums/{talk[24].forum_id}/", f"/opinions/{talk[24].pk}/"):
        page = client.get(path).content.decode()
        assert "특정인을 모욕했습니다." in page and "욕설" in page
        assert "까닭 24" not in page


def test_the_panel_of_a_closed_forum_shows_its_points(rf, forum, lamp, operator, by, again):
    acts.close_forum(
        by(operator, 20), again(lamp), summary="정리합니다.", agreed=["밤길이 어둡다"], differing=[], unknown=["비용"]
    )
    request = rf.get("/")
    request.holes = []
    matter = again(lamp)
    shown = render_to_string("deliberation/panel.html", {"panel": queries.panel(matter), "matter": matter}, request)
    assert "밤길이 어둡다" in shown and "비용" in shown and "정리합니다." in shown


@pytest.mark.parametrize("hostile", ["\x00말", "말\u202e", " \n ", "🚨" * 262_144, ""])
def test_hostile_opinions_and_replies_are_refused_in_words(hostile):
    assert list(StateForm({"side": "for", "text": hostile}).errors) == ["text"]
    assert list(ReplyForm({"text": hostile}).errors) == ["text"]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "https://" + "a" * 600]
)
def test_evidence_leads_to_the_web_only(address):
    assert list(StateForm({"side": "for", "text": "말", "evidence_url": address}).errors) == ["evidence_url"]


def test_the_lines_of_the_points_come_as_lists_and_one_is_needed():
    filled = CloseForm({"summary": "정리", "agreed": "하나\n\n 둘 ", "differing": "", "unknown": ""})
    assert filled.is_valid() and filled.cleaned_data["agreed"] == ["하나", "둘"]
    assert not CloseForm({"summary": "정리", "agreed": " \n"}).is_valid()
    assert not OpenForm({"question": " "}).is_valid()


def test_the_sheets_hold_neither_writers_nor_hidden_words(talk, forum, person, seat, moderators, by, again):
    moderator = seat(person("조조정"), moderators)
    moderation.hide(by(moderator, 3), again(talk[3]), rule="spam", reason="도배")
    rows = {row["id"]: row for row in opinions.rows(None, forum=str(forum.pk))}
    assert len(rows) == 25 and rows[talk[3].pk]["words"] == "" and rows[talk[4].pk]["words"] == "까닭 4"
    assert set(rows[talk[4].pk]) == {column.key for column in opinions.columns}
    assert set(forums.rows(None).first()) == {column.key for column in forums.columns}
    assert set(hidings.rows(None).first()) == {column.key for column in hidings.columns}
    assert "사람" not in str(list(opinions.rows(None)))


@pytest.mark.parametrize("strange", ["x' --", "9" * 30, "-1", "²"])
def test_a_forum_that_cannot_be_has_no_opinions(talk, strange):
    assert list(opinions.rows(None)) != []
    assert list(opinions.rows(None, forum=strange)) == []
