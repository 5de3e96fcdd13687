"""What a bar is and what measuring it yields. A file in bench/bars makes one; the runner does the rest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

NOT_MEASURED = "not measured yet"


@dataclass(frozen=True, slots=True)
class Condition:
    """A further thing that must hold for the bar to be passed, e.g. that nothing was lost."""

    what: str
    value: float
    limit: float
    at_most: bool = True

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit


@dataclass(frozen=True, slots=True)
class Measurement:
    """What came out of one run."""

    value: float
    n: int
    """How many samples ``value`` stands on."""
    peer: object = None
    """What the peer did in the same run, in the bar's unit or as named figures; None when there is no peer."""
    conditions: tuple[Condition, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    """Further figures worth keeping: quantiles, rounds, the machine's load."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise with a number, and how to measure whether it is kept."""

    id: str
    title: str
    unit: str
    limit: float
    measure: Callable[[], Measurement]
    """Raises when it cannot measure; the runner reports that as a failure, never as a pass."""
    at_most: bool = True

    def judge(self, measurement: Measurement) -> dict[str, Any]:
        """The bar's entry in bench.json."""
        main = Condition(self.title, measurement.value, self.limit, self.at_most)
        entry: dict[str, Any] = {
            "value": measurement.value,
            "bar": self.limit,
            "ok": measurement.n > 0 and main.ok and all(condition.ok for condition in measurement.conditions),
            "unit": self.unit,
            "n": measurement.n,
            "peer": measurement.peer,
            "at_most": self.at_most,
        }
        if measurement.conditions:
            entry["conditions"] = [
                {"what": one.what, "value": one.value, "bar": one.limit, "at_most": one.at_most, "ok": one.ok}
                for one in measurement.conditions
            ]
        if measurement.details:
            entry["details"] = measurement.details
        return entry


def not_measured(reason: str = NOT_MEASURED) -> dict[str, Any]:
    """The entry of a bar that has no figure: never ok."""
    return {"value": None, "bar": None, "ok": False, "unit": None, "n": 0, "peer": None, "note": reason}
