// Scenario steps and the fault records that they left in the trace.

import type { Step } from "../topology/model.ts";
import type { TraceRecord } from "../trace/records.ts";
import { faultTarget } from "./describe.ts";
import type { Phase } from "./outages.ts";
import type { Run } from "./run.ts";
import { FAULT_OPS, TARGET_KINDS } from "./words.ts";

export interface Attribution {
  step: number | null;
  attribution: "cause" | "time" | null;
  phase: Phase | null;
}

export class Steps {
  #run: Run;
  #inOrder: number[];

  constructor(run: Run) {
    this.#run = run;
    const { steps } = run.scenario;
    this.#inOrder = steps.map((_, i) => i).sort((x, y) => Number(steps[x]!.atNs - steps[y]!.atNs) || x - y);
  }

  /** The step behind a fault record; without one, the last step not after `startNs`. */
  attribute(fault: TraceRecord | null, startNs: bigint): Attribution {
    const caused = fault === null ? null : this.stepOf(fault);
    if (caused !== null) return { step: caused, attribution: "cause", phase: phaseOf(this.#run.scenario.steps[caused]!) };
    const before = this.#inOrder.findLast((i) => this.#run.scenario.steps[i]!.atNs <= startNs);
    if (before === undefined) return { step: null, attribution: null, phase: null };
    return { step: before, attribution: "time", phase: phaseOf(this.#run.scenario.steps[before]!) };
  }

  /** A step stands for several targets (a risk group, a site): each leaves its own record. */
  stepOf(fault: TraceRecord): number | null {
    const target = faultTarget(fault, this.#run.names);
    const kind = TARGET_KINDS[fault.b];
    const sameTime = this.#inOrder.filter((i) => {
      const s = this.#run.scenario.steps[i]!;
      return s.atNs === fault.at && s.op === FAULT_OPS[fault.a];
    });
    const named = sameTime.find((i) => this.#run.scenario.steps[i]!.targets.some((t) => t.name === target && t.kind === kind));
    return named ?? sameTime[0] ?? null;
  }
}

/** A repair is a return, and so is loss turned off; everything else is a failure. */
export function phaseOf(step: Step): Phase {
  return step.op === "repair" || (step.op === "loss" && step.perMillion === 0) ? "return" : "failure";
}

/** "fail leaf1" as the file or the command line says it. */
export function stepText(run: Run, index: number): string {
  const s = run.scenario.steps[index];
  return run.names.steps[index] ?? (s === undefined ? `step ${index}` : `${s.op} ${s.target}`);
}

