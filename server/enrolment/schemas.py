"""What crosses HTTP when a device enrols or asks for an access token."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Base64Bytes, BaseModel, Field, StringConstraints

Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class EnrolRequest(BaseModel):
    """A device's request to be admitted."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    public_key: Annotated[Base64Bytes, Field(max_length=64)]
    proof: Annotated[Base64Bytes, Field(max_length=128)]
    platform: Label
    agent_version: Label


class EnrolAnswer(BaseModel):
    """The device's name and the key to seal to."""

    device_id: UUID
    academy_label: str
    server_key: str
    server_time: datetime


class TokenRequest(BaseModel):
    """A device's request for an access token."""

    device_id: UUID
    ts: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    signature: Annotated[Base64Bytes, Field(max_length=128)]


class TokenAnswer(BaseModel):
    """A bearer token and how long it holds."""

    access_token: str
    expires_in: int
