// What a history means for each service: when it was down, and who is to blame.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import type { History } from "./history.ts";
import { type Blip, type Oracle, type State, type System } from "./model.ts";

export interface Verdict {
  /** hours down, a subject */
  down: Float64Array;
  /** of these, while a change was under way: detection, election, boot */
  switching: Float64Array;
  outages: Int32Array;
  /** hours down in each year of the run, subject by subject */
  byYear: Float64Array;
  /** "process,subject" → hours */
  blame: Map<number, number>;
}

/** Which effects are down: several processes may hold one down. */
export class Standing {
  readonly #system: System;
  readonly #held: Int32Array;
  readonly processes = new Set<number>();
  #state: State = [];

  constructor(system: System, initial: readonly number[]) {
    this.#system = system;
    this.#held = new Int32Array(system.effects.length);
    for (const p of initial) this.turn(p, true);
  }

  get state(): State { return this.#state; }

  /** True when the state is another one now. */
  turn(process: number, fails: boolean): boolean {
    const { effect } = this.#system.processes[process]!;
    if (fails) this.processes.add(process); else this.processes.delete(process);
    const held = (this.#held[effect] = this.#held[effect]! + (fails ? 1 : -1));
    if (fails ? held !== 1 : held !== 0) return false;
    this.#state = fails ? [...this.#state, effect].sort((a, b) => a - b) : this.#state.filter((e) => e !== effect);
    return true;
  }
}

export async function judge(history: History, system: System, oracle: Oracle): Promise<Verdict> {
  const years = Math.max(1, Math.ceil(history.hours / HOURS_PER_YEAR - 1e-9));
  const verdict = new VerdictMaker(system, oracle, years, history.hours);
  const standing = new Standing(system, history.initial);
  let blips: readonly Blip[] = [];
  let since = 0;
  let from = 0;
  let by = -1;
  let down = await oracle.down(standing.state);
  for (let i = 0; i <= history.events.length; i++) {
    const event = history.events[i];
    const at = event?.at ?? history.hours;
    if (down.length > 0) await verdict.structural(standing, down, since, at);
    if (event === undefined) { verdict.switching(blips, down, from, at, by); break; }
    since = at;
    const before = standing.state;
    if (!standing.turn(event.process, event.fails)) continue;
    verdict.switching(blips, down, from, at, by);
    const process = system.processes[event.process]!;
    const change = oracle.blips({ state: before, effect: process.effect, what: event.fails ? (process.orderly ? "shutdown" : "fail") : "return" });
    blips = change instanceof Promise ? await change : change;
    const next = oracle.down(standing.state);
    const settled = next instanceof Promise ? await next : next;
    verdict.count(down, settled, blips);
    down = settled;
    from = at;
    by = event.process;
  }
  return verdict.verdict;
}

class VerdictMaker {
  readonly verdict: Verdict;
  readonly #system: System;
  readonly #oracle: Oracle;
  readonly #years: number;
  readonly #hours: number;
  readonly #critical = new Map<string, readonly number[]>();

  constructor(system: System, oracle: Oracle, years: number, hours: number) {
    const n = oracle.subjects;
    this.#system = system;
    this.#oracle = oracle;
    this.#years = years;
    this.#hours = hours;
    this.verdict = { down: new Float64Array(n), switching: new Float64Array(n), outages: new Int32Array(n), byYear: new Float64Array(n * years), blame: new Map() };
  }

  /** Down for as long as the state lasts. */
  async structural(standing: Standing, down: readonly number[], from: number, to: number): Promise<void> {
    if (to <= from) return;
    for (const subject of down) {
      this.#add(subject, from, to);
      const guilty = await this.#guilty(standing, subject);
      for (const process of guilty) this.#blame(process, subject, (to - from) / guilty.length);
    }
  }

  /** Down while the change from one state to the next was under way, at most until the next change. */
  switching(blips: readonly Blip[], down: readonly number[], from: number, until: number, by: number): void {
    for (const { subject, from: a, to: b } of blips) {
      if (down.includes(subject)) continue; // counted as structural
      const to = Math.min(from + b, until);
      const length = to - from - a;
      if (length <= 0) continue;
      this.#add(subject, from + a, to);
      this.verdict.switching[subject]! += length;
      this.#blame(by, subject, length);
    }
  }

  count(before: readonly number[], after: readonly number[], blips: readonly Blip[]): void {
    for (const s of after) if (!before.includes(s)) this.verdict.outages[s]!++;
    for (const { subject, from } of blips) if (!after.includes(subject) && !(before.includes(subject) && from === 0)) this.verdict.outages[subject]!++;
  }

  /** Those whose return alone would bring the subject back share the blame; if there is none, all that are down do. */
  async #guilty(standing: Standing, subject: number): Promise<readonly number[]> {
    const key = `${subject}|${[...standing.processes].join(",")}`;
    const known = this.#critical.get(key);
    if (known !== undefined) return known;
    const { state } = standing;
    const critical: number[] = [];
    for (const effect of state) {
      const rest = await this.#oracle.down(state.filter((e) => e !== effect));
      if (!rest.includes(subject)) critical.push(effect);
    }
    const effects = critical.length > 0 ? critical : state;
    const found = [...standing.processes].filter((p) => effects.includes(this.#system.processes[p]!.effect));
    this.#critical.set(key, found);
    return found;
  }

  #blame(process: number, subject: number, hours: number): void {
    const key = process * this.#oracle.subjects + subject;
    this.verdict.blame.set(key, (this.verdict.blame.get(key) ?? 0) + hours);
  }

  #add(subject: number, from: number, to: number): void {
    this.verdict.down[subject]! += to - from;
    const end = Math.min(to, this.#hours);
    for (let at = from; at < end;) {
      const year = Math.min(this.#years - 1, Math.floor(at / HOURS_PER_YEAR));
      const until = year === this.#years - 1 ? end : Math.min(end, (year + 1) * HOURS_PER_YEAR);
      this.verdict.byYear[subject * this.#years + year]! += until - at;
      at = until;
    }
  }
}
