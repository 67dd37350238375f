// A topology as rules look at it: indices for look-ups, the mistakes that its reader told, and places in its file.

import type { Lag, Link, Network, Node, Pair, Port, Topology } from "../topology/model.ts";
import type { Problem } from "../topology/problems.ts";
import { Places } from "./places.ts";

export class Design {
  readonly topology: Topology;
  /** Mistakes of design: the file is checked, but not run */
  readonly faults: readonly Problem[];
  readonly places: Places;
  readonly nodes: ReadonlyMap<string, Node>;
  /** "node:port" → port */
  readonly ports: ReadonlyMap<string, Port>;
  readonly lags: ReadonlyMap<string, Lag>;
  readonly pairs: ReadonlyMap<string, Pair>;
  /** VLAN → networks of it: one, or one a site */
  readonly networks: ReadonlyMap<number, readonly Network[]>;
  readonly #linkAt = new Map<string, Link>();
  readonly #lagAt = new Map<string, Lag>();
  readonly #pairOf = new Map<string, Pair>();
  readonly #portsOf: ReadonlyMap<string, readonly Port[]>;

  constructor(topology: Topology, faults: readonly Problem[], text: string, file: string) {
    this.topology = topology;
    this.faults = faults;
    this.places = new Places(text, file);
    this.nodes = byName(topology.nodes);
    this.lags = byName(topology.lags);
    this.pairs = byName(topology.pairs);
    this.ports = new Map(topology.ports.map((port) => [`${port.node}:${port.name}`, port]));
    this.networks = grouped(topology.networks, (network) => network.vlan);
    this.#portsOf = grouped(topology.ports, (port) => port.node);
    for (const link of topology.links) this.#linkAt.set(link.a, link).set(link.b, link);
    for (const lag of topology.lags) for (const member of lag.members) this.#lagAt.set(`${lag.node}:${member}`, lag);
    for (const pair of topology.pairs) for (const peer of pair.peers) this.#pairOf.set(peer, pair);
  }

  portsOf(node: string): readonly Port[] { return this.#portsOf.get(node) ?? []; }

  /** The cable in "node:port". */
  linkAt(port: string): Link | undefined { return this.#linkAt.get(port); }

  /** The aggregate that "node:port" is a member of. */
  lagAt(port: string): Lag | undefined { return this.#lagAt.get(port); }

  /** The MC-LAG pair that a switch is a peer of. */
  pairOf(node: string): Pair | undefined { return this.#pairOf.get(node); }

  /** "node:port" at the other end of the cable in "node:port". */
  far(port: string): string | undefined {
    const link = this.#linkAt.get(port);
    return link === undefined ? undefined : link.a === port ? link.b : link.a;
  }

  /** The node at the other end of the cable in "node:port". */
  farNode(port: string): Node | undefined { return this.nodes.get(nodeOf(this.far(port) ?? "")); }

  /** Members of an aggregate as "node:port". */
  members(lag: Lag): string[] { return lag.members.map((member) => `${lag.node}:${member}`); }

  /** Cables of an aggregate's members. */
  links(lag: Lag): Link[] { return this.members(lag).flatMap((port) => this.#linkAt.get(port) ?? []); }

  /** Aggregates at the other ends of the members' cables: one, or the legs of a pair. */
  farLags(lag: Lag): Lag[] { return [...new Set(this.members(lag).flatMap((port) => this.#lagAt.get(this.far(port) ?? "") ?? []))]; }
}

/** "leaf1:Eth1" → "leaf1" */
export const nodeOf = (port: string): string => port.slice(0, port.indexOf(":"));

const byName = <T extends { name: string }>(list: readonly T[]): Map<string, T> => new Map(list.map((each) => [each.name, each]));

function grouped<K, T>(list: readonly T[], key: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of list) {
    const known = groups.get(key(each));
    if (known === undefined) groups.set(key(each), [each]);
    else known.push(each);
  }
  return groups;
}
