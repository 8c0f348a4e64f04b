"""The generator leaves a sound city, and the runner measures it: both at a small scale."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> dict[str, str]:
    """Two hundred 의제 in a SQLite file of their own."""
    home = tmp_path_factory.mktemp("bench")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    environ |= {"MADANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "madang.settings"}
    _run("seed.py", "--scale", "0.002", environ=environ)
    return environ


def test_what_the_generator_leaves_is_sound(city):
    """`madang check` counts supports, open phases, owed steps and sealed entries again."""
    done = subprocess.run([Path(sys.executable).parent / "madang", "check"], env=city, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_pages_that_are_measured_stand_and_keep_their_budget(city):
    counted = json.loads(_run("inside.py", "queries", environ=city))
    assert counted["list p.1"]["visitor"] <= 8
    assert counted["의제 (forum)"]["visitor"] <= 15


def test_search_finds_what_the_generator_wrote(city):
    told = json.loads(_run("inside.py", "search", "1", environ=city))
    assert told["found"] > 100


def _run(program: str, *words: str, environ: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, BENCHMARKS / program, *words], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
