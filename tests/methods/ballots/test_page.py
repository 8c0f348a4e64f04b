"""docs/methods/ballots.md and its example hold what they say."""

import re
import runpy
from pathlib import Path

from madang.methods.ballots import Terms, recount, tally
from madang.methods.ballots.reading import read

DOCS = Path(__file__).parents[3] / "docs" / "methods"
PAGE = (DOCS / "ballots.md").read_text("utf-8")


def test_the_ballots_on_the_page_elect_whom_the_page_says(tmp_path):
    block = re.search(r"```ballots\n(.*?)```", PAGE, re.S)
    path = tmp_path / "page.txt"
    path.write_text(block[1], "utf-8")
    profile = read(path, "rank")
    rows = re.findall(r"^\| (plurality|irv|condorcet|schulze|ranked-pairs) \| (\S+) \|", PAGE, re.M)
    assert len(rows) == 5
    for method, winner in rows:
        outcome = tally(profile, Terms(method))
        assert outcome.winners == (winner,)
        assert recount(profile, outcome) == ""


def test_the_page_is_short_and_the_example_runs(capsys):
    assert len(PAGE.splitlines()) <= 150
    runpy.run_path(str(DOCS / "examples" / "ballots.py"))
    assert "대구" in capsys.readouterr().out
