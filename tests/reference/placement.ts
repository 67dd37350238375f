// Slow reference of where frames go in a settled leaf-spine network, worked out from the topology and the rules of docs/forwarding.md and
// docs/mclag.md. It simulates nothing and shares no code with the engine: what is up is read off what has failed.
//
// Of: leaves, alone or in MC-LAG pairs with gateways that both peers answer for; spines and cores above them; servers on one cable or on
// bonds; IPv4. A failure is a node (not the only leaf of a server) or a cable other than a peer-link's.

import type { Lag, Node, Topology } from "../../bindings/topology/model.ts";
import { referenceHash, type Packet } from "./hash.ts";

export interface Tuple { from: string; to: string; protocol: "tcp" | "udp" | "icmp"; sport: number; dport: number }

const HOPS_MAX = 16;
const nodeOf = (port: string): string => port.split(":")[0]!;
const bytes = (value: bigint): number[] => [40n, 32n, 24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 255n));

/** A switch's mixing of a hash with its seed, on big integers. */
function mixed(hash: number, seed: number): number {
  const word = (x: bigint): bigint => x & 0xffff_ffffn;
  let h = word(BigInt(hash) ^ BigInt(seed));
  h = word((h ^ (h >> 16n)) * 0x7feb352dn);
  h = word((h ^ (h >> 15n)) * 0x846ca68bn);
  return Number(h ^ (h >> 16n));
}

interface Frame { tuple: Tuple; src: bigint; dst: bigint; to: string }

export class Reference {
  readonly #t: Topology;
  readonly #dead: ReadonlySet<string>;
  readonly #far = new Map<string, string>();
  readonly #down: ReadonlySet<string>;
  readonly #known = new Map<number, Map<string, number>>();

  constructor(t: Topology, failed: readonly { kind: string; name: string }[]) {
    this.#t = t;
    this.#dead = new Set(failed.filter((f) => f.kind === "node").map((f) => f.name));
    const cut = new Set(failed.filter((f) => f.kind === "link").map((f) => f.name));
    const down = new Set<string>();
    for (const link of t.links) {
      this.#far.set(link.a, link.b).set(link.b, link.a);
      if (cut.has(link.name) || this.#dead.has(nodeOf(link.a)) || this.#dead.has(nodeOf(link.b))) down.add(link.a).add(link.b);
    }
    this.#down = down;
  }

  /** Ports that the frames of a direction leave by; null: they are lost. */
  way(tuple: Tuple): string[] | null {
    if (this.#dead.has(tuple.from) || this.#dead.has(tuple.to)) return null;
    const to = this.#macOf(tuple.to);
    const near = this.#vlanOf(tuple.from) === this.#vlanOf(tuple.to);
    const frame: Frame = { tuple, src: this.#macOf(tuple.from), dst: near ? to : this.#gatewayMac(tuple.from), to: tuple.to };
    const first = this.#fromServer(tuple.from, frame);
    const way: string[] = [];
    let out = first;
    while (out !== null && way.length < HOPS_MAX) {
      way.push(out);
      const at = this.#far.get(out)!;
      if (nodeOf(at) === tuple.to) return way;
      out = this.#onwards(nodeOf(at), at, frame);
    }
    return null;
  }

  #node(name: string): Node { return this.#t.nodes.find((n) => n.name === name)!; }
  #address(server: string) { return this.#t.addresses.find((a) => a.node === server)!; }
  #vlanOf(server: string): number { return this.#address(server).vlan; }
  #portsOf(node: string): string[] {
    return this.#t.ports.filter((p) => p.node === node).map((p) => `${node}:${p.name}`).sort((a, b) => Number(/\d+$/.exec(a)![0]) - Number(/\d+$/.exec(b)![0]));
  }
  #bondOf(server: string): Lag | undefined { return this.#t.lags.find((l) => l.node === server); }

  /** A host's address is that of its first port: the node's, and the port's place among the node's ports. */
  #macOf(server: string): bigint {
    const bond = this.#bondOf(server);
    const port = bond === undefined ? this.#portsOf(server)[0]! : `${server}:${bond.members[0]}`;
    return this.#node(server).mac + BigInt(this.#portsOf(server).indexOf(port) + 1);
  }

  #gatewayMac(server: string): bigint {
    return 0x00005e000100n + BigInt(this.#t.vrrps.find((v) => v.vlan === this.#vlanOf(server))!.vrid);
  }

  #hash(policy: string, { tuple, src, dst }: Frame): number {
    const ip = (server: string): number[] => this.#address(server).ip.split(".").map(Number);
    const proto = tuple.protocol === "tcp" ? 6 : 17;
    const packet: Packet = {
      dstMac: bytes(dst), srcMac: bytes(src), tci: 0, tags: [],
      body: { version: 4, src: ip(tuple.from), dst: ip(tuple.to), fragment: false, extensions: [], payload: { kind: "ports", proto, sport: tuple.sport, dport: tuple.dport } },
    };
    return referenceHash(policy, packet);
  }

