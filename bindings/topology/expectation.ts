// What a step of a scenario expects to be so at an instant: names and times, worked out. Judged after the run (bindings/expectations).

import type { Ns, Where } from "./model.ts";

export interface Subject { kind: "flow" | "service" | "application"; name: string }

/** What has one active part and others that stand by. */
export interface Elected { kind: "bond" | "gateway" | "pair"; name: string }

interface Written { text: string; where: Where }

export type Expected =
  | (Written & { kind: "up" | "down"; subjects: Subject[] })
  | (Written & { kind: "max-outage"; subjects: Subject[]; limitNs: Ns })
  | (Written & { kind: "active" | "standby"; of: Elected[]; members: string[] }); // ports of each bond, routers, or peers; none: nobody

export interface Expectation {
  /** When the step begins; null: no step belongs to it, it is judged at `doneNs` */
  stepAtNs: Ns | null;
  /** Where the step's first target stands, as in Step */
  stepWhere: Where | null;
  /** When the last part of the step is done: a flap, a migration */
  doneNs: Ns;
  /** Judged so long after the step begins; null: just before the next step, or at the end */
  withinNs: Ns | null;
  expected: Expected[];
}
