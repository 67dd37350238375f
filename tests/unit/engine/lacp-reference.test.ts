// The engine's LACP and one written from the clauses do the same: random frames, links that come and go, and waits, compared after each event and each timer.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type End, type Frame, type Port, type System } from "../../reference/lacp.ts";
import { loadEntry } from "../../support/as-module.ts";
import { LacpPair, type LacpExports } from "../../support/lacp-pair.ts";

const CASES = Number(process.env["DUALHOME_CASES"] ?? 400);
const SEED = Number(process.env["DUALHOME_SEED"] ?? 20261127);
const SECOND = 1_000_000_000n;
const PORTS_MAX = 4;
const OWN = 0x02_00_00_00_00_05n;
/** Lower and higher than the own, and the own itself: a looped cable. */
const PARTNERS = [0x02_00_00_00_00_01n, 0x02_00_00_00_00_09n, 0x02_00_00_00_00_09n, 0x02_00_00_00_00_09n, OWN];

const often = (value: boolean): fc.Arbitrary<boolean> => fc.constantFrom(value, value, value, value, value, value, value, !value);
const setting = fc.record({
  active: often(true), fast: fc.boolean(), independent: fc.boolean(), maxBundle: fc.constantFrom(0, 0, 1, 2), systemPriority: fc.constantFrom(32768, 100),
  priorities: fc.array(fc.constantFrom(32768, 32768, 100), { minLength: 1, maxLength: PORTS_MAX }),
});
type Setting = typeof setting extends fc.Arbitrary<infer S> ? S : never;

/** The partner's own state, and what it believes of the port: mostly what is true. */
const said = fc.record({
  activity: often(true), shortTimeout: fc.boolean(), aggregation: often(true), synchronization: often(true), collecting: fc.boolean(), distributing: fc.boolean(), defaulted: fc.boolean(), expired: often(false),
});
const wrong = fc.constantFrom(null, null, null, null, null, "system" as const, "systemPriority" as const, "key" as const, "portPriority" as const, "port" as const, "aggregation" as const, "synchronization" as const, "shortTimeout" as const, "activity" as const);
const event = fc.record({
  wait: fc.oneof(fc.constantFrom(0n, 1n, SECOND - 1n, SECOND, SECOND + 1n, 2n * SECOND, 3n * SECOND), fc.bigInt({ min: 0n, max: 4n * SECOND }), fc.bigInt({ min: 0n, max: 100n * SECOND })),
  what: fc.constantFrom("frame" as const, "frame" as const, "frame" as const, "restate" as const, "restate" as const, "restate" as const, "repeat" as const, "repeat" as const, "link" as const),
  port: fc.nat(PORTS_MAX - 1), up: often(true), partner: fc.constantFrom(...PARTNERS), systemPriority: fc.constantFrom(32768, 32768, 32768, 7), key: fc.constantFrom(9, 9, 9, 10), number: fc.constantFrom(0, 0, 0, 1),
  said, wrong,
});
/** Of all machines. */
const STATES = [
  "DETACHED", "WAITING", "ATTACHED", "COLLECTING", "DISTRIBUTING", "COLLECTING_DISTRIBUTING", "PORT_DISABLED", "EXPIRED", "DEFAULTED", "CURRENT", "NO_PERIODIC", "FAST_PERIODIC",
  "SLOW_PERIODIC", "UNSELECTED", "SELECTED", "STANDBY",
];
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** What a frame says of the port that hears it: the truth, or one thing wrong. */
function believed(truth: End, e: Event): End {
  const end: End = { ...truth, state: { ...truth.state } };
  if (e.wrong === null) return end;
  if (e.wrong === "system") end.system ^= 0x10n;
  else if (e.wrong === "aggregation" || e.wrong === "synchronization" || e.wrong === "shortTimeout" || e.wrong === "activity") end.state[e.wrong] = !end.state[e.wrong];
  else end[e.wrong] += 1;
  return end;
}

