// The page of a capacity plan: findings, the network with its full cables, the load of each cable whole and at worst, failures.

import type { CapacityResult } from "../capacity/index.ts";
import { gigabits, percent } from "../capacity/words.ts";
import { plural } from "../report/index.ts";
import { PAGE_VERSION, type Line, type Page, type Table } from "./data.ts";
import { filled, NONE } from "./tables.ts";
import { drawing, type Strength } from "./drawing.ts";
import type { Asked } from "./sweep.ts";

const LINES_MAX = 8;
/** Below the limit, and worth a look all the same. */
const NEARLY = 0.8;

export function capacityPage(result: CapacityResult, { file, version, topology }: Omit<Asked, "seed">): Page {
  const breaks = result.findings.filter((f) => f.breaks);
  const { whole, options } = result;
  const lines = result.findings.slice(0, LINES_MAX).map((f): Line => ({ tone: f.breaks ? "bad" : "warn", text: f.text }));
  if (result.findings.length > LINES_MAX) lines.push({ tone: "plain", text: `and ${result.findings.length - LINES_MAX} more, in the table below` });
  const said = `${gigabits(whole.deliveredMbps)} of ${gigabits(whole.offeredMbps)} delivered while nothing has failed, ${plural(result.failures.length, "failure")} looked at`;
  return {
    format: PAGE_VERSION, command: "capacity", title: `${result.name}: capacity`, about: `${file}, limit ${percent(options.limit)}`, version, pass: breaks.length === 0,
    verdict: breaks.length === 0 ? `Passed: nothing above the limit; ${said}` : `Failed: ${plural(breaks.length, "finding")} above the limit; ${said}`, lines,
    drawing: topology === null ? null : drawing(topology, { strong: `above the limit of ${percent(options.limit)} at worst`, weak: `above ${percent(options.limit * NEARLY)} at worst`, of: marks(result) }),
    timeline: null, intervals: null, tables: filled([findings(result, file), cables(result), failures(result), tiers(result), balance(result), peerLinks(result)]), details: [], chains: [], events: null,
  };
}

function* marks({ links, options: { limit } }: CapacityResult): Generator<[string, Strength, string]> {
  for (const l of links) if (l.worstShare > limit * NEARLY) yield [l.from, l.worstShare > limit ? 2 : 1, `${percent(l.worstShare)} from ${l.from}${l.worst === null ? "" : ` when ${l.worst} has failed`}`];
}

function findings({ findings: list }: CapacityResult, file: string): Table {
  return {
    id: "findings", title: "Findings", note: list.length === 0 ? NONE : "", columns: [{ head: "kind", kind: "text" }, { head: "about", kind: "text" }, { head: "what", kind: "text" }, { head: "place", kind: "text" }, { head: "alike", kind: "number" }],
    rows: list.map((f) => [f.kind, f.name, f.text, `${file}:${f.where.line}:${f.where.col}`, f.alike.length]), tones: list.map((f) => (f.breaks ? "bad" : "warn")), sort: -1,
  };
}

function cables({ links, options }: CapacityResult): Table {
  const used = links.filter((l) => l.worstMbps > 0);
  return {
    id: "cables", title: "Load of cables, before and after", note: `Each direction; after: the failure that makes it most. ${links.length - used.length} carry nothing.`,
    columns: [{ head: "from", kind: "text" }, { head: "to", kind: "text" }, { head: "carries", kind: "mbps" }, { head: "nothing failed", kind: "share" }, { head: "at worst", kind: "share" }, { head: "when this has failed", kind: "text" }],
    rows: used.map((l) => [l.from, l.to, l.capacityMbps, l.share, l.worstShare, l.worst]), tones: used.map((l) => (l.worstShare > options.limit ? "bad" : "plain")), sort: 4,
  };
}

function failures({ failures: list, options }: CapacityResult): Table {
  return {
    id: "failures", title: "Failures", note: "", columns: [{ head: "what has failed", kind: "text" }, { head: "has no way", kind: "mbps" }, { head: "too much, about", kind: "mbps" }, { head: "own servers'", kind: "mbps" }, { head: "fullest cable", kind: "text" }, { head: "load", kind: "share" }],
    rows: list.map((f) => [f.failures.join(" and "), f.lostMbps, f.overloadMbps, f.goneMbps, f.fullest?.from ?? null, f.fullest?.share ?? null]), tones: list.map((f) => ((f.fullest?.share ?? 0) > options.limit ? "bad" : "plain")), sort: 5,
  };
}

function tiers({ tiers: list }: CapacityResult): Table {
  return {
    id: "tiers", title: "Load between the tiers", note: "", columns: [{ head: "from", kind: "text" }, { head: "to", kind: "text" }, { head: "cables", kind: "number" }, { head: "carry", kind: "mbps" }, { head: "mean", kind: "share" }, { head: "fullest", kind: "share" }, { head: "at worst", kind: "share" }],
    rows: list.map((t) => [t.from, t.to, t.cables, t.capacityMbps, t.meanShare, t.maxShare, t.worstShare]), sort: -1,
  };
}

function balance({ balance: list }: CapacityResult): Table {
  return {
    id: "balance", title: "How hashes deal flows", note: "By chance: how often an even hash would deal them so unevenly.", columns: [{ head: "who", kind: "text" }, { head: "hash", kind: "text" }, { head: "flows of each member", kind: "text" }, { head: "max/mean", kind: "number" }, { head: "by chance", kind: "share" }, { head: "verdict", kind: "text" }],
    rows: list.map((g) => [g.name, g.hash, g.counts.join(" "), Number(g.maxOverMean.toFixed(2)), g.chance, g.verdict]), sort: 3,
  };
}

function peerLinks({ peerLinks: list }: CapacityResult): Table {
  return {
    id: "peer-links", title: "Peer-links", note: "Both directions of all members.", columns: [{ head: "pair", kind: "text" }, { head: "nothing failed", kind: "share" }, { head: "at worst", kind: "share" }, { head: "at worst, carries", kind: "mbps" }, { head: "when this has failed", kind: "text" }],
    rows: list.map((p) => [p.pair, p.share, p.worstShare, p.worstMbps, p.worst]), sort: 2,
  };
}
