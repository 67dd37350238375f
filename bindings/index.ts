// The public API. `create` is the door: an engine, simulations, questions (docs/api.md). Below it, the parts that it is made of.
// Importing this does nothing, and asks nothing of Node, of a browser or of a page: a server that renders pages may import it.

export { create, readTopology, Dualhome, Simulation, TopologyError } from "./library/index.ts";
export type { CreateOptions, RunWatch, SimulationEvent, SimulationOptions, SimulationSnapshot, When } from "./library/index.ts";

export { parseTopology, loadTopology, formatProblems } from "./topology/index.ts";
export { Session, runScenario, type SessionSnapshot, type Snapshot } from "./engine/index.ts";
export type { CapturedFrame, RunOptions, RunResult } from "./engine/index.ts";
export { VIEWS, type NodeState, type View, type Views } from "./show/index.ts";
export { ask, merge, readPart, partText, type Asked, type AskOptions, type Items, type Plain, type Progress, type Question } from "./batch/index.ts";
export { askWorkers, among, hireWeb, workerSide } from "./workers/index.ts";
export { capacity, trafficOf, type CapacityResult, type CapacityRun, type Finding as CapacityFinding } from "./capacity/index.ts";
export { sweep, FAILURE_KINDS, type Capacity, type Chain, type Failure, type FailureKind, type Hit, type SweepResult, type SweepRow, type SweepSettings, type SweepTimes, type Verdict } from "./sweep/index.ts";
export { nines, type Cause, type NinesAsked, type NinesResult, type NinesSubject } from "./nines/index.ts";
export { compare, judge, match, parseFailOn, type Comparison, type Design, type Verdict as DiffVerdict } from "./compare/index.ts";
export { outages, statistics, describer } from "./analysis/index.ts";
export type { Describe, Explanation, Findings, Link as CauseLink, NotReady, Outage, Phase, ProbeStatistics, Reason, Run, StepFindings, SubjectStatistics, Wait, Why, Words, Worst } from "./analysis/index.ts";
export { expectations, type Judged } from "./expectations/index.ts";
export { pcapng, type Frame, type PcapOptions } from "./pcap/pcapng.ts";
export { Trace, type TraceRecord } from "./trace/records.ts";
export { DualhomeError } from "./errors.ts";
export type { Names } from "./engine/names.ts";
export type { Problem } from "./topology/problems.ts";
export type * from "./topology/model.ts";
