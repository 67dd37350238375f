// What a node routes with: first-hop redundancy, neighbours, routes.

import { ARP_FREE, FHRP_GLBP, FHRP_HSRP, VRRP_BACKUP, VRRP_INITIALIZE } from "../../assembly/abi.ts";
import {
  FHRP_ACTIVE_IP, FHRP_PRIORITY, FHRP_STANDBY_IP, FHRP_STATE, FHRP_WEIGHT, FORWARDER_ACTIVE_IP, FORWARDER_MAC, FORWARDER_OWNER, FORWARDER_STATE, HOP_BEST, L3_UP, NEIGHBOUR_CONFIRMED_AT, NEIGHBOUR_CONFIRMS,
  NEIGHBOUR_IP, NEIGHBOUR_L3, NEIGHBOUR_MAC, NEIGHBOUR_STATE, ROUTE_CONNECTED, ROUTE_METRIC, STATE_FHRP, STATE_FORWARDER, STATE_HOP, STATE_L3, STATE_NEIGHBOUR, STATE_ROUTE,
  STATE_VRRP, VRRP_DOWN_AT, VRRP_FORWARDS, VRRP_MAC, VRRP_MASTER_IP, VRRP_PRIORITY, VRRP_STATE,
} from "../../assembly/abi-state.ts";
import { State, macText } from "./state.ts";
import type { GlbpGroup, HsrpGroup, HsrpState, NeighbourEntry, Route, VirtualRouter } from "./types.ts";

const MS = 1_000_000n;
const FORWARDERS = 4;
const UNREACHABLE = 255;

/** 0 is nobody. */
const addressOf = (state: State, ip: number): string | null => (ip === 0 ? null : state.ip(ip));

export function virtualRouters(state: State, node: string): VirtualRouter[] {
  const { tables } = state.moment;
  const index = state.node(node);
  return tables.vrrps.flatMap((v, i): VirtualRouter[] => {
    if (tables.l3ifs[v.l3]!.node !== index) return [];
    const row = state.row(STATE_VRRP, i);
    const s = row.of(VRRP_STATE);
    const down = state.until(row.wide(VRRP_DOWN_AT));
    const name = s === VRRP_INITIALIZE ? "initialize" : s === VRRP_BACKUP ? "backup" : "master";
    return [{
      interface: state.l3Name(v.l3), vrid: v.vrid, version: v.version, state: name, priority: row.of(VRRP_PRIORITY), configuredPriority: v.priority, intervalMs: Number(v.intervalNs / MS),
      preempt: v.preempt === 1, addresses: v.vips.map((ip) => state.ip(ip)), mac: macText(row.wide(VRRP_MAC)),
      master: name === "master" ? state.ip(tables.l3ifs[v.l3]!.ip) : name === "backup" ? addressOf(state, row.of(VRRP_MASTER_IP)) : null,
      masterDownMs: name !== "backup" || down === null ? null : Number(down / MS), forwardsAsBackup: row.of(VRRP_FORWARDS) === 1,
    }];
  });
}

const HSRP_STATES: readonly HsrpState[] = ["initial", "learn", "listen", "speak", "standby", "active"];

/** Groups of one kind on a node: row, and what both protocols say of theirs. */
function groups(state: State, node: string, kind: number): { index: number; group: Omit<HsrpGroup, "mac" | "version"> }[] {
  const { tables } = state.moment;
  const own = state.node(node);
  return tables.fhrps.flatMap((f, index) => {
    if (f.kind !== kind || tables.l3ifs[f.l3]!.node !== own) return [];
    const row = state.row(STATE_FHRP, index);
    const now = HSRP_STATES[row.of(FHRP_STATE)] ?? "initial";
    const address = state.ip(tables.l3ifs[f.l3]!.ip);
    return [{
      index,
      group: {
        interface: state.l3Name(f.l3), group: f.group, state: now, priority: row.of(FHRP_PRIORITY), configuredPriority: f.priority, preempt: f.preempt === 1,
        helloMs: Number(f.helloNs / MS), holdMs: Number(f.holdNs / MS), addresses: f.vips.map((ip) => state.ip(ip)),
        active: now === "active" ? address : addressOf(state, row.of(FHRP_ACTIVE_IP)), standby: now === "standby" ? address : addressOf(state, row.of(FHRP_STANDBY_IP)),
      },
    }];
  });
}

export function hsrpGroups(state: State, node: string): HsrpGroup[] {
  return groups(state, node, FHRP_HSRP).map(({ index, group }) => {
    const { version, mac } = state.moment.tables.fhrps[index]!;
    return { ...group, version, mac: macText(mac) };
  });
}

