"""The board's one door."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from server.access.dependencies import clock, database, requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import Database
from server.metrics.board import board
from server.metrics.domain import MAX_WEEKS
from server.metrics.schemas import BoardView

router = APIRouter(prefix="/api", tags=["metrics"])


@router.get("/board")
def get_board(
    data: Annotated[Database, Depends(database)],
    time: Annotated[Clock, Depends(clock)],
    actor: Annotated[Actor, Depends(requires(Permission.BOARD_TIMES_READ))],
    weeks: Annotated[int, Query(ge=1, le=MAX_WEEKS)] = 6,
) -> BoardView:
    """Counts and response times of every academy that the reader answers for."""
    with data.read(actor.database_scope()) as session:
        return BoardView.of(board(session, actor, time, weeks=weeks))
