"""Before a vote opens, officials see what each rule would have done with the last votes of the same institution."""

from madang.bodies.models import Body
from madang.decisions.acts import cast, close_ballot, open_ballot
from madang.decisions.groups import apart
from madang.decisions.previews import last_with_money, preview
from madang.funds.acts import open_pot, put


def _counted(process, operator, matter_in, person, by):
    pot = open_pot(by(operator, 0), process, name="작은 예산", year=2027, total_krw=500)
    lines = [matter_in("vote", f"사업 {n}") for n in range(4)]
    for matter, won in zip(lines, (300, 250, 200, 250), strict=True):
        put(by(operator, 0), pot, matter, "asked", won)
    ballot = open_ballot(by(operator, 1), process, question="무엇을", use="예산에 담습니다.", fund=pot)
    for n, marks in enumerate(("1", "1", "1", "2 3", "2 4", "3 4")):
        cast(by(person(f"시민 {n}"), 2), ballot, marks=marks)
    return close_ballot(by(operator, 17), ballot)


def test_without_a_vote_there_is_nothing_to_look_at(process, client):
    assert preview(process) == {"ballot": None, "sheets": [], "too_many": False}
    assert "아직 없습니다" in client.get(f"/ballots/preview/{process.key}/").content.decode()
    assert client.get("/ballots/preview/nowhere/").status_code == 404


def test_each_rule_counts_the_very_votes_that_were_published(process, operator, matter_in, person, by, client):
    ballot = _counted(process, operator, matter_in, person, by)
    assert last_with_money(process) == ballot
    sheet = preview(process)["sheets"][0]
    chosen = {one["rule"]: one["winners"] for one in sheet["rules"]}
    assert set(chosen) >= {"greedy", "equal-shares", "equal-shares-add1u", "phragmen"}
    assert sorted(map(int, chosen["greedy"])) == sorted(ballot.result["winners"])
    for winners in chosen.values():
        assert sum(line["line"].cost_krw for line in sheet["lines"] if str(line["line"].place) in winners) <= 500
    page = client.get(f"/ballots/preview/{process.key}/").content.decode()
    assert page.count("사업 ") >= 4 and "규칙마다 뽑히는 것" in page


def test_each_group_s_votes_stand_apart_and_add_up_to_the_score_of_the_count(
    process, operator, matter_in, person, seat, by, client
):
    first, second = matter_in("vote", "사업 하나"), matter_in("vote", "사업 둘")
    pot = open_pot(by(operator, 0), process, name="작은 예산", year=2027, total_krw=500)
    ballot = open_ballot(by(operator, 1), process, question="무엇을", use="예산에 담습니다.", fund=pot)
    member = person("위원")
    seat(member, Body.objects.get(key="council"))
    cast(by(member, 2), ballot, marks="1")
    for n, marks in enumerate(("2", "2", "1 2")):
        cast(by(person(f"시민 {n}"), 2), ballot, marks=marks)
    ballot = close_ballot(by(operator, 17), ballot)
    told = apart(ballot, list(ballot.options.select_related("matter").order_by("place")))
    keys = [group["key"] for group in told["groups"]]
    rows = {row["option"].matter_id: dict(zip(keys, row["votes"], strict=True)) | {"points": row["points"]} for row in told["rows"]}
    assert rows[first.pk] == {"verified": 1, "council": 1, "proposer": 0, "points": "40.00"}
    assert rows[second.pk] == {"verified": 3, "council": 0, "proposer": 0, "points": "60.00"}
    page = client.get(f"/ballots/{ballot.pk}/").content.decode()
    assert "무리마다 따로, 그리고 함께" in page and "40.00" in page


def test_the_page_that_opens_a_ballot_points_there(process, operator, client):
    client.force_login(operator)
    page = client.get(f"/do/decisions.open_ballot/{process.pk}/").content.decode()
    assert f"/ballots/preview/{process.key}/" in page
