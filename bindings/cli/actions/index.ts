// What each command asks to be done. Commands read the command line and know these by name; main.ts does them.

import type { ExportKind } from "../../exporters/index.ts";
import type { CapacityFlags } from "./capacity.ts";
import type { CheckFlags } from "./check.ts";
import type { ClusterFlags, SubmitFlags, WorkFlags } from "./cluster.ts";
import type { CompareFlags } from "./compare.ts";
import type { ExplainFlags } from "./explain.ts";
import type { ExportFlags } from "./export.ts";
import type { ImportFlags } from "./import.ts";
import type { InitFlags } from "./init.ts";
import type { MergeFlags } from "./merge.ts";
import type { NinesFlags } from "./nines.ts";
import type { LoadFlags, PathFlags } from "./path.ts";
import type { PhasesFlags } from "./phases.ts";
import type { PlayFlags } from "./play.ts";
import type { RunFlags } from "./run.ts";
import type { ShowFlags } from "./show.ts";
import type { SweepFlags } from "./sweep.ts";

export interface Actions {
  run(file: string, flags: RunFlags, colour: boolean): Promise<void>;
  check(files: readonly string[], flags: CheckFlags): Promise<void>;
  init(flags: InitFlags): Promise<void>;
  exportFile(kind: ExportKind, file: string, flags: ExportFlags): Promise<void>;
  importFiles(kind: string, files: string[], flags: ImportFlags): Promise<void>;
  matrix(flags: { json: boolean; seed?: bigint }): Promise<void>;
  schema(): Promise<void>;
  path(file: string, a: string, b: string, flags: PathFlags, colour: boolean): Promise<void>;
  load(file: string, flags: LoadFlags, colour: boolean): Promise<void>;
  explain(file: string, flags: ExplainFlags, colour: boolean): Promise<void>;
  show(file: string, flags: ShowFlags, colour: boolean): Promise<void>;
  sweep(file: string, flags: SweepFlags, colour: boolean): Promise<void>;
  capacity(file: string, flags: CapacityFlags, colour: boolean): Promise<void>;
  compare(first: string, second: string, flags: CompareFlags, colour: boolean): Promise<void>;
  phases(file: string, cases: string[], flags: PhasesFlags, colour: boolean): Promise<void>;
  nines(file: string, flags: NinesFlags, colour: boolean): Promise<void>;
  play(file: string | undefined, flags: PlayFlags): Promise<void>;
  cluster: ClusterActions;
  merge(paths: string[], flags: MergeFlags, colour: boolean): Promise<void>;
}

export interface ClusterActions {
  submit(flags: SubmitFlags, question: string[]): Promise<void>;
  work(flags: WorkFlags): Promise<void>;
  status(job: string | undefined, flags: ClusterFlags & { json: boolean; watch: boolean }): Promise<void>;
  cancel(job: string, flags: ClusterFlags): Promise<void>;
  merge(flags: { parts: string; job?: string }, rest: string[]): Promise<void>;
}
