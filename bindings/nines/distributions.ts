// How long something lasts, in hours: until it fails, until it is repaired. Each is sampled by its inverse, so that one draw makes one
// value; of each the mean, the survival function, what is left after an age (splitting), and the same as met at a random instant (a run
// begins in the middle of things: the residual life of a renewal process, density S(x)/mean; Cox, Renewal Theory, chapter 5).

import type { Law } from "../topology/failures.ts";
import { gammaQuantile, logGamma, normalCdf, normalQuantile } from "./quantiles.ts";

export interface Distribution {
  law: Law;
  mean: number;
  /** no memory: failure biasing and Markov chains need that */
  exponential: boolean;
  /** the value that a uniform draw stands for */
  at(u: number): number;
  /** P(X > x) */
  survival(x: number): number;
  /** what is left of one that has lasted `age` */
  leftAfter(age: number, u: number): number;
  /** what is left of one met at a random instant; two draws */
  leftWhenMet(u: number, v: number): number;
  /** all of one met at a random instant, density x·f(x)/mean; two draws */
  whenMet(u: number, v: number): number;
}

export function distributionOf(law: Law, mean: number): Distribution {
  switch (law.kind) {
    case "exponential": return exponential(law, mean);
    case "weibull": return weibull(law, mean, law.shape);
    case "lognormal": return lognormal(law, mean, law.sigma);
    case "deterministic": return deterministic(law, mean);
    case "trace": return trace(law, law.hours);
  }
}

function exponential(law: Law, mean: number): Distribution {
  const at = (u: number): number => -mean * Math.log(1 - u);
  return { law, mean, exponential: true, at, survival: (x) => (x <= 0 ? 1 : Math.exp(-x / mean)), leftAfter: (_age, u) => at(u), leftWhenMet: (u) => at(u), whenMet: (u, v) => at(u) + at(v) };
}

/** The life that a random instant falls into is longer than others: x·f(x)/mean. The instant is anywhere in it. */
function weibull(law: Law, mean: number, shape: number): Distribution {
  const scale = mean / Math.exp(logGamma(1 + 1 / shape));
  const survival = (x: number): number => (x <= 0 ? 1 : Math.exp(-((x / scale) ** shape)));
  const whenMet = (u: number): number => scale * gammaQuantile(1 + 1 / shape, u) ** (1 / shape);
  return {
    law, mean, exponential: shape === 1, survival, whenMet,
    at: (u) => scale * (-Math.log(1 - u)) ** (1 / shape),
    leftAfter: (age, u) => scale * ((age / scale) ** shape - Math.log(1 - u)) ** (1 / shape) - age,
    leftWhenMet: (u, v) => v * whenMet(u),
  };
}

function lognormal(law: Law, mean: number, sigma: number): Distribution {
  const mu = Math.log(mean) - (sigma * sigma) / 2;
  const survival = (x: number): number => (x <= 0 ? 1 : normalCdf((mu - Math.log(x)) / sigma));
  const whenMet = (u: number): number => Math.exp(mu + sigma * sigma + sigma * normalQuantile(u));
  return {
    law, mean, exponential: false, survival, whenMet,
    at: (u) => Math.exp(mu + sigma * normalQuantile(u)),
    leftAfter: (age, u) => (age <= 0 ? Math.exp(mu + sigma * normalQuantile(u)) : Math.exp(mu - sigma * normalQuantile((1 - u) * survival(age))) - age),
    leftWhenMet: (u, v) => v * whenMet(u),
  };
}

function deterministic(law: Law, mean: number): Distribution {
  return { law, mean, exponential: false, at: () => mean, survival: (x) => (x < mean ? 1 : 0), leftAfter: (age) => Math.max(0, mean - age), leftWhenMet: (_u, v) => v * mean, whenMet: () => mean };
}

/** Times that were observed: each as likely as the others. */
function trace(law: Law, hours: readonly number[]): Distribution {
  const sorted = [...hours].sort((a, b) => a - b);
  const total = sorted.reduce((a, b) => a + b, 0);
  const above = (age: number): number[] => sorted.filter((x) => x > age);
  const whenMet = (u: number): number => {
    let at = u * total;
    for (const x of sorted) { if (at < x) return x; at -= x; }
    return sorted.at(-1)!;
  };
  return {
    law, mean: total / sorted.length, exponential: false, whenMet,
    at: (u) => sorted[Math.floor(u * sorted.length)]!,
    survival: (x) => above(x).length / sorted.length,
    leftAfter: (age, u) => { const rest = above(age); return rest.length === 0 ? 0 : rest[Math.floor(u * rest.length)]! - age; },
    leftWhenMet: (u, v) => v * whenMet(u),
  };
}

/** ∫ S(x) dx from a to b: how much of the span a..b lies before the end. */
export function expectedWithin(d: Distribution, a: number, b: number): number {
  if (b <= a) return 0;
  if (d.exponential) return d.mean * (Math.exp(-a / d.mean) - Math.exp(-b / d.mean));
  const { law } = d;
  if (law.kind === "deterministic" || law.kind === "trace") {
    const all = law.kind === "trace" ? law.hours : [d.mean];
    return all.reduce((sum, x) => sum + Math.max(0, Math.min(x, b) - a), 0) / all.length;
  }
  const steps = 400; // Simpson's rule
  const h = (b - a) / steps;
  let sum = d.survival(a) + d.survival(b);
  for (let i = 1; i < steps; i++) sum += d.survival(a + i * h) * (i % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}

