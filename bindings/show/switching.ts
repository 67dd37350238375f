// What a node bridges with: ports, port-channels, MAC table, spanning tree, MC-LAG.

import {
  MLAG_PRIMARY, MLAG_SECONDARY, STANDBY, SUSPEND_ALONE, SUSPEND_DELAY_RESTORE, SUSPEND_PEERLINK,
} from "../../assembly/abi.ts";
import {
  FDB_FLAGS, FDB_HELD, FDB_MAC, FDB_NODE, FDB_OUT, FDB_OUT_IS_LAG, FDB_SEEN_AT, FDB_VLAN, L3_MAC, L3_UP, LACP_SELECTED, LACP_STATE, LAG_IS_UP, LAG_SUSPENDED, LAG_TWIN_UP, MEMBER_FORCED, MEMBER_GONE,
  MEMBER_USABLE, NODE_STP, PEER_HEARD, PEER_LINK_UP, PEER_RESTORE_AT, PEER_ROLE, PEER_SUSPENDED, PORT_ADMIN, PORT_CARRIER, PORT_GATE, PORT_SOLO, STATE_FDB, STATE_L3, STATE_LACP,
  STATE_LAG, STATE_MEMBER, STATE_NODE, STATE_PEER, STATE_PORT, STATE_STP, STATE_STP_PORT, STP_COST, STP_COUNT, STP_FIRST, STP_ID, STP_PORT_COST, STP_PORT_EDGE, STP_PORT_ID,
  STP_PORT_INDEX, STP_PORT_IS_LAG, STP_PORT_ROLE, STP_PORT_STATE, STP_PORT_TWIN, STP_ROOT, STP_ROOT_PORT,
} from "../../assembly/abi-state.ts";
import { partnerOf } from "./bonding.ts";
import { State, macText, type LagAt, type Row } from "./state.ts";
import type { Interfaces, MacEntry, Mclag, MemberState, PortChannel, SpanningTree } from "./types.ts";

const MS = 1_000_000n;
const COLLECTING = 1;
const DISTRIBUTING = 2;

export function portChannels(state: State, node: string): PortChannel[] {
  return state.lagsOf(node).map((at) => {
    const row = state.row(STATE_LAG, at.index);
    const members = at.members.filter((m) => state.row(STATE_MEMBER, m.row).of(MEMBER_GONE) === 0);
    return {
      name: state.lagName(at.index), mode: at.lag.mode, up: row.of(LAG_IS_UP) === 1, minLinks: at.lag.minLinks, suspended: row.of(LAG_SUSPENDED) === 1,
      mlagId: at.lag.mlagId === 0 ? null : at.lag.mlagId, peerLinkOf: at.lag.peerLinkOf, members: members.map((m) => member(state, at, m)),
    };
  });
}

function member(state: State, at: LagAt, m: LagAt["members"][number]): PortChannel["members"][number] {
  const port = state.row(STATE_PORT, m.port);
  const row = state.row(STATE_MEMBER, m.row);
  const usable = row.of(MEMBER_USABLE);
  const lacp = at.lag.mode === "802.3ad" ? state.row(STATE_LACP, m.row) : null;
  return {
    name: m.name, state: memberState(port, row, lacp), carrier: port.of(PORT_CARRIER) === 1, collecting: (usable & COLLECTING) !== 0, distributing: (usable & DISTRIBUTING) !== 0,
    lacp: lacp === null ? null : { state: lacp.of(LACP_STATE), partner: partnerOf(lacp) },
  };
}

function memberState(port: Row, row: Row, lacp: Row | null): MemberState {
  if (port.of(PORT_CARRIER) === 0 || port.of(PORT_ADMIN) === 0) return "down";
  if (port.of(PORT_SOLO) === 1 || row.of(MEMBER_FORCED) !== 0) return "individual";
  if (row.of(MEMBER_USABLE) !== 0) return "bundled";
  return lacp !== null && lacp.of(LACP_SELECTED) === STANDBY ? "hot-standby" : "suspended";
}

export function macTable(state: State, node: string): MacEntry[] {
  const index = state.node(node);
  const ageNs = state.moment.tables.nodes[index]!.macAgeNs;
  return state.rows(STATE_FDB).flatMap((r): MacEntry[] => {
    if (r.of(FDB_FLAGS) === 0 || r.of(FDB_NODE) !== index) return [];
    const age = r.of(FDB_HELD) > 0 ? 0n : state.since(r.wide(FDB_SEEN_AT));
    if (age >= ageNs) return []; // aged out: the engine takes it away when it is next looked up
    const port = r.of(FDB_OUT_IS_LAG) === 1 ? state.lagName(r.of(FDB_OUT)) : state.portName(r.of(FDB_OUT));
    return [{ vlan: r.of(FDB_VLAN), mac: macText(r.wide(FDB_MAC)), port, learned: (r.of(FDB_FLAGS) & 1) !== 0 ? "here" : "peer", ageMs: Number(age / MS) }];
  }).sort((a, b) => a.vlan - b.vlan || (a.mac < b.mac ? -1 : 1));
}

