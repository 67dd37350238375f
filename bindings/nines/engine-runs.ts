// What the engine is asked: a state is brought about failure by failure, each left to settle; a change is simulated at some instants between two hellos.
// All runs are on one clock, so that what happens in two of them at the same instant may be put together (`EngineOracle`):
//
//   the warm network ── failures, each at an instant of its own within a hello ── settled ── changes, at instants within a hello ── settled
//
// Two that depend on each other fail one after the other, each left to settle.

import { begun, branched, type Begun, type Run, type Timeline } from "../analysis/index.ts";
import { outcomes } from "../applications/index.ts";
import type { Session, SessionSnapshot, Touched } from "../engine/index.ts";
import { joinsOf, Locality, reachOf, subjectsOf as movable, type Reach, type Surroundings } from "../locality/index.ts";
import type { Step, Topology } from "../topology/model.ts";
import { Draws, STREAM } from "./draws.ts";
import { NO_BLIPS, type Blip, type Change, type Phases, type State, type System } from "./model.ts";
import { settlingOf, type Settling } from "./settle.ts";
import { silent, type Subject } from "./subjects.ts";

/** The warm network: a session that stands where it has settled, opened with `touched`. */
export interface Warm { fresh(): Session; seed: bigint }

/** Instants between two hellos; where the first two show nothing, the others are not looked at. */
export const PHASES = 4;
const QUIET_PHASES = 2;
/** The slowest hello: LACP's, every 30 s. Failures are spread evenly over it. */
const HELLO_NS = 30_000_000_000n;
const HOUR_NS = 3_600_000_000_000;

type Target = Step["targets"][number];
interface Down { subject: number; startNs: bigint; endNs: bigint | null }

/** Who is down in a state that has settled, and from when on that is known. */
export interface Stood { down: readonly number[]; settledNs: bigint }
/** How a change went, and until when it was watched. */
export interface Changed { phases: Phases; endNs: bigint; around: Surroundings | null }

/** One failure, and its return. */
export interface There { stood: Stood; back: Changed; around: Surroundings | null }

interface End { touched: Touched; nowNs: bigint }

export class EngineRuns {
  /** changes and states that were simulated */
  count = 0;
  readonly #warm: Warm;
  readonly #topology: Topology;
  readonly #system: System;
  readonly #subjects: readonly Subject[];
  readonly #settling: Settling;
  readonly #promoted: ReadonlySet<string>; // flows that a promotion may wait on
  readonly #spared: ReadonlySet<string>; // services with a standby
  readonly #feeds: Map<string, number[]>; // node → effects of the feeds that it hangs on
  readonly #instants: Draws;
  readonly #quiet = new Map<bigint, Touched>(); // what goes on while nothing fails, until then
  #start: Start | null = null;

  constructor(warm: Warm, topology: Topology, system: System, subjects: readonly Subject[]) {
    this.#warm = warm;
    this.#topology = topology;
    this.#system = system;
    this.#subjects = subjects;
    this.#settling = settlingOf(topology);
    const standbys = new Set(topology.applications.filter((a) => a.kind === "active-standby").map((a) => a.name));
    this.#promoted = new Set(topology.flows.filter((f) => f.role === "application" && standbys.has(f.service!)).map((f) => f.name));
    this.#spared = new Set(topology.services.filter((s) => s.standby !== null).map((s) => s.name));
    this.#feeds = feedsOf(system);
    this.#instants = new Draws(warm.seed, STREAM.phase, 0);
  }

