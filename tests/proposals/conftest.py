from small_city import *  # noqa: F403 — its fixtures
