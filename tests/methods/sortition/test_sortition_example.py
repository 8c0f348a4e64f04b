"""The page's worked example, computed as it is told there."""

import runpy
from collections import Counter
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "examples" / "sortition.py"


def test_the_example_of_the_page_runs_and_gives_everybody_one_half() -> None:
    ran = runpy.run_path(str(EXAMPLE))
    assert ran["chances"] == pytest.approx(dict.fromkeys(ran["chances"], 0.5))
    assert ran["found"].bound == pytest.approx(0.5)
    assert ran["found"].attained is True
    assert Counter(name for panel in ran["table"] for name in panel) == dict.fromkeys(ran["chances"], 4)
    assert ran["panel"] == ran["table"][ran["line"]]
