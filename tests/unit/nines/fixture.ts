// Systems whose availability has a closed form: components with a mean life and a mean repair, and a formula for when the service is down.

import { distributionOf } from "../../../bindings/nines/distributions.ts";
import { Draws, STREAM } from "../../../bindings/nines/draws.ts";
import { historyOf } from "../../../bindings/nines/history.ts";
import { judge } from "../../../bindings/nines/judge.ts";
import { formula, type Oracle, type Process, type System } from "../../../bindings/nines/model.ts";
import type { Law } from "../../../bindings/topology/failures.ts";

export interface Part { mtbf: number; mttr: number; effect?: number; toFailure?: Law; toRepair?: Law }

const EXPONENTIAL: Law = { kind: "exponential" };

export function systemOf(parts: readonly Part[], crews: number | null = null): System {
  const processes = parts.map((part, i): Process => ({
    key: i, name: `part ${i + 1}`, cause: `part ${i + 1}`, kind: "part", effect: part.effect ?? i, crew: true, window: null, orderly: false,
    toFailure: distributionOf(part.toFailure ?? EXPONENTIAL, part.mtbf), toRepair: distributionOf(part.toRepair ?? EXPONENTIAL, part.mttr),
  }));
  const count = Math.max(...processes.map((p) => p.effect)) + 1;
  return { processes, crews, effects: Array.from({ length: count }, (_, i) => ({ name: `effect ${i + 1}`, nodes: [], links: [], feed: null })) };
}

/** Down when at least `k` of the effects are. */
export const atLeastDown = (k: number): Oracle => formula(1, (state) => state.size >= k);

/** Hours down in each of some runs, divided by the hours of a run: shares. */
export async function shares(system: System, oracle: Oracle, { runs, years, seed }: { runs: number; years: number; seed: bigint }): Promise<number[]> {
  const found: number[] = [];
  for (let run = 0; run < runs; run++) {
    const history = historyOf(system, years, new Draws(seed, STREAM.run, run));
    found.push((await judge(history, system, oracle, new Draws(seed, STREAM.phase, run))).down[0]! / history.hours);
  }
  return found;
}
