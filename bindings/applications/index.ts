// Door of the applications folder: what became of each application in a run. Pure: reads a finished run.

import type { Begun, Run } from "../analysis/index.ts";
import { runActiveStandby } from "./active-standby.ts";
import { runBalanced } from "./balanced.ts";
import type { Application } from "../topology/application.ts";
import type { Outcome } from "./outcome.ts";
import { runQuorum } from "./quorum.ts";
import { Signals } from "./signals.ts";

export type { ActiveStandby, Application, Balanced, Quorum } from "../topology/application.ts";
export type { AppEvent, Outcome, Share } from "./outcome.ts";

/** `from`: the run branched there (analysis, `begun`), so that only what came after is read. */
export function outcomes(run: Run, from?: Begun): Outcome[] {
  const applications = run.topology.applications;
  if (applications.length === 0) return [];
  const signals = new Signals(run, from);
  return applications.map((a) => one(a, signals));
}

function one(a: Application, signals: Signals): Outcome {
  switch (a.kind) {
    case "balanced": return runBalanced(a, signals);
    case "active-standby": return runActiveStandby(a, signals);
    case "quorum": return runQuorum(a, signals);
  }
}
