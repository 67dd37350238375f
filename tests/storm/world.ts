// What invariants ask of a case: its run, and runs that differ from it in one thing.

import * as abi from "../../assembly/abi.ts";
import { Session, type RunOptions, type RunResult } from "../../bindings/engine/index.ts";
import type { Scenario, Topology } from "../../bindings/topology/model.ts";
import type { StormCase } from "./case.ts";
import { recordingOf, type Recording } from "./replay/recording.ts";

/**
 * Events of one run. A network of a case is some fifty ports that say a few hellos a second each, for two hours at most: with every hello simulated half a million
 * events. Eight times that is some seconds of a processor, and is reached only by frames that go round.
 */
const EVENTS_MAX = 4_000_000;

const RECORDED_NS = 60_000_000_000n;

/** The case is a storm that does not end by itself: nothing is held against it. */
export class TooStormy extends Error {}

export class World {
  readonly of: StormCase;
  readonly wasm: WebAssembly.Module;
  #whole: Promise<RunResult> | null = null;

  constructor(of: StormCase, wasm: WebAssembly.Module) { [this.of, this.wasm] = [of, wasm]; }

  #recorded: Promise<Recording> | null = null;

  /** With every hello, and every control frame at every port, until a minute after the last fault: what reference models are shown. */
  recorded(): Promise<Recording> {
    const { topology, scenario, faultsNs } = this.of;
    const options = { everyHello: true, capturePorts: topology.links.flatMap((l) => [l.a, l.b]) };
    return this.#recorded ??= this.run(options, { ...scenario, untilNs: faultsNs + RECORDED_NS }).then(recordingOf);
  }

  /** The case as it is. */
  whole(): Promise<RunResult> { return this.#whole ??= this.run(); }

  async run(options: RunOptions = {}, scenario: Scenario = this.of.scenario, topology: Topology = this.of.topology): Promise<RunResult> {
    const session = await this.open(options, scenario, topology);
    await this.drive(session, scenario.untilNs);
    return session.result();
  }

  open(options: RunOptions = {}, scenario: Scenario = this.of.scenario, topology: Topology = this.of.topology): Promise<Session> {
    return Session.open(topology, scenario, { seed: this.of.seed, wasm: this.wasm, ...options });
  }

  /** Runs to an instant, or throws TooStormy. */
  drive(session: Session, untilNs: bigint): Promise<void> {
    return session.runTo(untilNs, { onProgress: ({ nowNs, events }) => { if (events > EVENTS_MAX) throw new TooStormy(`${events} events until ${nowNs} ns`); } });
  }
}

/** What a kind's last record up to an instant says, by entity: of a record of a change what it has become. */
export function lastValues(run: Pick<RunResult, "trace">, kind: number, atNs: bigint, of: "a" | "b" = "b"): Map<number, number> {
  const values = new Map<number, number>();
  for (const r of run.trace.ofKinds(kind)) if (r.at <= atNs) values.set(r.entity, r[of]);
  return values;
}

export interface FlowState { flow: string; up: boolean; drop: number }

/** Flows as they are at an instant; up: both ways. */
export function flowsAt(run: Pick<RunResult, "trace" | "names">, atNs: bigint): FlowState[] {
  const drops = new Map<number, number>(); // direction → why it is down; 0: up
  for (const r of run.trace.ofKinds(abi.T_FLOW_DOWN, abi.T_FLOW_UP)) if (r.at <= atNs) drops.set(r.entity, r.kind === abi.T_FLOW_UP ? 0 : r.a);
  return run.names.flows.map((flow, i) => {
    const ways = [drops.get(i * 2), drops.get(i * 2 + 1)];
    return { flow, up: ways.every((drop) => drop === 0), drop: ways.find((drop) => drop !== undefined && drop !== 0) ?? 0 };
  });
}
