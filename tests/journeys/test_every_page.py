"""Every page anybody can reach by links, in both languages, on a phone and on a desk: no axe violation (WCAG 2.2 AA), no fault."""

import re
from urllib.parse import urldefrag, urlsplit

import pytest
from seoul import SAYS, STEP, peopled, staffed

from conftest import DESKTOP, PHONE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NOT_PAGES = re.compile(
    r"\.(csv|json|jsonl|atom|ics|xlsx|txt|xml|svg|css|js|md)$|^/(api|feeds|calendar|record/(log|checkpoint|consistency))|/logout/|receipt\.json"
)
ALIKE = [  # of pages drawn by one template for different rows, so many are looked at
    (re.compile(r"^(/en)?/do/([a-z_.]+)/"), 1),
    (re.compile(r"^(/en)?/places/[\w-]+/"), 2),
    (re.compile(r"^(/en)?/record/\?"), 1),
    (re.compile(r"^(/en)?/b/"), 2),
    (re.compile(r"^(/en)?/record/\d+/"), 1),
    (re.compile(r"^(/en)?/open/[a-z-]+/"), 4),
    (re.compile(r"^(/en)?/(matters|duties|search)/\?"), 4),
    (re.compile(r"^(/en)?/\?place"), 1),
    (re.compile(r"^(/en)?/accounts/[a-z]+/\?"), 3),
]

WIDER = """() => {
    if (document.documentElement.scrollWidth <= innerWidth + 1) return "";
    const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
    return out.filter(e => !e.closest(".scroll")).slice(0, 3).map(e => e.outerHTML.slice(0, 150)).join(" | ") || "?";
}"""


@pytest.fixture(scope="module")
def furnished(house):
    """A 의제 at each station, one archived, one hidden, one with a ballot: so that every kind of page has something on it."""
    key = "axe"
    peopled(house, key, "democracy-seoul@2020-03-01", "민주주의 서울")
    staffed(
        house,
        "pb",
        {
            "operator": ("예산 담당", "public", ["주무관"]),
            "committee": ("예산위원회", "civil", ["위원"]),
            "talks": ("예산협의회", "joint", ["민간위원", "공공위원"]),
            "school": ("예산학교", "civil", ["수료자"]),
            "budget-office": ("예산담당관", "public", ["과장"]),
        },
    )
    house.do(
        "open_process",
        recipe="participatory-budget-city@2019-02-11",
        key="pb",
        name="시민참여예산",
        parts={p: f"pb-{p}" for p in ("operator", "committee", "talks", "school", "budget-office")},
        windows={"call": [0, 60], "vote": [61, 120]},
    )
    staffed(
        house,
        "young",
        {"operator": ("청년정책 담당", "public", ["주무관"]), "assembly": ("청년의회", "civil", ["의원"])},
    )
    house.do(
        "open_process",
        recipe="seoul-youth-assembly@2018-09-02",
        key="young-2018",
        name="서울청년의회 2018",
        parts={p: f"young-{p}" for p in ("operator", "assembly")},
        archive=True,
    )
    house.do("past", process="young-2018", title="청년 월세 지원", idea="월세를 지원한다", source="자료 3쪽")
    author, operator, officer = "author@axe.example.org", "operator0@axe.example.org", "safety0@axe.example.org"
    house.do("person", email=author, name="제안하는 이")
    for title in ("숙의까지 간 의제", "답을 받은 의제", "새 의제"):
        house.do(
            "act",
            name="proposals.submit",
            on=key,
            email=author,
            given={
                "title": title,
                "problem": "밤에 어둡습니다.",
                "idea": "골목마다 낮은 조명을 달아 주세요.",
                "topic": "safety",
                "similar_seen": "on",
            },
        )
    numbers = house.do("numbers", process=key)
    talk, answered = numbers[0], numbers[1]
    for number in (talk, answered):
        house.do("support", number=number, count=50)
        house.do("act", name="duties.assign", on=number, email=operator, given={"body": "axe-safety"})
        house.do(
            "act",
            name="decisions.reply",
            on=number,
            email=officer,
            given={"conclusion": "accepted", "reason": SAYS, "next_step": STEP, "next_on": house.do("today", plus=9)},
        )
    house.do(
        "act",
        name="execution.promise",
        on=answered,
        email=officer,
        given={
            "promise": "골목 열두 곳에 등을 답니다.",
            "origin": "골목마다 낮은 조명을 달아 주세요.",
            "goal": "열두 곳에 등을 단다",
            "target": "주민",
            "budget_krw": "1000",
            "due_on": house.do("today", plus=40),
            "civil_owner": house.do("body_id", key="axe-neighbours"),
            "public_owner": house.do("body_id", key="axe-safety"),
            "milestones": f"{house.do('today', plus=20)} | 관 | 설계를 마친다",
        },
    )
    house.do("support", number=talk, count=50)
    resolution = house.do(
        "act",
        name="decisions.open_resolution",
        on=talk,
        email="panel0@axe.example.org",
        given={"question": "공론장을 열까요?", "closes_on": house.do("today")},
    )
    for n in range(3):
        house.do(
            "act", name="decisions.vote", on=resolution, email=f"panel{n}@axe.example.org", given={"answer": "yes"}
        )
    house.do("act", name="decisions.close_resolution", on=resolution, email="panel0@axe.example.org")
    house.do("act", name="duties.assign", on=talk, email=operator, given={"body": "axe-safety"})
    forum = house.do(
        "act",
        name="deliberation.open_forum",
        on=talk,
        email=operator,
        given={"question": "골목을 밝게 해야 할까요?", "pack": "읽을 자료"},
    )
    opinion = house.do(
        "act",
        name="deliberation.state",
        on=forum,
        email=author,
        given={"side": "for", "text": "밝으면 안심이 됩니다.", "evidence_url": "https://example.org/"},
    )
    house.do("act", name="deliberation.reply", on=opinion, email=author, given={"text": "덧붙입니다."})
    house.do("sealed")
    return house


