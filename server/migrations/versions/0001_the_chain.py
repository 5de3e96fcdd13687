"""The whole chain's tables, with row-level security from the first line.

Three roles. ``lantern_app`` serves people: every table it may read has a policy on the transaction's
``app.*`` settings, and without them it sees nothing. ``lantern_system`` serves devices and background
work. ``lantern_broker`` owns the task queue's schema and can read none of this. History is append-only
by privilege: nobody but the owner holds UPDATE or DELETE on it.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = """
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['lantern_app', 'lantern_system', 'lantern_broker'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', r);
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO lantern_app, lantern_system;

CREATE FUNCTION app_uuids(setting text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_to_array(nullif(current_setting(setting, true), ''), ',')::uuid[], '{}')
$$;
CREATE FUNCTION app_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.actor_id', true), '')::uuid
$$;
"""

ORGANISATION = """
CREATE TABLE trust (
  id uuid PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE academy (
  id uuid PRIMARY KEY, trust_id uuid NOT NULL REFERENCES trust, name text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('primary','secondary','all_through','sixteen_plus','special')),
  urn text NOT NULL DEFAULT '', created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX academy_trust ON academy (trust_id);
CREATE TABLE staff (
  id uuid PRIMARY KEY, email text NOT NULL, display_name text NOT NULL, password_hash text NOT NULL,
  is_active boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now());
CREATE UNIQUE INDEX staff_email ON staff (lower(email));
CREATE TABLE appointment (
  id uuid PRIMARY KEY, staff_id uuid NOT NULL REFERENCES staff,
  role text NOT NULL CHECK (role IN ('moderator','moderation_lead','dsl','deputy_dsl','trust_officer')),
  trust_id uuid NOT NULL REFERENCES trust, academy_id uuid REFERENCES academy,
  starts_on date NOT NULL DEFAULT current_date, ends_on date,
  CHECK ((role IN ('dsl','deputy_dsl')) = (academy_id IS NOT NULL)));
CREATE INDEX appointment_staff ON appointment (staff_id);
CREATE INDEX appointment_academy ON appointment (academy_id) WHERE academy_id IS NOT NULL;
CREATE TABLE session (
  token_sha256 bytea PRIMARY KEY, staff_id uuid NOT NULL REFERENCES staff,
  created_at timestamptz NOT NULL, last_seen_at timestamptz NOT NULL, expires_at timestamptz NOT NULL);
CREATE TABLE sign_in_attempt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email_sha256 bytea NOT NULL,
  at timestamptz NOT NULL, succeeded boolean NOT NULL);
CREATE INDEX sign_in_attempt_email ON sign_in_attempt (email_sha256, at);
CREATE TABLE audit_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
  actor_kind text NOT NULL CHECK (actor_kind IN ('staff','device','system')), actor_id uuid,
  verb text NOT NULL, subject_kind text NOT NULL, subject_id uuid,
  trust_id uuid, academy_id uuid, details jsonb NOT NULL DEFAULT '{}');
CREATE INDEX audit_entry_subject ON audit_entry (subject_id);
"""

MIS = """
CREATE TABLE student (
  id uuid PRIMARY KEY, academy_id uuid NOT NULL REFERENCES academy, trust_id uuid NOT NULL REFERENCES trust,
  mis_id text NOT NULL, upn text, given_name text NOT NULL, family_name text NOT NULL, date_of_birth date,
  year_group smallint, registration_group text, pseudonym text NOT NULL UNIQUE, left_on date,
  synced_at timestamptz NOT NULL, UNIQUE (academy_id, mis_id));
CREATE INDEX student_name ON student (academy_id, lower(family_name), lower(given_name));
CREATE TABLE student_account (
  academy_id uuid NOT NULL REFERENCES academy, account text NOT NULL CHECK (account = lower(account)),
  student_id uuid NOT NULL REFERENCES student, PRIMARY KEY (academy_id, account));
CREATE TABLE attendance_summary (
  student_id uuid PRIMARY KEY REFERENCES student, academy_id uuid NOT NULL REFERENCES academy,
  sessions_possible int NOT NULL, sessions_present int NOT NULL, sessions_authorised_absence int NOT NULL,
  sessions_unauthorised_absence int NOT NULL, late int NOT NULL, as_at timestamptz NOT NULL);
