// The report of a capacity plan: findings first, then the load between the tiers, the fullest cables, the worst failures.

import type { CapacityResult, FailureRow, Finding, LinkRow } from "../capacity/index.ts";
import { gigabits, percent } from "../capacity/words.ts";
import { plural } from "./format.ts";
import { FORMAT_VERSION } from "./json.ts";
import { heading, inText, markdownTable } from "./markdown.ts";
import type { Paint } from "./paint.ts";
import { parquet, type Column } from "./parquet.ts";
import { fittedTable, type TableOptions } from "./table.ts";
import { hanging } from "./wrap.ts";

/** `all`: every cable and failure, idle ones too. */
export interface CapacityPrint extends TableOptions { file: string; all: boolean }

const ROWS_MAX = 15;
const NAMES_MAX = 3;

export function capacityText(result: CapacityResult, options: CapacityPrint): string {
  const { paint, width } = options;
  const head = [paint("bold", title(result)), "", ...summary(result).map((line) => hanging(line, line, "", 2, width)), ""];
  return `${[...head, ...findings(result, options), "", ...bars(result, paint, width), "", ...sections(result, options)].join("\n")}\n`;
}

function title({ name, sources, failures, apart, options }: CapacityResult): string {
  const flows = sources.reduce((sum, s) => sum + s.flows, 0);
  const pairs = failures.filter((f) => f.failures.length === 2).length;
  const runs = options.failures === 0 ? "nothing fails" : `${plural(failures.length - pairs, "single failure")}${options.failures === 2 ? ` and ${plural(pairs, "pair")} (${apart} that do not meet)` : ""}`;
  return `${name}: ${plural(sources.length, "demand")}, ${plural(flows, "flow")}, ${runs}`;
}

function summary({ whole, failures }: CapacityResult): string[] {
  const lines = [`In normal state ${gigabits(whole.deliveredMbps)} of ${gigabits(whole.offeredMbps)} arrive${whole.overloadMbps > 0 ? `, were it not for cables that carry too much: about ${gigabits(whole.overloadMbps)} lost there` : ""}.`];
  const cut = worstBy(failures, (f) => f.lostMbps);
  const full = worstBy(failures, (f) => f.overloadMbps);
  if (cut !== null) lines.push(`At worst ${gigabits(cut.lostMbps)} have no way: ${cut.failures.join(" and ")}.`);
  if (full !== null) lines.push(`At worst about ${gigabits(full.overloadMbps)} are lost on cables that carry too much: ${full.failures.join(" and ")}.`);
  const restless = failures.filter((f) => f.restless).length + (whole.restless ? 1 : 0);
  if (restless > 0) lines.push(`In ${plural(restless, "state")} the ways of flows still moved at the last look.`);
  const flooded = Math.max(whole.flooded, ...failures.map((f) => f.flooded));
  if (flooded > 0) lines.push(`Switches flood frames of up to ${plural(flooded, "flow")}: their copies are not counted.`);
  return lines;
}

function worstBy(rows: readonly FailureRow[], of: (f: FailureRow) => number): FailureRow | null {
  const worst = rows.reduce<FailureRow | null>((a, b) => (a === null || of(b) > of(a) ? b : a), null);
  return worst === null || of(worst) === 0 ? null : worst;
}

function findings(result: CapacityResult, { paint, width, file }: CapacityPrint): string[] {
  const limit = percent(result.options.limit);
  if (result.findings.length === 0) return [paint("green", `no finding: no cable above ${limit}, nothing counted twice, every hash deals evenly`)];
  const breaking = result.findings.filter((f) => f.breaks).length;
  const lines = [paint("bold", `Findings: ${result.findings.length}, ${breaking} of them above the limit (${limit} of a cable)`)];
  for (const f of result.findings) {
    const sign = f.breaks ? "✗" : "!";
    lines.push(hanging(sign, paint(f.breaks ? "red" : "yellow", sign), ` ${f.kind}  ${place(file, f)}  ${f.text}${alike(f)}`, 4, width));
  }
  return lines;
}

const place = (file: string, { where }: Finding): string => `${file}:${where.line}:${where.col}`;

