// The engine's MAC table and a plain list do the same: random frames, look-ups, flushes, moves and waits, compared after each.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MacTable } from "../../reference/mac-table.ts";
import { loadEntry } from "../../support/as-module.ts";

interface Exports {
  prepare(rows: number, ports: number): void;
  setNow(ns: bigint): void;
  learn(node: number, key: bigint, out: number, ageNs: bigint): void;
  lookUp(node: number, key: bigint, ageNs: bigint): number;
  setKey(i: number, key: bigint): void;
  lookUpBatch(node: number, count: number, ageNs: bigint): void;
  batchOut(i: number): number;
  flush(out: number): void;
  moveAll(from: number, to: number): void;
  hold(node: number, key: bigint, by: number): void;
  seenAt(node: number, key: bigint): bigint;
  used(): number;
}

const ENTRY = "mac-table-entry.ts";
const CASES = Number(process.env["DUALHOME_CASES"] ?? 400);
const SEED = Number(process.env["DUALHOME_SEED"] ?? 20261127);
const NODES = 3;
const PORTS = 8;
const AGE = 300_000_000_000n;
/** Of the hash that collections/fdb.ts finds a group by: of 32 for NODES * 40 rows. Where it is another one, the keys are just as good, and spill over less. */
const homeGroup = (key: bigint): bigint => (BigInt.asUintN(64, key * 0x9e3779b97f4a7c15n) >> 32n) & 31n;
/** Few of them, so that they meet again; on node 0 all are at home in two groups of eight, one of them the last, so that groups are full and spill over. */
const KEYS: bigint[] = [];
for (let i = 0n; KEYS.length < 40; i++) {
  const k = ((10n + (i % 2n)) << 48n) | (0x02_00_00_00_00_00n + i);
  if (homeGroup(k) === 5n || homeGroup(k) === 31n) KEYS.push(k);
}

type Op =
  | { op: "learn"; node: number; key: number; out: number } | { op: "look"; node: number; key: number } | { op: "batch"; node: number }
  | { op: "flush"; out: number } | { op: "move"; out: number; to: number } | { op: "hold" | "drop"; node: number; key: number } | { op: "wait"; ns: bigint };
const node = fc.nat(NODES - 1);
const key = fc.nat(KEYS.length - 1);
const out = fc.nat(PORTS - 1);
const learn = fc.record({ op: fc.constant("learn" as const), node, key, out });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 8, arbitrary: learn }, { weight: 3, arbitrary: fc.record({ op: fc.constant("look" as const), node, key }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("batch" as const), node }) }, { weight: 1, arbitrary: fc.record({ op: fc.constant("flush" as const), out }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("move" as const), out, to: out }) }, { weight: 2, arbitrary: fc.record({ op: fc.constantFrom("hold" as const, "drop" as const), node, key }) },
  // to the nanosecond before, at and after an entry is too old, and anything between
  { weight: 4, arbitrary: fc.record({ op: fc.constant("wait" as const), ns: fc.oneof(fc.constantFrom(0n, 1n, AGE - 1n, AGE, AGE + 1n), fc.bigInt({ min: 0n, max: AGE })) }) },
);

/** Does one thing to both. */
function both(e: Exports, m: MacTable, o: Op): void {
  switch (o.op) {
    case "learn": e.learn(o.node, KEYS[o.key]!, o.out, AGE); m.learn(o.node, KEYS[o.key]!, o.out); return;
    case "look": assert.equal(e.lookUp(o.node, KEYS[o.key]!, AGE), m.lookUp(o.node, KEYS[o.key]!)); m.forgetStale(o.node, KEYS[o.key]!); return;
    case "batch": batch(e, m, o.node); return;
    case "flush": e.flush(o.out); m.flush(o.out); return;
    case "move": if (o.out !== o.to) { e.moveAll(o.out, o.to); m.moveAll(o.out, o.to); } return;
    case "hold": e.hold(o.node, KEYS[o.key]!, 1); m.hold(o.node, KEYS[o.key]!, 1); return;
    case "drop": e.hold(o.node, KEYS[o.key]!, -1); m.hold(o.node, KEYS[o.key]!, -1); return;
    case "wait": m.now += o.ns; e.setNow(m.now);
  }
}

function batch(e: Exports, m: MacTable, of: number): void {
  KEYS.forEach((k, i) => e.setKey(i, k));
  e.lookUpBatch(of, KEYS.length, AGE);
  assert.deepEqual(KEYS.map((_, i) => e.batchOut(i)), KEYS.map((k) => m.lookUp(of, k)));
  for (const k of KEYS) m.forgetStale(of, k);
}

/** Entries and times, nothing aged by the look: null when they are the same. */
function difference(e: Exports, m: MacTable): string | null {
  if (e.used() !== m.entries.length) return `${e.used()} entries, not ${m.entries.length}`;
  for (const { node: n, key: k, seenAt } of m.entries) if (e.seenAt(n, k) !== seenAt) return `node ${n}, ${k.toString(16)}: seen at ${e.seenAt(n, k)}, not ${seenAt}`;
  return null;
}

async function prepared(): Promise<Exports> {
  const e = await loadEntry<Exports>(ENTRY);
  e.prepare(NODES * KEYS.length, PORTS);
  return e;
}

test(`${CASES} random lives of a MAC table`, async () => {
  await fc.assert(fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 200, size: "max" }), async (ops) => {
    const e = await prepared();
    const m = new MacTable(AGE);
    for (const o of ops) { both(e, m, o); assert.equal(difference(e, m), null, o.op); }
    for (let n = 0; n < NODES; n++) batch(e, m, n);
    assert.equal(difference(e, m), null);
  }), { numRuns: CASES, seed: SEED, includeErrorInReport: true });
});

test("planted: one address that the engine learned and the list did not, and an age that is wrong, are seen", async () => {
  const e = await prepared();
  const m = new MacTable(AGE);
  both(e, m, { op: "learn", node: 0, key: 0, out: 1 });
  e.learn(1, KEYS[1]!, 2, AGE);
  assert.match(difference(e, m)!, /2 entries, not 1/);
  e.flush(2);
  both(e, m, { op: "wait", ns: AGE });
  m.ageNs += 1n;
  assert.throws(() => both(e, m, { op: "look", node: 0, key: 0 }));
});
