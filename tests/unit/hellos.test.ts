// Leaving hellos out, and walking only the flows that a change touches, changes nothing: the trace is that of the run in which every hello is
// simulated and every flow is walked at each change, byte for byte.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { compileEngine, runScenario } from "../../bindings/engine/index.ts";
import { parseTopology } from "../../bindings/topology/index.ts";
import { firstDifference } from "../support/traces.ts";
import { randomCase, slowCase } from "../support/random-networks.ts";

/** Cases of one run of the tests; more by hand: DUALHOME_CASES=100000. */
const CASES = Number(process.env["DUALHOME_CASES"] ?? 2_000);
const wasm = await compileEngine();

/** Runs both ways; the number of events of each. */
async function same(text: string, seed: bigint): Promise<{ short: number; whole: number }> {
  const parsed = parseTopology(text, "random.dh.yaml");
  if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
  const { topology } = parsed;
  const whole = await runScenario(topology, topology.scenarios[0]!, { seed, wasm, everyHello: true, everyWalk: true });
  const short = await runScenario(topology, topology.scenarios[0]!, { seed, wasm });
  assert.equal(firstDifference(whole, short), null);
  return { short: short.events, whole: whole.events };
}

test(`${CASES} random networks, faults and seeds`, async () => {
  let events = 0;
  let every = 0;
  await fc.assert(fc.asyncProperty(randomCase, async ({ text, seed }) => {
    const { short, whole } = await same(text, seed);
    events += short;
    every += whole;
  }), { numRuns: CASES, seed: 20261127, includeErrorInReport: true });
  assert.ok(events < every, `${events} events, ${every} with every hello`);
});

test("cases that once differed", async (t) => {
  const folder = new URL("fixtures/hellos/", import.meta.url);
  for (const file of readdirSync(folder)) {
    await t.test(file, async () => {
      const text = readFileSync(new URL(file, folder), "utf8");
      await same(text, BigInt(/^# seed: (\d+)$/m.exec(text)![1]!));
    });
  }
});

test("cables that become slow: hellos that are left out arrive as late as they would", async () => {
  await fc.assert(fc.asyncProperty(slowCase, async ({ text, seed }) => { await same(text, seed); }), { numRuns: Math.ceil(CASES / 4), seed: 20261127, includeErrorInReport: true });
});
