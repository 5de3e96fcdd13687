"""Loads the server's fixtures where the server can be imported; the agent's suite runs without it."""

import importlib.util

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.kit.server_fixtures"] if importlib.util.find_spec("sqlalchemy") else []

# The same examples every time, and no stop-watch: a busy machine must not fail a property that holds.
settings.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
