// A piece of the storm in every run of the tests, on a fixed seed; and the cases that once broke an invariant, held to all of them.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { compileEngine } from "../../bindings/engine/index.ts";
import { readCase } from "./case.ts";
import { invariants } from "./invariants/index.ts";
import { failuresOf, storm } from "./storm.ts";

/** Some twenty seconds of a processor; more by hand: npm run storm. */
const CASES = 250;
const SEED = 20261127;
const wasm = await compileEngine();

test(`${CASES} random networks, faults and seeds hold to every invariant`, async () => {
  const tally = await storm({ seed: SEED, cases: CASES, untilMs: Infinity, wasm, now: () => performance.now() });
  assert.deepEqual(tally.failures.map((f) => `${f.invariant}: ${f.objections.join("; ")}\n${f.of.text}`), []);
  assert.equal(tally.cases, CASES);
  assert.ok(tally.tooMuch <= CASES / 50, `${tally.tooMuch} cases were too stormy to say something of`);
  assert.deepEqual(invariants.filter((i) => !tally.held.has(i.name)).map((i) => i.name), [], "of no case did it say something");
});

test("one seed draws the same cases", async () => {
  const once = async (): Promise<string> => JSON.stringify([...(await storm({ seed: 3, cases: 5, untilMs: Infinity, wasm, now: () => 0 })).held]);
  assert.equal(await once(), await once());
});

test("cases that once broke an invariant", async (t) => {
  const folder = new URL("fixtures/", import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    await t.test(file, async () => {
      const failed = await failuresOf(readCase(readFileSync(new URL(file, folder), "utf8")), wasm);
      assert.deepEqual(failed.map((f) => `${f.invariant}: ${f.objections.join("; ")}`), []);
    });
  }
});
