// What opens when a row is chosen: facts, and the chain of causes down to the timer that ended, oldest first.

import { useEffect, useRef } from "preact/hooks";
import type { Detail, Page, Part } from "../../bindings/html/data.ts";
import { duration, instant, percent } from "../shared/words.ts";

/** A dialog of the browser: it takes the focus, closes with Escape, and gives the focus back. */
export function DetailDialog({ page, detail, onClose }: { page: Page; detail: number; onClose(): void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => { ref.current?.showModal(); }, []);
  const shown = page.details[detail];
  if (shown === undefined) return null;
  return (
    <dialog ref={ref} aria-labelledby="detail-title" onClose={onClose} onClick={(e) => { if (e.target === ref.current) ref.current?.close(); }}>
      <div class="detail">
        <header><h2 id="detail-title">{shown.title}</h2><button type="button" onClick={() => ref.current?.close()}>Close</button></header>
        <DetailBody page={page} detail={shown} />
      </div>
    </dialog>
  );
}

export function DetailBody({ page, detail }: { page: Page; detail: Detail }) {
  return <>{detail.parts.map((part, i) => <PartView key={i} page={page} part={part} />)}</>;
}

function PartView({ page, part }: { page: Page; part: Part }) {
  switch (part.kind) {
    case "facts": return <dl>{part.rows.map(([what, value], i) => <div key={i}><dt>{what}</dt><dd>{value}</dd></div>)}</dl>;
    case "walk": return <Chain title={part.title} links={walk(page, part.event, part.known ?? -1)} at />;
    case "chain": return <Chain title={part.title} links={page.chains[part.chain] ?? []} at={false} />;
    case "lines": return <><h3>{part.title}</h3><ul>{part.lines.map((line, i) => <li key={i}>{line}</li>)}</ul></>;
    case "stretches": return <StretchesView part={part} />;
    case "bars": {
      const most = Math.max(...part.rows.map((row) => row.share), 1e-9);
      return <><h3>{part.title}</h3><table class="bars"><tbody>{part.rows.map((row, i) => (
        <tr key={i}><th scope="row">{row.name}</th><td class="numeric">{percent(row.share)}</td><td class="share wide"><span class="bar" aria-hidden="true" style={{ width: `${(100 * row.share) / most}%` }} /></td><td>{row.text}</td></tr>
      ))}</tbody></table></>;
    }
  }
}

const [PLOT_WIDTH, PLOT_HEIGHT, PLOT_LEFT] = [660, 150, 84];

/** Length against the instant at which it began. The marks are told in a list, for those who do not see them. */
function StretchesView({ part: { title, windowNs, mostNs, rows } }: { part: Extract<Part, { kind: "stretches" }> }) {
  const column = (PLOT_WIDTH - PLOT_LEFT) / Math.max(1, rows.length);
  const y = (ns: number): number => 8 + (PLOT_HEIGHT - 8) * (1 - ns / mostNs);
  return (
    <>
      <h3>{title}</h3>
      <svg class="stretches" viewBox={`0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT + 22}`} aria-hidden="true">
        {[0, 0.5, 1].map((part) => <g key={part}><line class="base" x1={PLOT_LEFT} x2={PLOT_WIDTH} y1={y(mostNs * part)} y2={y(mostNs * part)} /><text x={PLOT_LEFT - 6} y={y(mostNs * part) + 4} text-anchor="end">{duration(Math.round(mostNs * part))}</text></g>)}
        {rows.map((row, i) => {
          const [top, bottom] = [row.bad ? 8 : y(row.most ?? 0), y(row.least ?? 0)];
          return row.most === null && !row.bad ? null : <rect key={i} class={row.bad ? "mark bad" : "mark"} x={PLOT_LEFT + i * column + 0.5} width={Math.max(1, column - 1)} y={top} height={Math.max(2, bottom - top)}><title>{row.text}</title></rect>;
        })}
        <text x={PLOT_LEFT} y={PLOT_HEIGHT + 18}>0 s</text><text x={PLOT_WIDTH} y={PLOT_HEIGHT + 18} text-anchor="end">{duration(windowNs)}</text>
      </svg>
      <ul class="unseen">{rows.map((row, i) => <li key={i}>{row.text}</li>)}</ul>
    </>
  );
}

/** From an event back to what began it; what `known` leads back to has been told. */
function walk({ events }: Page, event: number, known: number): [number, string][] {
  if (events === null) return [];
  const told = new Set<number>();
  for (let at = known; at >= 0; at = events.cause[at]!) told.add(at);
  const links: [number, string][] = [];
  for (let at = event; at >= 0 && !told.has(at); at = events.cause[at]!) links.push([events.at[at]!, events.text[at]!]);
  return links.reverse();
}

/** `at`: instants of the run; else spans since the failure. */
function Chain({ title, links, at }: { title: string; links: readonly (readonly [number, string])[]; at: boolean }) {
  if (links.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ol class="chain">
        {links.map(([ns, text], i) => (
          <li key={i}>
            <span class="when">{at ? instant(ns) : `+${duration(ns)}`}</span>
            <span class="delta">{i === 0 ? "" : `+${duration(ns - links[i - 1]![0])}`}</span>
            <span class="what">{text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
