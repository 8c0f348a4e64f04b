"""The API: what it gives, what it takes, how it says no. Whatever is sent, it answers in JSON and never breaks."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from madang.access import SHEETS
from madang.doors.api import rows, who
from madang.people.models import Token
from madang.proposals.models import Support
from madang.record.models import Entry

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _no_tries_remembered():
    cache.clear()


@pytest.fixture
def visitor():
    return Client(headers={"Accept-Language": "ko"})


def post(client, path, body=None, *, secret="", raw=None, kind="application/json", **headers):
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    sent = raw if raw is not None else json.dumps(body or {})
    return client.post(f"{API}/{path}", sent, content_type=kind, headers=headers)


# ── taking out ───────────────────────────────────────────────────────────────


def test_the_dictionary_explains_every_column_of_every_sheet(visitor, city):
    told = visitor.get(f"{API}/sheets/").json()["sheets"]
    assert [sheet["key"] for sheet in told] == list(SHEETS)
    assert all(column["says"] for sheet in told for column in sheet["columns"])


def test_pages_of_a_sheet_follow_each_other_without_gap_or_repetition(visitor, city):
    seen, after = [], ""
    while True:
        page = visitor.get(f"{API}/sheets/bodies", {"limit": 2, **({"after": after} if after else {})}).json()
        seen += [row["key"] for row in page["rows"]]
        after = page["after"]
        if not after:
            break
    assert seen == ["desk", "moderators", "stewards"]


def test_a_sheet_reads_from_the_oldest_too(visitor, city):
    page = visitor.get(f"{API}/sheets/bodies?order=oldest&limit=1").json()
    assert [row["key"] for row in page["rows"]] == ["stewards"]
    then = visitor.get(f"{API}/sheets/bodies", {"order": "oldest", "limit": 1, "after": page["after"]}).json()
    assert [row["key"] for row in then["rows"]] == ["moderators"]


def test_a_filter_keeps_only_what_was_asked_for(visitor, city):
    page = visitor.get(f"{API}/sheets/bodies?side=public").json()
    assert [row["key"] for row in page["rows"]] == ["desk"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=abc",
        "limit=99999999999999999999",
        "order=up",
        "after=",
        "colour=red",
        "side=%00",
        "side=" + "a" * 201,
        "limit=1&limit=2",
    ],
)
def test_a_query_that_means_nothing_is_refused_in_words(visitor, city, query):
    answer = visitor.get(f"{API}/sheets/bodies?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-query")


def test_a_cursor_of_one_sheet_opens_no_other(visitor, city, person, seat):
    seat(person("이영희"), city.desk)
    after = visitor.get(f"{API}/sheets/bodies?limit=1").json()["after"]
    for sheet, cursor in (("entries", after), ("bodies", "forged"), ("bodies", f"{after}x")):
        answer = visitor.get(f"{API}/sheets/{sheet}", {"after": cursor})
        assert (answer.status_code, answer.json()["code"]) == (404, "no-cursor")


def test_letters_where_a_number_is_asked_find_nothing(visitor, city):
    assert visitor.get(f"{API}/sheets/entries?matter_id=abc").json()["rows"] == []


def test_csv_opens_in_a_korean_spreadsheet_and_runs_no_formula(visitor, city):
    city.desk.name = '=HYPERLINK("http://evil")'
    city.desk.save()
    raw = b"".join(visitor.get(f"{API}/sheets/bodies.csv").streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["name"] for row in table] == ["마당지기 모임", "이야기 중재단", '\'=HYPERLINK("http://evil")']


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_every_way_into_a_formula_is_defused(cell):
    assert rows.cell_text(cell) == f"'{cell}"


def test_no_sheet_reveals_a_private_person(visitor, matter):
    author = matter.author
    told = "".join(b"".join(visitor.get(f"{API}/sheets/{key}.csv").streaming_content).decode() for key in SHEETS)
    assert author.name not in told
    assert author.email not in told


def test_a_seat_shows_the_name_of_its_holder_until_it_is_released(visitor, city, person, seat, day):
    held = seat(person("박민수"), city.desk)
    assert visitor.get(f"{API}/sheets/seats").json()["rows"][0]["holder"] == "박민수"
    held.released_at = day(0)
    held.save()
    assert visitor.get(f"{API}/sheets/seats").json()["rows"][0]["holder"] == ""


def test_one_matter_comes_with_everything_about_it(visitor, matter):
    told = visitor.get(f"{API}/matters/{matter.number}").json()
    assert told["matter"]["title"] == "버스 정류장에 의자를"
    assert [stage["closed_at"] for stage in told["stages"]] == [None]
    assert [duty["matter_number"] for duty in told["duties"]] == [matter.number]
    assert {entry["act"] for entry in told["entries"]} == {"proposals.submit"}


def test_a_hidden_matter_is_not_told(visitor, matter, day):
    matter.hidden_at = day(1)
    matter.save()
    assert visitor.get(f"{API}/matters/{matter.number}").status_code == 404
    assert visitor.get(f"{API}/sheets/matters").json()["rows"] == []


def test_a_page_of_a_sheet_costs_one_query_however_many_rows(visitor, city, django_assert_num_queries):
    with django_assert_num_queries(1):
        visitor.get(f"{API}/sheets/bodies?limit=1")
    with django_assert_num_queries(1):
        visitor.get(f"{API}/sheets/bodies?limit=3")


def test_what_is_nowhere_is_said_in_json(visitor, city):
    for path in (
        "sheets/nothing",
        "nothing",
        "sheets/a/b/c",
        "acts/nothing",
        "matters/nothing",
        "receipts/0",
        "receipts/x",
    ):
        answer = visitor.get(f"{API}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), path


def test_a_wrong_method_is_told_which_are_right(visitor, city):
    answer = visitor.delete(f"{API}/sheets/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_the_reader_chooses_the_language(city):
    said = [
        Client(headers={"Accept-Language": tongue}).get(f"{API}/nothing")["Content-Language"] for tongue in ("en", "ko")
    ]
    assert said == ["en", "ko"]


# ── acting ───────────────────────────────────────────────────────────────────


def test_a_token_supports_and_the_answer_names_the_entry(visitor, matter, person, token):
    neighbour = person("이영희")
    answer = post(visitor, f"acts/proposals.support/{matter.pk}", secret=token(neighbour))
    assert answer.status_code == 200, answer.content
    told = answer.json()
    entry = Entry.objects.get(pk=told["entries"][0])
    assert (entry.act, entry.door) == ("proposals.support", "api")
    assert Support.objects.get().person == neighbour


def test_a_refusal_has_a_code_words_and_a_next_step(visitor, matter, person, token):
    secret = token(person("이영희"))
    post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret)
    before = Entry.objects.count()
    answer = post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret)
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "supported-already",
        "what": "이미 공감한 의제입니다.",
        "next": "공감은 한 사람이 한 번 합니다. 거두는 것도 됩니다.",
    }
    assert Entry.objects.count() == before


def test_who_lacks_the_level_is_refused_and_the_record_stays_as_it_was(visitor, matter, person, token):
    secret = token(person("최길동", level=1))
    before = Entry.objects.count()
    answer = post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret)
    assert (answer.status_code, answer.json()["code"]) == (403, "needs-level")
    assert (Entry.objects.count(), Support.objects.count()) == (before, 0)


def test_nobody_acts_without_saying_who(visitor, matter):
    before = Entry.objects.count()
    answer = post(visitor, f"acts/proposals.support/{matter.pk}")
    assert (answer.status_code, answer.json()["code"]) == (401, "needs-login")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Entry.objects.count() == before


def test_a_revoked_token_opens_nothing(visitor, matter, person, token, day):
    secret = token(person("이영희"))
    Token.objects.update(revoked_at=day(1))
    answer = post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad-token")


def test_only_a_digest_of_a_token_is_kept(city, person, token):
    secret = token(person("이영희"))
    row = Token.objects.values().get()
    assert secret not in str(row)
    assert row["ends_in"] == secret[-4:]


def test_guessing_tokens_is_stopped(visitor, matter):
    answers = [
        post(visitor, f"acts/proposals.support/{matter.pk}", secret=f"x{n}").status_code
        for n in range(who.MOST_TRIES + 1)
    ]
    assert answers == [401] * who.MOST_TRIES + [429]


def test_another_site_cannot_use_somebodys_session(matter, person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("이영희"))
    answer = post(browser, f"acts/proposals.support/{matter.pk}")
    assert (answer.status_code, answer.json()["code"]) == (403, "no-csrf")
    assert Support.objects.count() == 0


def test_the_same_site_acts_with_its_session(matter, person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("이영희"))
    browser.cookies["csrftoken"] = "a" * 32
    answer = post(browser, f"acts/proposals.support/{matter.pk}", **{"X-CSRFToken": "a" * 32})
    assert answer.status_code == 200, answer.content


def test_the_same_idempotency_key_acts_once(visitor, matter, person, token):
    secret = token(person("이영희"))
    first, second = (
        post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret, **{"Idempotency-Key": "k1"}).json()
        for _ in range(2)
    )
    assert (first["again"], second["again"]) == (False, True)
    assert (first["result"], first["entries"]) == (second["result"], second["entries"])
    assert Support.objects.count() == 1


def test_a_refused_act_leaves_its_idempotency_key_free(visitor, matter, person, token):
    """Fixing the reason and sending again must work."""
    who_ = person("최길동", level=1)
    secret = token(who_)
    headers = {"Idempotency-Key": "k2"}
    assert post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret, **headers).status_code == 403
    who_.level = 2
    who_.save()
    assert post(visitor, f"acts/proposals.support/{matter.pk}", secret=secret, **headers).status_code == 200


def test_input_that_is_wrong_is_said_field_by_field(visitor, channel, person, token):
    answer = post(
        visitor,
        f"acts/proposals.submit/{channel.pk}",
        {"title": 5, "idea": "의자를", "extra": 1},
        secret=token(person("김순자")),
    )
    assert answer.status_code == 422
    assert {"title", "problem", "topic"} <= set(answer.json()["fields"])


def test_a_proposal_goes_in_through_the_same_form_as_on_the_page(visitor, channel, person, token):
    body = {"title": "빈집을 쉼터로", "problem": "빈집이 많습니다.", "idea": "쉼터로 고쳐 주세요.", "topic": "housing"}
    answer = post(visitor, f"acts/proposals.submit/{channel.pk}", body, secret=token(person("김순자")))
    assert answer.status_code == 200, answer.content
    assert answer.json()["result"].startswith("matters.matter:")


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        ("{", "application/json", 400), ("[]", "application/json", 400), ("5", "application/json", 400), ("NaN", "application/json", 400),
        ('{"name": NaN}', "application/json", 400), (b"\xff\xfe", "application/json", 400), (DEEP, "application/json", 400),
        ('{"name": ' + "[" * 20 + "]" * 20 + "}", "application/json", 400), ('{"name": 1' + "0" * 5000 + "}", "application/json", 400),
        ("{}", "text/plain", 415), ("name=x", "application/x-www-form-urlencoded", 415),
        ('{"name": "' + "a" * 1_100_000 + '"}', "application/json", 413),
        ('{"name": "\\u0000"}', "application/json", 422), ('{"name": "\\ud800"}', "application/json", 422),
        ('{"name": 1e400}', "application/json", 422), ('{"name": null}', "application/json", 422), ('{"name": true}', "application/json", 422),  # noqa: E501
        ('{"name": "\\u202e거꾸로"}', "application/json", 422), ('{"\\u0000": 1}', "application/json", 422),
        ('{"name": "' + "😀" * 200 + '"}', "application/json", 422), ("", "application/json", 422), ("{}", "application/json", 422),
    ],
)  # fmt: skip
def test_hostile_bodies_get_a_clear_answer(visitor, city, person, token, raw, kind, status):
    hong = person("홍길동")
    before = Entry.objects.count() + 1  # the token itself
    answer = post(visitor, f"acts/people.rename/{hong.pk}", raw=raw, kind=kind, secret=token(hong))
    assert answer.status_code == status, answer.content
    assert answer.json()["what"]
    hong.refresh_from_db()
    assert (hong.name, Entry.objects.count()) == ("홍길동", before)


@pytest.mark.parametrize("pk", ["0", "-1", "x", "9" * 19, "9" * 40, "1.5", "%00", "١"])
def test_a_thing_that_cannot_be_is_not_found(visitor, city, person, token, pk):
    answer = post(visitor, f"acts/people.rename/{pk}", {"name": "x"}, secret=token(person("홍길동")))
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_acting_for_a_post_needs_the_seat(visitor, city, person, token):
    hong = person("홍길동")
    answer = post(visitor, f"acts/people.rename/{hong.pk}?post=desk/위원", {"name": "새이름"}, secret=token(hong))
    assert (answer.status_code, answer.json()["code"]) == (403, "needs-role")


def test_nobody_does_it_for_somebody_else(visitor, city, person, token):
    answer = post(
        visitor, f"acts/people.rename/{person('홍길동').pk}", {"name": "남의이름"}, secret=token(person("이영희"))
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "needs-role")


def test_a_receipt_comes_once_the_entry_is_sealed(visitor, matter, day):
    from madang.record.seal import seal

    entry = Entry.objects.order_by("id").first()
    assert visitor.get(f"{API}/receipts/{entry.pk}").status_code == 409
    seal(day(0) + timedelta(minutes=1))
    assert visitor.get(f"{API}/receipts/{entry.pk}").json()["text"] == entry.text


def test_the_list_of_acts_gives_each_its_input(visitor, city):
    told = {act["name"]: act for act in visitor.get(f"{API}/acts/").json()["acts"]}
    assert told["people.rename"]["input"]["properties"]["name"]["maxLength"] == 40
    assert "people.join" not in told