export function interfaces(state: State, node: string): Interfaces {
  const { topology, tables } = state.moment;
  const far = new Map(topology.links.flatMap((l) => [[l.a, l.b], [l.b, l.a]]));
  const lagOf = new Map(state.lagsOf(node).flatMap(({ index, members }) => members.map((m) => [m.port, state.lagName(index)])));
  const known = new Map(topology.ports.filter((p) => p.node === node).map((p) => [p.name, p]));
  return {
    ports: state.portsOf(node).map(({ name, port }) => {
      const row = state.row(STATE_PORT, port);
      const status = row.of(PORT_ADMIN) === 0 ? "disabled" : row.of(PORT_CARRIER) === 1 ? "connected" : "notconnect";
      return {
        name, status, mode: known.get(name)?.mode ?? "routed", vlans: known.get(name)?.vlans ?? [], speedMbps: tables.ports[port]!.speed, mac: macText(tables.ports[port]!.mac),
        lag: lagOf.get(port) ?? null, peer: far.get(`${node}:${name}`) ?? null, forwarding: status === "connected" && row.of(PORT_GATE) === 0,
      };
    }),
    addresses: state.l3sOf(node).map(({ name, l3 }) => {
      const row = state.row(STATE_L3, l3);
      return { interface: name, address: state.prefixOf(l3).address, mac: macText(row.wide(L3_MAC)), up: row.of(L3_UP) === 1 };
    }),
  };
}

// --- spanning tree ---------------------------------------------------------------------------------

const ROLES = ["disabled", "root", "designated", "alternate", "backup"] as const;
const STATES = ["discarding", "learning", "forwarding", "listening", "blocking", "disabled"] as const;
const PRIORITY_STEP = 4096;

export function spanningTree(state: State, node: string): SpanningTree | null {
  const index = state.node(node);
  const tree = state.row(STATE_NODE, index).of(NODE_STP);
  if (tree < 0) return null;
  const row = state.row(STATE_STP, tree);
  const { node: owner, twin } = state.moment.tables.stps[tree]!;
  const settings = state.moment.topology.nodes.find((n) => n.name === state.moment.tables.names.nodes[owner])!.stp!;
  const id = (wide: bigint): { priority: number; mac: string } => ({ priority: Number(BigInt.asUintN(64, wide) >> 48n), mac: macText(wide) });
  const first = row.of(STP_FIRST);
  const ports = Array.from({ length: row.of(STP_COUNT) }, (_, k) => treePort(state, state.row(STATE_STP_PORT, first + k), index));
  const root = row.of(STP_ROOT_PORT);
  return {
    mode: settings.mode, bridge: id(row.wide(STP_ID)), sharedWith: twin < 0 ? null : (state.moment.tables.names.nodes[index === owner ? twin : owner] ?? null),
    root: { ...id(row.wide(STP_ROOT)), cost: row.of(STP_COST), port: root < 0 ? null : (ports[root]?.name ?? "the other switch's") },
    helloMs: Number(settings.helloNs / MS), maxAgeMs: Number(settings.maxAgeNs / MS), forwardDelayMs: Number(settings.forwardDelayNs / MS), ports: ports.filter((p) => p !== null),
  };
}

/** null: the port is the other switch's of the pair. */
function treePort(state: State, row: Row, node: number): SpanningTree["ports"][number] | null {
  const { tables } = state.moment;
  const index = row.of(STP_PORT_INDEX);
  const lag = row.of(STP_PORT_IS_LAG) === 1;
  const twin = row.of(STP_PORT_TWIN);
  const at = (lag ? tables.lags[index]!.node : tables.ports[index]!.node) === node ? index : lag && twin >= 0 && tables.lags[twin]!.node === node ? twin : -1;
  if (at < 0) return null;
  const id = row.of(STP_PORT_ID);
  return {
    name: lag ? state.lagName(at) : state.portName(at), role: ROLES[row.of(STP_PORT_ROLE)] ?? "disabled", state: STATES[row.of(STP_PORT_STATE)] ?? "disabled",
    cost: row.of(STP_PORT_COST), priority: Math.floor(id / PRIORITY_STEP) * 16, number: id % PRIORITY_STEP, edge: row.of(STP_PORT_EDGE) === 1,
  };
}

// --- MC-LAG ----------------------------------------------------------------------------------------

const WHY: Record<number, Mclag["suspended"]> = { [SUSPEND_PEERLINK]: "peer-link lost", [SUSPEND_DELAY_RESTORE]: "delay restore", [SUSPEND_ALONE]: "peer never heard" };

export function mclag(state: State, node: string): Mclag | null {
  const { topology, tables } = state.moment;
  const index = state.node(node);
  const peer = tables.peers.findIndex((p) => p.node === index);
  const pair = topology.pairs.find((p) => p.peers.includes(node));
  if (peer < 0 || pair === undefined) return null;
  const row = state.row(STATE_PEER, peer);
  const side = pair.peers[0] === node ? 0 : 1;
  const role = row.of(PEER_ROLE);
  const restore = state.until(row.wide(PEER_RESTORE_AT));
  return {
    pair: pair.name, domain: pair.domain, peer: pair.peers[1 - side]!, role: role === MLAG_PRIMARY ? "primary" : role === MLAG_SECONDARY ? "secondary" : "none",
    rolePriority: pair.rolePriority[side]!, systemMac: macText(pair.systemMac), peerLink: { name: state.lagName(tables.peers[peer]!.peerLink), up: row.of(PEER_LINK_UP) === 1 },
    keepaliveAlive: row.of(PEER_HEARD) === 1, suspended: WHY[row.of(PEER_SUSPENDED)] ?? null, restoreMs: restore === null ? null : Number(restore / MS), peerGateway: pair.peerGateway,
    members: state.lagsOf(node).filter(({ lag }) => lag.mlagId !== 0).map(({ lag, index: at }) => {
      const l = state.row(STATE_LAG, at);
      return { id: lag.mlagId, name: state.lagName(at), up: l.of(LAG_IS_UP) === 1, suspended: l.of(LAG_SUSPENDED) === 1, peerUp: l.of(LAG_TWIN_UP) === 1, vlans: lag.vlans };
    }),
  };
}