function alike({ alike: names }: Finding): string {
  if (names.length === 0) return "";
  const some = names.slice(0, NAMES_MAX).join(", ");
  return `. Likewise ${names.length > NAMES_MAX ? `${some} and ${names.length - NAMES_MAX} more` : some}`;
}

const BAR = 40;

/** Mean, fullest and fullest after a failure on one bar, with a mark at 100 %. */
function bars({ tiers }: CapacityResult, paint: Paint, width: number): string[] {
  if (tiers.length === 0) return [];
  const names = tiers.map((t) => `${t.from} → ${t.to}`);
  const column = Math.max(...names.map((n) => n.length));
  const room = Math.max(10, Math.min(BAR, width - column - 36));
  const top = Math.max(1, ...tiers.map((t) => t.worstShare));
  const at = (share: number): number => Math.round((share / top) * room);
  const lines = [paint("bold", "Load between the tiers"), `  █ mean  ▓ fullest cable  ░ fullest after a failure  │ 100 %`];
  tiers.forEach((t, i) => {
    const [mean, most, worst, full] = [at(t.meanShare), at(t.maxShare), at(t.worstShare), at(1)];
    const cells = Array.from({ length: room + 1 }, (_, k) => (k === full ? "│" : k < mean ? "█" : k < most ? "▓" : k < worst ? "░" : " ")).join("");
    lines.push(`  ${names[i]!.padEnd(column)}  ${t.worstShare > 1 ? paint("red", cells) : cells} ${percent(t.meanShare).padStart(8)} ${percent(t.maxShare).padStart(8)} ${percent(t.worstShare).padStart(8)}`);
  });
  return lines;
}

interface Section { title: string; head: string[]; rows: string[][]; numeric: number[]; shrinkable: { column: number; min: number }[]; left: string | null }

/** The tables that text and Markdown have in common. */
function tables(result: CapacityResult, all: boolean): Section[] {
  const sections = [cables(result, all)];
  if (result.failures.length > 0) sections.push(failures(result, all));
  if (result.oversubscription.length > 0) sections.push(oversubscription(result));
  if (result.peerLinks.length > 0) sections.push(peerLinks(result));
  const dealt = balance(result, all);
  if (dealt.rows.length > 0) sections.push(dealt);
  return sections;
}

const leftOut = (all: number, shown: number, what: string): string | null => (all > shown ? `${all - shown} more ${what}: --all` : null);

function cables({ links }: CapacityResult, all: boolean): Section {
  const used = links.filter((l) => all || l.worstMbps > 0).sort((a, b) => b.worstShare - a.worstShare || b.share - a.share);
  const rows = used.slice(0, all ? used.length : ROWS_MAX);
  const cells = (l: LinkRow): string[] => [l.from, l.to, gigabits(l.capacityMbps), percent(l.share), percent(l.worstShare), l.worst ?? "nothing has failed"];
  return {
    title: "Cables, the fullest first", head: ["from", "to", "of", "normal", "worst", "when this has failed"], rows: rows.map(cells), numeric: [2, 3, 4],
    shrinkable: [{ column: 5, min: 12 }, { column: 0, min: 10 }, { column: 1, min: 10 }], left: leftOut(used.length, rows.length, "cables"),
  };
}

function failures({ failures: list }: CapacityResult, all: boolean): Section {
  const order = (f: FailureRow): number => f.lostMbps + f.overloadMbps;
  const sorted = [...list].sort((a, b) => order(b) - order(a) || (b.fullest?.share ?? 0) - (a.fullest?.share ?? 0));
  const rows = sorted.slice(0, all ? sorted.length : ROWS_MAX);
  return {
    title: "Failures, the worst first", head: ["what has failed", "has no way", "too much, about", "own servers'", "fullest cable", "load"],
    rows: rows.map((f) => [f.failures.join(" and "), gigabits(f.lostMbps), gigabits(f.overloadMbps), gigabits(f.goneMbps), f.fullest?.from ?? "", percent(f.fullest?.share ?? 0)]), numeric: [1, 2, 3, 5],
    shrinkable: [{ column: 0, min: 12 }, { column: 4, min: 10 }], left: leftOut(sorted.length, rows.length, "failures"),
  };
}

