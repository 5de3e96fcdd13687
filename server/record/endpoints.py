"""The record's doors: find a Student, open and write Concerns, and add to them. Reading a whole record
is escalation's door, because referrals stand in it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from server.access.dependencies import clock, database, requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import Database
from server.record.add_action import AddActionCommand, add_action
from server.record.add_note import AddNoteCommand, add_note
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.complete_action import CompleteActionCommand, complete_action
from server.record.open_concern import OpenConcernCommand, open_concern
from server.record.reopen_concern import ReopenConcernCommand, reopen_concern
from server.record.repository import list_record_keepers, search_students
from server.record.schemas import (
    ActionIdView,
    AddActionBody,
    AddNoteBody,
    CloseConcernBody,
    ColleaguesView,
    ColleagueView,
    CompleteActionBody,
    ConcernIdView,
    EntryIdView,
    FindStudentsBody,
    FoundStudentsView,
    FoundStudentView,
    OpenConcernBody,
    OpenedConcernView,
    ReopenConcernBody,
    WriteConcernBody,
)
from server.record.write_concern import WriteConcernCommand, write_concern

router = APIRouter(prefix="/api", tags=["record"])

Data = Annotated[Database, Depends(database)]
Time = Annotated[Clock, Depends(clock)]


# A search is a POST: what is looked for is somebody's name, and names stand in no URL.
@router.post("/students/search")
def post_students_search(
    body: FindStudentsBody,
    data: Data,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_STUDENT_FIND))],
) -> FoundStudentsView:
    """Students of one's own academies by name."""
    words = " ".join(body.q.split())
    if len(words) < 2:
        return FoundStudentsView(items=[])
    with data.read(actor.database_scope()) as session:
        found = search_students(session, words)
        return FoundStudentsView(items=[FoundStudentView.of(row, name) for row, name in found])


@router.get("/colleagues")
def get_colleagues(
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_COLLEAGUE_READ))],
) -> ColleaguesView:
    """Who else keeps the records of one's own academies."""
    with data.read(actor.database_scope()) as session:
        found = list_record_keepers(session, actor.record_academies, time.now().date())
        return ColleaguesView(items=[ColleagueView.of(colleague) for colleague in found])


@router.post("/alerts/{alert_id}/record")
def post_alert_record(
    alert_id: UUID,
    body: OpenConcernBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_CONCERN_OPEN))],
) -> OpenedConcernView:
    """Take an Alert into the Student's record; 409 when somebody already did."""
    command = OpenConcernCommand(alert_id=alert_id, summary=body.summary, student_id=body.student_id)
    with data.write(actor.database_scope()) as session:
        opened = open_concern(session, actor, time, command)
    return OpenedConcernView(concern_id=opened.concern_id, student_id=opened.student_id)


@router.post("/students/{student_id}/concerns", status_code=201)
def post_concern(
    student_id: UUID,
    body: WriteConcernBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_CONCERN_OPEN))],
) -> ConcernIdView:
    """Write a Concern by hand."""
    command = WriteConcernCommand(
        student_id=student_id,
        category=body.category,
        theme=body.theme,
        severity=body.severity,
        summary=body.summary,
        occurred_at=body.occurred_at,
    )
    with data.write(actor.database_scope()) as session:
        return ConcernIdView(concern_id=write_concern(session, actor, time, command))


@router.post("/concerns/{concern_id}/actions", status_code=201)
def post_action(
    concern_id: UUID,
    body: AddActionBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_ACTION_ADD))],
) -> ActionIdView:
    """Write down what somebody is to do."""
    command = AddActionCommand(
        concern_id=concern_id, what=body.what, owner_id=body.owner_id, due_on=body.due_on
    )
    with data.write(actor.database_scope()) as session:
        return ActionIdView(action_id=add_action(session, actor, time, command))


@router.post("/actions/{action_id}/done", status_code=201)
def post_action_done(
    action_id: UUID,
    body: CompleteActionBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_ACTION_COMPLETE))],
) -> EntryIdView:
    """Mark an Action as done; 409 the second time."""
    with data.write(actor.database_scope()) as session:
        command = CompleteActionCommand(action_id=action_id, text=body.text)
        return EntryIdView(entry_id=complete_action(session, actor, time, command))


@router.post("/concerns/{concern_id}/notes", status_code=201)
def post_note(
    concern_id: UUID,
    body: AddNoteBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_NOTE_ADD))],
) -> EntryIdView:
    """Add a note."""
    with data.write(actor.database_scope()) as session:
        command = AddNoteCommand(concern_id=concern_id, text=body.text, occurred_at=body.occurred_at)
        return EntryIdView(entry_id=add_note(session, actor, time, command))


@router.post("/concerns/{concern_id}/close", status_code=201)
def post_close(
    concern_id: UUID,
    body: CloseConcernBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_CONCERN_CLOSE))],
) -> EntryIdView:
    """Close a Concern with its outcome."""
    with data.write(actor.database_scope()) as session:
        command = CloseConcernCommand(concern_id=concern_id, outcome_code=body.outcome_code, text=body.text)
        return EntryIdView(entry_id=close_concern(session, actor, time, command))


@router.post("/concerns/{concern_id}/reopen", status_code=201)
def post_reopen(
    concern_id: UUID,
    body: ReopenConcernBody,
    data: Data,
    time: Time,
    actor: Annotated[Actor, Depends(requires(Permission.RECORD_CONCERN_CLOSE))],
) -> EntryIdView:
    """Open a closed Concern again."""
    with data.write(actor.database_scope()) as session:
        command = ReopenConcernCommand(concern_id=concern_id, text=body.text)
        return EntryIdView(entry_id=reopen_concern(session, actor, time, command))