CREATE TABLE behaviour_entry (
  id uuid PRIMARY KEY, student_id uuid NOT NULL REFERENCES student, academy_id uuid NOT NULL REFERENCES academy,
  mis_id text NOT NULL, occurred_on date NOT NULL, kind text NOT NULL, points int NOT NULL DEFAULT 0,
  note text NOT NULL DEFAULT '', UNIQUE (academy_id, mis_id));
CREATE INDEX behaviour_entry_student ON behaviour_entry (student_id, occurred_on);
"""

DEVICES = """
CREATE TABLE enrolment_token (
  token_sha256 bytea PRIMARY KEY, academy_id uuid NOT NULL REFERENCES academy,
  trust_id uuid NOT NULL REFERENCES trust, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  max_uses int NOT NULL DEFAULT 1 CHECK (max_uses > 0), uses int NOT NULL DEFAULT 0 CHECK (uses <= max_uses));
CREATE TABLE device (
  id uuid PRIMARY KEY, academy_id uuid NOT NULL REFERENCES academy, trust_id uuid NOT NULL REFERENCES trust,
  public_key bytea NOT NULL UNIQUE, platform text NOT NULL, agent_version text NOT NULL,
  enrolled_at timestamptz NOT NULL, revoked_at timestamptz, last_seen_at timestamptz,
  state text NOT NULL DEFAULT 'enrolled', counters jsonb NOT NULL DEFAULT '{}',
  reasons text[] NOT NULL DEFAULT '{}');
CREATE TABLE record_key (
  id uuid PRIMARY KEY, wrapped bytea, created_at timestamptz NOT NULL DEFAULT now(), destroyed_at timestamptz,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)));
CREATE TABLE event (
  id uuid PRIMARY KEY, device_id uuid NOT NULL REFERENCES device,
  academy_id uuid NOT NULL REFERENCES academy, trust_id uuid NOT NULL REFERENCES trust,
  student_id uuid REFERENCES student, student_pseudonym text NOT NULL DEFAULT '', age_band text NOT NULL,
  occurred_at timestamptz NOT NULL, received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  theme text NOT NULL, severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
  probability real NOT NULL, pack_version text NOT NULL, reasons text[] NOT NULL DEFAULT '{}',
  application text NOT NULL, dedup_key text NOT NULL DEFAULT '', schema_version smallint NOT NULL,
  key_id uuid NOT NULL REFERENCES record_key, body bytea NOT NULL, evidence_sha256 text, signature bytea NOT NULL);
CREATE INDEX event_student ON event (student_id, occurred_at) WHERE student_id IS NOT NULL;
CREATE INDEX event_evidence ON event (evidence_sha256) WHERE evidence_sha256 IS NOT NULL;
CREATE TABLE evidence (
  event_id uuid PRIMARY KEY REFERENCES event, trust_id uuid NOT NULL, academy_id uuid NOT NULL,
  blob_name text NOT NULL, content_type text NOT NULL, size_bytes int NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device_id uuid NOT NULL, event_id uuid, code text NOT NULL,
  at timestamptz NOT NULL DEFAULT now());
"""

MODERATION = """
CREATE TABLE review_item (
  event_id uuid PRIMARY KEY REFERENCES event, trust_id uuid NOT NULL, academy_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','claimed','graded','dismissed')),
  band smallint NOT NULL, sort_at timestamptz NOT NULL, received_at timestamptz NOT NULL,
  claimed_by uuid REFERENCES staff, claim_token uuid, claim_expires_at timestamptz, claimed_at timestamptz,
  attempts int NOT NULL DEFAULT 0, decided_at timestamptz, version int NOT NULL DEFAULT 0,
  CHECK ((state = 'claimed') = (claim_token IS NOT NULL)),
  CHECK ((state IN ('graded','dismissed')) = (decided_at IS NOT NULL)));
