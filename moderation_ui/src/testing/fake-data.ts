// Invented people and mild text for looking at the pages without a server. Nobody here exists.
import type {
  AlertPage,
  Board,
  BoardAcademy,
  Me,
  QueueItem,
  ReviewEvent,
  StudentRecord,
  StudentRow,
  Taxonomy,
} from "../lib/api-types";

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const ahead = (minutes: number): string => ago(-minutes);
const day = (daysAgo: number): string => ago(daysAgo * 1440).slice(0, 10);

const words = (ids: string[]) =>
  ids.map((id) => ({ id, label: id.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()) }));

export const taxonomy: Taxonomy = {
  version: 1,
  categories: [
    { id: "VP", label: "Vulnerable Person" },
    { id: "BU", label: "Bullying & discrimination" },
    { id: "VI", label: "Violence" },
    { id: "SU", label: "Substances & gambling" },
    { id: "OS", label: "Oversharing" },
    { id: "GN", label: "General risk" },
    { id: "TS", label: "Suspected test" },
  ],
  themes: [
    { id: "T04", label: "Distress", category: "VP" },
    { id: "T05", label: "Abuse & neglect disclosure", category: "VP" },
    { id: "T06", label: "Missing, running away, homeless", category: "VP" },
    { id: "T10", label: "Bullying", category: "BU" },
    { id: "T11", label: "Discrimination & hate", category: "BU" },
    { id: "T12", label: "Violence & weapons", category: "VI" },
    { id: "T14", label: "Drugs, alcohol, vapes", category: "SU" },
    { id: "T16", label: "Oversharing", category: "OS" },
    { id: "T90", label: "General concern", category: "GN" },
    { id: "T99", label: "Suspected test", category: "TS" },
  ],
  severities: [
    { value: 1, label: "Level 1", meaning: "No risk on its own; kept in case it becomes relevant." },
    { value: 2, label: "Level 2", meaning: "Minor; matters only if repeated." },
    { value: 3, label: "Level 3", meaning: "May escalate; the school should look soon." },
    { value: 4, label: "Level 4", meaning: "Likely harm or a credible disclosure; the DSL must act today." },
    { value: 5, label: "Level 5", meaning: "Imminent or ongoing serious harm; act now." },
  ],
  subject_roles: words(["self_at_risk", "target", "perpetrator", "friend_reporting", "bystander", "researcher", "unknown"]),
  authenticities: words(["genuine", "ambiguous", "joke", "fiction", "lyrics", "game", "research", "ai_role_play", "test"]),
  immediacies: words(["now", "within_24h", "within_7d", "no_time", "past"]),
  dismissal_reasons: words(["coursework", "fiction_or_lyrics", "game_or_joke", "ordinary_talk", "capture_error", "duplicate"]),
  age_bands: ["4-10", "11-16", "17-18", "18+", "unknown"],
  agencies: words(["local_authority", "early_help", "health", "police", "lado", "prevent", "nspcc"]),
  consents: words(["obtained", "not_sought_risk", "refused_overridden"]),
  decisions: words(["accepted", "declined", "outcome"]),
  outcome_codes: words(["support_in_school", "family_support", "early_help", "health_support", "already_known", "not_a_concern"]),
};

const MODERATOR = ["review:queue:read", "review:queue:claim", "review:event:read", "review:event:grade"];
const DSL = ["record:alert:read", "record:alert:acknowledge", "record:student:read", "record:student:find"];
const BOARD = ["board:times:read"];

const someone = (name: string, role: string, permissions: string[], academy: string | null = null): Me => ({
  staff_id: `staff-${role}`,
  display_name: name,
  appointments: [{ role, trust_id: "tr1", trust_name: "Harbour Learning Trust", academy_id: academy && "ac1", academy_name: academy }],
  permissions,
});

/** Sign in with any of these names before the @; any password but "wrong". */
export const people: Record<string, Me> = {
  moderator: someone("Moderator 12", "moderator", MODERATOR),
  dsl: someone("R. Okafor", "dsl", [...DSL, ...BOARD], "Seaview Academy"),
  officer: someone("M. Lindqvist", "trust_officer", BOARD),
  everything: someone("T. Everything", "moderation_lead", [...MODERATOR, ...DSL, ...BOARD]),
};

