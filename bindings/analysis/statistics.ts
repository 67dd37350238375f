// What a run comes to: worst and total outage of each flow and service, budgets, groups by scenario step.

import * as abi from "../../assembly/abi.ts";
import { outages, notReady, type NotReady, type Outage, type Phase } from "./outages.ts";
import { probeStatistics, type ProbeStatistics } from "./probes.ts";
import type { Run } from "./run.ts";
import { securityFindings, type SecurityFinding } from "./security.ts";
import { timelines } from "./timeline.ts";
import { storms, type Storm } from "./storms.ts";
import { phaseOf, stepText } from "./steps.ts";

export interface Worst { lengthNs: bigint; open: boolean; step: number | null }

export interface SubjectStatistics {
  subject: "flow" | "service";
  name: string;
  outages: number;
  totalNs: bigint;
  failure: Worst | null;
  return: Worst | null;
  worst: Worst | null;
  maxOutageNs: bigint | null;
  /** budget kept; null: no budget */
  kept: boolean | null;
}

/** Outages of one scenario step. Flows with the same chain of causes share one explanation. */
export interface StepFindings {
  step: number | null; // null: before the first step
  text: string;
  atNs: bigint | null;
  phase: Phase | null;
  outages: Outage[]; // services and flows, longest first
  explanations: Explanation[];
}

export interface Explanation { names: string[]; outage: Outage }


export interface Findings {
  outages: Outage[];
  steps: StepFindings[];
  subjects: SubjectStatistics[];
  notReady: NotReady[];
  probes: ProbeStatistics[];
  storms: Storm[];
  budgets: { kept: number; broken: number };
  stillDown: number;
  security: SecurityFinding[];
  pass: boolean;
}

export function statistics(run: Run): Findings {
  // The flows of an application are its own business: they are reported as what became of it.
  const inner = new Set(run.topology.flows.filter((f) => f.role === "application").map((f) => f.name));
  const lines = timelines(run);
  const all = outages(run, lines).filter((o) => o.subject === "service" || !inner.has(o.name));
  const late = notReady(run, lines);
  const subjects = subjectStatistics(run, all, late);
  const loops = storms(run);
  const broken = subjects.filter((s) => s.kept === false).length;
  const ofFlows = all.filter((o) => o.subject !== "direction");
  return {
    outages: all, steps: stepFindings(run, ofFlows), subjects, notReady: late, probes: probeStatistics(run), storms: loops,
    budgets: { kept: subjects.filter((s) => s.kept === true).length, broken },
    stillDown: ofFlows.filter((o) => o.endNs === null).length,
    security: securityFindings(run),
    pass: broken === 0 && loops.length === 0, // a loop is never what was wanted
  };
}

function subjectStatistics(run: Run, all: Outage[], late: NotReady[]): SubjectStatistics[] {
  const services = run.topology.services.map((s) => ({ subject: "service" as const, name: s.name, maxOutageNs: s.maxOutageNs }));
  const flows = run.topology.flows.map((f) => ({ subject: "flow" as const, name: f.name, maxOutageNs: f.maxOutageNs }));
  const bySubject = new Map<string, Outage[]>();
  for (const o of all) listOf(bySubject, `${o.subject} ${o.name}`).push(o);
  return [...services, ...flows].map((who) => {
    const own = bySubject.get(`${who.subject} ${who.name}`) ?? [];
    const worst = worstOf(own);
    const never = late.some((n) => n.subject === who.subject && n.name === who.name && n.firstUpNs === null);
    return {
      ...who, outages: own.length, totalNs: own.reduce((sum, o) => sum + o.lengthNs, 0n),
      failure: worstOf(own.filter((o) => o.phase === "failure")), return: worstOf(own.filter((o) => o.phase === "return")), worst,
      kept: who.maxOutageNs === null ? null : !never && (worst === null || keeps(worst, who.maxOutageNs)),
    };
  });
}

function listOf<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const fresh: V[] = [];
  lists.set(key, fresh);
  return fresh;
}

/** Still down at the end: how long it would have lasted is not known, so no budget is kept. */
function keeps(worst: Worst, maxOutageNs: bigint): boolean { return !worst.open && worst.lengthNs <= maxOutageNs; }

function worstOf(list: Outage[]): Worst | null {
  let worst: Worst | null = null;
  for (const o of list) {
    const open = o.endNs === null;
    if (worst === null || (open && !worst.open) || (open === worst.open && o.lengthNs > worst.lengthNs)) worst = { lengthNs: o.lengthNs, open, step: o.step };
  }
  return worst;
}

function stepFindings(run: Run, list: Outage[]): StepFindings[] {
  const order = run.scenario.steps.map((_, i) => i).sort((x, y) => Number(run.scenario.steps[x]!.atNs - run.scenario.steps[y]!.atNs) || x - y);
  const steps: StepFindings[] = order.map((i) => {
    const s = run.scenario.steps[i]!;
    return { step: i, text: stepText(run, i), atNs: s.atNs, phase: phaseOf(s), ...groups(list.filter((o) => o.step === i)) };
  });
  const before = list.filter((o) => o.step === null);
  if (before.length > 0) steps.unshift({ step: null, text: "before the first step", atNs: null, phase: null, ...groups(before) });
  return steps;
}

function groups(list: Outage[]): { outages: Outage[]; explanations: Explanation[] } {
  const sorted = list.sort((x, y) => Number((y.endNs === null ? 1n : 0n) - (x.endNs === null ? 1n : 0n)) || compare(y.lengthNs, x.lengthNs) || order(x) - order(y));
  const byChain = new Map<string, Explanation>();
  for (const outage of sorted) {
    const key = chainKey(outage);
    const known = byChain.get(key);
    if (known === undefined) byChain.set(key, { names: [outage.name], outage });
    else if (!known.names.includes(outage.name)) known.names.push(outage.name);
  }
  return { outages: sorted, explanations: [...byChain.values()] };
}

/** The same records, but for the last ones, which name the flow. */
function chainKey(o: Outage): string {
  const ids = (links: { id: number; kind: number }[]): string => links.filter((l) => l.kind !== abi.T_FLOW_DOWN && l.kind !== abi.T_FLOW_UP).map((l) => l.id).join(" ");
  return `${ids(o.why.down)}/${ids(o.why.up)}/${o.startNs}/${o.endNs}`;
}

function compare(x: bigint, y: bigint): number { return x < y ? -1 : x > y ? 1 : 0; }
function order(o: Outage): number { return (o.subject === "service" ? 0 : 1e6) + o.index; }
