"""Messages carry ids and times and no text, and are named for what has happened."""

import dataclasses
import importlib
import re
import types
import typing
from datetime import date, datetime
from enum import Enum
from uuid import UUID

import pytest

from tests.house.sources import tracked

MODULES = sorted(
    name.removesuffix(".py").replace("/", ".")
    for name in tracked()
    if re.fullmatch(r"server/\w+/messages\.py", name)
)
HARMLESS = (UUID, datetime, date, int, bool, type(None))
PAST_TENSE = re.compile(r"(ed|Made|Told|Sent|Begun|Lost|Left)$")


def messages_of(module: str) -> list[type]:
    """The Message classes that a room's messages.py defines."""
    held = importlib.import_module(module)
    return [
        value
        for value in vars(held).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module
    ]


def every_message() -> list[type]:
    """All of them."""
    return [message for module in MODULES for message in messages_of(module)]


def kinds_of(annotation: object) -> list[object]:
    """The plain types an annotation stands for: unions and NewTypes opened."""
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return [kind for part in typing.get_args(annotation) for kind in kinds_of(part)]
    if isinstance(annotation, typing.NewType):
        return kinds_of(annotation.__supertype__)
    return [annotation]


def is_harmless(annotation: object) -> bool:
    """Whether a value of this type can hold no word that anybody typed."""
    return all(
        isinstance(kind, type) and (kind in HARMLESS or issubclass(kind, Enum))
        for kind in kinds_of(annotation)
    )


def test_there_are_messages() -> None:
    """The rules below are about something."""
    assert len(every_message()) >= 5


@pytest.mark.parametrize("message", every_message(), ids=lambda message: message.__name__)
def test_a_message_is_ids_and_times(message: type) -> None:
    """It lies in a table, crosses a broker and reaches browsers: nothing in it may be read as text."""
    parameters = message.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert hasattr(message, "__slots__")
    hints = typing.get_type_hints(message)
    assert not {name: hint for name, hint in hints.items() if not is_harmless(hint)}
    assert {"trust_id", "academy_id"} <= hints.keys(), "every Message says whose it is"
    assert PAST_TENSE.search(message.__name__), f"{message.__name__} has happened: say so"


def test_no_two_messages_share_a_name() -> None:
    """The outbox knows them by name alone."""
    names = [message.__name__ for message in every_message()]
    assert len(names) == len(set(names))
