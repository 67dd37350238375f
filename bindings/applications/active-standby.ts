// Active and standby with heartbeats, replication, a witness, a decision, promotion and the redirection of clients.
//
// The standby misses heartbeats for `timeout` and then wants to serve. With a witness it must reach it, and the witness grants
// it only when the primary does not reach the witness either; a primary that reaches neither stops (it may have been replaced).
// Without a witness the standby promotes itself: if the primary still lives, both serve: split brain. When heartbeats return
// the later one steps back (or, with failback, the former primary takes over again).

import type { ActiveStandby } from "../topology/application.ts";
import { neededFlows } from "../topology/application.ts";
import { Recorder, type Outcome } from "./outcome.ts";
import type { Signals } from "./signals.ts";

const NEVER = (1n << 62n) - 1n;
/** Steps in which clients whose resolvers forget at random instants within the TTL are counted over. */
const DNS_STEPS = 4n;

class Machine {
  readonly recorder = new Recorder();
  readonly #a: ActiveStandby;
  readonly #s: Signals;
  #primaryServes = true;
  #standbyServes = false;
  #missingSince = NEVER;
  #serveAt = NEVER; // the standby's promotion is complete
  #fenceAt = NEVER; // the primary stops itself
  #returnAt = NEVER; // failback is complete
  #movedTo: 0 | 1 = 0; // where the clients are being sent
  #movedAt = -NEVER;
  #decided = false;

  constructor(a: ActiveStandby, s: Signals) { this.#a = a; this.#s = s; }

  /** Everything that happens at this instant; returns the next instant at which something may happen by itself. */
  at(now: bigint): bigint {
    const a = this.#a;
    const heart = this.#s.up(a.name, a.primary, a.standby, now);
    if (heart) this.#heartbeat(now);
    else if (this.#missingSince === NEVER) { this.#missingSince = now; this.recorder.say(now, "heartbeats stop"); }
    if (!heart) this.#missing(now);
    if (now >= this.#serveAt) this.#promoted(now);
    if (now >= this.#fenceAt && this.#primaryServes) { this.#primaryServes = false; this.#fenceAt = NEVER; this.recorder.say(now, `${a.primary} reaches neither ${a.standby} nor the witness: it stops`); }
    if (now >= this.#returnAt) this.#failedBack(now);
    if (this.#primaryServes && !this.#s.alive(a.primary, now)) { this.#primaryServes = false; this.recorder.say(now, `${a.primary} is dead`); }
    if (this.#standbyServes && !this.#s.alive(a.standby, now)) { this.#standbyServes = false; this.recorder.say(now, `${a.standby} is dead`); }
    this.recorder.split(now, this.#primaryServes && this.#standbyServes && !heart);
    this.recorder.share(now, this.#share(now));
    return this.#next(now);
  }

  #heartbeat(now: bigint): void {
    const a = this.#a;
    if (this.#missingSince !== NEVER) this.recorder.say(now, "heartbeats return");
    this.#missingSince = NEVER; this.#fenceAt = NEVER; this.#decided = false;
    if (!this.#standbyServes) { this.#serveAt = NEVER; if (!this.#primaryServes) { this.#primaryServes = true; this.recorder.say(now, `${a.primary} serves again`); } return; }
    if (this.#primaryServes) { this.#primaryServes = false; this.recorder.say(now, `both served: ${a.primary} steps back, its writes since the cut are in conflict`); }
    if (a.failback && this.#returnAt === NEVER) { this.#returnAt = now + a.promoteNs; this.recorder.say(now, `failback to ${a.primary} begins`); }
  }

  #missing(now: bigint): void {
    const a = this.#a;
    this.#returnAt = NEVER;
    if (now < this.#missingSince + a.timeoutNs || this.#standbyServes || this.#decided) return;
    const witnessed = (node: string): boolean => a.witness !== null && this.#s.up(a.name, node, a.witness, now);
    if (a.witness !== null && !witnessed(a.primary) && this.#primaryServes && this.#fenceAt === NEVER) this.#fenceAt = now;
    if (a.witness !== null && (!witnessed(a.standby) || witnessed(a.primary))) return; // not granted
    this.#decided = true;
    this.#serveAt = now + a.decisionNs + a.promoteNs;
    const who = a.decision === "manual" ? "somebody decides" : a.witness === null ? `${a.standby} decides alone` : "the witness grants it";
    this.recorder.say(now, `${a.standby} misses heartbeats: ${who}; promotion`);
  }

  #promoted(now: bigint): void {
    const a = this.#a;
    this.#serveAt = NEVER;
    this.#standbyServes = true;
    this.recorder.rpoNs = a.replication === "sync" ? 0n : a.lagNs;
    this.recorder.say(now, `${a.standby} serves; ${a.replication === "sync" ? "no write is lost (synchronous)" : "writes of the last moments are lost (asynchronous)"}`);
    this.#movedTo = 1; this.#movedAt = now;
  }

  #failedBack(now: bigint): void {
    this.#returnAt = NEVER;
    this.#standbyServes = false; this.#primaryServes = true;
    this.recorder.say(now, `${this.#a.primary} serves again (failback)`);
    this.#movedTo = 0; this.#movedAt = now;
  }

  /** Share of clients that have followed the last redirection. */
  #followed(now: bigint): number {
    const r = this.#a.redirect;
    const since = now - this.#movedAt;
    if (r.kind === "none") return 1;
    if (r.kind === "withdraw") return since >= r.afterNs ? 1 : 0;
    if (r.ttlNs === 0n || since >= r.ttlNs) return 1;
    return Number((since * DNS_STEPS) / r.ttlNs) / Number(DNS_STEPS);
  }

  #share(now: bigint): number {
    const a = this.#a;
    const followed = this.#followed(now);
    const toStandby = this.#movedTo === 1 ? followed : 1 - followed;
    const served = a.clients.map((c) => {
      const p = this.#primaryServes && this.#s.up(a.name, c, a.primary, now) ? 1 - toStandby : 0;
      const s = this.#standbyServes && this.#s.up(a.name, c, a.standby, now) ? toStandby : 0;
      return p + s;
    });
    return served.reduce((x, y) => x + y, 0) / a.clients.length;
  }

  #next(now: bigint): bigint {
    const r = this.#a.redirect;
    const span = r.kind === "dns" ? r.ttlNs : r.kind === "withdraw" ? r.afterNs : 0n;
    const part = r.kind === "dns" && span > 0n ? (span + DNS_STEPS - 1n) / DNS_STEPS : span;
    const moving = this.#movedAt > -NEVER && now < this.#movedAt + span && part > 0n ? this.#movedAt + ((now - this.#movedAt) / part + 1n) * part : NEVER;
    const timeout = this.#missingSince === NEVER || this.#decided ? NEVER : this.#missingSince + this.#a.timeoutNs;
    return [this.#serveAt, this.#fenceAt, this.#returnAt, moving, timeout].filter((t) => t > now).reduce((x, y) => (y < x ? y : x), NEVER);
  }
}

export function runActiveStandby(a: ActiveStandby, signals: Signals): Outcome {
  const machine = new Machine(a, signals);
  const changes = signals.changes(a.name, neededFlows(a));
  let i = 0;
  let own = NEVER;
  for (;;) {
    const outside = changes[i] ?? NEVER;
    const now = outside <= own ? outside : own;
    if (now === NEVER || now > signals.endNs) break;
    if (outside === now) i++;
    own = machine.at(now);
  }
  return machine.recorder.outcome(a.name, a.kind, signals.endNs, a.maxOutageNs);
}
