"""The board reads what happened lately and what is unfinished, and passes over the years before.

Two columns that follow from the others say which rows those are. The index on ``received_at`` made for
the board goes again: these two serve it better.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LATEST = """
ALTER TABLE response_time
  ADD COLUMN latest_at timestamptz GENERATED ALWAYS AS (greatest(
    received_at, claimed_at, graded_at, dismissed_at, raised_at, told_at, acknowledged_at, recorded_at,
    first_action_at, referred_at, outcome_at, closed_at, reopened_at)) STORED,
  ADD COLUMN is_unfinished boolean GENERATED ALWAYS AS (
    dismissed_at IS NULL AND (closed_at IS NULL OR coalesce(closed_at < reopened_at, false))) STORED
"""


def upgrade() -> None:
    """Add the columns and their indexes."""
    op.execute("SET lock_timeout = '5s'")
    op.execute(LATEST)
    op.execute("CREATE INDEX response_time_latest ON response_time (academy_id, latest_at)")
    op.execute("CREATE INDEX response_time_unfinished ON response_time (academy_id) WHERE is_unfinished")
    op.execute("DROP INDEX response_time_received")


def downgrade() -> None:
    """Take them back."""
    op.execute("CREATE INDEX response_time_received ON response_time (academy_id, received_at)")
    op.execute("ALTER TABLE response_time DROP COLUMN latest_at, DROP COLUMN is_unfinished")
