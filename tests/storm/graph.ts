// Who can reach whom by cables that are whole: a search over nodes, links, VLANs and bonds that knows no protocol.

import type { Flow, Lag, Topology } from "../../bindings/topology/model.ts";
import type { Damage } from "./damage.ts";

interface Leg { switch: string; port: string }

export class Graph {
  readonly #topology: Topology;
  readonly #damage: Damage;
  readonly #kind: Map<string, string>;
  readonly #vlans = new Map<string, ReadonlySet<number>>(); // port of a switch → VLANs bridged
  readonly #lagOf = new Map<string, Lag>();

  constructor(topology: Topology, damage: Damage) {
    this.#topology = topology;
    this.#damage = damage;
    this.#kind = new Map(topology.nodes.map((n) => [n.name, n.kind]));
    for (const p of topology.ports) this.#vlans.set(`${p.node}:${p.name}`, new Set(p.mode === "routed" ? [] : p.vlans));
    for (const lag of topology.lags) {
      for (const m of lag.members) {
        this.#lagOf.set(`${lag.node}:${m}`, lag);
        this.#vlans.set(`${lag.node}:${m}`, new Set([...(this.#vlans.get(`${lag.node}:${m}`) ?? []), ...lag.vlans]));
      }
    }
  }

  #whole(a: string, b: string, name: string): boolean {
    const d = this.#damage;
    return !d.cut.has(name) && [a, b].every((end) => !d.shut.has(end) && !d.released.has(end) && !d.dead.has(nodeOf(end)));
  }

  /** Switches in one bridged segment with this one, itself included. */
  segment(from: string, vlan: number): Set<string> {
    const found = new Set(this.#damage.dead.has(from) ? [] : [from]);
    for (const node of found) {
      for (const l of this.#topology.links) {
        for (const [own, far] of [[l.a, l.b], [l.b, l.a]] as const) {
          if (nodeOf(own) !== node || this.#kind.get(nodeOf(far)) !== "switch" || !this.#whole(l.a, l.b, l.name)) continue;
          if (this.#vlans.get(own)!.has(vlan) && this.#vlans.get(far)!.has(vlan) && this.#enough(own) && this.#enough(far)) found.add(nodeOf(far));
        }
      }
    }
    return found;
  }

  /** Has the port's bond, if it is in one, as many whole cables as min-links asks for? */
  #enough(port: string): boolean {
    const lag = this.#lagOf.get(port);
    if (lag === undefined || lag.minLinks < 2) return true;
    const ends = new Set(lag.members.map((m) => `${lag.node}:${m}`));
    return this.#topology.links.filter((l) => (ends.has(l.a) || ends.has(l.b)) && this.#whole(l.a, l.b, l.name)).length >= lag.minLinks;
  }

  legs(host: string): Leg[] {
    return this.#topology.links.flatMap((l) => ([[l.a, l.b], [l.b, l.a]] as const)
      .filter(([own, far]) => nodeOf(own) === host && this.#whole(l.a, l.b, l.name) && this.#enough(own) && this.#enough(far)).map(([, far]) => ({ switch: nodeOf(far), port: far })));
  }

  /**
   * Must a flow be up? When every leg of either host that is whole leads into one segment: a bond goes by the carrier of its legs, and may by right use one
   * that leads nowhere. Of virtual machines, which move, nothing is promised. Through gateways: when each router that may be the host's has both networks and reaches the other host in its own.
   */
  mustBeUp(flow: Flow): boolean {
    if (this.#moves(flow) || this.#astray(flow.from) || this.#astray(flow.to)) return false;
    const ends = [flow.from, flow.to].map((host) => ({ legs: this.legs(host), vlan: this.#topology.addresses.find((a) => a.node === host)!.vlan }));
    const [a, b] = [ends[0]!, ends[1]!];
    if (a.legs.length === 0 || b.legs.length === 0) return false;
    const all = (from: string, vlan: number, legs: readonly Leg[]): boolean => { const found = this.segment(from, vlan); return legs.every((leg) => found.has(leg.switch) && this.#vlans.get(leg.port)!.has(vlan)); };
    if (a.vlan === b.vlan) return all(a.legs[0]!.switch, a.vlan, [...a.legs, ...b.legs]);
    const routersOf = (vlan: number): string[] => [...this.#topology.vrrps, ...this.#topology.fhrps].filter((r) => r.vlan === vlan).map((r) => r.node);
    return ends.every((own, i) => {
      const far = ends[1 - i]!;
      if (!all(own.legs[0]!.switch, own.vlan, own.legs)) return false;
      const near = this.segment(own.legs[0]!.switch, own.vlan);
      const routers = routersOf(own.vlan).filter((r) => near.has(r));
      return routers.length > 0 && routers.every((r) => routersOf(far.vlan).includes(r) && all(r, far.vlan, far.legs));
    });
  }

  /** Has the host a port that left its bond and was set up again? A static bundle at the other end sees a cable that works, and gives it its share. */
  #astray(host: string): boolean {
    return this.#topology.links.some((l) => ([[l.a, l.b], [l.b, l.a]] as const).some(([own, far]) =>
      nodeOf(own) === host && this.#damage.released.has(own) && !this.#damage.shut.has(own) && this.#lagOf.get(far)?.lacp === null));
  }

  #moves(flow: Flow): boolean { return this.#topology.vms.some((vm) => vm.name === flow.from || vm.name === flow.to); }

  /** Can a flow be up at all? Cables of any kind count, deceiving ones too. */
  mayBeUp(flow: Flow): boolean {
    if (this.#moves(flow)) return true;
    const found = new Set(this.#damage.dead.has(flow.from) ? [] : [flow.from]);
    for (const node of found) for (const l of this.#topology.links) if (this.#whole(l.a, l.b, l.name)) { if (nodeOf(l.a) === node) found.add(nodeOf(l.b)); if (nodeOf(l.b) === node) found.add(nodeOf(l.a)); }
    return found.has(flow.to);
  }
}

function nodeOf(port: string): string { return port.split(":")[0]!; }