function frame(truth: End, e: Event): Frame {
  return { actor: { system: e.partner, systemPriority: e.systemPriority, key: e.key, portPriority: 32768, port: truth.port + 100 * e.number, state: { ...e.said } }, partner: believed(truth, e) };
}

const engine = await loadEntry<LacpExports>("lacp-entry.ts");
const systemOf = (s: Setting): System => ({ system: OWN, systemPriority: s.systemPriority, key: 7, active: s.active, fast: s.fast, independent: s.independent, maxBundle: s.maxBundle });
/** `plant` makes the model another one than the engine. */
const pairOf = (s: Setting, plant: (of: System) => System = (of) => of): LacpPair =>
  new LacpPair(engine, systemOf(s), plant(systemOf(s)), s.priorities.map((priority, i) => ({ priority, number: i + 1 })));

/** What befalls both; throws where they differ. */
function live(pair: LacpPair, events: readonly Event[], seen: (p: Port) => void = () => undefined): void {
  const { ports } = pair.model;
  ports.forEach((_, i) => { pair.link(i, true); });
  const last: (Frame | undefined)[] = [];
  for (const e of events) {
    const i = e.port % ports.length;
    pair.runTo(pair.now + e.wait);
    if (e.what === "link") pair.link(i, e.up);
    // the same partner, in another state
    else if (e.what === "restate" && last[i] !== undefined) pair.hear(i, last[i] = { actor: { ...last[i].actor, state: frame(ports[i]!.actor, { ...e, wrong: null }).actor.state }, partner: believed(ports[i]!.actor, { ...e, wrong: null }) });
    // the hello that nothing has changed in, which the engine has a short way for: the last frame with what is true now
    else if (e.what === "repeat" && last[i] !== undefined) pair.hear(i, { actor: last[i].actor, partner: believed(ports[i]!.actor, { ...e, wrong: null }) });
    else pair.hear(i, last[i] = frame(ports[i]!.actor, e));
    seen(ports[i]!);
  }
  pair.runTo(pair.now + 100n * SECOND);
  ports.forEach(seen);
}
const lives = fc.array(event, { minLength: 1, maxLength: 80, size: "max" });

test(`${CASES} random lives of a port-channel`, () => {
  const met = new Set<string>();
  const seen = (p: Port): void => { met.add(p.mux).add(p.receive).add(p.periodic).add(p.selected); };
  fc.assert(fc.property(setting, lives, (s, events) => { live(pairOf(s), events, seen); }), { numRuns: CASES, seed: SEED, includeErrorInReport: true });
  assert.deepEqual(STATES.filter((state) => !met.has(state)), [], "no case came there");
});

test("planted: a model with another timeout, key, priority, limit or control of the mux is told from the engine", () => {
  const planted: ((of: System) => System)[] = [
    (of) => ({ ...of, fast: !of.fast }), (of) => ({ ...of, key: of.key + 1 }), (of) => ({ ...of, systemPriority: of.systemPriority + 1 }), (of) => ({ ...of, maxBundle: of.maxBundle === 1 ? 2 : 1 }),
    (of) => ({ ...of, independent: !of.independent }), (of) => ({ ...of, active: !of.active }),
  ];
  for (const plant of planted) assert.ok(fc.check(fc.property(setting, lives, (s, events) => { live(pairOf(s, plant), events); }), { numRuns: 100, seed: 1, endOnFailure: true }).failed, String(plant));
});

test("planted: a frame that only one of the two hears is seen", () => {
  const pair = pairOf({ active: true, fast: true, independent: false, maxBundle: 0, systemPriority: 32768, priorities: [32768] });
  pair.link(0, true);
  pair.engine.frameActor(PARTNERS[0]!, 32768, 9, 32768, 1, 0x3f);
  pair.engine.deliver(0, pair.now);
  assert.throws(() => pair.runTo(pair.now + SECOND), /port 0|looks at/);
});
