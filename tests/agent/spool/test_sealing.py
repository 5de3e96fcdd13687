"""The two seals: what is sealed opens only with the right key, for the right Event."""

from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent.spool.sealing import (
    DeviceSeal,
    SealError,
    blob_context,
    body_context,
    seal_to_server,
    write_private,
)
from tests.kit.loopback_server import LoopbackServer

EVENT = UUID("01930000-0000-7000-8000-000000000001")


def test_only_the_server_opens_what_is_sealed_to_it() -> None:
    server, stranger = LoopbackServer(), LoopbackServer()
    sealed = seal_to_server(b"plain", server.server_key, body_context(EVENT))
    assert server.open_sealed(sealed, body_context(EVENT)) == b"plain"
    with pytest.raises(InvalidTag):
        stranger.open_sealed(sealed, body_context(EVENT))
    with pytest.raises(InvalidTag):
        server.open_sealed(sealed, blob_context(EVENT))


def test_the_layout_is_the_protocols() -> None:
    server = LoopbackServer()
    sealed = seal_to_server(b"plain", server.server_key, b"body:x")
    assert len(sealed) == 32 + 12 + len(b"plain") + 16
    assert body_context(EVENT) == b"body:01930000-0000-7000-8000-000000000001"
    assert blob_context(EVENT) == b"blob:01930000-0000-7000-8000-000000000001"
    assert seal_to_server(b"plain", server.server_key, b"body:x") != sealed


def test_the_device_seal_is_bound_to_key_and_context(tmp_path: Path) -> None:
    seal = DeviceSeal.of_file(tmp_path / "spool.key")
    sealed = seal.seal(b"row", b"row:1")
    assert DeviceSeal.of_file(tmp_path / "spool.key").open(sealed, b"row:1") == b"row"
    for altered, context in ((sealed, b"row:2"), (sealed[:-1] + b"x", b"row:1"), (b"short", b"row:1")):
        with pytest.raises(SealError):
            seal.open(altered, context)
    with pytest.raises(SealError):
        DeviceSeal(AESGCM.generate_key(256)).open(sealed, b"row:1")


def test_private_files_are_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"one")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_broken_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spool.key").write_bytes(b"short")
    with pytest.raises(SealError):
        DeviceSeal.of_file(tmp_path / "spool.key")
