"""The server's commands: one process each, each restartable at any time. ``python -m server --help``.

A command is a function that takes its arguments and the Settings; COMMANDS lists them all.
"""

import argparse
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from server.app import Parts, create_app
from server.dispatch import Dispatcher, sender
from server.evidence.blob_store import FolderBlobStore
from server.kit.clock import SystemClock
from server.kit.database_urls import for_libpq
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.errors import KnownError
from server.kit.installation import Addresses, open_addresses, open_database, prepare
from server.kit.postgres_binaries import PostgresUnavailableError
from server.kit.sealing import Keyring
from server.settings import Settings, make_master_key, read_data_dir, read_settings
from server.worker import QueueName, create_worker
from shared.wire import MAX_FRAME_BYTES

Arguments = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Command:
    """One word after ``python -m server``."""

    name: str
    help: str
    run: Callable[[Arguments], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def database(_arguments: Arguments) -> int:
    """Keep the embedded PostgreSQL running until told to stop."""
    embedded = EmbeddedPostgres(read_data_dir())
    stopping = _stopping()
    with embedded:
        stopping.wait()
    return 0


def migrate(_arguments: Arguments) -> int:
    """Make the database ready for this version; safe to repeat."""
    settings = read_settings()
    with _addresses(settings) as addresses:
        prepare(addresses, settings.master_key)
    return 0


def master_key(_arguments: Arguments) -> int:
    """Make the master key's file if there is none, and say where it lies."""
    sys.stdout.write(f"{make_master_key(read_data_dir())}\n")
    return 0


def serve(arguments: Arguments) -> int:
    """The web process: devices, people and the page."""
    settings = read_settings()
    with ExitStack() as stack:
        addresses = stack.enter_context(_addresses(settings))
        app = create_app(
            Parts(
                database=stack.enter_context(open_database(addresses.app, application_name="lantern-web")),
                system_database=stack.enter_context(
                    open_database(addresses.system, application_name="lantern-web-system")
                ),
                system_url=for_libpq(addresses.system),
                clock=SystemClock(),
                keyring=Keyring(settings.master_key),
                blobs=FolderBlobStore(Path(settings.blobs)),
                public_url=settings.public_url,
                page_folder=settings.page_folder,
            )
        )
        uvicorn.run(
            app,
            host=arguments.host,
            port=arguments.port or settings.port,
            log_config=None,
            # A request's address may name what somebody looked for.
            access_log=False,
            server_header=False,
            # The sans-I/O server is the leaner one; compression costs 40 KB for each idle device.
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=MAX_FRAME_BYTES,
            timeout_graceful_shutdown=5,
        )
    return 0


def worker(arguments: Arguments) -> int:
    """Runs the tasks."""
    settings = read_settings()
    settings.demand_smtp()
    with _addresses(settings) as addresses:
        app = create_worker(settings, addresses)
        queues = ",".join(arguments.queues or [name.value for name in QueueName])
        options = ["worker", "--pool", "prefork", "--concurrency", str(arguments.concurrency)]
        options += ["--queues", queues, "--hostname", "lantern@%h", "--loglevel", "WARNING"]
        options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        app.worker_main(options)
    return 0


def beat(_arguments: Arguments) -> int:
    """Sends what runs by the clock."""
    settings = read_settings()
    with _addresses(settings) as addresses:
        create_worker(settings, addresses).Beat(loglevel="WARNING", quiet=True).run()
    return 0


def dispatch(_arguments: Arguments) -> int:
    """Hands announced Messages to the tasks that listen."""
    settings = read_settings()
    with ExitStack() as stack:
        addresses = stack.enter_context(_addresses(settings))
        pool = stack.enter_context(
            open_database(addresses.system, pool_size=1, application_name="lantern-dispatch")
        )
        Dispatcher(pool, sender(create_worker(settings, addresses)), _stopping()).run()
    return 0


def openapi(_arguments: Arguments) -> int:
    """Print the API's description as JSON; needs no database and no secret."""
    with ExitStack() as stack:
        # Never connected to: the description is made of the code alone.
        nowhere = stack.enter_context(open_database("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
        app = create_app(
            Parts(
                database=nowhere,
                system_database=nowhere,
                system_url="",
                clock=SystemClock(),
                keyring=Keyring(bytes(32)),
                blobs=FolderBlobStore(Path("nowhere")),
                public_url="",
                page_folder=Path("nowhere"),
            )
        )
        json.dump(app.openapi(), sys.stdout, indent=2, sort_keys=True)
        sys.stdout.write("\n")
    return 0


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PORT, or 8000)")


def _worker_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="processes that run tasks")
    parser.add_argument(
        "--queues", nargs="*", choices=[name.value for name in QueueName], help="default: all"
    )


COMMANDS: tuple[Command, ...] = (
    Command("master-key", "make the master key's file if there is none", master_key),
    Command("database", "keep the embedded PostgreSQL running", database),
    Command("migrate", "make the database ready for this version", migrate),
    Command("serve", "the web process", serve, _serve_arguments),
    Command("worker", "run the tasks", worker, _worker_arguments),
    Command("beat", "send what runs by the clock", beat),
    Command("dispatch", "hand announced messages to their tasks", dispatch),
    Command("openapi", "print the API's description", openapi),
)


def main(argv: Sequence[str]) -> int:
    """Run one command; known errors become one plain sentence and status 1."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    parser = argparse.ArgumentParser(prog="python -m server", description="Lantern's server.")
    named = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        sub = named.add_parser(command.name, help=command.help, description=command.help)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    arguments = parser.parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (KnownError, PostgresUnavailableError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return status


def _addresses(settings: Settings) -> AbstractContextManager[Addresses]:
    return open_addresses(settings.data_dir, settings.database_url, settings.master_key)


def _stopping() -> threading.Event:
    """Set when the process is asked to end."""
    event = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        event.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return event


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
