// Where a hash deals flows among members or next hops: how many each got, and whether the same hash dealt them before.

import { Indices, type Session, type Way } from "../engine/index.ts";
import { Simulation, type Route } from "../show/index.ts";
import { contains, parseIp, parsePrefix, type Subnet } from "../topology/ip.ts";
import type { Lag, Topology } from "../topology/model.ts";
import { isBundle, nodeOfPort } from "./cables.ts";
import type { State } from "./place.ts";
import type { Traffic } from "./traffic.ts";

export type Group = {
  kind: "lag" | "next hops" | "pair";
  /** "leaf1:Po5", "leaf1 to spine1, spine2", or the pair that servers send to */
  name: string;
  /** lag, node or pair that it stands at */
  at: string;
  /** ports, or peers of a pair */
  members: string[];
  /** flows, and Mbit/s, of each */
  counts: number[];
  mbps: number[];
  hash: string;
  /** switches that chose by the same hash, with the same seed, before these flows came here */
  before: string[];
};

interface RouteTo { route: Route; subnet: Subnet }
interface Choice { group: Group; member: number; node: string; seed: number | null; hash: string }

/** All groups that a flow of `state` was dealt by, in the order of the file's nodes. */
export function groupsOf(t: Topology, session: Session, traffic: Traffic, state: State): Group[] {
  const dealer = new Dealer(t, session);
  traffic.flows.forEach((flow, i) => {
    const { forth, back } = state.trials[i]!;
    for (const [ways, to, mbps] of [[forth, flow.to, flow.mbps], [back, flow.from, flow.backMbps]] as const) {
      if (mbps > 0 && ways.length === 1 && ways[0]!.arrives) dealer.take(ways[0]!, to, mbps);
    }
  });
  return dealer.groups();
}

class Dealer {
  readonly #t: Topology;
  readonly #of: Indices;
  readonly #ports: readonly string[];
  readonly #show: Simulation;
  readonly #groups = new Map<string, Group>();
  readonly #hops = new Map<string, Route["nextHops"]>();
  readonly #tables = new Map<string, RouteTo[]>();
  readonly #address: Map<string, string>;

  constructor(t: Topology, session: Session) {
    this.#t = t;
    this.#of = new Indices(t);
    this.#ports = session.names.ports;
    this.#show = new Simulation(session);
    this.#address = new Map([...t.addresses].reverse().map((a) => [a.node, a.ip]));
  }

  groups(): Group[] {
    const order = new Map(this.#t.nodes.map((n, i) => [n.name, i]));
    const at = (g: Group): number => order.get(nodeOfPort(g.members[0]!)) ?? order.get(g.members[0]!) ?? 0;
    return [...this.#groups.values()].sort((a, b) => at(a) - at(b) || (a.name < b.name ? -1 : 1));
  }

  take(way: Way, to: string, mbps: number): void {
    const made: Choice[] = [];
    way.ports.forEach((index, k) => {
      const port = this.#ports[index]!;
      for (const choice of this.#choices(port, way.routed[k]!, to)) {
        choice.group.counts[choice.member]! += 1;
        choice.group.mbps[choice.member]! += mbps;
        for (const earlier of made) {
          if (choice.seed === null || earlier.seed !== choice.seed || earlier.hash !== choice.hash || earlier.node === choice.node) continue;
          if (!choice.group.before.includes(earlier.node)) choice.group.before.push(earlier.node);
        }
        made.push(choice);
      }
    });
  }

  #choices(port: string, routed: boolean, to: string): Choice[] {
    const node = nodeOfPort(port);
    const lag = this.#of.lagOfPort.get(port);
    if (lag !== undefined && isBundle(lag)) return [this.#bundle(port, node, lag), ...this.#peer(port, lag)];
    return routed ? this.#nextHops(port, node, to) : [];
  }

  #bundle(port: string, node: string, lag: Lag): Choice {
    const members = lag.members.map((m) => `${node}:${m}`);
    const group = this.#group({ kind: "lag", name: lag.name, at: lag.name, members, hash: lag.hash });
    return { group, member: members.indexOf(port), node, seed: this.#seed(node), hash: lag.hash };
  }

  /** A server's cable to a pair: which of the peers its bond chose. */
  #peer(port: string, lag: Lag): Choice[] {
    const far = nodeOfPort(this.#of.far(port) ?? port);
    const pair = this.#t.pairs.find((p) => p.peers.includes(far));
    const split = pair !== undefined && pair.peers.every((peer) => lag.members.some((m) => nodeOfPort(this.#of.far(`${lag.node}:${m}`) ?? "?:") === peer));
    if (pair === undefined || !split) return [];
    const group = this.#group({ kind: "pair", name: `what is sent to ${pair.name}`, at: pair.name, members: [...pair.peers], hash: lag.hash });
    return [{ group, member: pair.peers.indexOf(far), node: lag.node, seed: null, hash: lag.hash }];
  }

  #nextHops(port: string, node: string, to: string): Choice[] {
    const key = `${node} ${to}`;
    let hops = this.#hops.get(key);
    if (hops === undefined) this.#hops.set(key, hops = this.#learned(node, to));
    const members = hops.map((h) => `${node}:${h.interface}`);
    if (members.length < 2 || !members.includes(port)) return [];
    const group = this.#group({ kind: "next hops", name: `${node} to ${[...new Set(hops.map((h) => h.to))].join(", ")}`, at: node, members, hash: "layer3+4" });
    return [{ group, member: members.indexOf(port), node, seed: this.#seed(node), hash: "layer3+4" }];
  }

  /** Next hops of the longest prefix that a server's address is in; none where the node is attached to it. */
  #learned(node: string, to: string): Route["nextHops"] {
    const ip = parseIp(this.#address.get(to) ?? "");
    if (ip === null) return [];
    let best: RouteTo | null = null;
    for (const each of this.#routes(node)) if (contains(each.subnet, ip) && (best === null || each.subnet.prefix > best.subnet.prefix)) best = each;
    return best?.route.via === "learned" ? best.route.nextHops : [];
  }

  #routes(node: string): RouteTo[] {
    const known = this.#tables.get(node);
    if (known !== undefined) return known;
    const table = this.#show.show(node, "ip-route").flatMap((route): RouteTo[] => { const parsed = parsePrefix(route.prefix); return parsed === null ? [] : [{ route, subnet: parsed.subnet }]; });
    this.#tables.set(node, table);
    return table;
  }

  #seed(node: string): number | null { return this.#of.node.get(node)?.hashSeed ?? null; }

  #group(made: Pick<Group, "kind" | "name" | "at" | "members" | "hash">): Group {
    const key = `${made.kind} ${made.at} ${made.members.join(" ")}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group: Group = { ...made, counts: made.members.map(() => 0), mbps: made.members.map(() => 0), before: [] };
    this.#groups.set(key, group);
    return group;
  }
}
