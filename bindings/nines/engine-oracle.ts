// The engine as the judge of states and changes: a state is brought about failure by failure, each left to settle; a change is simulated at
// some instants between two hellos. Each state and each change once, and each a function of itself alone, not of what was asked before.

import { begun, branched, type Begun, type Run, type Timeline } from "../analysis/index.ts";
import { outcomes } from "../applications/index.ts";
import type { Session } from "../engine/index.ts";
import type { Step, Topology } from "../topology/model.ts";
import { Draws, STREAM } from "./draws.ts";
import { keyOf, type Blip, type Change, type Oracle, type Phases, type State, type System } from "./model.ts";
import { settlingOf, type Settling } from "./settle.ts";
import { silent, type Subject } from "./subjects.ts";

/** The warm network: a session that stands where it has settled. */
export interface Warm { fresh(): Session; seed: bigint }

/** States of so many effects are simulated. One of more is down where some part of it of this size is. */
export const DEPTH = 3;
/** A change with more others down goes as with none down. */
export const CHANGE_DEPTH = 1;
/** Instants between two hellos; where the first two show nothing, the others are not looked at. */
export const PHASES = 4;
const QUIET_PHASES = 2;
/** The slowest hello: LACP's, every 30 s. Failures are spread evenly over it. */
const HELLO_NS = 30_000_000_000n;
const HOUR_NS = 3_600_000_000_000;

type Target = Step["targets"][number];
interface Down { subject: number; startNs: bigint; endNs: bigint | null }

export class EngineOracle implements Oracle {
  readonly subjects: number;
  /** changes and states that were simulated */
  runs = 0;
  readonly #warm: Warm;
  readonly #system: System;
  readonly #subjects: readonly Subject[];
  readonly #settling: Settling;
  readonly #promoted: ReadonlySet<string>; // flows that a promotion may wait on
  readonly #spared: ReadonlySet<string>; // services with a standby
  readonly #down = new Map<string, readonly number[]>();
  readonly #changes = new Map<string, { phases: Phases; down: readonly number[] }>();
  readonly #feeds: Map<string, number[]>; // node → effects of the feeds that it hangs on
  readonly #phases: Draws;
  #begun: Begun | null = null; // what the warm network has come to: runs are looked at from there on
  #lines: readonly number[] = []; // of each subject that is no application, its place in names

  constructor(warm: Warm, topology: Topology, system: System, subjects: readonly Subject[]) {
    this.#warm = warm;
    this.#system = system;
    this.#subjects = subjects;
    this.subjects = subjects.length;
    this.#settling = settlingOf(topology);
    const standbys = new Set(topology.applications.filter((a) => a.kind === "active-standby").map((a) => a.name));
    this.#promoted = new Set(topology.flows.filter((f) => f.role === "application" && standbys.has(f.service!)).map((f) => f.name));
    this.#spared = new Set(topology.services.filter((s) => s.standby !== null).map((s) => s.name));
    this.#feeds = feedsOf(system);
    this.#phases = new Draws(warm.seed, STREAM.phase, 0);
  }

  down(state: State): readonly number[] | Promise<readonly number[]> {
    return this.#down.get(keyOf(state)) ?? this.#judge(state);
  }

