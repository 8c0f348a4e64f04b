"""What people may put into each act: the first of every choice is sound, the others are what people also send.

`TABLE[act](town, on, pick)` gives the fields of the act's form (or, for acts without a door, its arguments). A test
asserts that every registered act stands here, so that no new act escapes.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from town import IDEA, PROBLEM, RUNS, Town

from madang.bodies.models import Body, Seat
from madang.decisions.forms import new_receipt
from madang.duties import walk
from madang.execution.models import Milestone
from madang.funds.acts import awaited
from madang.funds.models import Fund
from madang.matters.models import Matter
from madang.people.models import Person

Pick = Callable[[Sequence[Any]], Any]
Fields = dict[str, Any]
LONG = "어두운 골목 열두 곳을 현장에서 살펴보았고 예산과 전기 설비를 확인하여 그렇게 정했습니다. 안전등을 설치합니다."
ODD = [
    "",
    "짧음",
    "\u202e꺼꾸로",
    "=HYPERLINK(1)",
    "<script>alert(1)</script> 이런 글입니다 열 글자",
    "900101-1234567 번호를 적었습니다",
    "가" * 6000,
]
URL = ["https://example.org/a", "", "javascript:alert(1)", "ftp://x", "그냥 글"]


def words(pick: Pick) -> str:
    return pick([LONG, LONG, LONG, *ODD])


def line(pick: Pick) -> str:
    return pick(["골목 조명을 밝게 바꿉니다", "골목 조명을 밝게 바꿉니다", *ODD])


def body(pick: Pick, *keys: str) -> str:
    return pick([*keys, "neighbours", "stewards", "없는-기구", ""])


def number(town: Town, pick: Pick, on: Any = None) -> str:
    rows = Matter.objects.order_by("-id").values_list("number", flat=True)[:8]
    mine = getattr(on, "number", None)
    return pick([*(n for n in rows if n != mine), mine or "", "2026-999999", "아무 말"])


def day(town: Town, pick: Pick, *days: int) -> str:
    return pick(
        [*(town.day(d).isoformat() for d in days), town.day(-3).isoformat(), town.day(9999).isoformat(), "내일", ""]
    )


def email(pick: Pick) -> str:
    rows = Person.objects.exclude(email=None).order_by("id").values_list("email", flat=True)
    return pick([*rows, "nobody@example.org", "not-an-address"])


def pk(pick: Pick, rows: Any) -> str:
    return pick([*(str(row) for row in rows.values_list("pk", flat=True)[:6]), "", "999999", "x"])


def proposal(town: Town, on: Any, pick: Pick) -> Fields:
    title = pick([f"{town.fresh()}번째 제안입니다", "같은 제목", *ODD])
    return {
        "title": title,
        "problem": pick([PROBLEM, *ODD]),
        "idea": pick([IDEA, *ODD]),
        "effect": pick(["", "밝아집니다", "가" * 3000]),
        "topic": pick(["safety", "youth", "모름"]),
        "place": pick(["", "시흥4동", "부산"]),
        "similar_seen": pick(["on", ""]),
    }


def revival(town: Town, on: Any, pick: Pick) -> Fields:
    closed = Matter.objects.exclude(closed_at=None).order_by("id").values_list("number", flat=True)[:6]
    return {**proposal(town, on, pick), "origin": pick([*closed, number(town, pick)])}


def promise(town: Town, on: Any, pick: Pick) -> Fields:
    end = town.day(60).isoformat()
    quote = getattr(getattr(on, "proposal", None), "idea", IDEA)[:400]
    return {
        "promise": words(pick),
        "origin": pick([quote, "제안에 없는 문장입니다"]),
        "goal": line(pick),
        "target": pick(["주민", ""]),
        "budget_krw": pick(["1,000,000원", "0", "-1", "9" * 30]),
        "due_on": day(town, pick, 60, 100),
        "civil_owner": pick([_id("neighbours"), _id("safety")]),
        "public_owner": pick([_id("safety"), _id("neighbours")]),
        "milestones": pick(
            [f"{end} | 관 | 설계를 마친다\n{end} | 민 | 주민이 살핀다", "", "모르는 꼴", f"{end} | 신 | 무엇"]
        ),
    }


def change(town: Town, on: Any, pick: Pick) -> Fields:
    field, after = pick(
        [
            ("goal", f"새 목표 {town.fresh()}번"),
            ("budget", "1050000"),
            ("budget", "9000000"),
            ("due", town.day(90).isoformat()),
            ("due", town.day(-9).isoformat()),
            ("target", "다른 주민"),
            ("budget", "많이"),
            ("due", "내일"),
            ("없음", "없음"),
        ]
    )
    return {"field": field, "after": after, "reason": words(pick)}


def paper(town: Town, on: Any, pick: Pick) -> Fields:
    places = list(on.options.order_by("place").values_list("place", flat=True))
    least = on.rule.get("least") or 1
    marked = [places[:least], places[:1], places[-1:], [], [99], places]
    return {
        "marks": pick([" ".join(map(str, each)) for each in marked] + ["1>2", "둘", "1:1 2:0"]),
        "receipt": pick([new_receipt(), "AAAA-BBBB-CCCC", "x"]),
    }


def opening(town: Town, on: Any, pick: Pick) -> Fields:
    recipe = pick([RUNS["local"], RUNS["ds-2019"], RUNS["youth"], "residents-assembly@2018-01-01", "없음@1"])
    return {
        "recipe": recipe,
        "key": pick([f"p-{town.fresh()}", "ds-2019", "한글 주소"]),
        "name": line(pick),
        "name_en": "",
        "body_operator": body(pick, "operator"),
        "body_panel": body(pick, "panel"),
        "body_mayor": body(pick, "mayor"),
        "body_assembly": body(pick, "assembly"),
        "opens_prepare": day(town, pick, 0),
        "closes_prepare": day(town, pick, 70),
        "opens_session": day(town, pick, 71),
        "closes_session": day(town, pick, 90),
    }


def roll(town: Town, on: Any, pick: Pick) -> Fields:
    content = pick(["이름,생년월일,번호\n김철수,580314,11", "이름,생년월일,번호\n,1,", "\x00\x01", ""])
    return {
        "name": line(pick),
        "valid_until": day(town, pick, 100),
        "file": SimpleUploadedFile("roll.csv", content.encode() or b" "),
    }


def _id(key: str) -> str:
    return str(Body.objects.get(key=key).pk)


def nothing(town: Town, on: Any, pick: Pick) -> Fields:
    return {}


def reason(town: Town, on: Any, pick: Pick) -> Fields:
    return {"reason": pick(["그렇게 된 까닭을 충분히 적었습니다", *ODD])}


def judged(town: Town, on: Any, pick: Pick) -> Fields:
    """Points for whatever the 의제's scoring asks, rarely beyond; words for each."""
    return {
        f"{field}_{key}": given
        for key in ("effect", "need", "ability")
        for field, given in (("points", pick(["30", "0", "999", "x"])), ("words", words(pick)))
    }


