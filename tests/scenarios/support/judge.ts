// Holds a run to what a scenario expects of it.

import * as abi from "../../../assembly/abi.ts";
import { describer, statistics, type Findings, type Outage } from "../../../bindings/analysis/index.ts";
import { outcomes } from "../../../bindings/applications/index.ts";
import { expectations, type Judged } from "../../../bindings/expectations/index.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import { duration, time } from "../../../bindings/report/format.ts";
import { FOREVER, SLACK_NS, spanText, type Claim, type Expectation, type Span, type Subject } from "./expect.ts";

/** One trace record as words: node, protocol, and the words of what changed and where. */
export interface Entry { id: number; atNs: bigint; words: string[] }

export interface Verdict { expectation: Expectation; observed: string; ok: boolean; aroundNs: bigint | null }

export class Judge {
  readonly findings: Findings;
  readonly #run: RunResult;
  readonly #entries: Entry[];
  readonly #expected: Judged[];
  readonly #explained = new Set<Outage>();

  constructor(run: RunResult) {
    this.#run = run;
    this.findings = statistics(run);
    this.#expected = expectations(run, this.findings, outcomes(run));
    this.#entries = entriesOf(run);
  }

  /** One verdict a line, and one for each outage of a subject that a line names and no line explains. */
  all(expectations: readonly Expectation[]): Verdict[] {
    const order = [...expectations].sort((a, b) => Number(a.claim.is === "nothing-else") - Number(b.claim.is === "nothing-else"));
    const verdicts = order.map((expectation) => this.#one(expectation));
    return [...verdicts, ...this.#unexplained(expectations)].sort((a, b) => a.expectation.line - b.expectation.line);
  }

  #one(expectation: Expectation): Verdict {
    const { ok, observed, aroundNs } = this.#judge(expectation.claim);
    return { expectation, ok, observed, aroundNs: aroundNs ?? null };
  }

  #judge(claim: Claim): { ok: boolean; observed: string; aroundNs?: bigint } {
    switch (claim.is) {
      case "down": return this.#down(claim);
      case "up": return this.#up(claim.of, claim.during);
      case "nothing-else": return this.#nothingElse();
      case "never-up": return this.#neverUp(claim);
      case "record": return this.#record(claim.words, claim.during, claim.times);
      case "state": return this.#state(claim.words, claim.state, claim.atNs);
      case "why": return this.#why(claim);
      case "hops": return this.#hops(claim.of, claim.hops, claim.atNs);
      case "expectation": return this.#expectation(claim);
      case "exit": { const code = this.findings.pass && this.#expected.every((e) => e.kept) ? 0 : 1; return { ok: code === claim.code, observed: `exit ${code}` }; }
      case "assumed": return this.#assumed(claim);
      case "refused": return { ok: false, observed: "the topology was accepted" };
    }
  }

  #of(subject: Subject): Outage[] {
    const { kind, name, direction } = subject;
    const known = kind === "flow" ? this.#run.names.flows : this.#run.names.services;
    if (!known.includes(name)) throw new Error(`there is no ${kind} "${name}"; there are ${known.join(", ")}`);
    const wanted = direction === null ? kind : "direction";
    return this.findings.outages.filter((o) => o.subject === wanted && o.name === name && o.direction === direction);
  }