  async #judge(state: State): Promise<readonly number[]> {
    const found = state.length > DEPTH ? await this.#ofParts(state) : state.length === 1 ? (await this.#change([], state[0]!, "fail")).down : await this.#simulated(state);
    this.#down.set(keyOf(state), found);
    return found;
  }

  async #ofParts(state: State): Promise<readonly number[]> {
    const all = new Set<number>();
    for (const part of partsOf(state, DEPTH)) for (const s of await this.down(part)) all.add(s);
    const dead = this.#dead(state);
    return [...all].filter((s) => !silent(this.#subjects[s]!, dead)).sort((a, b) => a - b);
  }

  async #simulated(state: State): Promise<readonly number[]> {
    return this.#stillDown(await this.#bringAbout(state), state);
  }

  blips({ state, effect, what }: Change): Phases | Promise<Phases> {
    const others = what === "return" ? state.filter((e) => e !== effect) : state;
    const before = others.length > CHANGE_DEPTH ? [] : others;
    const known = this.#changes.get(`${keyOf(before)}|${effect}|${what}`);
    return known !== undefined ? known.phases : this.#change(before, effect, what).then(({ phases }) => phases);
  }

  /** `others`: what is down before, besides the effect itself where it returns. */
  async #change(others: State, effect: number, what: Change["what"]): Promise<{ phases: Phases; down: readonly number[] }> {
    const key = `${keyOf(others)}|${effect}|${what}`;
    const known = this.#changes.get(key);
    if (known !== undefined) return known;
    const both = [...new Set([...others, effect])].sort((a, b) => a - b);
    const [before, after] = what === "return" ? [both, others] : [others, both];
    const session = await this.#bringAbout(before);
    const settled = session.snapshot({ follows: true });
    const phases: (readonly Blip[])[] = [];
    let down: readonly number[] = [];
    for (let k = 0; k < PHASES; k++) {
      if (k >= QUIET_PHASES && phases.every((list) => list.length === 0)) break;
      if (k > 0) session.restore(settled);
      const share = (k + this.#phases.uniform(effect, k)) / PHASES;
      const atNs = session.nowNs + 1n + BigInt(Math.floor(share * Number(HELLO_NS)));
      await this.#step(session, before, after, atNs, what);
      phases.push(this.#blipsAfter(session, atNs, effect));
      if (k === 0) down = this.#stillDown(session, after);
    }
    const found = { phases: phases.some((list) => list.length > 0) ? phases : [], down };
    this.#changes.set(key, found);
    return found;
  }

  /** One failure after another, each left to settle. */
  async #bringAbout(state: State): Promise<Session> {
    const session = this.#warm.fresh();
    this.#begun ??= this.#beginning(session);
    for (let i = 0; i < state.length; i++) await this.#step(session, state.slice(0, i), state.slice(0, i + 1), session.nowNs + 1n, "fail");
    return session;
  }

  async #step(session: Session, before: State, after: State, atNs: bigint, what: Change["what"]): Promise<void> {
    this.runs++;
    const [less, more] = what === "return" ? [after, before] : [before, after];
    const kept = new Set(this.#targets(less).map(nameOf));
    const targets = this.#targets(more).filter((t) => !kept.has(nameOf(t)));
    const nodes = targets.filter((t) => t.kind === "node");
    const links = targets.filter((t) => t.kind === "link");
    const op = what === "return" ? "repair" : what;
    // Only nodes are shut down in order.
    const steps: Step[] = [...(nodes.length > 0 ? [stepOf(atNs, op, nodes)] : []), ...(links.length > 0 ? [stepOf(atNs, op === "shutdown" ? "fail" : op, links)] : [])];
    session.add(steps);
    const { protocolsNs, bootsNs, decisionsNs } = this.#settling;
    const quietNs = atNs + protocolsNs + (op === "repair" && nodes.length > 0 ? bootsNs : 0n);
    await session.runTo(quietNs);
    if (decisionsNs > 0n && this.#decides(session, atNs)) await session.runTo(quietNs + decisionsNs);
  }

  /**
   * Has the step at `atNs` begun something that people or a standby take their time for? A service that is up has nothing to decide (a primary that comes back
   * stops it), and what was down before had as long before. A standby is promoted, or steps back, when it heard nothing for its whole timeout.
   */
  #decides(session: Session, atNs: bigint): boolean {
    const { patienceNs } = this.#settling;
    const lines = branched(session.result({ ways: false }), this.#begun!);
    const { services, flows } = session.names;
    const undecided = ({ firstUpNs, intervals }: Timeline): boolean => firstUpNs === null || intervals.some((d) => d.endNs === null && d.startNs >= atNs);
    if (services.some((name, i) => this.#spared.has(name) && undecided(lines.line("services", i)!))) return true;
    if (patienceNs === null) return false;
    const heard = ({ firstUpNs, intervals }: Timeline): boolean => firstUpNs !== null && firstUpNs < atNs && !intervals.some(({ startNs, endNs }) => (endNs === null ? startNs >= atNs : endNs >= atNs && endNs - startNs >= patienceNs));
    return flows.some((name, i) => this.#promoted.has(name) && !heard(lines.line("flows", i)!));
  }

  /** Nodes and cables that are down in a state; of feeds, the nodes that have none left. */
  #targets(state: State): Target[] {
    const effects = state.map((e) => this.#system.effects[e]!);
    const dark = [...this.#feeds].filter(([, feeds]) => feeds.every((f) => state.includes(f))).map(([node]) => node);
    const nodes = new Set([...effects.filter((e) => e.feed === null).flatMap((e) => e.nodes), ...dark]);
    const links = new Set(effects.flatMap((e) => e.links));
    return [...[...nodes].map((name): Target => ({ kind: "node", name })), ...[...links].map((name): Target => ({ kind: "link", name }))];
  }

  #dead(state: State): Set<string> {
    return new Set(this.#targets(state).filter((t) => t.kind === "node").map((t) => t.name));
  }

  #stillDown(session: Session, state: State): readonly number[] {
    const dead = this.#dead(state);
    const open = new Set(this.#intervals(session).filter((d) => d.endNs === null).map((d) => d.subject));
    return [...open].filter((s) => !silent(this.#subjects[s]!, dead)).sort((a, b) => a - b);
  }

  /** Outages after the change that ended by themselves, in hours since it. */
  #blipsAfter(session: Session, atNs: bigint, effect: number): Blip[] {
    const touched = new Set(this.#system.effects[effect]!.nodes);
    return this.#intervals(session).filter((d) => d.endNs !== null && d.endNs > atNs && !silent(this.#subjects[d.subject]!, touched)).map((d) => ({
      subject: d.subject, from: d.startNs > atNs ? Number(d.startNs - atNs) / HOUR_NS : 0, to: Number(d.endNs! - atNs) / HOUR_NS,
    }));
  }

  #beginning(session: Session): Begun {
    const { services, flows } = session.names;
    const [ofService, ofFlow] = [services, flows].map((names) => new Map(names.map((name, i) => [name, i]))) as [Map<string, number>, Map<string, number>];
    this.#lines = this.#subjects.map(({ kind, name }) => (kind === "service" ? ofService : ofFlow).get(name) ?? -1);
    return begun(session.result({ ways: false }));
  }

  #intervals(session: Session): Down[] {
    const run: Run = session.result({ ways: false });
    const lines = branched(run, this.#begun!);
    const apps = new Map(this.#subjects.some((s) => s.kind === "application") ? outcomes(run, this.#begun!).map((o) => [o.name, o.outages]) : []);
    return this.#subjects.flatMap((subject, i) => {
      if (subject.kind === "application") return (apps.get(subject.name) ?? []).map((o) => ({ subject: i, ...o }));
      const line = lines.line(subject.kind === "service" ? "services" : "flows", this.#lines[i]!);
      if (line === undefined || line.firstUpNs === null) return [{ subject: i, startNs: 0n, endNs: null }];
      return line.intervals.map(({ startNs, endNs }) => ({ subject: i, startNs, endNs }));
    });
  }
}

const WHERE = { line: 1, col: 1, length: 1 };
const nameOf = (t: Target): string => `${t.kind} ${t.name}`;
const stepOf = (atNs: bigint, op: Step["op"], targets: Target[]): Step => ({ atNs, op, target: targets.map((t) => t.name).join(" "), targets, direction: "both", perMillion: 0, where: WHERE });

function feedsOf(system: System): Map<string, number[]> {
  const feeds = new Map<string, number[]>();
  for (const [i, effect] of system.effects.entries()) {
    if (effect.feed !== null) for (const node of effect.nodes) feeds.set(node, [...(feeds.get(node) ?? []), i]);
  }
  return feeds;
}

/** All parts of a set that have `size` members. */
export function partsOf(state: State, size: number): number[][] {
  if (size === 0) return [[]];
  return state.flatMap((first, i) => partsOf(state.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}
