// examples/spanning-tree: the same cabling with MC-LAG, RSTP, STP and nothing. Each bound comes from the protocol's own timers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { outages, storms } from "../../../bindings/analysis/index.ts";
import type { RunOptions } from "../../../bindings/engine/index.ts";
import { loadTopology, runScenario, type RunResult } from "../../../bindings/index.ts";

const MS = 1_000_000n;
const SECOND = 1000n * MS;
const file = new URL("../../../examples/spanning-tree/spanning-tree.dh.yaml", import.meta.url).pathname;
const SEEDS = [1n, 2n, 3n];

async function run(name: string, seed: bigint): Promise<RunResult> {
  const loaded = await loadTopology(file);
  assert.ok("topology" in loaded, "problems" in loaded ? JSON.stringify(loaded.problems) : "");
  return runScenario(loaded.topology, loaded.topology.scenarios.find((s) => s.name === name)!, { seed });
}

/** The longest outage of a flow that begins in a span, in ns; 0 for none. */
function worst(result: RunResult, flow: string, fromNs: bigint, toNs: bigint): bigint {
  return outages(result).filter((o) => o.subject === "flow" && o.name === flow && o.startNs >= fromNs && o.startNs < toNs).reduce((a, o) => (o.lengthNs > a ? o.lengthNs : a), 0n);
}
const FAILURE = [30n * SECOND, 149n * SECOND] as const;
const RETURN = [150n * SECOND, 400n * SECOND] as const;
const CARRIER = 10n * MS;
const ARP_TRIES = 4n * SECOND; // a host that gave up asks again, three times a second apart

for (const seed of SEEDS) {
  for (const name of ["cable", "core"]) {
    test(`${name} with carrier, seed ${seed}`, async () => {
      const result = await run(name, seed);
      const failed = (flow: string): bigint => worst(result, flow, ...FAILURE);
      const returned = (flow: string): bigint => worst(result, flow, ...RETURN);
      assert.ok(failed("mc-lag") <= CARRIER + MS, `${failed("mc-lag")}`); // none, if the hash sent it by the other member
      assert.equal(returned("mc-lag"), 0n);
      assert.ok(failed("rstp") >= CARRIER && failed("rstp") < CARRIER + SECOND, `${failed("rstp")}`);
      assert.ok(returned("rstp") < MS, `${returned("rstp")}`);
      assert.ok(failed("stp") >= CARRIER + 30n * SECOND && failed("stp") < 34n * SECOND + ARP_TRIES, `${failed("stp")}`); // 2 x Forward Delay, a hello at most before
      // The returned port listens from its carrier on; the other one is closed a hello, and a held one, later.
      assert.ok(returned("stp") >= 26n * SECOND && returned("stp") < 34n * SECOND + ARP_TRIES, `${returned("stp")}`);
    });
  }

  test(`silent, seed ${seed}`, async () => {
    const result = await run("silent", seed);
    const failed = (flow: string): bigint => worst(result, flow, ...FAILURE);
    assert.ok(failed("mc-lag") <= 3n * SECOND + MS, `${failed("mc-lag")}`); // LACP's short timeout
    assert.ok(failed("rstp") > 4n * SECOND && failed("rstp") < 7n * SECOND, `${failed("rstp")}`); // three hellos less the age of the last, a handshake
    assert.ok(failed("stp") > 46n * SECOND && failed("stp") < 52n * SECOND + ARP_TRIES, `${failed("stp")}`); // Max Age 20 s and 2 x 15 s
  });

  test(`nothing: the loop is a storm until it is cut, and again with the first broadcast after it is closed, seed ${seed}`, async () => {
    const result = await run("cable", seed);
    const all = storms(result);
    const last = all.at(-1)!;
    for (const storm of all.slice(0, -1)) assert.equal(storm.endNs, 30n * SECOND);
    assert.ok(last.startNs > 200n * SECOND && last.endNs === null, `${last.startNs}`);
    assert.equal(last.copies, 2048);
    // A triangle: two copies go round, and each hop makes a copy for the next switch and for its host: 2 to 4 frames a microsecond.
    assert.ok(last.framesPerMs! >= 1000 && last.framesPerMs! <= 4000, `${last.framesPerMs}`);
    assert.deepEqual(all.map((s) => s.vlan), all.map(() => 40)); // the others are islands of their own
    assert.ok(result.events < 200_000n, `${result.events} events: the copies were not stopped`);
  });
}

test("the example with all four: debug build, slices and a small trace ring give the same bytes", async () => {
  const loaded = await loadTopology(file);
  assert.ok("topology" in loaded);
  const scenario = loaded.topology.scenarios.find((s) => s.name === "cable")!;
  const bytes = async (options: RunOptions): Promise<Buffer> => Buffer.from((await runScenario(loaded.topology, scenario, { seed: 3n, ...options })).trace.bytes());
  const first = await bytes({});
  for (const options of [{}, { debug: true }, { slice: 100 }, { reserves: { traceRows: 256 } }] as RunOptions[]) assert.ok(first.equals(await bytes(options)), JSON.stringify(options));
});
