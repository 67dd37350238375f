// Steps of a scenario as the engine takes them, and the bring-up before the first of them.

import {
  FAULT_CARRIER, FAULT_DOWN, FAULT_ENSLAVE, FAULT_FAIL, FAULT_HANG, FAULT_LOSS, FAULT_NOTHING, FAULT_RELEASE, FAULT_REPAIR, FAULT_SHUTDOWN, FAULT_SILENT, FAULT_SLOW, FAULT_UP,
  TARGET_LAG, TARGET_LINK, TARGET_NODE, TARGET_PORT,
} from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import type { FaultOp, Step, Topology } from "../topology/model.ts";
import type { FlatTables } from "./flat.ts";
import type { FlatStep } from "./load.ts";

const OPS: Record<FaultOp, number> = {
  fail: FAULT_FAIL, repair: FAULT_REPAIR, hang: FAULT_HANG, silent: FAULT_SILENT, carrier: FAULT_CARRIER, loss: FAULT_LOSS, shutdown: FAULT_SHUTDOWN, nothing: FAULT_NOTHING,
  down: FAULT_DOWN, up: FAULT_UP, release: FAULT_RELEASE, enslave: FAULT_ENSLAVE, slow: FAULT_SLOW,
};
const TARGETS = { node: TARGET_NODE, link: TARGET_LINK, port: TARGET_PORT, lag: TARGET_LAG } as const;
const DIRECTIONS = { "a-to-b": 1, "b-to-a": 2, both: 3 } as const;

/** Long enough for every delay restore, LACP and the first ARPs: the scenario starts on a settled network. */
export function bringUpNs(topology: Topology): bigint {
  const delays = topology.pairs.map((p) => p.delayRestoreNs);
  const bonds = topology.lags.map((l) => l.updelayNs);
  // A group that heard nobody elects after two hold times; GLBP's forwarders after a hello more.
  const elections = topology.fhrps.map((f) => 3n * f.holdNs);
  const longest = [...delays, ...bonds, ...elections].reduce((a, b) => (a > b ? a : b), 0n);
  // Classic spanning tree may have to give up what it believed first: Max Age and twice Forward Delay.
  const trees = topology.nodes.map((n) => (n.stp?.mode === "stp" ? n.stp.maxAgeNs + 2n * n.stp.forwardDelayNs : 0n));
  return longest + 60_000_000_000n + trees.reduce((a, b) => (a > b ? a : b), 0n);
}

export function flatten(step: Step, tables: FlatTables, zeroNs: bigint): FlatStep[] {
  return step.targets.map(({ kind, name }) => {
    const target = indexOf({ node: tables.names.nodes, link: tables.names.links, port: tables.names.ports, lag: tables.names.lags }[kind], name);
    if (target === undefined) throw new DualhomeError("DH_TARGET", `there is no ${kind} "${name}"`, 2);
    const value = step.op === "loss" ? step.perMillion : step.op === "slow" ? Number((step.delayNs ?? 0n) / 1000n) : step.op === "silent" || step.op === "carrier" ? DIRECTIONS[step.direction] : 0;
    // "a-to-b" of a lost carrier: the signal from a does not reach b, so that end b loses it.
    const masked = step.op === "carrier" && kind === "link" && value !== 3 ? 3 - value : value;
    return { atNs: zeroNs + step.atNs, op: OPS[step.op], kind: TARGETS[kind], target, value: masked };
  });
}

const indices = new WeakMap<readonly string[], Map<string, number>>();
function indexOf(names: readonly string[], name: string): number | undefined {
  let known = indices.get(names);
  if (known === undefined) indices.set(names, known = new Map(names.map((each, i) => [each, i])));
  return known.get(name);
}
