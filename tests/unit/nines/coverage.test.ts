// The 95 % interval holds the exact answer in 93 to 97 of 100 cases: a thousand seeds each, also where few outages are seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateMean } from "../../../bindings/nines/estimate.ts";
import { formula, type Oracle, type System } from "../../../bindings/nines/model.ts";
import { atLeastDown, shares, systemOf, type Part } from "./fixture.ts";

const SEEDS = 1000;
const part: Part = { mtbf: 2000, mttr: 10 };
const u = 10 / 2010;

/** Hits among a thousand seeds: binomial, so a true 95 % is found between 93 and 97 % in 996 of 1000 tests; the seeds are fixed. */
async function covers(name: string, system: System, oracle: Oracle, wanted: number, size: { runs: number; years: number }): Promise<void> {
  let hits = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { low, high } = estimateMean(await shares(system, oracle, { ...size, seed: BigInt(seed) }));
    if (low <= wanted && wanted <= high) hits++;
  }
  assert.ok(hits >= 0.93 * SEEDS && hits <= 0.97 * SEEDS, `${name}: ${hits} of ${SEEDS} intervals hold the truth`);
}

test("one component, some ninety outages seen", () => covers("one", systemOf([part]), atLeastDown(1), u, { runs: 20, years: 1 }));

test("one component, repairs lognormal (σ = 1): long ones are rare and count most", () =>
  covers("lognormal", systemOf([{ ...part, toRepair: { kind: "lognormal", sigma: 1 } }]), atLeastDown(1), u, { runs: 30, years: 1 }));

test("1 of 2, a dozen outages seen", () => covers("1 of 2", systemOf([part, part]), atLeastDown(2), u ** 2, { runs: 60, years: 5 }));

test("2 of 3, some twenty outages seen", () => covers("2 of 3", systemOf([part, part, part]), atLeastDown(2), 3 * u ** 2 * (1 - u) + u ** 3, { runs: 40, years: 4 }));

test("1 of 2 with a common cause, some twenty outages seen", () => {
  const own: Part = { mtbf: 2000 / 0.9, mttr: 10 };
  const both: Part = { mtbf: 2000 / 0.1, mttr: 10 };
  const [q, c] = [10 / (2000 / 0.9 + 10), 10 / 20_010];
  return covers("common cause", systemOf([own, own, both]), formula(1, (s) => s.has(2) || (s.has(0) && s.has(1))), c + (1 - c) * q ** 2, { runs: 40, years: 1 });
});
