"""The contracts of pyproject.toml hold, and each of them bites when somebody breaks it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.sources import HOUSES, ROOT, tracked

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
PLANT = "planted_by_a_test"


def lint(root: Path) -> tuple[int, str]:
    """Exit status and report of import-linter in ``root``."""
    done = subprocess.run(
        [LINT_IMPORTS, "--cache-dir", str(root / ".cache")],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked Python of all houses, alone in a folder."""
    folder = tmp_path_factory.mktemp("house")
    for name in tracked():
        if name == "pyproject.toml" or (name.endswith(".py") and name.split("/")[0] in HOUSES):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def test_the_houses_keep_their_contracts(copy_of_the_house: Path) -> None:
    """What is tracked keeps every contract."""
    status, report = lint(copy_of_the_house)
    assert status == 0, report


@dataclass(frozen=True)
class Crime:
    """One illegal import: the line, planted into a new file or at the end of an existing one."""

    file: str
    line: str
    contract: str
    room: str = ""
    """An existing package below which the file lies; the crime is skipped never, so it must exist."""


CRIMES = (
    Crime(f"agent/inspection/{PLANT}.py", "import server.kit.clock", "The two houses meet only in shared"),
    Crime(f"server/kit/{PLANT}.py", "import agent.inspection.buffer", "The two houses meet only in shared"),
    Crime(f"shared/{PLANT}.py", "import pydantic", "shared knows nobody"),
    Crime(f"shared/{PLANT}.py", "import server.kit.clock", "shared knows nobody"),
    Crime(f"agent/inspection/{PLANT}.py", "import logging", "Inspection is pure"),
    Crime(f"agent/inspection/{PLANT}.py", "import socket", "Inspection is pure"),
    Crime(f"agent/spool/{PLANT}.py", "import agent.uplink.backoff", "Agent: what the senses gather"),
    Crime(f"agent/capture/{PLANT}.py", "import agent.settings", "Agent: what the senses gather"),
    Crime(f"server/routing/{PLANT}.py", "import server.record.domain", "Server: data walks forward"),
    Crime(f"server/moderation/{PLANT}.py", "import server.routing.domain", "Server: data walks forward"),
    Crime(f"server/access/{PLANT}.py", "import server.record.domain", "Server: data walks forward"),
    Crime(f"server/evidence/{PLANT}.py", "import server.mis.domain", "Server: data walks forward"),
    Crime(f"server/routing/{PLANT}.py", "import server.settings", "Server: data walks forward"),
    Crime(f"server/record/{PLANT}.py", "import server.demonstration.roster", "Server: data walks forward"),
    Crime(f"server/kit/{PLANT}.py", "import server.organisation.domain", "Server: data walks forward"),
    Crime("server/record/repository.py", "import server.record.endpoints", "Inside every room"),
    Crime("server/record/tables.py", "import server.record.repository", "Inside every room"),
    Crime("server/record/domain.py", "import server.record.tables", "Inside every room"),
    Crime("server/routing/messages.py", "import pydantic", "Domain files know no framework"),
    Crime("server/organisation/domain.py", "import sqlalchemy", "Domain files know no framework"),
    Crime(f"server/record/{PLANT}.py", "import server.record.endpoints", "Only app.py opens doors"),
    Crime(f"server/record/{PLANT}.py", "import server.notification.tasks", "Only worker.py starts tasks"),
    Crime(f"server/kit/{PLANT}.py", "import models.training", "Nobody knows the training"),
)


@pytest.fixture
def plant(copy_of_the_house: Path) -> Iterator["Planter"]:
    """Puts lines into the copy and takes them out again."""
    planter = Planter(copy_of_the_house)
    yield planter
    planter.undo()


class Planter:
    """Remembers what the copy looked like."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.before: dict[Path, str | None] = {}

    def add(self, file: str, line: str) -> None:
        """Append ``line`` to ``file``, which is made if it is not there."""
        path = self.root / file
        old = path.read_text() if path.exists() else None
        self.before.setdefault(path, old)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{old or ''}\n{line}\n")

    def undo(self) -> None:
        """Make it as it was."""
        for path, old in self.before.items():
            if old is None:
                path.unlink()
            else:
                path.write_text(old)


@pytest.mark.parametrize("crime", CRIMES, ids=lambda crime: f"{crime.file} {crime.line}")
def test_a_planted_import_is_caught(copy_of_the_house: Path, plant: Planter, crime: Crime) -> None:
    """The contract that should break does, and its report names the importer."""
    target = crime.line.removeprefix("import ").replace(".", "/")
    ours = target.split("/")[0] in HOUSES
    assert (copy_of_the_house / Path(crime.file).parent).is_dir(), (
        "the crime's own room is gone: move the crime"
    )
    assert not ours or any(
        (copy_of_the_house / form).exists() for form in (f"{target}.py", f"{target}/__init__.py")
    ), f"{crime.line} names nothing any more: aim the crime anew"
    plant.add(crime.file, crime.line)
    status, report = lint(copy_of_the_house)
    assert status != 0, report
    broken = [line for line in report.splitlines() if line.rstrip().endswith("BROKEN")]
    assert any(line.startswith(crime.contract) for line in broken), report
    assert crime.file.removesuffix(".py").replace("/", ".") in report


def test_a_room_that_is_not_placed_is_caught(copy_of_the_house: Path, plant: Planter) -> None:
    """A junk drawer cannot even come into being."""
    plant.add("server/odds_and_ends/__init__.py", '"""Everything else."""')
    status, report = lint(copy_of_the_house)
    assert status != 0
    assert "odds_and_ends" in report
