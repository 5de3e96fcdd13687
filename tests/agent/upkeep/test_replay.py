"""Replay drives the real command: same queue, buffer, pipeline and spool; nothing readable rests."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HARMLESS = [f"the homework for maths is on page {number}" for number in range(40)]
WORDS = "i dont feel safe at home, my stepdad hits me when hes drunk"


def replayed(folder: Path, lines: list[str]) -> dict[str, float]:
    """What ``python -m agent replay`` counted, without any display."""
    file = folder / "lines.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-m", "agent", "replay", "--home", str(folder / "home"), str(file)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    counted: dict[str, float] = json.loads(done.stdout)
    return counted


def test_harmless_lines_leave_nothing(tmp_path: Path) -> None:
    counted = replayed(tmp_path, HARMLESS)
    assert counted["keys"] == sum(len(line) + 1 for line in HARMLESS)
    assert (counted["passages_seen"], counted["passages_flagged"], counted["bytes_to_disk"]) == (40, 0, 0)


def test_one_flagged_line_is_spooled_sealed(tmp_path: Path) -> None:
    counted = replayed(tmp_path, [*HARMLESS[:5], WORDS])
    assert (counted["passages_seen"], counted["passages_flagged"]) == (6, 1)
    assert counted["spool_urgent"] + counted["spool_ordinary"] == 1
    assert counted["failures"] == 0
    at_rest = b"".join(path.read_bytes() for path in (tmp_path / "home").iterdir())
    assert counted["bytes_to_disk"] > 0
    assert b"stepdad" not in at_rest
    assert b"homework" not in at_rest
