"""Frozen Settings from a TOML file and the environment. Read by app only; os.environ is read only here.

The environment wins over ``agent.toml`` in the agent's folder, the command line over both.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.taxonomy import AgeBand

SETTINGS_FILE = "agent.toml"
DEFAULT_PACK = Path(__file__).resolve().parent.parent / "models" / "shipped"


class SettingsError(ValueError):
    """A setting that is missing or cannot be meant; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two installations."""

    home: Path
    server: str = ""
    enrol_token: str = ""
    pack: Path = DEFAULT_PACK
    age_band: AgeBand = AgeBand.UNKNOWN
    account: str = ""
    """Instead of the operating system's name; only where many students share one (a kiosk, the demo)."""


def read_settings(overrides: Mapping[str, str | None]) -> Settings:
    """Settings from file and environment; ``overrides`` are those given on the command line.

    Raises SettingsError.
    """
    given = {key: value for key, value in overrides.items() if value}
    home_text = given.get("home") or os.environ.get("LANTERN_AGENT_HOME", "")
    if not home_text:
        raise SettingsError("home: give --home or LANTERN_AGENT_HOME")
    home = Path(home_text)
    values = {**_from_file(home / SETTINGS_FILE), **_from_environment(), **given}
    try:
        band = AgeBand(values.get("age_band", AgeBand.UNKNOWN.value))
    except ValueError as error:
        raise SettingsError(f"age_band: one of {', '.join(AgeBand)}") from error
    return Settings(
        home=home,
        server=values.get("server", ""),
        enrol_token=values.get("enrol_token", ""),
        pack=Path(values.get("pack", str(DEFAULT_PACK))),
        age_band=band,
        account=values.get("account", ""),
    )


_ENVIRONMENT = {
    "LANTERN_SERVER": "server",
    "LANTERN_ENROL_TOKEN": "enrol_token",
    "LANTERN_PACK": "pack",
    "LANTERN_AGE_BAND": "age_band",
    "LANTERN_ACCOUNT": "account",
}


def _from_environment() -> dict[str, str]:
    return {key: os.environ[name] for name, key in _ENVIRONMENT.items() if os.environ.get(name)}


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name} cannot be read") from error
    unknown = set(content) - set(_ENVIRONMENT.values())
    if unknown:
        raise SettingsError(f"{path.name}: unknown setting {sorted(unknown)[0]}")
    return {key: str(value) for key, value in content.items()}
