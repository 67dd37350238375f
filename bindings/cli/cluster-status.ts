// What `dualhome cluster status` prints.

import { basename } from "node:path";
import { stretches } from "../batch/index.ts";
import type { Status } from "../cluster/index.ts";
import { duration, plain } from "../report/index.ts";
import { fittedTable } from "../report/table.ts";

const STATUS_FORMAT = 1;

export function statusJson(all: readonly Status[]): string {
  const jobs = all.map(({ identity, at, ...rest }) => ({
    ...rest, state: stateOf({ identity, at, ...rest }), question: identity.question, options: identity.options, seed: identity.seed, engine: identity.engine, total: identity.items, submitted: new Date(at).toISOString(),
  }));
  return `${JSON.stringify({ format: STATUS_FORMAT, jobs })}\n`;
}

const HEAD = ["job", "file", "state", "done", "/s", "left", "workers", "waiting", "active", "failed"];

export function statusText(all: readonly Status[], width: number): string {
  if (all.length === 0) return "no jobs\n";
  const rows = all.map((s) => [
    s.name, basename(s.file).replace(/(\.dh)?\.ya?ml$/, ""), stateOf(s), `${s.done.items} of ${s.identity.items} ${s.items}`, s.state === "open" ? s.rate.toFixed(s.rate < 10 ? 1 : 0) : "", left(s.leftMs),
    `${s.workers}`, `${s.counts.waiting + s.counts.delayed}`, `${s.counts.active}`, `${s.counts.failed}`,
  ]);
  const table = fittedTable(HEAD, rows, { paint: plain, width }, { numeric: [4, 5, 6, 7, 8, 9], shrinkable: [{ column: 1, min: 8 }, { column: 3, min: 10 }, { column: 0, min: 10 }] });
  const trouble = all.flatMap((s) => [
    ...s.failed.map(({ why, chunks }) => `${s.name}: ${chunks.length === 1 ? "chunk" : "chunks"} ${stretches(chunks)} failed: ${why}\n`),
    ...Object.entries(s.notes).map(([who, why]) => `${s.name}: ${who}: ${why}\n`),
  ]);
  return `${table}\n${trouble.join("")}`;
}

/** Failed: nothing is left to do but chunks that were given up; submitting again tries them again. */
function stateOf({ state, counts }: Status): string { return state === "open" && counts.failed > 0 && counts.waiting + counts.active + counts.delayed === 0 ? "failed" : state; }

const left = (ms: number | null): string => (ms === null ? "" : duration(BigInt(Math.ceil(ms / 1000)) * 1_000_000_000n).replace(".000", ""));
