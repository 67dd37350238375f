// Virtual routers do what RFC 3768, 5798 and 9568 say, section 6.4 (tests/reference/vrrp.ts): a model of each is started and stopped when its router is, hears the
// advertisements that its router heard, and is Master and Backup in the same instants. What the router sends the model sends, and the other way round
// wherever a port is open to carry it. keepalived and FRR, which differ from the texts, and IPv6 are not asked.

import { NODE_CRASHED, STP_GUARD_LOOP, STP_GUARD_LOOP_GONE, STP_GUARD_LOOP_OVER, STP_FORWARDING, T_CARRIER, T_MEMBER, T_NODE, T_STP_GUARD, T_STP_STATE, T_VRRP, VRRP_BACKUP, VRRP_INITIALIZE, VRRP_MASTER } from "../../../assembly/abi.ts";
import type { Vrrp } from "../../../bindings/topology/model.ts";
import { VirtualRouter, type Advertisement, type Standard } from "../../reference/vrrp.ts";
import type { Invariant } from "../invariant.ts";
import { isUp, unnoticed, type Recording } from "../replay/recording.ts";
import { firstApart, type TwoTellings } from "../replay/telling.ts";

export const vrrpReference: Invariant<TwoTellings[]> = {
  name: "vrrp-reference",
  async gather(world) {
    const { topology } = world.of;
    const trees = new Set(topology.pairs.flatMap((p) => p.peers).filter((peer) => topology.nodes.find((n) => n.name === peer)!.stp !== undefined)); // share a tree: its states are told of one
    const routers = topology.vrrps.filter((v) => v.implementation.startsWith("rfc") && v.vips.every((vip) => !vip.includes(":")) && !trees.has(v.node));
    if (routers.length === 0) return null;
    const recording = await world.recorded();
    return routers.map((v) => new Replay(recording, v).told());
  },
  judge: (all) => all.flatMap(firstApart),
};

/** Of one instant: what befalls hardware and stops, frames, what starts. */
const HARDWARE = 0; const FRAME = 1; const START = 2;
type Phase = 0 | 1 | 2;
/** Advertisements of an instant. */
interface Spoken { least: number; most: number }
interface Turn { at: bigint; phase: Phase; order: number; do: () => void }

class Replay {
  readonly #recording: Recording;
  readonly #of: Vrrp;
  readonly #router: VirtualRouter;
  readonly #engine: string[] = [];
  readonly #model: string[] = [];
  // of the router's node
  readonly #carrier = new Set<string>();
  readonly #gates = new Map<string, number>();
  readonly #guarded = new Set<string>();
  readonly #members = new Map<string, number>();
  #running = false;
  /** the last instant in which a port opened or closed: who was first in it is not told */
  #moved: bigint | null = null;
  #sent = new Map<string, Spoken>(); // "at priority" → what the engine sent and the model has not yet

  constructor(recording: Recording, of: Vrrp) {
    this.#recording = recording;
    this.#of = of;
    const { topology } = recording.run;
    const own = topology.addresses.find((a) => a.node === of.node && a.vlan === of.vlan)!.ip.split("/")[0]!;
    const standard: Standard = of.version === 2 ? "3768" : of.implementation === "rfc9568" ? "9568" : "5798";
    this.#router = new VirtualRouter(standard, of.priority, of.preempt, numberOf(own), of.intervalNs);
  }

