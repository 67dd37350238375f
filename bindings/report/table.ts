// The outage table. It never gets wider than it is told: the reason column wraps first, then the names.

import Table from "cli-table3";
import type { Outage } from "../analysis/index.ts";
import { clock, milliseconds } from "./format.ts";
import type { Paint } from "./paint.ts";

export interface TableOptions { paint: Paint; width: number }

const HEAD = ["flow", "between", "from", "down (ms)", "why frames were lost"];
const NUMERIC = [2, 3];
const SHRINKABLE: { column: number; min: number }[] = [{ column: 4, min: 10 }, { column: 1, min: 7 }, { column: 0, min: 8 }];
const PADDING = 2; // one blank each side of a cell
const WIDTH_MIN = 60;

export function outageTable(outages: Outage[], { paint, width }: TableOptions): string {
  const rows = outages.map(cells);
  const widths = columnWidths([HEAD, ...rows], Math.max(width, WIDTH_MIN));
  const table = new Table({
    head: HEAD.map((h) => paint("bold", h)),
    colWidths: widths,
    colAligns: HEAD.map((_, i) => (NUMERIC.includes(i) ? "right" : "left")),
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  outages.forEach((o, i) => table.push(rows[i]!.map((text, column) => {
    const content = column === 3 && o.endNs === null ? paint("red", text) : text;
    return { content, wrapOnWordBoundary: longestWord(text) <= widths[column]! - PADDING };
  })));
  return table.toString();
}

/** A word longer than its column would be cut off with "…": such a cell wraps anywhere instead. */
function longestWord(text: string): number { return Math.max(...text.split(" ").map((word) => word.length)); }

function cells(o: Outage): string[] {
  const reasons = [...new Set(o.reasons.map((r) => (r.place === null ? r.words : `${r.words} at ${r.place}`)))];
  const length = o.endNs === null ? `>${milliseconds(o.lengthNs)}` : milliseconds(o.lengthNs);
  return [o.subject === "service" ? `service ${o.name}` : o.name, o.ends, clock(o.startNs), length, reasons.join("; then ")];
}

/** Natural widths; what is too much is taken from the shrinkable columns in turn. */
function columnWidths(rows: readonly string[][], width: number): number[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((r) => [...(r[column] ?? "")].length)) + PADDING);
  let over = widths.reduce((sum, w) => sum + w + 1, 1) - width;
  for (const { column, min } of SHRINKABLE) {
    const take = Math.max(0, Math.min(over, widths[column]! - PADDING - min));
    widths[column]! -= take;
    over -= take;
  }
  return widths;
}
