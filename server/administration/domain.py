"""Rules of appointing: which roles need an Academy, and what a first password must be."""

from server.kit.errors import ConflictError, InvalidError
from server.organisation.domain import Role

PASSWORD_MIN_CHARACTERS = 12
PASSWORD_MAX_CHARACTERS = 256


class AlreadyAppointedError(ConflictError):
    """The person holds this very role there already."""

    code = "already_appointed"


def check_reach(role: Role, *, has_academy: bool) -> None:
    """DSLs and deputies are appointed to one Academy; everybody else to the Trust."""
    if role.is_of_an_academy and not has_academy:
        raise InvalidError(f"A {role.value} is appointed to an academy: name one.")
    if has_academy and not role.is_of_an_academy:
        raise InvalidError(f"A {role.value} is appointed to the trust: name no academy.")


def check_password(password: str) -> None:
    """Long is all we ask (NIST SP 800-63B §5.1.1.2); what is too long would only cost us work."""
    if not PASSWORD_MIN_CHARACTERS <= len(password) <= PASSWORD_MAX_CHARACTERS:
        raise InvalidError(
            f"A password has {PASSWORD_MIN_CHARACTERS} to {PASSWORD_MAX_CHARACTERS} characters."
        )


def check_address(email: str) -> str:
    """The address without its edges; InvalidError when it cannot be one."""
    address = email.strip()
    name, at, host = address.rpartition("@")
    if not (name and at and host) or any(character.isspace() for character in address):
        raise InvalidError("That is not an e-mail address.")
    return address
