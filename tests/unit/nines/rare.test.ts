// Rare outages: importance sampling is right (against closed forms) and worth it. What is compared is variance times work, where work is the
// number of failures and returns that were simulated: the same on every machine. The figures are printed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { minimalCuts } from "../../../bindings/nines/cuts.ts";
import { Draws, STREAM } from "../../../bindings/nines/draws.ts";
import { estimateMean } from "../../../bindings/nines/estimate.ts";
import { effectProbabilities } from "../../../bindings/nines/exact.ts";
import { Guide } from "../../../bindings/nines/guide.ts";
import { historyOf } from "../../../bindings/nines/history.ts";
import { biasedRun } from "../../../bindings/nines/importance.ts";
import { judge } from "../../../bindings/nines/judge.ts";
import { formula, unavailability, type Oracle, type System } from "../../../bindings/nines/model.ts";
import { splitRun } from "../../../bindings/nines/splitting.ts";
import type { Verdict } from "../../../bindings/nines/tally.ts";
import { atLeastDown, systemOf, type Part } from "./fixture.ts";

const YEARS = 100;
const HOURS = YEARS * 8760;
const part: Part = { mtbf: 4000, mttr: 4 };
const [LAMBDA, MU] = [1 / 4000, 1 / 4];
const U = 4 / 4004;
/** Five pairs, each of which takes the service down. */
const pairs = formula(1, (s) => [0, 1, 2, 3, 4].some((i) => s.has(2 * i) && s.has(2 * i + 1)));

interface Measured { mean: number; low: number; high: number; cost: number }

async function measure(runs: number, run: (i: number) => Promise<Verdict>): Promise<Measured> {
  const values: number[] = [];
  let work = 0;
  for (let i = 0; i < runs; i++) {
    const verdict = await run(i);
    values.push(verdict.down[0]! / HOURS);
    work += verdict.work;
  }
  const { mean, low, high, variance } = estimateMean(values);
  return { mean, low, high, cost: variance * work };
}

async function guideOf(system: System, oracle: Oracle): Promise<Guide> {
  return new Guide(system, (await minimalCuts(oracle, effectProbabilities(system, system.processes.map(unavailability)), { asks: 1000 })).ofSubject);
}

const plain = (system: System, oracle: Oracle, runs: number): Promise<Measured> =>
  measure(runs, (i) => judge(historyOf(system, YEARS, new Draws(5n, STREAM.run, i)), system, oracle, new Draws(5n, STREAM.phase, i)));

async function biased(system: System, oracle: Oracle, runs: number): Promise<Measured> {
  const guide = await guideOf(system, oracle);
  return measure(runs, (i) => biasedRun(system, oracle, YEARS, 5n, i, guide));
}

/** The interval is narrow, and the closed form lies within half as much again of it: a miss at 95 % is no news, one so far off is. */
function near({ mean, low, high }: Measured, wanted: number): void {
  const slack = (high - low) / 4;
  assert.ok(low - slack <= wanted && wanted <= high + slack, `${wanted} is far outside ${low} to ${high}`);
  assert.ok((high - low) / mean < 0.25, `${low} to ${high} says little`);
}

test("importance sampling at six nines: 1 of 2, a hundred times less variance for the same work", async (t) => {
  const system = systemOf([part, part]);
  const [importance, crude] = [await biased(system, atLeastDown(2), 300), await plain(system, atLeastDown(2), 1500)];
  near(importance, U ** 2);
  t.diagnostic(`1 of 2, unavailability ${U ** 2}: work-normalised variance ${(crude.cost / importance.cost).toFixed(0)} times better than plain`);
  assert.ok(crude.cost / importance.cost >= 100, `${crude.cost / importance.cost}`);
});

test("importance sampling at five nines: five pairs in series, a hundred times less variance", async (t) => {
  const system = systemOf(Array.from({ length: 10 }, () => part));
  const [importance, crude] = [await biased(system, pairs, 300), await plain(system, pairs, 150)];
  near(importance, 1 - (1 - U ** 2) ** 5);
  t.diagnostic(`five pairs: work-normalised variance ${(crude.cost / importance.cost).toFixed(0)} times better than plain`);
  assert.ok(crude.cost / importance.cost >= 100, `${crude.cost / importance.cost}`);
});

test("importance sampling with one crew: the closed form, whose cycle length has to be estimated", async () => {
  near(await biased(systemOf([part, part], 1), atLeastDown(2), 600), (2 * LAMBDA ** 2) / (2 * LAMBDA ** 2 + 2 * LAMBDA * MU + MU ** 2));
});

test("importance sampling finds what the guide does not know of", async () => {
  const system = systemOf([part, part, part, part]);
  const oracle = formula(1, (s) => (s.has(0) && s.has(1)) || (s.has(2) && s.has(3)));
  const half = new Guide(system, [[[0, 1]]]);
  near(await measure(1200, (i) => biasedRun(system, oracle, YEARS, 5n, i, half)), 1 - (1 - U ** 2) ** 2);
});

test("importance sampling, repairs lognormal: any repair will do", async () => {
  near(await biased(systemOf([part, part].map((p): Part => ({ ...p, toRepair: { kind: "lognormal", sigma: 1 } }))), atLeastDown(2), 600), U ** 2);
});

test("splitting is right where failures have memory: 1 of 2, lives Weibull, repairs lognormal", async () => {
  const old: Part = { mtbf: 400, mttr: 4, toFailure: { kind: "weibull", shape: 2 }, toRepair: { kind: "lognormal", sigma: 1 } };
  near(await measure(30, (i) => splitRun(systemOf([old, old]), atLeastDown(2), 10, 5n, i).then((v) => ({ ...v, down: v.down.map((x) => x * 10) }))), (4 / 404) ** 2);
});

test("splitting with one crew: copies take over who is being repaired and who waits", async () => {
  const quick: Part = { mtbf: 400, mttr: 4 };
  const [l, m] = [1 / 400, 1 / 4];
  near(await measure(30, (i) => splitRun(systemOf([quick, quick], 1), atLeastDown(2), 10, 5n, i).then((v) => ({ ...v, down: v.down.map((x) => x * 10) }))), (2 * l ** 2) / (2 * l ** 2 + 2 * l * m + m ** 2));
});
