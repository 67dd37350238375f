// Downtime a year of each subject: a point in its interval, on a log scale, with the nines as its marks.

import type { Intervals } from "../../bindings/html/data.ts";
import { useWidth } from "../shared/window.ts";

const MINUTES_PER_YEAR = 525_960;
const ROW = 26;
/** One nine to seven. */
const [MOST, LEAST] = [MINUTES_PER_YEAR / 10, MINUTES_PER_YEAR / 1e7];

export function IntervalsView({ intervals, onOpen }: { intervals: Intervals; onOpen(detail: number): void }) {
  const { ref, width } = useWidth();
  const least = Math.min(LEAST * 100, ...intervals.rows.flatMap((r) => [r.low, r.mean, r.high].filter((m) => m > 0)));
  const low = Math.max(LEAST / 1000, 10 ** Math.floor(Math.log10(least / MINUTES_PER_YEAR)) * MINUTES_PER_YEAR);
  const x = (minutes: number): number => (minutes <= low ? 0 : Math.min(1, Math.log10(minutes / low) / Math.log10(MOST / low)));
  const nines = Array.from({ length: 12 }, (_, i) => i + 1).filter((n) => MINUTES_PER_YEAR / 10 ** n >= low * 0.999);
  const nameWidth = width < 560 ? 100 : 180;
  const room = Math.max(80, width - nameWidth - 16);
  return (
    <section class="view" id="intervals" aria-labelledby="intervals-title">
      <h2 id="intervals-title">{intervals.title}</h2>
      <p class="note">Left is better: each mark is a nine more. The line is the 95 % interval, the point the mean. Choose a name for what causes its downtime.</p>
      <div ref={ref} class="timeline">{width > 0 && <>
        <div class="axis"><span class="name" style={{ width: `${nameWidth}px` }} /><svg width={room} height="18" aria-hidden="true">{nines.map((n) => {
          const at = x(MINUTES_PER_YEAR / 10 ** n) * room;
          return <g key={n}><line x1={at} x2={at} y1="13" y2="18" /><text x={at} y="11" text-anchor={at < 20 ? "start" : at > room - 20 ? "end" : "middle"}>{n} nine{n === 1 ? "" : "s"}</text></g>;
        })}</svg></div>
        <ul class="intervals">{intervals.rows.map((row, i) => (
          <li key={i}>
            <span class="name" style={{ width: `${nameWidth}px` }} title={row.name}>{row.detail < 0 ? row.name : <button type="button" class="open" aria-haspopup="dialog" onClick={() => onOpen(row.detail)}>{row.name}</button>}<span class="unseen">, {row.text}</span></span>
            <svg width={room} height={ROW - 4} aria-hidden="true">
              <title>{`${row.name}: ${row.text}`}</title>
              {nines.map((n) => <line key={n} class="base" x1={x(MINUTES_PER_YEAR / 10 ** n) * room} x2={x(MINUTES_PER_YEAR / 10 ** n) * room} y1="0" y2={ROW} />)}
              <line class="interval" x1={x(row.low) * room} x2={Math.max(x(row.high) * room, x(row.low) * room + 2)} y1={ROW / 2 - 2} y2={ROW / 2 - 2} />
              {row.mean > 0 && <circle class="mean" cx={x(row.mean) * room} cy={ROW / 2 - 2} r="5" />}
            </svg>
          </li>
        ))}</ul>
      </>}</div>
    </section>
  );
}
