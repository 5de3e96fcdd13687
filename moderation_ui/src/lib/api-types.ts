// The people's API in the words of the pages. Every shape comes from the server's own description (src/generated);
// nothing is written by hand here but its name.
import type { components } from "@/generated/api";

type Schemas = components["schemas"];

export type Me = Schemas["ActorView"];
export type Taxonomy = Schemas["TaxonomyView"];
export type Labelled = Schemas["Labelled"];
export type Theme = Schemas["ThemeView"];

export type Queue = Schemas["QueueView"];
export type QueueItem = Schemas["QueueItem"];
export type Claim = Schemas["ClaimView"];
export type ReviewEvent = Schemas["EventView"];
export type Suggestion = Schemas["Suggestion"];
export type GradeCommand = Schemas["GradeBody"];
export type GradeMade = Schemas["GradeMade"];
export type DismissCommand = Schemas["DismissBody"];

export type AlertRow = Schemas["AlertItem"];
export type AlertRows = Schemas["AlertList"];
export type AlertPage = Schemas["AlertView"];
export type Notice = Schemas["NoticeView"];
export type Acknowledged = Schemas["AcknowledgedView"];
export type RecordAlertCommand = Schemas["OpenConcernBody"];
export type RecordedAlert = Schemas["OpenedConcernView"];

export type StudentRow = Schemas["FoundStudentView"];
export type StudentRows = Schemas["FoundStudentsView"];
export type StudentRecord = Schemas["RecordShown"];
export type Attendance = Schemas["AttendanceShown"];
export type Behaviour = Schemas["BehaviourShown"];
export type Concern = Schemas["ConcernShown"];
export type ConcernAction = Schemas["ActionShown"];
export type ChronologyEntry = Schemas["ChronologyShown"];
export type Colleagues = Schemas["ColleaguesView"];
export type WriteConcernCommand = Schemas["WriteConcernBody"];
export type AddActionCommand = Schemas["AddActionBody"];
export type CloseConcernCommand = Schemas["CloseConcernBody"];

export type Referral = Schemas["ReferralShown"];
export type MakeReferralCommand = Schemas["ReferBody"];
export type RecordOutcomeCommand = Schemas["RecordOutcomeBody"];

export type Board = Schemas["BoardView"];
export type BoardAcademy = Schemas["AcademyView"];
export type BoardWeek = Schemas["WeekView"];
export type ResponseTime = Schemas["SpanView"];
export type StepName = Schemas["Measure"];
