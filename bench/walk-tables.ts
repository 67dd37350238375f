// What a walk of a flow reads, taken out of a settled engine for the baselines of bench/walk.ts (walk-javascript.ts, native/walk.c): rows of 32-bit words, one
// section after the other, the same for both. MAC addresses are numbered, so that a key of the MAC table is two words.
//
// ports     far end, -1 closed | node | VLAN of untagged frames | interface of a host, or BRIDGED, ROUTED, NOBODY
// lags      first member | members that send | seed | 1: a host's, whose hash is not seeded
// members   ports
// l3s       address | mask | gateway | lag | port | MAC | node | VLAN
// nodes     seed | row of routes, -1 none
// routes    a row for each router, a word for each prefix: place in hops, NONE, or -2 - connected interface
// hops      count, then ports
// lengths   of prefixes, longest first
// prefixes, neighbours, macs: hash tables of (a, b, value, 1); value of macs: a port, LAG | lag, or TO_ROUTER
// walks     from | to | source port << 16 | destination port

import { HASH_LAYER34, LAG_LACP, LAG_STATIC, NODE_HOST, VRRP_MASTER } from "../assembly/abi.ts";
import {
  FDB_FLAGS, FDB_MAC, FDB_NODE, FDB_OUT, FDB_OUT_IS_LAG, FDB_VLAN, HOP_BEST, L3_MAC, L3_UP, MEMBER_USABLE, NEIGHBOUR_IP, NEIGHBOUR_L3, NEIGHBOUR_MAC, PORT_ADJACENCY, PORT_ADMIN, PORT_CARRIER, PORT_GATE,
  ROUTE_CONNECTED, STATE_FDB, STATE_HOP, STATE_L3, STATE_MEMBER, STATE_NEIGHBOUR, STATE_PORT, STATE_ROUTE, STATE_VRRP, VRRP_FORWARDS, VRRP_MAC, VRRP_STATE,
} from "../assembly/abi-state.ts";
import type { Moment } from "../bindings/engine/session.ts";
import { mix } from "./harness.ts";

export const BRIDGED = -1;
export const ROUTED = -2;
const NOBODY = -3;
export const NONE = -1;
export const TO_ROUTER = -2;
export const LAG = 1 << 28;

export interface WalkTables {
  ports: Int32Array; lags: Int32Array; members: Int32Array; l3s: Int32Array; nodes: Int32Array; routes: Int32Array; hops: Int32Array; lengths: Int32Array;
  prefixes: Int32Array; neighbours: Int32Array; macs: Int32Array; walks: Int32Array;
}

/** The sections with their lengths before them, as native/walk.c reads them. */
export function asFile(t: WalkTables): Uint8Array {
  const sections = [t.ports, t.lags, t.members, t.l3s, t.nodes, t.routes, t.hops, t.lengths, t.prefixes, t.neighbours, t.macs, t.walks];
  const words = sections.flatMap((section) => [Int32Array.of(section.length), section]);
  return Buffer.concat(words.map((w) => Buffer.from(w.buffer, w.byteOffset, w.byteLength)));
}

/** Where a key's search begins. */
export const homeOf = (a: number, b: number): number => mix(Math.imul(a, 0x9e3779b1) ^ b);

/** Open addressing, at most half full. */
function hashTable(rows: ReadonlyMap<string, readonly [number, number, number]>): Int32Array {
  let slots = 16;
  while (slots < rows.size * 2) slots *= 2;
  const table = new Int32Array(slots * 4);
  for (const [a, b, value] of rows.values()) {
    let at = homeOf(a, b) & (slots - 1);
    while (table[at * 4 + 3] !== 0) at = (at + 1) & (slots - 1);
    table.set([a, b, value, 1], at * 4);
  }
  return table;
}

class Pairs {
  readonly rows = new Map<string, readonly [number, number, number]>();
  set(a: number, b: number, value: number): void { this.rows.set(`${a | 0} ${b | 0}`, [a, b, value]); }
}

const maskOf = (length: number): number => (length === 0 ? 0 : -1 << (32 - length));

