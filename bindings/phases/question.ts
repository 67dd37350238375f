// The same steps at many instants: how long an outage is depends on where hellos, polls and timers stand when it begins. Each run begins in
// another one of equal stretches of the window, at a drawn place in it, so that a thousand runs leave no gap of two thousandths.

import { begun, branched, outages } from "../analysis/index.ts";
import type { Lab, Plain, Question } from "../batch/index.ts";
import { Draws, STREAM } from "../nines/draws.ts";
import type { FaultOp, Step, Topology } from "../topology/model.ts";
import { distributions, type PhasesResult } from "./distribution.ts";

/** A step, after the instant of its run; ns as digits. */
export interface PlainStep { afterNs: string; op: string; target: string; targets: readonly { kind: string; name: string }[]; direction: string; perMillion: number; delayNs: string | null }

export interface PhasesCase { name: string; steps: readonly PlainStep[] }

export interface PhasesOptions {
  cases: readonly PhasesCase[];
  /** of each case */
  runs: number;
  /** how far the instants are spread */
  windowNs: string;
  /** how long a run goes on after its instant */
  forNs: string;
}

/** Longest outage of each service and flow that had one, ns; null: still down at the end. */
export interface PhasesRow { at: number; down: readonly (readonly [name: string, longest: number | null])[] }

export interface PhasesAbout { name: string; assumed: number }

interface Item { steps: readonly PlainStep[]; run: number }

const SECOND = 1_000_000_000n;
/** Instants begin here: the network has long settled. */
const FROM_NS = 10n * SECOND;
const where = { line: 1, col: 1, length: 1 };

export function plainSteps(steps: readonly Step[]): PlainStep[] {
  return steps.map(({ atNs, op, target, targets, direction, perMillion, delayNs }) => ({ afterNs: `${atNs}`, op, target, targets, direction, perMillion, delayNs: delayNs === undefined ? null : `${delayNs}` }));
}

function stepAt({ afterNs, op, target, targets, direction, perMillion, delayNs }: PlainStep, atNs: bigint): Step {
  return {
    atNs: atNs + BigInt(afterNs), op: op as FaultOp, target, targets: [...targets] as Step["targets"], direction: direction as Step["direction"], perMillion, where,
    ...(delayNs === null ? {} : { delayNs: BigInt(delayNs) }),
  };
}

/** When a run begins, ns into the window: of all cases alike. */
export function phaseOf(seed: bigint, run: number, { runs, windowNs }: Pick<PhasesOptions, "runs" | "windowNs">): number {
  return Math.min(Number(windowNs) - 1, Math.floor(((run + new Draws(seed, STREAM.phase, run).uniform(0, 0)) * Number(windowNs)) / runs));
}

async function answer(lab: Lab, { steps, run }: Item, options: PhasesOptions): Promise<PhasesRow> {
  const at = phaseOf(lab.seed, run, options);
  const startNs = FROM_NS + BigInt(at);
  const session = lab.fresh();
  const warm = lab.once("begun", () => begun(session.result({ ways: false })));
  session.add(steps.map((step) => stepAt(step, startNs)));
  await session.runTo(startNs + BigInt(options.forNs));
  const result = session.result({ ways: false });
  const longest = new Map<string, number | null>();
  for (const { subject, name: named, endNs, lengthNs, startNs: from } of outages(result, branched(result, warm), ["service", "flow"])) {
    if (from < startNs) continue; // it was down before
    const name = subject === "service" ? `service ${named}` : named;
    const before = longest.get(name);
    longest.set(name, before === null || endNs === null ? null : Math.max(before ?? 0, Number(lengthNs)));
  }
  return { at, down: [...longest] };
}

export const phasesQuestion: Question<PhasesOptions & Plain, Item, PhasesRow & Plain, PhasesResult> = {
  name: "phases", version: 1, module: import.meta.url, chunk: 64,
  warm: (_, { cases }) => ({ untilNs: FROM_NS - 1n, run: { spareSteps: 4 * Math.max(64, ...cases.map(({ steps }) => steps.reduce((sum, step) => sum + step.targets.length, 0))) } }),
  plan: (_, { cases, runs }) => ({ length: cases.length * runs, at: (i) => ({ steps: cases[Math.floor(i / runs)]!.steps, run: i % runs }) }),
  about: (t: Topology) => ({ name: t.name, assumed: t.assumptions.length }),
  answer: async (lab, item, options) => await answer(lab, item, options) as PhasesRow & Plain,
  finish: (rows, options, about) => ({ ...about as unknown as PhasesAbout, options, cases: distributions(rows, options) }),
};

export { phasesQuestion as question };
