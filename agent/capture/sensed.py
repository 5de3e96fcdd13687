"""What the senses put into the queue, in the order in which it happened. Words only."""

from dataclasses import dataclass
from queue import SimpleQueue

from agent.inspection.buffer import Focus, KeyPress


@dataclass(frozen=True, slots=True)
class Typed:
    """A key and where it went."""

    key: KeyPress
    focus: Focus


@dataclass(frozen=True, slots=True)
class Refocused:
    """The keys go elsewhere. What was pressed at or after ``since`` (monotonic) may belong there already."""

    since: float
    focus: Focus


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing further will come."""


Sensed = Typed | Refocused | Stopped
SenseQueue = SimpleQueue[Sensed]
