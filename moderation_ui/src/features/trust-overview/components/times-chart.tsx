import type { BoardAcademy, ResponseTime, StepName } from "@/lib/api-types";
import { span } from "@/lib/dates";
import styles from "./board.module.css";
import { type Scale, scaleFor } from "./scale";

interface Props {
  academies: BoardAcademy[];
  step: StepName;
  name: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** Half and ninety-five of a hundred, drawn by academy on one scale, with how many are done and how many still wait. */
export function TimesChart({ academies, step, name }: Props) {
  const rows = academies.map((academy) => ({ academy, time: academy.times[step] }));
  const scale = scaleFor(rows.flatMap(({ time }) => [time?.p50_s, time?.p95_s]).filter((s): s is number => s != null));
  return (
    <div className={styles.times} role="img" aria-label={`${name} by academy; the same numbers stand in the table below`}>
      <div className={styles.time}>
        <span />
        <Axis scale={scale} />
        <span />
      </div>
      {rows.map(({ academy, time }) => (
        <div key={academy.academy_id} className={styles.time}>
          <span>{academy.name}</span>
          <Bar time={time} scale={scale} />
          <span className={styles.counts}>
            n {time?.n ?? 0} · open {time?.open ?? 0}
          </span>
        </div>
      ))}
    </div>
  );
}

function Axis({ scale }: { scale: Scale }) {
  return (
    <svg className={styles.chart} height={18}>
      {scale.ticks.map((tick, index) => (
        <text key={tick.label} className={`${styles.label} ${index % 2 ? styles.minor : ""}`} x={percent(tick.at)} y={12} textAnchor="middle">
          {tick.label}
        </text>
      ))}
    </svg>
  );
}

function Bar({ time, scale }: { time: ResponseTime | undefined; scale: Scale }) {
  const p50 = time?.p50_s;
  const p95 = time?.p95_s;
  return (
    <svg className={styles.chart} height={30}>
      {scale.ticks.map((tick) => (
        <line key={tick.label} className={styles.grid} x1={percent(tick.at)} x2={percent(tick.at)} y1={0} y2={30} />
      ))}
      {p50 != null && p95 != null && (
        <>
          <line className={styles.range} x1={percent(scale.at(p50))} x2={percent(scale.at(p95))} y1={15} y2={15} />
          <circle className={styles.p95} cx={percent(scale.at(p95))} cy={15} r={6} />
          <circle className={styles.p50} cx={percent(scale.at(p50))} cy={15} r={7} />
        </>
      )}
    </svg>
  );
}

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
