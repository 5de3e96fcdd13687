"""Escalation's doors: a Student's whole record, a Referral, and what came back on it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from server.access.dependencies import clock, database, requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.escalation.read_whole_record import read_whole_record
from server.escalation.record_outcome import RecordOutcomeCommand, record_outcome
from server.escalation.refer import ReferCommand, refer
from server.escalation.schemas import RecordOutcomeBody, RecordShown, ReferBody, ReferralIdView
from server.kit.clock import Clock
from server.kit.db import Database

router = APIRouter(prefix="/api", tags=["escalation"])

Data = Annotated[Database, Depends(database)]
Time = Annotated[Clock, Depends(clock)]


@router.get("/students/{student_id}/record")
def get_record(
    student_id: UUID,
    response: Response,
    data: Data,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_STUDENT_READ))],
) -> RecordShown:
    """Everything about one Student; every reading is audited and nothing of it may be cached."""
    response.headers["Cache-Control"] = "no-store, private"
    with data.write(actor.database_scope()) as session:
        return RecordShown.of(read_whole_record(session, actor, student_id))


@router.post("/concerns/{concern_id}/referrals", status_code=201)
def post_referral(
    concern_id: UUID,
    body: ReferBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_REFERRAL_MAKE))],
) -> ReferralIdView:
    """Send a Concern to an agency."""
    command = ReferCommand(
        concern_id=concern_id,
        agency=body.agency,
        rationale=body.rationale,
        consent=body.consent,
        reference=body.reference,
    )
    with data.write(actor.database_scope()) as session:
        return ReferralIdView(referral_id=refer(session, actor, time, command))


@router.post("/referrals/{referral_id}/outcome", status_code=204)
def post_outcome(
    referral_id: UUID,
    body: RecordOutcomeBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_OUTCOME_RECORD))],
) -> None:
    """Write down what the agency answered; 409 when it cannot follow what stands."""
    command = RecordOutcomeCommand(
        referral_id=referral_id, decision=body.decision, what=body.what, outcome_at=body.outcome_at
    )
    with data.write(actor.database_scope()) as session:
        record_outcome(session, actor, time, command)