def _stage(on: Any) -> str:
    """The stage of money the 의제 waits for."""
    waits = walk.waiting(on, "funds.enter_amount")
    return awaited(on, waits) if waits else "enacted"


def hiding(town: Town, on: Any, pick: Pick) -> Fields:
    return {"rule": pick(["insult", "personal", "없는 규칙"]), "reason": line(pick)}


ROLL = "이름,생년월일,연락처,선거인,성별,출생연도\n김철수,580314,010-1000-0011,,남,1958\n"


def found(town: Town, on: Any, pick: Pick) -> Fields:
    return {"name": pick(["김철수", "없는이", ""]), "born": pick(["580314", "1"]), "contact": pick(["010-1000-0011", "x"])}


RULES = ["insult", "spam", "없는 규칙"]
TABLE: dict[str, Callable[[Town, Any, Pick], Fields]] = {
    "bodies.appoint": lambda t, on, pick: {
        "email": email(pick),
        "post": pick(["위원", "간사", ""]),
        "side": pick(["civil", "public", "x"]),
        "route": pick(["ex-officio", "open", "x"]),
        "since_date": day(t, pick, 0, -10),
        "until_date": pick(["", t.day(300).isoformat(), t.day(-30).isoformat()]),
        "override_reason": pick(["", "꼭 필요함"]),
    },
    "bodies.found": lambda t, on, pick: {
        "key": pick([f"body-{t.fresh()}", "safety", "한글"]),
        "name": line(pick),
        "name_en": "",
        "side": pick(["public", "civil", "x"]),
        "parent": pick(["", "safety", "nobody"]),
        "founded_on": pick(["", "2026-01-01", "x"]),
        "sunset_on": "",
    },
    "bodies.release": reason,
    "decisions.cast": paper,
    "decisions.close_ballot": nothing,
    "decisions.close_resolution": nothing,
    "decisions.close_scoring": nothing,
    "decisions.exchange_paper": lambda t, on, pick: {"voter_class": pick(["", "x"])},
    "decisions.find_on_roll": found,
    "decisions.hand_paper": found,
    "decisions.load_roll": lambda t, on, pick: {
        "file": SimpleUploadedFile("roll.csv", pick([ROLL, ROLL.replace("580314", "5803"), "\x00", ROLL + ROLL]).encode())
    },
    "decisions.open_booth": lambda t, on, pick: {
        "name": line(pick),
        "body": pick([_id("neighbours"), "", "x"]),
        "sheets": pick(["10", "0", "99999"]),
        "voter_class": pick(["", "x"]),
    },
    "decisions.print_more": lambda t, on, pick: {"sheets": pick(["5", "-1"]), "apart": pick(["", "on"]), "voter_class": ""},
    "decisions.read_bundle": lambda t, on, pick: {
        "lines": pick(["", "1-0001-ABCD 1", "1-0001-ABCD 1\n1-0001-ABCD 2", "아무 말", "?" * 3000]),
        "unused": pick(["0", "10", "-1", "x"]),
    },
    "decisions.recount_bundle": nothing,
    "decisions.sync_booth": lambda t, on, pick: {
        "queue": pick([f'[{{"seq": 1, "line": "{"0" * 64}"}}]', "[]", "{", "[1]", "[" * 900, '[{"seq": 2, "line": "x"}]'])
    },
    "decisions.exclude": lambda t, on, pick: {
        "seat": pk(pick, Seat.objects.filter(body=on.body).order_by("id")),
        "kind": pick(["excluded", "challenged", "x"]),
        "reason": line(pick),
    },
    "decisions.report_use": lambda t, on, pick: {"used": words(pick)},
    "decisions.seal_ballot": lambda t, on, pick: {
        "box_key": pick(["A" * 43, "열쇠"]),
        "observers": pick(["[]", "[[]]", "[1", '[{"class":"all","name":"o","n":"AA","e":3}]']), "seal_key": "A" * 43,
        "shares": pick([0, 1, 3]),
        "least": pick([1, 2, 9]),
        "rolls": pick(["", "all 7", "all seven"]),
        "witnesses": pick(["", "x"]),
        "batch": pick([1, 100, 0]),
    },
    "decisions.take_right": lambda t, on, pick: {"blinded": pick(["A" * 342, "", "가"]), "backup": pick(["A" * 103, "A"])},
    "decisions.open_seal": lambda t, on, pick: {"shares": pick(["madang-share@1:1:1:0:0:0", "", "조각"])},
    "decisions.take_board": nothing,
    "decisions.open_ballot": lambda t, on, pick: {
        "question": line(pick),
        "use": line(pick),
        "fund": pick(["", *(str(f.pk) for f in Fund.objects.all())]),
        "electorate": pick(["", "1000", "0"]),
        "matters": [],
        "closes_on": pick([t.day(25).isoformat(), "", t.day(-1).isoformat(), "x"]),
    },
    "decisions.open_resolution": lambda t, on, pick: {"question": line(pick), "closes_on": day(t, pick, 0, 5)},
    "decisions.rate_reply": lambda t, on, pick: {"answered": pick(["yes", "partly", "no", "x"])},
    "decisions.recuse": reason,
    "decisions.reply": lambda t, on, pick: {
        "conclusion": pick(["accepted", "partial", "long-term", "declined", "already-done", "x"]),
        "reason": pick([LONG, LONG, "검토하겠습니다.", *ODD]),
        "next_step": words(pick),
        "next_on": day(t, pick, 10),
        "basis": "",
    },
    "decisions.request_review": lambda t, on, pick: {"reason": words(pick)},
    "decisions.review": lambda t, on, pick: {
        "result": pick(["fit", "unfit", "x"]),
        "reason": words(pick),
        "estimate_krw": pick(["3000000", "", "-5"]),
    },
    "decisions.score": judged,
    "decisions.sign": nothing,
    "decisions.step_aside": reason,
    "decisions.vote": lambda t, on, pick: {"answer": pick(["yes", "no", "abstain", "x"])},
    "deliberation.appeal": lambda t, on, pick: {"text": words(pick)},
    "deliberation.close_forum": lambda t, on, pick: {
        "summary": words(pick),
        "agreed": pick(["밝아야 한다", ""]),
        "differing": pick(["돈", ""]),
        "unknown": pick(["", "줄\n" * 30]),
    },
    "deliberation.close_rounds": lambda t, on, pick: {"outcome": pick(["agreed", "not-agreed", "x"]), "reason": words(pick)},
    "deliberation.hide": hiding,
    "deliberation.hide_proposal": hiding,
    "deliberation.let_stand": reason,
    "deliberation.open_forum": lambda t, on, pick: {"question": line(pick), "pack": pick(["", LONG])},
    "deliberation.reply": lambda t, on, pick: {
        "text": pick([f"답글 {t.fresh()}", "같은 답글", *ODD]),
        "contacts_ok": "",
    },
    "deliberation.report": lambda t, on, pick: {"rule": pick(RULES), "words": pick(["", "살펴 주세요"])},
    "deliberation.report_proposal": lambda t, on, pick: {"rule": pick(RULES), "words": ""},
    "deliberation.retract": nothing,
    "deliberation.settle_appeal": lambda t, on, pick: {"upheld": pick(["no", "yes", "x"]), "reason": line(pick)},
    "deliberation.sign_round": nothing,
    "deliberation.state": lambda t, on, pick: {
        "side": pick(["for", "against", "other", "x"]),
        "text": pick([f"의견 {t.fresh()}", "같은 의견", *ODD]),
        "evidence_url": pick(URL),
        "evidence_note": "",
    },
    "deliberation.take_position": lambda t, on, pick: {"side": pick(["for", "against", "other", "x"])},
    "deliberation.write_round": lambda t, on, pick: {
        "held_on": day(t, pick, 0),
        "said": words(pick),
        "changed": pick(["", LONG]),
    },
    "duties.assign": lambda t, on, pick: {"body": body(pick, "safety", "housing"), "reason": ""},
    "duties.conclude": lambda t, on, pick: {
        "outcome": pick(["expired", "expired", "passed-on", "answered-elsewhere", "merged", "x"]),
        "reason": words(pick),
        "into": pick(["", number(t, pick, on)]),
    },
    "duties.extend": reason,
    "duties.found_for": lambda t, on, pick: {"body": body(pick, "together", "talks")},
    "duties.transfer": lambda t, on, pick: {"body": body(pick, "housing", "safety"), "reason": line(pick)},
    "evaluation.close": lambda t, on, pick: {
        "outcome": pick(["confirmed", "not-confirmed", "x"]),
        "findings": words(pick),
        "consequence": words(pick),
    },
    "evaluation.confirm": lambda t, on, pick: {
        "answer": pick(["yes", "partly", "no", "x"]),
        "words": pick(["", "보았습니다"]),
    },
    "evaluation.hide_words": lambda t, on, pick: {"rule": pick(["insult", "x"])},
    "evaluation.reopen": lambda t, on, pick: {"reason": words(pick)},
    "evaluation.score": lambda t, on, pick: {
        "indicator": pick(["reply-days", "promise-kept", "x"]),
        "value": pick(["5", "1", "9"]),
        "words": words(pick),
    },
    "execution.answer_change": lambda t, on, pick: {"answer": pick(["agree", "disagree", "silent", "x"]), "words": ""},
    "execution.attach_evidence": lambda t, on, pick: {
        "note": words(pick),
        "link": pick(URL),
        "milestone": pick(["", *(str(m.pk) for m in Milestone.objects.all()[:4])]),
    },
    "execution.change": change,
    "execution.finish": lambda t, on, pick: {"outcome": pick(["finished", "stopped", "x"]), "words": words(pick)},
    "execution.promise": promise,
    "execution.report_milestone": lambda t, on, pick: {"words": words(pick)},
    "funds.add_source": lambda t, on, pick: {
        "name": pick([f"갈래 {t.fresh()}", "같은 갈래", ""]),
        "total_krw": pick(["1,000,000", "0", "-1", "9" * 20]),
        "rule": pick(["동 단위 사업에만 씁니다", ""]),
        "level": pick(["", "dong", "x"]),
        "carries_until": pick(["", "2027-12-31", "내일"]),
        "source": "",
    },
    "funds.answer_line": lambda t, on, pick: {"agrees": pick(["yes", "no", "x"]), "words": words(pick)},
    "funds.close_talk": nothing,
    "funds.enter_amount": lambda t, on, pick: {
        "fund": pk(pick, Fund.objects.filter(process=on.process_id)),
        "stage": pick([_stage(on), "enacted", "proposed", "asked", "voted", "spent", "settled", "x"]),
        "amount_krw": pick(["2,000,000", "0", "-1", "백만"]),
        "reason": pick(["까닭을 적었습니다", "", "짧"]),
    },
    "funds.offer_line": lambda t, on, pick: {
        "fund": pick([*(str(line.fund_id) for line in on.lines.order_by("pk")), "999999", ""]),
        "offered_krw": pick(["900,000", "0", "-1", "백만"]),
        "reason": pick(["겹치는 설계비를 뺐습니다", ""]),
    },
    "funds.share_line": lambda t, on, pick: {
        f"source_{source.pk}": pick(["500,000", "", "-1"]) for source in on.fund.sources.order_by("pk")
    },
    "funds.open_pot": lambda t, on, pick: {
        "name": pick([f"재원 {t.fresh()}", "시정참여형", ""]),
        "year": pick(["2027", "1", "x"]),
        "total_krw": pick(["1000000", "-1"]),
        "held_by": "",
        "source": "",
    },
    "matters.link": lambda t, on, pick: {
        "target": number(t, pick, on),
        "kind": pick(["cite", "merge", "x"]),
        "reason": "",
    },
    "people.attest": lambda t, on, pick: {
        "email": email(pick),
        "level": pick(["3", "2", "9"]),
        "place": pick(["1154570000", "", "x"]),
        "tie": pick(["lives", "x"]),
        "paper": pick([f"종이 {t.fresh()}", "같은 종이", ""]),
    },
    "people.claim_roll": lambda t, on, pick: {
        "name": pick(["김철수", ""]),
        "birth": pick(["580314", "1"]),
        "number": pick(["11", "12"]),
    },
    "people.enter_code": lambda t, on, pick: {"code": pick(["000000", "12", "글자여섯개임"])},
    "people.erase": lambda t, on, pick: {"sure": pick(["", "on"])},
    "people.make_token": lambda t, on, pick: {"name": line(pick)},
    "people.rename": lambda t, on, pick: {"name": line(pick)},
    "people.request_code": nothing,
    "people.revoke": lambda t, on, pick: {"reason": line(pick)},
    "people.revoke_token": nothing,
    "people.upload_roll": roll,
    "processes.close": lambda t, on, pick: {"reason": line(pick)},
    "processes.open": opening,
    "proposals.edit": proposal,
    "proposals.receive": lambda t, on, pick: {"origin": number(t, pick), "reason": line(pick)},
    "proposals.revive": revival,
    "proposals.submit": proposal,
    "proposals.support": nothing,
    "proposals.unsupport": nothing,
    "proposals.withdraw": lambda t, on, pick: {"reason": line(pick)},
}


def _past(town: Town, on: Any, pick: Pick) -> Fields:
    return {"title": f"지난 제안 {town.fresh()}", "idea": pick([IDEA, ""]), "source": pick(["자료 5쪽", ""])}


CLOCKS: dict[str, Callable[[Town, Any, Pick], Fields]] = {  # acts no door offers: the clock's and the loaders'
    "bodies.appoint_first": lambda t, on, pick: {
        "person": Person.objects.get(email="citizen7@example.org"),
        "post": "첫 자리",
        "since_date": t.day(0),
    },
    "decisions.import_vote": lambda t, on, pick: {
        "key": pick(["swiecie", f"vote-{t.fresh()}"]), "title": "투표", "source": "자료", "unit": "PLN", "file": b"META",
        "account": {"winners": [], "voters": 0}, "preview": {},
    },
    "duties.close_reached": nothing,
    "duties.escalate": nothing,
    "people.join": nothing,
    "places.load": lambda t, on, pick: {"content": pick([b"", b"\xff\xfe", b"code,name\n1,2\n"])},
    "processes.adopt": lambda t, on, pick: {"castings": {}},
    "proposals.record_past": _past,
}
