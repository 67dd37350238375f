// Door of the sweep folder: every single failure of a design, judged.

export { sweep, sweepTimes, type Hit, type SweepOptions, type SweepResult, type SweepRow, type SweepTimes } from "./sweep.ts";
export { singleFailures, type Failure, type FailureKind } from "./failures.ts";
