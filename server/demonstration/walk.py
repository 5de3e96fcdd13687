"""Walks one invented event from the queue to its outcome, each step by the verb behind the page, each at its hour.

People here answer at plausible, uneven speed: most at once, some late, a few not yet, so that clocks, open
rows and overdue rows can be seen on the boards. Nothing happens later than ``until``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from server.access.scope import Actor
from server.demonstration.stories import Story
from server.escalation.domain import Agency, Consent, Decision
from server.escalation.record_outcome import RecordOutcomeCommand, record_outcome
from server.escalation.refer import ReferCommand, refer
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim_event
from server.moderation.dismiss import dismiss
from server.moderation.domain import CallReason, DismissCommand, GradeCommand
from server.moderation.grade import grade
from server.notification.acknowledge import acknowledge
from server.notification.channels import Mail
from server.notification.deliver import deliver
from server.notification.tell import climb, tell
from server.record.add_action import AddActionCommand, add_action
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.complete_action import CompleteActionCommand, complete_action
from server.record.domain import OutcomeCode
from server.record.open_concern import OpenConcernCommand, open_concern
from server.routing.raise_alert import raise_alert
from server.routing.repository import find_alert
from shared.taxonomy import Authenticity, Immediacy, Severity, SubjectRole

# Seconds from receipt to claim, by level: what is graver is taken sooner.
CLAIM_AFTER_S = {1: (600, 5400), 2: (300, 3600), 3: (60, 900), 4: (10, 120), 5: (3, 40)}
# Minutes from being told to "I have it".
ACKNOWLEDGE_AFTER_MIN = {1: (60, 900), 2: (60, 900), 3: (15, 400), 4: (2, 75), 5: (1, 12)}
RECENT = timedelta(days=4)
REVIEW_TAKES = timedelta(minutes=2)
"""Longer than it ever is from the claim until the school is told."""
CHASE_TAKES = timedelta(seconds=2)
LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = time(8, 5), time(16, 45)
ACTIONS = ("Speak with the student", "Telephone home", "Ask the form tutor", "Meet with the pastoral lead")


class Told(Protocol):
    """What ``walk`` needs to know of an occasion."""

    @property
    def event_id(self) -> UUID:
        """The event."""

    @property
    def story(self) -> Story:
        """What was typed and what came of it."""

    @property
    def received_at(self) -> datetime:
        """When the event arrived."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts at one academy."""

    moderators: tuple[Actor, ...]
    dsl: Actor
    deputy: Actor