CREATE INDEX review_item_queued ON review_item (trust_id, band, sort_at, event_id) WHERE state = 'queued';
CREATE INDEX review_item_order ON review_item (band, sort_at, event_id) WHERE state = 'queued';
CREATE INDEX review_item_claimed ON review_item (claim_expires_at) WHERE state = 'claimed';
CREATE TABLE grade (
  id uuid PRIMARY KEY, event_id uuid NOT NULL UNIQUE REFERENCES event, trust_id uuid NOT NULL,
  academy_id uuid NOT NULL, moderator_id uuid NOT NULL REFERENCES staff, category text NOT NULL,
  theme text NOT NULL, severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 5), message bytea NOT NULL,
  subject_role text NOT NULL, authenticity text NOT NULL, immediacy text NOT NULL,
  call_required boolean NOT NULL, call_reason text, graded_at timestamptz NOT NULL);
CREATE TABLE dismissal (
  id uuid PRIMARY KEY, event_id uuid NOT NULL UNIQUE REFERENCES event, trust_id uuid NOT NULL,
  academy_id uuid NOT NULL, moderator_id uuid NOT NULL REFERENCES staff, reason text NOT NULL,
  dismissed_at timestamptz NOT NULL);
"""

SCHOOL = """
CREATE TABLE alert (
  id uuid PRIMARY KEY, event_id uuid NOT NULL UNIQUE REFERENCES event, grade_id uuid NOT NULL UNIQUE REFERENCES grade,
  academy_id uuid NOT NULL REFERENCES academy, trust_id uuid NOT NULL REFERENCES trust,
  student_id uuid REFERENCES student, category text NOT NULL, theme text NOT NULL, severity smallint NOT NULL,
  state text NOT NULL DEFAULT 'raised' CHECK (state IN ('raised','told','acknowledged','recorded','no_further_action')),
  occurred_at timestamptz NOT NULL, raised_at timestamptz NOT NULL, told_at timestamptz,
  acknowledged_at timestamptz, acknowledged_by uuid REFERENCES staff, recorded_at timestamptz,
  closed_at timestamptz, closed_reason text, acknowledge_due_at timestamptz, next_chase_at timestamptz,
  chase_step smallint NOT NULL DEFAULT 0);
CREATE INDEX alert_academy ON alert (academy_id, raised_at);
CREATE INDEX alert_chase ON alert (next_chase_at) WHERE acknowledged_at IS NULL AND next_chase_at IS NOT NULL;
CREATE TABLE notice (
  id uuid PRIMARY KEY, alert_id uuid NOT NULL REFERENCES alert, academy_id uuid NOT NULL, trust_id uuid NOT NULL,
  staff_id uuid NOT NULL REFERENCES staff, channel text NOT NULL CHECK (channel IN ('email')), step smallint NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','sent','failed')),
  created_at timestamptz NOT NULL, sent_at timestamptz, attempts int NOT NULL DEFAULT 0, error_code text,
  UNIQUE (alert_id, staff_id, channel, step));
CREATE INDEX notice_pending ON notice (created_at) WHERE state = 'pending';
CREATE TABLE acknowledgement (
  alert_id uuid PRIMARY KEY REFERENCES alert, academy_id uuid NOT NULL, staff_id uuid NOT NULL REFERENCES staff,
  via text NOT NULL CHECK (via IN ('link','page')), acknowledged_at timestamptz NOT NULL);
CREATE TABLE concern (
  id uuid PRIMARY KEY, academy_id uuid NOT NULL REFERENCES academy, trust_id uuid NOT NULL REFERENCES trust,
  student_id uuid NOT NULL REFERENCES student, alert_id uuid UNIQUE REFERENCES alert, category text NOT NULL,
  theme text NOT NULL, severity smallint NOT NULL, summary text NOT NULL, occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL, recorded_by uuid NOT NULL REFERENCES staff);
CREATE INDEX concern_student ON concern (student_id, occurred_at);
CREATE TABLE action (
  id uuid PRIMARY KEY, concern_id uuid NOT NULL REFERENCES concern, academy_id uuid NOT NULL REFERENCES academy,
  trust_id uuid NOT NULL, student_id uuid NOT NULL REFERENCES student, what text NOT NULL,
  owner_id uuid NOT NULL REFERENCES staff, due_on date, added_at timestamptz NOT NULL,
  added_by uuid NOT NULL REFERENCES staff);
