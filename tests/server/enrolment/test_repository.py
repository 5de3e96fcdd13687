"""Who counts as a sender."""

from uuid import uuid4

from server.enrolment.repository import find_device_by_key, find_sender
from server.enrolment.revoke_device import revoke_device
from server.kit.db import Database
from server.kit.sealing import Keyring
from tests.kit.clock import FakeClock
from tests.kit.devices import make_device


def test_an_enrolled_device_is_a_sender_until_it_is_revoked(
    system_database: Database, clock: FakeClock, keyring: Keyring
) -> None:
    device = make_device(system_database, clock, keyring)
    with system_database.write() as session:
        assert find_sender(session, device.id) == device.sender
        assert find_sender(session, uuid4()) is None
        revoke_device(session, clock, device.id)
    with system_database.read() as session:
        assert find_sender(session, device.id) is None
        found = find_device_by_key(session, device.sender.public_key)
        assert found is not None
        assert (found.id, found.revoked_at, found.state) == (device.id, clock.now(), "revoked")


def test_people_have_no_way_to_devices_or_tokens(database: Database) -> None:
    """Not even a count: the role that serves people holds no privilege on either table."""
    from_people = {}
    for table in ("device", "enrolment_token"):
        try:
            with database.read() as session:
                session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}")
        except Exception as error:  # noqa: BLE001 - the driver's own type does not matter here
            from_people[table] = "permission denied" in str(error)
    assert from_people == {"device": True, "enrolment_token": True}
