// The page: verdict first, then the views, each a section with a heading of its own.

import { useMemo, useState } from "preact/hooks";
import type { Events, Page, Table } from "../../bindings/html/data.ts";
import { DetailBody, DetailDialog } from "./detail.tsx";
import { DrawingView } from "./drawing.tsx";
import { SpreadsView } from "./spreads.tsx";
import { IntervalsView } from "./intervals.tsx";
import { SortedTable, type Rows } from "./table.tsx";
import { TimelineView } from "./timeline.tsx";
import { usePaper } from "../shared/window.ts";

const MARKS = { good: "✓", bad: "✗", warn: "!", plain: "·" };

export function App({ page }: { page: Page }) {
  const [open, setOpen] = useState(-1);
  const tables = useMemo(() => page.tables.map(rowsOf), [page]);
  const events = useMemo(() => (page.events === null ? null : eventRows(page.events)), [page]);
  const paper = usePaper();
  const sections = sectionsOf(page, tables, events);
  return (
    <>
      <a class="skip" href="#main">To the verdict</a>
      <header class="top">
        <h1>{page.title}</h1>
        <p class="about">{page.about}; dualhome {page.version} {page.command}</p>
        <ThemeChoice />
      </header>
      <main id="main" tabIndex={-1}>
        <section class={`verdict ${page.pass === null ? "plain" : page.pass ? "good" : "bad"}`} aria-label="Verdict">
          <p class="said"><span aria-hidden="true">{page.pass === null ? "·" : page.pass ? "✓" : "✗"}</span> {page.verdict}</p>
          {page.lines.length > 0 && <ul>{page.lines.map((line, i) => <li key={i} class={line.tone}><span aria-hidden="true">{MARKS[line.tone]}</span> {line.text}</li>)}</ul>}
        </section>
        <nav aria-label="Views"><ul>{sections.map(([id, title]) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}</ul></nav>
        {page.intervals !== null && <IntervalsView intervals={page.intervals} onOpen={setOpen} />}
        {page.spreads !== undefined && <SpreadsView spreads={page.spreads} onOpen={setOpen} />}
        {tables.slice(0, 1).map((rows) => <SortedTable key={rows.id} rows={rows} onOpen={setOpen} />)}
        {page.timeline !== null && <TimelineView timeline={page.timeline} onOpen={setOpen} />}
        {page.drawing !== null && <DrawingView drawing={page.drawing} />}
        {tables.slice(1).map((rows) => <SortedTable key={rows.id} rows={rows} onOpen={setOpen} />)}
        {events !== null && <SortedTable rows={events} onOpen={setOpen} />}
        {paper && page.details.length > 0 && <section class="paper"><h2>Causes of the first {PAPER_DETAILS}</h2>{page.details.slice(0, PAPER_DETAILS).map((d, i) => <article key={i}><h3>{d.title}</h3><DetailBody page={page} detail={d} /></article>)}</section>}
      </main>
      {open >= 0 && <DetailDialog key={open} page={page} detail={open} onClose={() => setOpen(-1)} />}
    </>
  );
}

const PAPER_DETAILS = 10;

function sectionsOf(page: Page, tables: readonly Rows[], events: Rows | null): [string, string][] {
  const [first, ...rest] = tables;
  return [
    ...(page.intervals === null ? [] : [["intervals", "Intervals"] as [string, string]]), ...(page.spreads === undefined ? [] : [["spreads", "Spread"] as [string, string]]), ...(first === undefined ? [] : [[first.id, first.title] as [string, string]]),
    ...(page.timeline === null ? [] : [["timeline", "Timeline"] as [string, string]]), ...(page.drawing === null ? [] : [["network", "Network"] as [string, string]]),
    ...[...rest, ...(events === null ? [] : [events])].map((t): [string, string] => [t.id, t.title]),
  ];
}

/** As the system has it, until somebody chooses. */
function ThemeChoice() {
  return (
    <label class="theme">Colours <select onChange={(e) => { document.documentElement.dataset["theme"] = e.currentTarget.value; }}>
      <option value="system">of the system</option><option value="light">light</option><option value="dark">dark</option>
    </select></label>
  );
}

function rowsOf(table: Table): Rows {
  return {
    id: table.id, title: table.title, note: table.note, columns: table.columns, count: table.rows.length, cell: (row, column) => table.rows[row]![column] ?? null,
    ...(table.tones === undefined ? {} : { tone: (row: number) => table.tones![row]! }), ...(table.details === undefined ? {} : { detail: (row: number) => table.details![row]! }), ...(table.sort === undefined ? {} : { sort: table.sort }),
  };
}

function eventRows(events: Events): Rows {
  const { at, node, what, text, names, leftOut, cause } = events;
  return {
    id: "events", title: "Events", count: at.length, note: leftOut === 0 ? "What happened since the first step, and what outages lead back to." : `${leftOut} later events are left out, none of them the cause of an outage: dualhome run --jsonl has all.`,
    columns: [{ head: "time", kind: "at" }, { head: "node", kind: "text" }, { head: "protocol", kind: "text" }, { head: "what", kind: "text" }, { head: "because", kind: "text" }],
    cell: (row, column) => (column === 0 ? at[row]! : column === 1 ? names[node[row]!]! : column === 2 ? names[what[row]!]! : column === 3 ? text[row]! : (text[cause[row]!] ?? null)),
  };
}
