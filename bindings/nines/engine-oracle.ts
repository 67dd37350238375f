// The engine as the judge of states and changes, which asks it as little as can be: what is down falls into parts that have nothing to do with each other,
// by the sweep's proof (docs/sweep.md, bindings/locality). A state is what its parts are; a change is what it would be without the parts that cannot meet it.
// Each answer is a function of the question alone, not of what was asked before.

import { mayMeet, type Surroundings } from "../locality/index.ts";
import type { Topology } from "../topology/model.ts";
import { EngineRuns, PHASES, type Changed, type Stood, type There, type Warm } from "./engine-runs.ts";
import { keyOf, NO_BLIPS, pick, type Blip, type Change, type Oracle, type Phases, type State, type System } from "./model.ts";
import { silent, type Subject } from "./subjects.ts";

export type { Warm } from "./engine-runs.ts";

/** Parts of so many effects are simulated. A state with a larger one is down where some subset of it of this size is. */
export const DEPTH = 3;
/** A change that more others may meet goes as with none down. */
export const CHANGE_DEPTH = 1;
/** Outages of changes with something else down that are remembered: most such changes are met once. */
const REMEMBERED = 1 << 19;

export class EngineOracle implements Oracle {
  readonly subjects: number;
  readonly #runs: EngineRuns;
  readonly #subjects: readonly Subject[];
  /** are things taken apart? Otherwise all is simulated together: the check on the proof */
  readonly #apart: boolean;
  readonly #stood = new Map<string, Stood>();
  readonly #around = new Map<string, Surroundings>();
  readonly #there = new Map<number, There>(); // each effect and its return, with nothing else down
  readonly #alone = new Map<string, Changed>(); // other changes with nothing else down
  readonly #phases = new Map<string, readonly Blip[]>(); // and those with something, phase by phase
  #remembered = 0;

  constructor(warm: Warm, topology: Topology, system: System, subjects: readonly Subject[], apart = true) {
    this.#runs = new EngineRuns(warm, topology, system, subjects);
    this.#subjects = subjects;
    this.subjects = subjects.length;
    this.#apart = apart;
  }