class Export {
  readonly #numbers = new Map<bigint, number>(); // of MAC addresses, from 1
  readonly #moment: Moment;
  constructor(moment: Moment) { this.#moment = moment; }

  /** One row of the engine's state; columns as numbers. */
  #row(table: number, index: number): (column: number) => number {
    const { engine } = this.#moment;
    if (!engine.stateRow(table, index)) throw new RangeError(`table ${table} has no row ${index}`);
    const view = new DataView(engine.memory.buffer, engine.stateAt() >>> 0);
    return (column) => Number(view.getBigInt64(column * 8, true));
  }

  #mac(address: number): number {
    const key = BigInt(address);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size + 1);
    return this.#numbers.size;
  }

  #seedOf(node: number): number {
    const { kind, hashSeed } = this.#moment.tables.nodes[node]!;
    if (hashSeed === undefined && kind !== NODE_HOST) throw new Error("a switch whose seed is drawn: give it one");
    return hashSeed ?? 0;
  }

  tables(walks: Int32Array): WalkTables {
    const { lags, members } = this.#lags();
    const l3s = this.#interfaces();
    const { nodes, routes, hops } = this.#routes();
    const lengths = Int32Array.from(new Set(this.#moment.tables.prefixes.map((p) => p.len))).sort((a, b) => b - a);
    const prefixes = new Pairs();
    this.#moment.tables.prefixes.forEach((p, index) => prefixes.set(p.ip, p.len, index));
    return {
      ports: this.#ports(), lags, members, l3s, nodes, routes, hops, lengths, walks,
      prefixes: hashTable(prefixes.rows), neighbours: this.#neighbours(), macs: this.#macs(l3s),
    };
  }

  #ports(): Int32Array {
    const { tables } = this.#moment;
    const { ports, far } = { ports: tables.ports, far: new Int32Array(tables.ports.length).fill(-1) };
    for (const { a, b } of tables.links) { far[a] = b; far[b] = a; }
    const collects = new Uint8Array(ports.length).fill(1);
    const interfaces = new Int32Array(ports.length).fill(NOBODY);
    let member = 0;
    tables.lags.forEach((lag) => lag.members.forEach(({ port }) => { collects[port] = this.#row(STATE_MEMBER, member++)(MEMBER_USABLE) & 1; }));
    tables.l3ifs.forEach((l3, index) => {
      for (const port of l3.lag >= 0 ? tables.lags[l3.lag]!.members.map((m) => m.port) : l3.port >= 0 ? [l3.port] : []) interfaces[port] = index;
    });
    const open = ports.map((_, index) => {
      const row = this.#row(STATE_PORT, index);
      return row(PORT_CARRIER) !== 0 && row(PORT_ADMIN) !== 0 && row(PORT_GATE) === 0;
    });
    return Int32Array.from(ports.flatMap((p, index) => {
      const to = far[index]!;
      const host = tables.nodes[p.node]!.kind === NODE_HOST;
      return [to >= 0 && open[index] && open[to] && collects[to] === 1 ? to : -1, p.node, p.pvid, host ? interfaces[index]! : p.routed !== 0 ? ROUTED : BRIDGED];
    }));
  }

  #lags(): { lags: Int32Array; members: Int32Array } {
    const { tables, engine } = this.#moment;
    const rows: number[] = [];
    const members: number[] = [];
    let member = 0;
    tables.lags.forEach((lag, index) => {
      const first = members.length;
      for (const { port } of lag.members) {
        const sends = (this.#row(STATE_MEMBER, member++)(MEMBER_USABLE) & 2) !== 0 && engine.lagClosed(index) === 0;
        if (sends && (lag.linux === 0 || engine.portCarrier(port) !== 0)) members.push(port);
      }
      const count = members.length - first;
      if (count > 1 && (lag.hash !== HASH_LAYER34 || (lag.mode !== LAG_LACP && lag.mode !== LAG_STATIC))) throw new Error("the baselines know LACP and static groups with layer3+4 alone");
      rows.push(first, count, this.#seedOf(lag.node), lag.linux === 0 ? 0 : 1);
    });
    return { lags: Int32Array.from(rows), members: Int32Array.from(members) };
  }

  #interfaces(): Int32Array {
    return Int32Array.from(this.#moment.tables.l3ifs.flatMap((l3, index) =>
      [l3.ip, maskOf(l3.prefixLen), l3.gateway, l3.lag, l3.port, this.#mac(this.#row(STATE_L3, index)(L3_MAC)), l3.node, l3.vlan]));
  }

  #routes(): Pick<WalkTables, "nodes" | "routes" | "hops"> {
    const { tables } = this.#moment;
    const routed: number[][] = tables.nodes.map(() => []); // ports with a neighbour
    tables.ports.forEach((p, index) => { if (p.routed !== 0 && this.#row(STATE_PORT, index)(PORT_ADJACENCY) !== 0) routed[p.node]!.push(index); });
    const places = new Map<string, number>();
    const hops: number[] = [];
    const place = (ports: number[]): number => {
      const at = places.get(ports.join()) ?? hops.length;
      if (at === hops.length) { places.set(ports.join(), at); hops.push(ports.length, ...ports); }
      return at;
    };
    const width = tables.prefixes.length;
    const routes: number[] = [];
    const nodes = tables.nodes.flatMap(({ kind }, node) => {
      if (kind === NODE_HOST) return [0, -1];
      for (let prefix = 0; prefix < width; prefix++) {
        const connected = this.#row(STATE_ROUTE, node * width + prefix)(ROUTE_CONNECTED);
        const ways = connected >= 0 ? [] : routed[node]!.filter((port) => this.#row(STATE_HOP, port * width + prefix)(HOP_BEST) === 1);
        routes.push(connected >= 0 ? -2 - connected : ways.length === 0 ? NONE : place(ways));
      }
      return [this.#seedOf(node), routes.length / width - 1];
    });
    return { nodes: Int32Array.from(nodes), routes: Int32Array.from(routes), hops: Int32Array.from(hops) };
  }

  #neighbours(): Int32Array {
    const pairs = new Pairs();
    for (let i = 0, n = this.#moment.engine.stateRows(STATE_NEIGHBOUR); i < n; i++) {
      const row = this.#row(STATE_NEIGHBOUR, i);
      if (row(NEIGHBOUR_MAC) !== 0) pairs.set(row(NEIGHBOUR_L3), row(NEIGHBOUR_IP), this.#mac(row(NEIGHBOUR_MAC)));
    }
    return hashTable(pairs.rows);
  }

  /** MAC tables, and with them the addresses that a switch routes frames to. */
  #macs(l3s: Int32Array): Int32Array {
    const { engine, tables } = this.#moment;
    const pairs = new Pairs();
    for (let i = 0, n = engine.stateRows(STATE_FDB); i < n; i++) {
      const row = this.#row(STATE_FDB, i);
      if (row(FDB_FLAGS) !== 0) pairs.set(row(FDB_NODE) << 12 | row(FDB_VLAN), this.#mac(row(FDB_MAC)), row(FDB_OUT_IS_LAG) !== 0 ? LAG | row(FDB_OUT) : row(FDB_OUT));
    }
    const routesFor = (l3: number, mac: number): void => {
      const { node, vlan, bridge } = tables.l3ifs[l3]!;
      if (bridge >= 0 && this.#row(STATE_L3, l3)(L3_UP) !== 0) pairs.set(node << 12 | vlan, mac, TO_ROUTER);
    };
    tables.l3ifs.forEach((l3, index) => {
      routesFor(index, l3s[index * 8 + 5]!);
      if (l3.peerMac !== 0n) routesFor(index, this.#mac(Number(l3.peerMac)));
    });
    tables.vrrps.forEach(({ l3 }, index) => {
      const row = this.#row(STATE_VRRP, index);
      const mac = row(VRRP_MAC);
      if (row(VRRP_STATE) === VRRP_MASTER || row(VRRP_FORWARDS) !== 0) routesFor(l3, this.#mac(mac));
    });
    return hashTable(pairs.rows);
  }
}

export function exportTables(moment: Moment, walks: Int32Array): WalkTables { return new Export(moment).tables(walks); }
