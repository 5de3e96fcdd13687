"""The resident side of the second look: wakes the child process, asks it, lets it sleep.

Imports neither numpy nor onnxruntime. A dead or slow child gives None, so that the gate's own
decision stands and nobody is silenced.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

ANSWER_S = 2.0
_GIVE_UP_S = 10.0
_MODULE = "agent.second_look.look"


class SecondLook:
    """One lazy child. Safe to call from one thread at a time; a lock keeps others waiting."""

    def __init__(
        self,
        pack_dir: Path,
        *,
        command: Sequence[str] | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        """Remember how to start the child; it starts with the first question.

        ``command`` replaces the whole command line (a frozen bundle has no ``python -m``).
        """
        self._command = tuple(command or (sys.executable, "-m", _MODULE, str(pack_dir)))
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._asked = 0
        self._waiting_since: float | None = None

    def score(self, text: str) -> dict[str, float] | None:
        """Probability per theme id for normalised ``text``; None when dead or slower than the limit."""
        with self._lock:
            until = time.monotonic() + self._answer_s
            for _ in range(2):  # a child may fall asleep just as it is asked; one fresh start is fair
                child = self._awake()
                if child is None:
                    return None
                self._asked += 1
                if not child.ask(self._asked, text):
                    self._end()
                    continue
                scores = child.answer(self._asked, until)
                if scores is not None:
                    self._waiting_since = None
                    return scores
                if child.is_alive():
                    self._note_slow()
                    return None
                self._end()
            return None

    def stop(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._end()

    def process_id(self) -> int | None:
        """The living child's process id, for the health report; None when it sleeps."""
        child = self._child
        return child.process.pid if child is not None and child.is_alive() else None

    def _awake(self) -> "_Child | None":
        if self._child is not None and not self._child.is_alive():
            self._end()
        if self._child is None:
            try:
                self._child = _Child(self._command)
            except OSError:
                return None
        return self._child

    def _note_slow(self) -> None:
        """A child that stays silent through several questions is ended and started afresh."""
        now = time.monotonic()
        if self._waiting_since is None:
            self._waiting_since = now
        elif now - self._waiting_since > _GIVE_UP_S:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None
        self._waiting_since = None


class _Child:
    """One running process and the thread that reads its answers (pipes cannot be polled on Windows)."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            bufsize=1,
        )
        self._answers: queue.SimpleQueue[tuple[int, dict[str, float]] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="second-look", daemon=True)
        self._reader.start()

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, number: int, text: str) -> bool:
        """Whether the question could be handed over."""
        if self.process.stdin is None:
            return False
        try:
            self.process.stdin.write(json.dumps({"id": number, "text": text}) + "\n")
            self.process.stdin.flush()
        except OSError:
            return False
        return True

    def answer(self, number: int, until: float) -> dict[str, float] | None:
        """The answer to question ``number``; late answers to earlier ones are dropped."""
        while (left := until - time.monotonic()) > 0:
            try:
                got = self._answers.get(timeout=left)
            except queue.Empty:
                return None
            if got is None:
                self.process.kill()  # its answers ended or cannot be read: it is of no more use
                self.process.wait()
                return None
            if got[0] == number:
                return got[1]
        return None

    def end(self) -> None:
        if self.is_alive():
            self.process.kill()
        self.process.wait()
        self._reader.join(timeout=1.0)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def _read(self) -> None:
        for line in self.process.stdout or ():
            try:
                body = json.loads(line)
                self._answers.put((int(body["id"]), {str(k): float(v) for k, v in body["scores"].items()}))
            except (KeyError, TypeError, ValueError, AttributeError):
                break
        self._answers.put(None)
