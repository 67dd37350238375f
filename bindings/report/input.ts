// What every printer gets: the run, what the analysis found, and how it was asked for.

import type { Findings } from "../analysis/index.ts";
import type { Outcome } from "../applications/index.ts";
import type { Judged } from "../expectations/index.ts";
import type { Run } from "../analysis/run.ts";

export interface ReportInput {
  run: Run & { seed: bigint; events: number };
  findings: Findings;
  applications: Outcome[];
  expectations: Judged[];
  file: string;
  version: string;
}

/** No budget broken, of a flow, a service or an application, no expectation, and no loop. */
export function passes({ findings, applications, expectations }: ReportInput): boolean {
  return findings.pass && applications.every((a) => a.kept !== false) && expectations.every((e) => e.kept);
}