  told(): TwoTellings {
    const { run } = this.#recording;
    this.#sent = this.spoken();
    for (const turn of this.turns()) {
      this.timersUntil(turn.at, false);
      turn.do();
      this.acts(turn.at);
    }
    this.timersUntil(run.endNs, true);
    for (const [left, { least }] of this.#sent) if (least > 0) this.#engine.push(`${left} sent, and not by the model`);
    return { who: `${this.#of.gateway}@${this.#of.node}`, engine: this.#engine, model: this.#model };
  }

  /**
   * How often the router spoke in an instant. It speaks to every port at once; a switch also passes on what a loop brings back, a copy by each other port. So of what a port
   * sends at least that is the router's own which is more than what came in by others.
   */
  private spoken(): Map<string, Spoken> {
    const told = new Map<string, Record<"sent" | "received", string[]>>(); // ports, one for each frame
    for (const f of this.#recording.run.frames) {
      const advert = f.port.startsWith(`${this.#of.node}:`) ? this.advertisement(Buffer.from(f.bytes)) : null;
      if (advert?.senderIp !== this.#router.primaryIp) continue;
      const key = `${f.at} ${advert.priority}`;
      if (!told.has(key)) told.set(key, { sent: [], received: [] });
      told.get(key)![f.direction].push(f.port);
    }
    return new Map([...told].filter(([, { sent }]) => sent.length > 0).map(([key, { sent, received }]) => {
      const by = (list: readonly string[], port: string): number => list.filter((p) => p === port).length;
      const beyond = sent.map((port) => by(sent, port) - received.length + by(received, port));
      return [key, { least: Math.max(0, ...beyond), most: Math.max(...sent.map((port) => by(sent, port))) }];
    }));
  }

  /** The model sends; false: the engine has not, or less often. */
  private alsoSent(key: string): boolean {
    const left = this.#sent.get(key);
    if (left === undefined || left.most === 0) return false;
    left.least -= 1; left.most -= 1;
    return true;
  }

  private timersUntil(at: bigint, included: boolean): void {
    for (let due = this.#router.next(); due !== null && (due < at || (included && due === at)); due = this.#router.next()) {
      const was = this.#router.state;
      this.#router.fire(due);
      this.state(due, was);
      this.acts(due);
    }
  }

  private state(at: bigint, was: string): void { if (this.#router.state !== was) this.#model.push(`${at} ns ${this.#router.state}`); }

  /** What the model sends the engine has sent, if a port was open. */
  private acts(at: bigint): void {
    for (const act of this.#router.acts.splice(0)) {
      if (!("advert" in act)) continue;
      const key = `${at} ${act.advert}`;
      if (!this.alsoSent(key) && this.#moved !== at && this.someOpen(at)) this.#model.push(`${key} sent`);
    }
  }

  private turns(): Turn[] {
    const { run, nodes } = this.#recording;
    const { node } = this.#of;
    const turns: Turn[] = [];
    const add = (at: bigint, phase: Phase, work: () => void): void => { turns.push({ at, phase, order: turns.length, do: work }); };
    const row = run.names.vrrps.indexOf(`${this.#of.gateway}@${node}`);
    for (const r of run.trace.ofKinds(T_NODE, T_CARRIER, T_STP_STATE, T_STP_GUARD, T_MEMBER, T_VRRP)) {
      if (r.kind === T_VRRP) { if (r.entity === row) this.vrrpTurn(add, r); continue; }
      if (r.kind === T_NODE) { if (r.entity === nodes.get(node)) add(r.at, HARDWARE, () => { this.power(r.at, r.b); }); continue; }
      const port = run.names.ports[r.entity];
      if (port?.startsWith(`${node}:`) !== true) continue;
      add(r.at, HARDWARE, () => {
        this.#moved = r.at;
        if (r.kind === T_CARRIER) { if (r.a === 1) this.#carrier.add(port); else this.#carrier.delete(port); }
        else if (r.kind === T_STP_STATE) this.#gates.set(port, r.b);
        else if (r.kind === T_MEMBER) this.#members.set(port, r.b);
        else if (r.a === STP_GUARD_LOOP) this.#guarded.add(port);
        else if (r.a === STP_GUARD_LOOP_OVER || r.a === STP_GUARD_LOOP_GONE) this.#guarded.delete(port);
      });
    }
    for (const f of run.frames) {
      if (f.direction !== "received" || !f.port.startsWith(`${node}:`)) continue;
      const advert = this.advertisement(Buffer.from(f.bytes));
      if (advert !== null) add(f.at, FRAME, () => { this.hear(f.port, advert, f.at); });
    }
    return turns.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.phase - b.phase || a.order - b.order));
  }

  /** Startup and Shutdown are events that come from outside; the rest is compared. */
  private vrrpTurn(add: (at: bigint, phase: Phase, work: () => void) => void, r: { at: bigint; a: number; b: number }): void {
    if (r.a === VRRP_INITIALIZE) add(r.at, START, () => { this.#router.startup(r.at); });
    else if (r.b === VRRP_INITIALIZE) add(r.at, HARDWARE, () => { this.#moved = r.at; this.#router.shutdown(); });
    else add(r.at, START, () => { this.#engine.push(`${r.at} ns ${{ [VRRP_BACKUP]: "Backup", [VRRP_MASTER]: "Master" }[r.b]}`); });
  }

  /** Without power nothing is said. What hangs does nothing until it is switched off. */
  private power(at: bigint, state: number): void {
    this.#moved = at;
    this.#running = isUp(state);
    if (isUp(state) || state === NODE_CRASHED) { this.#gates.clear(); this.#guarded.clear(); this.#members.clear(); this.#carrier.clear(); }
    if (this.#running) return;
    this.#router.shutdown();
    this.#router.acts = this.#router.acts.filter((act) => "advert" in act && act.advert === 0 && (this.#sent.get(`${at} 0`)?.most ?? 0) > 0); // orderly: its farewell came before
  }

  private open(port: string, bit: 1 | 2): boolean {
    const { topology } = this.#recording.run;
    const bundled = topology.lags.find((l) => l.members.some((m) => `${l.node}:${m}` === port));
    const vlans = bundled?.vlans ?? topology.ports.find((p) => `${p.node}:${p.name}` === port)?.vlans ?? [];
    if (!this.#carrier.has(port) || !vlans.includes(this.#of.vlan) || this.#guarded.has(port)) return false;
    if (bundled !== undefined) return ((this.#members.get(port) ?? 0) & bit) !== 0;
    return topology.nodes.find((n) => n.name === this.#of.node)!.stp === undefined || this.#gates.get(port) === STP_FORWARDING;
  }
  private someOpen(at: bigint): boolean { return this.#running && [...this.#carrier].some((port) => this.open(port, 2) && !unnoticed(this.#recording, port)(at)); }

  private hear(port: string, advert: Advertisement, at: bigint): void {
    if (!this.#running || !this.open(port, 1) || advert.senderIp === this.#router.primaryIp) return;
    const was = this.#router.state;
    this.#router.hear(advert, at);
    this.state(at, was);
  }

  /** RFC 3768 5.3, RFC 5798 5.2. */
  private advertisement(bytes: Buffer): Advertisement | null {
    if (bytes.readUIntBE(0, 6) !== 0x01005e000012 || bytes.readUInt16BE(12) !== 0x0800 || bytes[23] !== 112) return null;
    const vrrp = bytes.subarray(34);
    if (vrrp[1] !== this.#of.vrid) return null;
    const version = vrrp[0]! >> 4;
    return { version, priority: vrrp[2]!, intervalNs: version === 2 ? BigInt(vrrp[5]!) * 1_000_000_000n : BigInt(vrrp.readUInt16BE(4) & 0xfff) * 10_000_000n, senderIp: bytes.readUInt32BE(26) };
  }
}

function numberOf(ip: string): number { return ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0); }