@pytest.mark.slow
@pytest.mark.parametrize("who", ["visitor", "author@axe.example.org", "safety0@axe.example.org"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_has_a_violation(furnished, visitor, comes, who, language):
    from axe_playwright_python.sync_playwright import Axe

    walker = visitor() if who == "visitor" else comes(who)
    walker.page.on("dialog", lambda dialog: dialog.dismiss())
    seen, waiting, faults = set(), [("/en/" if language == "en" else "/"), "/patterns/"], []
    counts: dict[str, int] = {}
    while waiting:
        address = waiting.pop(0)
        if address in seen or not _looked_at(address, language, counts):
            continue
        seen.add(address)
        answer = walker.page.goto(address)
        if answer is None or (answer.status >= 400 and answer.status not in {403, 404}):
            faults.append(f"{address}: {answer and answer.status}")
            continue
        for size in (PHONE, DESKTOP):
            walker.page.set_viewport_size(size)
            found = Axe().run(walker.page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            faults += [
                f"{address} at {size['width']}: {f['id']}: {f['nodes'][0]['html'][:160]} … {f['nodes'][0].get('failureSummary', '')[:200]}"
                for f in found
            ]
            walker.shot(f"{language}-{size['width']}{re.sub('[^a-z0-9]+', '-', address)}"[:80])
            if size is PHONE and (wide := walker.page.evaluate(WIDER)):
                faults.append(f"{address} is wider than a phone: {wide}")
        waiting += _links(walker.page)
    print(f"{who} {language}: {len(seen)} pages")
    assert not faults, "\n".join(faults)
    assert len(seen) > 20


def _links(page) -> list[str]:
    found = []
    here = urlsplit(page.url).netloc
    for href in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
        parts = urlsplit(urldefrag(href)[0])
        if parts.netloc == here and not NOT_PAGES.search(parts.path):
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def _looked_at(address: str, language: str, counts: dict[str, int]) -> bool:
    """Once each kind: the same template over other rows is looked at a few times, not four hundred."""
    path = urlsplit(address).path
    if address != "/patterns/" and (path.startswith("/en/") or path == "/en") != (language == "en"):
        return False
    for pattern, most in ALIKE:
        if hit := pattern.match(address):
            kind = hit.group(2) if "do/" in pattern.pattern else pattern.pattern
            counts[kind] = counts.get(kind, 0) + 1
            return counts[kind] <= most
    return True
