"""Goes on telling until somebody answers: the scan that makes a lost task a delay and never a silence.

Finds by time alone, in SQL: alerts nobody was told of, alerts whose next step has come, corrections due. Running it
twice, or in two processes at once, tells nobody twice at the same step.
"""

from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.notification.correct import correct_due
from server.notification.repository import lock_due
from server.notification.tell import climb


def chase(session: WriteSession, clock: Clock) -> int:
    """Take every due Alert one step on; how many."""
    corrected = correct_due(session, clock)
    due = lock_due(session, clock.now())
    for alert in due:
        climb(session, clock, alert)
    return corrected + len(due)
