"""What crosses HTTP to sign in."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SignInBody(BaseModel):
    """An address and a password. Neither is ever repeated in an answer or a log."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(min_length=3, max_length=254)
    password: SecretStr = Field(min_length=1, max_length=1024)
