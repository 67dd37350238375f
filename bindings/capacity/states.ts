// The network whole, after each single failure, and after pairs of them: each settled by simulation from one warm copy, with all
// traffic placed anew.

import { Session, type RunOptions, type SessionSnapshot } from "../engine/index.ts";
import { singleFailures, type Failure, type FailureKind } from "../sweep/index.ts";
import type { Scenario, Step, Topology, Where } from "../topology/model.ts";
import { nodeOfPort, type Direction } from "./cables.ts";
import { capacities, overloadLossMbps, place, type State } from "./place.ts";
import type { Traffic } from "./traffic.ts";

/** After a failure: slow LACP, hold times and neighbour probes are over. */
const SETTLED_NS = 120_000_000_000n;
const SECOND = 1_000_000_000n;
const NOWHERE: Where = { line: 0, col: 0, length: 0 };
/** What is failed in pairs: a server or a site takes its own traffic away. */
const IN_PAIRS: ReadonlySet<FailureKind> = new Set(["switch", "link", "peer-link", "risk"]);
/** Loads that differ by less are one. */
const EPSILON = 1e-6;

export interface Placed { failures: Failure[]; state: State; overloadMbps: number }

export interface StatesOptions {
  seed?: bigint;
  failures?: 0 | 1 | 2;
  kinds?: ReadonlySet<FailureKind>;
  wasm?: WebAssembly.Module;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number, what: string) => void;
}

export class States {
  readonly session: Session;
  readonly #topology: Topology;
  readonly #traffic: Traffic;
  readonly #options: StatesOptions;
  readonly #capacity: Float64Array;
  #warm: SessionSnapshot | null = null;

  private constructor(session: Session, topology: Topology, traffic: Traffic, directions: ReadonlyMap<string, Direction>, options: StatesOptions) {
    this.session = session;
    this.#topology = topology;
    this.#traffic = traffic;
    this.#options = options;
    this.#capacity = capacities(session.names.ports, directions);
  }

  static async open(topology: Topology, traffic: Traffic, directions: ReadonlyMap<string, Direction>, options: StatesOptions): Promise<States> {
    const quiet: Scenario = { name: "capacity", untilNs: 0n, steps: [], where: NOWHERE };
    const run: RunOptions = { spareSteps: Math.max(256, 2 * topology.nodes.length, 2 * topology.links.length) };
    if (options.seed !== undefined) run.seed = options.seed;
    if (options.wasm !== undefined) run.wasm = options.wasm;
    return new States(await Session.open(topology, quiet, run), topology, traffic, directions, options);
  }

  /** Nothing has failed. To be asked first. */
  async whole(): Promise<Placed> {
    await this.#runTo(SECOND);
    const placed = await this.#place([]);
    this.#warm = this.session.snapshot();
    return placed;
  }

  async *singles(): AsyncGenerator<Placed> {
    const failures = this.failures();
    for (const [i, failure] of failures.entries()) {
      this.#options.onProgress?.(i, failures.length, failure.target);
      this.session.restore(this.#warm!);
      yield await this.#fail([failure]);
    }
  }

  failures(): Failure[] {
    return singleFailures(this.#topology, this.#options.kinds === undefined ? {} : { kinds: this.#options.kinds });
  }

  /** Pairs whose failures reach the same cables: of others each cable's load is that after one of the two. The second fails when the first has settled. */
  async *pairs(whole: Placed, singles: readonly Placed[]): AsyncGenerator<Placed> {
    const reach = singles.filter((p) => IN_PAIRS.has(p.failures[0]!.kind)).map((p) => ({ failure: p.failures[0]!, cables: this.#reached(whole, p) }));
    const total = reach.reduce((sum, a, i) => sum + reach.slice(i + 1).filter((b) => meet(a, b)).length, 0);
    let done = 0;
    for (const [i, a] of reach.entries()) {
      const others = reach.slice(i + 1).filter((b) => meet(a, b));
      if (others.length === 0) continue;
      this.session.restore(this.#warm!);
      await this.#settle(a.failure);
      const after = this.session.snapshot();
      for (const b of others) {
        this.#options.onProgress?.(done++, total, `${a.failure.target} and ${b.failure.target}`);
        this.session.restore(after);
        yield await this.#fail([a.failure, b.failure]);
      }
    }
  }

  /** Cables that a failure takes away, and directions whose load it changes. */
  #reached(whole: Placed, placed: Placed): Set<string> {
    const ports = this.session.names.ports;
    const reached = new Set<string>();
    ports.forEach((port, i) => { if (Math.abs(placed.state.mbps[i]! - whole.state.mbps[i]!) > EPSILON) reached.add(port); });
    for (const { kind, name } of placed.failures[0]!.targets) {
      for (const link of this.#topology.links) {
        const own = kind === "node" ? nodeOfPort(link.a) === name || nodeOfPort(link.b) === name : link.name === name;
        if (own) reached.add(link.a).add(link.b);
      }
    }
    return reached;
  }

  /** The last of the failures happens now; those before it have. */
  async #fail(failures: Failure[]): Promise<Placed> {
    await this.#settle(failures.at(-1)!);
    return this.#place(failures);
  }

  async #settle(failure: Failure): Promise<void> {
    const step: Step = { atNs: this.session.nowNs + 1n, op: "fail", target: failure.target, targets: failure.targets, direction: "both", perMillion: 0, where: NOWHERE };
    this.session.add([step]);
    await this.#runTo(this.session.nowNs + SETTLED_NS);
  }

  async #place(failures: Failure[]): Promise<Placed> {
    const dead = new Set(failures.flatMap((f) => f.targets).filter((x) => x.kind === "node").map((x) => x.name));
    const state = await place(this.session, this.#traffic, dead, this.#options.signal);
    return { failures, state, overloadMbps: overloadLossMbps(this.#traffic, state, this.#capacity, dead) };
  }

  async #runTo(atNs: bigint): Promise<void> {
    await this.session.runTo(atNs, this.#options.signal === undefined ? {} : { signal: this.#options.signal });
  }
}

interface Reach { failure: Failure; cables: ReadonlySet<string> }

/** They reach a cable both, and neither is part of the other. */
function meet(a: Reach, b: Reach): boolean {
  const [small, large] = a.cables.size < b.cables.size ? [a.cables, b.cables] : [b.cables, a.cables];
  if (![...small].some((port) => large.has(port))) return false;
  return !within(a.failure, b.failure) && !within(b.failure, a.failure);
}

function within(part: Failure, all: Failure): boolean {
  const names = new Set(all.targets.map((x) => `${x.kind} ${x.name}`));
  const nodes = new Set(all.targets.filter((x) => x.kind === "node").map((x) => x.name));
  return part.targets.every((x) => names.has(`${x.kind} ${x.name}`) || (x.kind === "link" && x.name.split("--").some((end) => nodes.has(nodeOfPort(end)))));
}
