"""What the board needs to count lateness without reading alerts, and what the purge may delete.

A trust officer has no alert rows, so the time an acknowledgement is due travels into the read model.
``reopened_at`` lets "open" survive a concern that was closed and opened again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two times to the read model and two rights to the background role."""
    op.execute("SET lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE response_time"
        " ADD COLUMN acknowledge_due_at timestamptz, ADD COLUMN reopened_at timestamptz"
    )
    op.execute("CREATE INDEX response_time_received ON response_time (academy_id, received_at)")
    # The purge removes what only machinery ever needed; every other table keeps its lack of DELETE.
    op.execute("GRANT DELETE ON sign_in_attempt, outbox TO lantern_system")


def downgrade() -> None:
    """Take both back."""
    op.execute("REVOKE DELETE ON sign_in_attempt, outbox FROM lantern_system")
    op.execute("DROP INDEX response_time_received")
    op.execute("ALTER TABLE response_time DROP COLUMN acknowledge_due_at, DROP COLUMN reopened_at")
