// Every single failure, one run each: who is down for how long, who does not come back while it lasts (a single point of
// failure), and what the return costs.

import { outages, type Outage } from "../analysis/index.ts";
import type { RunOptions, RunResult } from "../engine/index.ts";
import type { Scenario, Step, Topology } from "../topology/model.ts";
import { singleFailures, type Failure, type FailureChoice } from "./failures.ts";
import { remedyFor } from "./remedy.ts";

/** Failure and repair, as instants of the scenario's clock; the run ends at `untilNs`. */
export interface SweepTimes { failNs: bigint; repairNs: bigint; untilNs: bigint }

export interface Hit {
  subject: "flow" | "service";
  name: string;
  /** longest outage between failure and repair; null: still down when the repair began */
  failureNs: bigint | null;
  /** longest outage after the repair; null: still down at the end */
  returnNs: bigint | null;
  reason: string;
}

export interface SweepRow {
  failure: Failure;
  hits: Hit[];
  /** those that did not come back before the repair and are not themselves what failed */
  spof: string[];
  remedy: string | null;
}

export interface SweepResult { rows: SweepRow[]; times: SweepTimes; runs: number }

export interface SweepOptions extends FailureChoice {
  seed?: bigint;
  times?: SweepTimes;
  runScenario: (t: Topology, s: Scenario, o?: RunOptions) => Promise<RunResult>;
  wasm?: WebAssembly.Module;
  onProgress?: (done: number, total: number, failure: Failure) => void;
  signal?: AbortSignal;
}

/** Fail at 10 s; long enough for slow LACP (90 s), hold times and delays; then the repair, and as long again. */
export function sweepTimes(t: Topology): SweepTimes {
  const longest = [...t.nodes.map((n) => n.bootNs), ...t.pairs.map((p) => p.delayRestoreNs)].reduce((a, b) => (a > b ? a : b), 0n);
  const failNs = 10_000_000_000n;
  const repairNs = failNs + 120_000_000_000n;
  return { failNs, repairNs, untilNs: repairNs + longest * 2n + 60_000_000_000n };
}

export async function sweep(topology: Topology, options: SweepOptions): Promise<SweepResult> {
  const times = options.times ?? sweepTimes(topology);
  const failures = singleFailures(topology, options);
  const rows: SweepRow[] = [];
  for (const failure of failures) {
    options.onProgress?.(rows.length, failures.length, failure);
    const run: RunOptions = {};
    if (options.seed !== undefined) run.seed = options.seed;
    if (options.signal !== undefined) run.signal = options.signal;
    if (options.wasm !== undefined) run.wasm = options.wasm;
    rows.push(judge(await options.runScenario(topology, scenarioOf(failure, times), run), failure, times));
  }
  return { rows, times, runs: failures.length };
}

function scenarioOf(failure: Failure, times: SweepTimes): Scenario {
  const where = { line: 0, col: 0, length: 0 };
  const step = (op: "fail" | "repair", atNs: bigint): Step => ({ atNs, op, target: failure.target, targets: failure.targets, direction: "both", perMillion: 0, where });
  return { name: failure.target, untilNs: times.untilNs, steps: [step("fail", times.failNs), step("repair", times.repairNs)], where };
}

function judge(result: RunResult, failure: Failure, times: SweepTimes): SweepRow {
  const bySubject = new Map<string, Outage[]>();
  for (const o of outages(result)) {
    if (o.subject === "direction") continue;
    const key = `${o.subject} ${o.name}`;
    bySubject.set(key, [...(bySubject.get(key) ?? []), o]);
  }
  const hits = [...bySubject.values()].map((list) => hitOf(list, times));
  const dead = new Set(failure.targets.filter((x) => x.kind === "node").map((x) => x.name));
  const spof = hits.filter((h) => h.failureNs === null && !ownFailure(result.topology, h, dead)).map((h) => h.name);
  return { failure, hits, spof, remedy: spof.length === 0 ? null : remedyFor(result.topology, failure, spof) };
}

function hitOf(list: Outage[], times: SweepTimes): Hit {
  const longest = (all: Outage[]): Outage | undefined => all.reduce<Outage | undefined>((a, b) => (a === undefined || b.lengthNs > a.lengthNs ? b : a), undefined);
  const before = list.filter((o) => o.startNs < times.repairNs);
  const after = list.filter((o) => o.startNs >= times.repairNs);
  const stuck = before.find((o) => o.endNs === null || o.endNs >= times.repairNs);
  const worst = stuck ?? longest(before) ?? longest(after);
  const first = list[0]!;
  return {
    subject: first.subject as "flow" | "service", name: first.name, failureNs: stuck !== undefined ? null : (longest(before)?.lengthNs ?? 0n),
    returnNs: list.some((o) => o.endNs === null) ? null : (longest(after)?.lengthNs ?? 0n),
    reason: worst?.reasons.at(-1)?.words ?? "",
  };
}

/** A flow from or to a server that died is not lost to a single point of failure: its end is gone. Services are another matter. */
function ownFailure(t: Topology, hit: Hit, dead: ReadonlySet<string>): boolean {
  if (hit.subject === "service") {
    const service = t.services.find((s) => s.name === hit.name);
    return service !== undefined && dead.has(service.client);
  }
  const flow = t.flows.find((f) => f.name === hit.name);
  return flow !== undefined && (dead.has(flow.from) || dead.has(flow.to));
}
