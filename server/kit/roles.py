"""The login roles' passwords, derived and never stored: whoever holds the master key can enter, nobody else."""

import hashlib
import hmac

from sqlalchemy import create_engine, text

from server.kit.database_urls import for_role
from server.kit.db import APP_ROLE, BROKER_ROLE, SYSTEM_ROLE

LOGIN_ROLES = (APP_ROLE, SYSTEM_ROLE, BROKER_ROLE)


def role_password(master_key: bytes, role: str) -> str:
    """64 hex digits, the same for the same key and role."""
    return hmac.new(master_key, b"role:" + role.encode(), hashlib.sha256).hexdigest()


def role_url(owner_url: str, master_key: bytes, role: str) -> str:
    """The owner's address, entered as one of the login roles."""
    return for_role(owner_url, role, role_password(master_key, role))


def let_roles_log_in(owner_url: str, master_key: bytes) -> None:
    """Give each login role its derived password. Run after migrating, and again after the key changes."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            for role in LOGIN_ROLES:
                # Names are constants and the password is hex: a utility statement takes no parameters.
                password = role_password(master_key, role)
                connection.execute(text(f"ALTER ROLE {role} LOGIN PASSWORD '{password}'"))
    finally:
        engine.dispose()
