// What crosses HTTP, as the people's API says it. One place, so that a changed shape is one edit.

export interface Appointment {
  role: string;
  trust_id: string;
  trust_name: string;
  academy_id: string | null;
  academy_name: string | null;
}

export interface Me {
  staff_id: string;
  display_name: string;
  appointments: Appointment[];
  permissions: string[];
}

export interface Labelled {
  id: string;
  label: string;
}

export interface Theme extends Labelled {
  category: string;
}

export interface SeverityMeaning {
  value: number;
  label: string;
  meaning: string;
}

export interface Taxonomy {
  version: number;
  categories: Labelled[];
  themes: Theme[];
  severities: SeverityMeaning[];
  subject_roles: Labelled[];
  authenticities: Labelled[];
  immediacies: Labelled[];
  dismissal_reasons: Labelled[];
  call_reasons?: Labelled[];
  agencies: Labelled[];
  consents: Labelled[];
  decisions: Labelled[];
  outcome_codes: Labelled[];
}

export interface QueueItem {
  event_id: string;
  received_at: string;
  due_at: string;
  theme: string;
  category: string;
  severity: number;
  probability: number;
  age_band: string;
  application: string;
  state: string;
  claimed_by_me: boolean;
}

export interface Queue {
  counts: { queued: number; claimed: number };
  items: QueueItem[];
}

export interface Claim {
  event_id: string;
  claim_token: string;
  expires_at: string;
}

export interface Mark {
  start: number;
  end: number;
  theme: string;
}

export interface ContextLine {
  text: string;
  typed_at: string;
}

export interface Suggestion {
  category: string;
  theme: string;
  severity: number;
  probability: number;
  reasons: string[];
}

export interface ReviewEvent {
  event_id: string;
  student_pseudonym: string;
  age_band: string;
  application: string;
  host: string;
  window_title: string;
  passage: string;
  deleted_text: string;
  marks: Mark[];
  context: ContextLine[];
  occurred_at: string;
  received_at: string;
  due_at: string;
  suggestion: Suggestion | null;
  earlier_events: number;
  has_screenshot: boolean;
  screenshot_arrived: boolean;
}

export interface GradeCommand {
  claim_token: string;
  category: string;
  theme: string;
  severity: number;
  message: string;
  subject_role: string;
  authenticity: string;
  immediacy: string;
  call_required: boolean;
  call_reason: string | null;
}

export interface StudentName {
  id: string;
  display_name: string;
  year_group: number | null;
}

export interface AlertRow {
  alert_id: string;
  academy_id: string;
  academy_name: string;
  student: StudentName | null;
  category: string;
  theme: string;
  severity: number;
  state: string;
  occurred_at: string;
  raised_at: string;
  told_at: string | null;
  acknowledged_at: string | null;
  acknowledge_due_at: string | null;
  acknowledged_by_name: string | null;
}

export interface Notice {
  staff_name: string;
  channel: string;
  state: string;
  sent_at: string | null;
  step: number;
}

export interface Facets {
  subject_role: string;
  authenticity: string;
  immediacy: string;
  call_required: boolean;
  call_reason: string | null;
}

export interface AlertPage extends AlertRow {
  event_id: string;
  message: string;
  passage: string;
  marks: Mark[];
  context: ContextLine[];
  application: string;
  window_title: string;
  has_screenshot: boolean;
  facets: Facets;
  notices: Notice[];
  concern_id: string | null;
  events_before: number;
}

export interface StudentRow {
  id: string;
  display_name: string;
  year_group: number | null;
  registration_group: string | null;
  academy_name: string;
}

export interface Attendance {
  percent: number | null;
  sessions_possible: number;
  sessions_present: number;
  authorised: number;
  unauthorised: number;
  late: number;
  as_at: string;
}

export interface Behaviour {
  occurred_on: string;
  kind: string;
  points: number;
  note: string;
}

export interface ConcernAction {
  id: string;
  what: string;
  owner_name: string;
  due_on: string | null;
  done_at: string | null;
}

export interface Outcome {
  decision: string;
  what: string;
  outcome_at: string;
  recorded_by_name: string;
}

export interface Referral {
  id: string;
  agency: string;
  reference: string;
  rationale: string;
  consent: string;
  state: string;
  referred_at: string;
  decision_due_at: string;
  outcomes: Outcome[];
}

export interface Concern {
  id: string;
  category: string;
  theme: string;
  severity: number;
  summary: string;
  state: string;
  alert_id: string | null;
  occurred_at: string;
  recorded_at: string;
  recorded_by_name: string;
  actions: ConcernAction[];
  referrals: Referral[];
}

export interface ChronologyEntry {
  at: string;
  /** Null where the source (the MIS) does not say when it was written down. */
  recorded_at: string | null;
  kind: string;
  title: string;
  detail: string;
  by: string;
  concern_id: string | null;
  late_entry: boolean;
}

export interface StudentRecord {
  student: StudentRow & { date_of_birth: string | null };
  attendance: Attendance | null;
  behaviour: Behaviour[];
  concerns: Concern[];
  chronology: ChronologyEntry[];
}

export interface Colleague {
  staff_id: string;
  display_name: string;
  role: string;
}

export interface ResponseTime {
  p50_s: number | null;
  p95_s: number | null;
  n: number;
  open: number;
  oldest_open_s?: number | null;
}

export type StepName = "grade" | "tell" | "acknowledge" | "record" | "action";

export interface BoardAcademy {
  academy_id: string;
  name: string;
  phase: string;
  alerts: Record<string, number>;
  open: number;
  unacknowledged: number;
  overdue: number;
  concerns_open: number;
  referrals: number;
  times: Partial<Record<StepName, ResponseTime>>;
}

export interface BoardWeek {
  week_start: string;
  by_severity: Record<string, number>;
}

export interface BoardTotals {
  events: number;
  dismissed: number;
  alerts: number;
  open: number;
  overdue: number;
}

export interface Board {
  as_at: string;
  academies: BoardAcademy[];
  weeks: BoardWeek[];
  totals: BoardTotals;
  definitions: Record<string, string>;
}