  async stand(state: State): Promise<Stood> {
    const { session, settledNs } = await this.#bringAbout(state);
    return { down: this.#stillDown(session, state), settledNs };
  }

  /** Where the state's failures reach until `untilNs`, or later (`coverNs`). */
  async around(state: State, untilNs: bigint): Promise<Surroundings> {
    const { session } = await this.#bringAbout(state);
    await session.runTo(this.coverNs(untilNs));
    return this.#surroundings([{ touched: session.touched(), nowNs: session.nowNs }]);
  }

  /** One failure and its return, with nothing else down. `reach`: where they reach is asked, too; the failure, while the return is watched. */
  async there(effect: number, reach: boolean): Promise<There> {
    const { session, settledNs } = await this.#bringAbout([effect]);
    const down = this.#stillDown(session, [effect]);
    const settled = session.snapshot({ follows: true });
    const back = await this.#watch(session, settled, settledNs, [effect], [], effect, "return", reach, null);
    if (!reach) return { stood: { down, settledNs }, back, around: null };
    session.restore(settled);
    await session.runTo(this.coverNs(back.endNs));
    return { stood: { down, settledNs }, back, around: await this.#surroundings([{ touched: session.touched(), nowNs: session.nowNs }]) };
  }

  /** States are looked at until one of few instants: so many runs in which nothing fails are there to compare. */
  coverNs(untilNs: bigint): bigint {
    const { protocolsNs, bootsNs, decisionsNs } = this.#settling;
    const step = HELLO_NS + protocolsNs + decisionsNs;
    let coverNs = this.#start!.restedNs + HELLO_NS + protocolsNs + bootsNs;
    while (coverNs < untilNs) coverNs += step;
    return coverNs;
  }

  /** `others`: what is down before, besides the effect itself where it returns. `reach`: where it reaches is asked, too. `only`: of the phases this one is wanted. */
  async change(others: State, effect: number, what: Change["what"], reach: boolean, only: number | null = null): Promise<Changed> {
    const both = [...new Set([...others, effect])].sort((a, b) => a - b);
    const [before, after] = what === "return" ? [both, others] : [others, both];
    const { session, settledNs } = await this.#bringAbout(before);
    const settled = before.length === 0 ? this.#start!.rested : session.snapshot({ follows: true });
    return this.#watch(session, settled, settledNs, before, after, effect, what, reach, only);
  }

  async #watch(session: Session, settled: SessionSnapshot, settledNs: bigint, before: State, after: State, effect: number, what: Change["what"], reach: boolean, only: number | null): Promise<Changed> {
    const phases: (readonly Blip[])[] = [];
    const ends: End[] = [];
    for (let k = 0; k < PHASES; k++) {
      const noticed = phases.some((list) => list.length > 0);
      if (k >= QUIET_PHASES && !noticed) break;
      // A later one that is wanted is looked at if the first two show something.
      if (only !== null && k !== only && (noticed || only < QUIET_PHASES)) { phases.push(NO_BLIPS); continue; }
      if (ends.length > 0) session.restore(settled);
      const atNs = settledNs + this.#instantNs((k + this.#instants.uniform(effect, k)) / PHASES);
      await this.#step(session, before, after, settledNs, atNs, what);
      phases.push(this.#blipsAfter(session, atNs, effect));
      ends.push({ nowNs: session.nowNs, touched: reach ? session.touched() : NOTHING });
    }
    const endNs = ends.reduce((last, { nowNs }) => (nowNs > last ? nowNs : last), 0n);
    return { phases: phases.some((list) => list.length > 0) ? phases : [], endNs, around: reach ? await this.#surroundings(ends) : null };
  }

  /** Two feeds together take down more than each: who has both. */
  shareFeeds(a: number, b: number): boolean {
    const { effects } = this.#system;
    return effects[a]!.feed !== null && effects[b]!.feed !== null && effects[a]!.nodes.some((node) => this.#feeds.get(node)!.includes(b));
  }

  /** Nodes that are down in a state. */
  dead(state: State): Set<string> {
    return new Set(this.#targets(state).filter((t) => t.kind === "node").map((t) => t.name));
  }

  #instantNs(share: number): bigint { return 1n + BigInt(Math.floor(share * Number(HELLO_NS))); }

  /** One failure after another, each left to settle. */
  async #bringAbout(state: State): Promise<{ session: Session; settledNs: bigint }> {
    const { session, warm, rested, restedNs } = this.#start ??= await this.#begin();
    session.restore(state.length === 0 ? rested : warm);
    if (state.length === 0) return { session, settledNs: restedNs };
    for (let i = 0; i < state.length; i++) {
      const fromNs = session.nowNs;
      await this.#step(session, state.slice(0, i), state.slice(0, i + 1), fromNs, fromNs + this.#instantNs(this.#instants.uniform(state[i]!, PHASES)), "fail");
    }
    return { session, settledNs: session.nowNs };
  }

  /** Until it has settled, wherever in the hello from `fromNs` on the step lies. */
  async #step(session: Session, before: State, after: State, fromNs: bigint, atNs: bigint, what: Change["what"]): Promise<void> {
    this.count++;
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
    const quietNs = fromNs + HELLO_NS + protocolsNs + (op === "repair" && nodes.length > 0 ? bootsNs : 0n);
    await session.runTo(quietNs);
    if (decisionsNs > 0n && this.#decides(session, atNs)) await session.runTo(quietNs + decisionsNs);
  }

  /**
   * Has the step at `atNs` begun something that people or a standby take their time for? A service that is up has nothing to decide (a primary that comes back
   * stops it), and what was down before had as long before. A standby is promoted, or steps back, when it heard nothing for its whole timeout.
   */
  #decides(session: Session, atNs: bigint): boolean {
    const { patienceNs } = this.#settling;
    const lines = branched(session.result({ ways: false }), this.#start!.begun);
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
    const fed = effects.filter((e) => e.feed !== null).flatMap((e) => e.nodes);
    const dark = fed.filter((node) => this.#feeds.get(node)!.every((f) => state.includes(f)));
    const nodes = new Set([...effects.filter((e) => e.feed === null).flatMap((e) => e.nodes), ...dark]);
    const links = new Set(effects.flatMap((e) => e.links));
    return [...[...nodes].map((name): Target => ({ kind: "node", name })), ...[...links].map((name): Target => ({ kind: "link", name }))];
  }

  #stillDown(session: Session, state: State): readonly number[] {
    const dead = this.dead(state);
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

  async #begin(): Promise<Start> {
    const session = this.#warm.fresh();
    const { services, flows } = session.names;
    const [ofService, ofFlow] = [services, flows].map((names) => new Map(names.map((name, i) => [name, i]))) as [Map<string, number>, Map<string, number>];
    const lines = this.#subjects.map(({ kind, name }) => (kind === "service" ? ofService : ofFlow).get(name) ?? -1);
    const state = begun(session.result({ ways: false }));
    session.startTouched();
    const warm = session.snapshot({ whole: true });
    await session.runTo(session.nowNs + HELLO_NS + this.#settling.protocolsNs);
    const rested = session.snapshot({ follows: true });
    return { session, begun: state, lines, warm, rested, restedNs: rested.nowNs, locality: new Locality(joinsOf(this.#topology, session)), subjectOf: movable(this.#topology, flows) };
  }

  #intervals(session: Session): Down[] {
    const { begun: from, lines: places } = this.#start!;
    const run: Run = session.result({ ways: false });
    const lines = branched(run, from);
    const apps = new Map(this.#subjects.some((s) => s.kind === "application") ? outcomes(run, from).map((o) => [o.name, o.outages]) : []);
    return this.#subjects.flatMap((subject, i) => {
      if (subject.kind === "application") return (apps.get(subject.name) ?? []).map((o) => ({ subject: i, ...o }));
      const line = lines.line(subject.kind === "service" ? "services" : "flows", places[i]!);
      if (line === undefined || line.firstUpNs === null) return [{ subject: i, startNs: 0n, endNs: null }];
      return line.intervals.map(({ startNs, endNs }) => ({ subject: i, startNs, endNs }));
    });
  }

  /** Of some runs, each to an instant: what any of them reaches. The session is elsewhere afterwards. */
  async #surroundings(ends: readonly End[]): Promise<Surroundings> {
    const { locality, subjectOf } = this.#start!;
    const all: Reach = { touched: [], moved: [], news: [] };
    const [touched, moved] = [new Set<number>(), new Set<number>()];
    for (const end of ends) {
      const reach = reachOf(end.touched, await this.#quietUntil(end.nowNs), subjectOf);
      for (const one of reach.touched) touched.add(one);
      for (const one of reach.moved) moved.add(one);
      all.news.push(...reach.news);
    }
    return locality.around({ touched: [...touched], moved: [...moved].sort((a, b) => a - b), news: all.news });
  }

  async #quietUntil(untilNs: bigint): Promise<Touched> {
    const known = this.#quiet.get(untilNs);
    if (known !== undefined) return known;
    const { session, rested } = this.#start!;
    session.restore(rested);
    await session.runTo(untilNs);
    const touched = session.touched();
    this.#quiet.set(untilNs, touched);
    return touched;
  }
}

/** The warm network, and the same when all that was down before would have settled. */
interface Start {
  session: Session;
  begun: Begun; // runs are looked at from there on
  lines: readonly number[]; // of each subject that is no application, its place in names
  warm: SessionSnapshot;
  rested: SessionSnapshot;
  restedNs: bigint;
  locality: Locality;
  subjectOf: readonly number[];
}

const NOTHING: Touched = { sums: new Uint32Array(), flows: new Uint32Array(), news: new Float64Array() };
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
