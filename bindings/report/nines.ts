// The report of availability: a table of services, for each what causes its downtime, how years went, and what all of it is built on.

import { spanText, type Assumed, type Bin, type NinesResult, type NinesSubject } from "../nines/index.ts";
import { plural } from "./format.ts";
import { heading, inText, markdownTable } from "./markdown.ts";
import { availabilityWords, downWords, halfWidth, intervalWords, ninesWords, oftenWords, outagesWords, shareWords, spent } from "./nines-words.ts";
import { fittedTable, type TableOptions } from "./table.ts";
import { hanging, wrapped } from "./wrap.ts";

/** `all`: every service, cause and cut set. */
export interface NinesPrint extends TableOptions { file: string; seed: bigint; all: boolean }

const SUBJECTS_MAX = 20;
const CAUSES_MAX = 8;
const CUTS_MAX = 6;
const BAR = 24;
const FEW = 10;

const HEAD = ["service", "availability", "nines", "down a year", "95 % interval", "of it changing over", "outages"];

export function ninesText(result: NinesResult, options: NinesPrint): string {
  const { paint, width } = options;
  const shown = worstFirst(result).slice(0, options.all ? Infinity : SUBJECTS_MAX);
  const layout = { numeric: [1, 2, 3, 5], shrinkable: [{ column: 0, min: 12 }, { column: 4, min: 10 }, { column: 6, min: 10 }, { column: 5, min: 9 }] };
  const lines = [
    paint("bold", `${result.topology}: availability of ${plural(result.subjects.length, wordOf(result))}`), ...aboutLines(result, options).map((line) => hanging("", "", line, 2, width)), "",
    fittedTable(HEAD, shown.map(cells), options, layout),
  ];
  if (result.subjects.length > shown.length) lines.push(`the ${shown.length} worst of ${result.subjects.length}; --all shows all`);
  for (const subject of shown) lines.push("", ...details(subject, result, options));
  lines.push("", ...assumedLines(result.assumed, options), "", ...limits(result).map((line) => hanging("", "", line, 2, width)));
  return `${lines.join("\n")}\n`;
}

/** The worst first; in the order of the file where they are equal. */
const worstFirst = (result: NinesResult): NinesSubject[] => [...result.subjects].sort((a, b) => Number(b.neverUp) - Number(a.neverUp) || b.down.mean - a.down.mean);

const wordOf = ({ subjects }: NinesResult): string => (subjects.every((s) => s.kind === "flow") ? "flow" : subjects.every((s) => s.kind === "application") ? "application" : "service");

export function aboutLines({ method, runs, years, ways, crews }: NinesResult, { file, seed }: Pick<NinesPrint, "file" | "seed">): string[] {
  const how = method.exact === null ? "" : `solved by ${method.exact === "Markov chain" ? "a Markov chain" : "cut sets and a decision diagram"}`;
  const word = { plain: "simulated run", importance: "run of importance sampling", splitting: "run with splitting" }[method.sampled ?? "plain"] ?? "run";
  const sampled = runs === 0 ? "" : method.sampled === "importance" ? `${plural(runs, word)}, 64 cycles each` : `${plural(runs, word)} of ${plural(years, "year")}`;
  const both = [how, how !== "" && sampled !== "" ? `checked by ${sampled}` : sampled].filter((part) => part !== "").join(", ");
  return [`${file}, seed ${seed}: ${both}; ${plural(ways, "way")} to fail${crews === null ? "" : `, ${plural(crews, "repair crew")}`}`, method.why === "asked for" ? "" : `(${method.why})`].filter((line) => line !== "");
}

function cells(s: NinesSubject): string[] {
  if (s.neverUp) return [s.name, "–", "–", "–", "not up to begin with", "–", "–"];
  const switching = s.down.mean > 0 ? shareWords(s.switching / s.down.mean) : "–";
  return [s.name, availabilityWords(s.down), ninesWords(s), downWords(s.down), intervalWords(s), switching, outagesWords(s.outagesPerYear)];
}

function details(s: NinesSubject, result: NinesResult, { paint, width, all }: NinesPrint): string[] {
  if (s.neverUp) return [hanging(s.name, paint("red", s.name), " is not up while nothing has failed: run the file first", 2, width)];
  const lines = [paint("bold", `${s.name}: what causes its downtime`), ...causeBars(s, width, all)];
  for (const note of notes(s, result)) lines.push(hanging("", "", note, 4, width));
  if (s.cuts !== null && s.cuts.length > 0) lines.push(hanging("", "", `Takes it down for as long as it lasts: ${setsWords(s, all)}`, 4, width));
  if (s.histogram !== null) lines.push(...histogram(s, s.histogram));
  return lines;
}

function causeBars(s: NinesSubject, width: number, all: boolean): string[] {
  if (s.causes.length === 0) return ["  nothing that was seen"];
  const shown = all ? s.causes : s.causes.slice(0, CAUSES_MAX);
  const rest = s.causes.slice(shown.length);
  const most = Math.max(...shown.map((c) => c.share));
  const lines = shown.map((c) => {
    const head = `  ${bar(c.share / most)}  ${shareWords(c.share).padStart(7)}  `;
    return head + wrapped(`${c.name}: ${oftenWords(c.perYear)}, ${spanText(c.repairHours)} each`, Math.max(width - head.length, 30)).join(`\n${" ".repeat(head.length)}`);
  });
  const others = rest.reduce((sum, c) => sum + c.share, 0);
  if (rest.length > 0) lines.push(`  ${bar(others / most)}  ${shareWords(others).padStart(7)}  ${plural(rest.length, "other cause")}`);
  return lines;
}

