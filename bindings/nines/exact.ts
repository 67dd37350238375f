// Availability without simulation. With independent repairs the stationary probability of a state is the product of those of its parts,
// whatever the distributions (only their means count), so cut sets and a decision diagram give the structural part exactly; with repair
// crews a Markov chain does. Time lost while something changes over is the frequency of the change times what it costs.

import { Bdd } from "./bdd.ts";
import { minimalCuts, type CutOptions, type Cuts } from "./cuts.ts";
import { expectedWithin } from "./distributions.ts";
import { solveChain } from "./markov.ts";
import { frequency, unavailability, type Oracle, type Process, type System } from "./model.ts";

export interface Exact {
  by: "decision diagram" | "Markov chain";
  /** subject → share of time down: for as long as a state lasts; at most so much more (states nobody asked about); during changes */
  structural: Float64Array;
  unasked: Float64Array;
  switching: Float64Array;
  /** process * subjects + subject → share of time down that it causes */
  blame: Map<number, number>;
  cuts: Cuts | null;
}

/** Null: repairs wait for crews, and the chain of that is too large or remembers. */
export async function solveExactly(system: System, oracle: Oracle, options: CutOptions): Promise<Exact | null> {
  const solved = system.crews === null ? await independent(system, oracle, options) : await chained(system, oracle);
  if (solved !== null) await addSwitching(solved, system, oracle);
  return solved;
}

const empty = (n: number): Pick<Exact, "structural" | "unasked" | "switching" | "blame"> =>
  ({ structural: new Float64Array(n), unasked: new Float64Array(n), switching: new Float64Array(n), blame: new Map() });

async function independent(system: System, oracle: Oracle, options: CutOptions): Promise<Exact> {
  const all = effectProbabilities(system, system.processes.map(unavailability));
  const cuts = await minimalCuts(oracle, all, options);
  const exact: Exact = { by: "decision diagram", ...empty(oracle.subjects), cuts };
  const weathers = openWindows(system);
  for (const [s, list] of cuts.ofSubject.entries()) {
    const bdd = new Bdd();
    const root = bdd.ofCuts(list);
    const share = new Float64Array(system.processes.length);
    for (const { p, q } of weathers) {
      const effects = effectProbabilities(system, q);
      const found = bdd.probability(root, effects);
      exact.structural[s]! += p * found.p;
      for (const [i, process] of system.processes.entries()) {
        const e = process.effect;
        if (effects[e]! > 0) share[i]! += p * effects[e]! * found.birnbaum[e]! * (q[i]! / sumOf(system, q, e));
      }
    }
    exact.unasked[s] = cuts.unasked[s]!;
    spread(exact, share, s, oracle.subjects);
  }
  return exact;
}

/** What is critical together shares the blame: shares are scaled so that their sum is what is to be blamed. */
function spread(exact: Exact, share: Float64Array, s: number, subjects: number): void {
  const total = share.reduce((a, b) => a + b, 0);
  for (const [i, part] of share.entries()) if (part > 0) exact.blame.set(i * subjects + s, (part / total) * exact.structural[s]!);
}

const sumOf = (system: System, q: ArrayLike<number>, effect: number): number => system.processes.reduce((sum, p, i) => (p.effect === effect ? sum + q[i]! : sum), 0);

/** An effect is down while one of its processes is. */
export function effectProbabilities(system: System, q: ArrayLike<number>): Float64Array {
  const up = new Float64Array(system.effects.length).fill(1);
  for (const [i, p] of system.processes.entries()) up[p.effect]! *= 1 - q[i]!;
  return up.map((x) => 1 - x);
}

const WEATHERS_MAX = 4096;

/** Windows of one round are never open together: each choice of one or none a round, with its probability. */
function openWindows(system: System): { p: number; q: number[] }[] {
  const q = system.processes.map((p) => (p.window === null ? unavailability(p) : 0));
  const rounds = new Map<number, number[]>();
  for (const [i, p] of system.processes.entries()) if (p.window !== null) rounds.set(p.window.round, [...(rounds.get(p.window.round) ?? []), i]);
  const choices = [...rounds.values()].map((members) => [...members.map((i) => ({ open: i, p: unavailability(system.processes[i]!) })), { open: -1, p: 1 - members.reduce((sum, i) => sum + unavailability(system.processes[i]!), 0) }]);
  const count = choices.reduce((product, list) => product * list.length, 1);
  if (count > WEATHERS_MAX) return [{ p: 1, q: system.processes.map(unavailability) }]; // taken as independent: two windows at once are rarer than that
  return choices.reduce<{ p: number; q: number[] }[]>((all, list) => all.flatMap((weather) => list.map(({ open, p }) => ({
    p: weather.p * p, q: open < 0 ? weather.q : weather.q.map((x, i) => (i === open ? 1 : x)),
  }))), [{ p: 1, q }]);
}

async function chained(system: System, oracle: Oracle): Promise<Exact | null> {
  const chain = solveChain(system);
  if (chain === null) return null;
  const exact: Exact = { by: "Markov chain", ...empty(oracle.subjects), cuts: null };
  for (const [i, { repaired, waiting }] of chain.states.entries()) {
    const processes = [...repaired, ...waiting];
    const state = statesOf(system, processes);
    for (const s of await oracle.down(state)) {
      exact.structural[s]! += chain.p[i]!;
      const guilty = await critical(system, oracle, processes, state, s);
      for (const p of guilty) add(exact, p, s, oracle.subjects, chain.p[i]! / guilty.length);
    }
  }
  return exact;
}

const statesOf = (system: System, processes: readonly number[]): number[] => [...new Set(processes.map((p) => system.processes[p]!.effect))].sort((a, b) => a - b);

async function critical(system: System, oracle: Oracle, processes: readonly number[], state: readonly number[], subject: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const p of processes) {
    const rest = state.filter((e) => e !== system.processes[p]!.effect);
    if (!(await oracle.down(rest)).includes(subject)) found.push(p);
  }
  return found.length > 0 ? found : processes;
}

function add(exact: Exact, process: number, subject: number, subjects: number, share: number): void {
  const key = process * subjects + subject;
  exact.blame.set(key, (exact.blame.get(key) ?? 0) + share);
}

/** With anything else down as with nothing else down: such changes are as rare as two failures at once. */
async function addSwitching(exact: Exact, system: System, oracle: Oracle): Promise<void> {
  for (const [i, p] of system.processes.entries()) {
    const alone = system.processes.reduce((product, other, j) => (j !== i && other.effect === p.effect ? product * (1 - unavailability(other)) : product), 1);
    const rate = frequency(p) * alone;
    const after = await oracle.down([p.effect]);
    for (const what of [p.orderly ? "shutdown" : "fail", "return"] as const) {
      const state = what === "return" ? [p.effect] : [];
      const ways = await oracle.blips({ state, effect: p.effect, what });
      for (const { subject, from, to } of ways.flat()) {
        if (what !== "return" && after.includes(subject)) continue; // down for good: counted as structural
        const lost = (rate / ways.length) * (what === "return" ? to - from : repairWithin(p, from, to));
        exact.switching[subject]! += lost;
        add(exact, i, subject, oracle.subjects, lost);
      }
    }
  }
}

/** A change over lasts no longer than the repair. */
const repairWithin = (p: Process, from: number, to: number): number => (p.window === null ? expectedWithin(p.toRepair, from, to) : Math.max(0, Math.min(to, p.window.length) - from));
