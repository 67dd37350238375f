export { outages, notReady, type NotReady, type Outage, type Phase, type Reason, type SubjectKind, type Why } from "./outages.ts";
export { statistics, type Explanation, type Findings, type StepFindings, type SubjectStatistics, type Worst } from "./statistics.ts";
export { storms, type Storm } from "./storms.ts";
export { boots, type Boot, type BootFailure } from "./boots.ts";
export { describer, type Describe, type Words } from "./describe.ts";
export type { Link, Wait } from "./causes.ts";
export type { Run } from "./run.ts";
export type { SecurityFinding } from "./security.ts";
export type { ProbeStatistics } from "./probes.ts";
