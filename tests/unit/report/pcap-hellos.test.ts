// Captures: a port that is recorded goes hello by hello, and whatever else is left out, its frames are those of the run in which every hello is
// simulated, at the same instants and in the same order: the files are the same bytes.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileEngine, runScenario } from "../../../bindings/engine/index.ts";
import { pcapng } from "../../../bindings/pcap/pcapng.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { layer2Case } from "../../support/random-layer2.ts";
import { randomCase } from "../../support/random-networks.ts";

const CASES = Math.ceil(Number(process.env["DUALHOME_CASES"] ?? 2_000) / 40);
const wasm = await compileEngine();

for (const [name, networks] of [["MC-LAG pairs, bonds and gateways", randomCase], ["bridged networks", layer2Case]] as const) {
  test(`${CASES} captures of a few ports: ${name}`, async () => {
    let frames = 0;
    let fewer = 0;
    await fc.assert(fc.asyncProperty(networks, fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }), async ({ text, seed }, picks) => {
      const parsed = parseTopology(text, "random.dh.yaml");
      if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems, null, 1));
      const { topology } = parsed;
      const ports = [...new Set(picks.map((k) => { const p = topology.ports[k % topology.ports.length]!; return `${p.node}:${p.name}`; }))];
      const record = async (everyHello: boolean) => runScenario(topology, topology.scenarios[0]!, { seed, wasm, everyHello, capturePorts: ports }).catch((e: unknown) => (e as Error).message);
      const whole = await record(true);
      const short = await record(false);
      if (typeof whole === "string" || typeof short === "string") { assert.equal(short, whole); return; } // a storm that is too much for either
      frames += whole.frames.length;
      if (short.events < whole.events) fewer += 1;
      assert.deepEqual(Buffer.from(pcapng(short.frames, { ports })), Buffer.from(pcapng(whole.frames, { ports })));
    }), { numRuns: CASES, seed: 20261127, includeErrorInReport: true });
    assert.ok(frames > 0 && fewer > 0, `${frames} frames; in ${fewer} cases something was left out`);
  });
}
