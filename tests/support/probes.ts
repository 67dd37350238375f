// Probe mode against walked outages: every lost probe lies in an outage, every probe sent in an outage is lost, none comes twice.

import * as abi from "../../assembly/abi.ts";
import { firstStepNs } from "../../bindings/analysis/index.ts";
import { s, type Simulated } from "./topologies.ts";

export interface Probes {
  /** flow * 2 + direction → sequence numbers that arrived */
  arrived: Map<number, Set<number>>;
  /** "flow direction sequence" */
  duplicates: string[];
  /** flow * 2 + direction → longest time on the way, ns */
  slowest: Map<number, number>;
}

export function probesOf(sim: Simulated): Probes {
  const probes: Probes = { arrived: new Map(), duplicates: [], slowest: new Map() };
  for (const r of sim.result.trace) {
    if (r.kind !== abi.T_PROBE) continue;
    let set = probes.arrived.get(r.entity);
    if (set === undefined) probes.arrived.set(r.entity, set = new Set());
    if (set.has(r.a)) probes.duplicates.push(`${sim.result.names.flows[r.entity >> 1]} ${r.entity & 1} ${r.a}`);
    set.add(r.a);
    probes.slowest.set(r.entity, Math.max(probes.slowest.get(r.entity) ?? 0, (r.c + 1) * 1000));
  }
  return probes;
}

/** May a probe sent at this instant, and under way for so long, be lost though the walk is up? */
export type Excuse = (at: bigint, way: bigint) => boolean;

/** Where probes and outages disagree by more than the time that a probe is on its way: such probes belong to neither side. */
export function disagreements(sim: Simulated, probeNs: bigint, excused: Excuse = () => false): string[] {
  const probes = probesOf(sim);
  const found: string[] = [];
  sim.result.names.flows.forEach((flow, i) => {
    for (const direction of [0, 1] as const) {
      const way = BigInt(probes.slowest.get(i * 2 + direction) ?? 0);
      found.push(...ofDirection(sim, flow, direction, probes.arrived.get(i * 2 + direction) ?? new Set(), probeNs, way, excused));
    }
  });
  return found;
}

function ofDirection(sim: Simulated, flow: string, direction: 0 | 1, arrived: Set<number>, probeNs: bigint, way: bigint, excused: Excuse): string[] {
  const outages = sim.of(flow, direction);
  const from = sim.result.scenario.steps.length > 0 ? firstStepNs(sim.result) : 0n; // what is over before anything fails is no outage of the scenario
  const found: string[] = [];
  let next = 0; // outages are in order of time
  for (let k = 0; BigInt(k) * probeNs < sim.result.endNs - way - s(0.001); k++) {
    const at = BigInt(k) * probeNs;
    if (at < from) continue;
    while (next < outages.length && (outages[next]!.endNs ?? sim.result.endNs) < at) next++;
    const near = outages.slice(next, next + 8);
    const inside = near.some((o) => at >= o.startNs && at + way < (o.endNs ?? sim.result.endNs + way + 1n));
    const touched = near.some((o) => at + way >= o.startNs && at <= (o.endNs ?? sim.result.endNs));
    const lost = !arrived.has(k);
    if (lost && !touched && !excused(at, way)) found.push(`${flow} ${direction}: probe ${k} at ${Number(at) / 1e9} s was lost and the walk was up`);
    if (!lost && inside) found.push(`${flow} ${direction}: probe ${k} at ${Number(at) / 1e9} s arrived and the walk was down`);
    if (found.length > 10) break;
  }
  return found;
}