@dataclass(slots=True)
class _MovingClock:
    """A clock that is pushed on by hand."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class _Postbox:
    """Takes every invented mail and sends none: the people it would reach do not exist."""

    def send(self, mail: Mail) -> None:
        """Nothing leaves."""


def walk(
    database: Database, keyring: Keyring, dice: Random, cast: Cast, told: Told, *, until: datetime
) -> None:
    """Walk one occasion as far as chance and ``until`` let it."""
    _Walk(database, keyring, dice, cast, told, until).go()


def _in_school_hours(moment: datetime, dice: Random) -> datetime:
    """``moment`` itself, or some minutes into the next school morning."""
    local = moment.astimezone(LONDON)
    if local.weekday() < 5 and OPENS <= local.time() <= CLOSES:
        return moment
    if local.time() > CLOSES:
        local += timedelta(days=1)
    while local.weekday() >= 5:
        local += timedelta(days=1)
    morning = local.replace(hour=8, minute=dice.randint(5, 55), second=dice.randint(0, 59))
    return morning.astimezone(UTC)


class _Walk:
    def __init__(
        self, database: Database, keyring: Keyring, dice: Random, cast: Cast, told: Told, until: datetime
    ) -> None:
        self._database, self._keyring, self._dice = database, keyring, dice
        self._cast, self._story, self._event_id, self._until = cast, told.story, told.event_id, until
        self._severity = told.story.severity
        self._clock = _MovingClock(told.received_at)

    def go(self) -> None:
        alert_id = self._review()
        if alert_id is None or not self._acknowledge(alert_id):
            return
        if self._severity >= Severity.LEVEL_3 or self._dice.random() < 0.3:
            self._record(alert_id)

    def _later(self, low_s: float, high_s: float, *, at_school: bool = True) -> bool:
        """Let some time pass; False when that would be in the future.

        School staff mostly act in school hours: what would fall outside waits for the next morning,
        unless the level is 5.
        """
        self._clock.pass_seconds(self._dice.uniform(low_s, high_s))
        if at_school and self._severity is not Severity.LEVEL_5:
            self._clock.moment = _in_school_hours(self._clock.moment, self._dice)
        return self._clock.now() < self._until

    def _review(self) -> UUID | None:
        """Claim and decide. The alert's id, or None when the event was dismissed or is still in the queue."""
        moderator = self._dice.choice(self._cast.moderators)
        self._later(*CLAIM_AFTER_S[self._severity], at_school=False)
        if self._until - self._clock.now() < REVIEW_TAKES:
            return None
        with self._database.write() as session:
            token = claim_event(session, moderator, self._clock, self._event_id).token
        self._clock.pass_seconds(self._dice.uniform(12, 70))
        with self._database.write() as session:
            if self._story.dismissed is not None:
                command = DismissCommand(self._event_id, token, self._story.dismissed)
                dismiss(session, moderator, self._clock, command=command)
                return None
            grade(session, moderator, self._clock, keyring=self._keyring, command=self._grade(token))
        self._clock.pass_seconds(self._dice.uniform(0.2, 1.2))
        with self._database.write() as session:
            alert_id = raise_alert(session, self._clock, self._event_id)
            if alert_id is None:
                raise LookupError("a graded event raised no alert")
        self._clock.pass_seconds(self._dice.uniform(0.2, 1.0))
        with self._database.write() as session:
            tell(session, self._clock, alert_id)
        self._clock.pass_seconds(self._dice.uniform(0.5, 4))
        self._deliver(alert_id, self._clock)
        return alert_id

    def _deliver(self, alert_id: UUID, clock: Clock) -> None:
        deliver(self._database, clock, _Postbox(), keyring=self._keyring, public_url="", alert_id=alert_id)

    def _grade(self, token: UUID) -> GradeCommand:
        is_urgent = self._severity is Severity.LEVEL_5
        return GradeCommand(
            event_id=self._event_id,
            claim_token=token,
            category=self._story.theme.category,
            theme=self._story.theme,
            severity=self._severity,
            message=self._story.message,
            subject_role=SubjectRole.SELF_AT_RISK,
            authenticity=Authenticity.GENUINE,
            immediacy=Immediacy.NOW if is_urgent else Immediacy.NO_TIME,
            call_required=is_urgent,
            call_reason=CallReason.SUICIDAL_INTENT if is_urgent else None,
        )

    def _acknowledge(self, alert_id: UUID) -> bool:
        low, high = ACKNOWLEDGE_AFTER_MIN[self._severity]
        is_recent = self._until - self._clock.now() < RECENT
        # Nobody leaves a Level 5 alone for days; the rest may still be open.
        is_open = is_recent and self._severity < Severity.LEVEL_5 and self._dice.random() < 0.3
        is_late = self._dice.random() < 0.06
        if is_open or not self._later(low * 60, high * 60 * (6 if is_late else 1)):
            self._chase(alert_id, until=self._until)
            return False
        self._chase(alert_id, until=self._clock.now())
        with self._database.write() as session:
            acknowledge(session, self._somebody(), self._clock, alert_id=alert_id)
        return True

    def _chase(self, alert_id: UUID, *, until: datetime) -> None:
        """Everything the chase does while nobody answers, at its hours: none of it is left for today."""
        while True:
            with self._database.write() as session:
                alert = find_alert(session, alert_id, lock=True)
                if alert is None or alert.next_chase_at is None or alert.next_chase_at >= until - CHASE_TAKES:
                    return
                clock = _MovingClock(alert.next_chase_at)
                climb(session, clock, alert)
            clock.pass_seconds(1)
            self._deliver(alert_id, clock)

    def _somebody(self) -> Actor:
        return self._cast.dsl if self._dice.random() < 0.75 else self._cast.deputy

    def _record(self, alert_id: UUID) -> None:
        if not self._later(120, 3600):
            return
        recorder = self._cast.dsl
        with self._database.write() as session:
            command = OpenConcernCommand(alert_id, f"Invented history. {self._story.message}")
            opened = open_concern(session, recorder, self._clock, command)
        if self._later(60, 5400):
            self._act(recorder, opened.concern_id)
        if self._story.referred_to and self._later(600, 7200):
            self._refer(recorder, opened.concern_id)
        elif self._dice.random() < 0.6 and self._later(2 * 86400, 6 * 86400):
            with self._database.write() as session:
                closing = CloseConcernCommand(
                    opened.concern_id,
                    OutcomeCode.SUPPORT_IN_SCHOOL,
                    "Invented: spoken with, support agreed, no further worry.",
                )
                close_concern(session, self._cast.deputy, self._clock, closing)

    def _act(self, recorder: Actor, concern_id: UUID) -> None:
        due = (self._clock.now() + timedelta(days=self._dice.randint(1, 7))).date()
        with self._database.write() as session:
            command = AddActionCommand(concern_id, self._dice.choice(ACTIONS), due_on=due)
            action_id = add_action(session, recorder, self._clock, command)
        if self._dice.random() < 0.8 and self._later(1800, 86400):
            with self._database.write() as session:
                done = CompleteActionCommand(action_id, "Invented: done, and noted.")
                complete_action(session, recorder, self._clock, done)

    def _refer(self, recorder: Actor, concern_id: UUID) -> None:
        with self._database.write() as session:
            command = ReferCommand(
                concern_id,
                Agency(self._story.referred_to),
                "Invented: the threshold is met because of what was said and its repetition.",
                Consent.OBTAINED,
            )
            referral_id = refer(session, recorder, self._clock, command)
        for decision, what, low_s, high_s in (
            (Decision.ACCEPTED, "Invented: accepted for assessment.", 3600, 86400),
            (Decision.OUTCOME, "Invented: family support worker visits weekly.", 2 * 86400, 7 * 86400),
        ):
            if not self._later(low_s, high_s):
                return
            with self._database.write() as session:
                answer = RecordOutcomeCommand(referral_id, decision, what)
                record_outcome(session, recorder, self._clock, answer)
