// Door of the expectations folder: what the steps of a scenario expected, and whether it was so. Pure: reads a finished run.

import { causes, type CauseLink, type Findings, type Run } from "../analysis/index.ts";
import type { Outcome } from "../applications/index.ts";
import type { Expectation, Expected } from "../topology/expectation.ts";
import type { Step, Where } from "../topology/model.ts";
import { stepName } from "../topology/guests.ts";
import { Instants } from "./instant.ts";
import { Lines, type Down } from "./lines.ts";

export interface Judged {
  where: Where;
  /** "up web" */
  text: string;
  /** index into scenario.steps of the step that it was said of; null: of none */
  step: number | null;
  stepText: string | null;
  /** since when, and the instant it was judged at; the end of the run is one */
  sinceNs: bigint;
  atNs: bigint;
  /** judged just before `atNs`, when the next step begins */
  before: boolean;
  kept: boolean;
  /** what was so instead; null when kept */
  observed: string | null;
  /** how it came to that; empty when kept, or when nothing led there */
  why: CauseLink[];
}

interface Moment { sinceNs: bigint; atNs: bigint; before: boolean; step: number | null }

/** In the order of the instants at which they are judged, then as the file has them. */
export function expectations(run: Run, findings: Findings, applications: readonly Outcome[]): Judged[] {
  const all = (run.scenario.expectations ?? []).map((expectation) => ({ expectation, moment: momentOf(run, expectation) }));
  if (all.length === 0) return [];
  all.sort((a, b) => (a.moment.atNs < b.moment.atNs ? -1 : a.moment.atNs > b.moment.atNs ? 1 : Number(b.moment.before) - Number(a.moment.before)));
  const judge = new Judge(run, findings, applications);
  return all.flatMap(({ expectation, moment }) => judge.all(expectation, moment));
}

/** When it is judged, and since when outages count. The steps are those that were run: a command line may have added some. */
function momentOf(run: Run, { stepAtNs, stepWhere, doneNs, withinNs }: Expectation): Moment {
  const { steps } = run.scenario;
  const own = stepAtNs === null ? latest(steps, doneNs) : steps.findIndex((s) => s.atNs === stepAtNs && s.where.line === stepWhere?.line && s.where.col === stepWhere.col);
  const sinceNs = stepAtNs ?? steps[own]?.atNs ?? 0n;
  const step = own < 0 ? null : own;
  if (withinNs !== null || stepAtNs === null) return { sinceNs, atNs: (stepAtNs ?? doneNs) + (withinNs ?? 0n), before: false, step };
  const nextNs = steps.reduce<bigint | null>((ns, s) => (s.atNs > doneNs && (ns === null || s.atNs < ns) ? s.atNs : ns), null);
  return nextNs === null ? { sinceNs, atNs: run.endNs, before: false, step } : { sinceNs, atNs: nextNs, before: true, step };
}

/** The last step that is not after an instant, -1 if there is none. */
function latest(steps: readonly Step[], atNs: bigint): number {
  return steps.reduce((found, s, i) => (s.atNs <= atNs && (found < 0 || s.atNs >= steps[found]!.atNs) ? i : found), -1);
}

const SHOWN = 4;

class Judge {
  readonly #run: Run;
  readonly #instants: Instants;
  readonly #lines: Lines;

  constructor(run: Run, findings: Findings, applications: readonly Outcome[]) {
    this.#run = run;
    this.#instants = new Instants(run);
    this.#lines = new Lines(run, findings, applications);
  }

  all({ expected }: Expectation, moment: Moment): Judged[] {
    this.#instants.to(moment.atNs, !moment.before);
    return expected.map((one) => {
      const { kept, observed, why } = this.#one(one, moment);
      const step = moment.step === null ? undefined : this.#run.scenario.steps[moment.step];
      return { where: one.where, text: one.text, ...moment, stepText: step === undefined ? null : stepName(step), kept, observed: kept ? null : observed, why: kept ? [] : why };
    });
  }

  #one(expected: Expected, moment: Moment): Pick<Judged, "kept" | "observed" | "why"> {
    switch (expected.kind) {
      case "up": return this.#up(expected, moment);
      case "down": return this.#down(expected, moment);
      case "max-outage": return this.#outages(expected, moment);
      case "active": case "standby": return this.#holders(expected);
    }
  }

  #up({ subjects }: Expected & { kind: "up" | "down" }, { atNs, before }: Moment): Pick<Judged, "kept" | "observed" | "why"> {
    const down = subjects.flatMap((subject) => this.#lines.downAt(subject, atNs, before) ?? []);
    return { kept: down.length === 0, observed: several(down.map((d) => d.words), subjects.length), why: down[0]?.why ?? [] };
  }

  #down({ subjects }: Expected & { kind: "up" | "down" }, { atNs, before }: Moment): Pick<Judged, "kept" | "observed" | "why"> {
    const up = subjects.filter((subject) => this.#lines.downAt(subject, atNs, before) === null);
    const since = up.map((subject) => this.#lines.upSince(subject, atNs));
    return { kept: up.length === 0, observed: several(since.map((u) => u.words), subjects.length), why: since[0]?.why ?? [] };
  }

  #outages({ subjects, limitNs }: Expected & { kind: "max-outage" }, { sinceNs, atNs, before }: Moment): Pick<Judged, "kept" | "observed" | "why"> {
    const long: Down[] = subjects.flatMap((subject) => this.#lines.longest(subject, sinceNs, atNs, before, limitNs) ?? []);
    return { kept: long.length === 0, observed: several(long.map((d) => d.words), subjects.length), why: long[0]?.why ?? [] };
  }

  #holders({ kind, of, members }: Expected & { kind: "active" | "standby" }): Pick<Judged, "kept" | "observed" | "why"> {
    const odd = of.flatMap((elected) => {
      const holders = this.#instants.of(elected);
      const found = holders[kind];
      if (found.length === members.length && found.every((name) => members.includes(name))) return [];
      return [{ words: `${of.length > 1 ? `${elected.name} ` : ""}${found.length === 0 ? "none" : found.join(", ")}`, last: holders.last }];
    });
    const last = odd[0]?.last ?? null;
    return { kept: odd.length === 0, observed: several(odd.map((o) => o.words), of.length), why: last === null ? [] : causes(this.#run, last.id) };
  }
}

/** "web-1 down since 10.000 s, ... and 3 more"; of how many, when there are others. */
function several(words: readonly string[], of: number): string {
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : "";
  return `${of > 1 ? `${words.length} of ${of}: ` : ""}${words.slice(0, SHOWN).join("; ")}${more}`;
}
