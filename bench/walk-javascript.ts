// The JavaScript baseline of bench/walk.ts: a frame led through the tables of walk-tables.ts. native/walk.c is the same, line for line.

import { BRIDGED, LAG, NONE, TO_ROUTER, homeOf, type WalkTables } from "./walk-tables.ts";

const TTL = 32;
const HOPS_MAX = 64;
const FNV = 0x01000193;

function find(table: Int32Array, a: number, b: number): number {
  const mask = (table.length >> 2) - 1;
  for (let at = homeOf(a, b) & mask; table[at * 4 + 3] !== 0; at = (at + 1) & mask) {
    if (table[at * 4] === a && table[at * 4 + 1] === b) return table[at * 4 + 2]!;
  }
  return NONE;
}

function swapped(x: number): number { return x << 24 | (x & 0xff00) << 8 | x >>> 8 & 0xff00 | x >>> 24; }

/** Linux's layer3+4: ports and addresses as they lie in memory, folded. */
function layer34(ports: number, from: number, to: number): number {
  let h = swapped(ports ^ from ^ to);
  h ^= h >>> 16;
  h ^= h >>> 8;
  return h >>> 1;
}

/** Of a switch: mixed with its seed. */
function seeded(hash: number, seed: number): number {
  let h = hash ^ seed;
  h = Math.imul(h ^ h >>> 16, 0x7feb352d);
  h = Math.imul(h ^ h >>> 15, 0x846ca68b);
  return (h ^ h >>> 16) >>> 0;
}

export class Walker {
  readonly #t: WalkTables;
  readonly #prefixes: number; // in a row of routes
  hops = 0;
  digest = 0;

  constructor(tables: WalkTables, prefixes: number) { this.#t = tables; this.#prefixes = prefixes; }

  /** The port that a bridge port, a port or a lag, sends by. */
  #leave(out: number, hash: number): number {
    if (out < LAG) return out;
    const { lags, members } = this.#t;
    const row = (out - LAG) * 4;
    const count = lags[row + 1]!;
    if (count < 2) return count === 0 ? NONE : members[lags[row]!]!;
    return members[lags[row]! + (lags[row + 3] !== 0 ? hash : seeded(hash, lags[row + 2]!)) % count]!;
  }

  #longestMatch(ip: number): number {
    const { lengths, prefixes } = this.#t;
    for (let i = 0; i < lengths.length; i++) {
      const length = lengths[i]!;
      const prefix = find(prefixes, length === 0 ? 0 : ip & -1 << (32 - length), length);
      if (prefix !== NONE) return prefix;
    }
    return NONE;
  }

  /** Does a frame between two interfaces of hosts arrive? A flood counts as no: the flows that are drawn know their way. */
  walk(from: number, to: number, tcp: number): boolean {
    const { ports, l3s, nodes, routes, hops, neighbours, macs } = this.#t;
    const source = from * 8;
    const ip = l3s[to * 8]!;
    const hash = layer34(tcp, l3s[source]!, ip);
    let mac = find(neighbours, from, ((ip ^ l3s[source]!) & l3s[source + 1]!) === 0 ? ip : l3s[source + 2]!);
    let port = l3s[source + 3]! >= 0 ? this.#leave(LAG + l3s[source + 3]!, hash) : l3s[source + 4]!;
    let tag = 0;
    let ttl = TTL;
    this.hops = 0;
    this.digest = 0x811c9dc5;
    if (mac === NONE) return false;
    while (port >= 0 && this.hops < HOPS_MAX) {
      this.hops++;
      this.digest = Math.imul(this.digest ^ port, FNV);
      const far = ports[port * 4]!;
      if (far < 0) return false;
      const owner = ports[far * 4 + 3]!;
      if (owner >= 0) return l3s[owner * 8 + 5] === mac && l3s[owner * 8] === ip;
      const node = ports[far * 4 + 1]!;
      let vlan = tag !== 0 ? tag : ports[far * 4 + 2]!;
      let out = owner === BRIDGED ? find(macs, node << 12 | vlan, mac) : TO_ROUTER;
      if (out === TO_ROUTER) {
        if (--ttl < 1) return false;
        const prefix = this.#longestMatch(ip);
        if (prefix === NONE) return false;
        const route = routes[nodes[node * 2 + 1]! * this.#prefixes + prefix]!;
        if (route >= 0) {
          port = hops[route + 1 + seeded(hash, nodes[node * 2]!) % hops[route]!]!;
          tag = 0;
          continue;
        }
        if (route === NONE) return false;
        const l3 = -2 - route;
        mac = find(neighbours, l3, ip);
        vlan = l3s[l3 * 8 + 7]!;
        out = mac === NONE ? NONE : find(macs, node << 12 | vlan, mac);
      }
      if (out < 0) return false;
      port = this.#leave(out, hash);
      if (port >= 0) tag = ports[port * 4 + 2] === vlan ? 0 : vlan;
    }
    return false;
  }

  /** All walks; the sum of what each came to. */
  all(): number {
    const { walks } = this.#t;
    let sum = 0x811c9dc5;
    for (let i = 0; i < walks.length; i += 3) {
      const arrives = this.walk(walks[i]!, walks[i + 1]!, walks[i + 2]!);
      sum = Math.imul(sum ^ (arrives ? this.digest : 0), FNV);
      sum = Math.imul(sum ^ (arrives ? this.hops : 0), FNV);
    }
    return sum >>> 0;
  }
}
