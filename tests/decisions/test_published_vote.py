"""The result page people will argue about, met first with votes other cities published: what is told follows from the ballots."""

import csv
import io
import json
import os
import re
import warnings
from pathlib import Path

import pytest
from django.urls import reverse

from madang.access import By, Refused
from madang.decisions.acts import import_vote
from madang.decisions.importing import imported
from madang.decisions.models import PublishedVote
from madang.doors.cli import main as command
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.pabulib_rows import FormatError
from madang.methods.budgeting.verify import verify
from madang.record.models import Entry

CITIES = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data" / "pb"
TOWN = """META
key;value
description;A vote made up for a test
country;Nowhere
unit;Testtown
instance;2031
num_projects;3
num_votes;5
budget;1000
vote_type;approval
rule;equalshares
currency;KRN
PROJECTS
project_id;cost;name;district;selected
lamps;300;Lamps;North;0
bench;500;=Bench;South;1
garden;400;Garden;West;1
VOTES
voter_id;vote
1;lamps,bench
2;lamps,bench
3;lamps,garden
4;bench
5;garden
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "Testtown 2031.pb"
    path.write_text(TOWN, "utf-8")
    return path


@pytest.fixture
def vote(city, day, file):
    return import_vote(By(None, day(0), "clock"), city.seoul, **imported(file))


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_file_becomes_a_closed_vote_with_its_source_and_its_winners(client, vote):
    assert (vote.key, vote.title, vote.unit) == ("testtown-2031", "Testtown 2031", "KRN")
    assert vote.source == "A vote made up for a test · Testtown, Nowhere · Pabulib (pabulib.org)"
    told = text_of(client.get(vote.get_absolute_url()))
    assert "다른 도시가 공개한 투표" in told and "여기서 누가 투표하거나 고른 것은 아닙니다" in told
    assert "도시가 알린 2개 사업과 모두 같습니다." in told
    assert "뽑힌 사업 2개" in told and "뽑히지 않은 사업 1개와 그 까닭" in told
    assert "고른 사람들에게 남은 돈을 모두 모아도 약 66.67\u00a0KRN이라 약 233.33\u00a0KRN 모자랐습니다." in client.get(
        vote.get_absolute_url()).content.decode()  # worked out by hand in docs/methods/equal-shares.md
    assert Entry.objects.get(act="decisions.import_vote").subject == f"decisions.publishedvote:{vote.pk}"


def test_a_loser_is_told_against_whom_and_at_what_cost_it_would_have_won(client, vote):
    page = client.get(vote.get_absolute_url()).content.decode()
    fold = page[page.index('id="why-lamps"') :]
    fold = text_of(type("Cut", (), {"content": fold[: fold.index("</details>")].encode()})())
    assert "이 사업을 고른 사람들의 돈이 먼저 쓰인 곳: =Bench 약 333.33 KRN Garden 200 KRN" in fold
    margin = vote.account["margins"]["lamps"]
    assert f"비용이 {margin} KRN 이하였다면 뽑혔습니다" in fold


@pytest.mark.parametrize(("asked", "shown"), [("", 1), ("1", 1), ("2", 2), ("9", 2), ("0", 1), ("-1", 1), ("²", 1), ("'", 1)])
def test_the_rounds_are_followed_one_by_one_by_links(client, vote, asked, shown):
    page = client.get(vote.get_absolute_url(), {"round": asked}).content.decode()
    part = page[page.index('id="rounds"') : page.index('id="why"')]
    assert f"2라운드 가운데 {shown}번째" in part
    assert ('href="?round=2#rounds"' in part, 'href="?round=1#rounds"' in part) == (shown == 1, shown == 2)


def test_the_map_says_what_the_table_says(client, vote):
    page = client.get(vote.get_absolute_url()).content.decode()
    part = page[page.index('id="map"') :]
    drawn = re.findall(r'class="tile-name"[^>]*>([^<]+)<.*?class="tile-figure"[^>]*>([^<]+)<', part)
    assert drawn == [("North", "0"), ("South", "1"), ("West", "1")]
    rows = re.findall(r'<th scope="row"[^>]*><bdi>(North|South|West)</bdi>.*?뽑힘">(\d)<', part)
    assert rows == drawn


def test_what_is_downloaded_is_what_was_published_and_verifies(client, vote, tmp_path):
    ballots = client.get(reverse("published-ballots", args=[vote.key]))
    assert ballots.content == TOWN.encode() and "attachment" in ballots["Content-Disposition"]
    (tmp_path / "down.pb").write_bytes(ballots.content)
    account = json.loads(client.get(reverse("published-account", args=[vote.key])).content)
    assert all(finding.ok for finding in verify(read(tmp_path / "down.pb"), account))
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("published-projects", args=[vote.key])).content.decode("utf-8-sig"))))
    assert [(row["project"], row["name"], row["round"], row["why"]) for row in rows] == [
        ("bench", "'=Bench", "1", ""), ("garden", "Garden", "2", ""), ("lamps", "Lamps", "", "money"),
    ]


def test_pabutools_reads_the_download_and_counts_the_same(client, vote, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("pabutools")
        from pabutools.election import Cost_Sat, parse_pabulib
        from pabutools.rules import method_of_equal_shares
    (tmp_path / "down.pb").write_bytes(client.get(reverse("published-ballots", args=[vote.key])).content)
    instance, profile = parse_pabulib(str(tmp_path / "down.pb"))
    assert [project.name for project in method_of_equal_shares(instance, profile, sat_class=Cost_Sat)] == vote.account["winners"]


def test_the_page_in_english_says_nothing_in_korean(client, vote):
    page = client.get(f"/en{vote.get_absolute_url()}").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall("[가-힣]+", main) == []
    assert "Counted" not in main and "Count again on this device" in main


def test_a_vote_comes_in_once(vote, city, day, file):
    with pytest.raises(Refused) as refused:
        import_vote(By(None, day(1), "clock"), city.seoul, **imported(file))
    assert refused.value.code == "vote-imported"
    assert (PublishedVote.objects.count(), Entry.objects.filter(act="decisions.import_vote").count()) == (1, 1)


@pytest.mark.parametrize(
    ("broken", "place"),
    [("budget;1000", ":9:8:"), ("bench;500", ":16:7:"), ("4;bench", ":23:3:"), ("PROJECTS", ":13:"), ("num_votes;5", ":20:")],
)
def test_a_hostile_file_is_refused_with_line_and_column_and_nothing_is_kept(city, file, capsys, broken, place):
    wrong = {"budget;1000": "budget;1e9", "bench;500": "bench;=cmd", "4;bench": "4;\"", "PROJECTS": "VOTES", "num_votes;5": "num_votes;9"}
    file.write_text(TOWN.replace(broken, wrong[broken], 1), "utf-8")
    with pytest.raises(FormatError):
        imported(file)
    assert command(["import-pb", str(file)]) == 1
    assert f"{file.name}{place}" in capsys.readouterr().err
    assert PublishedVote.objects.count() == 0


def test_names_that_are_markup_are_shown_and_do_nothing(client, city, day, file):
    file.write_text(TOWN.replace("Lamps", "<script>alert(1)</script>").replace("North", "<b>"), "utf-8")
    made = import_vote(By(None, day(0), "clock"), city.seoul, **imported(file))
    page = client.get(made.get_absolute_url()).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", ["Poland_Wieliczka_2023_Green_Budget", "Poland_Warszawa_2019_Miedzylesie", "Poland_Gdynia_2020"])
def test_a_city_that_counted_by_a_rule_of_ours_announced_what_the_page_shows(client, city, day, name):
    path = CITIES / f"{name}.pb"
    if not path.exists():
        pytest.skip(f"{path} is not here (MADANG_SHARED)")
    made = import_vote(By(None, day(0), "clock"), city.seoul, **imported(path))
    assert made.account["against"]["same"] is True
    page = client.get(made.get_absolute_url())
    assert page.status_code == 200 and "도시가 알린" in page.content.decode()


@pytest.mark.django_db
def test_the_votes_of_other_cities_are_listed(client, vote):
    assert "Testtown 2031" in client.get(reverse("published-votes")).content.decode()
    assert client.get(reverse("published-vote", args=["nowhere"])).status_code == 404
