"""The small city for talking."""

from small_city import *  # noqa: F403 — its fixtures
from talking_yard import *  # noqa: F403 — its fixtures
