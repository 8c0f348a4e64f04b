"""The small city for deciding."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "decisions"))

from yard import *  # noqa: F403 — its fixtures