  #down({ of, within, length, open, may, because }: Extract<Claim, { is: "down" }>): { ok: boolean; observed: string; aroundNs: bigint } {
    const all = this.#of(of);
    const fits = (o: Outage): boolean => {
      if (!inside(o.startNs, within) || (o.endNs === null) !== open) return false;
      if (length === null && o.endNs !== null && !inside(o.endNs, within)) return false;
      if (length !== null && !inside(o.lengthNs, length)) return false;
      return because === null || o.reasons.some((r) => r.key === because);
    };
    const found = all.filter(fits);
    for (const each of may ? found : found.slice(0, 1)) this.#explain(each);
    const near = all.find((o) => inside(o.startNs, within)) ?? all[0];
    return { ok: may || found.length > 0, observed: listed(all), aroundNs: near?.startNs ?? within.fromNs };
  }

  /** An outage that a line fits, and the same loss told as the flow's or as one direction's. */
  #explain(outage: Outage): void {
    this.#explained.add(outage);
    if (outage.subject !== "direction") return;
    for (const o of this.findings.outages) {
      if (o.subject === "flow" && o.name === outage.name && o.startNs <= outage.startNs && o.lengthNs >= outage.lengthNs) this.#explained.add(o);
    }
  }

  #up(of: Subject | null, during: Span): { ok: boolean; observed: string; aroundNs?: bigint } {
    const candidates = of === null ? this.findings.outages.filter((o) => o.subject !== "direction") : this.#of(of);
    const all = candidates.filter((o) => counts(o) && o.startNs <= during.toNs && (o.endNs === null || o.endNs > during.fromNs));
    const first = all[0];
    if (first === undefined) return { ok: true, observed: "no outage" };
    return { ok: false, observed: listed(all), aroundNs: first.startNs };
  }

  #nothingElse(): { ok: boolean; observed: string; aroundNs?: bigint } {
    const rest = this.findings.outages.filter((o) => o.subject !== "direction" && counts(o) && !this.#explained.has(o));
    const first = rest[0];
    return first === undefined ? { ok: true, observed: "no other outage" } : { ok: false, observed: listed(rest), aroundNs: first.startNs };
  }

  #neverUp({ of, because }: Extract<Claim, { is: "never-up" }>): { ok: boolean; observed: string } {
    this.#of(of);
    const late = this.findings.notReady.find((n) => n.subject === of.kind && n.name === of.name);
    if (late === undefined) return { ok: false, observed: "it was up before the first step" };
    const observed = late.firstUpNs === null ? `never up: ${late.key}` : `first up at ${time(late.firstUpNs)}`;
    return { ok: late.firstUpNs === null && (because === null || because === late.key), observed };
  }

  #record(words: string[], during: Span, times: Span | null): { ok: boolean; observed: string; aroundNs: bigint } {
    const all = this.#entries.filter((e) => matches(e.words, words));
    const found = all.filter((e) => inside(e.atNs, during));
    const count = BigInt(found.length);
    const ok = times === null ? count > 0n : count >= times.fromNs && count <= times.toNs;
    const shown = all.filter((e) => e.atNs >= 0n).slice(0, 8).map((e) => `${time(e.atNs)} ${e.words.slice(2).join(" ")}`);
    const aroundNs = (times === null ? during.fromNs : found[0]?.atNs) ?? during.fromNs;
    return { ok, observed: `${found.length} in ${spanText(during)}; since 0 s: ${shown.join("; ") || "none"}`, aroundNs };
  }

  #state(words: string[], state: string, atNs: bigint): { ok: boolean; observed: string; aroundNs: bigint } {
    const last = this.#entries.findLast((e) => e.atNs <= atNs && matches(e.words, words));
    if (last === undefined) return { ok: false, observed: `nothing was said by then about ${words.join(" ")}`, aroundNs: atNs };
    const change = last.words.find((word, i) => i > 1 && /\S>\S/.test(word));
    const now = change === undefined ? last.words[2] : change.slice(change.lastIndexOf(">") + 1);
    return { ok: now === state, observed: `${now ?? "?"} since ${time(last.atNs)}`, aroundNs: atNs };
  }

  #why({ of, text, kept }: Extract<Claim, { is: "why" }>): { ok: boolean; observed: string; aroundNs?: bigint } {
    const told = this.#of(of).map((o) => {
      const ended = o.why.keptDown?.endedBy.text ?? "";
      return kept ? ended : [...o.why.down, ...o.why.up].map((link) => link.text).join(" | ");
    });
    return { ok: told.some((each) => each.includes(text)), observed: told.join("\n             ") || "no outage" };
  }

  #hops(of: Subject, hops: number, atNs: bigint): { ok: boolean; observed: string } {
    this.#of(of);
    const entity = this.#run.names.flows.indexOf(of.name) * 2 + (of.direction ?? 0);
    let last: number | null = null;
    for (const r of this.#run.trace) if (r.at <= atNs && r.kind === abi.T_FLOW_UP && r.entity === entity) last = r.a;
    return { ok: last === hops, observed: last === null ? "never up" : `${last} hops` };
  }

  #assumed({ text, value }: Extract<Claim, { is: "assumed" }>): { ok: boolean; observed: string } {
    const found = this.#run.topology.assumptions.filter((a) => a.what.includes(text));
    const ok = found.some((a) => value === null || a.value === value);
    return { ok, observed: found.map((a) => `${a.what} ${a.value}`).join("; ") || "nothing of that name is assumed" };
  }

  /** What the topology file's own scenario expects. */
  #expectation({ text, kept }: Extract<Claim, { is: "expectation" }>): { ok: boolean; observed: string } {
    const found = this.#expected.filter((e) => e.text === text);
    const said = (e: Judged): string => `${e.text} at ${time(e.atNs)}: ${e.kept ? "kept" : `broken: ${e.observed}`}`;
    return { ok: found.length > 0 && found.some((e) => e.kept === kept) && (!kept || found.every((e) => e.kept)), observed: (found.length > 0 ? found : this.#expected).map(said).join("; ") };
  }

  #unexplained(expectations: readonly Expectation[]): Verdict[] {
    const seen = new Map<string, Expectation>();
    for (const e of expectations) {
      const { claim } = e;
      if (claim.is === "down") seen.set(`${claim.of.kind} ${claim.of.name}`, e);
    }
    return this.findings.outages.flatMap((o) => {
      const expectation = o.subject === "direction" ? undefined : seen.get(`${o.subject} ${o.name}`);
      if (expectation === undefined || !counts(o) || this.#explained.has(o)) return [];
      return [{ expectation, ok: false, observed: `an outage that no line expects: ${listed([o])}`, aroundNs: o.startNs }];
    });
  }
}

