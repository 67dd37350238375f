// Two runs side by side: the first record in which they differ, in words.

import assert from "node:assert/strict";
import { FAULT_NOTHING, TRACE_BYTES, T_FAULT } from "../../assembly/abi.ts";
import type { RunResult } from "../../bindings/engine/index.ts";
import type { TraceRecord } from "../../bindings/trace/records.ts";

const show = (r: TraceRecord): string => `${r.id}: ${r.at} ns, kind ${r.kind}, entity ${r.entity}, cause ${r.cause}, ${r.a} ${r.b} ${r.c}`;

/** null: the traces are equal. */
export function firstDifference(left: RunResult, right: RunResult): string | null {
  const a = [...left.trace];
  const b = [...right.trace];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const x = a[i];
    const y = b[i];
    const shown = [x, y].map((r) => (r === undefined ? "no record" : show(r)));
    if (shown[0] !== shown[1]) return shown.join("\n");
  }
  return null;
}

/** The trace without the records of `nothing` steps, ids and causes counted anew. */
export function withoutNothing(bytes: Buffer): Buffer {
  const rows: Buffer[] = [];
  const renamed = [0];
  for (let at = 0; at < bytes.length; at += TRACE_BYTES) {
    const row = Buffer.from(bytes.subarray(at, at + TRACE_BYTES));
    if (row.readInt32LE(8) === T_FAULT && row.readInt32LE(20) === FAULT_NOTHING) { renamed.push(-1); continue; }
    const cause = renamed[row.readUInt32LE(16)]!;
    assert.notEqual(cause, -1, "nothing was the cause of something");
    row.writeUInt32LE(cause, 16);
    rows.push(row);
    renamed.push(rows.length);
  }
  return Buffer.concat(rows);
}
