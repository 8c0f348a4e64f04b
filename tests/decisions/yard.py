"""A small city for deciding: one process whose phases use every act of decisions, funds and execution."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from madang.access import By
from madang.bodies.models import Body, Seat
from madang.duties import walk
from madang.matters.models import Assignment, Matter
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.library import vocabulary
from madang.processes.models import Casting, Process, RecipeText
from madang.recipes import loads
from madang.record.models import Entry

BEGIN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Seoul"))
HEAD = """
key = "yard"
version = 2026-01-01
name = { ko = "작은 결정", en = "Small decisions" }
summary = { ko = "살피고 정하고 합니다.", en = "Review, decide, do." }
kind = "budget"
standing = true
place_level = "any"
held_by = "operator"
law = [{ title = "시험 조례", article = "1", since = 2026-01-01, source = "시험" }]

[bodies]
operator = { name = { ko = "운영팀", en = "Team" }, side = "public" }
council = { name = { ko = "협치협의회", en = "Council" }, side = "joint" }
department = { name = { ko = "부서", en = "Department" }, side = "public", matter = true }

[values]
days = { value = 30, unit = "days", since = 2026-01-01, source = "시험" }
again = { value = 15, unit = "days", since = 2026-01-01, source = "시험" }
far = { value = 12, unit = "months", since = 2026-01-01, source = "시험" }
half = { value = 50, unit = "percent", since = 2026-01-01, source = "시험" }
picks = { value = 2, unit = "votes", since = 2026-01-01, source = "시험" }
w_citizens = { value = 60, unit = "percent", since = 2026-01-01, source = "시험" }
w_council = { value = 20, unit = "percent", since = 2026-01-01, source = "시험" }
w_proposers = { value = 20, unit = "percent", since = 2026-01-01, source = "시험" }
pot = { value = 1000000, unit = "won", since = 2026-01-01, source = "시험" }

[standing_may]
"funds.open_pot" = ["operator"]
"decisions.rate_reply" = ["proposer", "supporter"]
"decisions.open_ballot" = ["operator"]
"""
ENDED = 'expired = ["closed"], merged = ["closed"], passed-on = ["closed"], answered-elsewhere = ["closed"]'


def phase(
    key: str, station: str, act: str, body: str, next_: str, may: str, more: str = "", within: str = "days"
) -> str:
    return f"""
