// One network whose clock is in the caller's hand: fail, repair, run, look, go back, try it the other way.

import { outages, statistics, type Findings, type Outage } from "../analysis/index.ts";
import { Session, type RunOptions, type RunResult, type SessionSnapshot } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import { indexTargets, stepOf, type TargetIndex } from "../topology/step.ts";
import { Simulation as Looked } from "../show/index.ts";
import type { FaultOp, Scenario, Topology } from "../topology/model.ts";
import { eventsAfter, type SimulationEvent } from "./events.ts";

/** An instant of the clock: nanoseconds, or a number and a unit ("10s", "250ms"). */
export type When = bigint | string;
/** `slice`: events between two looks at `signal` (default 131072, some ten ms). */
export type RunWatch = Pick<RunOptions, "signal" | "onProgress" | "slice">;
/** Everything that a simulation is at an instant: to go back to. */
export type SimulationSnapshot = SessionSnapshot;

const QUIET: Scenario = { name: "simulation", untilNs: 0n, steps: [], where: { line: 1, col: 1, length: 0 } };

export class Simulation extends Looked {
  readonly topology: Topology;
  #index: TargetIndex | null = null;

  constructor(session: Session, topology: Topology) {
    super(session);
    this.topology = topology;
  }

  /** Loads a topology. The clock stands at 0, on a network that has settled, after the first run. `create` gives these, too. */
  static override async open(topology: Topology, scenario: Scenario = QUIET, options: RunOptions = {}): Promise<Simulation> {
    return new Simulation(await Session.open(topology, scenario, options), topology);
  }

  get nowNs(): bigint { return this.session.nowNs; }
  /** All that was traced so far, 32 bytes a record: equal runs have equal bytes. */
  traceBytes(): Uint8Array { return this.session.trace.bytes(); }

  /** Crashes a node, cuts a cable, loses all of a site (docs/cli.md lists targets). Without `at`: now. */
  fail(target: string, at?: When): void { this.step("fail", target, at); }
  repair(target: string, at?: When): void { this.step("repair", target, at); }

  /** Anything that can happen; what says how much goes with the target: `step("loss", "leaf1:Eth1=5%")`. Throws DualhomeError DH_STEP. */
  step(op: FaultOp, target: string, at?: When): void {
    const now = this.session.nowNs;
    try {
      const atNs = at === undefined ? (now < 0n ? 0n : now + 1n) : instant(at);
      this.session.add([stepOf(this.#index ??= indexTargets(this.topology), op, `${target}@${formatDuration(atNs)}`)]);
    } catch (thrown) {
      if (thrown instanceof RangeError) throw new DualhomeError("DH_STEP", `${op} ${target}: ${thrown.message}`, 2);
      throw thrown;
    }
  }

  /** Runs to an instant; what happens on the way comes as it does. Who stops reading stops the run, which may be gone on with. */
  async *run(until: When, watch: RunWatch = {}): AsyncGenerator<SimulationEvent, void> {
    let read = this.session.trace.length;
    for await (const _ of this.session.slices(this.#ahead(until), watch)) {
      const result = this.session.result({ ways: false });
      yield* eventsAfter(result, read);
      read = result.trace.length;
    }
  }

  override runTo(until: When, watch: RunWatch = {}): Promise<void> { return this.session.runTo(this.#ahead(until), watch); }

  /** Every outage so far, by start: of services, flows and their directions. */
  outages(): Outage[] { return outages(this.result()); }
  /** Worst outages, budgets, causes by step. */
  findings(): Findings { return statistics(this.result()); }
  result(): RunResult { return this.session.result(); }

  snapshot(): SimulationSnapshot { return this.session.snapshot(); }
  restore(to: SimulationSnapshot): void { this.session.restore(to); }
  /** Another simulation that stands where this one, or the snapshot, stands. */
  branch(from: SimulationSnapshot = this.snapshot()): Simulation { return new Simulation(this.session.branch(from), this.topology); }

  #ahead(until: When): bigint {
    const untilNs = instant(until);
    if (untilNs < this.session.nowNs) throw new DualhomeError("DH_PAST", `the clock stands at ${formatDuration(this.session.nowNs)}, after ${formatDuration(untilNs)}; to go back, restore a snapshot`, 2);
    return untilNs;
  }
}

function instant(when: When): bigint {
  if (typeof when === "bigint") return when;
  try {
    return parseDuration(when);
  } catch (thrown) {
    throw new DualhomeError("DH_DURATION", (thrown as Error).message, 2);
  }
}
