// The rules, and their run over a design.

import { createHash } from "node:crypto";
import { parseDesign } from "../topology/index.ts";
import type { Where } from "../topology/model.ts";
import type { Problem } from "../topology/problems.ts";
import { Design } from "./design.ts";
import { GATEWAYS } from "./gateways.ts";
import { LACP } from "./lacp.ts";
import type { Found, Rule } from "./rule.ts";

export { Design } from "./design.ts";
export { SEVERITIES, type Found, type Rule, type Severity } from "./rule.ts";

/** In the order of docs/rules: by group, as the groups are written. */
export const RULES: readonly Rule[] = [...LACP, ...GATEWAYS];

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
}

/** Reads a design, with its mistakes of design. */
export function readDesign(text: string, file: string): { design: Design } | { problems: readonly Problem[] } {
  const read = parseDesign(text, file);
  return "problems" in read ? read : { design: new Design(read.topology, read.faults, text, file) };
}

/** Everything that the rules find, by place. `leave`: whether a single thing is left out, by what a person has said. */
export function findings(design: Design, rules: readonly Rule[] = RULES, leave: (rule: Rule, found: Found, path: string) => boolean = () => false): Finding[] {
  const all = rules.flatMap((rule) => {
    const byPlace = new Map<string, Found[]>();
    for (const found of rule.find(design)) {
      if (leave(rule, found, design.places.words(found.at))) continue;
      const place = `${found.at.line}:${found.at.col}`;
      byPlace.set(place, [...(byPlace.get(place) ?? []), found]);
    }
    return [...byPlace.values()].map((found) => together(design, rule, found));
  });
  return all.sort((a, b) => a.at.line - b.at.line || a.at.col - b.at.col || (a.rule.id < b.rule.id ? -1 : 1));
}

function together(design: Design, rule: Rule, found: readonly Found[]): Finding {
  const [first] = found as [Found];
  const subjects = [...new Set(found.map((each) => each.subject))];
  const path = design.places.words(first.at);
  const more = subjects.length === 1 ? "" : `; so ${subjects.length === 2 ? "is" : "are"} ${listed(subjects.slice(1))}`;
  return { rule, file: design.places.file, at: first.at, subjects, seen: first.seen + more, path, fingerprint: fingerprint(rule.id, path, subjects) };
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
