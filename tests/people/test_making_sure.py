"""How surely the house knows somebody: three adapters, each with its refusals, and the way out."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from madang.access import Refused
from madang.people import acts
from madang.people.adapters import proof
from madang.people.forms import ClaimForm, RollForm, read_roll
from madang.people.models import Attestation, Level, Person, Roll, RollLine
from madang.people.queries import level_of, lives_in
from madang.record.models import Entry

ROLL = "이름,생년월일,번호\n김순자,480314,A-1\n박영수,520101,A-2\n"


@pytest.fixture
def clerk(person, seat, city):
    made = person("창구 담당")
    seat(made, city.desk, "주무관", side="public")
    return made


def test_a_confirmed_address_makes_a_member(person, by, day, city):
    newcomer = person("새 사람", level=0)
    acts.join(by(None, day(0), "clock"), newcomer)
    assert Person.objects.get(pk=newcomer.pk).level == Level.CONTACT


def test_only_the_clock_joins_somebody(person, by, day, city):
    newcomer = person("새 사람", level=0)
    before = Entry.objects.count()
    with pytest.raises(Refused, match="needs-role"):
        acts.join(by(newcomer, day(0)), newcomer)
    assert Entry.objects.count() == before


def test_a_code_from_the_console_makes_sure_once_and_a_wrong_one_is_counted(person, by, day, city, settings, mailoutbox):
    settings.DEMO = True
    newcomer = person("새 사람", level=1)
    acts.request_code(by(newcomer, day(0)), newcomer)
    code = mailoutbox[0].body.split(": ")[1]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert acts.enter_code(by(newcomer, day(0)), newcomer, code=wrong) is False
    acts.enter_code(by(newcomer, day(0)), newcomer, code=code)
    assert level_of(Person.objects.get(pk=newcomer.pk), day(1)) == Level.REAL_NAME
    with pytest.raises(Refused, match="code-expired"):
        acts.enter_code(by(newcomer, day(0)), newcomer, code=code)


def test_five_wrong_codes_end_the_tries(person, by, day, city, settings, mailoutbox):
    settings.DEMO = True
    newcomer = person("새 사람", level=1)
    acts.request_code(by(newcomer, day(0)), newcomer)
    right = mailoutbox[0].body.split(": ")[1]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _try in range(5):
        acts.enter_code(by(newcomer, day(0)), newcomer, code=wrong)
    with pytest.raises(Refused, match="too-many-tries"):
        acts.enter_code(by(newcomer, day(0)), newcomer, code=right)


def test_the_console_is_offered_only_where_nobody_is_real(person, by, day, city, settings):
    settings.DEMO = settings.DEBUG = False
    newcomer = person("새 사람", level=1)
    with pytest.raises(Refused, match="not-offered"):
        acts.request_code(by(newcomer, day(0)), newcomer)


def test_the_desk_attests_residence_and_it_ends(clerk, person, by, day, city):
    newcomer = person("이사 온 이", level=1)
    acts.attest(by(clerk, day(0)), city.dong, person=newcomer, level=3, place=city.dong, tie="lives", paper=proof("paper", "1"))
    newcomer.refresh_from_db()
    assert (newcomer.level, newcomer.level_until) == (Level.LOCAL, date(2028, 3, 1))
    assert lives_in(newcomer, city.gu, day(1)) and lives_in(newcomer, city.seoul, day(1))
    assert level_of(newcomer, day(800)) == Level.CONTACT


def test_nobody_but_the_desk_attests_and_no_clerk_attests_themselves(clerk, person, by, day, city):
    given = {"level": 3, "place": city.dong, "paper": proof("paper", "2")}
    with pytest.raises(Refused, match="needs-role"):
        acts.attest(by(person("이웃"), day(0)), city.dong, person=clerk, **given)
    with pytest.raises(Refused, match="not-oneself"):
        acts.attest(by(clerk, day(0)), city.dong, person=clerk, **given)


def test_one_paper_does_not_make_two_people(clerk, person, by, day, city):
    paper = proof("paper", "3")
    acts.attest(by(clerk, day(0)), city.dong, person=person("한 사람", level=1), level=2, paper=paper)
    with pytest.raises(Refused, match="proof-used"):
        acts.attest(by(clerk, day(0)), city.dong, person=person("두 사람", level=1), level=2, paper=paper)


def test_a_revoked_attestation_lowers_the_level(clerk, person, by, day, city):
    newcomer = person("잘못 확인된 이", level=1)
    row = acts.attest(by(clerk, day(0)), city.dong, person=newcomer, level=2, paper=proof("paper", "4"))
    acts.revoke(by(clerk, day(1)), row, reason="서류를 잘못 보았습니다")
    assert Person.objects.get(pk=newcomer.pk).level == Level.CONTACT


def test_a_roll_keeps_no_name_and_opens_to_whoever_stands_on_it(clerk, person, by, day, city):
    acts.upload_roll(by(clerk, day(0)), city.dong, name="시흥4동 명부", valid_until=date(2027, 1, 1), proofs=read_roll(ROLL.encode()))
    assert Roll.objects.get().lines == 2
    assert not any("김" in line.proof for line in RollLine.objects.all())
    newcomer = person("명부의 이", level=1)
    form = ClaimForm({"name": " 김 순자", "birth": "480314", "number": "a-1"})
    assert form.is_valid()
    acts.claim_roll(by(newcomer, day(1)), newcomer, **form.cleaned_data)
    newcomer.refresh_from_db()
    assert newcomer.level == Level.LOCAL
    with pytest.raises(Refused, match="proof-used"):
        other = person("같은 줄을 쓰는 이", level=1)
        acts.claim_roll(by(other, day(1)), other, **form.cleaned_data)


def test_five_misses_on_a_roll_rest_for_a_day(person, by, day, city):
    guesser = person("짐작하는 이", level=1)
    for n in range(5):
        assert acts.claim_roll(by(guesser, day(0)), guesser, proof=proof("x", str(n))) is False
    with pytest.raises(Refused, match="too-many-tries"):
        acts.claim_roll(by(guesser, day(0)), guesser, proof=proof("x", "6"))


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("이름,생년,번호\n", 1, "첫 줄"),
        ("이름,생년월일,번호\n김순자,480314,\n", 2, "칸 셋"),
        ("이름,생년월일,번호\n김순자,480314,A-1\n박영수,5201,A-2\n", 3, "6자리"),
        ("이름,생년월일,번호\n=HYPERLINK(1),480314,A-1\n", 2, "수식"),
        ("이름,생년월일,번호\n김순자,480314,A-1\n김순자,480314,A-1\n", 3, "2번째 줄과 같은"),
        ("이름,생년월일,번호\n", 1, "한 명도"),
        ("이름,생년월일,번호\n\x00", 1, "CSV가 아닌"),
    ],
)
def test_a_broken_roll_is_refused_whole_with_line_and_reason(text, line, word, city):
    with pytest.raises(ValidationError) as refused:
        read_roll(text.encode())
    said = refused.value.messages[0]
    assert said.startswith(f"{line}번째 줄") and word in said
    form = RollForm({"name": "명부", "valid_until": "2027-01-01"}, {"file": SimpleUploadedFile("roll.csv", text.encode())})
    assert not form.is_valid()
    assert not RollLine.objects.exists()


def test_a_roll_in_the_old_korean_encoding_is_read(city):
    assert len(read_roll(ROLL.encode("cp949"))) == 2


def test_leaving_takes_the_name_and_unlinks_the_record(person, by, day, city):
    leaver = person("떠나는 이")
    acts.rename(by(leaver, day(0)), leaver, name="바람")
    actor = Entry.objects.get(act="people.rename").actor
    acts.erase(by(leaver, day(1)), leaver)
    leaver.refresh_from_db()
    assert (leaver.email, leaver.name, bytes(leaver.salt), leaver.is_active) == (None, "", b"", False)
    assert not Attestation.objects.filter(person=leaver, revoked_at=None).exists()
    assert Entry.objects.get(act="people.rename").actor == actor


def test_whoever_holds_a_seat_lays_it_down_before_leaving(clerk, by, day, city):
    with pytest.raises(Refused, match="still-in-office"):
        acts.erase(by(clerk, day(0)), clerk)


def test_leaving_takes_devices_accounts_elsewhere_and_keys(person, by, day, city):
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount
    from allauth.usersessions.models import UserSession

    leaver = person("떠나는 이")
    EmailAddress.objects.create(user=leaver, email="a@example.org", verified=True)
    SocialAccount.objects.create(user=leaver, provider="kakao", uid="7", extra_data={"nickname": "별"})
    Authenticator.objects.create(user=leaver, type="totp", data={})
    UserSession.objects.create(user=leaver, ip="192.0.2.1", user_agent="browser", session_key="k")
    acts.erase(by(leaver, day(1)), leaver)
    assert [m.objects.filter(user=leaver).count() for m in (EmailAddress, SocialAccount, Authenticator, UserSession)] == [0] * 4


def test_an_invented_person_of_the_demo_city_stays_for_the_next_guest(person, by, day, city, settings):
    settings.DEMO = True
    guest = person("시연 주민")
    with pytest.raises(Refused, match="demo-person"):
        acts.erase(by(guest, day(0)), guest)
