// Two failures at a time: the pairs that are left out by proof are simulated all the same and give what the single failures gave, on random small networks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, openLab, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { optionsOf, pairsOptions, pairsQuestion, sweepQuestion, type PairsOptions, type SweepRow } from "../../../bindings/sweep/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { dice, islands } from "../../support/islands.ts";

const wasm = await compileEngine();

function read(text: string): Topology {
  const parsed = parseTopology(text, "random.dh.yaml");
  assert.ok("topology" in parsed, `${text}\n${JSON.stringify("problems" in parsed ? parsed.problems : "")}`);
  return parsed.topology;
}

const SECOND = 1_000_000_000n;
const times = { failNs: 10n * SECOND, repairNs: 50n * SECOND, untilNs: 130n * SECOND };
const seen = (rows: readonly SweepRow[]): string[] => rows.flatMap((row) => row.hits.map((h) => [h.subject, h.name, h.failureNs, h.returnNs, h.kept, h.reason].join(" "))).sort();

test("what is left out by proof is what the single failures gave; what may meet is simulated", async () => {
  let [left, simulated] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const topology = read(islands(seed));
    const kinds = ["server", "switch", "hang", "link", "one-way", "power"] as const;
    const alone = await ask(sweepQuestion, topology, optionsOf(kinds, times, true), { wasm }).result();
    const options = await pairsOptions(topology, alone, { seed: 1n, wasm });
    const chosen = sweepQuestion.plan(topology, alone.options as never).length;
    const some = pairsQuestion.plan(topology, options);
    const kept = new Set(Array.from({ length: some.length }, (_, k) => some.at(k)!.join()));
    simulated += kept.size;
    if (process.env["DUALHOME_VERBOSE"] !== undefined) console.log(`seed ${seed}: ${chosen} failures, ${kept.size} of ${(chosen * (chosen - 1)) / 2} pairs may meet`);
    const everything = { ...(options as PairsOptions), all: true } as typeof options;
    const all = pairsQuestion.plan(topology, everything);
    assert.equal(all.length, (chosen * (chosen - 1)) / 2);
    const lab = await openLab(pairsQuestion, topology, everything as Plain, { seed: 1n, wasm });
    const roll = dice(seed);
    for (let k = 0; k < all.length; k++) {
      const [i, j] = all.at(k)!;
      if (kept.has([i, j].join())) continue;
      left += 1;
      if (roll(all.length) >= CHECKED) continue; // some of those that were left out, at random
      const row = await pairsQuestion.answer(lab, [i, j], everything, k);
      assert.deepEqual(seen([row]), seen([alone.rows[i]!, alone.rows[j]!]), `seed ${seed}: ${row.target}`);
      assert.deepEqual(row.worse, [], row.target);
    }
  }
  assert.ok(left > 0 && simulated > 0, `${left} left out, ${simulated} simulated`);
});

const CHECKED = 400; // of each network
