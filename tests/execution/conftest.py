"""The small city for deciding."""

from deciding_yard import *  # noqa: F403 — its fixtures
