// Minimal cut sets: the smallest sets of effects that take a service down for as long as they last. Found by asking the oracle: each effect
// alone, then pairs and triples, the likeliest first, as many as may be asked. What was not asked is no guess: its probability bounds the error.

import { keyOf, type Oracle, type State } from "./model.ts";

export interface Cuts {
  /** subject → its minimal cut sets */
  ofSubject: number[][][];
  asked: number;
  /** probability of states that were not asked and hold no cut that is known to the subject: at most so much is missing */
  unasked: number[];
  /** sets of up to so many effects were all asked */
  complete: number;
}

/** `tolerance`: sets are no longer asked about when all that are left are less likely than this share of what is known of every subject. */
export interface CutOptions { asks: number; tolerance?: number; onProgress?: ((asked: number, of: number) => void) | undefined; signal?: AbortSignal | undefined }

const ORDER_MAX = 3;

export async function minimalCuts(oracle: Oracle, q: ArrayLike<number>, options: CutOptions): Promise<Cuts> {
  const search = new Search(oracle, q, options);
  const complete = await search.run();
  return { ofSubject: search.cuts, asked: search.asked, unasked: search.unasked(complete), complete };
}

class Search {
  readonly cuts: number[][][];
  asked = 0;
  readonly #oracle: Oracle;
  readonly #q: ArrayLike<number>;
  readonly #options: CutOptions;
  readonly #known: Set<string>[];
  readonly #skipped: Float64Array; // probability of sets of the order that was begun last and could not be asked, a subject

  constructor(oracle: Oracle, q: ArrayLike<number>, options: CutOptions) {
    this.#oracle = oracle;
    this.#q = q;
    this.#options = options;
    this.cuts = Array.from({ length: oracle.subjects }, () => []);
    this.#known = Array.from({ length: oracle.subjects }, () => new Set<string>());
    this.#skipped = new Float64Array(oracle.subjects);
  }

  async run(): Promise<number> {
    await this.#ask([]);
    let complete = 0;
    for (let order = 1; order <= ORDER_MAX; order++) {
      if (!(await this.#order(order))) break;
      complete = order;
    }
    return complete;
  }

  /** False when not all sets of this order could be asked: those that were not are summed up. */
  async #order(order: number): Promise<boolean> {
    const { asks, onProgress, signal } = this.#options;
    if (order > 1 && choose(this.#q.length, order) > 50 * asks) { this.#skipped.fill(Infinity); return false; } // not even listed
    const sets = this.#likeliest(order);
    const total = Math.min(asks, this.asked + sets.length);
    let whole = true;
    let left = sets.reduce((sum, { p }) => sum + p, 0);
    for (const { state, p } of sets) {
      const enough = order > 1 && left < (this.#options.tolerance ?? 0) * this.#leastKnown();
      left -= p;
      const open = this.cuts.map((_, s) => s).filter((s) => !this.#holdsCut(s, state));
      if (open.length === 0) continue;
      if (enough || (order > 1 && this.asked >= asks)) {
        whole = false;
        for (const s of open) this.#skipped[s]! += p;
        continue;
      }
      if (signal?.aborted === true) throw new DOMException("the search for cut sets was stopped", "AbortError");
      onProgress?.(this.asked, total);
      await this.#ask(state);
    }
    if (whole) this.#skipped.fill(0);
    return whole;
  }

  /** What is known of the subject of which the least is known. */
  #leastKnown(): number {
    return Math.min(...this.cuts.map((list) => list.reduce((sum, cut) => sum + cut.reduce((product, e) => product * this.#q[e]!, 1), 0)));
  }

  async #ask(state: number[]): Promise<void> {
    this.asked++;
    for (const subject of await this.#oracle.down(state)) {
      if (this.#holdsCut(subject, state)) continue;
      this.cuts[subject]!.push(state);
      this.#known[subject]!.add(keyOf(state));
    }
  }

  #holdsCut(subject: number, state: State): boolean {
    const known = this.#known[subject]!;
    return known.size > 0 && subsetsOf(state).some((part) => known.has(part));
  }

  #likeliest(order: number): { state: number[]; p: number }[] {
    const n = this.#q.length;
    const sets: { state: number[]; p: number }[] = [];
    const grow = (state: number[], p: number, from: number): void => {
      if (state.length === order) { sets.push({ state, p }); return; }
      for (let i = from; i < n; i++) if (this.#q[i]! > 0) grow([...state, i], p * this.#q[i]!, i + 1);
    };
    grow([], 1, 0);
    return sets.sort((a, b) => b.p - a.p);
  }

  /** States of more effects than were all asked, less what is known: the union bound. */
  unasked(complete: number): number[] {
    const tail = atLeast(this.#q, complete + 1);
    const beyond = atLeast(this.#q, complete + 2);
    return this.cuts.map((_, s) => Math.min(tail, this.#skipped[s] === 0 ? tail : this.#skipped[s]! + beyond));
  }
}

/** Keys of all parts of a set of at most ORDER_MAX, the empty one and itself too. */
function subsetsOf(state: State): string[] {
  return Array.from({ length: 1 << state.length }, (_, mask) => state.filter((_e, i) => (mask & (1 << i)) !== 0).join(","));
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result = (result * (n - i)) / (i + 1);
  return result;
}

/** P(at least k of independent events): the recursion over their number. */
export function atLeast(q: ArrayLike<number>, k: number): number {
  const fewer = new Float64Array(k); // P(exactly j), j < k
  fewer[0] = 1;
  let above = 0;
  for (let i = 0; i < q.length; i++) {
    above += fewer[k - 1]! * q[i]!;
    for (let j = k - 1; j > 0; j--) fewer[j] = fewer[j]! * (1 - q[i]!) + fewer[j - 1]! * q[i]!;
    fewer[0]! *= 1 - q[i]!;
  }
  return above;
}
