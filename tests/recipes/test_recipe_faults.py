"""Every mistake an official can make in a recipe stops the load with the file, the line and a sentence."""

import pytest
from lamp_council import GOOD, changed, line_of

from madang.recipes import RecipeError, load, load_body, load_set, loads, recipes
from madang.recipes.cursor import LIMIT
from madang.recipes.faults import SENTENCES
from madang.recipes.shelf import home
from madang.recipes.words import HOUSE_VALUES

BALLOT = '"decisions.vote" = ["panelist"]\n"decisions.cast" = ["verified"]'
WEIGHTS = 'ballot = { kind = "approval", counting = "greedy", over = "matter", weights = { verified = "half" } }\nresolution ='
WINDOW = (
    ("standing = true", "standing = false"),
    (
        "[standing_may]",
        '[[windows]]\nkey = "call"\nname = { ko = "공모", en = "Call" }\n\n[standing_may]',
    ),
)

# code, what is changed in GOOD, the mark in the changed text whose line is named, part of the sentence
SCORING = (
    'scoring = { criteria = { a = { points = "few", name = { ko = "가", en = "A" } } }, passes = "many" }\nresolution ='
)
POINTS = """few = { value = 40, unit = "points", since = 2020-01-01, source = "조례" }
many = { value = 41, unit = "points", since = 2020-01-01, source = "조례" }
answer_days ="""
CASES = [
    ("missing-key", [('station = "숙의"\n', "")], '[[phases]]\nkey = "panel"', "'station' 항목이 빠졌습니다"),
    ("missing-key", [(', source = "조례 제3조"', "")], "answer_days = {", "'source' 항목이 빠졌습니다"),
    ("unknown-key", [('for = "open_days"', 'fore = "open_days"')], "fore =", "혹시 'for'?"),
    ("unknown-key", [("[standing_may]", '[nothing]\na = "b"\n[standing_may]')], "[nothing]", "모르는 항목: 'nothing'"),
    ("wrong-type", [("value = 14", 'value = "열넷"')], "answer_days =", "정수를"),
    ("wrong-type", [("value = 14", "value = 14.5")], "answer_days =", "정수를"),
    ("wrong-type", [("value = 14", "value = true")], "answer_days =", "정수를"),
    ("wrong-type", [("standing = true", 'standing = "그렇다"')], "standing =", "true 또는 false를"),
    ("wrong-type", [("version = 2026-11-23", 'version = "2026-13-41"')], "version =", "날짜(2019-03-26 꼴)를"),
    ("wrong-type", [("version = 2026-11-23", "version = 2026-11-23T10:00:00")], "version =", "날짜(2019-03-26 꼴)를"),
    ("wrong-type", [('next = { assigned = ["panel"] }', 'next = ["panel"]')], 'next = ["panel"]', "표({ } 또는 [ ])를"),
    ("wrong-type", [('merged = ["closed"]', 'merged = "closed"')], "merged =", "목록([ ])을"),
    ("empty", [('key = "assign"', 'key = ""')], 'key = ""', "'key' 자리가 비어 있습니다"),
    ("empty", [('"duties.assign" = ["operator"]', '"duties.assign" = []')], '"duties.assign" = []', "비어 있습니다"),
    ("no-hangul", [('ko = "부서 정하기"', 'ko = "Assigning"')], 'ko = "Assigning"', "한국어를 써야 합니다"),
    ("not-english", [('en = "Assigning"', 'en = "부서 정하기"')], 'en = "부서 정하기"', "영어를 써야 합니다"),
    ("bad-key-form", [('key = "lamp-council"', 'key = "가로등"')], 'key = "가로등"', "글자로 시작합니다"),
    ("unknown-word", [('["officer"]', '["offiser"]')], "offiser", "혹시 'officer'?"),
    ("unknown-word", [('"decisions.vote"', '"decisions.wote"')], "decisions.wote", "행위에 모르는 낱말"),
    (
        "unknown-word",
        [('by = "panel"', 'by = "council"')],
        'by = "council"',
        "쓸 수 있는 것: department, operator, panel",
    ),
    ("unknown-word", [('reaches = "enough"', 'reaches = "plenty"')], "plenty", "값에 모르는 낱말: 'plenty'"),
    ("unknown-word", [('counts = "supports"', 'counts = "likes"')], "likes", "세는 것에 모르는 낱말"),
    ("unknown-word", [('opens = ["assign"]', 'opens = ["asign"]')], "asign", "단계에 모르는 낱말: 'asign'"),
    ("unknown-word", [('["panel"] }', '["penal"] }')], "penal", "단계에 모르는 낱말: 'penal'"),
    ("unknown-word", [('station = "숙의"', 'station = "토론"')], "토론", "쓸 수 있는 것: 결정, 숙의, 제안, 집행, 평가"),
    ("unknown-word", [('unit = "working-days"', 'unit = "weeks"')], "weeks", "단위에 모르는 낱말"),
    ("unknown-word", [('kind = "channel"', 'kind = "thing"')], "thing", "종류에 모르는 낱말"),
    ("unknown-word", [('["reply-on-time"]', '["happiness"]')], "happiness", "지표에 모르는 낱말"),
    ("planned-word", [('"decisions.vote"', '"decisions.draw"')], "decisions.draw", "아직 지어지지 않았습니다"),
    (
        "planned-word",
        [('next = { assigned = ["panel"] }', 'next = { assigned = ["panel"] }\njoins = ["support"]')],
        "joins =",
        "장치 'joins'",
    ),
    ("twice", [('key = "assign"', 'key = "support"')], 'key = "support"\nstation = "결정"', "두 번 나옵니다"),
    ("twice", [('["operator"]\n\n[[phases]]', '["operator", "operator"]\n\n[[phases]]')], '"operator", "op', "두 번"),
    ("negative", [("value = 14", "value = -14")], "answer_days =", "0 이상"),
    ("over-100", [("value = 50", "value = 150")], "half =", "100을 넘을 수 없습니다"),
    ("wrong-unit", [('for = "open_days"', 'for = "enough"')], 'for = "enough"', "단위는 'people'인데"),
    ("unknown-blank", [("{open_days}일", "{days}일")], "{days}", "'{days}'에 넣을 값이 없습니다"),
    (
        "unused-value",
        [("{ counts", "{ act"), ('"supports", reaches = "enough"', '"proposals.support"')],
        "enough =",
        "쓰는 곳이 없습니다",
    ),
    (
        "unused-body",
        [("[values]", 'idle = { name = { ko = "빈", en = "Idle" }, side = "civil" }\n\n[values]')],
        "idle =",
        "하는 일이 없습니다",
    ),
    ("unused-window", [*WINDOW], "[[windows]]", "'call' 기간을 쓰는 단계가 없습니다"),
    ("standing-window", [WINDOW[1]], "[[windows]]", "늘 열려 있는 과정"),
    ("edition-needs-window", [WINDOW[0]], "standing = false", "회차가 있는 과정"),
    (
        "for-and-window",
        [*WINDOW, ('for = "open_days"', 'for = "open_days"\nwindow = "call"')],
        'window = "call"',
        "함께 쓸 수 없습니다",
    ),
    ("no-phase-end", [('for = "open_days"\n', "")], 'after = "phase-end"', "끝나는 날이 없습니다"),
    ("before-window", [('"phase-end" }', '"before-window" }')], "before-window", "also_owes에만"),
    ("every-ends", [('by = "panel", ', 'by = "panel", every = true, ')], "every = true", "also_owes)에만"),
    (
        "owed-not-allowed",
        [('"duties.assign" = ["operator"]', '"duties.extend" = ["operator"]')],
        'owes = { act = "duties.assign"',
        "아무도 할 수 없습니다",
    ),
    (
        "owed-by-nobody",
        [('"decisions.reply" = ["officer"]', '"decisions.reply" = ["proposer", "member"]')],
        'owes = { act = "decisions.reply"',
        "할 수 있는 역할이 proposer, member뿐",
    ),
    (
        "no-outcome",
        [('act = "decisions.reply"', 'act = "decisions.vote"')],
        'act = "decisions.vote"',
        "단계를 끝내는 일이 아닙니다",
    ),
    ("outcome-unmapped", [('rejected = ["closed"], ', "")], "next = { adopted", "결과 'rejected' 다음이 없습니다"),
    (
        "outcome-unknown",
        [("rejected =", 'refused = ["closed"], rejected =')],
        "refused",
        "'refused'은(는) 'decisions.close_resolution'의 결과가 아닙니다",
    ),
    ("end-with-more", [('rejected = ["closed"]', 'rejected = ["closed", "reply"]')], "rejected =", "'closed' 옆에는"),
    (
        "waits-alone",
        [('rejected = ["closed"]', 'rejected = ["waits"]')],
        "rejected =",
        "다른 갈래가 반드시 열려 있는 곳",
    ),
    (
        "waits-alone",
        [('reached = ["waits"]', 'reached = ["closed"]')],
        "reached = [",
        "다른 갈래가 반드시 열려 있는 곳",
    ),
    (
        "reached-without-gate",
        [('declined = ["closed"]', 'declined = ["closed"]\nreached = ["reply"]')],
        'reached = ["reply"]',
        "gates가 있는 단계에만",
    ),
    (
        "gate-ends-without-reached",
        [('reached = ["waits"]\n', ""), ('opens = ["assign"] }', 'opens = ["assign"], ends = true }')],
        "gates = [",
        "'reached'를 적어야 합니다",
    ),
    ("gate-kind", [('reaches = "enough"', 'reaches = "enough", act = "proposals.support"')], "gates = [", "act 하나만"),
    (
        "gate-at-end",
        [('reaches = "enough"', 'reaches = "enough", at = "end", ends = true')],
        "gates = [",
        "ends를 쓰지 않습니다",
    ),
    (
        "gate-act-not-allowed",
        [('counts = "supports", reaches = "enough"', 'act = "decisions.request_review"')],
        "gates = [",
        "문턱의 'decisions.request_review'",
    ),
    ("no-first-phase", [('opens = "on-submit"\n', "")], "[[phases]]", "처음 열리는 단계가 없습니다"),
    (
        "unreachable",
        [('assigned = ["panel"]', 'assigned = ["reply"]')],
        '[[phases]]\nkey = "panel"',
        "'panel' 단계로 가는 길이 없습니다",
    ),
    (
        "dead-end",
        [('adopted = ["reply"]', 'adopted = ["panel"]'), ('rejected = ["closed"]', 'rejected = ["panel"]')],
        '[[phases]]\nkey = "assign"',
        "'closed'에 이를 수 없습니다",
    ),
    (
        "unassigned-body",
        [('opens = ["assign"] }', 'opens = ["assign", "reply"] }')],
        'owes = { act = "decisions.reply"',
        "'duties.assign'을(를) 거치지 않는 길",
    ),
    ("no-ballot", [('"decisions.vote" = ["panelist"]', BALLOT)], '"decisions.cast"', "ballot이 있어야 합니다"),
    ("no-scoring", [('"decisions.vote" = ["panelist"]', '"decisions.score" = ["panelist"]')], '"decisions.score"', "scoring이"),
    ("no-rounds", [('"decisions.vote"', '"deliberation.write_round"')], '"deliberation.write_round"', "rounds가"),
    ("passes-beyond", [("resolution =", SCORING), ("answer_days =", POINTS)], "scoring =", "아무도 넘을 수 없습니다"),
    (
        "no-resolution",
        [('resolution = { quorum = "half", majority = "half" }\n', "")],
        '"decisions.open_resolution"',
        "resolution이 있어야 합니다",
    ),
    (
        "weights-not-100",
        [('"decisions.vote" = ["panelist"]', BALLOT), ("resolution =", WEIGHTS)],
        "ballot =",
        "100이라야 하는데 50",
    ),
    ("charter-phases", [('kind = "channel"', 'kind = "charter"')], "[[phases]]", "phases가 없고"),
    ("not-toml", [('station = "숙의"', "station = 숙의")], "station = 숙의", "TOML 문법이 맞지 않습니다"),
    (
        "not-toml",
        [('station = "숙의"', 'station = "숙의"\nstation = "제안"')],
        'station = "제안"\nname = { ko = "선정단"',
        "TOML 문법",
    ),
]

