// A Markov chain of all states, solved: exact where repairs wait for a crew, for as long as the chain is small and nothing remembers.
// A state is who is in repair and who waits, in order; the balance equations are solved by Gauss and Seidel's iteration
// (Stewart, Introduction to the Numerical Solution of Markov Chains, 1994).

import type { System } from "./model.ts";

export const CHAIN_STATES_MAX = 20_000;
const SWEEPS_MAX = 20_000;
const STILL = 1e-14; // relative change in a sweep

export interface ChainState { repaired: number[]; waiting: number[] }
export interface Chain { states: ChainState[]; p: Float64Array }

/** Null: something remembers its age, or there are too many states. */
export function solveChain(system: System): Chain | null {
  const rates = system.processes.map((p) => (p.window === null && p.toFailure.exponential && p.toRepair.exponential ? { fail: 1 / p.toFailure.mean, repair: 1 / p.toRepair.mean } : null));
  if (rates.includes(null)) return null;
  const chain = explore(system, rates as { fail: number; repair: number }[]);
  return chain === null ? null : { states: chain.states, p: balance(chain) };
}

interface Explored { states: ChainState[]; /** into a state: from which, at which rate */ into: { from: number; rate: number }[][]; out: Float64Array }

function explore(system: System, rates: { fail: number; repair: number }[]): Explored | null {
  const states: ChainState[] = [{ repaired: [], waiting: [] }];
  const index = new Map<string, number>([["|", 0]]);
  const into: { from: number; rate: number }[][] = [[]];
  const out: number[] = [];
  const go = (from: number, to: ChainState, rate: number): void => {
    const key = `${to.repaired.join(",")}|${to.waiting.join(",")}`;
    let at = index.get(key);
    if (at === undefined) { at = states.push(to) - 1; index.set(key, at); into.push([]); }
    into[at]!.push({ from, rate });
    out[from] = (out[from] ?? 0) + rate;
  };
  for (let i = 0; i < states.length; i++) {
    if (states.length > CHAIN_STATES_MAX) return null;
    const state = states[i]!;
    for (const [p, { fail }] of rates.entries()) if (!state.repaired.includes(p) && !state.waiting.includes(p)) go(i, failed(system, state, p), fail);
    for (const p of state.repaired) go(i, repaired(system, state, p), rates[p]!.repair);
  }
  return { states, into, out: Float64Array.from(out) };
}

const sorted = (list: number[]): number[] => list.sort((a, b) => a - b);

function failed(system: System, { repaired, waiting }: ChainState, p: number): ChainState {
  const busy = repaired.filter((x) => system.processes[x]!.crew).length;
  if (system.processes[p]!.crew && system.crews !== null && busy >= system.crews) return { repaired, waiting: [...waiting, p] };
  return { repaired: sorted([...repaired, p]), waiting };
}

function repaired(system: System, { repaired: all, waiting }: ChainState, p: number): ChainState {
  const rest = all.filter((x) => x !== p);
  const [next, ...queue] = waiting;
  return system.processes[p]!.crew && next !== undefined ? { repaired: sorted([...rest, next]), waiting: queue } : { repaired: rest, waiting };
}

function balance({ states, into, out }: Explored): Float64Array {
  const p = new Float64Array(states.length).fill(1 / states.length);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let moved = 0;
    for (let i = 0; i < p.length; i++) {
      let flow = 0;
      for (const { from, rate } of into[i]!) flow += p[from]! * rate;
      const now = flow / out[i]!;
      moved = Math.max(moved, Math.abs(now - p[i]!) / Math.max(now, 1e-300));
      p[i] = now;
    }
    const total = p.reduce((a, b) => a + b, 0);
    for (let i = 0; i < p.length; i++) p[i]! /= total;
    if (moved < STILL) break;
  }
  return p;
}
