// The page of availability: every subject with its interval, what contributes to its downtime, and what all of it is built on.

import { spanText, type NinesResult, type NinesSubject } from "../nines/index.ts";
import { aboutLines, checkWords, limits } from "../report/nines.ts";
import { availabilityWords, downWords, intervalWords, ninesWords, oftenWords, outagesWords, spent } from "../report/nines-words.ts";
import { plural } from "../report/index.ts";
import { PAGE_VERSION, type Cell, type Page, type Part, type Table } from "./data.ts";
import { Details } from "./details.ts";
import { filled } from "./tables.ts";
import { drawing, type Strength } from "./drawing.ts";
import type { Asked } from "./sweep.ts";

export function ninesPage(result: NinesResult, { file, seed, version, topology }: Asked): Page {
  const details = new Details();
  const subjects = [...result.subjects].sort((a, b) => Number(b.neverUp) - Number(a.neverUp) || b.down.mean - a.down.mean);
  const place = new Map(subjects.map((s) => [s, s.neverUp ? -1 : details.add({ title: `${s.name}: what causes its downtime`, parts: parts(s) })]));
  const never = subjects.filter((s) => s.neverUp);
  const worst = subjects.find((s) => !s.neverUp);
  return {
    format: PAGE_VERSION, command: "nines", title: `${result.topology}: availability`, about: aboutLines(result, { file, seed: BigInt(seed) }).join(" "), version, pass: never.length === 0 ? null : false,
    verdict: never.length > 0 ? `${plural(never.length, "service")} not up to begin with` : worst === undefined ? "nothing to tell" : `The least available, ${worst.name}: ${availabilityWords(worst.down)}, down ${downWords(worst.down)} a year`,
    lines: [...never.map((s) => ({ tone: "bad" as const, text: `${s.name} is not up while nothing has failed: run the file first` })), ...limits(result).map((text) => ({ tone: "plain" as const, text }))],
    drawing: topology === null ? null : drawing(topology, { strong: "takes a service down alone, for as long as it lasts", weak: "contributes to a downtime", of: marks(subjects) }),
    timeline: null,
    intervals: { title: "Downtime a year, and how sure it is", rows: subjects.filter((s) => !s.neverUp).map((s) => ({ name: s.name, mean: s.down.mean, low: s.down.low, high: s.down.high, text: `${ninesWords(s)} nines, down ${downWords(s.down)} a year, ${intervalWords(s)}`, detail: place.get(s) ?? -1 })) },
    tables: filled([table(subjects, place), contributions(subjects), assumed(result)]), details: details.list, chains: [], events: null,
  };
}

function table(subjects: readonly NinesSubject[], place: ReadonlyMap<NinesSubject, number>): Table {
  return {
    id: "subjects", title: "Services", note: "Choose one for what contributes to its downtime.",
    columns: [
      { head: "who", kind: "text" }, { head: "kind", kind: "text" }, { head: "availability", kind: "text" }, { head: "nines", kind: "text" }, { head: "down a year", kind: "text" }, { head: "minutes a year", kind: "number" }, { head: "95 % interval", kind: "text" },
      { head: "of it changing over", kind: "share" }, { head: "outages", kind: "text" }, { head: "by", kind: "text" },
    ],
    rows: subjects.map((s): Cell[] => (s.neverUp ? [s.name, s.kind, null, null, null, "not up to begin with", null, null, null, null]
      : [s.name, s.kind, availabilityWords(s.down), ninesWords(s), downWords(s.down), Number(s.down.mean.toPrecision(3)), intervalWords(s), s.down.mean > 0 ? s.switching / s.down.mean : null, outagesWords(s.outagesPerYear), s.by])),
    tones: subjects.map((s) => (s.neverUp ? "bad" : "plain")), details: subjects.map((s) => place.get(s) ?? -1), sort: 5,
  };
}

function contributions(subjects: readonly NinesSubject[]): Table {
  const all = subjects.flatMap((s) => s.causes.map((c) => [s, c] as const));
  return {
    id: "causes", title: "Contributions", note: "What causes the downtime of each.",
    columns: [{ head: "who", kind: "text" }, { head: "cause", kind: "text" }, { head: "share", kind: "share" }, { head: "down a year", kind: "text" }, { head: "minutes a year", kind: "number" }, { head: "how often", kind: "text" }, { head: "each lasts", kind: "text" }],
    rows: all.map(([s, c]) => [s.name, c.name, c.share, spent(c.minutes, c.minutes * 0.05), Number(c.minutes.toPrecision(3)), oftenWords(c.perYear), spanText(c.repairHours)]), sort: 4,
  };
}

function parts(s: NinesSubject): Part[] {
  const list: Part[] = [{ kind: "facts", rows: [["availability", availabilityWords(s.down)], ["down a year", downWords(s.down)], ["interval", intervalWords(s)], ...(s.check === null ? [] : [["checked", checkWords(s)] as [string, string]])] }];
  if (s.causes.length > 0) list.push({ kind: "bars", title: "Contributions", rows: s.causes.map((c) => ({ name: c.name, share: c.share, text: `${oftenWords(c.perYear)}, ${spanText(c.repairHours)} each` })) });
  if (s.cuts !== null && s.cuts.length > 0) list.push({ kind: "lines", title: "Takes it down for as long as it lasts", lines: s.cuts.map((cut) => cut.join(" with ")) });
  if (s.histogram !== null) {
    const total = s.histogram.reduce((sum, b) => sum + b.years, 0);
    list.push({ kind: "bars", title: "Simulated years by how long it was down in them", rows: s.histogram.map((b) => ({ name: Number.isFinite(b.upToMinutes) ? `up to ${spent(b.upToMinutes, b.upToMinutes * 0.05)}` : "longer", share: b.years / total, text: plural(b.years, "year") })) });
  }
  return list;
}

/** Names of causes are those of nodes and cables, with the way in which they fail. */
function* marks(subjects: readonly NinesSubject[]): Generator<[string, Strength, string]> {
  for (const s of subjects) {
    for (const [name] of (s.cuts ?? []).filter((cut) => cut.length === 1)) for (const part of placesIn(name!)) yield [part, 2, `takes ${s.name} down`];
    for (const c of s.causes) for (const part of placesIn(c.name)) yield [part, 1, `${c.name}: part of the downtime of ${s.name}`];
  }
}

const placesIn = (words: string): string[] => [words, ...words.split(/[ ,]+/)];

function assumed({ assumed: list }: NinesResult): Table {
  return {
    id: "assumed", title: "Assumed: not in the file's failures section", note: "Judgement derived from published studies.", columns: [{ head: "what", kind: "text" }, { head: "value", kind: "text" }, { head: "verified", kind: "text" }, { head: "basis", kind: "text" }],
    rows: list.map((a) => [a.what, a.value, a.unverified ? "unverified" : "yes", a.basis]), tones: list.map((a) => (a.unverified ? "warn" : "plain")), sort: -1,
  };
}
