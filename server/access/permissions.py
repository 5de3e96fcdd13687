"""Every permission and the literal table of which role holds it. What is not listed is refused.

Grammar: ``scope:resource:action``. The scope says whose rows: ``own`` of the person, ``review`` of the
trusts reviewed for, ``record`` of the academies whose safeguarding records one keeps, ``board`` of the
academies one counts. A permission opens a door; which rows stand behind it, ``scope`` decides.
"""

from collections.abc import Iterable
from enum import StrEnum

from server.organisation.domain import Role


class Permission(StrEnum):
    """What a route may demand."""

    OWN_PROFILE_READ = "own:profile:read"
    OWN_TAXONOMY_READ = "own:taxonomy:read"
    OWN_FEED_READ = "own:feed:read"
    OWN_EVIDENCE_READ = "own:evidence:read"

    REVIEW_QUEUE_READ = "review:queue:read"
    REVIEW_QUEUE_CLAIM = "review:queue:claim"
    REVIEW_QUEUE_OVERSEE = "review:queue:oversee"
    REVIEW_EVENT_READ = "review:event:read"
    REVIEW_EVENT_GRADE = "review:event:grade"
    REVIEW_EVENT_DISMISS = "review:event:dismiss"

    RECORD_ALERT_READ = "record:alert:read"
    RECORD_ALERT_ACKNOWLEDGE = "record:alert:acknowledge"
    RECORD_ALERT_CLOSE = "record:alert:close"
    RECORD_STUDENT_FIND = "record:student:find"
    RECORD_STUDENT_READ = "record:student:read"
    RECORD_CONCERN_OPEN = "record:concern:open"
    RECORD_CONCERN_CLOSE = "record:concern:close"
    RECORD_NOTE_ADD = "record:note:add"
    RECORD_ACTION_ADD = "record:action:add"
    RECORD_ACTION_COMPLETE = "record:action:complete"
    RECORD_COLLEAGUE_READ = "record:colleague:read"
    RECORD_REFERRAL_MAKE = "record:referral:make"
    RECORD_OUTCOME_RECORD = "record:outcome:record"

    BOARD_TIMES_READ = "board:times:read"
    BOARD_DEVICE_READ = "board:device:read"
    BOARD_ACADEMY_ADD = "board:academy:add"
    BOARD_APPOINTMENT_MAKE = "board:appointment:make"
    BOARD_AUDIT_READ = "board:audit:read"
    BOARD_ENROLMENT_ISSUE = "board:enrolment:issue"


_EVERYBODY = frozenset(
    {
        Permission.OWN_PROFILE_READ,
        Permission.OWN_TAXONOMY_READ,
        Permission.OWN_FEED_READ,
    }
)
_MODERATOR = _EVERYBODY | {
    Permission.OWN_EVIDENCE_READ,
    Permission.REVIEW_QUEUE_READ,
    Permission.REVIEW_QUEUE_CLAIM,
    Permission.REVIEW_EVENT_READ,
    Permission.REVIEW_EVENT_GRADE,
    Permission.REVIEW_EVENT_DISMISS,
}
_DSL = _EVERYBODY | {
    Permission.OWN_EVIDENCE_READ,
    Permission.RECORD_ALERT_READ,
    Permission.RECORD_ALERT_ACKNOWLEDGE,
    Permission.RECORD_ALERT_CLOSE,
    Permission.RECORD_STUDENT_FIND,
    Permission.RECORD_STUDENT_READ,
    Permission.RECORD_CONCERN_OPEN,
    Permission.RECORD_CONCERN_CLOSE,
    Permission.RECORD_NOTE_ADD,
    Permission.RECORD_ACTION_ADD,
    Permission.RECORD_ACTION_COMPLETE,
    Permission.RECORD_COLLEAGUE_READ,
    Permission.RECORD_REFERRAL_MAKE,
    Permission.RECORD_OUTCOME_RECORD,
    Permission.BOARD_TIMES_READ,
}

HOLDERS: dict[Role, frozenset[Permission]] = {
    Role.MODERATOR: _MODERATOR,
    Role.MODERATION_LEAD: _MODERATOR | {Permission.REVIEW_QUEUE_OVERSEE},
    Role.DSL: _DSL,
    # A deputy carries the whole function when the lead is away (KCSIE Annex C), hence the same table row.
    Role.DEPUTY_DSL: _DSL,
    # Counts and times across academies: never a text, a screenshot or a student.
    Role.TRUST_OFFICER: _EVERYBODY
    | {
        Permission.BOARD_TIMES_READ,
        Permission.BOARD_DEVICE_READ,
        Permission.BOARD_ACADEMY_ADD,
        Permission.BOARD_APPOINTMENT_MAKE,
        Permission.BOARD_AUDIT_READ,
        Permission.BOARD_ENROLMENT_ISSUE,
    },
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything these roles may do together; nobody's roles give nothing."""
    held: frozenset[Permission] = frozenset()
    for role in roles:
        held |= HOLDERS.get(role, frozenset())
    return held
