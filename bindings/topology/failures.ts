// How often what fails and how long its repair takes: the `failures:` section, worked out. Hours, since spans reach from milliseconds
// to centuries. What is null is left to the defaults (bindings/nines/defaults.ts).

import type { Where } from "./model.ts";

/** Of a span of time; its mean is said apart, except by a trace. */
export type Law =
  | { kind: "exponential" }
  | { kind: "deterministic" }
  | { kind: "weibull"; shape: number }
  | { kind: "lognormal"; sigma: number } // of the logarithm
  | { kind: "trace"; hours: number[] }; // as observed, each as likely

/** Ways to fail. A node or cable has one or several. */
export const FAILURE_KINDS = [
  "server-crash", "server-hardware", "nic", "link", "link-flap", "leaf-hardware", "leaf-software", "spine-hardware", "core-hardware",
  "load-balancer-software", "load-balancer-hardware", "fibre", "wan-circuit", "feed", "site", "card",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface Life {
  mtbf: number | null; // mean time from the return to the next failure
  mttr: number | null;
  toFailure: Law | null;
  toRepair: Law | null;
  crew: boolean | null; // the repair needs one of the crews
}

export interface Failures {
  /** life null: never */
  kinds: { kind: FailureKind; life: Life | null; where: Where }[];
  /** later ones go before earlier ones */
  names: { pattern: string; nodes: string[]; links: string[]; as: FailureKind[] | null; life: Life | null; where: Where }[];
  /** share of a member's failures that hit all members: 0 to 1 */
  peersBeta: number | null;
  feedsBeta: number | null;
  shared: { name: string; nodes: string[]; beta: number; where: Where }[];
  /** of nodes' `power` */
  feeds: { name: string; life: Life; where: Where }[];
  /** fail as a whole */
  groups: { name: string; nodes: string[]; links: string[]; life: Life; where: Where }[];
  /** one node after another */
  maintenance: { name: string; nodes: string[]; every: number; length: number; where: Where }[];
  humanPerYear: number | null;
  humanMttr: number | null;
  crews: number | null; // null: as many as are needed
}

const SPAN = /^(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|h|d|y)$/;
export const SPAN_PATTERN = SPAN;
export const HOURS_PER_YEAR = 8760;
const UNITS: Record<string, number> = { ms: 1 / 3_600_000, s: 1 / 3600, m: 1 / 60, h: 1, d: 24, y: HOURS_PER_YEAR };

/** "150y", "4h" → hours. A year has 365 days, as in downtime per year. */
export function spanHours(text: string): number {
  const match = SPAN.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a span: write a number and a unit, like 5m, 4h, 90d or 20y`);
  return Number(match[1]) * UNITS[match[2]!]!;
}
