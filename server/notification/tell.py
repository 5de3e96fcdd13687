"""Decides who is told of an Alert now, and writes one pending Notice for each of them.

Nothing is sent here: ``deliver`` does that after this transaction. Levels 1 and 2 are told by mail one by
one as well; there is no digest yet.
"""

from datetime import datetime
from uuid import UUID

from server.audit.domain import SYSTEM
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.notification.domain import EVERYBODY, UNTOLD_AFTER, rung_at
from server.notification.repository import has_pending, insert_notices, revive_failed, set_chase
from server.organisation.domain import Role
from server.organisation.repository import list_colleagues, list_trust_officers
from server.routing.domain import UNANSWERED_STATES, AlertState
from server.routing.repository import find_alert
from server.routing.tables import AlertRow
from shared.taxonomy import Severity


def tell(session: WriteSession, clock: Clock, alert_id: UUID) -> None:
    """The first telling of a new Alert. Does nothing if it has been done, or the Alert is answered."""
    alert = find_alert(session, alert_id, lock=True)
    if alert is not None and alert.chase_step == 0 and AlertState(alert.state) in UNANSWERED_STATES:
        climb(session, clock, alert)


def climb(session: WriteSession, clock: Clock, alert: AlertRow) -> None:
    """Tell whoever the ladder says by now, unless they were, and set when to look again.

    An Alert of which no mail has got through is tried again with everybody. The session has locked
    ``alert``.
    """
    now = clock.now()
    rung, following = rung_at(
        Severity(alert.severity),
        now,
        raised_at=alert.chase_from or alert.raised_at,
        due_at=alert.acknowledge_due_at,
    )
    step = alert.chase_base + rung.step
    if step > alert.chase_step:
        _tell_roles(session, alert, rung.roles, step=step, now=now)
    elif alert.told_at is None and not has_pending(session, alert.id):
        revive_failed(session, alert.id, at=now)
        _tell_roles(session, alert, EVERYBODY, step=step, now=now)
    if alert.told_at is None:
        again = now + UNTOLD_AFTER
        following = min(following, again) if following else again
    set_chase(session, alert.id, step=max(step, alert.chase_step), next_at=following)


def _tell_roles(
    session: WriteSession, alert: AlertRow, roles: frozenset[Role], *, step: int, now: datetime
) -> None:
    today = now.date()
    officers = list_trust_officers(session, alert.trust_id, today)
    in_school = list_colleagues(session, [alert.academy_id], [Role.DSL, Role.DEPUTY_DSL], today)
    # A level that only the DSL is told of falls to the deputy where there is no DSL.
    people = {one.staff_id for one in in_school if one.role in roles} or {one.staff_id for one in in_school}
    if not in_school:
        _note_gap(session, alert, "academy_has_nobody_to_tell", officers=len(officers))
    if Role.TRUST_OFFICER in roles or not in_school:
        people |= {one.staff_id for one in officers}
    insert_notices(session, alert, sorted(people), step=step, at=now)


def _note_gap(session: WriteSession, alert: AlertRow, verb: str, *, officers: int) -> None:
    write_audit(
        session,
        SYSTEM,
        verb=verb,
        subject_kind="alert",
        subject_id=alert.id,
        trust_id=alert.trust_id,
        academy_id=alert.academy_id,
        details={"trust_officers_told": officers},
    )
