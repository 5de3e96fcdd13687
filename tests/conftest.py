"""Loads the server's fixtures where the server can be imported; the agent's suite runs without it."""

import importlib.util

pytest_plugins = ["tests.kit.server_fixtures"] if importlib.util.find_spec("sqlalchemy") else []
