// Leaving hellos out, and walking only the flows that a change touches, changes nothing: the trace is that of the run in which every hello is
// simulated and every flow is walked at each change, byte for byte.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { compileEngine, runScenario } from "../../bindings/engine/index.ts";
import { parseTopology } from "../../bindings/topology/index.ts";
import { firstDifference } from "../support/traces.ts";
import { randomCase, slowCase } from "../support/random-networks.ts";

/** Cases of one run of the tests; more by hand: DUALHOME_CASES=100000. */
const CASES = Number(process.env["DUALHOME_CASES"] ?? 2_000);
const wasm = await compileEngine();

test(`${CASES} random networks, faults and seeds`, async () => {
  let events = 0;
  let every = 0;
  await fc.assert(fc.asyncProperty(randomCase, async ({ text, seed }) => {
    const parsed = parseTopology(text, "random.dh.yaml");
    if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
    const { topology } = parsed;
    const whole = await runScenario(topology, topology.scenarios[0]!, { seed, wasm, everyHello: true, everyWalk: true });
    const short = await runScenario(topology, topology.scenarios[0]!, { seed, wasm });
    events += short.events;
    every += whole.events;
    assert.equal(firstDifference(whole, short), null);
  }), { numRuns: CASES, seed: 20261127, includeErrorInReport: true });
  assert.ok(events < every, `${events} events, ${every} with every hello`);
});

test("rows of MAC tables that age at the instant of another event", async () => {
  const parsed = parseTopology(readFileSync(new URL("fixtures/topology/ages-with-another-event.dh.yaml", import.meta.url), "utf8"), "ages.dh.yaml");
  if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
  const { topology } = parsed;
  const whole = await runScenario(topology, topology.scenarios[0]!, { seed: 860155n, wasm, everyHello: true, everyWalk: true });
  const short = await runScenario(topology, topology.scenarios[0]!, { seed: 860155n, wasm });
  assert.equal(firstDifference(whole, short), null);
});

test("cables that become slow: hellos that are left out arrive as late as they would", async () => {
  await fc.assert(fc.asyncProperty(slowCase, async ({ text, seed }) => {
    const parsed = parseTopology(text, "random.dh.yaml");
    if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
    const { topology } = parsed;
    const whole = await runScenario(topology, topology.scenarios[0]!, { seed, wasm, everyHello: true });
    const short = await runScenario(topology, topology.scenarios[0]!, { seed, wasm });
    assert.equal(firstDifference(whole, short), null);
  }), { numRuns: Math.ceil(CASES / 4), seed: 20261127, includeErrorInReport: true });
});
