// What a check comes to: findings that count, those that are known from a baseline, those that a person has left out.

import type { Where } from "../topology/model.ts";
import type { Problem } from "../topology/problems.ts";
import type { Design } from "./design.ts";
import { expired, leaver, type Ignored, type IgnoreFile } from "./ignore.ts";
import { bare, collect, gather, RULES, type Collected, type Finding } from "./index.ts";
import { IGNORE } from "./own.ts";
import { SEVERITIES, type Rule, type Severity } from "./rule.ts";

export type FailOn = Severity | "never";

export interface Judged extends Finding {
  /** ignored: left out by the ignore file; known: in the baseline */
  state: "new" | "known" | "ignored";
  /** Of what is ignored */
  ignored: Ignored | null;
  /** It is why the check fails */
  fails: boolean;
}

export interface Checked {
  file: string;
  /** All rules that were asked */
  rules: readonly Rule[];
  findings: Judged[];
  /** Mistakes that leave open what is meant: no rule was asked */
  problems: readonly Problem[];
  /** There is a baseline; how many of its findings are no more */
  baseline: { gone: number } | null;
  failOn: FailOn;
  pass: boolean;
}

export interface Asked {
  ignore: IgnoreFile | null;
  /** Fingerprints of an earlier check */
  baseline: ReadonlySet<string> | null;
  failOn: FailOn;
  /** YYYY-MM-DD */
  today: string;
}

export function judge(design: Design, asked: Asked, rules: readonly Rule[] = RULES): Checked {
  const used = new Set<Ignored>();
  const leaves = leaver(asked.ignore?.entries ?? [], asked.today, used);
  const kept = new Map<Ignored | null, Collected[]>();
  for (const each of collect(design, rules)) {
    const entry = leaves(each.rule, each.found, each.path);
    const list = kept.get(entry);
    if (list === undefined) kept.set(entry, [each]);
    else list.push(each);
  }
  const findings = [...kept].flatMap(([ignored, list]) => gather(design, list).map((finding) => judged(finding, ignored, asked)));
  const own = asked.ignore === null ? [] : ownFindings(asked.ignore, used, asked.today).map((finding) => judged(finding, null, asked));
  const all = [...findings, ...own].sort((a, b) => (a.file === b.file ? a.at.line - b.at.line || a.at.col - b.at.col || (a.rule.id < b.rule.id ? -1 : 1) : a.file === design.places.file ? -1 : 1));
  const there = new Set(all.map((each) => each.fingerprint));
  return {
    file: design.places.file, rules: [...rules, ...IGNORE], findings: all, problems: [], failOn: asked.failOn, pass: all.every((each) => !each.fails),
    baseline: asked.baseline === null ? null : { gone: [...asked.baseline].filter((print) => !there.has(print)).length },
  };
}

/** A file that leaves open what is meant. */
export function unreadable(file: string, problems: readonly Problem[], failOn: FailOn, rules: readonly Rule[] = RULES): Checked {
  return { file, rules: [...rules, ...IGNORE], findings: [], problems, baseline: null, failOn, pass: false };
}

/**
 * Files that are checked together, and the ignore file of each. What an ignore file is blamed for is told once, with the first file that it is for; an entry is
 * unused when none of them has a use for it.
 */
export function together(list: readonly { checked: Checked; ignore: IgnoreFile | null }[]): Checked[] {
  const unused = IGNORE[1]!;
  const keyOf = (file: string, at: Where): string => `${file}:${at.line}:${at.col}`;
  const needed = new Set(list.flatMap(({ checked, ignore }) => {
    const idle = new Set(checked.findings.filter((each) => each.rule === unused).map((each) => keyOf(each.file, each.at)));
    return ignore === null ? [] : ignore.entries.map((entry) => keyOf(ignore.file, entry.at)).filter((key) => !idle.has(key)); // a file with mistakes may need any
  }));
  const told = new Set<string>();
  return list.map(({ checked }) => {
    const findings = checked.findings.filter(({ rule, file, at }) => {
      if (!IGNORE.includes(rule)) return true;
      const key = `${rule.id} ${keyOf(file, at)}`;
      if (told.has(key) || (rule === unused && needed.has(keyOf(file, at)))) return false;
      told.add(key);
      return true;
    });
    return { ...checked, findings, pass: checked.problems.length === 0 && findings.every((each) => !each.fails) };
  });
}

function judged(finding: Finding, ignored: Ignored | null, { baseline, failOn }: Asked): Judged {
  const state = ignored !== null ? "ignored" : baseline?.has(finding.fingerprint) === true ? "known" : "new";
  const counts = failOn !== "never" && SEVERITIES.indexOf(finding.rule.severity) <= SEVERITIES.indexOf(failOn);
  return { ...finding, state, ignored, fails: state === "new" && counts };
}

/** Entries of the ignore file whose day has passed, or that leave nothing out. */
function ownFindings(ignore: IgnoreFile, used: ReadonlySet<Ignored>, today: string): Finding[] {
  const [expiredRule, unusedRule] = IGNORE as [Rule, Rule];
  return ignore.entries.flatMap((entry) => {
    const whose = `${entry.rule}${entry.where === null ? "" : ` at ${entry.where}`}`;
    if (!used.has(entry)) return [bare(unusedRule, ignore.file, entry.at, whose, `nothing is found that the entry of ${whose} would leave out`)];
    return expired(entry, today) ? [bare(expiredRule, ignore.file, entry.at, whose, `the entry of ${whose} expired after ${entry.until}: ${entry.reason}`)] : [];
  });
}
