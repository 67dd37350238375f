// Scenario steps and the fault records that they left in the trace.

import { stepName } from "../topology/guests.ts";
import type { Step } from "../topology/model.ts";
import type { TraceRecord } from "../trace/records.ts";
import { faultTarget } from "./describe.ts";
import type { Phase } from "./outages.ts";
import type { Run } from "./run.ts";
import { FAULT_OPS, TARGET_KINDS } from "./words.ts";

export interface Attribution {
  step: number | null;
  /**
   * cause: the chain of causes begins with this step. repaired: it begins with a failure whose target this step had repaired
   * before the outage began. time: no chain leads to a step, this is the last one before.
   */
  attribution: "cause" | "repaired" | "time" | null;
  phase: Phase | null;
}

export class Steps {
  readonly #run: Run;
  /** by time, then as they are written */
  readonly #inOrder: number[];
  readonly #byTime = new Map<bigint, number[]>();
  /** repairs of each target, in order */
  readonly #returns = new Map<string, number[]>();
  /** what repaired each failure that was asked about */
  readonly #repairs = new Map<number, number[]>();

  constructor(run: Run) {
    this.#run = run;
    const { steps } = run.scenario;
    this.#inOrder = steps.map((_, i) => i).sort((x, y) => Number(steps[x]!.atNs - steps[y]!.atNs) || x - y);
    for (const i of this.#inOrder) {
      const step = steps[i]!;
      listOf(this.#byTime, step.atNs).push(i);
      if (phaseOf(step) === "return") for (const key of new Set(step.targets.map(keyOf))) listOf(this.#returns, key).push(i);
    }
  }

  /** The step behind a fault record; without one, the last step not after `startNs`. */
  attribute(fault: TraceRecord | null, startNs: bigint): Attribution {
    const caused = fault === null ? null : this.stepOf(fault);
    const repair = caused === null ? null : this.#repairOf(caused, startNs);
    if (repair !== null) return { step: repair, attribution: "repaired", phase: "return" };
    if (caused !== null) return { step: caused, attribution: "cause", phase: phaseOf(this.#run.scenario.steps[caused]!) };
    const before = this.#lastOf(this.#inOrder, startNs);
    if (before === undefined) return { step: null, attribution: null, phase: null };
    return { step: before, attribution: "time", phase: phaseOf(this.#run.scenario.steps[before]!) };
  }

  /** The last step up to `startNs` that repaired what `failure` did; null while it was still broken. */
  #repairOf(failure: number, startNs: bigint): number | null {
    let repairs = this.#repairs.get(failure);
    if (repairs === undefined) this.#repairs.set(failure, repairs = this.#repairsOf(failure));
    return this.#lastOf(repairs, startNs) ?? null;
  }

  /** Of any of its targets, later than it, in order. A site has thousands of targets, and thousands of outages ask. */
  #repairsOf(failure: number): number[] {
    const { steps } = this.#run.scenario;
    const failed = steps[failure]!;
    if (phaseOf(failed) !== "failure") return [];
    const found = new Set<number>();
    for (const target of failed.targets) for (const i of this.#returns.get(keyOf(target)) ?? []) if (steps[i]!.atNs > failed.atNs) found.add(i);
    return this.#inOrder.filter((i) => found.has(i));
  }

  /** The last of these steps, which are in order, that is not after `atNs`. */
  #lastOf(list: readonly number[], atNs: bigint): number | undefined {
    let end = list.length;
    for (let first = 0; first < end;) {
      const middle = (first + end) >> 1;
      if (this.#run.scenario.steps[list[middle]!]!.atNs <= atNs) first = middle + 1; else end = middle;
    }
    return list[end - 1];
  }

  /** A step stands for several targets (a risk group, a site): each leaves its own record. */
  stepOf(fault: TraceRecord): number | null {
    const target = faultTarget(fault, this.#run.names);
    const kind = TARGET_KINDS[fault.b];
    const sameTime = (this.#byTime.get(fault.at) ?? []).filter((i) => this.#run.scenario.steps[i]!.op === FAULT_OPS[fault.a]);
    const named = sameTime.find((i) => this.#run.scenario.steps[i]!.targets.some((t) => t.name === target && t.kind === kind));
    return named ?? sameTime[0] ?? null;
  }
}

const keyOf = (target: { kind: string; name: string }): string => `${target.kind} ${target.name}`;

function listOf<K>(lists: Map<K, number[]>, key: K): number[] {
  let list = lists.get(key);
  if (list === undefined) lists.set(key, list = []);
  return list;
}

/** A repair is a return, and so is what an operator sets up again or loss turned off; everything else is a failure. */
export function phaseOf(step: Step): Phase {
  return step.op === "repair" || step.op === "up" || step.op === "enslave" || (step.op === "loss" && step.perMillion === 0) ? "return" : "failure";
}

/** "fail leaf1" as the file or the command line says it. */
export function stepText(run: Run, index: number): string {
  const s = run.scenario.steps[index];
  return run.names.steps[index] ?? (s === undefined ? `step ${index}` : stepName(s));
}

