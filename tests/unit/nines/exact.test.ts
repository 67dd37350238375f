// Availability against closed forms, to more than four digits. λ failures an hour, μ repairs an hour, u = λ/(λ+μ).
// Formulas: Rausand and Høyland, System Reliability Theory (2004), chapters 6 and 8; Trivedi, Probability and Statistics (2002), chapter 8.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Bdd } from "../../../bindings/nines/bdd.ts";
import { atLeast } from "../../../bindings/nines/cuts.ts";
import { estimateMean } from "../../../bindings/nines/estimate.ts";
import { solveExactly } from "../../../bindings/nines/exact.ts";
import { formula, type Oracle, type System } from "../../../bindings/nines/model.ts";
import { atLeastDown, shares, systemOf, type Part } from "./fixture.ts";

const LAMBDA = 1 / 200;
const MU = 1 / 10;
const U = LAMBDA / (LAMBDA + MU);
const part: Part = { mtbf: 1 / LAMBDA, mttr: 1 / MU };

async function unavailabilityOf(system: System, oracle: Oracle): Promise<number> {
  const exact = await solveExactly(system, oracle, { asks: 10_000 });
  assert.ok(exact !== null);
  assert.ok(exact.unasked[0]! < 1e-12 || exact.cuts!.complete < system.effects.length);
  return exact.structural[0]!;
}

const close = (found: number, wanted: number, digits = 4): void =>
  assert.ok(Math.abs(found - wanted) <= wanted * 0.5 * 10 ** -digits, `${found} is not ${wanted} to ${digits} digits`);

const SEEDS = 20;

/** Intervals of simulations hold the closed form: of twenty at 95 %, sixteen or more do in 997 of 1000 cases. Coverage proper: nines-coverage.test.ts. */
async function simulated(system: System, oracle: Oracle, wanted: number): Promise<void> {
  let hits = 0;
  for (let seed = 1n; seed <= SEEDS; seed++) {
    const { low, high, mean } = estimateMean(await shares(system, oracle, { runs: 40, years: 2, seed }));
    if (low <= wanted && wanted <= high) hits++;
    assert.ok((high - low) / mean < 1.5, `an interval of ${low} to ${high} says nothing`);
  }
  assert.ok(hits >= 16, `${hits} of ${SEEDS} intervals hold ${wanted}`);
}

const CASES: { name: string; system: System; oracle: Oracle; wanted: number }[] = [
  { name: "one component: λ/(λ+μ)", system: systemOf([part]), oracle: atLeastDown(1), wanted: U },
  { name: "1 of 2: u²", system: systemOf([part, part]), oracle: atLeastDown(2), wanted: U ** 2 },
  { name: "2 of 3: 3u²(1−u) + u³", system: systemOf([part, part, part]), oracle: atLeastDown(2), wanted: 3 * U ** 2 * (1 - U) + U ** 3 },
  commonCause(0.1),
  { name: "one crew for two: 2λ²/(2λ² + 2λμ + μ²)", system: systemOf([part, part], 1), oracle: atLeastDown(2), wanted: (2 * LAMBDA ** 2) / (2 * LAMBDA ** 2 + 2 * LAMBDA * MU + MU ** 2) },
  machineRepair(3, 1),
  seriesParallel(),
];

/** β of each component's failures hit both: the rest are independent, at (1−β)λ each. */
function commonCause(beta: number): (typeof CASES)[number] {
  const own: Part = { mtbf: 1 / ((1 - beta) * LAMBDA), mttr: 1 / MU };
  const both: Part = { mtbf: 1 / (beta * LAMBDA), mttr: 1 / MU };
  const u = ((1 - beta) * LAMBDA) / ((1 - beta) * LAMBDA + MU);
  const c = (beta * LAMBDA) / (beta * LAMBDA + MU);
  return { name: "1 of 2 with common cause: c + (1−c)u²", system: systemOf([own, own, both]), oracle: formula(1, (s) => s.has(2) || (s.has(0) && s.has(1))), wanted: c + (1 - c) * u ** 2 };
}

