// Leaving hellos out, and walking only the flows that a change touches, changes nothing: the trace is that of the run in which every hello is
// simulated and every flow is walked at each change, byte for byte.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { compileEngine, runScenario, type RunOptions } from "../../../bindings/engine/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { firstDifference } from "../../support/traces.ts";
import { layer2Case } from "../../support/random-layer2.ts";
import { randomCase, slowCase, type RandomCase } from "../../support/random-networks.ts";

/** Cases of one run of the tests; more by hand: DUALHOME_CASES=100000. */
const CASES = Number(process.env["DUALHOME_CASES"] ?? 2_000);
/** Of fast-check; another one for other cases: DUALHOME_SEED=2. */
const SEED = Number(process.env["DUALHOME_SEED"] ?? 20261127);
const wasm = await compileEngine();

/** Runs both ways; the number of events of each. */
async function same(text: string, seed: bigint): Promise<{ short: number; whole: number }> {
  const parsed = parseTopology(text, "random.dh.yaml");
  if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
  const { topology } = parsed;
  const run = async (options: RunOptions) => runScenario(topology, topology.scenarios[0]!, { seed, wasm, ...options }).catch((e: unknown) => (e as Error).message);
  const whole = await run({ everyHello: true, everyWalk: true });
  const short = await run({});
  const end = (run: typeof whole): string => (typeof run === "string" ? run : "ran to its end");
  if (typeof whole === "string" || typeof short === "string") { assert.equal(end(short), end(whole)); return { short: 0, whole: 0 }; } // a storm that is too much for either
  assert.equal(whole.leftOut, 0);
  assert.equal(firstDifference(whole, short), null);
  return { short: short.events, whole: whole.events };
}

async function hold(networks: fc.Arbitrary<RandomCase>, cases: number): Promise<void> {
  let events = 0;
  let every = 0;
  await fc.assert(fc.asyncProperty(networks, async ({ text, seed }) => {
    const { short, whole } = await same(text, seed);
    events += short;
    every += whole;
  }), { numRuns: cases, seed: SEED, includeErrorInReport: true });
  assert.ok(events < every, `${events} events, ${every} with every hello`);
}

const BRIDGED = Math.ceil(CASES / 4);

test(`${CASES - BRIDGED} random networks, faults and seeds`, async () => hold(randomCase, CASES - BRIDGED));

test(`${BRIDGED} random bridged networks, with spanning trees and several gateways`, async () => hold(layer2Case, BRIDGED));

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
  await fc.assert(fc.asyncProperty(slowCase, async ({ text, seed }) => { await same(text, seed); }), { numRuns: Math.ceil(CASES / 4), seed: SEED, includeErrorInReport: true });
});

const HOUR_MAX = 100; // an hour of hellos that are sent every second or two would be thousands of events

/** Events of the second hour after `steps` in a fixture's network: nothing happens in it. */
async function secondHour(fixture: string, steps: string[], change: (file: string) => string = (file) => file): Promise<number> {
  const network = change(readFileSync(new URL(`fixtures/hellos/${fixture}`, import.meta.url), "utf8").replace(/^scenarios:[^]*/m, ""));
  const events = async (until: string): Promise<number> => {
    const parsed = parseTopology(`${network}scenarios:\n  default:\n    until: ${until}\n    steps:\n${steps.map((s) => `      - {${s}}\n`).join("")}`, fixture);
    if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
    return (await runScenario(parsed.topology, parsed.topology.scenarios[0]!, { wasm })).events;
  };
  return (await events("2h")) - (await events("1h"));
}

test("a pair whose peer-link once lost frames rests again", async () => {
  const hour = await secondHour("long-peer-link.dh.yaml", ["at: 10s, loss: mlag/pair1/peer-link, percent: 50", "at: 20s, repair: mlag/pair1/peer-link"]);
  assert.ok(hour < HOUR_MAX, `${hour} events`);
});

test("GLBP rests while redirect and timeout run", async () => {
  const hour = await secondHour("glbp-redirect.dh.yaml", ['at: 1s, fail: "sw2:Eth1"'], (file) => file.replace("redirect: 20s, timeout: 60s", "redirect: 3h, timeout: 4h"));
  assert.ok(hour < HOUR_MAX, `${hour} events`);
});
