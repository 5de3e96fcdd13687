"""What tasks work with never shows the mail server's password."""

from server.kit.clock import SystemClock
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.kit.worker_parts import WorkerParts


def test_the_mail_server_s_password_is_not_shown() -> None:
    nowhere = Database("postgresql+psycopg://o:hidden@127.0.0.1:1/nothing", pool_size=1)
    parts = WorkerParts(
        system_database=nowhere,
        clock=SystemClock(),
        keyring=Keyring(bytes(32)),
        blobs=None,
        public_url="https://lantern.test",
        smtp_url="smtp://name:hidden@mail",
        mail_from="lantern@provider.test",
    )
    nowhere.close()
    assert "hidden" not in repr(parts)
    assert "lantern.test" in repr(parts)
