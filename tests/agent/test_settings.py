"""Settings: command line over environment over file, refused when they cannot be meant."""

from pathlib import Path

import pytest

from agent.settings import DEFAULT_PACK, SETTINGS_FILE, SettingsError, read_settings
from shared.taxonomy import AgeBand

NAMES = ("LANTERN_AGENT_HOME", "LANTERN_SERVER", "LANTERN_ENROL_TOKEN", "LANTERN_PACK", "LANTERN_ACCOUNT")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, "LANTERN_AGE_BAND", "LANTERN_NOTICE"):
        monkeypatch.delenv(name, raising=False)


def test_defaults(tmp_path: Path) -> None:
    settings = read_settings({"home": str(tmp_path)})
    assert (settings.home, settings.server, settings.enrol_token) == (tmp_path, "", "")
    assert (settings.pack, settings.age_band, settings.account) == (DEFAULT_PACK, AgeBand.UNKNOWN, "")


def test_order_of_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / SETTINGS_FILE).write_text('server = "file"\naccount = "file"\nage_band = "4-10"\n')
    monkeypatch.setenv("LANTERN_AGENT_HOME", str(tmp_path))
    monkeypatch.setenv("LANTERN_SERVER", "environment")
    monkeypatch.setenv("LANTERN_ACCOUNT", "environment")
    settings = read_settings({"account": "line", "server": None})
    assert (settings.account, settings.server) == ("line", "environment")
    assert settings.age_band is AgeBand.AGE_4_10


@pytest.mark.parametrize(
    ("content", "named"),
    [("server = ", "agent.toml"), ('colour = "red"', "colour"), ('age_band = "9"', "age_band")],
)
def test_nonsense_is_named(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(content)
    with pytest.raises(SettingsError, match=named):
        read_settings({"home": str(tmp_path)})


def test_a_home_is_needed() -> None:
    with pytest.raises(SettingsError, match="LANTERN_AGENT_HOME"):
        read_settings({})


def test_no_setting_skips_the_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTERN_NOTICE", "accepted-by-demo")
    settings = read_settings({"home": str(tmp_path)})
    assert not [name for name in type(settings).__slots__ if "notice" in name]
    (tmp_path / SETTINGS_FILE).write_text('notice = "accepted"')
    with pytest.raises(SettingsError, match="notice"):
        read_settings({"home": str(tmp_path)})
