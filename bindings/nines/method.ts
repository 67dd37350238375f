// Which way to an answer: what the system allows, what pays.

import { DualhomeError } from "../errors.ts";
import type { Method } from "./defaults-asked.ts";
import { CHAIN_STATES_MAX } from "./markov.ts";
import { unavailability, type System } from "./model.ts";

export type Sampled = "plain" | "importance" | "splitting";

export interface MethodChosen { exact: boolean; sampled: Sampled | null; why: string }

/** `exact` alone simulates no runs; with `auto`, runs check it and show how a year may go. */
export function planOf(system: System, method: Method): MethodChosen {
  const solvable = system.crews === null ? null : notSolvable(system);
  const biasable = notBiasable(system);
  const exact = solvable === null;
  switch (method) {
    case "plain": return { exact: false, sampled: "plain", why: "asked for" };
    case "splitting": return { exact: false, sampled: "splitting", why: "asked for" };
    case "importance":
      if (biasable !== null) throw new DualhomeError("DH_NINES_METHOD", `importance sampling needs failures without memory: ${biasable}; use splitting or exact`, 2);
      return { exact: false, sampled: "importance", why: "asked for" };
    case "exact":
      if (!exact) throw new DualhomeError("DH_NINES_METHOD", `there is no exact solution: ${solvable}; use importance, splitting or plain`, 2);
      return { exact: true, sampled: null, why: "asked for" };
    case "auto":
      if (exact) return { exact: true, sampled: "plain", why: system.crews === null ? "no repair waits: exact, checked by simulated runs" : "a small Markov chain: exact, checked by simulated runs" };
      return biasable === null ? { exact: false, sampled: "importance", why: `not exact: ${solvable}` } : { exact: false, sampled: "splitting", why: `not exact: ${solvable}; ${biasable}` };
  }
}

function notSolvable(system: System): string | null {
  const odd = system.processes.find((p) => p.window !== null || !p.toFailure.exponential || !p.toRepair.exponential);
  if (odd !== undefined) return `repairs wait for crews, and ${odd.name} is not exponential`;
  const states = orderedStates(system.processes.length);
  return states <= CHAIN_STATES_MAX ? null : `repairs wait for crews, and ${system.processes.length} ways to fail make more than ${CHAIN_STATES_MAX} states`;
}

/** At most: every set of processes that are down, in every order of their queue. */
function orderedStates(n: number): number {
  let sum = 1;
  let ways = 1;
  for (let k = 1; k <= n && sum <= CHAIN_STATES_MAX; k++) { ways *= n - k + 1; sum += ways; }
  return sum;
}

/** Things down at a time, on average, above which histories hardly ever return to a state with nothing down. */
const DOWN_MAX = 1;

function notBiasable(system: System): string | null {
  const odd = system.processes.find((p) => p.window !== null || !p.toFailure.exponential);
  if (odd === undefined) return system.processes.reduce((sum, p) => sum + unavailability(p), 0) < DOWN_MAX ? null : "something is down most of the time";
  return odd.window !== null ? "there are windows of maintenance" : `${odd.name} is not exponential`;
}
