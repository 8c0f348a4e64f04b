"""A ballot of this house that spent money: its page, and what anyone may take from it and count again."""

import json
import re
import warnings

import pytest
from test_ballot_acts import WORDS

from counting_again import NODE, CountingAgain
from madang.decisions.acts import cast, close_ballot, open_ballot
from madang.decisions.models import Ballot, Option
from madang.methods.budgeting.pabulib import read


@pytest.fixture
def closed(matter_in, operator, process, person, by):
    """closed(counting, costs, votes, **rule): a ballot on three 의제, closed."""

    def make(counting="greedy", costs=(600_000, 500_000, 400_000), votes=("1 2", "1", "2 3", "3", ""), **rule):
        for title in ("<b>가로등</b>", "의자", "텃밭"):
            matter_in("vote", title)
        paper = open_ballot(by(operator, 1), process, **WORDS)
        for option, cost in zip(Option.objects.filter(ballot=paper).order_by("place"), costs, strict=True):
            Option.objects.filter(pk=option.pk).update(cost_krw=cost)
        paper.rule |= {"counting": counting, **rule}
        paper.rule.pop("paper", None)
        Ballot.objects.filter(pk=paper.pk).update(rule=paper.rule)
        for number, marks in enumerate(votes):
            cast(by(person(f"시민{number}"), 2), paper, marks=marks)
        return close_ballot(by(operator, 20), paper)

    return make


def main_of(client, ballot, **asked) -> str:
    page = client.get(f"/ballots/{ballot.pk}/", asked).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_what_was_funded_what_was_not_and_why_stand_on_the_page(client, closed):
    ballot = closed()
    assert ballot.result["winners"] == [3, 2]  # two votes each: the cheaper first
    page = main_of(client, ballot)
    assert "뽑힌 사업 2개" in page and "뽑히지 않은 사업 1개와 그 까닭" in page
    lost = page[page.index('id="why-1"') : page.index('id="bought"')]
    assert "차례가 왔을 때 예산이 100,000원 남아 500,000원 모자랐습니다." in lost
    assert "<b>가로등</b>" not in page and "&lt;b&gt;가로등" in page
    assert "고른 사업이 하나도 뽑히지 않은 사람: 2명" in page
    assert "2라운드 가운데 2번째" in main_of(client, ballot, round=2)


@pytest.mark.parametrize("counting", ["greedy", "equal-shares", "phragmen"])
def test_the_tally_of_each_rule_is_told_and_what_the_votes_bought(client, closed, counting):
    weights = {} if counting == "phragmen" else {"verified": 60, "council": 40}
    ballot = closed(counting, weights=weights, completion="utilitarian")
    page = main_of(client, ballot)
    assert {"greedy": "표가 많은 차례로", "equal-shares": "균등지분", "phragmen": "프라그멘"}[counting] in page
    assert "한 표가 무엇을 얻었나" in page
    assert ("본인확인한 시민" in page[page.index('id="bought"') :]) == bool(weights) and "verified" not in page
    if counting == "equal-shares":
        assert "무리마다 정해진 몫으로 시작했습니다" in page and "모두가 같은 몫으로 시작했습니다" not in page
        assert "값이 같으면: 표가 많은 쪽 → 돈이 적게 드는 쪽 → 투표지의 차례" in page
    if counting != "greedy":
        assert "규칙을 모르는 다른 프로그램이" in page
    told = json.loads(client.get(f"/ballots/{ballot.pk}/result.json").content)
    assert told["winners"] == ballot.result["winners"]


@pytest.mark.skipif(NODE is None, reason="there is no Node here to run the browser's modules")
@pytest.mark.parametrize("counting", ["greedy", "equal-shares", "phragmen"])
def test_the_files_of_the_page_are_counted_again_by_the_browsers_modules(client, closed, counting):
    weights = {} if counting == "phragmen" else {"verified": 60, "council": 40}
    ballot = closed(counting, weights=weights, completion="utilitarian")
    files = {name: client.get(f"/ballots/{ballot.pk}/{name}").content.decode() for name in ("votes.csv", "paper.json", "result.json")}
    with CountingAgain() as counting_again:
        paper, published = json.loads(files["paper.json"]), json.loads(files["result.json"])
        answer = counting_again.ask(marks=files["votes.csv"], paper=paper, published=published)
        assert answer.get("done", answer).get("same") is True, answer
        published["winners"] = published["winners"][:-1]
        assert counting_again.ask(marks=files["votes.csv"], paper=paper, published=published)["done"]["same"] is False


def test_the_pabulib_file_holds_the_votes_and_the_chosen(client, closed, tmp_path):
    ballot = closed(votes=("1 2", "1", "2 3", "3", "", "2"))
    (tmp_path / "votes.pb").write_bytes(client.get(f"/ballots/{ballot.pk}/votes.pb").content)
    election = read(tmp_path / "votes.pb")
    assert (election.people, election.ids, election.counts) == (6, ("1", "2", "3"), (2, 3, 2))
    assert [int(project.id) for project in election.projects if project.selected == "1"] == sorted(ballot.result["winners"])
    assert election.budget == 1_000_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("pabutools")
        from pabutools.election import parse_pabulib
    instance, profile = parse_pabulib(str(tmp_path / "votes.pb"))
    assert (len(instance), len(profile)) == (3, 6)


def test_pabulibs_own_checker_accepts_the_file(client, closed):
    checker = pytest.importorskip("pabulib.checker", reason="pabulib-checker is not installed here")
    ballot = closed(votes=("1 2", "1", "2 3", "3", "1"))
    found = checker.Checker().process_files([client.get(f"/ballots/{ballot.pk}/votes.pb").content.decode()])
    assert (found["metadata"]["valid"], dict(found["summary"])) == (1, {}), found


def test_nothing_is_given_out_before_closing_and_nothing_that_is_not_there(client, matter_in, operator, process, by, closed):
    matter_in("vote", "하나")
    matter_in("vote", "둘")
    ballot = open_ballot(by(operator, 1), process, **WORDS)
    for name in ("result.json", "paper.json", "votes.pb", "dong/votes.pb"):
        assert client.get(f"/ballots/{ballot.pk}/{name}").status_code == 404, name
    assert "data-recount" not in client.get(f"/ballots/{ballot.pk}/").content.decode()


def test_a_ballot_nobody_voted_on_still_has_a_page(client, closed):
    for counting in ("greedy", "equal-shares"):
        ballot = closed(counting, votes=())
        assert "뽑힌 사업이 없습니다." in main_of(client, ballot)
        Ballot.objects.all().update(closed_at=ballot.closed_at)


def test_the_page_says_the_same_in_english(client, closed):
    ballot = closed()
    page = client.get(f"/en/ballots/{ballot.pk}/").content.decode()
    part = page[page.index('id="funded"') : page.index('id="again"')]
    loose = re.sub(r"<bdi[^>]*>.*?</bdi>|<[^>]+>", " ", part)
    assert re.findall("[가-힣]+", loose) == []
