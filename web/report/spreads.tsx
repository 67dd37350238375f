// How long something lasts, one line a subject: shortest to longest, median to 90 of 100, and 99 of 100.

import type { Spreads } from "../../bindings/html/data.ts";
import { duration } from "../shared/words.ts";
import { useWidth } from "../shared/window.ts";

const ROW = 26;
const MIDDLE = ROW / 2 - 2;
/** Most over least: above, the scale is a logarithm. */
const WIDE = 20;

interface Scale { x(ns: number): number; ticks: { at: number; label: string }[] }

/** 0 to 1; what did not end is beyond all that did. */
function scaleOf(rows: Spreads["rows"], room: number): Scale {
  const all = rows.flatMap((r) => [r.least, r.p50, r.p90, r.p99, r.most]).filter((ns) => ns !== null && ns > 0) as number[];
  const [least, most] = [Math.min(...all, 1e9), Math.max(...all, 1_000)];
  const END = rows.some((r) => r.most === null) ? 0.94 : 1;
  if (most / least <= WIDE) {
    const step = niceStep(most / Math.max(2, Math.floor(room / 90)));
    const top = Math.ceil(most / step) * step;
    return { x: (ns) => (ns / top) * END, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, i) => ({ at: i * step, label: short(i * step) })) };
  }
  const [from, to] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const every = Math.max(1, Math.ceil((to - from) / Math.max(1, Math.floor(room / 70))));
  return { x: (ns) => (ns <= 0 ? 0 : Math.max(0, (Math.log10(ns) - from) / (to - from))) * END, ticks: Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((power) => (power - from) % every === 0).map((power) => ({ at: 10 ** power, label: short(10 ** power) })) };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10);
}

const short = (ns: number): string => duration(ns).replace(/\.?0+ /, " ");

export function SpreadsView({ spreads, onOpen }: { spreads: Spreads; onOpen(detail: number): void }) {
  const { ref, width } = useWidth();
  const nameWidth = width < 560 ? 110 : 220;
  const room = Math.max(80, width - nameWidth - 28);
  const scale = scaleOf(spreads.rows, room);
  const x = (ns: number | null): number => (ns === null ? room : scale.x(ns) * room);
  const groups = [...new Set(spreads.rows.map((r) => r.group))];
  return (
    <section class="view" id="spreads" aria-labelledby="spreads-title">
      <h2 id="spreads-title">{spreads.title}</h2>
      <p class="note">{spreads.note}{spreads.rows.some((r) => r.most === null) ? " What reaches the right edge in red was still down when the run ended." : ""}</p>
      <div ref={ref} class="timeline">{width > 0 && <>
        <div class="axis"><span class="name" style={{ width: `${nameWidth}px` }} /><svg width={room} height="18" aria-hidden="true">{scale.ticks.map(({ at, label }) => (
          <g key={at}><line x1={x(at)} x2={x(at)} y1="13" y2="18" /><text x={x(at)} y="11" text-anchor={x(at) < 20 ? "start" : x(at) > room - 24 ? "end" : "middle"}>{label}</text></g>
        ))}</svg></div>
        {groups.map((group) => (
          <div key={group} role="group" aria-label={group}>
            <p class="spread-group">{group}</p>
            <ul class="intervals">{spreads.rows.filter((r) => r.group === group).map((row, i) => (
              <li key={i}>
                <span class="name" style={{ width: `${nameWidth}px` }} title={row.name}><button type="button" class="open" aria-haspopup="dialog" onClick={() => onOpen(row.detail)}>{row.name}</button><span class="unseen">, {row.text}</span></span>
                <svg width={room} height={ROW - 4} aria-hidden="true">
                  <title>{`${row.name}: ${row.text}`}</title>
                  {scale.ticks.map(({ at }) => <line key={at} class="base" x1={x(at)} x2={x(at)} y1="0" y2={ROW} />)}
                  <line class="spread" x1={x(row.least)} x2={Math.max(x(row.most), x(row.least) + 2)} y1={MIDDLE} y2={MIDDLE} />
                  {row.most === null && <line class="spread stuck" x1={x(Math.max(...[row.least, row.p50, row.p90, row.p99].map((ns) => ns ?? 0)))} x2={room} y1={MIDDLE} y2={MIDDLE} />}
                  <rect class="box" x={x(row.p50)} width={Math.max(2, x(row.p90) - x(row.p50))} y={MIDDLE - 6} height="12" />
                  <line class="p99" x1={x(row.p99)} x2={x(row.p99)} y1={MIDDLE - 8} y2={MIDDLE + 8} />
                  <line class="median" x1={x(row.p50)} x2={x(row.p50)} y1={MIDDLE - 8} y2={MIDDLE + 8} />
                </svg>
              </li>
            ))}</ul>
          </div>
        ))}
      </>}</div>
    </section>
  );
}
