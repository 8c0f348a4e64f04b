"""A small institution that is in order; the tests break it in one place at a time."""

GOOD = """\
key = "lamp-council"
version = 2026-11-23
name = { ko = "가로등 회의", en = "Lamp council" }
summary = { ko = "{enough}명이 공감하면 부서가 답합니다.", en = "{enough} supporters bring an answer." }
kind = "channel"
law = [{ title = "가로등 조례", article = "제1조", since = 2020-01-01, source = "조례 제1호" }]
standing = true
place_level = "dong"
held_by = "operator"
indicators = ["reply-on-time"]

[bodies]
operator = { name = { ko = "운영팀", en = "Team" }, side = "public" }
panel = { name = { ko = "선정단", en = "Panel" }, side = "civil" }
department = { name = { ko = "부서", en = "Department" }, side = "public", matter = true }

[values]
enough = { value = 3, unit = "people", since = 2020-01-01, source = "조례 제2조" }
half = { value = 50, unit = "percent", since = 2020-01-01, source = "조례 제2조" }
open_days = { value = 30, unit = "days", since = 2020-01-01, source = "조례 제2조" }
answer_days = { value = 14, unit = "working-days", since = 2020-01-01, source = "조례 제3조" }

[standing_may]
"matters.link" = ["operator"]

[[phases]]
key = "support"
station = "제안"
opens = "on-submit"
name = { ko = "공감", en = "Support" }
says = { ko = "{open_days}일 동안 공감을 모읍니다.", en = "Support for {open_days} days." }
for = "open_days"
owes = { act = "duties.conclude", by = "operator", within = "answer_days", after = "phase-end" }
gates = [{ counts = "supports", reaches = "enough", opens = ["assign"] }]
[phases.next]
expired = ["closed"]
merged = ["closed"]
passed-on = ["closed"]
answered-elsewhere = ["closed"]
reached = ["waits"]
[phases.may]
"proposals.submit" = ["verified"]
"proposals.support" = ["verified"]
"duties.conclude" = ["operator"]

[[phases]]
key = "assign"
station = "결정"
name = { ko = "부서 정하기", en = "Assigning" }
says = { ko = "답할 부서를 정합니다.", en = "The department is named." }
owes = { act = "duties.assign", by = "operator", within = "answer_days" }
next = { assigned = ["panel"] }
[phases.may]
"duties.assign" = ["operator"]

[[phases]]
key = "panel"
station = "숙의"
name = { ko = "선정단", en = "Panel" }
says = { ko = "선정단이 정합니다.", en = "The panel decides." }
owes = { act = "decisions.close_resolution", by = "panel", within = "open_days" }
next = { adopted = ["reply"], rejected = ["closed"], no-quorum = ["panel"] }
resolution = { quorum = "half", majority = "half" }
[phases.may]
"decisions.open_resolution" = ["panelist"]
"decisions.vote" = ["panelist"]
"decisions.close_resolution" = ["panelist"]

[[phases]]
key = "reply"
station = "결정"
name = { ko = "답변", en = "Answer" }
says = { ko = "부서가 답합니다.", en = "The department answers." }
owes = { act = "decisions.reply", by = "department", within = "answer_days", post = "과장", escalates = ["국장"] }
[phases.next]
accepted = ["closed"]
partial = ["closed"]
long-term = ["reply"]
declined = ["closed"]
already-done = ["closed"]
[phases.may]
"decisions.reply" = ["officer"]
"""


def changed(*pairs: tuple[str, str]) -> str:
    """GOOD with each first `old` made `new`; every old must be there."""
    text = GOOD
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, mark: str) -> int:
    """The line of the first place `mark` stands in."""
    return text[: text.index(mark)].count("\n") + 1
