"""The board over HTTP: the officer's and the DSL's, nobody else's, and nothing in it names a student."""

from collections.abc import Callable

from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.metrics.rebuild import rebuild
from server.organisation.domain import Role
from tests.kit.board import play_record_story
from tests.kit.clock import FakeClock
from tests.kit.organisation import Staff, Trust, make_staff
from tests.kit.record import SUMMARY, make_school

ClientOf = Callable[[Staff], TestClient]


def test_the_whole_board(
    client_of: ClientOf, database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    school = make_school(system_database)
    play_record_story(database, system_database, keyring, clock, school)
    with system_database.write() as session:
        rebuild(session)
    trust = Trust(school.academy.trust_id, "")
    officer = client_of(make_staff(system_database, Role.TRUST_OFFICER, trust=trust))
    answer = officer.get("/api/board", params={"weeks": 2})
    assert answer.status_code == 200
    view = answer.json()
    assert set(view) == {"as_at", "academies", "weeks", "totals", "definitions"}
    [line] = view["academies"]
    assert (line["academy_id"], line["name"], line["phase"]) == (
        str(school.academy.id),
        school.academy.name,
        "secondary",
    )
    assert line["alerts"] == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}
    assert (line["open"], line["overdue"], line["referrals"]) == (0, 0, 1)
    assert set(line["times"]) == {"grade", "tell", "acknowledge", "record", "action"}
    assert line["times"]["grade"] == {"p50_s": 300, "p95_s": 300, "n": 1, "open": 0, "oldest_open_s": None}
    assert (view["totals"]["alerts"], view["totals"]["events"]) == (1, 1)
    assert [week["by_severity"]["4"] for week in view["weeks"]] == [0, 1]
    for name in ("Maya", "Okafor", SUMMARY, str(school.student_id)):
        assert name not in answer.text
    assert client_of(school.dsl_staff).get("/api/board").json()["academies"][0]["name"] == school.academy.name


def test_another_trusts_board_is_empty_of_us(
    client_of: ClientOf, database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    school = make_school(system_database)
    play_record_story(database, system_database, keyring, clock, school)
    with system_database.write() as session:
        rebuild(session)
    view = client_of(make_staff(system_database, Role.TRUST_OFFICER)).get("/api/board").json()
    assert view["academies"] == []
    assert view["totals"]["events"] == 0
    assert len(view["weeks"]) == 6


def test_it_is_nobody_elses(client_of: ClientOf, client: TestClient, system_database: Database) -> None:
    assert client_of(make_staff(system_database, Role.MODERATOR)).get("/api/board").status_code == 403
    assert client.get("/api/board").status_code == 401


def test_a_wrong_number_of_weeks_is_refused(client_of: ClientOf, system_database: Database) -> None:
    officer = client_of(make_staff(system_database, Role.TRUST_OFFICER))
    assert officer.get("/api/board?weeks=0").status_code == 422
    assert officer.get("/api/board?weeks=53").status_code == 422
