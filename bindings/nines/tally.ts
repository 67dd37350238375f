// Hours down, subject by subject, and whom they are blamed on.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import type { Standing } from "./standing.ts";
import type { Blip, Oracle, System } from "./model.ts";

export interface Verdict {
  /** hours down, a subject */
  down: Float64Array;
  /** of these, while a change was under way: detection, election, boot */
  switching: Float64Array;
  outages: Float64Array;
  /** hours down in each year of the run, subject by subject */
  byYear: Float64Array;
  /** failures and returns that were simulated */
  work: number;
  /** process * subjects + subject → hours */
  blame: Map<number, number>;
}

/** Adds up who was down and by whom. */
export class Tally {
  /** of what is added: a likelihood ratio, a share of split histories */
  weight = 1;
  readonly verdict: Verdict;
  readonly #system: System;
  readonly #oracle: Oracle;
  readonly #years: number;
  readonly #hours: number;
  readonly #critical = new Map<string, readonly number[]>();

  /** `years`: that are told apart; 0: none. */
  constructor(system: System, oracle: Oracle, years = 0, hours = 0) {
    const n = oracle.subjects;
    this.#system = system;
    this.#oracle = oracle;
    this.#years = years;
    this.#hours = hours;
    this.verdict = { down: new Float64Array(n), switching: new Float64Array(n), outages: new Float64Array(n), byYear: new Float64Array(n * years), work: 0, blame: new Map() };
  }

  /** Down for as long as the state lasts. A promise where somebody has to be asked first who is to blame. */
  structural(standing: Standing, down: readonly number[], from: number, to: number): Promise<void> | undefined {
    if (to <= from) return undefined;
    const who = [...standing.processes].join(",");
    for (const [i, subject] of down.entries()) {
      const guilty = this.#critical.get(`${subject}|${who}`);
      if (guilty === undefined) return this.#find(standing, subject, who).then(() => this.structural(standing, down.slice(i), from, to));
      this.#add(subject, from, to);
      for (const process of guilty) this.#blame(process, subject, (to - from) / guilty.length);
    }
    return undefined;
  }

  /** Down while the change from one state to the next was under way, at most until the next change. */
  switching(blips: readonly Blip[], down: readonly number[], from: number, until: number, by: number): void {
    for (const { subject, from: a, to: b } of blips) {
      if (down.includes(subject)) continue; // counted as structural
      const to = Math.min(from + b, until);
      const length = to - from - a;
      if (length <= 0) continue;
      this.#add(subject, from + a, to);
      this.verdict.switching[subject]! += length * this.weight;
      this.#blame(by, subject, length);
    }
  }

  count(before: readonly number[], after: readonly number[], blips: readonly Blip[]): void {
    for (const s of after) if (!before.includes(s)) this.verdict.outages[s]! += this.weight;
    for (const { subject, from } of blips) if (!after.includes(subject) && !(before.includes(subject) && from === 0)) this.verdict.outages[subject]! += this.weight;
  }

  /** Those whose return alone would bring the subject back share the blame; if there is none, all that are down do. */
  async #find(standing: Standing, subject: number, who: string): Promise<void> {
    const { state } = standing;
    const critical: number[] = [];
    for (const effect of state) {
      const rest = await this.#oracle.down(state.filter((e) => e !== effect));
      if (!rest.includes(subject)) critical.push(effect);
    }
    const effects = critical.length > 0 ? critical : state;
    this.#critical.set(`${subject}|${who}`, [...standing.processes].filter((p) => effects.includes(this.#system.processes[p]!.effect)));
  }

  #blame(process: number, subject: number, hours: number): void {
    const key = process * this.#oracle.subjects + subject;
    this.verdict.blame.set(key, (this.verdict.blame.get(key) ?? 0) + hours * this.weight);
  }

  #add(subject: number, from: number, to: number): void {
    this.verdict.down[subject]! += (to - from) * this.weight;
    if (this.#years === 0) return;
    const end = Math.min(to, this.#hours);
    for (let at = from; at < end;) {
      const year = Math.min(this.#years - 1, Math.floor(at / HOURS_PER_YEAR));
      const until = year === this.#years - 1 ? end : Math.min(end, (year + 1) * HOURS_PER_YEAR);
      this.verdict.byYear[subject * this.#years + year]! += until - at;
      at = until;
    }
  }
}
