// What each cable carries: the offered load of every flow on the way that its frames really take, each direction of a cable
// by itself. A flow's rate is offered in both directions. Pure: paths in, sums out.

import * as abi from "../../assembly/abi.ts";
import type { FlowPath } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";
import type { Run } from "./run.ts";

export interface LinkLoad {
  link: string;
  /** sending port and receiving port */
  from: string;
  to: string;
  mbps: number;
  capacityMbps: number;
  flows: string[];
}

export type LoadRun = Pick<Run, "topology" | "trace" | "names"> & { paths: FlowPath[] };

/** Flows that carry nothing: of each service all but the one that it has chosen, which is its primary until a record says otherwise. */
export function idleFlows({ topology, trace, names }: Omit<LoadRun, "paths">): Set<string> {
  const standbys = new Map(topology.services.flatMap((s) => (s.standby === null ? [] : [[s.name, [s.primary, s.standby] as const]])));
  const idle = new Set([...standbys.values()].map(([, standby]) => standby));
  if (idle.size === 0) return idle;
  for (const r of trace.ofKinds(abi.T_SERVICE)) {
    const flows = standbys.get(names.services[r.entity]!);
    if (flows === undefined) continue;
    idle.delete(flows[r.b]!);
    idle.add(flows[1 - r.b]!);
  }
  return idle;
}

/** Every direction of every cable. */
export function linkLoads(run: LoadRun): LinkLoad[] {
  const speed = new Map(run.topology.ports.map((p) => [`${p.node}:${p.name}`, p.speedMbps]));
  const rows = new Map<string, LinkLoad>();
  for (const link of run.topology.links) {
    for (const [from, to] of [[link.a, link.b], [link.b, link.a]] as const) {
      rows.set(from, { link: link.name, from, to, mbps: 0, capacityMbps: Math.min(speed.get(from) ?? 0, speed.get(to) ?? 0), flows: [] });
    }
  }
  const flows = new Map(run.topology.flows.map((f) => [f.name, f]));
  const idle = idleFlows(run);
  for (const path of run.paths) {
    const flow = flows.get(path.flow);
    if (flow === undefined || flow.rateMbps === null || idle.has(flow.name)) continue;
    for (const hop of path.hops) {
      const row = rows.get(hop.from);
      if (row === undefined) continue;
      row.mbps += flow.rateMbps;
      row.flows.push(flow.name);
    }
  }
  return [...rows.values()];
}

/** More than it can carry. */
export function overloaded(loads: readonly LinkLoad[]): LinkLoad[] { return loads.filter((l) => l.mbps > l.capacityMbps); }

/** Bytes on the peer-links of all pairs, per second: the detour that an all-active gateway avoids. */
export function peerLinkMbps(topology: Topology, loads: readonly LinkLoad[]): number {
  const peerLinks = new Set(topology.lags.filter((l) => l.peerLinkOf !== null).flatMap((l) => l.members.map((m) => `${l.node}:${m}`)));
  return loads.filter((l) => peerLinks.has(l.from)).reduce((sum, l) => sum + l.mbps, 0);
}
