"""Locks carry versions and hashes and no host, agree with each other, and keep the houses apart."""

import re
import tomllib

import pytest

from tests.house.sources import ROOT

CI = ROOT / ".ci"
LOCKS = ("locked.txt", "locked-run.txt", "locked-agent.txt", "locked-server.txt", "node.txt", "uv.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; (.*?))? \\$")
SERVERS_ONLY = {"fastapi", "sqlalchemy", "celery", "pydantic", "psycopg", "asyncpg", "uvicorn", "argon2-cffi"}
AGENTS_ONLY = {"pynput", "mss", "onnxruntime", "daachorse"}
STRANGERS = {"agent", "server", "shared", "models"}
"""Names of ours that belong to somebody else's distributions: never a requirement."""


def pins(name: str) -> set[tuple[str, str, str]]:
    """(distribution, version, marker) of each pin."""
    found = set()
    for line in (CI / name).read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            match = PIN.match(line)
            assert match, f"{name}: not an exact pin with hashes: {line}"
            found.add((match.group(1), match.group(2), match.group(3) or ""))
    return found


def names(lock: str) -> set[str]:
    """The distributions of a lock."""
    return {name for name, _, _ in pins(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_no_host(lock: str) -> None:
    """Exact versions, a sha256 for each, and not one address."""
    text = (CI / lock).read_text()
    assert len(pins(lock)) <= len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text))
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in text
    assert "--index-url" not in text


@pytest.mark.parametrize("lock", ["locked-run.txt", "locked-agent.txt", "locked-server.txt"])
def test_the_smaller_locks_speak_of_the_same_versions(lock: str) -> None:
    """What was tested is what runs."""
    full = {(name, version) for name, version, _ in pins("locked.txt")}
    assert {(name, version) for name, version, _ in pins(lock)} <= full


def test_the_houses_do_not_share_their_own_things() -> None:
    """A student's device carries nothing of the server's, and the other way round."""
    assert not SERVERS_ONLY & names("locked-agent.txt")
    assert not AGENTS_ONLY & names("locked-server.txt")
    assert names("locked-server.txt") >= SERVERS_ONLY
    assert names("locked-agent.txt") >= AGENTS_ONLY


def test_nobody_elses_distribution_is_required_by_our_names() -> None:
    """`pip install server` would bring a stranger's code; so would a typing slip here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [line for group in project["project"]["optional-dependencies"].values() for line in group]
    wanted += [
        line for group in project["dependency-groups"].values() for line in group if isinstance(line, str)
    ]
    assert not STRANGERS & {re.split(r"[\[<>=!~ ;]", line)[0] for line in wanted}
    assert not STRANGERS & names("locked.txt")
    assert project["project"]["dependencies"] == []


def test_the_locks_answer_the_project_file() -> None:
    """Everything asked for is locked: an edit of pyproject.toml without `make lock` is found here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    asked = {
        "locked.txt": [
            *extras["agent"],
            *extras["server"],
            *extras["training"],
            *groups["test"],
            *groups["dev"],
        ],
        "locked-run.txt": [*extras["agent"], *extras["server"]],
        "locked-agent.txt": [*extras["agent"], *groups["test"]],
        "locked-server.txt": [*extras["server"], *groups["test"]],
    }
    for lock, lines in asked.items():
        wanted = {re.split(r"[\[<>=!~ ;]", line)[0] for line in lines if isinstance(line, str)}
        assert wanted <= names(lock), f"{lock} lacks {wanted - names(lock)}: run make lock"
