// Two runs side by side: the first record in which they differ, in words.

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
