// Door of the sweep folder: every failure of a design, judged.

export { sweep, optionsOf, type SweepSettings } from "./sweep.ts";
export { question as sweepQuestion, type SweepAbout, type SweepOptions, type SweepResult } from "./question.ts";
export { CUTS, FAILURE_KINDS, failureName, singleFailures, type Failure, type FailureKind } from "./failures.ts";
export type { SweepTimes } from "./times.ts";
export type { Capacity, Chain, Hit, Span, SweepRow, Verdict } from "./rows.ts";
export { notUpIn } from "./rows.ts";
export { pairsOptions, question as pairsQuestion, type PairFinding, type PairsAbout, type PairsOptions, type PairsResult } from "./pairs.ts";
export type { CrossCheck, CutSets } from "./cuts.ts";
