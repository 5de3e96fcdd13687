"""Settings come from the environment once; what is missing stops the process and says what to do."""

from pathlib import Path

import pytest

from server.settings import (
    MASTER_KEY_FILE,
    SettingsError,
    make_master_key,
    read_data_dir,
    read_settings,
)

KEY = "ab" * 32


def test_a_key_is_enough_for_everything_embedded(tmp_path: Path) -> None:
    settings = read_settings({"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY": KEY})
    assert settings.master_key == bytes.fromhex(KEY)
    assert settings.data_dir == tmp_path
    assert (settings.database_url, settings.broker_url, settings.smtp_url) == (None, None, None)
    assert settings.blobs == str(tmp_path / "blobs")
    assert (settings.port, settings.public_url) == (8000, "http://127.0.0.1:8000")


def test_everything_can_be_named(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "LANTERN_DATA": str(tmp_path),
            "LANTERN_MASTER_KEY": KEY,
            "DATABASE_URL": "postgres://o:p@db/lantern",
            "BROKER_URL": "amqps://b:p@rabbit//",
            "SMTP_URL": "smtps://m:p@mail:465",
            "MAIL_FROM": "alerts@provider.example",
            "PUBLIC_URL": "https://lantern.example/",
            "BLOBS": "/srv/blobs",
            "PORT": "9000",
        }
    )
    assert settings.database_url == "postgres://o:p@db/lantern"
    assert settings.broker_url == "amqps://b:p@rabbit//"
    assert settings.demand_smtp() == "smtps://m:p@mail:465"
    assert settings.mail_from == "alerts@provider.example"
    assert settings.public_url == "https://lantern.example"
    assert (settings.blobs, settings.port) == ("/srv/blobs", 9000)


def test_without_a_key_it_refuses_and_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="python -m server master-key"):
        read_settings({"LANTERN_DATA": str(tmp_path)})


@pytest.mark.parametrize("key", ["", "ab" * 31, "zz" * 32, "ab" * 33])
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        read_settings({"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY": key})


def test_every_problem_is_said_at_once_and_no_value_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(
            {
                "LANTERN_DATA": str(tmp_path),
                "DATABASE_URL": "mysql://root:secret1@db",
                "SMTP_URL": "secret2",
                "BROKER_URL": "kafka://secret3",
                "BLOBS": "s3://bucket",
                "PORT": "http",
            }
        )
    text = refused.value.detail
    assert all(
        name in text for name in ("DATABASE_URL", "SMTP_URL", "BROKER_URL", "BLOBS", "PORT", "master key")
    )
    assert "secret" not in text


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    given = {"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY": KEY, "SMTP_URL": "smtp://m:hidden@mail"}
    shown = repr(read_settings(given))
    assert "hidden" not in shown
    assert "master_key" not in shown


def test_no_mail_server_is_an_error_where_mail_is_sent(tmp_path: Path) -> None:
    settings = read_settings({"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY": KEY})
    with pytest.raises(SettingsError, match="SMTP_URL is not set"):
        settings.demand_smtp()


def test_the_first_start_makes_a_key_and_the_second_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    path = make_master_key(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    first = path.read_text()
    assert make_master_key(folder) == path == folder / MASTER_KEY_FILE
    assert path.read_text() == first
    assert read_settings({"LANTERN_DATA": str(folder)}).master_key == bytes.fromhex(first)


def test_a_key_s_file_can_lie_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere"
    file.write_text(KEY + "\n")
    given = {"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY_FILE": str(file)}
    assert read_settings(given).master_key == bytes.fromhex(KEY)


def test_the_data_folder_needs_no_secret(tmp_path: Path) -> None:
    assert read_data_dir({"LANTERN_DATA": str(tmp_path / "a" / ".." / "b")}) == tmp_path / "b"
