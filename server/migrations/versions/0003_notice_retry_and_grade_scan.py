"""When a notice may next be tried, and the index that finds graded events nobody was told of.

``next_attempt_at`` is both back-off and lease: whoever moves it forward is the one who sends. The index
on ``grade`` lets the healing scan look at recent grades only.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and two indexes."""
    op.execute("SET lock_timeout = '5s'")
    op.execute("ALTER TABLE notice ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT now()")
    op.execute("DROP INDEX notice_pending")
    op.execute("CREATE INDEX notice_pending ON notice (next_attempt_at) WHERE state = 'pending'")
    op.execute("CREATE INDEX grade_graded ON grade (graded_at)")


def downgrade() -> None:
    """Take them back."""
    op.execute("DROP INDEX grade_graded")
    op.execute("DROP INDEX notice_pending")
    op.execute("CREATE INDEX notice_pending ON notice (created_at) WHERE state = 'pending'")
    op.execute("ALTER TABLE notice DROP COLUMN next_attempt_at")
