// Why an outage lasted as long as it did: the tree of its causes, and what its time was made of. For a terminal, and as JSON.

import { causeTree, partsOf, type CauseNode, type Outage, type Part, type Run } from "../analysis/index.ts";
import { duration, plural, time } from "./format.ts";
import type { ReportInput } from "./input.ts";
import { FORMAT_VERSION, jsonTime, outage as outageJson } from "./json.ts";
import type { Style } from "./style.ts";
import type { TextOptions } from "./text.ts";
import { drawTimeline } from "./timeline.ts";
import { fitted, wrapped } from "./wrap.ts";

/** `number`: its place among the outages of services and flows, by start, from 1. */
export interface Numbered { number: number; outage: Outage; /** others that went the same way */ same: string[] }

/** `left`: how many are not explained here. */
export interface Explained { input: ReportInput; all: readonly Outage[]; chosen: readonly Numbered[]; left: number }

export function explainText({ input, all, chosen, left }: Explained, options: TextOptions): string {
  const { run, file } = input;
  const { paint } = options;
  const parts = [`${paint("bold", `${run.topology.name}: ${run.scenario.name}`)}\n${paint("dim", `${file}, seed ${run.seed}, until ${time(run.endNs)}`)}`];
  if (all.length === 0) return `${fitted([...parts, "no flow was down"].join("\n\n"), options.width)}\n`;
  if (options.timeline !== false) parts.push(drawTimeline(run, chosen.map((c) => c.outage), { ...options, rowsMax: ROWS }).join("\n"));
  for (const each of chosen) parts.push(explained(run, each, options));
  if (left > 0) parts.push(paint("dim", `${plural(left, "more outage")}: --all, --flow NAME or --outage N`));
  return `${fitted(parts.join("\n\n"), options.width)}\n`;
}

function explained(run: Run, { number, outage, same }: Numbered, options: TextOptions): string {
  const { paint } = options;
  const name = nameOf(outage);
  const length = outage.endNs === null ? `still down at the end, ${duration(outage.lengthNs)} by then` : `down ${duration(outage.lengthNs)}`;
  const step = outage.step === null ? "" : `, ${outage.phase === "return" ? "return" : "failure"}: ${run.names.steps[outage.step] ?? ""}`;
  const doubt = outage.attribution === "time" ? " (nothing links it to that step but time)" : outage.attribution === "repaired" ? " (its chain begins with a failure that was repaired by then)" : "";
  return [
    `${paint("bold", `#${number} ${name}`)} ${paint("red", length)}, ${outage.ends}, from ${time(outage.startNs)}${outage.endNs === null ? "" : ` to ${time(outage.endNs)}`}${step}${doubt}`,
    ...(same.length === 0 ? [] : [paint("dim", `  so too: ${same.join(", ")}`)]),
    ...tree(causeTree(run, outage), outage, options),
    paint("bold", `  what the ${duration(outage.lengthNs)} were made of`),
    ...shares(partsOf(run, outage), options),
  ].join("\n");
}

interface Glyphs { fork: string; last: string; down: string; bar: string; track: string }
const UNICODE: Glyphs = { fork: "├─ ", last: "└─ ", down: "│  ", bar: "█", track: "░" };
const ASCII: Glyphs = { fork: "|- ", last: "`- ", down: "|  ", bar: "#", track: "." };
const ROLES: Record<NonNullable<CauseNode["role"]>, Style> = { down: "red", reason: "yellow", up: "green" };
const TEXT_MIN = 20;

interface Row { node: CauseNode; head: string; under: string }

/** Where several records follow from one, the tree forks; else they stand below each other. Deeper than `depthMax` it does not lean. */
function rowsOf(roots: readonly CauseNode[], glyphs: Glyphs, depthMax: number): Row[] {
  const rows: Row[] = [];
  const waiting = roots.map((node) => ({ node, head: "", under: "", depth: 0 })).reverse(); // chains may be longer than a stack is deep
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { node, head, under, depth } = at;
    const forks = node.effects.length > 1 && depth < depthMax;
    rows.push({ node, head, under: forks ? `${under}${glyphs.down}` : under });
    waiting.push(...node.effects.map((effect, i) => {
      if (!forks) return { node: effect, head: under, under, depth };
      const last = i === node.effects.length - 1;
      return { node: effect, head: `${under}${last ? glyphs.last : glyphs.fork}`, under: `${under}${last ? " ".repeat(glyphs.down.length) : glyphs.down}`, depth: depth + 1 };
    }).reverse());
  }
  return rows;
}

