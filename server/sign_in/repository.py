"""Every query on sessions and attempts. Runs as the system role: nobody is known yet."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.kit.db import WriteSession
from server.sign_in.tables import SessionRow, SignInAttemptRow


def find_session(session: Session, token_sha256: bytes) -> SessionRow | None:
    """The session of this token, live or not."""
    return session.get(SessionRow, token_sha256)


def insert_session(
    session: WriteSession, *, token_sha256: bytes, staff_id: UUID, at: datetime, expires_at: datetime
) -> None:
    """Write a new session."""
    session.add(
        SessionRow(
            token_sha256=token_sha256,
            staff_id=staff_id,
            created_at=at,
            last_seen_at=at,
            expires_at=expires_at,
        )
    )
    session.flush()


def touch_session(session: WriteSession, token_sha256: bytes, at: datetime) -> None:
    """Note that it was seen; time never runs backwards, whichever request comes last."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.token_sha256 == token_sha256, SessionRow.last_seen_at < at)
        .values(last_seen_at=at)
    )


def delete_session(session: WriteSession, token_sha256: bytes) -> None:
    """End one session."""
    session.execute(delete(SessionRow).where(SessionRow.token_sha256 == token_sha256))


def delete_ended_sessions(session: WriteSession, *, seen_before: datetime, expired_before: datetime) -> None:
    """Forget every session that nobody can use any more."""
    session.execute(
        delete(SessionRow).where(
            (SessionRow.last_seen_at < seen_before) | (SessionRow.expires_at < expired_before)
        )
    )


def insert_attempt(session: WriteSession, *, email_sha256: bytes, at: datetime, succeeded: bool) -> None:
    """Write down one try."""
    session.add(SignInAttemptRow(email_sha256=email_sha256, at=at, succeeded=succeeded))
    session.flush()


def count_failures(session: Session, email_sha256: bytes, since: datetime) -> int:
    """How many tries failed since then, or since the last success if that is later."""
    last_success = (
        select(func.max(SignInAttemptRow.at))
        .where(SignInAttemptRow.email_sha256 == email_sha256, SignInAttemptRow.succeeded.is_(True))
        .scalar_subquery()
    )
    return session.scalars(
        select(func.count())
        .select_from(SignInAttemptRow)
        .where(
            SignInAttemptRow.email_sha256 == email_sha256,
            SignInAttemptRow.succeeded.is_(False),
            SignInAttemptRow.at >= since,
            SignInAttemptRow.at > func.coalesce(last_success, datetime.min.replace(tzinfo=UTC)),
        )
    ).one()
