"""The shared pools of the field and of Seoul, where they lie beside the clone."""

import os
from pathlib import Path

import pytest

from madang.methods.sortition.problem import Problem, problem
from madang.methods.sortition.reading import read_pool, read_quotas

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "sortition"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared pools are not beside the clone")


def large(name: str, seats: int, household: bool = False) -> Problem:
    """One of the shared pools, as a problem."""
    quotas = read_quotas(SHARED / name / "features.csv")
    homes = ("address",) if household else ()
    return problem(read_pool(SHARED / name / "people.csv", quotas, household=homes), quotas, seats)
