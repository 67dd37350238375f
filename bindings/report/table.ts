// Tables that never get wider than they are told. In that of outages the reason column wraps first, then the names.

import Table from "cli-table3";
import type { Outage } from "../analysis/index.ts";
import { clock, milliseconds } from "./format.ts";
import type { Paint } from "./style.ts";
import { cellLines } from "./wrap.ts";

export interface TableOptions { paint: Paint; width: number }

/** How a table is laid out. Columns give way in the order of `shrinkable`, each down to its `min`. */
export interface Layout { numeric?: readonly number[]; shrinkable: readonly { column: number; min: number }[]; paintCell?: (row: number, column: number, text: string) => string }

const HEAD = ["flow", "between", "from", "down (ms)", "why frames were lost"];
const NUMERIC = [2, 3];
const SHRINKABLE: Layout["shrinkable"] = [{ column: 4, min: 10 }, { column: 1, min: 7 }, { column: 0, min: 8 }];
const PADDING = 2; // one blank each side of a cell
const WIDTH_MIN = 60;

export function outageTable(outages: Outage[], options: TableOptions): string {
  const paintCell = (row: number, column: number, text: string): string => (column === 3 && outages[row]!.endNs === null ? options.paint("red", text) : text);
  return fittedTable(HEAD, outages.map(cells), options, { numeric: NUMERIC, shrinkable: SHRINKABLE, paintCell });
}

/** A table of at most `width` columns. */
export function fittedTable(head: readonly string[], rows: readonly string[][], { paint, width }: TableOptions, layout: Layout): string {
  const widths = columnWidths([[...head], ...rows], Math.max(width, WIDTH_MIN), layout);
  if (widths === null) return records(head, rows, { paint, width }, layout);
  const table = new Table({
    head: head.map((h, i) => cellLines(h, widths[i]! - PADDING).map((line) => paint("bold", line)).join("\n")),
    colWidths: widths,
    colAligns: head.map((_, i) => (layout.numeric?.includes(i) === true ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  rows.forEach((row, i) => table.push(row.map((text, column) => {
    const painted = layout.paintCell?.(i, column, text) ?? text;
    return cellLines(text, widths[column]! - PADDING).map((line) => painted.replace(text, () => line)).join("\n"); // the colour on each line
  })));
  return table.toString();
}

function cells(o: Outage): string[] {
  const reasons = [...new Set(o.reasons.map((r) => (r.place === null ? r.words : `${r.words} at ${r.place}`)))];
  const length = o.endNs === null ? `>${milliseconds(o.lengthNs)}` : milliseconds(o.lengthNs);
  return [o.subject === "service" ? `service ${o.name}` : o.name, o.ends, clock(o.startNs), length, reasons.join("; then ")];
}

/** Natural widths; what is too much is taken from the shrinkable columns in turn, and from words before numbers where that is not enough. Null: they have no room. */
function columnWidths(rows: readonly string[][], width: number, { shrinkable, numeric = [] }: Layout): number[] | null {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((r) => [...(r[column] ?? "")].length)) + PADDING);
  let over = widths.reduce((sum, w) => sum + w + 1, 1) - width;
  for (const { column, min } of shrinkable) {
    const take = Math.max(0, Math.min(over, widths[column]! - PADDING - min));
    widths[column]! -= take;
    over -= take;
  }
  const columns = widths.map((_, column) => column);
  for (const some of [columns.filter((c) => !numeric.includes(c)), columns.filter((c) => numeric.includes(c))]) {
    for (; over > 0; over--) {
      const widest = some.reduce((most, c) => (most < 0 || widths[c]! > widths[most]! ? c : most), -1);
      if (widest < 0 || widths[widest]! - PADDING <= LEAST) break;
      widths[widest]!--;
    }
  }
  return over > 0 ? null : widths;
}

/** A column that gives way has room for so much all the same. */
const LEAST = 8;

/** Where columns have no room: each row by itself, one line a column. */
function records(head: readonly string[], rows: readonly string[][], { paint, width }: TableOptions, layout: Layout): string {
  const headWidth = Math.max(...head.map((h) => [...h].length));
  return rows.map((row, i) => row.map((text, column) => {
    const painted = layout.paintCell?.(i, column, text) ?? text;
    const lines = cellLines(text, Math.max(width - headWidth - 4, LEAST)).map((line) => painted.replace(text, () => line));
    return lines.map((line, k) => `  ${k === 0 ? paint("bold", head[column]!) + " ".repeat(headWidth - [...head[column]!].length) : " ".repeat(headWidth)}  ${line}`.trimEnd()).join("\n");
  }).join("\n")).join("\n\n");
}
