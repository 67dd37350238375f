// When what fails, and when it is repaired.

import type { Step, Topology } from "../topology/model.ts";
import type { Failure } from "./failures.ts";

/** Failure and repair, as instants of the scenario's clock; the run ends at `untilNs`. */
export interface SweepTimes { failNs: bigint; repairNs: bigint; untilNs: bigint }

const SECOND = 1_000_000_000n;

/** Fail at 10 s; long enough for slow LACP (90 s), hold times and delays; then the repair, and as long again. */
export function sweepTimes(t: Topology): SweepTimes {
  const longest = [...t.nodes.map((n) => n.bootNs), ...t.pairs.map((p) => p.delayRestoreNs)].reduce((a, b) => (a > b ? a : b), 0n);
  const failNs = 10n * SECOND;
  const repairNs = failNs + 120n * SECOND;
  return { failNs, repairNs, untilNs: repairNs + longest * 2n + 60n * SECOND };
}

/** The warm network stands just before the first failure. */
export const warmNs = ({ failNs }: SweepTimes): bigint => failNs - 1n;

/** Failures that happen and are repaired together, as steps; without failures, none. */
export function stepsOf(failures: readonly Failure[], times: SweepTimes): Step[] {
  const where = { line: 0, col: 0, length: 0 };
  return failures.filter((f) => f.targets.length > 0).flatMap(({ op, target, targets, direction }) => [
    { atNs: times.failNs, op, target, targets, direction, perMillion: 0, where },
    { atNs: times.repairNs, op: "repair" as const, target, targets, direction: "both" as const, perMillion: 0, where },
  ]);
}