const item = (n: number, over: Partial<QueueItem>): QueueItem => ({
  event_id: `ev${n}`,
  received_at: ago(n),
  due_at: ahead(30 - n),
  theme: "T04",
  category: "VP",
  severity: 2,
  probability: 0.6,
  age_band: "11-16",
  application: "Microsoft Word",
  state: "queued",
  claimed_by_me: false,
  ...over,
});

export const queue: QueueItem[] = [
  item(1, { severity: 5, theme: "T06", due_at: ahead(1), application: "Google Chrome" }),
  item(4, { severity: 4, theme: "T05", due_at: ahead(11), application: "Google Docs" }),
  item(7, { severity: 4, theme: "T10", category: "BU", due_at: ahead(8), age_band: "4-10", application: "Microsoft Teams", state: "claimed" }),
  item(22, { severity: 3, theme: "T14", category: "SU", due_at: ahead(38), age_band: "17-18", application: "Discord" }),
  item(41, { severity: 3, theme: "T12", category: "VI", due_at: ahead(19), application: "Microsoft Edge" }),
  item(74, { severity: 3, theme: "T04", due_at: ago(14), application: "Notepad" }),
  item(90, { severity: 2, theme: "T16", category: "OS", due_at: ahead(380), application: "Snapchat Web" }),
  item(130, { severity: 2, theme: "T11", category: "BU", due_at: ahead(350), application: "Google Docs" }),
  item(200, { severity: 1, theme: "T90", category: "GN", due_at: ahead(1100), age_band: "unknown", application: "Visual Studio Code" }),
];

const PASSAGE = "i dont feel safe at home, my stepdad hits me when hes drunk 😟 dont tell anyone pls";

export const review = (event: QueueItem): ReviewEvent => ({
  event_id: event.event_id,
  student_pseudonym: "7F3A",
  age_band: event.age_band,
  application: event.application,
  host: "docs.example.net",
  window_title: "Untitled document – Google Docs",
  passage: PASSAGE,
  deleted_text: "i might go to my nans",
  marks: [
    { start: 2, end: 24, theme: "T05" },
    { start: 37, end: 59, theme: "T05" },
  ],
  context: [
    { text: "hey are you there", typed_at: ago(9) },
    { text: "cant do the maths homework tonight", typed_at: ago(8.6) },
    { text: "its loud again downstairs", typed_at: ago(5) },
  ],
  occurred_at: ago(4.2),
  received_at: event.received_at,
  due_at: event.due_at,
  suggestion: {
    category: event.category,
    theme: event.theme,
    severity: event.severity,
    probability: event.probability,
    reasons: ["phrase “dont feel safe at home”", "second look agrees"],
  },
  claim_expires_at: ahead(1.5),
  earlier_events: 2,
  has_screenshot: true,
  screenshot_arrived: true,
});

export const students: StudentRow[] = [
  { id: "st1", display_name: "Robin Testperson", year_group: 9, registration_group: "9B", academy_name: "Seaview Academy" },
  { id: "st2", display_name: "Robyn Exampleton", year_group: 11, registration_group: "11A", academy_name: "Seaview Academy" },
];