function entriesOf(run: RunResult): Entry[] {
  const describe = describer(run.names, run.topology);
  const entries: Entry[] = [];
  for (const r of run.trace) {
    const { node, protocol, change, place } = describe(r);
    entries.push({ id: r.id, atNs: r.at, words: [node, protocol, ...`${change} ${place}`.split(/\s+/).filter((word) => word !== "")] });
  }
  return entries;
}

/** Node and protocol, then the other words in this order; MASTER stands for every step that ends in it. */
function matches(words: readonly string[], pattern: readonly string[]): boolean {
  if (words[0] !== pattern[0] || words[1] !== pattern[1]) return false;
  let at = 2;
  for (const wanted of pattern.slice(2)) {
    while (at < words.length && words[at] !== wanted && !words[at]!.endsWith(`>${wanted}`)) at++;
    if (at++ >= words.length) return false;
  }
  return true;
}

/** What two ends cannot know of each other for the time of a frame on its way: no outage that anybody asks about. */
function counts(o: Outage): boolean { return o.endNs === null || o.lengthNs > SLACK_NS; }

function inside(ns: bigint, { fromNs, toNs }: Span): boolean {
  return ns >= fromNs && (toNs >= FOREVER || ns <= toNs + SLACK_NS);
}

function listed(all: readonly Outage[]): string {
  if (all.length === 0) return "no outage";
  return all.map((o) => {
    const reasons = [...new Set(o.reasons.map((r) => r.key))].join(", ");
    return `${o.name} down ${time(o.startNs)} to ${o.endNs === null ? "the end" : time(o.endNs)} (${duration(o.lengthNs)}; ${reasons})`;
  }).join("; ");
}
