import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Banner } from "@/components/banner";
import { TextInput } from "@/components/field";
import { sentence } from "@/lib/api-client";
import type { StudentRow } from "@/lib/api-types";
import { usePageTitle } from "@/lib/page-title";
import styles from "./student-search.module.css";
import { useStudentSearch } from "./use-student-search";

/** Finds a student of one's own academies by name. The letters go to the server and nowhere else. */
export function StudentSearch() {
  usePageTitle("Students");
  const search = useStudentSearch();
  return (
    <div className={styles.page}>
      <h1>Students</h1>
      <TextInput
        label="Find a student"
        type="search"
        autoFocus
        value={search.letters}
        onChange={(event) => search.setLetters(event.target.value)}
      />
      {search.error !== null && <Banner tone="danger">{sentence(search.error)}</Banner>}
      <p className={styles.soft} role="status">
        {search.hint}
      </p>
      {search.rows.length > 0 && (
        <ul className={styles.list} aria-label="Students found">
          {search.rows.map((student) => (
            <li key={student.id}>
              <Link className={styles.row} to="/students/$studentId" params={{ studentId: student.id }}>
                <span className={styles.name}>{student.display_name}</span>
                <span className={styles.soft}>{placeOf(student)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function placeOf(student: StudentRow): string {
  return [
    student.year_group !== null && `Year ${student.year_group}`,
    student.registration_group,
    student.academy_name,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The same search inside a form: picking one puts the student's id into it. */
export function StudentPicker({ onPick }: { onPick: (studentId: string) => void }) {
  const search = useStudentSearch();
  const [chosen, setChosen] = useState<StudentRow | null>(null);
  return (
    <div className={styles.picker}>
      <TextInput
        label="Student"
        help="This alert names nobody. Find the student it is about."
        value={search.letters}
        onChange={(event) => {
          search.setLetters(event.target.value);
          setChosen(null);
          onPick("");
        }}
      />
      <p className={styles.soft} role="status">
        {chosen ? `Chosen: ${chosen.display_name}, ${placeOf(chosen)}` : search.hint}
      </p>
      <ul className={styles.list} aria-label="Students found" hidden={chosen !== null || search.rows.length === 0}>
        {search.rows.map((student) => (
          <li key={student.id}>
            <button
              type="button"
              className={styles.row}
              onClick={() => {
                search.setLetters(student.display_name);
                setChosen(student);
                onPick(student.id);
              }}
            >
              <span className={styles.name}>{student.display_name}</span>
              <span className={styles.soft}>{placeOf(student)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