CREATE INDEX action_concern ON action (concern_id);
CREATE TABLE concern_entry (
  id uuid PRIMARY KEY, concern_id uuid NOT NULL REFERENCES concern, academy_id uuid NOT NULL REFERENCES academy,
  student_id uuid NOT NULL REFERENCES student,
  kind text NOT NULL CHECK (kind IN ('note','action_done','closed','reopened')), action_id uuid REFERENCES action,
  text text NOT NULL, outcome_code text, occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
  recorded_by uuid NOT NULL REFERENCES staff,
  CHECK ((kind = 'action_done') = (action_id IS NOT NULL)));
CREATE INDEX concern_entry_concern ON concern_entry (concern_id, recorded_at);
CREATE UNIQUE INDEX concern_entry_action_done ON concern_entry (action_id) WHERE kind = 'action_done';
CREATE TABLE referral (
  id uuid PRIMARY KEY, concern_id uuid NOT NULL REFERENCES concern, academy_id uuid NOT NULL REFERENCES academy,
  trust_id uuid NOT NULL, student_id uuid NOT NULL REFERENCES student,
  agency text NOT NULL CHECK (agency IN ('local_authority','early_help','health','police','lado','prevent','nspcc')),
  reference text NOT NULL DEFAULT '', rationale text NOT NULL,
  consent text NOT NULL CHECK (consent IN ('obtained','not_sought_risk','refused_overridden')),
  referred_at timestamptz NOT NULL, referred_by uuid NOT NULL REFERENCES staff, decision_due_at timestamptz NOT NULL);
CREATE INDEX referral_concern ON referral (concern_id);
CREATE TABLE outcome (
  id uuid PRIMARY KEY, referral_id uuid NOT NULL REFERENCES referral, academy_id uuid NOT NULL REFERENCES academy,
  trust_id uuid NOT NULL, student_id uuid NOT NULL REFERENCES student,
  decision text NOT NULL CHECK (decision IN ('accepted','declined','outcome')), what text NOT NULL,
  outcome_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL, recorded_by uuid NOT NULL REFERENCES staff);
CREATE INDEX outcome_referral ON outcome (referral_id);
CREATE TABLE response_time (
  event_id uuid PRIMARY KEY, trust_id uuid NOT NULL, academy_id uuid NOT NULL,
  category text, theme text, severity smallint, occurred_at timestamptz, received_at timestamptz,
  claimed_at timestamptz, graded_at timestamptz, dismissed_at timestamptz, raised_at timestamptz,
  told_at timestamptz, acknowledged_at timestamptz, recorded_at timestamptz, first_action_at timestamptz,
  referred_at timestamptz, outcome_at timestamptz, closed_at timestamptz);
CREATE INDEX response_time_academy ON response_time (academy_id, raised_at);
"""

PLUMBING = """
CREATE TABLE outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  name text NOT NULL, payload jsonb NOT NULL, trust_id uuid, academy_id uuid,
  announced_at timestamptz NOT NULL DEFAULT clock_timestamp(), dispatched_at timestamptz);
