"""The page a newcomer reads holds every address and sign-in; the file beside it is the owner's alone."""

import dataclasses
import json
from pathlib import Path

import pytest

from server.demonstration.guide import Guide, SignIn, render, write

GUIDE = Guide(
    address="http://127.0.0.1:8731",
    mailbox="http://127.0.0.1:8732",
    sign_ins=(
        SignIn("moderator", "moderator@demo.example", "3f2a-91bc-07de", "the live queue"),
        SignIn("trust_officer", "trust@demo.example", "3f2a-91bc-07de", "the trust board"),
    ),
    screen_note="No agent was started.",
    next_step="sign in as the moderator.",
    data_folder="/somewhere/data",
    logs_folder="/somewhere/data/logs",
)


def test_the_page_names_every_address_and_every_sign_in() -> None:
    page = render(GUIDE)
    for fact in (GUIDE.address, GUIDE.mailbox, GUIDE.screen_note, GUIDE.next_step, GUIDE.logs_folder):
        assert fact in page
    lines = page.splitlines()
    for one in GUIDE.sign_ins:
        (line,) = [line for line in lines if one.email in line]
        assert line.split(maxsplit=3) == [one.role, one.email, one.passphrase, one.sees]


def test_the_page_says_that_all_is_invented_and_how_it_ends() -> None:
    page = render(GUIDE)
    assert "made up" in page
    assert "Ctrl-C" in page
    assert "--fresh" in page


def test_the_sign_ins_stand_in_columns() -> None:
    rows = [line for line in render(GUIDE).splitlines() if "@demo.example" in line]
    assert len({row.index(GUIDE.sign_ins[0].passphrase) for row in rows}) == 1


def test_the_file_tells_the_same_facts(tmp_path: Path) -> None:
    write(GUIDE, tmp_path / "guide.json")
    assert json.loads((tmp_path / "guide.json").read_text()) == json.loads(
        json.dumps(dataclasses.asdict(GUIDE))
    )


@pytest.mark.parametrize("earlier_mode", [None, 0o644])
def test_only_the_owner_reads_the_file(tmp_path: Path, earlier_mode: int | None) -> None:
    """It holds passphrases; an earlier file with wider rights is narrowed."""
    path = tmp_path / "guide.json"
    if earlier_mode is not None:
        path.write_text("{}")
        path.chmod(earlier_mode)
    write(GUIDE, path)
    assert path.stat().st_mode & 0o777 == 0o600
