// The rules, and their run over a design.

import { createHash } from "node:crypto";
import { parseDesign } from "../topology/index.ts";
import type { Where } from "../topology/model.ts";
import type { Problem } from "../topology/problems.ts";
import { AGGREGATES } from "./aggregates.ts";
import { APPLICATIONS } from "./applications.ts";
import { Design } from "./design.ts";
import { GATEWAYS } from "./gateways.ts";
import { HOSTS } from "./hosts.ts";
import { SITES } from "./sites.ts";
import { STP } from "./stp.ts";
import type { Found, Rule } from "./rule.ts";

export { Design } from "./design.ts";
export { SEVERITIES, type Found, type Rule, type Severity } from "./rule.ts";

/** In the order of docs/rules: by group, as the groups are written. */
export const RULES: readonly Rule[] = [
  ...AGGREGATES,
  ...GATEWAYS,
  ...HOSTS,
  ...STP,
  ...APPLICATIONS,
  ...SITES,
];

/** What one rule found at one place of the file. */
export interface Finding {
  rule: Rule;
  file: string;
  at: Where;
  /** Names that have the fault: of a range, all of them */
  subjects: string[];
  seen: string;
  /** Where it stands, by keys: "bonds/srv1..4:bond0/lacp-rate" */
  path: string;
  /** Stays the same when lines move: for baselines */
  fingerprint: string;
  /** A mistake of design: other commands refuse the file */
  refused: boolean;
}

/** Reads a design, with its mistakes of design. */
export function readDesign(text: string, file: string): { design: Design } | { problems: readonly Problem[] } {
  const read = parseDesign(text, file);
  return "problems" in read ? read : { design: new Design(read.topology, read.faults, text, file) };
}

export interface Collected { rule: Rule; found: Found; path: string }

/** Every single thing that the rules find. */
export function collect(design: Design, rules: readonly Rule[] = RULES): Collected[] {
  return rules.flatMap((rule) => [...rule.find(design)].map((found) => ({ rule, found, path: design.places.words(found.at) })));
}

/** What one rule found at one place becomes one finding. */
export function gather(design: Design, collected: readonly Collected[]): Finding[] {
  const groups = new Map<string, Collected[]>();
  for (const each of collected) {
    const key = `${each.rule.id} ${each.found.at.line}:${each.found.at.col}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [each]);
    else known.push(each);
  }
  return [...groups.values()].map((group) => together(design.places.file, group));
}

export const findings = (design: Design, rules?: readonly Rule[]): Finding[] => gather(design, collect(design, rules));

function together(file: string, group: readonly Collected[]): Finding {
  const [{ rule, found, path }] = group as [Collected];
  const subjects = [...new Set(group.map((each) => each.found.subject))];
  const more = subjects.length === 1 ? "" : `; the same of ${listed(subjects.slice(1))}`;
  return { rule, file, at: found.at, subjects, seen: found.seen + more, path, fingerprint: fingerprint(rule.id, path, subjects), refused: found.refused === true };
}

/** A finding that stands for itself, in another file than the design's. */
export function bare(rule: Rule, file: string, at: Where, subject: string, seen: string): Finding {
  return { rule, file, at, subjects: [subject], seen, path: "", fingerprint: fingerprint(rule.id, "0", [subject]), refused: false };
}

function listed(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}

/** Of the rule and the keys that lead there. An entry of a list has no key: its place is the name of what it makes. */
function fingerprint(rule: string, path: string, subjects: readonly string[]): string {
  const steps = path.split("/");
  const keyed = steps.filter((step) => !/^\d+$/.test(step));
  const whose = keyed.length === steps.length ? [] : subjects;
  return createHash("sha256").update([rule, ...keyed, ...whose].join("\n")).digest("hex").slice(0, 32);
}
