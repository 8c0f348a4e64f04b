"""The pages and the notebook examples of korean and transparency hold what they say."""

import runpy
import tomllib
from pathlib import Path

import pytest

from madang.methods.korean.similar import fingerprint, likeness_of_letters

DOCS = Path(__file__).parents[2] / "docs" / "methods"
LABELS = Path(__file__).parents[2] / "benchmarks" / "korean_labels.toml"


@pytest.mark.parametrize(("name", "says"), [("korean", "elsewhere"), ("transparency", "only grew: True")])
def test_the_example_runs_as_a_notebook_would(capsys, name, says):
    runpy.run_path(str(DOCS / "examples" / f"{name}.py"))
    assert says in capsys.readouterr().out


@pytest.mark.parametrize("name", ["korean", "transparency", "ballots"])
def test_a_page_is_short(name):
    assert len((DOCS / f"{name}.md").read_text("utf-8").splitlines()) <= 150


def test_the_likeness_worked_by_hand_on_the_page_comes_out():
    assert fingerprint("보행로에 조명이 필요합니다").stems == "보행조명필요"
    assert likeness_of_letters("공원조명", "공원조명등") == pytest.approx(6 / 7)


def test_the_page_counts_the_labels_as_they_are():
    labels = tomllib.loads(LABELS.read_text("utf-8"))
    page = (DOCS / "korean.md").read_text("utf-8")
    petitions = sum(len(wish["ids"]) for wish in labels["same"])
    assert f"{len(labels['same'])} wishes" in page
    assert f"({petitions} in all)" in page
    assert f"{len(labels['unlike'])} pairs" in page
    assert all(isinstance(each, int) for wish in labels["same"] for each in wish["ids"])


def test_the_index_of_the_methods_names_each_page_once():
    page = (DOCS / "README.md").read_text("utf-8")
    for name in ("budgeting", "ballots", "sortition", "opinion", "korean", "transparency"):
        assert page.count(f"({name}.md)") == 1
