// The engine's VRRP router and one written from the RFCs do the same: random advertisements, starts, stops and waits, compared after each event.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as abi from "../../../assembly/abi.ts";
import { VirtualRouter, type Act, type Standard } from "../../reference/vrrp.ts";
import { loadEntry } from "../../support/as-module.ts";

interface Exports {
  make(implementation: number, version: number, priority: number, preempt: number, primaryIp: number, intervalNs: bigint): void;
  start(now: bigint): void;
  stop(now: bigint): void;
  hear(version: number, priority: number, intervalNs: bigint, senderIp: number, now: bigint): void;
  runTimers(now: bigint): void;
  state(): number;
  next(): bigint;
  advert(): number;
  garps(): number;
  sent(): void;
}

const CASES = Number(process.env["DUALHOME_CASES"] ?? 1_000);
const SEED = Number(process.env["DUALHOME_SEED"] ?? 20261127);
const SECOND = 1_000_000_000n;
const NEVER = (1n << 63n) - 1n;
const OWN_IP = 0x0a000002;
const PEERS = [0x0a000001, 0x0a000003, 0xc0a80001]; // lower, higher, and above 2^31; never its own: what a loop brings back is a choice of the engine's

const setting = fc.record({
  standard: fc.constantFrom<Standard>("3768", "5798", "9568"), priority: fc.constantFrom(1, 99, 100, 101, 200, 254, 255), preempt: fc.boolean(), interval: fc.constantFrom(1n, 2n, 30n),
  centiseconds: fc.constantFrom(1n, 10n, 33n, 100n, 4095n),
  /** version 2 has one text, whichever of version 3 the engine is told */
  told: fc.constantFrom(abi.VRRP_RFC5798, abi.VRRP_RFC9568),
});
type Setting = typeof setting extends fc.Arbitrary<infer S> ? S : never;
/** Version 2 counts its interval in seconds, version 3 in hundredths. */
const intervalOf = (s: Setting): bigint => (s.standard === "3768" ? s.interval * SECOND : s.centiseconds * (SECOND / 100n));

const event = fc.record({
  /** nothing, a share of the interval, right at the next timer, a nanosecond before or after it, many intervals */
  wait: fc.oneof(fc.record({ share: fc.integer({ min: 0, max: 5_000 }) }), fc.record({ next: fc.constantFrom(-1n, 0n, 1n) })),
  what: fc.oneof({ weight: 6, arbitrary: fc.constant("hear" as const) }, { weight: 2, arbitrary: fc.constant("wait" as const) }, { weight: 1, arbitrary: fc.constantFrom("start" as const, "stop" as const) }),
  priority: fc.constantFrom(0, 0, 1, 99, 100, 100, 101, 200, 254, 255), from: fc.constantFrom(...PEERS), otherVersion: fc.constantFrom(false, false, false, true), otherInterval: fc.constantFrom(false, false, true),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const STATES = { Initialize: abi.VRRP_INITIALIZE, Backup: abi.VRRP_BACKUP, Master: abi.VRRP_MASTER };

class Pair {
  now = 77n * SECOND + 123_456_789n; // nothing may depend on where a second begins
  readonly router: VirtualRouter;
  readonly engine: Exports;
  readonly interval: bigint;
  readonly version: number;
  constructor(engine: Exports, s: Setting) {
    this.engine = engine;
    this.interval = intervalOf(s);
    this.version = s.standard === "3768" ? 2 : 3;
    engine.make(s.standard === "3768" ? s.told : s.standard === "9568" ? abi.VRRP_RFC9568 : abi.VRRP_RFC5798, this.version, s.priority, Number(s.preempt), OWN_IP, this.interval);
    this.router = new VirtualRouter(s.standard, s.priority, s.preempt, OWN_IP, this.interval);
  }

  /** State, next timer and what was sent since the last look. */
  same(what: string): void {
    const { engine, router } = this;
    assert.equal(engine.state(), STATES[router.state], `${what}: state`);
    assert.equal(engine.next(), router.next() ?? NEVER, `${what}: next timer`);
    const acts: Act[] = [...(engine.advert() < 0 ? [] : [{ advert: engine.advert() }]), ...Array.from({ length: engine.garps() }, () => ({ garp: true as const }))];
    assert.deepEqual(acts, router.acts, `${what}: what is sent`);
    engine.sent();
    router.acts = [];
  }

  /** To `until`, timer by timer; of those at `until` all run first. */
  runTo(until: bigint): void {
    for (let at = this.router.next(); at !== null && at <= until; at = this.router.next()) {
      this.engine.runTimers(at - 1n); // nothing is early
      this.same(`just before ${at}`);
      this.engine.runTimers(at);
      this.router.fire(at);
      this.same(`timer at ${at}`);
    }
    this.now = until;
  }

  event(e: Event): void {
    const next = this.router.next();
    const to = "share" in e.wait ? this.now + (this.interval * BigInt(e.wait.share)) / 1_000n : next === null ? this.now : next + e.wait.next;
    this.runTo(to < this.now ? this.now : to);
    if (e.what === "start") { this.engine.start(this.now); this.router.startup(this.now); }
    if (e.what === "stop") { this.engine.stop(this.now); this.router.shutdown(); }
    if (e.what === "hear") {
      const version = e.otherVersion ? 5 - this.version : this.version;
      const intervalNs = e.otherInterval ? this.interval * 2n : this.interval;
      this.engine.hear(version, e.priority, intervalNs, e.from, this.now);
      this.router.hear({ version, priority: e.priority, intervalNs, senderIp: e.from }, this.now);
    }
    this.same(e.what);
  }
}

async function started(s: Setting): Promise<Pair> {
  const pair = new Pair(await loadEntry<Exports>("vrrp-entry.ts"), s);
  pair.engine.start(pair.now);
  pair.router.startup(pair.now);
  pair.same("startup");
  return pair;
}

test(`${CASES} random lives of a VRRP router`, async () => {
  await fc.assert(fc.asyncProperty(setting, fc.array(event, { minLength: 1, maxLength: 60, size: "max" }), async (s, events) => {
    const pair = await started(s);
    for (const e of events) pair.event(e);
  }), { numRuns: CASES, seed: SEED, includeErrorInReport: true });
});

test("planted: an advertisement that only one of the two hears is seen", async () => {
  const pair = await started({ standard: "5798", priority: 100, preempt: true, interval: 1n, centiseconds: 100n, told: abi.VRRP_RFC5798 });
  pair.engine.hear(3, 0, SECOND, PEERS[0]!, pair.now);
  assert.throws(() => pair.same("farewell"), /next timer/);
});