PAPER = ("version = 2026-11-23", 'version = 2026-11-23\nstatus = "paper"')
ON_PAPER = [
    (
        "two-tracks",
        [PAPER, ('station = "숙의"', 'station = "숙의"\nopens = "on-open"')],
        '[[phases]]\nkey = "panel"',
        "하나만 될 수 있습니다",
    ),
    (
        "join-not-waiting",
        [PAPER, ('key = "panel"', 'key = "panel"\njoins = ["assign"]')],
        "joins =",
        "'waits'로 이어지는 결과가 있어야",
    ),
    (
        "join-not-together",
        [
            PAPER,
            ('key = "reply"', 'key = "reply"\njoins = ["assign", "panel"]'),
            ('rejected = ["closed"]', 'rejected = ["waits"]'),
        ],
        "joins =",
        "늘 함께 열려야 하는데",
    ),
]


def faults_of(text: str) -> tuple:
    with pytest.raises(RecipeError) as refused:
        loads(text, origin="lamp.toml")
    return refused.value.faults


@pytest.mark.parametrize(("code", "changes", "mark", "sentence"), CASES + ON_PAPER)
def test_a_mistake_is_named_with_its_line_and_a_sentence(code, changes, mark, sentence):
    text = changed(*changes)

    found = [fault for fault in faults_of(text) if fault.code == code]

    assert found
    assert found[0].line == line_of(text, mark)
    assert sentence in found[0].ko
    assert found[0].en
    assert str(found[0]).startswith(f"lamp.toml:{line_of(text, mark)}: ")