function oversubscription({ oversubscription: list }: CapacityResult): Section {
  return {
    title: "Oversubscription", head: ["tier", "from below", "up", "ratio", "highest", "of"], numeric: [1, 2, 3, 4], shrinkable: [{ column: 5, min: 8 }], left: null,
    rows: list.map((o) => [o.tier, gigabits(o.downMbps), gigabits(o.upMbps), `${o.ratio.toFixed(2)}:1`, `${o.most.ratio.toFixed(2)}:1`, o.most.node]),
  };
}

function peerLinks({ peerLinks: list }: CapacityResult): Section {
  return {
    title: "Peer-links, both directions of all members", head: ["pair", "normal", "worst", "", "when this has failed"], numeric: [1, 2, 3], shrinkable: [{ column: 4, min: 12 }], left: null,
    rows: list.map((p) => [p.pair, gigabits(p.mbps), gigabits(p.worstMbps), percent(p.worstShare), p.worst ?? ""]),
  };
}

function balance({ balance: list }: CapacityResult, all: boolean): Section {
  const sorted = list.filter((g) => all || g.verdict !== "few flows").sort((a, b) => a.chance - b.chance || b.maxOverMean - a.maxOverMean);
  const rows = sorted.slice(0, all ? sorted.length : 8);
  return {
    title: "How hashes deal flows, the least even first", head: ["who", "hash", "flows of each member", "max/mean", "by chance", ""], numeric: [3, 4], shrinkable: [{ column: 2, min: 10 }, { column: 0, min: 10 }],
    left: leftOut(sorted.length, rows.length, "groups"), rows: rows.map((g) => [g.name, g.hash, g.counts.join(" "), g.maxOverMean.toFixed(2), g.chance < 0.0001 ? "< 0.01 %" : percent(g.chance), g.verdict]),
  };
}

function sections(result: CapacityResult, options: CapacityPrint): string[] {
  return tables(result, options.all).flatMap((s) => [
    options.paint("bold", s.title), fittedTable(s.head, s.rows, options, { numeric: s.numeric, shrinkable: s.shrinkable }), ...(s.left === null ? [] : [s.left]), "",
  ]);
}

export function capacityMarkdown(result: CapacityResult, { file, all }: { file: string; all: boolean }): string {
  const found = result.findings.map((f) => `- **${f.kind}**${f.breaks ? "" : " (below the limit)"} \`${place(file, f)}\`: ${inText(`${f.text}${alike(f)}`)}`);
  const lines = [heading(1, `Capacity of ${title(result)}`), "", ...summary(result).map(inText), "", heading(2, "Findings"), "", ...(found.length === 0 ? ["None."] : found), ""];
  for (const s of tables(result, all)) lines.push(heading(2, s.title), "", markdownTable(s), "", ...(s.left === null ? [] : [s.left, ""]));
  return `${lines.join("\n")}`;
}

/** One object. Mbit/s as numbers, shares as parts of one. */
export function capacityJson(result: CapacityResult, file: string): string {
  return `${JSON.stringify({ format: FORMAT_VERSION, file, pass: !result.findings.some((f) => f.breaks), ...result }, null, 2)}\n`;
}

const LINK_COLUMNS: Column<LinkRow>[] = [
  { name: "from", type: "STRING", of: (l) => l.from, required: true }, { name: "to", type: "STRING", of: (l) => l.to, required: true }, { name: "link", type: "STRING", of: (l) => l.link, required: true },
  { name: "lag", type: "STRING", of: (l) => l.lag }, { name: "lead", type: "STRING", of: (l) => l.lead, required: true },
  { name: "capacity_mbps", type: "DOUBLE", of: (l) => l.capacityMbps, required: true }, { name: "mbps", type: "DOUBLE", of: (l) => l.mbps, required: true },
  { name: "worst_mbps", type: "DOUBLE", of: (l) => l.worstMbps, required: true }, { name: "worst_failure", type: "STRING", of: (l) => l.worst },
];

/** A row for each direction of each cable. */
export function capacityParquet(result: CapacityResult, file: string): Promise<Uint8Array> {
  return parquet(result.links, LINK_COLUMNS, { file, topology: result.name, failures: String(result.options.failures) });
}
