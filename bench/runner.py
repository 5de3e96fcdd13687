"""Finds the bars, measures those asked for, and writes what was found. What was not measured is never ok."""

import importlib
import json
import pkgutil
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import bars
from bench.bar import Bar, not_measured
from bench.promised import PROMISED


def find_bars() -> dict[str, Bar]:
    """Every bar that has a file in bench/bars, by id."""
    found: dict[str, Bar] = {}
    for module in pkgutil.iter_modules(bars.__path__):
        if re.fullmatch(r"b\d+_\w+", module.name):
            bar: Bar = importlib.import_module(f"{bars.__name__}.{module.name}").BAR
            if bar.id in found or bar.id not in PROMISED:
                raise ValueError(
                    f"bench/bars/{module.name}.py measures {bar.id}, which is taken or not promised"
                )
            found[bar.id] = bar
    return found


def choose(only: str) -> list[str]:
    """The ids named in ``B3,B4``; every promised one for an empty string. Raises ValueError on a stranger."""
    wanted = [piece.strip().upper() for piece in only.split(",") if piece.strip()]
    unknown = [piece for piece in wanted if piece not in PROMISED]
    if unknown:
        raise ValueError(f"no bar is called {', '.join(unknown)}; there are {', '.join(PROMISED)}")
    return wanted or list(PROMISED)


def measure(ids: Sequence[str], known: Mapping[str, Bar]) -> dict[str, dict[str, Any]]:
    """One entry a bar, in the order asked for; prints each as it comes."""
    entries = {}
    for bar_id in ids:
        started = time.monotonic()
        entries[bar_id] = entry = _measure_one(known.get(bar_id))
        print(_line(bar_id, entry, time.monotonic() - started), flush=True)
    return entries


def _measure_one(bar: Bar | None) -> dict[str, Any]:
    if bar is None:
        return not_measured()
    try:
        return bar.judge(bar.measure())
    except Exception as error:  # noqa: BLE001 - one broken measurement must not take the others' figures with it
        return not_measured(f"failed: {type(error).__name__}: {error}"[:400]) | {
            "bar": bar.limit,
            "unit": bar.unit,
        }


def _line(bar_id: str, entry: Mapping[str, Any], duration_s: float) -> str:
    if entry["value"] is None:
        return f"{bar_id:4} {entry['note']:12}  {PROMISED[bar_id]}"
    sign = "≤" if entry["at_most"] else "≥"
    verdict = "ok    " if entry["ok"] else "MISSED"
    return (
        f"{bar_id:4} {verdict}  {entry['value']:.4g} {entry['unit']} (bar {sign} {entry['bar']:g}, n={entry['n']},"
        f" peer {entry['peer']}, {duration_s:.0f} s)  {PROMISED[bar_id]}"
    )


def write(entries: Mapping[str, Mapping[str, Any]], place: Path) -> None:
    """bench.json as others read it."""
    place.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
