// What `dualhome cluster status` prints.

import { stretches } from "../../batch/index.ts";
import type { Status } from "../../cluster/index.ts";
import { duration, plain } from "../../report/index.ts";
import { fittedTable } from "../../report/table.ts";

const STATUS_FORMAT = 1;

export function statusJson(all: readonly Status[]): string {
  const jobs = all.map(({ identity, at, ...rest }) => ({
    ...rest, state: stateOf({ identity, at, ...rest }), question: identity.question, options: identity.options, seed: identity.seed, engine: identity.engine, total: identity.items, submitted: new Date(at).toISOString(),
  }));
  return `${JSON.stringify({ format: STATUS_FORMAT, jobs })}\n`;
}

const HEAD = ["job", "state", "done", "/s", "left", "workers", "wait", "busy", "failed"];

export function statusText(all: readonly Status[], width: number): string {
  if (all.length === 0) return "no jobs\n";
  const rows = all.map((s) => [
    s.name, stateOf(s), `${s.done.items} of ${s.identity.items}`, s.state === "open" ? s.rate.toFixed(s.rate < 10 ? 1 : 0) : "", left(s.leftMs),
    `${s.workers}`, `${s.counts.waiting + s.counts.delayed}`, `${s.counts.active}`, `${s.counts.failed}`,
  ]);
  const table = fittedTable(HEAD, rows, { paint: plain, width }, { numeric: [3, 4, 5, 6, 7, 8], shrinkable: [{ column: 2, min: 10 }, { column: 0, min: 10 }] });
  return `${table}\n${all.flatMap(linesOf).join("\n")}\n`;
}

/** What a job is, and what is wrong with it. */
function linesOf({ name, identity, items, file, failed, notes }: Status): string[] {
  return [
    `${name}: ${identity.items} ${items}, ${file}`,
    ...failed.map(({ why, chunks }) => `  ${chunks.length === 1 ? "chunk" : "chunks"} ${stretches(chunks)} failed: ${why}`),
    ...Object.entries(notes).map(([who, why]) => `  ${who}: ${why}`),
  ];
}

/** Failed: nothing is left to do but chunks that were given up; submitting again tries them again. */
function stateOf({ state, counts }: Status): string { return state === "open" && counts.failed > 0 && counts.waiting + counts.active + counts.delayed === 0 ? "failed" : state; }

const left = (ms: number | null): string => (ms === null ? "" : duration(BigInt(Math.ceil(ms / 1000)) * 1_000_000_000n).replace(".000", ""));
