"""What may come in is asked for kindly; hostile text is refused in words and nothing written is lost."""

import pytest

from madang.proposals import acts, contacts
from madang.proposals.forms import EditForm, ReceiveForm, SubmitForm
from small_city import LAMP


def form(channel, **given):
    return SubmitForm({**LAMP, "effect": "", "place": "", **given}, on=channel)


def test_a_plain_proposal_passes_and_gives_what_the_act_takes(channel):
    filled = form(channel)
    assert filled.is_valid(), filled.errors
    assert set(filled.cleaned_data) == {"title", "problem", "idea", "effect", "topic", "place"}


@pytest.mark.parametrize(
    ("field", "hostile"),
    [
        ("title", "\x00가로등"),
        ("title", "가로등\u202e등로가"),
        ("title", "   \n\t "),
        ("title", "가" * 121),
        ("idea", "🚨" * 262_144),  # one megabyte
        ("problem", ""),
        ("problem", "각\u0301" + "\u0301" * 40),
        ("topic", "everything"),
        ("topic", ""),
    ],
    ids=[
        "nul", "right-to-left", "blank", "long", "a-megabyte-of-emoji", "empty", "piled-marks", "unknown-topic",
        "no-topic",
    ],
)
def test_hostile_text_is_refused_in_words_at_its_field(channel, field, hostile):
    filled = form(channel, **{field: hostile})
    assert not filled.is_valid()
    assert list(filled.errors) == [field]
    assert all(len(str(words)) > 5 for words in filled.errors[field])


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "' OR 1=1 --", "{{ 7*7 }}"])
def test_what_is_only_odd_comes_in_as_it_is(channel, odd):
    filled = form(channel, title=odd)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["title"] == odd


def test_a_resident_number_is_refused_and_cannot_be_waved_through(channel):
    filled = form(channel, idea="900101-1234567로 연락", contacts_ok="on")
    assert not filled.is_valid() and "idea" in filled.errors


def test_a_phone_number_is_published_only_when_its_writer_says_so(channel):
    asked = form(channel, idea="010-1234-5678로 연락 주세요")
    assert not asked.is_valid() and "010-1234-5678" in str(asked.errors["idea"])
    assert not asked.fields["contacts_ok"].widget.is_hidden
    assert form(channel, idea="010-1234-5678로 연락 주세요", contacts_ok="on").is_valid()


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("010-1234-5678", ["010-1234-5678"]),
        ("01012345678", ["01012345678"]),
        ("02)123-4567", ["02)123-4567"]),
        ("me@example.co.kr", ["me@example.co.kr"]),
        ("2026-03-02", []),
        ("예산 1,234,567,890원", []),
        ("2026-000123", []),
        ("우편번호 08642", []),
        ("@이름 님", []),
    ],
)
def test_what_looks_like_a_contact_is_found_and_other_numbers_are_not(text, hits):
    assert contacts.found(text) == hits


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("900101-1234567", True),
        ("9001011234567", True),
        ("001231 4123456", True),
        ("901301-1234567", False),
        ("2026-03-02 123456", False),
        ("010-1234-5678", False),
    ],
)
def test_a_resident_number_is_known_by_its_date_and_its_first_digit(text, is_one):
    assert contacts.has_resident_number(text) is is_one


def test_similar_ones_are_shown_before_posting_and_the_second_try_posts(lamp, channel, settings):
    shown = form(channel, title="골목에 가로등을 놓아주세요!")
    assert not shown.is_valid()
    assert [one.pk for one in shown.similar] == [lamp.pk]
    assert lamp.number in str(shown.non_field_errors()) and not shown.fields["similar_seen"].widget.is_hidden
    assert form(channel, title="골목에 가로등을 놓아주세요!", similar_seen="on").is_valid()


def test_a_place_is_found_by_its_name_within_the_process(channel, siheung):
    for words in ("시흥4동", "금천구 시흥4동", "서울특별시 금천구 시흥4동", "115406"):
        filled = form(channel, place=words)
        assert filled.is_valid(), filled.errors
        assert filled.cleaned_data["place"] == siheung
    assert "place" in form(channel, place="없는동").errors


def test_two_places_of_one_name_are_asked_apart(channel, siheung, seoul):
    from datetime import date

    from madang.places.models import Place

    other = Place.objects.create(code="1199", name="은평구", level="gu", parent=seoul, valid_from=date(2000, 1, 1))
    Place.objects.create(code="119901", name="시흥4동", level="dong", parent=other, valid_from=date(2000, 1, 1))
    assert "은평구 시흥4동" in str(form(channel, place="시흥4동").errors["place"])
    assert form(channel, place="금천구 시흥4동").is_valid()


def test_the_field_of_places_offers_them_without_a_script(channel, siheung):
    assert '<option value="금천구 시흥4동">' in str(SubmitForm(on=channel)["place"])


def test_a_place_outside_the_process_is_not_found(open_channel, siheung, seoul):
    channel = open_channel()
    channel.place = siheung
    assert "place" in form(channel, place="금천구").errors


def test_an_edit_starts_from_the_words_as_they_stand(lamp, by):
    acts.edit(by(lamp.author, 1), lamp, **{**LAMP, "idea": "가로등 셋"})
    assert EditForm(on=lamp)["idea"].value() == "가로등 셋"


def test_a_number_nobody_knows_is_said_so(channel, lamp):
    unknown = ReceiveForm({"origin": "1999-000001", "reason": "가져옵니다."}, on=channel)
    assert not unknown.is_valid() and "origin" in unknown.errors
    known = ReceiveForm({"origin": lamp.number, "reason": "가져옵니다."}, on=channel)
    assert known.is_valid() and known.cleaned_data["origin"] == lamp
