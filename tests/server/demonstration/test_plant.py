"""The invented trust comes through the verbs and importers that a real one comes through, all of it or nothing."""

from pathlib import Path

import pytest

from server.access.scope import load_actor
from server.demonstration import plant as planting
from server.demonstration.plant import PLAYERS, TRUST_NAME, plant
from server.demonstration.roster import ACADEMIES
from server.kit.db import Database
from server.mis.domain import ImportRefusedError
from server.organisation.domain import Role
from server.sign_in.sign_in import Credentials, sign_in
from tests.kit.chain import rows
from tests.kit.clock import FakeClock
from tests.server.demonstration.conftest import ACCOUNT, PASSPHRASE, Stage


def test_three_academies_of_three_phases_hold_300_students(stage: Stage) -> None:
    found = rows(
        stage.database,
        "SELECT a.name, a.phase, count(s.id)::int FROM academy a LEFT JOIN student s ON s.academy_id = a.id"
        " GROUP BY 1, 2 ORDER BY 1",
    )
    assert found == sorted((one.name, one.phase, one.share) for one in ACADEMIES)
    assert set(stage.planted.academies) == {one.org_id for one in ACADEMIES}


def test_everything_is_plainly_marked_as_invented(stage: Stage) -> None:
    names = rows(stage.database, "SELECT name FROM trust UNION ALL SELECT name FROM academy")
    assert (TRUST_NAME,) in names
    assert all("(demo)" in str(name) for (name,) in names)
    assert all(player.email.endswith("@demo.example") for player in PLAYERS)


def test_there_is_somebody_for_every_role_and_a_dsl_with_a_deputy_at_every_academy(stage: Stage) -> None:
    assert {one.role for one in PLAYERS} == set(Role)
    with stage.database.read() as session:
        for player in PLAYERS:
            actor = load_actor(session, stage.planted.staff[player.email], stage.clock.now().date())
            assert actor is not None
            (held,) = actor.appointments
            expected = stage.planted.academies[player.org_id] if player.org_id else None
            assert (held.role, held.academy_id) == (player.role, expected)
    for role in (Role.DSL, Role.DEPUTY_DSL):
        assert {one.org_id for one in PLAYERS if one.role is role} == set(stage.planted.academies)


def test_they_held_their_roles_when_the_history_began(stage: Stage) -> None:
    ((latest,),) = rows(stage.database, "SELECT max(starts_on) FROM appointment")
    assert (stage.clock.now().date() - latest).days == planting.HISTORY_DAYS  # type: ignore[operator]


@pytest.mark.parametrize("player", PLAYERS, ids=lambda one: one.email)
def test_everybody_can_sign_in_with_the_passphrase(stage: Stage, player: planting.Player) -> None:
    assert sign_in(stage.database, stage.clock, Credentials(player.email, PASSPHRASE))


def test_whoever_sits_here_finds_a_record(stage: Stage) -> None:
    found = rows(
        stage.database, "SELECT academy_id FROM student_account WHERE account = :account", account=ACCOUNT
    )
    assert found == [(stage.planted.academies["org-secondary"],)]


def test_attendance_and_behaviour_came_along(stage: Stage) -> None:
    counted = (
        "SELECT (SELECT count(*) FROM attendance_summary)::int, (SELECT count(*) FROM behaviour_entry)::int"
    )
    assert rows(stage.database, counted) == [(300, 100)]


def test_a_start_that_is_cut_off_leaves_nothing_behind(
    stage: Stage, system_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start plants again; half a trust would stand in its way."""

    def refuse(*_: object, **__: object) -> int:
        raise ImportRefusedError([])

    before = rows(stage.database, "SELECT count(*) FROM trust")
    monkeypatch.setattr(planting, "import_behaviour", refuse)
    monkeypatch.setattr(planting, "PLAYERS", ())
    with pytest.raises(ImportRefusedError):
        plant(system_database, FakeClock(), folder=tmp_path, machine_account="b", passphrase=PASSPHRASE)
    assert rows(stage.database, "SELECT count(*) FROM trust") == before
