"""How long every table keeps its rows, and on what ground. A table without a line here fails a test.

The classes and defaults are DOMAIN.md §D1's. Lines that the purge does not carry out yet say how long the
rows are meant to live; nothing of a student's record is ever deleted by a machine alone.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class RetentionClass(StrEnum):
    """What kind of thing a table's rows are."""

    STRUCTURAL = "structural"
    STAFF = "staff"
    STUDENT_DATA = "student_data"
    DEVICE = "device"
    EVENT = "event"
    CHILD_PROTECTION_FILE = "child_protection_file"
    AUDIT = "audit"
    AGGREGATE = "aggregate"
    TECHNICAL = "technical"


class Way(StrEnum):
    """How a row goes when its time is over."""

    STAYS = "stays"
    PURGED = "purged"
    KEY_DESTROYED = "key_destroyed"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One table's rule. ``default`` and ``basis`` are for people; ``keep`` is what the purge obeys."""

    retention_class: RetentionClass
    way: Way
    default: str
    basis: str
    keep: timedelta | None = None


_EVENT_DEFAULT = (
    "Dismissed: 30 days. Level 1 and 2 not taken into a record: 12 months. Level 3 to 5: 15 months. "
    "Taken into a record: as the child-protection file."
)
_FILE_DEFAULT = "Date of birth + 25 years, then reviewed by a person; never deleted by a machine alone."
_EVENT = Rule(RetentionClass.EVENT, Way.KEY_DESTROYED, _EVENT_DEFAULT, "DOMAIN.md D1; market practice")
_FILE = Rule(
    RetentionClass.CHILD_PROTECTION_FILE, Way.REVIEWED, _FILE_DEFAULT, "DOMAIN.md D1; IRMS toolkit; KCSIE"
)
_STUDENT = Rule(
    RetentionClass.STUDENT_DATA,
    Way.PURGED,
    "While on roll; after leaving, 12 months unless a child-protection file names the student.",
    "UK GDPR Art. 5(1)(e); the MIS is the master",
)
_STRUCTURE = Rule(
    RetentionClass.STRUCTURAL, Way.STAYS, "As long as the contract and what refers to it.", "contract"
)
_STAFF = Rule(
    RetentionClass.STAFF,
    Way.STAYS,
    "As long as a record or an audit entry names them; signing in ends with the appointment.",
    "accountability, UK GDPR Art. 5(2)",
)


def _technical(keep: timedelta, default: str) -> Rule:
    return Rule(RetentionClass.TECHNICAL, Way.PURGED, default, "UK GDPR Art. 5(1)(c) and (e)", keep)


RULES: dict[str, Rule] = {
    "alembic_version": _STRUCTURE,
    "trust": _STRUCTURE,
    "academy": _STRUCTURE,
    "staff": _STAFF,
    "appointment": _STAFF,
    "session": _technical(timedelta(0), "Until it ends."),
    "sign_in_attempt": _technical(timedelta(days=30), "30 days, hashed, for spotting attacks."),
    "audit_entry": Rule(
        RetentionClass.AUDIT,
        Way.STAYS,
        "The life of the longest record it covers and one year.",
        "DOMAIN.md D1; accountability",
    ),
    "student": _STUDENT,
    "student_account": _STUDENT,
    "attendance_summary": _STUDENT,
    "behaviour_entry": _STUDENT,
    "enrolment_token": _technical(timedelta(days=90), "90 days after it ran out; only its hash is kept."),
    "device": Rule(
        RetentionClass.DEVICE,
        Way.STAYS,
        "While enrolled; after revocation as long as an event names it.",
        "evidence must name its source",
    ),
    "record_key": _EVENT,
    "event": _EVENT,
    "evidence": _EVENT,
    "review_item": _EVENT,
    "review_deadline": _technical(
        timedelta(0), "Until its time has come, two hours at most; ids and a time."
    ),
    "grade": _EVENT,
    "dismissal": _EVENT,
    "dead_letter": _technical(timedelta(days=90), "90 days: a code and ids, for finding faults."),
    "alert": _EVENT,
    "notice": _EVENT,
    "acknowledgement": _EVENT,
    "concern": _FILE,
    "action": _FILE,
    "concern_entry": _FILE,
    "referral": _FILE,
    "outcome": _FILE,
    "response_time": Rule(
        RetentionClass.AGGREGATE,
        Way.PURGED,
        "3 years: times and levels, no student.",
        "DOMAIN.md D1 (aggregates)",
    ),
    "outbox": _technical(timedelta(hours=24), "24 hours after it was handed to the broker; ids and times."),
    "process_heartbeat": _technical(timedelta(days=7), "One row per process, overwritten."),
    "demonstration": _STRUCTURE,
}
