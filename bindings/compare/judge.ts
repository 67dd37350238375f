// Is the second design worse than the first? Each reason that is asked about, with its threshold and what breaks it.

import { gigabits, percent } from "../capacity/words.ts";
import { DualhomeError } from "../errors.ts";
import { parseDuration } from "../duration.ts";
import { didYouMean } from "../topology/problems.ts";
import type { Where } from "../topology/model.ts";
import type { Comparison, Effect } from "./compare.ts";
import { budgetsOf, placeOf } from "./design.ts";
import { longer } from "./order.ts";

export const REASONS = ["not-up", "new-spof", "outage", "each-outage", "budget", "capacity", "loss", "nines", "cost"] as const;
export type ReasonKind = (typeof REASONS)[number];

/** `threshold`: ns, points of a hundred, Mbit/s, minutes a year, or money; how much worse is no reason yet. */
export interface Asked { kind: ReasonKind; threshold: number }

export interface Reason { kind: ReasonKind; text: string; where: Where | null }

export interface Verdict { asked: Asked; reasons: Reason[]; /** why it could not be judged */ moot: string | null }

/** Clocks of two designs are not in step: an outage that is longer by less, and by less than a tenth, is not called longer. */
const OUTAGE_NS = 100_000_000;
const OUTAGE_SHARE = 0.1;
const DEFAULTS: Record<ReasonKind, number> = { "not-up": 0, "new-spof": 0, outage: OUTAGE_NS, "each-outage": OUTAGE_NS, budget: 0, capacity: 0, loss: 0, nines: 1, cost: 0 };
const PLAIN: readonly ReasonKind[] = ["not-up", "new-spof", "budget"]; // have no threshold

/** "new-spof,outage:500ms,capacity:5,loss:1G,cost:1000" */
export function parseFailOn(text: string): Asked[] {
  return text.split(",").map((each) => {
    const [word = "", ...rest] = each.trim().split(":");
    const kind = REASONS.find((reason) => reason === word);
    const wrong = (why: string): DualhomeError => new DualhomeError("DH_FAIL_ON", `--fail-on ${each.trim()}: ${why}`, 2);
    if (kind === undefined) { const meant = didYouMean(word, REASONS); throw wrong(`there is no reason "${word}"; ${meant === null ? `one of ${REASONS.join(", ")}` : `did you mean "${meant}"?`}`); }
    if (rest.length === 0) return { kind, threshold: DEFAULTS[kind] };
    if (PLAIN.includes(kind)) throw wrong(`${kind} has no threshold`);
    const threshold = thresholdOf(kind, rest.join(":"));
    if (threshold === null) throw wrong({ outage: "a duration is wanted, like 500ms", "each-outage": "a duration is wanted, like 500ms", capacity: "points of a hundred are wanted, like 5", loss: "a rate is wanted, like 1G", nines: "minutes a year are wanted, like 5", cost: "an amount is wanted, like 1000" }[kind as "outage" | "each-outage" | "capacity" | "loss" | "nines" | "cost"]);
    return { kind, threshold };
  });
}

function thresholdOf(kind: ReasonKind, text: string): number | null {
  if (kind === "outage" || kind === "each-outage") { try { return Number(parseDuration(text)); } catch { return null; } }
  const rate = /^(\d+(?:\.\d+)?)([MGT])$/.exec(text);
  if (kind === "loss") return rate === null ? null : Number(rate[1]) * { M: 1, G: 1e3, T: 1e6 }[rate[2] as "M" | "G" | "T"];
  return /^\d+(\.\d+)?%?$/.test(text) ? Number(text.replace("%", "")) : null;
}

export function judge(c: Comparison, asked: readonly Asked[]): Verdict[] {
  return asked.map((each) => ({ asked: each, moot: mootFor(c, each.kind), reasons: JUDGES[each.kind](c, each.threshold) }));
}

function mootFor({ a, b }: Comparison, kind: ReasonKind): string | null {
  if ((kind === "not-up" || kind === "new-spof" || kind === "outage" || kind === "each-outage") && [a, b].some((d) => d.topology.flows.length === 0)) return "there are no flows and services in both files: nothing is watched";
  if ((kind === "capacity" || kind === "loss") && (a.capacity === null || b.capacity === null)) return "nothing is offered: no demands, no flows with a rate";
  if (kind === "nines" && (a.nines === null || b.nines === null)) return "availability was not asked for, or there are no flows";
  if (kind === "cost" && (a.parts.cost === null || b.parts.cost === null)) return "there are no costs in both files";
  if (kind === "budget" && b.budgets === 0) return "no flow has a max-outage";
  return null;
}

