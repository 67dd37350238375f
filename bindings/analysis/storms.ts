// Broadcast storms out of the trace: where the loop was noticed, how its copies grew, whether it ended.

import * as abi from "../../assembly/abi.ts";
import type { Run } from "./run.ts";

export interface Storm {
  vlan: number;
  node: string; // whose flooded frame came back
  port: string;
  startNs: bigint;
  endNs: bigint | null; // null: the loop is there at the end
  /** copies of one frame that had been sent `afterNs` after it came back; null: not measured */
  copies: number | null;
  afterNs: bigint | null;
  framesPerMs: number | null;
  doublingNs: bigint | null;
}

const BRIDGE_LAG = 1 << 28;

export function storms(run: Pick<Run, "trace" | "names">): Storm[] {
  const found: Storm[] = [];
  let measuring: Storm | undefined;
  for (const r of run.trace.ofKinds(abi.T_STORM)) {
    if (r.a === abi.STORM_FOUND) {
      const port = (r.c < 0 ? undefined : r.c >= BRIDGE_LAG ? run.names.lags[r.c - BRIDGE_LAG] : run.names.ports[r.c]) ?? "itself";
      const storm: Storm = { vlan: r.b, node: run.names.nodes[r.entity] ?? `#${r.entity}`, port, startNs: r.at, endNs: null, copies: null, afterNs: null, framesPerMs: null, doublingNs: null };
      found.push(storm);
      measuring ??= storm;
    } else if (r.a === abi.STORM_OVER) {
      for (const s of found) if (s.vlan === r.b && s.endNs === null) s.endNs = r.at;
    } else if (measuring !== undefined && r.a === abi.STORM_COPIES) {
      measuring.copies = r.b; measuring.afterNs = BigInt(r.c) * 1000n;
    } else if (measuring !== undefined && r.a === abi.STORM_GROWTH) {
      measuring.framesPerMs = r.b; measuring.doublingNs = BigInt(r.c);
      measuring = undefined;
    }
  }
  return found;
}
