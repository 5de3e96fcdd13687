"""What a Grade and a Dismissal may say. Pure rules on plain values.

Source: DOMAIN.md MO-05, §B2, §B3 and §B5. A human always decides; the suggestion is never a default here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from server.kit.errors import InvalidError
from shared.taxonomy import Authenticity, Category, DismissalReason, Immediacy, Severity, SubjectRole, Theme

MESSAGE_MIN_CHARACTERS = 10
MESSAGE_MAX_CHARACTERS = 2_000


class CallReason(StrEnum):
    """Why the school must be phoned as well (DOMAIN.md §B5)."""

    SUICIDAL_INTENT = "C01"
    CURRENT_SELF_HARM = "C02"
    ACUTE_CRISIS = "C03"
    THREAT_OF_VIOLENCE = "C04"
    SHOOTING_OR_BOMB = "C05"
    ILLEGAL_ACTIVITY = "C06"
    GROOMING = "C07"
    ABUSE = "C08"
    RUNNING_AWAY = "C09"
    REPEATED_SEARCHES = "C10"
    FGM_OR_FORCED_MARRIAGE = "C11"
    BLACKMAIL = "C12"
    STAFF_IMPLICATED = "C13"
    JUDGEMENT = "C99"


class ThemeOutsideCategoryError(InvalidError):
    """The Theme stands under another Category."""

    code = "theme_outside_category"


class MessageTooShortError(InvalidError):
    """A DSL who is called to act today must be told why."""

    code = "message_too_short"


class MessageTooLongError(InvalidError):
    """Longer than anybody reads in an emergency."""

    code = "message_too_long"


class MessageInstructsError(InvalidError):
    """What happens to the student is the school's decision, and never a punishment asked for by us."""

    code = "message_instructs"


class CallWithoutReasonError(InvalidError):
    """A call reason that does not fit: none asked for, or the level is below a call's."""

    code = "call_reason"


@dataclass(frozen=True, slots=True)
class GradeCommand:
    """What a moderator decided about an event they hold."""

    event_id: UUID
    claim_token: UUID
    category: Category
    theme: Theme
    severity: Severity
    message: str
    subject_role: SubjectRole
    authenticity: Authenticity
    immediacy: Immediacy
    call_required: bool
    call_reason: CallReason | None = None


@dataclass(frozen=True, slots=True)
class DismissCommand:
    """A moderator saw no risk in an event they hold."""

    event_id: UUID
    claim_token: UUID
    reason: DismissalReason


# The word rule. It finds asking ("should be excluded", "give him a detention", "Punish her.") and lets
# telling pass ("he was excluded by the group", "her dad will punish her"): a verb of punishment counts
# at the start of a sentence or behind a word of asking, its participle only behind "be" or "get", and a
# noun of it behind a word of asking or giving. It is a nudge to rewrite, not a proof.
_START = r"(?:^|[.!?;:\n]\s*)"
_VERB = r"(?:exclude|suspend|expel|punish|discipline|sanction|isolate|confiscate)"
_DOING = r"(?:excluding|suspending|expelling|punishing|disciplining|sanctioning|isolating|confiscating)"
_DONE = r"(?:be|get)\W+(?:excluded|suspended|expelled|punished|disciplined|sanctioned|isolated)"
_NOUN = r"(?:detentions?|exclusions?|suspensions?|expulsions?|punishments?|sanctions?|isolation)"
_ASK = (
    r"(?:please|should|must|needs? to|ought to|has to|have to|deserves?|recommend(?:ed)?|suggest|advise|consider"
    r"|propose|request)"
)
_GIVE = r"(?:give|issue|hand out|set|put|arrange|impose)"
_FEW = r"(?:\W+\w+){0,4}?\W+"
_INSTRUCTION = re.compile(
    rf"{_START}{_VERB}\b|\b{_ASK}{_FEW}(?:{_VERB}|{_DOING}|{_DONE}|{_NOUN})\b|{_START}{_GIVE}{_FEW}{_NOUN}\b",
    re.IGNORECASE,
)


def check(command: GradeCommand) -> None:
    """Raise the first rule that the Grade breaks."""
    if command.theme.category is not command.category:
        raise ThemeOutsideCategoryError(
            f"{command.theme.label} belongs to {command.theme.category.label}. Choose that category or another theme."
        )
    _check_message(command.message, command.severity)
    if command.call_reason is not None and not command.call_required:
        raise CallWithoutReasonError("A call reason is given, but no call is asked for.")
    if command.call_required and command.severity < Severity.LEVEL_3:
        raise CallWithoutReasonError("A call can be asked for at Level 3 and above.")


def call_reason_of(command: GradeCommand) -> CallReason | None:
    """The reason that is written down: a call without a stated one is the moderator's own judgement."""
    if not command.call_required:
        return None
    return command.call_reason or CallReason.JUDGEMENT


def instructs_punishment(message: str) -> bool:
    """Whether a message asks for a student to be punished."""
    return _INSTRUCTION.search(message) is not None


def _check_message(message: str, severity: Severity) -> None:
    length = len(message.strip())
    if severity >= Severity.LEVEL_4 and length < MESSAGE_MIN_CHARACTERS:
        raise MessageTooShortError(
            f"{severity.label} needs a message of at least {MESSAGE_MIN_CHARACTERS} characters for the DSL."
        )
    if length > MESSAGE_MAX_CHARACTERS:
        raise MessageTooLongError(f"A message may have {MESSAGE_MAX_CHARACTERS} characters.")
    if instructs_punishment(message):
        raise MessageInstructsError(
            "The message asks for a punishment. Say what you saw and why it worries you; the school decides."
        )