const FORWARDER_STATES = ["disabled", "listen", "active"] as const;

export function glbpGroups(state: State, node: string): GlbpGroup[] {
  return groups(state, node, FHRP_GLBP).map(({ index, group }) => ({
    ...group, weighting: state.row(STATE_FHRP, index).of(FHRP_WEIGHT),
    forwarders: Array.from({ length: FORWARDERS }, (_, k) => {
      const row = state.row(STATE_FORWARDER, index * FORWARDERS + k);
      const now = FORWARDER_STATES[row.of(FORWARDER_STATE)] ?? "disabled";
      const own = state.ip(state.moment.tables.l3ifs[state.moment.tables.fhrps[index]!.l3]!.ip);
      return { number: k + 1, state: now, mac: macText(row.wide(FORWARDER_MAC)), owner: addressOf(state, row.of(FORWARDER_OWNER)), active: now === "active" ? own : addressOf(state, row.of(FORWARDER_ACTIVE_IP)) };
    }).filter((f) => f.owner !== null || f.state !== "disabled"),
  }));
}

const ARP_STATES = ["free", "incomplete", "reachable", "stale", "delay", "probe", "failed"] as const;

export function neighbours(state: State, node: string): NeighbourEntry[] {
  const { tables } = state.moment;
  const index = state.node(node);
  const rows = state.rows(STATE_NEIGHBOUR).filter((r) => r.of(NEIGHBOUR_STATE) !== ARP_FREE && tables.l3ifs[r.of(NEIGHBOUR_L3)]!.node === index);
  return rows.sort((a, b) => a.of(NEIGHBOUR_L3) - b.of(NEIGHBOUR_L3) || a.of(NEIGHBOUR_IP) - b.of(NEIGHBOUR_IP)).map((r) => {
    const now = ARP_STATES[r.of(NEIGHBOUR_STATE)] as NeighbourEntry["state"];
    const mac = now === "incomplete" || now === "failed" ? null : macText(r.wide(NEIGHBOUR_MAC));
    const age = r.of(NEIGHBOUR_CONFIRMS) > 0 && now === "reachable" ? 0n : state.since(r.wide(NEIGHBOUR_CONFIRMED_AT));
    return { address: state.ip(r.of(NEIGHBOUR_IP)), mac, interface: state.l3Name(r.of(NEIGHBOUR_L3)), state: now, ageMs: Number(age / MS) };
  });
}

export function routes(state: State, node: string): Route[] {
  const { tables } = state.moment;
  const index = state.node(node);
  if (tables.nodes[index]!.routed === 0) return attached(state, node);
  const count = tables.prefixes.length;
  return tables.prefixes.flatMap((_, x): Route[] => {
    const row = state.row(STATE_ROUTE, index * count + x);
    const prefix = tables.names.prefixes[x]!;
    const own = row.of(ROUTE_CONNECTED);
    if (own >= 0) return [{ prefix, via: "connected", metric: 0, nextHops: [{ interface: state.l3Name(own), to: node }] }];
    if (row.of(ROUTE_METRIC) === UNREACHABLE) return [];
    return [{ prefix, via: "learned", metric: row.of(ROUTE_METRIC), nextHops: hops(state, node, x) }];
  });
}

function hops(state: State, node: string, prefix: number): Route["nextHops"] {
  const { tables, topology } = state.moment;
  const far = new Map(topology.links.flatMap((l) => [[l.a, l.b], [l.b, l.a]]));
  const count = tables.prefixes.length;
  return state.portsOf(node).filter(({ port }) => state.row(STATE_HOP, port * count + prefix).of(HOP_BEST) === 1)
    .map(({ name }) => ({ interface: name, to: (far.get(`${node}:${name}`) ?? "").split(":")[0]! }));
}

/** A node without a routing table of its own: what it is attached to, and its gateway. */
function attached(state: State, node: string): Route[] {
  return state.l3sOf(node).flatMap(({ name, l3 }): Route[] => {
    const { gateway } = state.moment.tables.l3ifs[l3]!;
    if (state.row(STATE_L3, l3).of(L3_UP) === 0) return [];
    const own: Route = { prefix: state.prefixOf(l3).subnet, via: "connected", metric: 0, nextHops: [{ interface: name, to: node }] };
    return gateway === 0 ? [own] : [own, { prefix: state.ip(gateway).includes(":") ? "::/0" : "0.0.0.0/0", via: "default", metric: 0, nextHops: [{ interface: name, to: state.ip(gateway) }] }];
  });
}
