// What a failure did, as plain data: a row of a sweep.

import type { Failure, FailureKind } from "./failures.ts";

/** A span of ns as digits, "0": not down; null: did not come back. */
export type Span = string | null;

/** Links of a chain of causes: ns since the failure as digits, and words. The last link, the subject's own, is left out: so many share one. */
export type Chain = [since: string, text: string][];

export interface Hit {
  subject: "flow" | "service";
  name: string;
  /** longest outage between failure and repair; null: still down when the repair began */
  failureNs: Span;
  /** longest outage after the repair; null: still down at the end */
  returnNs: Span;
  /** within `max-outage`; null: there is none */
  kept: boolean | null;
  reason: string;
  /** into `chains`: how it came to the worst outage, and how that ended; -1: it did not, or it is told of others */
  down: number;
  up: number;
}

/** What the network carries once the failure has settled, of flows with a rate. */
export interface Capacity {
  offeredMbps: number;
  servedMbps: number;
  /** the fullest cable, by its share */
  fullest: { from: string; to: string; mbps: number; capacityMbps: number } | null;
}

/** spof: something does not come back. overload: a cable is asked for more than it can. budget: an outage is longer than its max-outage. hit: some outage, or the end of a flow is what failed. none: nobody noticed. */
export const VERDICTS = ["spof", "overload", "budget", "hit", "none"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What was not up before anything failed: of one warm network, so of any row. */
export const notUpIn = (rows: readonly SweepRow[]): readonly string[] => rows.find((row) => row.notUp !== undefined)?.notUp ?? [];

export interface SweepRow {
  kind: FailureKind | "pair";
  target: string;
  op: Failure["op"];
  /** ports and the like that fail as this one does */
  same: string[];
  verdict: Verdict;
  hits: Hit[];
  /** those that did not come back before the repair and are not themselves what failed */
  spof: string[];
  remedy: string | null;
  capacity: Capacity | null;
  chains: Chain[];
  /** of a single failure that pairs are chosen by (`Reach`), as `written` has it */
  reach?: { touched: string; moved: string; news: string };
  /** flows and services that were not up before it, so that nothing is said of them; not there when all were */
  notUp?: string[];
  /** of a pair: what it takes down and neither failure does alone */
  worse?: string[];
}
