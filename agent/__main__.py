"""``python -m agent run | enrol | status | replay``: parse arguments, call app."""

import argparse
import json
import logging
import signal
import sys
import threading
from pathlib import Path

from agent.app import Agent, NotEnrolledError, enrol_now, replay_file
from agent.capture.desktop import DesktopError
from agent.settings import Settings, SettingsError, read_settings
from agent.upkeep.pack import PackError
from agent.upkeep.process import AlreadyRunningError
from agent.upkeep.status import read_status
from agent.uplink.client import AddressError
from agent.uplink.enrol import EnrolmentRefusedError, EnrolmentUnavailableError
from agent.uplink.identity import IdentityError

_KNOWN_ERRORS = (
    AddressError,
    AlreadyRunningError,
    DesktopError,
    EnrolmentRefusedError,
    EnrolmentUnavailableError,
    IdentityError,
    NotEnrolledError,
    PackError,
    SettingsError,
)
_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m agent", description="Lantern on a student's device.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in (
        ("run", "enrol if need be, show the notice, watch until stopped"),
        ("enrol", "ask the server to admit this device"),
        ("status", "say what the folder tells, as JSON"),
        ("replay", "push a file's lines through the agent and count; sends nothing"),
    ):
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument("--home", help="the agent's folder (LANTERN_AGENT_HOME)")
        command.add_argument("--pack", help="the folder of the signed Pack (LANTERN_PACK)")
        command.add_argument("--account", help="instead of the system's account name (LANTERN_ACCOUNT)")
        command.add_argument("--age-band", dest="age_band", help="which notice is shown (LANTERN_AGE_BAND)")
        command.add_argument("--server", help="https://… of the server (LANTERN_SERVER)")
        command.add_argument("--enrol", dest="enrol_token", help="the enrolment token (LANTERN_ENROL_TOKEN)")
    commands.choices["replay"].add_argument("file", type=Path)
    return parser


def _run(settings: Settings) -> None:
    agent = Agent(settings)
    # A thread of its own waits for signals: a handler could interrupt a lock that stop() needs.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    threading.Thread(target=_stop_on_signal, args=(agent,), daemon=True).start()
    agent.run()


def _stop_on_signal(agent: Agent) -> None:
    signal.sigwait(_SIGNALS)
    agent.stop()


def _do(arguments: argparse.Namespace) -> object:
    given = vars(arguments)
    settings = read_settings({key: given.get(key) for key in given if key not in {"command", "file"}})
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    match arguments.command:
        case "run":
            _run(settings)
            return None
        case "enrol":
            return {"device_id": str(enrol_now(settings).device_id)}
        case "status":
            return read_status(settings.home)
        case _:
            with arguments.file.open(encoding="utf-8") as lines:
                return replay_file(settings, lines)


def main() -> int:
    """Do what the command line says; the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        result = _do(_parser().parse_args())
    except _KNOWN_ERRORS as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if result is not None:
        sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
