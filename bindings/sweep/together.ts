// Failures that happen together, and power feeds that together take down more than each.

import type { Topology } from "../topology/model.ts";
import { fedBy, type Failure } from "./failures.ts";

/** Two feeds together take down more than each: who has both. */
export function shareFeeds(t: Topology, a: Failure, b: Failure): boolean {
  if (a.kind !== "power" || b.kind !== "power") return false;
  return fedBy(t, [feedOf(a), feedOf(b)]).length > new Set([...a.targets, ...b.targets].map((x) => x.name)).size;
}

const feedOf = (f: Failure): string => f.target.slice("power/".length);

/** Failures that happen together, as what fails: of two feeds also who has no third one. */
export function together(t: Topology, failures: readonly Failure[]): Failure[] {
  const feeds = failures.filter((f) => f.kind === "power");
  if (feeds.length < 2) return [...failures];
  const dead = fedBy(t, feeds.map(feedOf)).map((name) => ({ kind: "node" as const, name }));
  return [...failures.filter((f) => f.kind !== "power"), { ...feeds[0]!, target: `power/${feeds.map(feedOf).join("+")}`, targets: dead }];
}
