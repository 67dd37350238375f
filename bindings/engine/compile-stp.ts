// Spanning tree into rows: a bridge a switch, one for both peers of an MC-LAG pair; a lag is one port, with the cost of its members' speeds.

import { STP_CLASSIC, STP_PORT_AUTO_EDGE, STP_PORT_BPDU_GUARD, STP_PORT_EDGE, STP_PORT_LOOP_GUARD, STP_PORT_SHARED, STP_RSTP } from "../../assembly/abi.ts";
import { bpduUnits } from "../topology/expand/stp.ts";
import type { Node, Pair, Port, SpanningTree, Topology } from "../topology/model.ts";
import type { FlatTables } from "./flat.ts";
import type { Indices } from "./indices.ts";

type Row = FlatTables["stps"][number];
type Index = (kind: "node" | "port" | "lag", name: string) => number;

const PORT_PRIORITY = 0x8000; // 128, in the upper four bits of twelve
const LAG_NUMBERS = 0x200; // ports of a switch are numbered from 1, its port-channels from here
const SECOND_PEER = 0x400; // and those of the second peer of a pair from here on

export function compileStp(t: Topology, of: Indices, index: Index): Row[] {
  const rows: Row[] = [];
  for (const node of t.nodes) {
    if (node.stp === undefined) continue;
    const pair = of.pairOf(node.name);
    if (pair?.peers[1] === node.name) continue;
    rows.push(bridgeRow(of, node, node.stp, pair, index));
  }
  return rows;
}

function bridgeRow(of: Indices, node: Node, stp: SpanningTree, pair: Pair | undefined, index: Index): Row {
  const members = pair === undefined ? [node] : pair.peers.map((name) => of.node.get(name)!);
  const address = pair?.systemMac ?? node.mac;
  return {
    node: index("node", node.name), twin: pair === undefined ? -1 : index("node", pair.peers[1]), mode: stp.mode === "stp" ? STP_CLASSIC : STP_RSTP,
    id: (BigInt(stp.priority) << 48n) | address, maxAge: bpduUnits(stp.maxAgeNs), helloTime: bpduUnits(stp.helloNs), forwardDelay: bpduUnits(stp.forwardDelayNs),
    ports: members.flatMap((member, side) => portRows(of, member, side, pair, index)),
  };
}

function portRows(of: Indices, node: Node, side: number, pair: Pair | undefined, index: Index): Row["ports"] {
  const stp = node.stp!;
  const own = of.portsOf(node.name);
  const bundled = new Set(of.lagsOf(node.name).flatMap((l) => l.members));
  const options = (name: string, ports: Port[]): number => {
    const edge = stp.edge === "servers" ? ports.every((p) => toServer(of, p)) : stp.edge.includes(name);
    return (edge ? STP_PORT_EDGE : 0) | (stp.mode === "rstp" ? STP_PORT_AUTO_EDGE : 0) | (stp.shared.includes(name) ? STP_PORT_SHARED : 0)
      | ((stp.bpduGuard === "edge" ? edge : stp.bpduGuard.includes(name)) ? STP_PORT_BPDU_GUARD : 0) | (stp.loopGuard ? STP_PORT_LOOP_GUARD : 0);
  };
  const row = (name: string, number: number, ports: Port[], legs: Port[]) => ({
    portId: PORT_PRIORITY | ((number + side * SECOND_PEER) & 0xfff), cost: stp.cost[name] ?? pathCost(stp.mode, [...ports, ...legs].reduce((a, p) => a + p.speedMbps, 0)),
    options: options(name, ports),
  });
  const single = own.flatMap((p, i) => (p.mode === "routed" || bundled.has(p.name) || p.vlans.length === 0 ? [] : [
    { index: index("port", `${p.node}:${p.name}`), lag: 0, twin: -1, ...row(p.name, i + 1, [p], []) },
  ]));
  const lags = of.lagsOf(node.name).flatMap((l, i) => {
    if (l.peerLinkOf !== null || l.vlans.length === 0) return [];
    const twin = pair === undefined || l.mlagId === 0 ? undefined : of.twinOf(l);
    if (twin !== undefined && side === 1) return []; // the first peer's row stands for both legs
    const ports = (lag: typeof l): Port[] => of.portsOf(lag.node).filter((p) => lag.members.includes(p.name));
    const local = l.name.slice(l.node.length + 1);
    return [{ index: index("lag", l.name), lag: 1, twin: twin === undefined ? -1 : index("lag", twin.name), ...row(local, LAG_NUMBERS + i, ports(l), twin === undefined ? [] : ports(twin)) }];
  });
  return [...single, ...lags];
}

function toServer(of: Indices, port: Port): boolean {
  const far = of.far(`${port.node}:${port.name}`) ?? "";
  return of.node.get(far.split(":")[0] ?? "")?.kind === "server";
}

/** Recommended costs: 802.1D-2004 table 17-3 (20 Tbit/s divided by the speed); 802.1D-1998 table 8-5, with 3 between 1 and 10 Gbit/s. */
export function pathCost(mode: SpanningTree["mode"], mbps: number): number {
  if (mode === "rstp") return Math.min(200_000_000, Math.max(1, Math.round(20_000_000 / mbps)));
  const steps: [number, number][] = [[20_000, 1], [10_000, 2], [2_000, 3], [1_000, 4], [622, 6], [155, 14], [100, 19], [45, 39], [16, 62], [10, 100]];
  return steps.find(([speed]) => mbps >= speed)?.[1] ?? 250;
}
