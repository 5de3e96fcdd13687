"""A port that cannot be had is named with its purpose and a way out, before anything has started."""

import socket
from collections.abc import Iterator

import pytest

from server.demonstration.ports import PortInUseError, require_free


@pytest.fixture
def taken() -> Iterator[int]:
    """A loopback port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_with_its_purpose_and_a_way_out(taken: int) -> None:
    with pytest.raises(PortInUseError) as refused:
        require_free(taken, "the mailbox page")
    assert f"Port {taken}, wanted for the mailbox page, is in use" in refused.value.detail
    assert f'make run ARGS="--port {taken + 10}"' in refused.value.detail
    assert refused.value.code == "port_in_use"


def test_a_free_port_can_be_had_and_is_left_free(taken: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    require_free(port, "the web pages")
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", port))
        assert ours.getsockname()[1] == port


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_what_is_no_port_number_is_refused(port: int) -> None:
    with pytest.raises(PortInUseError, match="choose one from 1 to 65535"):
        require_free(port, "the web pages")


@pytest.mark.parametrize("port", [1, 65535])
def test_the_first_and_the_last_number_are_ports(port: int) -> None:
    """Whether they can be had is the machine's affair; they are never called no port number."""
    said = ""
    try:
        require_free(port, "the web pages")
    except PortInUseError as refused:
        said = refused.detail
    assert said == "" or said.startswith(f"Port {port}, wanted for the web pages,")


def test_the_way_out_is_itself_a_port() -> None:
    with socket.socket() as other:
        for port in range(65535, 65525, -1):
            try:
                other.bind(("127.0.0.1", port))
            except OSError:
                continue
            other.listen()
            break
        with pytest.raises(PortInUseError) as refused:
            require_free(port, "the web pages")
    advised = int(refused.value.detail.rpartition("--port ")[2].rstrip('"'))
    assert 1 <= advised <= 65533, "three neighbouring ports are needed"