CREATE INDEX outbox_cursor ON outbox (xid, seq);
CREATE INDEX outbox_undispatched ON outbox (seq) WHERE dispatched_at IS NULL;
CREATE TABLE process_heartbeat (name text PRIMARY KEY, at timestamptz NOT NULL);
CREATE TABLE demonstration (key text PRIMARY KEY, value jsonb NOT NULL);
"""

# Whose rows a person's transaction may see. No policy, no rows.
# The inner SELECT makes PostgreSQL read the setting once for a statement and not once for a row.
REVIEW = "trust_id = ANY ((SELECT app_uuids('app.review_trusts'))::uuid[])"
RECORD = "academy_id = ANY ((SELECT app_uuids('app.record_academies'))::uuid[])"
BOARD = "academy_id = ANY ((SELECT app_uuids('app.board_academies'))::uuid[])"
SYSTEM_TABLES = (
    "trust academy staff appointment session sign_in_attempt audit_entry student student_account"
    " attendance_summary behaviour_entry enrolment_token device record_key event evidence dead_letter review_item"
    " grade dismissal alert notice acknowledgement concern action concern_entry referral outcome response_time"
    " outbox process_heartbeat demonstration"
).split()
APPEND_ONLY = frozenset(
    "audit_entry event grade dismissal acknowledgement concern action concern_entry referral outcome".split()
)

# table: (command, USING or WITH CHECK). Only these reach lantern_app.
POLICIES: tuple[tuple[str, str, str], ...] = (
    (
        "trust",
        "SELECT",
        "id = ANY (app_uuids('app.review_trusts')) OR id IN (SELECT a.trust_id FROM academy a)",
    ),
    ("academy", "SELECT", f"{RECORD.replace('academy_id', 'id')} OR {BOARD.replace('academy_id', 'id')}"),
    ("appointment", "SELECT", f"staff_id = app_actor() OR {RECORD}"),
    ("staff", "SELECT", "id = app_actor() OR id IN (SELECT p.staff_id FROM appointment p)"),
    ("student", "SELECT", RECORD),
    ("attendance_summary", "SELECT", RECORD),
    ("behaviour_entry", "SELECT", RECORD),
    ("alert", "SELECT", RECORD),
    ("alert", "UPDATE", RECORD),
    ("event", "SELECT", f"{REVIEW} OR id IN (SELECT al.event_id FROM alert al)"),  # noqa: S608 - our own constant
    ("evidence", "SELECT", "event_id IN (SELECT e.id FROM event e)"),
    ("record_key", "SELECT", "id IN (SELECT e.key_id FROM event e)"),
    ("review_item", "SELECT", REVIEW),
    ("review_item", "UPDATE", REVIEW),
    ("grade", "SELECT", f"{REVIEW} OR {RECORD}"),
    ("grade", "INSERT", f"{REVIEW} AND moderator_id = app_actor()"),
    ("dismissal", "SELECT", REVIEW),
    ("dismissal", "INSERT", f"{REVIEW} AND moderator_id = app_actor()"),
    ("notice", "SELECT", RECORD),
    ("acknowledgement", "SELECT", RECORD),
    ("acknowledgement", "INSERT", f"{RECORD} AND staff_id = app_actor()"),
    ("concern", "SELECT", RECORD),
    ("concern", "INSERT", f"{RECORD} AND recorded_by = app_actor()"),
    ("action", "SELECT", RECORD),
    ("action", "INSERT", f"{RECORD} AND added_by = app_actor()"),
    ("concern_entry", "SELECT", RECORD),
    ("concern_entry", "INSERT", f"{RECORD} AND recorded_by = app_actor()"),
    ("referral", "SELECT", RECORD),
    ("referral", "INSERT", f"{RECORD} AND referred_by = app_actor()"),
    ("outcome", "SELECT", RECORD),
    ("outcome", "INSERT", f"{RECORD} AND recorded_by = app_actor()"),
    ("response_time", "SELECT", BOARD),
    ("audit_entry", "INSERT", "actor_kind = 'staff' AND actor_id = app_actor()"),
    ("outbox", "INSERT", "app_actor() IS NOT NULL"),
)


def upgrade() -> None:
    """Make everything."""
    op.execute("SET lock_timeout = '5s'")
    for block in (ROLES, ORGANISATION, MIS, DEVICES, MODERATION, SCHOOL, PLUMBING):
        op.execute(block)
    for table in SYSTEM_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE"
        op.execute(f"GRANT {rights} ON {table} TO lantern_system")
        op.execute(
            f"CREATE POLICY {table}_system ON {table} TO lantern_system USING (true) WITH CHECK (true)"
        )
    op.execute("GRANT DELETE ON session, student_account TO lantern_system")
    for table, command, rule in POLICIES:
        clause = f"WITH CHECK ({rule})" if command == "INSERT" else f"USING ({rule})"
        op.execute(
            f"CREATE POLICY {table}_app_{command.lower()} ON {table} FOR {command} TO lantern_app {clause}"
        )
        op.execute(f"GRANT {command} ON {table} TO lantern_app")


def downgrade() -> None:
    """There is no way back from the first migration but an empty database."""
    raise NotImplementedError("restore a backup instead")
