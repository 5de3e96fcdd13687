"""Every Message has a listener, every listener a task, every task a caller, every queue a worker."""

import ast
from dataclasses import dataclass, fields

import pytest

from server.__main__ import COMMANDS
from server.worker import HEARTBEAT, LISTENERS, SCHEDULE, QueueName
from tests.house.sources import dotted_name, python_sources
from tests.house.test_messages import every_message

HEARD_BY_SCREENS_ONLY: dict[str, str] = {"EventReleased": "it waits again: the queue's screens show it"}
"""Message → why no task hears it: the live feed shows it and nothing follows from it."""
LONGEST_QUEUE_NAME = 47
"""pgmq refuses longer ones."""


@dataclass(frozen=True)
class TaskFunction:
    """A task as its tasks.py declares it."""

    name: str
    parameters: tuple[str, ...]
    """Beside the task itself."""
    lines: int


def tasks() -> dict[str, TaskFunction]:
    """Every @shared_task of every room, by its registered name."""
    found = {}
    for source in python_sources("server"):
        if not source.path.endswith("/tasks.py"):
            continue
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef):
                name = _registered_name(node)
                if name:
                    parameters = tuple(argument.arg for argument in [*node.args.args, *node.args.kwonlyargs])
                    found[name] = TaskFunction(name, parameters[1:], len(node.body))
    return found


def _registered_name(function: ast.FunctionDef) -> str:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and dotted_name(decorator.func) == "shared_task":
            for keyword in decorator.keywords:
                if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
            raise AssertionError(f"{function.name} is a task without a name of its own")
    return ""


def test_every_message_has_a_listener() -> None:
    """What is announced to nobody need not be announced."""
    heard = {name for name, listeners in LISTENERS.items() if listeners}
    deaf = {message.__name__ for message in every_message()} - heard - HEARD_BY_SCREENS_ONLY.keys()
    assert not deaf, f"nobody listens to {sorted(deaf)}"
    assert not heard & HEARD_BY_SCREENS_ONLY.keys(), "somebody listens by now: take it off the list"


def test_the_table_names_messages_that_exist() -> None:
    """A renamed Message would silence its listeners without a sound."""
    names = {message.__name__ for message in every_message()}
    assert not LISTENERS.keys() - names
    assert not HEARD_BY_SCREENS_ONLY.keys() - names


def test_every_listener_is_a_task_that_takes_what_it_is_given() -> None:
    """The task exists, and its arguments are fields of the Message (or the outbox row's number)."""
    messages = {message.__name__: message for message in every_message()}
    known = tasks()
    for name, listeners in LISTENERS.items():
        given = {field.name for field in fields(messages[name])} | {"seq"}  # type: ignore[arg-type]
        for listener in listeners:
            assert listener.task in known, f"{name}: there is no task {listener.task}"
            assert set(listener.fields) <= given, f"{name} has no {set(listener.fields) - given}"
            assert set(listener.fields) == set(known[listener.task].parameters), f"{name} → {listener.task}"


def test_a_task_is_given_ids_and_times_only() -> None:
    """Arguments cross the broker and lie in its tables."""
    for listeners in LISTENERS.values():
        for listener in listeners:
            strange = [
                f for f in listener.fields if not f.endswith(("_id", "_at")) and f not in {"seq", "severity"}
            ]
            assert not strange, f"{listener.task} is given {strange}"


def test_every_scheduled_task_exists_and_needs_nothing() -> None:
    """The clock has no arguments to give."""
    known = tasks()
    for one in SCHEDULE:
        assert one.task == HEARTBEAT or one.task in known, one.task
        assert one.task == HEARTBEAT or not known[one.task].parameters, one.task


def test_every_task_is_started_by_somebody() -> None:
    """By a Message or by the clock; a task nobody starts is a promise nobody keeps."""
    started = {one.task for one in SCHEDULE} | {one.task for all_of in LISTENERS.values() for one in all_of}
    assert not tasks().keys() - started


@pytest.mark.parametrize("queue", list(QueueName))
def test_every_queue_has_a_worker(queue: QueueName) -> None:
    """`python -m server worker` takes every queue unless it is told otherwise."""
    assert len(queue.value) <= LONGEST_QUEUE_NAME
    worker = next(command for command in COMMANDS if command.name == "worker")
    source = next(source for source in python_sources("server") if source.path == "server/__main__.py")
    body = next(
        node
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and node.name == worker.run.__name__
    )
    text = ast.unparse(body)
    assert "arguments.queues or [name.value for name in QueueName]" in text
    used = {one.queue for one in SCHEDULE} | {one.queue for all_of in LISTENERS.values() for one in all_of}
    assert queue in used, f"nothing is ever sent to {queue.value}"
