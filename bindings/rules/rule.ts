// What a rule of `dualhome check` is, and what it finds. docs/rules/ is written from these words, and so is every report.

import type { Where } from "../topology/model.ts";
import type { Design } from "./design.ts";

/** error: it does not work, or not as it is meant; warning: a failure costs more than it has to; note: worth knowing. */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Rule {
  /** Never changes: ignore files and baselines name it. GROUP/NAME, a file in docs/rules */
  id: string;
  severity: Severity;
  /** Numbers in docs/systems.md */
  systems: readonly number[];
  /** What is the matter, in a line: "Both ends of the aggregate are LACP passive" */
  title: string;
  /** Why it matters, in sentences that end with a full stop */
  why: string;
  /** How to mend it */
  mend: string;
  /** What a run shows of it, as a proof of tests/unit measures it; null: the rule speaks of no effect */
  effect: string | null;
  /** A piece of a topology file that has the fault, and the same piece mended. The proof swaps one for the other */
  example: { faulty: string; mended: string };
  find(design: Design): Iterable<Found>;
}

/** One thing that a rule finds. Those of one rule at one place are told together. */
export interface Found {
  /** Whose fault it is: a name of the topology, "srv1:bond0" */
  subject: string;
  at: Where;
  /** What was seen, in a line without a full stop */
  seen: string;
  /** A mistake of design: other commands refuse the file */
  refused?: true;
}

/** Rules in groups, so that an id says its group once. */
export function group(name: string, rules: Record<string, Omit<Rule, "id">>): Rule[] {
  return Object.entries(rules).map(([rest, rule]) => ({ id: `${name}/${rest}`, ...rule }));
}

/** A rule whose fault is a mistake that the reader of topology files tells, in words like `says`: such a file is checked, but not run. */
export function refused(code: string, says = /^/): Rule["find"] {
  return function* (design) {
    for (const { code: told, where, message } of design.faults) {
      if (told === code && says.test(message)) yield { subject: String(design.places.path(where)?.[1] ?? message.split(" ", 1)[0]), at: where, seen: message, refused: true };
    }
  };
}
