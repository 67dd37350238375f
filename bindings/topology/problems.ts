// What is wrong with a file, where, and what was probably meant.

import type { Where } from "./model.ts";

export type Path = readonly (string | number)[];

export interface Problem {
  /** DH_…: the list is in docs/topology-file.md */
  code: string;
  message: string;
  file: string;
  where: Where;
  /** What to do about it, e.g. `did you mean "leaf1"?` */
  help: string | null;
}

/** By position, then code. What a range says many times over is said once, with a count. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string, { first: Problem; messages: Set<string> }>();
  for (const problem of problems) {
    const key = `${problem.where.line}:${problem.where.col}:${problem.code}`;
    const group = groups.get(key) ?? { first: problem, messages: new Set() };
    group.messages.add(problem.message);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ first, messages }) => (messages.size === 1 ? first : { ...first, message: `${first.message} (and ${messages.size - 1} more like this)` }))
    .sort((a, b) => a.where.line - b.where.line || a.where.col - b.where.col || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

/** The known name nearest to what was written, if it is near enough to be a slip. */
export function didYouMean(written: string, known: Iterable<string>): string | null {
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const name of known) {
    if (Math.abs(name.length - written.length) >= bestDistance) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** `did you mean "x"?`, or null. */
export function meant(written: string, known: Iterable<string>): string | null {
  const name = didYouMean(written, known);
  return name === null ? null : `did you mean "${name}"?`;
}

/** Optimal string alignment distance (a swap of neighbours is one slip); `limit` when it is that or more. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, (before[j - 2] ?? 0) + 1);
      row.push(d);
    }
    if (Math.min(...row) >= limit) return limit;
    [before, previous] = [previous, row];
  }
  return previous[b.length] ?? limit;
}