const JUDGES: Record<ReasonKind, (c: Comparison, threshold: number) => Reason[]> = {
  "not-up": neverUp, "new-spof": newSpofs, outage: outages, "each-outage": eachOutages, budget: budgets, capacity: overloads, loss: losses, nines: downtimes, cost: costs,
};

/** What was up before the change, or is new, and is not up although nothing has failed. */
function neverUp({ a, b }: Comparison): Reason[] {
  const fresh = b.notUp.filter((name) => !a.notUp.includes(name));
  const place = new Map([...b.topology.flows, ...b.topology.services].map((each) => [each.name, each.where]));
  return fresh.map((name) => ({ kind: "not-up", where: place.get(name) ?? null, text: `${name} is not up before anything has failed` }));
}

const isSpof = (e: Effect): boolean => !e.absent && e.spof;

function newSpofs({ failures, b }: Comparison): Reason[] {
  return failures.flatMap(({ a: before, b: target, subjects }): Reason[] => {
    const fresh = subjects.filter((s) => isSpof(s.b) && !isSpof(s.a)).map((s) => s.name);
    if (target === null || fresh.length === 0) return [];
    const known = subjects.filter((s) => isSpof(s.a)).length;
    const was = before === null ? "new in this design" : known === 0 ? "was none" : `took ${known} down before`;
    return [{ kind: "new-spof", where: placeOf(b.topology, target), text: `${target} takes down ${some(fresh)} for as long as it is out (${was})` }];
  });
}

const NAMES_MAX = 4;
const some = (names: readonly string[]): string => (names.length <= NAMES_MAX ? names.join(", ") : `${names.slice(0, NAMES_MAX).join(", ")} and ${names.length - NAMES_MAX} more`);
const span = (ns: bigint | null): string => (ns === null ? "for good" : ns === 0n ? "not at all" : `${(Number(ns) / 1e6).toFixed(3)} ms`);

const isLonger = (now: bigint | null, before: bigint | null, threshold: number): boolean =>
  before !== null && (now === null || (Number(now - before) > threshold && Number(now - before) > OUTAGE_SHARE * Number(before)));

/** A flow's longest outage in one of the designs, over all failures that do not take its own server. For good: that is new-spof's. */
function longestOf(failures: Comparison["failures"], side: "a" | "b"): Map<string, { ns: bigint | null; failure: string }> {
  const found = new Map<string, { ns: bigint | null; failure: string }>();
  for (const failure of failures) {
    for (const subject of failure.subjects) {
      const e = subject[side];
      const known = found.get(subject.name);
      if (e.absent || e.own || e.spof || (known !== undefined && !longer(e.ns, known.ns))) continue;
      found.set(subject.name, { ns: e.ns, failure: failure[side]! });
    }
  }
  return found;
}

/** Each flow's longest outage: which failure it is of may be another one, for the way that a hash picks may be. */
function outages({ failures, b, a }: Comparison, threshold: number): Reason[] {
  const before = longestOf(failures, "a");
  const inA = new Set([...a.topology.flows, ...a.topology.services].map((each) => each.name));
  const place = new Map([...b.topology.flows, ...b.topology.services].map((each) => [each.name, each.where]));
  return [...longestOf(failures, "b")].flatMap(([name, now]): Reason[] => {
    const was = before.get(name)?.ns ?? 0n;
    if (!inA.has(name) || before.get(name)?.ns === null || !isLonger(now.ns, was, threshold)) return [];
    return [{ kind: "outage", where: place.get(name) ?? null, text: `${name} is down ${span(now.ns)} when ${now.failure} fails or returns (before at most ${span(was)})` }];
  });
}

/** The same flow after the same failure. */
function eachOutages({ failures, b }: Comparison, threshold: number): Reason[] {
  return failures.flatMap(({ a: target, b: now, subjects }): Reason[] => {
    const worse = subjects.flatMap(({ name, a: x, b: y }) => (x.absent || y.absent || x.own || y.own || y.spof || !isLonger(y.ns, x.ns, threshold) ? [] : [{ name, was: x.ns, is: y.ns }]));
    const most = worse.reduce<(typeof worse)[number] | null>((x, y) => (x === null || longer(y.is, x.is) ? y : x), null);
    if (target === null || now === null || most === null) return [];
    const more = worse.length > 1 ? `, and ${worse.length - 1} more for longer than before` : "";
    return [{ kind: "each-outage", where: placeOf(b.topology, now), text: `${now}: ${most.name} is down ${span(most.is)} (before ${span(most.was)})${more}` }];
  });
}

