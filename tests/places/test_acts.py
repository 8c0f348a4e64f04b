"""Loading places is an act: refused with a reason, recorded when it is done."""

import pytest

from madang.access import Refused
from madang.access.refusals import WORDS
from madang.places.acts import load
from madang.places.load import SEOUL
from madang.places.models import Place
from madang.record.models import Entry

CSV = "code,name,level,parent,valid_from\n41,수원시,city,,2000-01-01\n41A,팔달구,gu,41,2000-01-01\n".encode()


def test_a_house_without_a_charter_is_loaded_by_the_clock(db, by, day):
    done = load(by(None, day(0), "clock"), Place(), content=SEOUL.read_bytes())
    assert len(done.added) == Place.objects.count() == 744
    entry = Entry.objects.get()
    assert entry.act == "places.load"
    assert entry.subject == f"places.place:{Place.objects.get(level='city').pk}"


def test_a_resident_may_not_load_places(city, person, by, day):
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        load(by(person("김순자"), day(0)), city.seoul, content=CSV)
    assert no.value.code in ("needs-role", "not-here")
    assert Entry.objects.count() == before
    assert not Place.objects.filter(code="41").exists()


def test_a_broken_file_is_refused_whole_with_line_and_reason_in_words(db, by, day):
    with pytest.raises(Refused) as no:
        load(by(None, day(0), "clock"), Place(), content=CSV + b"41B,=1,gu,41,2000-01-01\n")
    assert (no.value.code, no.value.detail["line"]) == ("places-file", 4)
    what, then = no.value.words()
    assert "4째 줄" in what
    assert "수식" in what
    assert then
    assert not Entry.objects.exists()
    assert not Place.objects.exists()


def test_the_same_file_twice_is_refused_kindly(db, by, day):
    load(by(None, day(0), "clock"), Place(), content=CSV)
    with pytest.raises(Refused) as no:
        load(by(None, day(1), "clock"), Place(), content=CSV)
    assert no.value.code == "places-unchanged"
    assert Entry.objects.count() == 1
    assert "places-unchanged" in WORDS
