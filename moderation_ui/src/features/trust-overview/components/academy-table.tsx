import type { BoardAcademy } from "@/lib/api-types";
import styles from "./board.module.css";

const LEVELS = ["1", "2", "3", "4", "5"];

/** One row an academy: alerts by level in the weeks shown, and what stands open now. */
export function AcademyTable({ academies }: { academies: BoardAcademy[] }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Academies, table">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Academy</th>
            {LEVELS.map((level) => (
              <th key={level} scope="col">
                Level {level}
              </th>
            ))}
            <th scope="col">Open</th>
            <th scope="col">Not acknowledged</th>
            <th scope="col">Overdue</th>
            <th scope="col">Concerns open</th>
            <th scope="col">Referrals</th>
          </tr>
        </thead>
        <tbody>
          {academies.map((academy) => (
            <tr key={academy.academy_id} data-testid="board-academy-row">
              <th scope="row">{academy.name}</th>
              {LEVELS.map((level) => (
                <Count key={level} value={academy.alerts[level] ?? 0} />
              ))}
              <Count value={academy.open} />
              <Count value={academy.unacknowledged} />
              <Count value={academy.overdue} isBad />
              <Count value={academy.concerns_open} />
              <Count value={academy.referrals} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Count({ value, isBad = false }: { value: number; isBad?: boolean }) {
  return <td className={value === 0 ? styles.zero : isBad ? styles.bad : ""}>{value}</td>;
}