  /** Changes and states that were simulated. */
  get runs(): number { return this.#runs.count; }

  down(state: State): readonly number[] | Promise<readonly number[]> {
    const known = state.length === 1 ? this.#there.get(state[0]!)?.stood : state.length === 0 ? this.#stood.get("") : undefined;
    return known?.down ?? this.#judge(state);
  }

  async #judge(state: State): Promise<readonly number[]> {
    const parts = await this.parts(state);
    if (parts.length === 1 && parts[0]!.length <= DEPTH) return (await this.stand(parts[0]!)).down;
    const all = new Set<number>();
    for (const part of parts) for (const smaller of part.length > DEPTH ? subsetsOf(part, DEPTH) : [part]) for (const s of (await this.stand(smaller)).down) all.add(s);
    const dead = this.#runs.dead(state);
    return [...all].filter((s) => !silent(this.#subjects[s]!, dead)).sort((a, b) => a - b);
  }

  blips({ state, effect, what }: Change): Phases | Promise<Phases> {
    const others = what === "return" ? state.filter((e) => e !== effect) : state;
    const known = others.length > 0 ? undefined : what === "return" ? this.#there.get(effect)?.back : this.#alone.get(`${effect}|${what}`);
    return known?.phases ?? this.#blipsBeside(others, effect, what);
  }

  drawn(change: Change, u: number): readonly Blip[] | Promise<readonly Blip[]> {
    const { state, effect, what } = change;
    const others = what === "return" ? state.filter((e) => e !== effect) : state;
    if (others.length > 0) return this.#drawnBeside(others, effect, what, u);
    const all = this.blips(change);
    return all instanceof Promise ? all.then((phases) => pick(phases, u)) : pick(all, u);
  }

  async #blipsBeside(others: State, effect: number, what: Change["what"]): Promise<Phases> {
    const beside = await this.#beside(others, effect, what);
    return beside.length === 0 ? (await this.#changeAlone(effect, what)).phases : (await this.#runs.change(beside, effect, what, false)).phases;
  }

  async #drawnBeside(others: State, effect: number, what: Change["what"], u: number): Promise<readonly Blip[]> {
    const beside = await this.#beside(others, effect, what);
    return beside.length === 0 ? pick((await this.#changeAlone(effect, what)).phases, u) : this.#phaseBeside(beside, effect, what, Math.floor(u * PHASES));
  }

  /** What is simulated with a change, of what is down. */
  async #beside(others: State, effect: number, what: Change["what"]): Promise<State> {
    const met = others.length === 0 ? [] : await this.meeting(others, effect, what);
    return met.length > CHANGE_DEPTH ? [] : met;
  }

  /** Of what is down, the parts that a change may meet. */
  async meeting(others: State, effect: number, what: Change["what"]): Promise<State> {
    const alone = await this.#changeAlone(effect, what);
    const met: number[] = [];
    for (const part of await this.parts(others)) if (part.length > DEPTH || await this.#mayMeet(part, alone, effect)) met.push(...part);
    const rest = others.filter((e) => !met.includes(e));
    if (met.length === 0 || met.length > CHANGE_DEPTH || rest.length === 0) return met.sort((a, b) => a - b);
    const together = await this.#runs.change(met, effect, what, true); // which may reach further
    for (const part of await this.parts(rest)) if (await this.#mayMeet(part, together, effect)) met.push(...part);
    return met.sort((a, b) => a - b);
  }

  async #mayMeet(part: State, changed: Changed, effect: number): Promise<boolean> {
    return !this.#apart || part.some((e) => this.#runs.shareFeeds(e, effect)) || mayMeet(await this.#surroundings(part, changed.endNs), changed.around!);
  }

  /** What is down, in parts that cannot meet: each as it would be by itself. A part of more than DEPTH was not looked at any more closely. */
  async parts(state: State): Promise<State[]> {
    if (state.length <= 1) return [state];
    if (!this.#apart) return [state];
    const parts: State[] = state.map((e) => [e]);
    for (let i = 1; i < parts.length;) {
      const other = await this.#firstMeeting(parts, i);
      if (other < 0) { i++; continue; }
      const [joined] = parts.splice(i, 1);
      parts[other] = [...parts[other]!, ...joined!].sort((a, b) => a - b);
      if (parts[other].length > DEPTH) return [state];
      i = 1; // together they may reach further
    }
    return parts;
  }

  async #firstMeeting(parts: readonly State[], i: number): Promise<number> {
    const part = parts[i]!;
    for (let j = 0; j < i; j++) {
      const other = parts[j]!;
      if (part.some((a) => other.some((b) => this.#runs.shareFeeds(a, b)))) return j;
      const [a, b] = [await this.stand(part), await this.stand(other)];
      const untilNs = a.settledNs > b.settledNs ? a.settledNs : b.settledNs;
      if (mayMeet(await this.#surroundings(part, untilNs), await this.#surroundings(other, untilNs))) return j;
    }
    return -1;
  }

  /** A part, simulated. */
  async stand(state: State): Promise<Stood> {
    if (state.length === 1) return (await this.#thereAlone(state[0]!)).stood;
    const key = keyOf(state);
    let found = this.#stood.get(key);
    if (found === undefined) this.#stood.set(key, found = await this.#runs.stand(state));
    return found;
  }

  async #surroundings(state: State, untilNs: bigint): Promise<Surroundings> {
    if (state.length === 1) {
      const { back, around } = await this.#thereAlone(state[0]!);
      if (untilNs <= this.#runs.coverNs(back.endNs)) return around!;
    }
    const key = `${keyOf(state)}|${this.#runs.coverNs(untilNs)}`;
    let found = this.#around.get(key);
    if (found === undefined) this.#around.set(key, found = await this.#runs.around(state, untilNs));
    return found;
  }

  async #thereAlone(effect: number): Promise<There> {
    let found = this.#there.get(effect);
    if (found === undefined) this.#there.set(effect, found = await this.#runs.there(effect, this.#apart));
    return found;
  }

  async #changeAlone(effect: number, what: Change["what"]): Promise<Changed> {
    if (what === "return") return (await this.#thereAlone(effect)).back;
    const key = `${effect}|${what}`;
    let found = this.#alone.get(key);
    if (found === undefined) this.#alone.set(key, found = await this.#runs.change([], effect, what, this.#apart));
    return found;
  }

  /** Most such changes are met once: no more is asked than the phase that was drawn. */
  async #phaseBeside(others: State, effect: number, what: Change["what"], phase: number): Promise<readonly Blip[]> {
    const key = `${keyOf(others)}|${effect}|${what}|${phase}`;
    const known = this.#phases.get(key);
    if (known !== undefined) return known;
    const found = (await this.#runs.change(others, effect, what, false, phase)).phases[phase] ?? NO_BLIPS;
    this.#phases.set(key, found);
    this.#remembered += 1 + found.length;
    for (const [oldest, list] of this.#phases) {
      if (this.#remembered <= REMEMBERED) break;
      this.#phases.delete(oldest);
      this.#remembered -= 1 + list.length;
    }
    return found;
  }
}

/** All parts of a set that have `size` members. */
export function subsetsOf(state: State, size: number): number[][] {
  if (size === 0) return [[]];
  return state.flatMap((first, i) => subsetsOf(state.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}
