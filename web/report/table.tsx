// A table that can be sorted and filtered. Of a long one only the rows in sight are in the page.

import { useMemo, useState } from "preact/hooks";
import type { Cell, Column, Tone } from "../../bindings/html/data.ts";
import { ordered, type Order } from "./order.ts";
import { usePaper, useSeen } from "../shared/window.ts";
import { cellText, count as counted } from "../shared/words.ts";

export interface Rows {
  id: string; title: string; note: string;
  columns: readonly Column[];
  count: number;
  cell(row: number, column: number): Cell;
  tone?(row: number): Tone;
  /** -1: nothing opens */
  detail?(row: number): number;
  sort?: number;
}

const ROW = 30;
/** Up to so many all rows are in the page, with lines of their own height. */
const SHORT = 150;
const PAPER_MAX = 300;
const FILTER_FROM = 15;
/** Is not broken over lines. */
const SHORT_TEXT = 18;

export function SortedTable({ rows, onOpen }: { rows: Rows; onOpen(detail: number): void }) {
  const { columns, cell } = rows;
  const [order, setOrder] = useState<Order | null>(() => (rows.sort === undefined || rows.sort < 0 ? null : { column: rows.sort, down: columns[rows.sort]!.kind !== "text" }));
  const [filter, setFilter] = useState("");
  const list = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    const keep = (row: number): boolean => wanted === "" || columns.some((c, i) => cellText(c.kind, cell(row, i)).toLowerCase().includes(wanted));
    return ordered(rows.count, cell, order, keep);
  }, [rows, order, filter]);
  const long = list.length > SHORT;
  const paper = usePaper();
  const { ref, seen } = useSeen(list.length, ROW);
  const first = long && !paper ? seen.first : 0;
  const end = paper ? Math.min(list.length, PAPER_MAX) : long ? seen.end : list.length;
  const most = columns.map((c, i) => (c.kind === "share" ? maximum(rows, i) : 0));
  return (
    <section class="view" aria-labelledby={`${rows.id}-title`} id={rows.id}>
      <h2 id={`${rows.id}-title`}>{rows.title} <span class="count">{list.length === rows.count ? counted(rows.count, "row") : `${list.length} of ${counted(rows.count, "row")}`}</span></h2>
      {rows.note !== "" && <p class="note">{rows.note}</p>}
      {rows.count >= FILTER_FROM && <p class="filter"><label>Filter <input type="search" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} /></label></p>}
      {rows.count > 0 && (
        <div class={long ? "scroll long" : "scroll"} ref={ref} tabIndex={0} role="region" aria-label={`${rows.title}, table`}>
          <table aria-rowcount={list.length + 1}>
            <thead><tr>{columns.map((c, i) => <Head key={i} column={c} order={order?.column === i ? order : null} onSort={() => setOrder(next(order, i, c))} />)}</tr></thead>
            <tbody>
              {first > 0 && <tr class="gap" aria-hidden="true"><td colSpan={columns.length} style={{ height: `${first * ROW}px` }} /></tr>}
              {Array.from(list.subarray(first, end), (row, k) => <Row key={row} rows={rows} row={row} place={first + k + 2} most={most} onOpen={onOpen} />)}
              {end < list.length && !paper && <tr class="gap" aria-hidden="true"><td colSpan={columns.length} style={{ height: `${(list.length - end) * ROW}px` }} /></tr>}
            </tbody>
          </table>
          {paper && end < list.length && <p>The first {end} of {list.length}; all are in the file, on a screen.</p>}
        </div>
      )}
    </section>
  );
}

function maximum(rows: Rows, column: number): number {
  let most = 1;
  for (let row = 0; row < rows.count; row++) { const value = rows.cell(row, column); if (typeof value === "number" && value > most) most = value; }
  return most;
}

/** Numbers begin with the largest, words with the first. */
const next = (order: Order | null, column: number, { kind }: Column): Order => ({ column, down: order?.column === column ? !order.down : kind !== "text" });

function Head({ column, order, onSort }: { column: Column; order: Order | null; onSort(): void }) {
  const mark = order === null ? "↕" : order.down ? "↓" : "↑";
  return (
    <th scope="col" class={column.kind === "text" ? "" : "numeric"} aria-sort={order === null ? "none" : order.down ? "descending" : "ascending"}>
      <button type="button" onClick={onSort}>{column.head === "" ? "verdict" : column.head} <span aria-hidden="true" class="arrow">{mark}</span></button>
    </th>
  );
}

const MARKS: Record<Tone, string> = { good: "✓ ", bad: "✗ ", warn: "! ", plain: "" };

function Row({ rows, row, place, most, onOpen }: { rows: Rows; row: number; place: number; most: readonly number[]; onOpen(detail: number): void }) {
  const detail = rows.detail?.(row) ?? -1;
  const tone = rows.tone?.(row) ?? "plain";
  return (
    <tr class={tone} aria-rowindex={place}>
      {rows.columns.map(({ kind }, i) => {
        const value = rows.cell(row, i);
        const text = `${i === 0 ? MARKS[tone] : ""}${cellText(kind, value)}`;
        if (i === 0 && detail >= 0) return <td key={i}><button type="button" class="open" onClick={() => onOpen(detail)} aria-haspopup="dialog">{text}</button></td>;
        if (kind === "share" && typeof value === "number") return <td key={i} class="numeric share"><span class={value > 1 ? "bar over" : "bar"} aria-hidden="true" style={{ width: `${(100 * Math.max(0, value)) / most[i]!}%` }} /><span>{text}</span></td>;
        return <td key={i} class={kind !== "text" ? "numeric" : text.length <= SHORT_TEXT ? "word" : ""} title={text.length > 40 ? text : undefined}>{text}</td>;
      })}
    </tr>
  );
}