function bar(share: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * BAR * 8));
  const whole = Math.floor(eighths / 8);
  return ("█".repeat(whole) + (eighths % 8 === 0 ? "" : "▏▎▍▌▋▊▉"[(eighths % 8) - 1]!)).padEnd(BAR);
}

function notes(s: NinesSubject, { method, runs, years }: NinesResult): string[] {
  const list: string[] = [];
  if (s.check !== null) list.push(checkWords(s));
  if (s.by === "plain" && s.seen === 0) list.push(`No outage in ${runs * years} simulated years: the bound takes as many as 95 % allow, each as long as the longest mean repair.`);
  else if (s.by === "plain" && s.seen < FEW) list.push(`Only ${Math.round(s.seen)} outages were seen: an interval of so few may be too short. More --runs, or --method exact or importance.`);
  if (s.unasked > s.down.mean * 0.005) list.push(`States that were not looked at may add ${spent(s.unasked, s.unasked * 0.05)} a year; --asks looks at more.`);
  if (method.sampled === "splitting" && s.by === "splitting") list.push("Splitting: years cannot be told apart, so there is no plot of them.");
  return list;
}

export function checkWords({ check, down }: NinesSubject): string {
  const { mean, low, high } = check!;
  const holds = down.high >= low && down.low <= high;
  if (mean === 0) return `The runs saw no outage: at most ${spent(high, high * 0.05)}, which ${holds ? "agrees" : "does not agree"}.`;
  const interval = `${spent(low, halfWidth(check!))} to ${spent(high, halfWidth(check!))}`;
  return holds ? `The runs agree: ${interval} (95 %).` : `The runs do not agree: ${interval} (95 %). One service of twenty does so by chance; more --runs tell.`;
}

function setsWords({ cuts }: NinesSubject, all: boolean): string {
  const shown = cuts!.slice(0, all ? Infinity : CUTS_MAX).map((cut) => cut.join(" with "));
  return `${shown.join("; ")}${cuts!.length > shown.length ? `; ${plural(cuts!.length - shown.length, "more set")}` : ""}`;
}

function histogram(s: NinesSubject, bins: readonly Bin[]): string[] {
  const total = bins.reduce((sum, b) => sum + b.years, 0);
  const most = Math.max(...bins.map((b) => b.years));
  const rows = bins.map((b, i) => `    ${binName(b, bins[i - 1]).padStart(16)}  ${bar(b.years / most)}  ${b.years === 0 ? "" : `${shareWords(b.years / total)}`}`.trimEnd());
  return [`  ${s.name}: ${plural(total, "simulated year")} by how long it was down in them`, ...rows];
}

function binName({ upToMinutes }: Bin, before: Bin | undefined): string {
  const end = (minutes: number): string => (minutes >= 60 ? `${minutes / 60} h` : minutes >= 1 ? `${minutes} min` : `${Math.round(minutes * 60)} s`);
  if (before === undefined) return "not at all";
  return upToMinutes === Infinity ? `over ${end(before.upToMinutes)}` : `up to ${end(upToMinutes)}`;
}

const unsure = (assumed: readonly Assumed[]): number => assumed.filter((a) => a.unverified).length;

function assumedLines(assumed: readonly Assumed[], { paint, width }: NinesPrint): string[] {
  if (assumed.length === 0) return ["Nothing was assumed: the file says how often everything fails."];
  const head = `ASSUMED, since the file's failures: section does not say: ${plural(assumed.length, "figure")}, all judgement derived from studies, ${unsure(assumed)} from figures that are not verified`;
  return [hanging(head, paint("yellow", head), "", 2, width), ...assumed.map((a) => hanging("", "", `${a.what} ${a.value}${a.unverified ? " UNVERIFIED" : ""}: ${a.basis}`, 4, width))];
}

/** What the numbers do not say. */
export function limits({ leftOut, method }: NinesResult): string[] {
  return [
    ...(leftOut.nodes + leftOut.links > 0 ? [`${plural(leftOut.nodes, "node")} and ${plural(leftOut.links, "cable")} that serve nobody, or only ask, are left out.`] : []),
    "While those who ask for a service are down themselves, nothing is counted. A change with two or more other things down is taken to go as with none down.",
    ...(method.exact === "decision diagram" ? ["Solved for failures that do not wait for each other's repair; a change with something else down is taken to go as with nothing down."] : []),
  ];
}

export function ninesMarkdown(result: NinesResult, options: Pick<NinesPrint, "file" | "seed" | "all">): string {
  const parts = [heading(1, `${result.topology}: availability`), aboutLines(result, options).map(inText).join(" "), markdownTable({ head: HEAD, rows: worstFirst(result).map(cells), numeric: [1, 2, 3, 5] })];
  for (const s of worstFirst(result).slice(0, options.all ? Infinity : SUBJECTS_MAX)) {
    if (s.neverUp || s.causes.length === 0) continue;
    const rows = s.causes.slice(0, options.all ? Infinity : CAUSES_MAX).map((c) => [shareWords(c.share), c.name, oftenWords(c.perYear), spanText(c.repairHours), spent(c.minutes, c.minutes * 0.05)]);
    parts.push(heading(2, s.name), markdownTable({ head: ["share", "cause", "how often", "each lasts", "down a year"], rows, numeric: [0] }));
    const said = notes(s, result);
    if (said.length > 0) parts.push(said.map(inText).join(" "));
  }
  if (result.assumed.length > 0) parts.push(heading(2, "Assumed"), markdownTable({ head: ["what", "value", "basis"], rows: result.assumed.map((a) => [a.what, `${a.value}${a.unverified ? " (unverified)" : ""}`, a.basis]) }));
  parts.push(limits(result).map(inText).join(" "));
  return `${parts.join("\n\n")}\n`;
}
