// The engine's LACP machines and a model written from the standard, driven by the same random frames, links and times: each member's states are the same at each step.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as ref from "../reference/lacp.ts";
import { loadEntry } from "../support/as-module.ts";

interface Entry {
  configure(count: number, system: bigint, active: number, fast: number, independent: number): void;
  begin(now: bigint): void; enable(i: number, on: number, now: bigint): void; timers(now: bigint): void; hear(i: number, now: bigint): void;
  actor(system: bigint, key: number, port: number, state: number): void; partner(system: bigint, key: number, port: number, state: number): void;
  rx(i: number): number; periodic(i: number): number; mux(i: number): number; selected(i: number): number; actorState(i: number): number; partnerState(i: number): number; deadline(): bigint;
}
const engine = await loadEntry<Entry>("lacp-entry.ts");

const SECOND = 1_000_000_000n;
const OWN = 0x02aa00000001n;
const KEY = 7;
const RX = ["INITIALIZE", "PORT_DISABLED", "LACP_DISABLED", "EXPIRED", "DEFAULTED", "CURRENT"];
const PERIODIC = ["NO_PERIODIC", "FAST_PERIODIC", "SLOW_PERIODIC", "PERIODIC_TX"];
const MUX = ["DETACHED", "WAITING", "ATTACHED", "COLLECTING", "DISTRIBUTING", "COLLECTING_DISTRIBUTING"];

const state = fc.constantFrom(0x3d, 0x3d, 0x3f, 0x0d, 0x1d, 0x05, 0x07, 0x3c, 0x39, 0x04, 0x00, 0xc5);
const event = fc.record({
  what: fc.constantFrom("hear", "hear", "hear", "timer", "timer", "wait", "up", "up", "down"), member: fc.nat(3), waitNs: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 4n * SECOND }), fc.bigInt({ min: 0n, max: 95n * SECOND })),
  system: fc.constantFrom(0x02bb00000001n, 0x02bb00000001n, 0x02bb00000001n, 0x02cc00000001n, OWN), key: fc.constantFrom(9, 9, 9, 10), port: fc.constantFrom(0, 0, 0, 1), state,
  knowsUs: fc.constantFrom(true, true, true, false), ourState: fc.constantFrom(0x3d, 0x05, 0x00),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;
const settings = fc.record({ system: fc.constant(OWN), key: fc.constant(KEY), members: fc.integer({ min: 1, max: 4 }), active: fc.boolean(), fast: fc.boolean(), independent: fc.boolean() });
const runs = fc.tuple(settings, fc.array(event, { minLength: 1, maxLength: 50 }));

const least = (a: bigint, b: bigint | null): bigint => (b !== null && b < a ? b : a);

/** The first step in which the two differ; null: none. */
function difference(s: ref.Settings, events: readonly Event[], model: ref.PortChannel): string | null {
  engine.configure(s.members, s.system, s.active ? 1 : 0, s.fast ? 1 : 0, s.independent ? 1 : 0);
  let now = 5n * SECOND;
  engine.begin(now);
  model.settle(now);
  const differs = (what: string): string | null => {
    for (const [i, m] of model.members.entries()) {
      const ours = [RX[engine.rx(i)], PERIODIC[engine.periodic(i)], MUX[engine.mux(i)], engine.selected(i) === 1, engine.actorState(i), engine.partnerState(i)].join(" ");
      const theirs = [m.rx, m.periodic, m.mux, m.selected, m.actor, m.partner.state].join(" ");
      if (ours !== theirs) return `${what} at ${now}, member ${i}: engine ${ours}, model ${theirs}`;
    }
    return null;
  };
  for (const e of events) {
    const until = e.what === "timer" ? least(now + 100n * SECOND, model.nextNs()) : now + e.waitNs;
    for (let due = least(engine.deadline(), model.nextNs()); due <= until; due = least(engine.deadline(), model.nextNs())) {
      now = due;
      engine.timers(now); model.settle(now);
      const found = differs("timer");
      if (found !== null) return found;
    }
    now = until;
    const i = e.member % s.members;
    if (e.what === "up" || e.what === "down") { engine.enable(i, e.what === "up" ? 1 : 0, now); model.enable(i, e.what === "up", now); }
    if (e.what === "hear") {
      const pdu: ref.Lacpdu = { actor: { system: e.system, key: e.key, port: e.port === 0 ? i + 1 : 9, state: e.state }, partner: { system: e.knowsUs ? OWN : 0n, key: KEY, port: i + 1, state: e.ourState } };
      engine.actor(pdu.actor.system, pdu.actor.key, pdu.actor.port, pdu.actor.state);
      engine.partner(pdu.partner.system, pdu.partner.key, pdu.partner.port, pdu.partner.state);
      engine.hear(i, now); model.hear(i, pdu, now);
    }
    const found = differs(e.what);
    if (found !== null) return found;
  }
  return null;
}

test("3000 random lives of a port-channel", () => {
  fc.assert(fc.property(runs, ([s, events]) => { assert.equal(difference(s, events, new ref.PortChannel(s)), null); }), { numRuns: 3000, seed: 20261127 });
});

test("a model with another timeout, another key, or another control of the mux, is told from the engine", () => {
  const planted: ((s: ref.Settings) => ref.Settings)[] = [(s) => ({ ...s, fast: !s.fast }), (s) => ({ ...s, key: s.key + 1 }), (s) => ({ ...s, independent: !s.independent })];
  for (const plant of planted) assert.ok(fc.check(fc.property(runs, ([s, events]) => difference(s, events, new ref.PortChannel(plant(s))) === null), { numRuns: 500, seed: 1 }).failed);
});
