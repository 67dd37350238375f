// The page of a sweep: single points of failure, then every failure with whom it hit, how long, and why.

import { duration, plural } from "../report/index.ts";
import { cutWords } from "../report/cut-sets.ts";
import { ranked, severest, sweepSummary } from "../report/sweep-order.ts";
import { names, worstBy } from "../report/sweep.ts";
import { failureName, notUpIn, type CutSets, type Hit, type PairsResult, type Span, type SweepResult, type SweepRow, type Verdict } from "../sweep/index.ts";
import type { Topology } from "../topology/model.ts";
import { PAGE_VERSION, type Cell, type Line, type Page, type Part, type Table, type Tone } from "./data.ts";
import { Details } from "./details.ts";
import { filled } from "./tables.ts";
import { drawing, type Strength } from "./drawing.ts";

/** How it was asked for. Without a topology, as when parts are merged, nothing is drawn. */
export interface Asked { file: string; seed: string; version: string; topology: Topology | null }

const LINES_MAX = 8;

const notUpWords = (notUp: readonly string[]): string => `not up before anything failed, so that nothing is said of ${notUp.length === 1 ? "it" : "them"}: ${names(notUp)}`;

export function sweepPage(result: SweepResult, asked: Asked): Page {
  const spofs = ranked(result.rows);
  const lines = spofs.slice(0, LINES_MAX).map(({ row }): Line => ({ tone: "bad", text: `${failureName(row)} takes down ${names(row.spof)}${row.remedy === null ? "" : `; remedy: ${row.remedy}`}` }));
  if (spofs.length > LINES_MAX) lines.push({ tone: "plain", text: `and ${spofs.length - LINES_MAX} more, in the table below` });
  const notUp = notUpIn(result.rows);
  if (notUp.length > 0) lines.push({ tone: "bad", text: notUpWords(notUp) });
  const verdict = spofs.length === 0 && notUp.length > 0 ? `Failed: ${plural(notUp.length, "flow or service", "flows and services")} never up; ${sweepSummary(result)}` : spofs.length === 0 ? `Passed: no single point of failure; ${sweepSummary(result)}` : `Failed: ${plural(spofs.length, "single point", "single points")} of failure; ${sweepSummary(result)}`;
  const spofTable: Table = {
    id: "spof", title: "Single points of failure", note: "", columns: [{ head: "what fails", kind: "text" }, { head: "takes down", kind: "text" }, { head: "how many", kind: "number" }, { head: "remedy", kind: "text" }],
    rows: spofs.map(({ row }) => [failureName(row), names(row.spof), row.spof.length, row.remedy]), tones: spofs.map(() => "bad"), sort: -1,
  };
  return pageOf(result, asked, { command: "sweep", pass: spofs.length === 0 && notUp.length === 0, verdict, lines, first: spofTable });
}

export function pairsPage(result: PairsResult, asked: Asked): Page {
  const { worse, pairs, simulated, notUp } = result;
  const lines = worse.slice(0, LINES_MAX).map((w): Line => ({ tone: "bad", text: `${w.target} take down ${names(w.takesDown)}, which neither does alone` }));
  if (notUp.length > 0) lines.unshift({ tone: "bad", text: notUpWords(notUp) });
  if (worse.length > LINES_MAX) lines.push({ tone: "plain", text: `and ${worse.length - LINES_MAX} more, in the table below` });
  const said = `${plural(pairs, "pair")} of failures, ${simulated} of them simulated, the others cannot meet`;
  const table: Table = {
    id: "worse", title: "Pairs that are worse than each alone", note: "", columns: [{ head: "what fails", kind: "text" }, { head: "takes down", kind: "text" }, { head: "how many", kind: "number" }],
    rows: worse.map((w) => [w.target, names(w.takesDown), w.takesDown.length]), tones: worse.map(() => "bad"), sort: 2,
  };
  return pageOf(result, asked, { command: "sweep --failures 2", pass: worse.length === 0 && notUp.length === 0, verdict: worse.length === 0 && notUp.length > 0 ? `Failed: ${plural(notUp.length, "flow or service", "flows and services")} never up; ${said}` : worse.length === 0 ? `Passed: no pair is worse than its failures alone; ${said}` : `Failed: ${plural(worse.length, "pair")} worse than each failure alone; ${said}`, lines, first: table });
}

interface Head { command: string; pass: boolean; verdict: string; lines: Line[]; first: Table }