def test_the_recipe_the_tests_break_is_itself_in_order():
    assert loads(GOOD).key == "lamp-council"


def test_one_reading_tells_every_mistake_in_the_order_of_the_lines():
    text = changed(
        ("value = 14", "value = -14"), ('station = "숙의"', 'station = "토론"'), ('["officer"]', '["chief"]')
    )

    assert [(fault.line, fault.code) for fault in faults_of(text)] == [
        (line_of(text, "value = -14"), "negative"),
        (line_of(text, "토론"), "unknown-word"),
        (line_of(text, "chief"), "unknown-word"),
    ]


def test_a_file_without_phases_says_so():
    text = GOOD[: GOOD.index("[[phases]]")]

    assert "no-phases" in [fault.code for fault in faults_of(text)]


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    file = tmp_path / "old.toml"
    file.write_bytes('key = "a"\nname = "가로등"\n'.encode("cp949"))

    with pytest.raises(RecipeError) as refused:
        load(file)

    assert [(fault.line, fault.code) for fault in refused.value.faults] == [(2, "not-utf8")]


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(RecipeError, match="파일을 읽을 수 없습니다"):
        load(tmp_path / "none.toml")


def test_a_huge_file_is_refused_before_it_is_read():
    assert [fault.code for fault in faults_of("#" * (LIMIT + 1))] == ["too-long"]


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 20_000, "a = " + "9" * 10_000, "\x00", "a = 'b", "[a", "=", "\ufeff\ufeff"]
)
def test_hostile_text_is_refused_and_never_breaks_the_reader(text):
    assert {fault.code for fault in faults_of(text)} <= {"not-toml", "missing-key", "unknown-key"}


