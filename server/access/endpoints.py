"""Who am I: the one door of this room."""

from typing import Annotated

from fastapi import APIRouter, Depends

from server.access.dependencies import requires
from server.access.permissions import Permission
from server.access.schemas import ActorView
from server.access.scope import Actor

router = APIRouter(prefix="/api", tags=["access"])


@router.get("/me")
def get_me(actor: Annotated[Actor, Depends(requires(Permission.OWN_PROFILE_READ))]) -> ActorView:
    """The member of staff behind the session, their roles and what these allow."""
    return ActorView.of(actor)
