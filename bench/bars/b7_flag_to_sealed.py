"""B7: processor time from a Flag to the sealed Event with its screenshot, and the delay a key press feels.

The agent's own watcher, picture, assembler and spool on a real display; keys go through the capture callback
all the while, so the two compete as they would on a device.
"""

import json
import subprocess
import sys

from bench.bar import Bar, Condition, Measurement
from tests.kit.desktop import start_desktop
from tests.kit.running import ROOT

TITLE = "An essay"
SCENE = "seq -f 'line %.0f of an essay about the sea and the ships that sail on it' 1 200; sleep 600"
LIMIT_S = 150


def measure() -> Measurement:
    """One process on a display of its own."""
    with start_desktop() as desktop:
        scene = subprocess.Popen(
            ["xterm", "-T", TITLE, "-geometry", "200x50+0+0", "-e", SCENE], env=desktop.environment
        )
        try:
            desktop.wait_for_window(TITLE)
            done = subprocess.run(
                [sys.executable, "-m", "bench.flag_cost"],
                cwd=ROOT,
                env=desktop.environment,
                stdout=subprocess.PIPE,
                timeout=LIMIT_S,
                check=True,
            )
        finally:
            scene.terminate()
            scene.wait(10)
    found = json.loads(done.stdout)
    return Measurement(
        value=round(found["cpu_ms"], 2),
        n=found["flags"],
        conditions=(
            Condition(
                "milliseconds a key spends in the callback, p99", round(found["callback_p99_ms"], 3), 1.0
            ),
            Condition("bytes of the smallest screenshot", found["picture_bytes"], 1_000, at_most=False),
        ),
        details=found,
    )


BAR = Bar(
    id="B7",
    title="processor time from flag to sealed event with screenshot, median",
    unit="ms",
    limit=60.0,
    measure=measure,
)
