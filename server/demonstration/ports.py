"""Finds out, before anything starts, whether a port can be had, and says so in plain words."""

import socket

from server.kit.errors import KnownError


class PortInUseError(KnownError):
    """Another program listens where we wanted to."""

    code = "port_in_use"


def require_free(port: int, purpose: str) -> None:
    """Raises PortInUseError, naming the port, its purpose and the way out, if 127.0.0.1:``port`` is taken."""
    if not 1 <= port <= 65535:
        raise PortInUseError(f"Port {port} is not a port number; choose one from 1 to 65535.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortInUseError(
                f"Port {port}, wanted for {purpose}, is in use by another program."
                f' Stop that program, or choose other ports: make run ARGS="--port {_elsewhere(port)}"'
            ) from error


def _elsewhere(port: int) -> int:
    """A number some way off that has room for its two neighbours."""
    return port + 10 if port + 12 <= 65535 else port - 100
