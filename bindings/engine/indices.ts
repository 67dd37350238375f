// Look-ups of a topology by name and by owner, made once: no step of the compiler looks through everything for each of many.

import type { Address, Lag, Link, Node, Pair, Port, Topology } from "../topology/model.ts";

/** Items by each of their keys, in their order. */
export function grouped<K, V>(items: Iterable<V>, keys: (item: V) => readonly K[]): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const item of items) {
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]); else group.push(item);
    }
  }
  return groups;
}

export class Indices {
  readonly node: ReadonlyMap<string, Node>;
  readonly pair: ReadonlyMap<string, Pair>;
  readonly link: ReadonlyMap<string, Link>;
  readonly lagOfPort = new Map<string, Lag>(); // "node:port"
  readonly portNumber = new Map<string, number>(); // "node:port" → the how-manieth of its node, from 1
  readonly #ports: ReadonlyMap<string, Port[]>;
  readonly #lags: ReadonlyMap<string, Lag[]>;
  readonly #legs: ReadonlyMap<string, Lag[]>;
  readonly #addresses: ReadonlyMap<string, Address[]>;
  readonly #pairs: ReadonlyMap<string, Pair[]>;
  readonly #far = new Map<string, string>();

  constructor(topology: Topology) {
    this.node = new Map(topology.nodes.map((node) => [node.name, node]));
    this.pair = new Map(topology.pairs.map((pair) => [pair.name, pair]));
    this.link = new Map(topology.links.map((link) => [link.name, link]));
    for (const lag of topology.lags) for (const member of lag.members) this.lagOfPort.set(`${lag.node}:${member}`, lag);
    this.#ports = grouped(topology.ports, (port) => [port.node]);
    this.#lags = grouped(topology.lags, (lag) => [lag.node]);
    this.#legs = grouped(topology.lags, (lag) => (lag.pair === null || lag.mlagId === 0 ? [] : [`${lag.pair} ${lag.mlagId}`, lag.pair]));
    this.#addresses = grouped(topology.addresses, (address) => [address.node]);
    this.#pairs = grouped(topology.pairs, (pair) => pair.peers);
    for (const ports of this.#ports.values()) ports.forEach((port, i) => this.portNumber.set(`${port.node}:${port.name}`, i + 1));
    for (const link of topology.links) this.#far.set(link.a, link.b).set(link.b, link.a);
  }

  portsOf(node: string): readonly Port[] { return this.#ports.get(node) ?? []; }
  lagsOf(node: string): readonly Lag[] { return this.#lags.get(node) ?? []; }
  addressesOf(node: string): readonly Address[] { return this.#addresses.get(node) ?? []; }
  pairsOf(node: string): readonly Pair[] { return this.#pairs.get(node) ?? []; }
  pairOf(node: string): Pair | undefined { return this.#pairs.get(node)?.[0]; }
  /** Port-channels of a pair that have an MC-LAG id. */
  legsOf(pair: string): readonly Lag[] { return this.#legs.get(pair) ?? []; }
  /** The leg on the other peer. */
  twinOf(leg: Lag): Lag | undefined { return this.#legs.get(`${leg.pair} ${leg.mlagId}`)?.find((other) => other.node !== leg.node); }
  /** "node:port" at the other end of the cable. */
  far(port: string): string | undefined { return this.#far.get(port); }
}