  #seeded(node: string, policy: string, frame: Frame): number { return mixed(this.#hash(policy, frame), this.#node(node).hashSeed!); }

  #fromServer(server: string, frame: Frame): string | null {
    const bond = this.#bondOf(server);
    const up = (bond === undefined ? this.#portsOf(server).slice(0, 1) : bond.members.map((m) => `${server}:${m}`)).filter((port) => !this.#down.has(port));
    if (up.length === 0) return null;
    return up[bond === undefined ? 0 : this.#hash(bond.hash, frame) % up.length]!;
  }

  /** Out of a switch: bridged within the VLAN, routed when it is sent to a gateway or by a router. */
  #onwards(node: string, inPort: string, frame: Frame): string | null {
    const attached = this.#t.addresses.some((a) => a.node === node && a.vlan === this.#vlanOf(frame.to));
    if (frame.dst !== this.#macOf(frame.to)) {
      if (!attached) return this.#nextHop(node, frame);
      frame.src = this.#node(node).mac;
      frame.dst = this.#macOf(frame.to);
    } else if (!attached && this.#node(node).tier > 1) return this.#nextHop(node, frame);
    return this.#bridged(node, inPort, frame);
  }

  #bridged(node: string, inPort: string, frame: Frame): string | null {
    const mine = this.#portsOf(node).filter((port) => nodeOf(this.#far.get(port)!) === frame.to && !this.#down.has(port));
    if (mine.length > 0) return this.#member(node, mine, frame);
    const around = this.#t.lags.find((l) => l.node === node && l.peerLinkOf !== null);
    if (around === undefined || around.members.includes(inPort.split(":")[1]!)) return null;
    return this.#member(node, around.members.map((m) => `${node}:${m}`).filter((port) => !this.#down.has(port)), frame);
  }

  #member(node: string, up: string[], frame: Frame): string | null {
    const lag = this.#t.lags.find((l) => l.node === node && l.members.includes(up[0]?.split(":")[1] ?? ""));
    if (up.length < 2 || lag === undefined) return up[0] ?? null;
    return up[this.#seeded(node, lag.hash, frame) % up.length]!;
  }

  #nextHop(node: string, frame: Frame): string | null {
    const ports = this.#best(node, this.#routes(this.#vlanOf(frame.to)));
    if (ports.length === 0) return null;
    frame.dst = -1n; // a router's: nobody between two routers looks at it
    return ports[ports.length === 1 ? 0 : this.#seeded(node, "layer3+4", frame) % ports.length]!;
  }

  #routed(node: string): string[] {
    return this.#portsOf(node).filter((port) => !this.#down.has(port) && this.#t.ports.find((p) => `${p.node}:${p.name}` === port)!.mode === "routed");
  }

  /** Ports with the shortest way. */
  #best(node: string, heard: ReadonlyMap<string, number>): string[] {
    const ports = this.#routed(node).filter((port) => heard.has(port));
    const least = Math.min(...ports.map((port) => heard.get(port)!));
    return ports.filter((port) => heard.get(port) === least);
  }

  /**
   * How long the way to a VLAN is, as each routed port hears it from its neighbour: told round by round until nobody says anything new. What is
   * the best from above or beside is told downwards only, and nothing back to whom it is best from (docs/forwarding.md).
   */
  #routes(vlan: number): Map<string, number> {
    const known = this.#known.get(vlan);
    if (known !== undefined) return known;
    let heard = new Map<string, number>();
    for (let before = ""; before !== JSON.stringify([...heard].sort()); ) {
      before = JSON.stringify([...heard].sort());
      const next = new Map<string, number>();
      for (const { name, tier } of this.#t.nodes.filter((n) => n.routed && !this.#dead.has(n.name))) {
        const attached = this.#t.addresses.some((a) => a.node === name && a.vlan === vlan);
        const best = attached ? [] : this.#best(name, heard);
        if (!attached && best.length === 0) continue;
        const toAll = attached || best.some((port) => this.#node(nodeOf(this.#far.get(port)!)).tier < tier);
        for (const port of this.#routed(name)) {
          const far = this.#far.get(port)!;
          if (!best.includes(port) && (toAll || this.#node(nodeOf(far)).tier < tier)) next.set(far, attached ? 1 : heard.get(best[0]!)! + 1);
        }
      }
      heard = next;
    }
    this.#known.set(vlan, heard);
    return heard;
  }
}