function pageOf(result: { name: string; rows: readonly SweepRow[]; cuts: readonly CutSets[] }, { file, seed, version, topology }: Asked, { first, ...head }: Head): Page {
  const details = new Details();
  const tables = filled([first, failures(result.rows, details), cuts(result.cuts)]);
  return {
    format: PAGE_VERSION, title: `${result.name}: what fails, and what it costs`, about: `${file}, seed ${seed}`, version, ...head,
    drawing: topology === null ? null : drawing(topology, { strong: "its failure takes something down for as long as it lasts", weak: "its failure is noticed", of: marks(result.rows, topology) }),
    timeline: null, intervals: null, tables, details: details.list, chains: details.chains, events: null,
  };
}

/** Of servers only what takes others down: each notices its own failure. */
function* marks(rows: readonly SweepRow[], { nodes }: Topology): Generator<[string, Strength, string]> {
  const servers = new Set(nodes.filter((n) => n.kind === "server").map((n) => n.name));
  for (const row of rows) {
    if (row.verdict === "none" || row.kind === "pair" || (servers.has(row.target) && row.spof.length === 0)) continue;
    yield [row.target, row.verdict === "spof" ? 2 : 1, row.spof.length > 0 ? `takes down ${names(row.spof)}` : `${row.op === "fail" ? "" : `${row.op}: `}${plural(row.hits.length, "flow or service", "flows and services")} hit`];
  }
}

const TONES: Record<Verdict, Tone> = { spof: "bad", overload: "bad", budget: "bad", hit: "warn", none: "good" };
const span = (ns: Span): Cell => (ns === null ? "stays down" : ns === "0" ? null : Number(ns));

function failures(rows: readonly SweepRow[], details: Details): Table {
  const hit = severest(rows);
  const all = [...hit, ...rows.filter((row) => row.verdict === "none")];
  return {
    id: "failures", title: "Failures, the worst first", note: `${rows.length - hit.length} of ${rows.length} touch no flow. Choose one to read whom it hit and why.`,
    columns: [
      { head: "what fails", kind: "text" }, { head: "kind", kind: "text" }, { head: "verdict", kind: "text" }, { head: "hit", kind: "number" }, { head: "worst, failure", kind: "ns" }, { head: "worst, return", kind: "ns" },
      { head: "still carried", kind: "share" }, { head: "who and why", kind: "text" },
    ],
    rows: all.map((row): Cell[] => {
      const worst = row.hits.length === 0 ? null : worstBy(row, (h) => h.failureNs);
      const back = row.hits.length === 0 ? null : worstBy(row, (h) => h.returnNs);
      const carried = row.capacity === null || row.capacity.offeredMbps === 0 ? null : row.capacity.servedMbps / row.capacity.offeredMbps;
      return [failureName(row), row.kind, row.verdict, row.hits.length, worst === null ? null : span(worst.failureNs), back === null ? null : span(back.returnNs), carried, worst === null ? null : `${worst.name}: ${worst.reason}`];
    }),
    tones: all.map((row) => TONES[row.verdict]), details: all.map((row) => (row.hits.length === 0 ? -1 : details.add({ title: failureName(row), parts: parts(row, details) }))), sort: -1,
  };
}

const HITS_MAX = 12;

function parts(row: SweepRow, details: Details): Part[] {
  const words = (ns: Span): string => (ns === null ? "stays down" : ns === "0" ? "not down" : duration(BigInt(ns)));
  const facts: [string, string][] = [["hit", plural(row.hits.length, "flow or service", "flows and services")]];
  if (row.remedy !== null) facts.push(["remedy", row.remedy]);
  if (row.same.length > 0) facts.push(["the same", row.same.join(", ")]);
  const list: Part[] = [{ kind: "facts", rows: facts }];
  const told = new Set<number>();
  const shown = row.hits.slice(0, HITS_MAX);
  const lines = shown.map((h: Hit) => `${h.subject} ${h.name}: ${words(h.failureNs)} on failure, ${words(h.returnNs)} on return; ${h.reason}`);
  if (row.hits.length > shown.length) lines.push(`and ${row.hits.length - shown.length} more: --json has all`);
  list.push({ kind: "lines", title: "Whom it hit", lines });
  for (const h of shown) {
    for (const [chain, title] of [[h.down, `${h.name} was down, because`], [h.up, `${h.name} came back, because`]] as const) {
      const links = row.chains[chain];
      if (links === undefined || told.has(chain)) continue;
      told.add(chain);
      list.push({ kind: "chain", title, chain: details.chain(links.map(([since, text]) => [Number(since), text])) });
    }
  }
  return list;
}

function cuts(list: readonly CutSets[]): Table {
  return {
    id: "cuts", title: "Minimal cut sets, of nodes and cables", note: "What has to fail together so that no way is left.", columns: [{ head: "who", kind: "text" }, { head: "sets", kind: "number" }, { head: "which", kind: "text" }],
    rows: list.map((c) => [c.name, c.sets.length, cutWords(c)]), sort: -1,
  };
}
