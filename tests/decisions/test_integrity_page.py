"""What is looked for in the open: from counts alone, with a seed printed before the vote, and no vote left out."""

import json

import pytest

from madang.decisions import integrity
from madang.decisions.acts import cast, close_ballot, open_ballot
from madang.methods.integrity.__main__ import main

WORDS = {"question": "어느 것을 먼저 할까요?", "use": "다음 해 예산안에 그대로 담습니다."}


@pytest.fixture
def ballot(matter_in, operator, process, by):
    for title in ("가로등", "의자", "텃밭"):
        matter_in("vote", title)
    return open_ballot(by(operator, 1), process, **WORDS)


@pytest.fixture
def counted(ballot, operator, person, by):
    for number in range(7):
        cast(by(person(f"시민{number}"), 2), ballot, marks="1 2" if number % 2 else "3")
    for number in range(3):
        cast(by(person(f"늦은 시민{number}"), 4), ballot, marks="1")
    return close_ballot(by(operator, 20), ballot)


def test_nothing_is_told_before_the_count_but_the_seed_is(client, ballot):
    for page in ("integrity/", "integrity.json", "integrity-report.json"):
        assert client.get(f"/ballots/{ballot.pk}/{page}").status_code == 404
    assert ballot.rule["look"] in client.get(f"/ballots/{ballot.pk}/").content.decode()
    assert client.get(f"/ballots/{10**20}/integrity/").status_code == 404


def test_days_with_fewer_than_five_people_do_not_go_in(counted):
    given = json.loads(integrity.known(counted))
    assert [(row["class"], row["count"]) for row in given["casts"]] == [("verified", 7)]
    assert given["marks"] == [{"marks": "1", "count": 3}, {"marks": "1 2", "count": 3}, {"marks": "3", "count": 4}]
    assert given["seed"] == counted.rule["look"]
    assert "시민" not in integrity.known(counted).decode()


def test_the_page_shows_every_look_and_leaves_out_no_vote(client, counted):
    page = client.get(f"/ballots/{counted.pk}/integrity/").content.decode()
    assert "이 보고로 뺀 표는 하나도 없습니다" in page and "종이 투표가 없어 살피지 못함" in page
    assert counted.rule["look"] in page
    assert client.get(f"/ballots/{counted.pk}/").content.decode().count("integrity/") == 1


def test_whoever_takes_the_input_reckons_the_same_report(client, counted, tmp_path, capsys):
    file = tmp_path / "ballot.json"
    file.write_bytes(client.get(f"/ballots/{counted.pk}/integrity.json").content)
    published = client.get(f"/ballots/{counted.pk}/integrity-report.json").json()
    assert main([str(file), "--json"]) in (0, 1)
    assert json.loads(capsys.readouterr().out) == published
    assert published["discounted"] == 0
