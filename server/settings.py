"""Everything the surroundings decide, read once. The only reader of the environment.

Secrets have no defaults: without one the process refuses to start and says what to do.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.kit.errors import KnownError

MASTER_KEY_BYTES = 32
MASTER_KEY_FILE = "master.key"
DEFAULT_DATA = Path("data")
DEFAULT_PORT = 8000
PAGE_FOLDER = Path(__file__).resolve().parent.parent / "moderation_ui" / "dist"


class SettingsError(KnownError):
    """The process cannot start as things are; the text names every reason and its remedy."""

    code = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One process's surroundings."""

    data_dir: Path
    master_key: bytes = field(repr=False)
    database_url: str | None = field(repr=False)
    """The owner's URL; None means the embedded PostgreSQL under ``data_dir``."""
    broker_url: str | None = field(repr=False)
    """None means ``pgmq://`` on the same PostgreSQL."""
    smtp_url: str | None = field(repr=False)
    """``smtp://`` or ``smtps://``, with name and password if the server wants them; None means no mail."""
    mail_from: str
    public_url: str
    blobs: str
    """A folder, or later ``s3://bucket``."""
    page_folder: Path
    port: int

    def demand_smtp(self) -> str:
        """The mail server's URL; raises SettingsError, because a DSL who is never told must not go unnoticed."""
        if self.smtp_url is None:
            raise SettingsError(
                "SMTP_URL is not set, so nobody could be told of an alert."
                " Set it, e.g. SMTP_URL=smtp://name:password@mail.example.org:587"
            )
        return self.smtp_url


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The Settings of this process's environment; raises SettingsError naming everything that is wrong."""
    given = os.environ if environment is None else environment
    problems: list[str] = []
    data_dir = read_data_dir(given)
    port = _port(given, problems)
    settings = Settings(
        data_dir=data_dir,
        master_key=_master_key(given, data_dir, problems),
        database_url=_url(given, "DATABASE_URL", ("postgresql", "postgres", "postgresql+psycopg"), problems),
        broker_url=_url(given, "BROKER_URL", ("amqp", "amqps", "pgmq", "redis", "rediss"), problems),
        smtp_url=_url(given, "SMTP_URL", ("smtp", "smtps"), problems),
        mail_from=given.get("MAIL_FROM") or "lantern@localhost",
        public_url=(
            _url(given, "PUBLIC_URL", ("http", "https"), problems) or f"http://127.0.0.1:{port}"
        ).rstrip("/"),
        blobs=given.get("BLOBS") or str(data_dir / "blobs"),
        page_folder=PAGE_FOLDER,
        port=port,
    )
    if settings.blobs.startswith("s3://"):
        problems.append("BLOBS: an S3 store is not built in yet. Name a folder.")
    if problems:
        raise SettingsError("Cannot start.\n" + "\n".join(f"  - {problem}" for problem in problems))
    return settings


def read_data_dir(environment: Mapping[str, str] | None = None) -> Path:
    """Where everything of this installation lies that is not in a database elsewhere."""
    given = os.environ if environment is None else environment
    return Path(given.get("LANTERN_DATA") or DEFAULT_DATA).resolve()


def surroundings() -> dict[str, str]:
    """A copy of this process's environment, for the children a supervisor starts."""
    return dict(os.environ)


def make_master_key(data_dir: Path) -> Path:
    """The master key's file under ``data_dir``, made if it is not there; only the first start does this.

    Whoever loses this file loses every passage and screenshot: it belongs into the backup's safe.
    """
    path = data_dir / MASTER_KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(MASTER_KEY_BYTES) + "\n")
    return path


def _master_key(given: Mapping[str, str], data_dir: Path, problems: list[str]) -> bytes:
    text = given.get("LANTERN_MASTER_KEY")
    source = "LANTERN_MASTER_KEY"
    if text is None:
        path = Path(given.get("LANTERN_MASTER_KEY_FILE") or data_dir / MASTER_KEY_FILE)
        source = str(path)
        try:
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            problems.append(
                f"There is no master key: set LANTERN_MASTER_KEY or LANTERN_MASTER_KEY_FILE, or make {path}"
                " with: python -m server master-key"
            )
            return b""
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"The master key in {source} cannot be read ({type(error).__name__}).")
            return b""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        problems.append(f"The master key in {source} must be {MASTER_KEY_BYTES * 2} hexadecimal digits.")
    return key


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...], problems: list[str]) -> str | None:
    value = given.get(name)
    if not value:
        return None
    if value.partition("://")[0] not in schemes or "://" not in value:
        # The value itself may hold a password and is not repeated.
        problems.append(f"{name} must begin with one of: {', '.join(f'{one}://' for one in schemes)}")
    return value


def _port(given: Mapping[str, str], problems: list[str]) -> int:
    text = given.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65_536:
        problems.append("PORT must be a number from 1 to 65535.")
        return DEFAULT_PORT
    return int(text)
