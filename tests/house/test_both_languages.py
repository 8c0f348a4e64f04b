"""Two languages, one house: an English page says in Korean only what people and sources said, and owns up to it.

What may stay Korean on an English page: names people gave, texts people wrote, sources and the words of laws. Each
stands inside an element marked lang="ko" or in <bdi> (the filters inert, post, paragraphs and tongue see to it). What
cannot carry the mark (<title>, attributes, the letters of a drawing) must also stand, marked, on the same page.
"""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import override_settings
from django.utils import translation

HANGUL = re.compile("[가-힣]+(?:[^<>a-zA-Z]*[가-힣]+)*")
WITHOUT_END = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SPOKEN = ("alt", "aria-label", "title", "placeholder", "data-label", "content", "label")
OWN_WORDS = ("bdi", "textarea", "script", "style")
PAGES = [
    "/en/", "/en/matters/", "/en/processes/", "/en/duties/", "/en/duties/bodies/", "/en/bodies/", "/en/places/",
    "/en/record/", "/en/open/", "/en/open/duties/", "/en/open/seats/", "/en/figures/", "/en/search/?q=가로등",
    "/en/help/", "/en/help/privacy/", "/en/propose/", "/en/p/ds/", "/en/p/charter/", "/en/b/operator/",
    "/en/nowhere/", "/en/accounts/login/", "/en/accounts/signup/",
]  # fmt: skip
OWN_PAGES = [
    "/en/me/",
    "/en/desk/",
    "/en/notices/",
    "/en/notices/settings/",
    "/en/accounts/email/",
    "/en/accounts/2fa/",
]


class Page(HTMLParser):
    """Gathers what is said in Korean without the mark (`loose`) and with it (`marked`), and the links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.loose: list[tuple[str, str]] = []
        self.marked: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        inside = bool(self.open) and self.open[-1][1]
        marked = given["lang"] == "ko" if "lang" in given else inside or tag in OWN_WORDS
        if tag not in WITHOUT_END:
            self.open.append((tag, marked))
        if not marked:
            self.loose += [(f"@{name}", given[name]) for name in SPOKEN if HANGUL.search(given.get(name) or "")]
        self.links += [given["href"]] if tag == "a" and given.get("href") else []

    def handle_endtag(self, tag):
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        tag, marked = self.open[-1] if self.open else ("", False)
        if marked:
            self.marked.append(data)
        elif HANGUL.search(data):
            self.loose.append((tag, data))

    def foreign(self) -> list[str]:
        """Korean this English page does not own up to."""
        marked = " ".join(" ".join(self.marked).split())
        return [
            f"{tag}: {words}"
            for tag, text in self.loose
            for words in HANGUL.findall(" ".join(text.split()))
            if not (tag in ("title", "text") or tag.startswith("@")) or words not in marked
        ]


def foreign(client, url: str) -> list[str]:
    answer = client.get(url, follow=True)
    assert answer.status_code in (200, 404), (url, answer.status_code)
    return [f"{url} {words}" for words in Page(answer.content.decode()).foreign()]


@pytest.fixture
def living(grown, by, person, seat, day):
    """A 의제 past its threshold, whose department has a duty, in a channel of a small Seoul."""
    from madang.bodies.models import Body

    matter = grown(3)
    clerk = person("박담당")
    clerk.email = "clerk@example.org"
    clerk.save()
    seat(clerk, Body.objects.get(key="operator"), post="담당")
    return matter


def test_english_pages_say_in_korean_only_what_people_said(client, living):
    urls = [*PAGES, f"/en/m/{living.number}/", f"/en/do/proposals.submit/{living.process_id}/"]
    assert [line for url in urls for line in foreign(client, url)] == []


def test_a_members_own_english_pages_are_english(client, living, seat):
    from madang.bodies.models import Body
    from madang.people.models import Person

    clerk = Person.objects.get(name="박담당")
    client.force_login(clerk)
    assert Body.objects.get(key="operator").seats.filter(person=clerk).exists()
    urls = [*OWN_PAGES, f"/en/do/duties.conclude/{living.pk}/", f"/en/do/people.rename/{clerk.pk}/"]
    assert [line for url in urls for line in foreign(client, url)] == []


def test_the_eye_of_this_test_sees_an_unmarked_word():
    assert Page("<html lang='en'><p>의제</p>").foreign() == ["p: 의제"]
    assert Page("<html lang='en'><p><bdi lang='ko'>의제</bdi></p><a title='의제'></a>").foreign() == []
    assert Page("<html lang='en'><a aria-label='의제'></a>").foreign() == ["@aria-label: 의제"]


def test_links_of_an_english_page_stay_english(client, living):
    page = Page(client.get(f"/en/m/{living.number}/").content.decode())
    machines = ("/en/", "/api/", "/feeds/", "/static/", "/record/log", "/open/")
    left = [link for link in page.links if link.startswith("/") and not link.startswith(machines)]
    assert left == [f"/m/{living.number}/"]  # the one that says 한국어
    assert f"/feeds/matters/{living.number}.atom?lang=en" in page.links


def test_what_is_owed_is_said_in_the_readers_language(living):
    duty = living.duties.get(kept_at=None)
    assert duty.called == "공감 모으기"
    with translation.override("en"):
        assert duty.called == living.process.rules.phase(duty.stage.phase).name.en


def test_a_milestone_keeps_its_authors_words_in_both_languages(living):
    from madang.duties.models import Duty

    duty = Duty(matter=living, process=living.process, act="execution.report_milestone", title="설명회를 연다")
    with translation.override("en"):
        assert duty.called == "설명회를 연다"


def test_the_api_answers_in_the_language_asked_for(client, living):
    said = {
        language: json.loads(client.get("/api/v1/nowhere", headers={"accept-language": language}).content)["what"]
        for language in ("ko", "en")
    }
    assert said == {"ko": "그런 것이 없습니다.", "en": "There is no such thing."}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_doors_of_accounts_speak_both_languages(client, db, language):
    html = client.get("/en/accounts/login/" if language == "en" else "/accounts/login/").content.decode()
    assert f'<html lang="{language}">' in html
    assert ("Sign in" in html or "Log in" in html) is (language == "en")
    assert ("로그인" in html) is (language == "ko")


def test_a_roll_may_begin_in_either_language(db):
    from madang.people.forms import read_roll

    korean, english = (f"{head}\n김순자,480314,A-1\n".encode() for head in ("이름,생년월일,번호", "name,born,number"))
    assert read_roll(korean) == read_roll(english)


def test_compiled_english_holds_every_translation(tmp_path):
    import gettext

    from madang.doors.preparing import words

    source = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
    copied = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    copied.parent.mkdir(parents=True)
    shutil.copy(source, copied)
    with override_settings(LOCALE_PATHS=[tmp_path]):
        assert words() is True
        assert words() is False
    with copied.open("rb") as file:
        catalog = [message for message in read_po(file) if message.id]
    with copied.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    plurals = sum(not isinstance(message.id, str) for message in catalog)
    assert len([key for key in compiled if key]) == len(catalog) + plurals  # two forms each
