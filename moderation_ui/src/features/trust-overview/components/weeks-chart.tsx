import type { BoardWeek } from "@/lib/api-types";
import { shortDayOf } from "@/lib/dates";
import styles from "./board.module.css";

const LEVELS = [1, 2, 3, 4, 5];
const HEIGHT = 230;
const BASE = HEIGHT - 26;
const TOP = 20;

const sum = (week: BoardWeek): number => LEVELS.reduce((all, level) => all + (week.by_severity[level] ?? 0), 0);

/** Alerts of each week, stacked by level, the most serious at the foot where lengths compare best. */
export function WeeksChart({ weeks }: { weeks: BoardWeek[] }) {
  const most = Math.max(1, ...weeks.map(sum));
  const slot = 100 / Math.max(1, weeks.length);
  const unit = (BASE - TOP) / most;
  return (
    <>
      <p className={styles.legend}>
        {LEVELS.map((level) => (
          <span key={level}>
            <span className={`${styles.key} ${styles[`fill${level}`]}`} />
            Level {level}
          </span>
        ))}
      </p>
      <svg className={styles.chart} height={HEIGHT} role="img" aria-label="Alerts by week and level; the same numbers stand in the table below">
        <line className={styles.grid} x1={0} x2="100%" y1={BASE} y2={BASE} />
        {weeks.map((week, index) => (
          <Column key={week.week_start} week={week} x={index * slot + slot * 0.2} width={slot * 0.6} unit={unit} />
        ))}
      </svg>
    </>
  );
}

function Column({ week, x, width, unit }: { week: BoardWeek; x: number; width: number; unit: number }) {
  const middle = x + width / 2;
  let foot = BASE;
  return (
    <g>
      {[...LEVELS].reverse().map((level) => {
        const count = week.by_severity[level] ?? 0;
        const height = count * unit;
        foot -= height;
        return (
          <g key={level}>
            {count > 0 && <rect className={styles[`fill${level}`]} x={`${x}%`} y={foot} width={`${width}%`} height={Math.max(0, height - 1)} />}
          </g>
        );
      })}
      <text x={`${middle}%`} y={foot - 5} textAnchor="middle">
        {sum(week)}
      </text>
      <text className={styles.label} x={`${middle}%`} y={HEIGHT - 8} textAnchor="middle">
        {shortDayOf(week.week_start)}
      </text>
    </g>
  );
}

/** The same numbers to be read. */
export function WeeksTable({ weeks }: { weeks: BoardWeek[] }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Alerts by week, table">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Week from</th>
            {LEVELS.map((level) => (
              <th key={level} scope="col">
                Level {level}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.week_start}>
              <th scope="row">{shortDayOf(week.week_start)}</th>
              {LEVELS.map((level) => (
                <td key={level}>{week.by_severity[level] ?? 0}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