const alert = (n: number, over: Partial<AlertPage>): AlertPage => ({
  alert_id: `al${n}`,
  event_id: `ev${n}`,
  reference: `7K${n}Q`,
  closed_at: null,
  closed_reason: null,
  is_unreviewed: false,
  unreviewed_severity: null,
  reviewed_at: null,
  review_note: "",
  deleted_text: "",
  host: "docs.example.net",
  account: "rtestperson",
  screenshot_arrived: true,
  academy_id: "ac1",
  academy_name: "Seaview Academy",
  student: { id: "st1", display_name: "Robin Testperson", year_group: 9 },
  category: "VP",
  theme: "T05",
  severity: 4,
  state: "told",
  occurred_at: ago(25),
  raised_at: ago(12),
  told_at: ago(11),
  acknowledged_at: null,
  acknowledge_due_at: ahead(48),
  acknowledged_by_name: null,
  message: "Disclosure of being hit at home by an adult who drinks. The student asks that nobody be told. Please speak with them before the end of the school day.",
  passage: PASSAGE,
  marks: [{ start: 2, end: 24, theme: "T05" }],
  context: [{ text: "its loud again downstairs", typed_at: ago(33) }],
  application: "Google Docs",
  window_title: "Untitled document – Google Docs",
  has_screenshot: true,
  facets: { subject_role: "self_at_risk", authenticity: "genuine", immediacy: "no_time", call_required: false, call_reason: null },
  notices: [
    { staff_name: "R. Okafor", channel: "email", kind: "alert", state: "sent", sent_at: ago(11), step: 1, attempts: 1, error_code: null },
    { staff_name: "P. Deputy", channel: "email", kind: "alert", state: "pending", sent_at: null, step: 2, attempts: 0, error_code: null },
  ],
  concern_id: null,
  events_before: 2,
  ...over,
});

export const alerts: AlertPage[] = [
  alert(1, {}),
  alert(2, {
    severity: 5,
    theme: "T06",
    acknowledge_due_at: ago(3),
    student: null,
    raised_at: ago(19),
    is_unreviewed: true,
    unreviewed_severity: 5,
    review_note: "No person has reviewed this yet. Software expects Level 5; it can be wrong.",
    message: "",
    facets: null,
  }),
  alert(3, {
    severity: 3,
    theme: "T10",
    category: "BU",
    state: "acknowledged",
    acknowledged_at: ago(300),
    acknowledged_by_name: "P. Deputy",
    raised_at: ago(900),
    student: { id: "st2", display_name: "Robyn Exampleton", year_group: 11 },
  }),
  alert(4, { severity: 4, theme: "T04", state: "recorded", acknowledged_at: ago(4000), acknowledged_by_name: "R. Okafor", raised_at: ago(4100), concern_id: "co1" }),
];

export const record: StudentRecord = {
  student: { ...(students[0] as StudentRow), date_of_birth: "2013-02-11" },
  attendance: { percent: 87.4, sessions_possible: 126, sessions_present: 110, authorised: 9, unauthorised: 7, late: 5, as_at: ago(700) },
  behaviour: [
    { occurred_on: day(3), kind: "Homework not handed in", points: -1, note: "Maths" },
    { occurred_on: day(9), kind: "Helped a classmate", points: 2, note: "" },
    { occurred_on: day(20), kind: "Late to lesson", points: -1, note: "" },
  ],
  concerns: [
    {
      id: "co1",
      category: "VP",
      theme: "T04",
      severity: 4,
      summary: "Wrote of not coping and of noise at home. Spoke with Robin in the library; says evenings are hard when the adults argue.",
      state: "open",
      alert_id: "al4",
      occurred_at: ago(4200),
      recorded_at: ago(3900),
      recorded_by_name: "R. Okafor",
      actions: [
        { id: "a1", what: "Speak with the form tutor about evenings", owner_name: "P. Deputy", due_on: day(1), done_at: null },
        { id: "a2", what: "Invite mother to school", owner_name: "R. Okafor", due_on: day(-3), done_at: null },
        { id: "a3", what: "Talk with Robin, with nobody else in the room", owner_name: "R. Okafor", due_on: day(2), done_at: ago(2600) },
      ],
      referrals: [
        {
          id: "r1",
          agency: "local_authority",
          reference: "HB-2041",
          rationale: "Second disclosure within a month, arguments between adults at night.",
          consent: "not_sought_risk",
          state: "made",
          referred_at: ago(900),
          decision_due_at: ahead(240),
          outcomes: [],
        },
      ],
    },
    {
      id: "co2",
      category: "BU",
      theme: "T10",
      severity: 2,
      summary: "Left out of the group chat by classmates.",
      state: "closed",
      alert_id: null,
      occurred_at: ago(60_000),
      recorded_at: ago(56_000),
      recorded_by_name: "P. Deputy",
      actions: [],
      referrals: [],
    },
  ],
  chronology: [
    { id: "ch1", at: ago(60_000), recorded_at: ago(56_000), kind: "concern", title: "Level 2 · Bullying & discrimination · Bullying", detail: "Left out of the group chat by classmates.", by: "P. Deputy", concern_id: "co2", late_entry: true },
    { id: "ch2", at: ago(50_000), recorded_at: ago(50_000), kind: "closed", title: "Concern closed: Support in school", detail: "Form tutor mended it with the group.", by: "P. Deputy", concern_id: "co2", late_entry: false },
    { id: "ch3", at: ago(13_000), recorded_at: null, kind: "behaviour", title: "Behaviour: Helped a classmate (+2 points)", detail: "", by: "", concern_id: null, late_entry: false },
    { id: "ch4", at: ago(4200), recorded_at: ago(3900), kind: "concern", title: "Level 4 · Vulnerable Person · Distress", detail: "Wrote of not coping and of noise at home.", by: "R. Okafor", concern_id: "co1", late_entry: false },
    { id: "ch5", at: ago(2600), recorded_at: ago(2600), kind: "action_done", title: "Action done", detail: "Talk with Robin, with nobody else in the room — he asked for a quiet place to do homework.", by: "R. Okafor", concern_id: "co1", late_entry: false },
    { id: "ch6", at: ago(900), recorded_at: ago(900), kind: "referral", title: "Referral to the local authority", detail: "Second disclosure within a month.", by: "R. Okafor", concern_id: "co1", late_entry: false },
  ],
};

