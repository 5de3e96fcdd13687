import { type ReactNode } from "react";
import { Moment } from "@/components/moment-text";
import type { Attendance, Behaviour, StudentRecord } from "@/lib/api-types";
import { dayOf, shortDayOf } from "@/lib/dates";
import styles from "./record-head.module.css";

const SHOWN_BEHAVIOUR = 3;

/** Who the record is about, and what the school's own system says beside it. */
export function RecordHead({ record, children }: { record: StudentRecord; children: ReactNode }) {
  const { student } = record;
  const place = [
    student.year_group !== null && `Year ${student.year_group}`,
    student.registration_group && `Form ${student.registration_group}`,
    student.academy_name,
    student.date_of_birth && `born ${dayOf(student.date_of_birth)}`,
  ];
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <div>
          <h1>{student.display_name}</h1>
          <p className={styles.soft}>{place.filter(Boolean).join(" · ")}</p>
        </div>
        {children}
      </div>
      <div className={styles.strip}>
        <AttendanceCard attendance={record.attendance} />
        <BehaviourCard behaviour={record.behaviour} />
      </div>
    </header>
  );
}

function AttendanceCard({ attendance }: { attendance: Attendance | null }) {
  return (
    <section className={styles.card} aria-labelledby="attendance-title">
      <h2 id="attendance-title">Attendance</h2>
      {!attendance || attendance.percent === null ? (
        <p className={styles.soft}>The school’s system has sent none.</p>
      ) : (
        <>
          <p>
            <span className={styles.big}>{attendance.percent}%</span> of {attendance.sessions_possible} sessions
          </p>
          <p className={styles.soft}>
            {attendance.authorised} authorised, {attendance.unauthorised} unauthorised absences · late {attendance.late} times
          </p>
          <p className={styles.soft}>
            as at <Moment at={attendance.as_at} />
          </p>
        </>
      )}
    </section>
  );
}

function BehaviourCard({ behaviour }: { behaviour: Behaviour[] }) {
  const latest = [...behaviour].sort((a, b) => b.occurred_on.localeCompare(a.occurred_on)).slice(0, SHOWN_BEHAVIOUR);
  return (
    <section className={styles.card} aria-labelledby="behaviour-title">
      <h2 id="behaviour-title">Behaviour</h2>
      {latest.length === 0 && <p className={styles.soft}>The school’s system has sent none.</p>}
      <ul className={styles.behaviour}>
        {latest.map((entry, index) => (
          <li key={index}>
            <span>
              {entry.kind}
              {entry.note && <span className={styles.soft}> · {entry.note}</span>}
            </span>
            <time className={styles.soft} dateTime={entry.occurred_on}>
              {shortDayOf(entry.occurred_on)}
            </time>
          </li>
        ))}
      </ul>
      {behaviour.length > latest.length && <p className={styles.soft}>All of it stands in the chronology.</p>}
    </section>
  );
}
