// Quantiles against tables, distributions against their own means and laws, draws against chance.

import assert from "node:assert/strict";
import { test } from "node:test";
import { distributionOf, expectedWithin, type Distribution } from "../../../bindings/nines/distributions.ts";
import { Draws, keysOf } from "../../../bindings/nines/draws.ts";
import { gammaQuantile, logGamma, normalQuantile, studentQuantile } from "../../../bindings/nines/quantiles.ts";
import type { Law } from "../../../bindings/topology/failures.ts";

const close = (found: number, wanted: number, error: number): void => assert.ok(Math.abs(found - wanted) <= error * Math.abs(wanted), `${found}, wanted ${wanted}`);

test("quantiles: normal, Student, gamma, as tables have them", () => {
  close(normalQuantile(0.975), 1.959963984540054, 1e-12);
  close(normalQuantile(1e-9), -5.997807015007687, 1e-10);
  close(studentQuantile(9, 0.975), 2.262157162740992, 1e-9);
  close(studentQuantile(1, 0.975), 12.706204736432095, 1e-9);
  close(2 * gammaQuantile(5, 0.95), 18.307038053275146, 1e-10); // χ² of 10 degrees
  close(2 * gammaQuantile(0.5, 0.05), 0.003932140000019522, 1e-8); // of 1
  close(logGamma(0.5), Math.log(Math.PI) / 2, 1e-13);
});

const LAWS: Law[] = [
  { kind: "exponential" }, { kind: "deterministic" }, { kind: "weibull", shape: 0.7 }, { kind: "weibull", shape: 3 }, { kind: "lognormal", sigma: 1 },
  { kind: "trace", hours: [1, 2, 3, 10] },
];

/** Mean of a function of a uniform variable, by midpoints. */
function mean(f: (u: number) => number, n = 20_000): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f((i + 0.5) / n);
  return sum / n;
}

for (const law of LAWS) {
  test(`${law.kind}${"shape" in law ? ` ${law.shape}` : ""}: mean, survival, residual life, the life that an instant meets`, () => {
    const d: Distribution = distributionOf(law, 4);
    close(mean((u) => d.at(u)), 4, 0.01);
    for (const x of [0.5, 1.5, 6]) close(mean((u) => (d.at(u) > x ? 1 : 0)) + 1, d.survival(x) + 1, 1e-3);
    close(expectedWithin(d, 0, 200), 4, 0.02);
    if (law.kind === "deterministic") { assert.equal(d.leftAfter(1.5, 0.3), 2.5); assert.equal(d.leftWhenMet(0.2, 0.25), 1); return; }
    // P(residual > x | age) = S(age + x) / S(age)
    close(mean((u) => (d.leftAfter(1.5, u) > 1 ? 1 : 0)) + 1, d.survival(2.5) / d.survival(1.5) + 1, 1e-3);
    // E(X when met) = E(X²)/E(X)
    const wanted = mean((u) => d.at(u) ** 2) / mean((u) => d.at(u));
    close(mean((u) => d.whenMet(u, (u * 7919) % 1)), wanted, 0.02);
  });
}

test("draws: uniform, the k-th without those before it, streams and entities apart from each other", () => {
  const draws = new Draws(7n, 1, 3);
  const counts = new Array<number>(20).fill(0);
  let products = 0;
  const n = 40_000;
  for (let k = 0; k < n; k++) {
    const [a, b] = [draws.uniform(11, k), draws.uniform(12, k)];
    counts[Math.floor(a * 20)]!++;
    products += (a - 0.5) * (b - 0.5);
  }
  const chi = counts.reduce((sum, c) => sum + (c - n / 20) ** 2 / (n / 20), 0);
  assert.ok(chi < 2 * gammaQuantile(9.5, 0.9999), `chi square ${chi}`);
  assert.ok(Math.abs(products / n) < (4 / 12) / Math.sqrt(n), `correlation ${products / n}`);
  assert.equal(new Draws(7n, 1, 3).uniform(11, 39_999), draws.uniform(11, 39_999));
  const others = [new Draws(8n, 1, 3), new Draws(7n, 2, 3), new Draws(7n, 1, 4), new Draws((1n << 40n) + 7n, 1, 3)].map((d) => d.uniform(11, 5));
  assert.equal(new Set([...others, draws.uniform(11, 5)]).size, 5);
});

test("names have keys of their own, which do not move with what else there is", () => {
  assert.equal(keysOf(["a", "leaf1", "b"])[1], keysOf(["leaf1"])[0]);
  assert.equal(new Set(keysOf(Array.from({ length: 50_000 }, (_, i) => `srv${i}, server-crash`))).size, 50_000);
});