/** n machines, r crews (Trivedi 8.2): p_k ∝ n!/(n−k)! · ρ^k / (k! for k ≤ r, else r!·r^(k−r)). Down when two or more are. */
function machineRepair(n: number, r: number): (typeof CASES)[number] {
  const rho = LAMBDA / MU;
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  const weight = (k: number): number => ((factorial(n) / factorial(n - k)) * rho ** k) / (k <= r ? factorial(k) : factorial(r) * r ** (k - r));
  const weights = Array.from({ length: n + 1 }, (_, k) => weight(k));
  const total = weights.reduce((a, b) => a + b, 0);
  return { name: "one crew for three, 2 of 3 needed: the machine repair model", system: systemOf([part, part, part], r), oracle: atLeastDown(2), wanted: weights.slice(2).reduce((a, b) => a + b, 0) / total };
}

/** One in series with two in parallel, in series with three in parallel: 1 − (1−u)(1−u²)(1−u³). */
function seriesParallel(): (typeof CASES)[number] {
  const oracle = formula(1, (s) => s.has(0) || (s.has(1) && s.has(2)) || (s.has(3) && s.has(4) && s.has(5)));
  return { name: "series-parallel: 1 − (1−u)(1−u²)(1−u³)", system: systemOf([part, part, part, part, part, part]), oracle, wanted: 1 - (1 - U) * (1 - U ** 2) * (1 - U ** 3) };
}

for (const { name, system, oracle, wanted } of CASES) {
  test(`exact: ${name}`, async () => close(await unavailabilityOf(system, oracle), wanted, 9));
  test(`simulated: ${name}`, () => simulated(system, oracle, wanted));
}

test("repairs of any distribution: only the means count while no repair waits", async () => {
  const laws: Part[] = [
    { ...part, toFailure: { kind: "weibull", shape: 2 }, toRepair: { kind: "lognormal", sigma: 1 } },
    { ...part, toRepair: { kind: "deterministic" } },
    { ...part, toFailure: { kind: "lognormal", sigma: 0.7 }, toRepair: { kind: "trace", hours: [4, 8, 18] } },
  ];
  const system = systemOf(laws);
  const wanted = 3 * U ** 2 * (1 - U) + U ** 3;
  close(await unavailabilityOf(system, atLeastDown(2)), wanted, 9);
  await simulated(system, atLeastDown(2), wanted);
});

test("maintenance: windows of a round never overlap, so two peers in one round are never both away for it", async () => {
  const system = systemOf([part, part, part, part]);
  const [, , a, b] = system.processes;
  Object.assign(a!, { effect: 0, window: { round: 0, every: 500, length: 20, begins: 0 } });
  Object.assign(b!, { effect: 1, window: { round: 0, every: 500, length: 20, begins: 0.5 } });
  const w = 20 / 500;
  const wanted = 2 * w * U + (1 - 2 * w) * U ** 2; // one is away and the other fails, or both fail
  close(await unavailabilityOf(system, atLeastDown(2)), wanted, 9);
  await simulated(system, atLeastDown(2), wanted);
});

test("the decision diagram agrees with inclusion and exclusion; importance is the derivative", () => {
  const cuts = [[0, 1], [1, 2], [0, 2, 3]];
  const q = [0.1, 0.2, 0.3, 0.4];
  const direct = (p: readonly number[]): number => {
    let sum = 0;
    for (let mask = 0; mask < 16; mask++) {
      const down = (i: number): boolean => (mask & (1 << i)) !== 0;
      if (cuts.some((cut) => cut.every(down))) sum += p.reduce((product, x, i) => product * (down(i) ? x : 1 - x), 1);
    }
    return sum;
  };
  const bdd = new Bdd();
  const { p, birnbaum } = bdd.probability(bdd.ofCuts(cuts), q);
  assert.ok(Math.abs(p - direct(q)) < 1e-15);
  for (const i of [0, 1, 2, 3]) {
    const slope = direct(q.map((x, j) => (j === i ? 1 : x))) - direct(q.map((x, j) => (j === i ? 0 : x)));
    assert.ok(Math.abs(birnbaum[i]! - slope) < 1e-14);
  }
});

test("what nobody asked about bounds the error: pairs that were not asked are in it", async () => {
  const parts = Array.from({ length: 12 }, (): Part => ({ mtbf: 1000, mttr: 10 }));
  const system = systemOf(parts);
  const exact = await solveExactly(system, atLeastDown(2), { asks: 40 });
  const q = parts.map(() => 10 / 1010);
  const wanted = atLeast(q, 2);
  assert.ok(exact !== null && exact.cuts!.complete === 1);
  assert.ok(exact.structural[0]! < wanted && wanted <= exact.structural[0]! + exact.unasked[0]!, `${exact.structural[0]} ${wanted} ${exact.unasked[0]}`);
});
