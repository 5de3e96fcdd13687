"""The short page ``make run`` prints, and the file beside the data that tells tests the same."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

WIDTH = 96


@dataclass(frozen=True, slots=True)
class SignIn:
    """One invented member of staff. The passphrase is random per data folder."""

    role: str
    email: str
    passphrase: str
    sees: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything a newcomer needs on one screen."""

    address: str
    mailbox: str
    sign_ins: tuple[SignIn, ...]
    screen_note: str
    next_step: str
    data_folder: str
    logs_folder: str


def render(guide: Guide) -> str:
    """The page, plain text."""
    rule = "-" * WIDTH
    email = max(len(one.email) for one in guide.sign_ins)
    role = max(len(one.role) for one in guide.sign_ins)
    people = "\n".join(
        f"    {one.role:<{role}}  {one.email:<{email}}  {one.passphrase:<18}  {one.sees}"
        for one in guide.sign_ins
    )
    return (
        f"\n{rule}\nLantern is running with an invented trust. Every name and every message in it is made up.\n{rule}\n"
        f"  Open       {guide.address}\n  E-mails    {guide.mailbox}   (everything sent lands here)\n\n"
        f"  Sign in as\n{people}\n\n  {guide.screen_note}\n  Next: {guide.next_step}\n\n"
        f"  Data {guide.data_folder}   Logs {guide.logs_folder}\n  Stop with Ctrl-C; the data stays."
        f' Start anew with make run ARGS="--fresh".\n{rule}\n'
    )


def write(guide: Guide, path: Path) -> None:
    """Keep the page's facts for tests and second starts; readable by the owner only (it holds passphrases)."""
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    path.write_text(json.dumps(asdict(guide), indent=1), encoding="utf-8")
