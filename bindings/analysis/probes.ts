// Measuring frames: the trace has those that arrived; the others were lost, by the gaps in their sequence numbers.

import * as abi from "../../assembly/abi.ts";
import { firstStepNs, type Run } from "./run.ts";

export interface ProbeStatistics { flow: string; direction: 0 | 1; sent: number; lost: number }

/** Probe k of a direction is due at k intervals on the scenario's clock. Counted from the first step to the last one that can have arrived. */
export function probeStatistics(run: Run): ProbeStatistics[] {
  const interval = run.probeNs;
  if (interval === null || interval <= 0n) return [];
  const arrived = new Map<number, Set<number>>();
  let slowestNs = 0n;
  for (const r of run.trace.ofKinds(abi.T_PROBE)) {
    const known = arrived.get(r.entity);
    if (known === undefined) arrived.set(r.entity, new Set([r.a])); else known.add(r.a);
    const way = BigInt(r.c + 1) * 1000n;
    if (way > slowestNs) slowestNs = way;
  }
  const first = Number((firstStepNs(run) + interval - 1n) / interval);
  const last = Number((run.endNs - slowestNs) / interval);
  const sent = Math.max(0, last - first + 1);
  return run.names.flows.flatMap((flow, i) => ([0, 1] as const).map((direction) => {
    let got = 0;
    for (const k of arrived.get(i * 2 + direction) ?? []) if (k >= first && k <= last) got++;
    return { flow, direction, sent, lost: sent - got };
  }));
}
