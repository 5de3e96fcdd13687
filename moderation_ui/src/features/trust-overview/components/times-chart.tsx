import type { BoardAcademy, StepName } from "@/lib/api-types";
import { span } from "@/lib/dates";
import styles from "./board.module.css";
import { scaleFor } from "./scale";

const ROW = 34;
const LEFT = 190;
const RIGHT = 110;
const WIDTH = 720;
const TOP = 26;

interface Props {
  academies: BoardAcademy[];
  step: StepName;
  name: string;
}

/** Half and ninety-five of a hundred, drawn by academy on one scale, with how many are done and how many still wait. */
export function TimesChart({ academies, step, name }: Props) {
  const rows = academies.map((academy) => ({ academy, time: academy.times[step] }));
  const scale = scaleFor(rows.flatMap(({ time }) => [time?.p50_s, time?.p95_s]).filter((s): s is number => s != null));
  const x = (seconds: number) => LEFT + scale.at(seconds) * (WIDTH - LEFT - RIGHT);
  const height = TOP + rows.length * ROW + 8;
  return (
    <svg className={styles.chart} viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={`${name} by academy; the same numbers stand in the table below`}>
      {scale.ticks.map((tick) => {
        const at = LEFT + tick.at * (WIDTH - LEFT - RIGHT);
        return (
          <g key={tick.label}>
            <line className={styles.grid} x1={at} x2={at} y1={TOP - 6} y2={height - 4} />
            <text className={styles.label} x={at} y={12} textAnchor="middle">
              {tick.label}
            </text>
          </g>
        );
      })}
      {rows.map(({ academy, time }, index) => {
        const y = TOP + index * ROW + ROW / 2;
        return (
          <g key={academy.academy_id}>
            <text x={0} y={y + 4}>
              {shorten(academy.name)}
            </text>
            {time?.p50_s != null && time.p95_s != null && (
              <>
                <line className={styles.range} x1={x(time.p50_s)} x2={x(time.p95_s)} y1={y} y2={y} />
                <circle className={styles.p95} cx={x(time.p95_s)} cy={y} r={6} />
                <circle className={styles.p50} cx={x(time.p50_s)} cy={y} r={7} />
              </>
            )}
            <text className={styles.label} x={WIDTH - RIGHT + 16} y={y + 4}>
              n {time?.n ?? 0} · open {time?.open ?? 0}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const shorten = (name: string): string => (name.length > 27 ? `${name.slice(0, 26)}…` : name);

const words = (seconds: number | null | undefined): string => (seconds == null ? "–" : span(seconds));

/** The same numbers to be read. */
export function TimesTable({ academies, step, name }: Props) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${name}, table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Academy</th>
            <th scope="col">Half within</th>
            <th scope="col">95 of 100 within</th>
            <th scope="col">Done</th>
            <th scope="col">Still open</th>
            <th scope="col">Oldest open</th>
          </tr>
        </thead>
        <tbody>
          {academies.map((academy) => {
            const time = academy.times[step];
            return (
              <tr key={academy.academy_id}>
                <th scope="row">{academy.name}</th>
                <td>{words(time?.p50_s)}</td>
                <td>{words(time?.p95_s)}</td>
                <td>{time?.n ?? 0}</td>
                <td>{time?.open ?? 0}</td>
                <td>{words(time?.oldest_open_s)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