@pytest.fixture
def shelf(tmp_path):
    for folder in ("processes", "bodies", "sets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "processes" / "lamp-council.toml").write_text(GOOD, encoding="utf-8")
    charter = CHARTER
    (tmp_path / "processes" / "house.toml").write_text(charter, encoding="utf-8")
    (tmp_path / "sets" / "dong.toml").write_text(SET, encoding="utf-8")
    return tmp_path


HOUSE = (home() / "processes" / "charter.toml").read_text(encoding="utf-8")
NUMBERS = HOUSE[HOUSE.index("[values]") : HOUSE.index("[standing_may]")]
CHARTER = f"""\
key = "house"
version = 2026-11-23
name = {{ ko = "살림 규칙", en = "Charter" }}
summary = {{ ko = "누가 무엇을", en = "Who may what" }}
kind = "charter"
law = []
standing = true
place_level = "any"
held_by = "stewards"
[bodies]
stewards = {{ name = {{ ko = "마당지기", en = "Stewards" }}, side = "joint" }}
{NUMBERS}[standing_may]
"bodies.found" = ["steward"]
"""

SET = """\
key = "dong"
version = 2026-11-23
name = { ko = "동", en = "Dong" }
summary = { ko = "동 하나", en = "One dong" }
place_level = "dong"
charter = "house@2026-11-23"
runs = ["lamp-council@2026-11-23"]
"""


def set_faults(shelf, text):
    (shelf / "sets" / "dong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError) as refused:
        load_set("dong", root=shelf)
    return [(fault.line, fault.code) for fault in refused.value.faults]


def test_a_set_brings_its_charter_and_what_it_runs(shelf):
    place = load_set("dong", root=shelf)

    assert place.charter.key == "house"
    assert place.recipe("lamp-council") == loads(GOOD)


def test_a_set_that_names_what_is_not_on_the_shelf_is_refused(shelf):
    assert set_faults(shelf, SET.replace("lamp-council@", "lamb-council@")) == [(7, "not-on-shelf")]


def test_a_set_cannot_run_what_is_on_paper(shelf):
    (shelf / "processes" / "lamp-council.toml").write_text(changed(PAPER), encoding="utf-8")

    assert set_faults(shelf, SET) == [(7, "paper-in-set")]


def test_a_dong_cannot_run_an_institution_of_the_city(shelf):
    city = changed(('place_level = "dong"', 'place_level = "city"'))
    (shelf / "processes" / "lamp-council.toml").write_text(city, encoding="utf-8")

    assert set_faults(shelf, SET) == [(7, "wrong-level")]


def test_the_place_of_the_charter_takes_a_charter(shelf):
    assert set_faults(shelf, SET.replace("house@", "lamp-council@")) == [(6, "charter-place")]


def test_a_file_is_named_by_what_is_in_it(shelf):
    (shelf / "processes" / "lamp-council.toml").rename(shelf / "processes" / "lamps.toml")

    with pytest.raises(RecipeError) as refused:
        recipes(root=shelf)

    assert [(fault.line, fault.code) for fault in refused.value.faults] == [(1, "file-name")]


def test_a_number_of_a_body_that_nothing_uses_is_refused(tmp_path):
    file = tmp_path / "crew.toml"
    file.write_text(
        'key = "crew"\nversion = 2026-11-23\nname = { ko = "모임", en = "Crew" }\n'
        'summary = { ko = "모임", en = "Crew" }\nkind = "panel"\nside = "civil"\nlaw = []\nseats = []\n'
        '[values]\nspare = { value = 1, unit = "days", since = 2026-01-01, source = "조례" }\n[meeting]\n',
        encoding="utf-8",
    )

    with pytest.raises(RecipeError) as refused:
        load_body(file)

    assert [(fault.line, fault.code) for fault in refused.value.faults] == [(10, "unused-value")]


def charter_faults(*changes):
    text = CHARTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(RecipeError) as refused:
        loads(text)
    return text, [(fault.line, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("name", sorted(HOUSE_VALUES))
def test_a_charter_without_a_number_of_the_house_is_refused(name):
    line = next(line for line in CHARTER.splitlines() if line.startswith(f"{name} ="))

    text, found = charter_faults((line + "\n", ""))

    assert found == [(text[: text.index("[values]")].count("\n") + 1, "charter-number")]


def test_a_number_of_the_house_in_a_unit_its_room_cannot_count_is_refused():
    line = next(line for line in CHARTER.splitlines() if line.startswith("escalation_days ="))
    bent = line.replace("working-days", "people")

    text, found = charter_faults((line, bent))

    assert found == [(text[: text.index(bent)].count("\n") + 1, "wrong-unit")]


def test_a_recipe_that_gives_a_number_of_the_house_gives_it_in_its_unit():
    line = 'appeal_days = { value = 3, unit = "votes", since = 2026-01-01, source = "조례" }'
    text = changed(("[values]", f"[values]\n{line}"))

    with pytest.raises(RecipeError) as refused:
        loads(text)

    assert [(fault.line, fault.code) for fault in refused.value.faults] == [(line_of(text, line), "wrong-unit")]


def test_a_number_nobody_asks_of_a_charter_is_refused():
    line = 'idle_days = { value = 3, unit = "days", since = 2026-01-01, source = "조례" }'

    text, found = charter_faults(("[values]", f"[values]\n{line}"))

    assert found == [(text[: text.index(line)].count("\n") + 1, "unused-value")]


def test_every_sentence_the_reader_can_say_is_shown_to_be_said():
    elsewhere = {"not-utf8", "not-found", "too-long", "no-phases", "not-on-shelf", "paper-in-set", "wrong-level"}
    elsewhere |= {"charter-place", "file-name", "charter-number"}

    assert {case[0] for case in CASES + ON_PAPER} | elsewhere == set(SENTENCES)