function budgets({ a, b }: Comparison): Reason[] {
  const kept = b.broken.filter((name) => !a.broken.includes(name));
  const limits = budgetsOf(b.topology);
  const place = new Map([...b.topology.flows, ...b.topology.services].map((each) => [each.name, each.where]));
  return kept.map((name) => ({ kind: "budget", where: place.get(name) ?? null, text: `${name} breaks its max-outage of ${span(limits.get(name) ?? 0n)} after a single failure` }));
}

/** Findings of a plan; those of cables are compared cable by cable. */
const PLANS = ["both-halves", "one-member"];
const EPSILON = 1e-9;

function overloads({ a, b, matching }: Comparison, threshold: number): Reason[] {
  if (a.capacity === null || b.capacity === null) return [];
  const port = new Map(a.capacity.links.flatMap((l) => { const now = matching.links.get(l.link); return now === undefined ? [] : [[`${matching.nodes.get(l.from.split(":")[0]!)} ${now}`, l] as const]; }));
  const fresh = b.capacity.links.flatMap((l): Reason[] => {
    const was = port.get(`${l.from.split(":")[0]} ${l.link}`);
    const [before, now] = [was?.worstShare ?? 0, l.worstShare];
    const above = now > b.capacity!.options.limit && before <= a.capacity!.options.limit;
    const risen = threshold > 0 && (now - before) * 100 > threshold + EPSILON && was !== undefined;
    if (!above && !risen) return [];
    const when = l.worst === null || l.share === l.worstShare ? "when nothing has failed" : `when ${l.worst} has failed`;
    return [{ kind: "capacity", where: l.where, text: `${l.from} to ${l.to} carries ${percent(now)} ${when} (${was === undefined ? "a new cable" : `before ${percent(before)}`})` }];
  });
  const named = (name: string): string => { const [node = "", port] = name.split(":"); return port === undefined ? name : `${matching.nodes.get(node) ?? node}:${port}`; };
  const known = new Set(a.capacity.findings.flatMap((f) => [f.name, ...f.alike].map((name) => `${f.kind} ${named(name)}`)));
  const plans = b.capacity.findings.filter((f) => PLANS.includes(f.kind) && [f.name, ...f.alike].some((name) => !known.has(`${f.kind} ${name}`)));
  return [...fresh, ...plans.map((f): Reason => ({ kind: "capacity", where: f.where, text: f.text }))];
}

/** The most that is lost after one failure: no way, or too much for a cable. */
export function worstLoss({ capacity }: Comparison["a"]): { mbps: number; failure: string } {
  let worst = { mbps: 0, failure: "" };
  for (const f of capacity?.failures ?? []) if (f.lostMbps + f.overloadMbps > worst.mbps) worst = { mbps: f.lostMbps + f.overloadMbps, failure: f.failures.join(" and ") };
  return worst;
}

function losses({ a, b }: Comparison, threshold: number): Reason[] {
  if (a.capacity === null || b.capacity === null) return [];
  const [before, now] = [worstLoss(a), worstLoss(b)];
  if (now.mbps - before.mbps <= threshold + EPSILON) return [];
  return [{ kind: "loss", where: placeOf(b.topology, now.failure), text: `${now.failure}: ${gigabits(now.mbps)} are lost (before at most ${gigabits(before.mbps)})` }];
}

/** Longer even if all that is uncertain about the two is in the second's favour. */
function downtimes({ a, b }: Comparison, threshold: number): Reason[] {
  const before = new Map((a.nines?.subjects ?? []).map((s) => [s.name, s]));
  const place = new Map([...b.topology.flows, ...b.topology.services].map((each) => [each.name, each.where]));
  return (b.nines?.subjects ?? []).flatMap((now): Reason[] => {
    const was = before.get(now.name);
    if (was === undefined || now.down.low - was.down.high <= threshold) return [];
    return [{ kind: "nines", where: place.get(now.name) ?? null, text: `${now.name} is down ${now.down.mean.toFixed(1)} minutes a year (before ${was.down.mean.toFixed(1)})` }];
  });
}

function costs({ a, b }: Comparison, threshold: number): Reason[] {
  const [before, now] = [a.parts.cost, b.parts.cost];
  if (before === null || now === null || now - before <= threshold) return [];
  const money = (n: number): string => `${n}${b.parts.currency === null ? "" : ` ${b.parts.currency}`}`;
  return [{ kind: "cost", where: null, text: `${money(now)}, ${money(now - before)} more than before` }];
}