[[phases]]
key = "{key}"
station = "{station}"
name = {{ ko = "단계 {key}", en = "Phase {key}" }}
says = {{ ko = "이 단계의 일을 합니다.", en = "The work of the phase." }}
{more}
owes = {{ act = "{act}", by = "{body}", within = "{within}"{", promised = true" if key == "carry" else ""} }}
next = {{ {next_} }}
[phases.may]
{may}
"""


def text(conclude: str, assign: str) -> str:
    window = f'{ENDED}, reached = ["waits"]'
    return HEAD + "".join(
        [
            phase(
                "assign",
                "제안",
                assign,
                "operator",
                'assigned = ["review"]',
                f'"proposals.submit" = ["verified"]\n"{assign}" = ["operator"]',
                'opens = "on-submit"',
            ),
            phase(
                "review",
                "숙의",
                "decisions.review",
                "department",
                'fit = ["talk"], unfit = ["objection"]',
                '"decisions.review" = ["officer"]\n"funds.enter_amount" = ["officer"]',
            ),
            phase(
                "objection",
                "숙의",
                conclude,
                "operator",
                window,
                f'"decisions.request_review" = ["proposer"]\n"{conclude}" = ["operator"]',
                'for = "again"\ngates = [{ act = "decisions.request_review", opens = ["second-review"], ends = true }]',
            ),
            phase(
                "second-review",
                "숙의",
                "decisions.review",
                "department",
                'fit = ["talk"], unfit = ["conclude"]',
                '"decisions.review" = ["officer"]',
            ),
            phase(
                "talk",
                "숙의",
                "decisions.close_resolution",
                "council",
                'adopted = ["vote"], rejected = ["conclude"], no-quorum = ["talk"]',
                '"decisions.open_resolution" = ["council"]\n"decisions.vote" = ["council"]\n'
                '"decisions.recuse" = ["council"]\n'
                '"decisions.exclude" = ["council"]\n'
                '"decisions.sign" = ["civil-seat", "public-seat"]\n"decisions.close_resolution" = ["council"]',
                'resolution = { quorum = "half", majority = "half", co_sign = ["civil", "public"] }',
            ),
            phase(
                "vote",
                "결정",
                "decisions.close_ballot",
                "operator",
                'chosen = ["bill"], not-chosen = ["conclude"]',
                '"decisions.open_ballot" = ["operator"]\n"decisions.cast" = ["verified", "council", "proposer"]\n'
                '"decisions.close_ballot" = ["operator"]\n"funds.enter_amount" = ["officer"]',
                'for = "again"\nballot = { method = "approval", over = "edition", picks_max = "picks", pot = "pot", '
                'weights = { verified = "w_citizens", council = "w_council", proposer = "w_proposers" } }',
            ),
            phase(
                "bill",
                "결정",
                "funds.enter_amount",
                "operator",
                'entered = ["enacted"], cut = ["conclude"]',
                '"funds.enter_amount" = ["operator"]',
            ),
            phase(
                "enacted",
                "결정",
                "funds.enter_amount",
                "operator",
                'entered = ["reply"], cut = ["conclude"]',
                '"funds.enter_amount" = ["operator"]',
            ),
            phase(
                "reply",
                "결정",
                "decisions.reply",
                "department",
                'accepted = ["promise"], partial = ["promise"], long-term = ["second-reply"], declined = ["window"], '
                'already-done = ["window"]',
                '"decisions.reply" = ["officer"]',
            ),
            phase(
                "window",
                "결정",
                conclude,
                "operator",
                window,
                f'"decisions.request_review" = ["proposer"]\n"{conclude}" = ["operator"]',
                'for = "again"\ngates = [{ act = "decisions.request_review", opens = ["second-reply"], ends = true }]',
            ),
            phase(
                "second-reply",
                "결정",
                "decisions.reply",
                "department",
                'accepted = ["promise"], partial = ["promise"], long-term = ["conclude"], declined = ["conclude"], '
                'already-done = ["conclude"]',
                '"decisions.reply" = ["officer"]',
            ),
            phase(
                "promise",
                "집행",
                "execution.promise",
                "department",
                'promised = ["carry"]',
                '"execution.promise" = ["officer"]',
            ),
            phase(
                "carry",
                "집행",
                "execution.finish",
                "department",
                'finished = ["conclude"], stopped = ["conclude"]',
                '"execution.report_milestone" = ["public-owner", "civil-owner"]\n'
                '"execution.attach_evidence" = ["public-owner", "civil-owner"]\n"execution.change" = ["officer"]\n'
                '"execution.answer_change" = ["proposer", "operator"]\n"execution.finish" = ["officer"]\n'
                '"funds.enter_amount" = ["officer"]',
                within="far",
            ),
            phase("conclude", "결정", conclude, "operator", ENDED, f'"{conclude}" = ["operator"]'),
        ]
    )


@pytest.fixture
def day():
    return lambda n: BEGIN + timedelta(days=n)


@pytest.fixture
def by(day):
    """by(person, n) — the hand that acts on day n."""
    return lambda who, n, door="web": By(who, n if isinstance(n, datetime) else day(n), door)


@pytest.fixture
def person(db, day):
    def make(name: str, level: int = 2) -> Person:
        return Person.objects.create_user(
            email=f"p{Person.objects.count()}@example.org", name=name, level=level, joined_at=day(-100), synthetic=True
        )

    return make


@pytest.fixture
def seoul(db):
    return Place.objects.create(
        code="1100000000", name="서울특별시", name_en="Seoul", level="city", valid_from=datetime(1988, 5, 1).date()
    )


@pytest.fixture
def body(seoul):
    return lambda key, name, side: Body.objects.create(key=key, name=name, side=side, place=seoul, synthetic=True)


@pytest.fixture
def seat(day):
    def take(who: Person | None, where: Body, post: str = "위원", side: str = "") -> Seat:
        return Seat.objects.create(
            body=where, person=who, post=post, side=side or where.side, route="open", since_date=day(-50).date()
        )

    return take


@pytest.fixture
def process(seoul, body, day):
    from madang.access import ACTS

    room = "duties" if "duties.conclude" in ACTS else "matters"
    rules = loads(text(f"{room}.conclude", f"{room}.assign"), vocabulary())
    digest = f"sha256:{rules.digest()}"
    RecipeText.objects.create(digest=digest, text=rules.freeze(), first_used_at=day(-10))
    made = Process.objects.create(
        key="yard-2026", recipe_key="yard", recipe_id=digest, name="작은 결정", place=seoul, opened_at=day(-10)
    )
    for part, name, side in [
        ("operator", "운영팀", "public"),
        ("council", "협치협의회", "joint"),
    ]:
        Casting.objects.create(process=made, part=part, body=body(part, name, side))
    return made


@pytest.fixture
def department(body):
    return body("parks", "공원과", "public")


@pytest.fixture
def officer(person, seat, department):
    """박주무, who answers for the department."""
    who = person("박주무")
    seat(who, department, "과장")
    return who


@pytest.fixture
def operator(person, seat, process):
    who = person("운영자")
    seat(who, Body.objects.get(key="operator"), "팀장")
    return who


@pytest.fixture
def matter_in(process, department, seoul, day, person):
    """matter_in("reply", "가로등") — a 의제 of 김제안 standing in a phase since day 0, with the department in
    charge."""

    def make(phase: str, title: str = "골목에 가로등", author: Person | None = None) -> Matter:
        made = Matter.objects.create(
            process=process,
            place=seoul,
            title=title,
            author=author or person("김제안"),
            created_at=day(0),
            number=f"2026-{Matter.objects.count() + 1:06d}",
        )
        Assignment.objects.create(matter=made, body=department, since_at=day(0))
        walk.reenter(By(None, day(0), "clock"), made, phase, "test")
        return made

    return make


@pytest.fixture
def again():
    """The same row as the next request would read it."""
    return lambda row: type(row).objects.get(pk=row.pk)


@pytest.fixture
def refused():
    """refused("code", act, …) — the act says no with this code, and the record keeps nothing of it."""
    from madang.access import Refused

    def check(code: str, act, *given, **words):
        before = Entry.objects.count()
        with pytest.raises(Refused) as caught:
            act(*given, **words)
        assert caught.value.code == code
        caught.value.words()
        assert Entry.objects.count() == before
        return caught.value

    return check
