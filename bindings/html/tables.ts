// What of a page's tables is shown.

import type { Table } from "./data.ts";

/** Tables without a row, and columns in which nothing stands, are left out; a table that says so by its note stays. */
export function filled(tables: readonly Table[]): Table[] {
  return tables.filter((t) => t.rows.length > 0 || t.note === NONE).map((t) => {
    const kept = t.columns.map((_, i) => i).filter((i) => t.rows.length === 0 || t.rows.some((row) => row[i] !== null));
    if (kept.length === t.columns.length) return t;
    const sort = t.sort === undefined ? {} : { sort: kept.indexOf(t.sort) };
    return { ...t, columns: kept.map((i) => t.columns[i]!), rows: t.rows.map((row) => kept.map((i) => row[i] ?? null)), ...sort };
  });
}

export const NONE = "None.";
