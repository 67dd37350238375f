// Order of rows, without moving them: a list of their places.

import type { Cell } from "../../bindings/html/data.ts";

export interface Order { column: number; down: boolean }

/** Texts among numbers stand for more than any of them, nothing for less. Equal rows stay as they were. */
export function ordered(count: number, valueOf: (row: number, column: number) => Cell, order: Order | null, keep: (row: number) => boolean = () => true): Int32Array {
  const kept: number[] = [];
  for (let row = 0; row < count; row++) if (keep(row)) kept.push(row);
  const list = Int32Array.from(kept);
  if (order === null) return list;
  const sign = order.down ? -1 : 1;
  const values = kept.length === count ? Array.from({ length: count }, (_, row) => valueOf(row, order.column)) : null;
  const value = (row: number): Cell => (values === null ? valueOf(row, order.column) : values[row]!);
  return list.sort((x, y) => sign * compare(value(x), value(y)) || x - y);
}

const words = new Intl.Collator("en", { numeric: true });
const rank = (cell: Cell): number => (cell === null ? 0 : typeof cell === "number" ? 1 : 2);

export function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return words.compare(a, b);
  return rank(a) - rank(b);
}
