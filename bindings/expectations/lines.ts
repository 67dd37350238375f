// Flows, services and applications at an instant: down since when, up since when, the longest outage since a step.

import { causes, timelines, type CauseLink, type Findings, type Outage, type Run } from "../analysis/index.ts";
import type { Outcome } from "../applications/index.ts";
import { formatDuration } from "../duration.ts";
import type { Subject } from "../topology/expectation.ts";

/** Something that contradicts an expectation: in words, and how it came to that. */
export interface Down { words: string; why: CauseLink[] }

interface Interval { startNs: bigint; endNs: bigint | null }
interface Line { firstUpNs: bigint | null; intervals: (Interval & { outage: Outage | null; upId: number | null })[] }

const at = (ns: bigint): string => formatDuration(ns);

export class Lines {
  readonly #run: Run;
  readonly #lines = new Map<string, Line>();

  constructor(run: Run, findings: Findings, applications: readonly Outcome[]) {
    this.#run = run;
    const lines = timelines(run);
    const outages = new Map(findings.outages.filter((o) => o.subject !== "direction").map((o) => [`${o.subject} ${o.name} ${o.startNs}`, o]));
    for (const [kind, names, list] of [["flow", run.names.flows, lines.flows], ["service", run.names.services, lines.services]] as const) {
      names.forEach((name, i) => {
        const line = list[i];
        if (line === undefined) return;
        this.#lines.set(`${kind} ${name}`, { firstUpNs: line.firstUpNs, intervals: line.intervals.map((each) => ({ ...each, outage: outages.get(`${kind} ${name} ${each.startNs}`) ?? null })) });
      });
    }
    for (const outcome of applications) this.#lines.set(`application ${outcome.name}`, { firstUpNs: 0n, intervals: outcome.outages.map((o) => ({ ...o, outage: null, upId: null })) });
  }

  /** Null when it works: just before the instant, or at it. */
  downAt(subject: Subject, atNs: bigint, before: boolean): Down | null {
    const line = this.#of(subject);
    if (line.firstUpNs === null || !reached(line.firstUpNs, atNs, before)) return { words: `${subject.name} has never been up`, why: [] };
    const open = line.intervals.find((i) => reached(i.startNs, atNs, before) && !over(i, atNs, before));
    return open === undefined ? null : { words: `${subject.name} is down since ${at(open.startNs)}${reason(open.outage, atNs)}`, why: open.outage?.why.down ?? [] };
  }

  upSince(subject: Subject, atNs: bigint): Down {
    const last = this.#of(subject).intervals.findLast((i) => i.endNs !== null && i.endNs <= atNs);
    if (last === undefined) return { words: `${subject.name} was not down`, why: [] };
    return { words: `${subject.name} is up since ${at(last.endNs ?? 0n)}`, why: last.upId === null ? [] : causes(this.#run, last.upId) };
  }

  /** The longest outage from `sinceNs` on, if it is longer than the limit, or not over when it is judged. */
  longest(subject: Subject, sinceNs: bigint, atNs: bigint, before: boolean, limitNs: bigint): Down | null {
    const line = this.#of(subject);
    if (line.firstUpNs === null || !reached(line.firstUpNs, atNs, before)) return { words: `${subject.name} has never been up`, why: [] };
    const own = line.intervals.filter((i) => reached(i.startNs, atNs, before) && (i.endNs === null || i.endNs > sinceNs)).map((i) => {
      const open = !over(i, atNs, before);
      return { ...i, open, lengthNs: (open ? atNs : (i.endNs ?? atNs)) - (i.startNs > sinceNs ? i.startNs : sinceNs) };
    });
    const worst = own.filter((i) => i.open || i.lengthNs > limitNs).sort((a, b) => Number(b.open) - Number(a.open) || Number(b.lengthNs - a.lengthNs))[0];
    if (worst === undefined) return null;
    const words = worst.open ? `${subject.name} is still down, for ${at(worst.lengthNs)} by then` : `${subject.name} was down for ${at(worst.lengthNs)} from ${at(worst.startNs)}`;
    return { words: `${words}${reason(worst.outage, worst.open ? atNs : (worst.endNs ?? atNs))}`, why: worst.open ? (worst.outage?.why.down ?? []) : (worst.outage?.why.up.length ?? 0) > 0 ? worst.outage!.why.up : (worst.outage?.why.down ?? []) };
  }

  #of({ kind, name }: Subject): Line { return this.#lines.get(`${kind} ${name}`) ?? { firstUpNs: null, intervals: [] }; }
}

const reached = (ns: bigint, atNs: bigint, before: boolean): boolean => (before ? ns < atNs : ns <= atNs);
/** An interval that ends at the instant is over there, and not just before it. */
const over = (i: Interval, atNs: bigint, before: boolean): boolean => i.endNs !== null && reached(i.endNs, atNs, before);

/** Why frames were lost just before the instant: the reason may change while it lasts. */
function reason(outage: Outage | null, atNs: bigint): string {
  const last = outage?.reasons.findLast((r) => r.atNs < atNs) ?? outage?.reasons[0];
  return last === undefined ? "" : `: ${last.words}${last.place === null ? "" : ` at ${last.place}`}`;
}
