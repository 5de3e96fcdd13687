"""The server's commands: one process each, each restartable at any time. ``python -m server --help``.

A command is a function that takes its arguments and the Settings; COMMANDS lists them all.
"""

import argparse
import asyncio
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from uuid import UUID

import uvicorn

from server.app import Parts, create_app
from server.demonstration.mailbox import serve_mailbox
from server.demonstration.run import RunOptions
from server.demonstration.run import run as run_demonstration
from server.dispatch import Dispatcher, sender
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.enrolment.revoke_device import revoke_device
from server.evidence.blob_store import FolderBlobStore
from server.kit.clock import SystemClock
from server.kit.database_urls import for_libpq
from server.kit.db import WriteSession
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.errors import KnownError
from server.kit.installation import Addresses, open_addresses, open_database, prepare
from server.kit.logs import configure_logs
from server.kit.postgres_binaries import PostgresUnavailableError
from server.kit.sealing import Keyring
from server.mis.import_roster import import_roster
from server.mis.import_summaries import import_attendance, import_behaviour
from server.settings import DEFAULT_PORT, Settings, make_master_key, read_data_dir, read_settings
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


def run(arguments: Arguments) -> int:
    """Everything on one machine with an invented trust, until Ctrl-C."""
    return run_demonstration(
        RunOptions(
            data=Path(arguments.data or read_data_dir()).resolve(),
            port=arguments.port or DEFAULT_PORT,
            fresh=arguments.fresh,
            agent=not arguments.no_agent,
            history=not arguments.no_history,
        )
    )


def mailbox(arguments: Arguments) -> int:
    """The demonstration's mail server and its page."""
    asyncio.run(
        serve_mailbox(Path(arguments.folder), smtp_port=arguments.smtp_port, page_port=arguments.page_port)
    )
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


def enrol_token(arguments: Arguments) -> int:
    """Print a fresh enrolment token; it cannot be shown again."""
    with _writing() as session:
        token = issue_enrolment_token(
            session,
            SystemClock(),
            academy_id=arguments.academy,
            max_uses=arguments.uses,
            lifetime=timedelta(days=arguments.days),
        )
    sys.stdout.write(f"{token}\n")
    return 0


def revoke(arguments: Arguments) -> int:
    """Take a device's right to send."""
    with _writing() as session:
        revoke_device(session, SystemClock(), arguments.device)
    return 0


def roster(arguments: Arguments) -> int:
    """Import a OneRoster bundle; prints what it did."""
    with _writing() as session:
        report = import_roster(
            session,
            SystemClock(),
            trust_id=arguments.trust,
            path=arguments.file,
            allow_mass_leaving=arguments.allow_mass_leaving,
        )
    sys.stdout.write(f"{report}\n")
    return 0


def attendance(arguments: Arguments) -> int:
    """Import attendance so far."""
    with _writing() as session:
        rows = import_attendance(session, SystemClock(), academy_id=arguments.academy, path=arguments.file)
    sys.stdout.write(f"{rows} students.\n")
    return 0


def behaviour(arguments: Arguments) -> int:
    """Import behaviour entries."""
    with _writing() as session:
        rows = import_behaviour(session, SystemClock(), academy_id=arguments.academy, path=arguments.file)
    sys.stdout.write(f"{rows} entries.\n")
    return 0


def _enrol_token_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--academy", type=UUID, required=True, help="the academy's id")
    parser.add_argument("--uses", type=int, default=1, help="how many devices it admits (default: 1)")
    parser.add_argument("--days", type=float, default=14, help="how long it holds (default: 14 days)")


def _revoke_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", type=UUID, help="the device's id")


def _roster_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the OneRoster 1.1 or 1.2 bundle, bulk, as a zip file")
    parser.add_argument("--trust", type=UUID, required=True, help="the trust's id")
    parser.add_argument(
        "--allow-mass-leaving", action="store_true", help="more than half of a school may be marked as left"
    )


def _summary_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the CSV file")
    parser.add_argument("--academy", type=UUID, required=True, help="the academy's id")


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PORT, or 8000)")


def _worker_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="processes that run tasks")
    parser.add_argument(
        "--queues", nargs="*", choices=[name.value for name in QueueName], help="default: all"
    )


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="the folder everything is kept in (default: LANTERN_DATA, or ./data)")
    parser.add_argument("--port", type=int, help=f"first of three ports (default: {DEFAULT_PORT})")
    parser.add_argument(
        "--fresh", action="store_true", help="forget what an earlier start left in the folder"
    )
    parser.add_argument("--no-agent", action="store_true", help="do not start this machine's agent")
    parser.add_argument("--no-history", action="store_true", help="invent the trust, but no past for it")


def _mailbox_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", required=True, help="where the mails are kept")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--page-port", type=int, required=True)


COMMANDS: tuple[Command, ...] = (
    Command("master-key", "make the master key's file if there is none", master_key),
    Command("database", "keep the embedded PostgreSQL running", database),
    Command("migrate", "make the database ready for this version", migrate),
    Command("serve", "the web process", serve, _serve_arguments),
    Command("worker", "run the tasks", worker, _worker_arguments),
    Command("beat", "send what runs by the clock", beat),
    Command("dispatch", "hand announced messages to their tasks", dispatch),
    Command(
        "enrol-token", "make a token that admits devices to an academy", enrol_token, _enrol_token_arguments
    ),
    Command("revoke-device", "take a device's right to send", revoke, _revoke_arguments),
    Command("import-roster", "import students from a OneRoster bundle", roster, _roster_arguments),
    Command("import-attendance", "import an academy's attendance from CSV", attendance, _summary_arguments),
    Command("import-behaviour", "import an academy's behaviour log from CSV", behaviour, _summary_arguments),
    Command("run", "everything on one machine, with an invented trust", run, _run_arguments),
    Command("mailbox", "the demonstration's mail server and its page", mailbox, _mailbox_arguments),
    Command("openapi", "print the API's description", openapi),
)


def main(argv: Sequence[str]) -> int:
    """Run one command; known errors become one plain sentence and status 1."""
    configure_logs()
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


@contextmanager
def _writing() -> Iterator[WriteSession]:
    """One transaction as the system role; commits at the end."""
    with ExitStack() as stack:
        addresses = stack.enter_context(_addresses(read_settings()))
        pool = stack.enter_context(
            open_database(addresses.system, pool_size=1, application_name="lantern-command")
        )
        yield stack.enter_context(pool.write())


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
