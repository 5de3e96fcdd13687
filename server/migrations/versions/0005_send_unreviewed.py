"""What is needed to send an event to its school when the time for a moderator's decision has run out.

``review_deadline`` holds one row for each event of a high predicted level until its time comes: the scan
looks at what is due and at nothing else, and a claim never touches it. An alert may now stand without a
grade; a later verdict enters it, and ``correction_due_at`` says that the school must hear of it.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DEADLINE = """
CREATE TABLE review_deadline (
  due_at timestamptz NOT NULL, event_id uuid NOT NULL, PRIMARY KEY (due_at, event_id));
ALTER TABLE review_deadline ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON review_deadline TO lantern_system;
CREATE POLICY review_deadline_system ON review_deadline TO lantern_system USING (true) WITH CHECK (true);
INSERT INTO review_deadline (due_at, event_id)
SELECT CASE e.severity WHEN 5 THEN r.received_at + interval '10 minutes'
                       WHEN 4 THEN r.received_at + interval '30 minutes'
                       ELSE r.received_at + interval '120 minutes' END, r.event_id
FROM review_item r JOIN event e ON e.id = r.event_id
WHERE r.state IN ('queued', 'claimed') AND e.severity >= 3;
"""
ALERT = """
ALTER TABLE alert
  ALTER COLUMN grade_id DROP NOT NULL,
  ADD COLUMN unreviewed_severity smallint CHECK (unreviewed_severity BETWEEN 1 AND 5),
  ADD COLUMN reviewed_at timestamptz,
  ADD COLUMN dismissal_reason text,
  ADD COLUMN correction_due_at timestamptz,
  ADD COLUMN chase_from timestamptz,
  ADD COLUMN chase_base smallint NOT NULL DEFAULT 0,
  ADD CONSTRAINT alert_graded_or_sent_unreviewed CHECK (grade_id IS NOT NULL OR unreviewed_severity IS NOT NULL),
  ADD CONSTRAINT alert_one_verdict CHECK (grade_id IS NULL OR dismissal_reason IS NULL);
CREATE INDEX alert_unreviewed ON alert (event_id) WHERE grade_id IS NULL AND dismissal_reason IS NULL;
CREATE INDEX alert_correction ON alert (correction_due_at) WHERE correction_due_at IS NOT NULL;
ALTER TABLE notice ADD COLUMN kind text NOT NULL DEFAULT 'alert' CHECK (kind IN ('alert', 'correction'));
"""
# An alert that went out unreviewed is not finished because its event was dismissed: somebody may be acting on it.
BOARD = """
ALTER TABLE response_time ADD COLUMN unreviewed_at timestamptz;
DROP INDEX response_time_unfinished;
ALTER TABLE response_time DROP COLUMN is_unfinished;
ALTER TABLE response_time ADD COLUMN is_unfinished boolean GENERATED ALWAYS AS (
  (dismissed_at IS NULL OR unreviewed_at IS NOT NULL)
  AND (closed_at IS NULL OR coalesce(closed_at < reopened_at, false))) STORED;
CREATE INDEX response_time_unfinished ON response_time (academy_id) WHERE is_unfinished;
"""


def upgrade() -> None:
    """Add the table, the columns, and deadlines for what waits now."""
    op.execute("SET lock_timeout = '5s'")
    for block in (DEADLINE, ALERT, BOARD):
        op.execute(block)


def downgrade() -> None:
    """An alert without a grade cannot be put back into the older shape."""
    raise NotImplementedError("restore a backup instead")
