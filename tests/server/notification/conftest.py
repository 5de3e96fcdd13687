"""What this room's tests share: a school with people, and an alert of any level in it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from shared.taxonomy import Severity
from tests.kit.chain import raise_graded
from tests.kit.clock import FakeClock
from tests.kit.live_queue import make_known_student
from tests.kit.organisation import Academy, Staff, make_academy, make_staff


@dataclass(frozen=True)
class School:
    """An academy with a DSL and a deputy, its trust's officer, and one student."""

    academy: Academy
    dsl: Staff
    deputy: Staff
    officer: Staff
    student_id: UUID

    @property
    def keepers(self) -> list[str]:
        """The addresses of those who keep its records."""
        return sorted([self.dsl.email, self.deputy.email])


@pytest.fixture
def school(empty_database: None, system_database: Database) -> School:
    """Alone in the database: scans look at everybody's alerts."""
    academy = make_academy(system_database)
    return School(
        academy,
        make_staff(system_database, Role.DSL, academy=academy, display_name="Sam Patel"),
        make_staff(system_database, Role.DEPUTY_DSL, academy=academy, display_name="Ada Obi"),
        make_staff(system_database, Role.TRUST_OFFICER, academy=academy),
        make_known_student(system_database, academy),
    )


@pytest.fixture
def raise_level(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, school: School
) -> Callable[[int], UUID]:
    """``raise_level(4)``: an alert that was just raised about the school's student."""

    def raised(level: int) -> UUID:
        return raise_graded(
            (database, system_database),
            clock,
            keyring,
            school.academy,
            severity=Severity(level),
            student_id=school.student_id,
        )

    return raised