/** One line a record: when, how long after the loss, what. */
function tree(roots: readonly CauseNode[], outage: Outage, { paint, width, ascii = false }: TextOptions): string[] {
  const glyphs = ascii ? ASCII : UNICODE;
  const since = (n: CauseNode): string => `${n.atNs < outage.startNs ? "-" : "+"}${duration(n.atNs < outage.startNs ? outage.startNs - n.atNs : n.atNs - outage.startNs)}`;
  const all = rowsOf(roots, glyphs, Infinity).map(({ node }) => node);
  const atWidth = Math.max(...all.map((node) => time(node.atNs).length));
  const sinceWidth = Math.max(...all.map((node) => since(node).length));
  const blank = " ".repeat(2 + atWidth + 2 + sinceWidth + 2);
  const room = width - blank.length;
  return rowsOf(roots, glyphs, Math.floor((room - TEXT_MIN) / glyphs.down.length) - 1).flatMap(({ node, head, under }) => {
    const lines = wrapped(node.text, Math.max(room - [...under].length, TEXT_MIN));
    const painted = (line: string): string => (node.role === null ? line : paint(ROLES[node.role], line));
    return lines.map((line, i) => (i === 0 ? `  ${paint("dim", time(node.atNs).padStart(atWidth))}  ${since(node).padStart(sinceWidth)}  ${head}` : `${blank}${under}`) + painted(line));
  });
}

const BAR = 20; // columns
const ROWS = 8; // of the drawing

function shares(parts: readonly Part[], { paint, width, ascii = false }: TextOptions): string[] {
  const glyphs = ascii ? ASCII : UNICODE;
  const lengthWidth = Math.max(...parts.map((p) => duration(p.lengthNs).length));
  const indent = 4 + BAR + 2 + 7 + 2 + lengthWidth + 2;
  return parts.flatMap((p) => {
    const full = Math.min(BAR, Math.max(1, Math.round(p.share * BAR)));
    const bar = `${paint("yellow", glyphs.bar.repeat(full))}${paint("dim", glyphs.track.repeat(BAR - full))}`;
    const [first = "", ...more] = wrapped(words(p), Math.max(width - indent, TEXT_MIN));
    return [`    ${bar}  ${percent(p.share).padStart(7)}  ${duration(p.lengthNs).padStart(lengthWidth)}  ${first}`, ...more.map((line) => " ".repeat(indent) + line)];
  });
}

/** Never 100 % beside another part, never 0. */
function percent(share: number): string {
  if (share === 1) return "100 %";
  const tenths = Math.min(999, Math.round(share * 1000));
  return tenths === 0 ? "<0.1 %" : `${(tenths / 10).toFixed(1)} %`;
}

function words({ name, endedBy, reasons }: Part): string {
  const meanwhile = reasons.map((r) => (r.place === null ? r.words : `${r.words} at ${r.place}`));
  return `${name}${endedBy === null ? "" : `, until ${endedBy.text}`}${meanwhile.length === 0 ? "" : `; frames: ${meanwhile.join("; ")}`}`;
}

const nameOf = (o: Outage): string => (o.subject === "service" ? `service ${o.name}` : o.name);

export function explainJson({ input, chosen, left }: Explained): string {
  const { run } = input;
  return `${JSON.stringify({
    format: FORMAT_VERSION, dualhome: input.version, file: input.file, topology: run.topology.name, scenario: run.scenario.name, seed: run.seed.toString(), end: jsonTime(run.endNs), left,
    outages: chosen.map(({ number, outage, same }) => ({
      number, same, ...outageJson(outage, run),
      tree: rowsOf(causeTree(run, outage), UNICODE, 0).map(({ node }) => nodeJson(node, run, outage)),
      parts: partsOf(run, outage).map((p) => ({
        name: p.name, from: jsonTime(p.fromNs), until: jsonTime(p.untilNs), length: jsonTime(p.lengthNs), share: p.share,
        endedBy: p.endedBy === null ? null : { id: p.endedBy.id, text: p.endedBy.text }, reasons: p.reasons.map((r) => ({ reason: r.key, words: r.words, place: r.place })),
      })),
    })),
  }, null, 2)}\n`;
}

function nodeJson(n: CauseNode, run: Run, outage: Outage): Record<string, unknown> {
  const { cause } = run.trace.get(n.id);
  return { id: n.id, cause: cause === 0 ? null : cause, at: jsonTime(n.atNs), since: jsonTime(n.atNs - outage.startNs), node: n.node === "-" ? null : n.node, text: n.text, role: n.role };
}