const time = (p50: number, p95: number, n: number, open: number) => ({ p50_s: p50, p95_s: p95, n, open, oldest_open_s: open ? p95 * 2 : null });

const academy = (n: number, name: string, overdue: number): BoardAcademy => ({
  academy_id: `ac${n}`,
  name,
  phase: "secondary",
  alerts: { "1": 8 + n, "2": 14 - n, "3": 6, "4": n, "5": n % 2 },
  open: 3 + n,
  unacknowledged: overdue + 1,
  overdue,
  concerns_open: 5,
  events: 100 + n,
  dismissed: 60 + n,
  unreviewed: 0,
  referrals: n,
  times: {
    grade: time(140 * n, 900 * n, 34, 1),
    tell: time(20, 70 + n, 12, 0),
    acknowledge: time(900 * n, 7_000 * n, 11, overdue + 1),
    record: time(5_000 * n, 40_000 * n, 9, 2),
    action: n === 4 ? { p50_s: null, p95_s: null, n: 0, open: 2, oldest_open_s: 9000 } : time(20_000, 160_000, 7, 2),
  },
});

export const board = (): Board => ({
  as_at: new Date().toISOString(),
  academies: [
    academy(1, "Seaview Academy", 0),
    academy(2, "Harbour Lane Primary School", 0),
    academy(3, "Northcliff Sixth Form College", 2),
    academy(4, "Eastfield School", 0),
  ],
  weeks: [35, 28, 21, 14, 7, 0].map((days, index) => ({
    week_start: day(days),
    by_severity: { "1": 9 + index, "2": 12 - index, "3": 5, "4": 2 + (index % 3), "5": index % 2 },
  })),
  totals: {
    events: 412,
    dismissed: 241,
    unreviewed: 1,
    alerts: 171,
    alerts_by_severity: { "1": 42, "2": 46, "3": 24, "4": 10, "5": 2 },
    open: 22,
    unacknowledged: 6,
    overdue: 2,
    concerns_open: 20,
    referrals: 10,
    times: {},
  },
  definitions: {
    acknowledge: "From that e-mail (or from the alert, where none was sent) to somebody saying: I have it.",
    p50: "Half of the finished ones took no longer than this.",
    p95: "Ninety-five of a hundred finished ones took no longer than this.",
    open: "Alerts that are neither in a student's record nor ended without further action, of any age.",
  },
});
