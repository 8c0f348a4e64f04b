"""The example of docs/methods/opinion.md, by hand, and the one to run."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from madang.methods.opinion import Conversation, axes, group_aware, log_of, polis_places, representative

DOCS = Path(__file__).resolve().parents[3] / "docs" / "methods"
VOTES = [("김", "1", 1), ("이", "1", 1), ("박", "1", -1), ("최", "1", -1), ("김", "2", 1), ("이", "2", 1), ("박", "2", -1)]


def test_the_example_of_the_page_comes_out_as_by_hand():
    conversation = Conversation.recount(log_of([(*vote, at) for at, vote in enumerate(VOTES)]))
    count, signed, product = conversation.covotes.split()
    assert (count.tolist(), signed.tolist(), product.tolist()) == ([[4, 3], [3, 3]], [[0, 1], [1, 1]], [[4, 3], [3, 3]])
    found = axes(conversation)
    assert found.mean.tolist() == [0, 1 / 3]
    assert found.values == pytest.approx([(20 + 272**0.5) / 6, (20 - 272**0.5) / 6])
    assert found.comps[0] == pytest.approx([0.7882, 0.6154], abs=1e-4)
    places = polis_places(conversation, found)
    assert places[conversation.place_of("김"), 0] == pytest.approx(1.1985, abs=1e-4)
    assert places[conversation.place_of("최"), 0] == pytest.approx(-1.1147, abs=1e-4)
    counts = conversation.group_counts(np.array([0, 0, 1, 1]), 2)
    assert group_aware(counts)[0] == 3 / 4 * 1 / 4
    said = representative(counts, np.ones(2, bool))[0][0]
    assert (said.topic, said.agree, said.p, said.ratio) == (0, True, 3 / 4, 3)
    assert said.z == pytest.approx(2 * 3**0.5 * (3 / 3 - 1 / 2))


def test_the_notebook_runs(capsys):
    runpy.run_path(str(DOCS / "examples" / "opinion.py"))
    assert "함께합니다" in capsys.readouterr().out
