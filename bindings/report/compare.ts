// Two designs in one table, and the verdict on the second.

import type { Comparison, Design, Effect, FailurePair, Verdict } from "../compare/index.ts";
import { longer } from "../compare/order.ts";
import { gigabits, percent } from "../capacity/words.ts";
import { milliseconds, plural } from "./format.ts";
import { FORMAT_VERSION } from "./json.ts";
import { heading, inText, markdownTable } from "./markdown.ts";
import { fittedTable, type TableOptions } from "./table.ts";
import { hanging } from "./wrap.ts";

export interface ComparePrint extends TableOptions { all: boolean }

const ROWS_MAX = 20;

/** One line of the table. `better`: which of the two is; null where more is neither. */
export interface Line { measure: string; a: string; b: string; change: string; better: "a" | "b" | null }

export function lines(c: Comparison): Line[] {
  return [...partLines(c), ...outageLines(c), ...capacityLines(c), ...ninesLines(c)];
}

function line(measure: string, values: readonly [number | null, number | null], show: (n: number) => string, better: "less" | "more" | null): Line {
  const [a, b] = values;
  const words = (n: number | null): string => (n === null ? "–" : show(n));
  const change = a === null || b === null || a === b ? "" : `${b > a ? "+" : "-"}${show(Math.abs(b - a))}`;
  const wins = a === null || b === null || a === b || better === null ? null : (b < a) === (better === "less") ? "b" : "a";
  return { measure, a: words(a), b: words(b), change, better: wins };
}

const count = (n: number): string => String(n);

function partLines({ a, b }: Comparison): Line[] {
  const kinds = [...new Set([...Object.keys(a.parts.counts), ...Object.keys(b.parts.counts)])];
  const rows = kinds.map((kind) => line(kind, [a.parts.counts[kind] ?? 0, b.parts.counts[kind] ?? 0], count, null));
  if (a.parts.cost === null && b.parts.cost === null) return rows;
  const currency = a.parts.currency ?? b.parts.currency;
  const unpriced = [a, b].map((d) => d.parts.unpriced);
  const note = unpriced.some((n) => n > 0) ? ` (without ${unpriced.join(" and ")} parts that have no price)` : "";
  return [...rows, line(`cost${currency === null ? "" : ` (${currency})`}${note}`, [a.parts.cost, b.parts.cost], (n) => String(Math.round(n * 100) / 100), "less")];
}

function outageLines({ a, b }: Comparison): Line[] {
  const rows = [
    ...(a.notUp.length + b.notUp.length === 0 ? [] : [line("not up before anything fails", [a.notUp.length, b.notUp.length], count, "less")]),
    line("single failures", [a.rows.length, b.rows.length], count, null),
    line("single points of failure", [a.spofs.length, b.spofs.length], count, "less"),
    longest("longest outage, failure", a, b, (d) => d.onFailure), longest("longest outage, return", a, b, (d) => d.onReturn),
  ];
  if (a.budgets + b.budgets > 0) rows.push(line("budgets broken by a failure", [a.budgets === 0 ? null : a.broken.length, b.budgets === 0 ? null : b.broken.length], count, "less"));
  return rows;
}

const time = (ns: bigint | null): string => (ns === null ? "stays down" : ns === 0n ? "none" : `${milliseconds(ns)} ms`);

function longest(measure: string, a: Design, b: Design, of: (d: Design) => Design["onFailure"]): Line {
  const [x, y] = [of(a), of(b)];
  const words = (found: Design["onFailure"]): string => (found === null ? "none" : `${time(found.ns)} (${found.name}: ${found.failure})`);
  const [p, q] = [x === null ? 0n : x.ns, y === null ? 0n : y.ns];
  const change = p === null || q === null || p === q ? "" : `${q > p ? "+" : "-"}${milliseconds(q > p ? q - p : p - q)} ms`;
  return { measure, a: words(x), b: words(y), change, better: longer(p, q) ? "b" : longer(q, p) ? "a" : null };
}

function capacityLines({ a, b }: Comparison): Line[] {
  const [x, y] = [a.capacity, b.capacity];
  if (x === null && y === null) return [];
  type Result = NonNullable<Design["capacity"]>;
  const both = (of: (r: Result) => number): [number | null, number | null] => [x === null ? null : of(x), y === null ? null : of(y)];
  const points = (n: number): string => percent(n);
  const most = (list: readonly number[]): number => list.reduce((p, q) => Math.max(p, q), 0);
  return [
    line("traffic offered", both((r) => r.whole.offeredMbps), gigabits, null), line("has no way, normal", both((r) => r.whole.lostMbps), gigabits, "less"),
    line("fullest cable, normal", both((r) => most(r.links.map((l) => l.share))), points, "less"), line("fullest cable, after a failure", both((r) => most(r.links.map((l) => l.worstShare))), points, "less"),
    line("has no way, at worst", both((r) => most(r.failures.map((f) => f.lostMbps))), gigabits, "less"), line("too much, at worst, about", both((r) => most(r.failures.map((f) => f.overloadMbps))), gigabits, "less"),
    line("capacity findings", both((r) => r.findings.filter((f) => f.breaks).length), count, "less"),
  ];
}

function ninesLines({ a, b }: Comparison): Line[] {
  if (a.nines === null && b.nines === null) return [];
  const worst = (d: Design) => d.nines?.subjects.reduce<NonNullable<Design["nines"]>["subjects"][number] | null>((x, y) => (x === null || y.down.mean > x.down.mean ? y : x), null) ?? null;
  const [x, y] = [worst(a), worst(b)];
  const minutes = line("minutes down a year, at worst", [x?.down.mean ?? null, y?.down.mean ?? null], (n) => n.toFixed(1), "less");
  const count = (s: typeof x): string => (s === null ? "–" : `${s.nines === null ? "never down" : s.nines.toFixed(2)} (${s.name})`);
  return [{ measure: "nines, of the worst", a: count(x), b: count(y), change: "", better: minutes.better }, minutes];
}

const effect = (e: Effect): string => (e.absent ? "–" : e.own ? "its server" : time(e.ns));

export const DIFFERENT_S = 0.1;

/** Failures whose outages differ by more than a tenth of a second, the largest first. */
function differing({ failures }: Comparison): { cells: string[]; size: number }[] {
  return failures.flatMap((pair) => pair.subjects.map((s) => ({ pair, s }))).flatMap(({ pair, s }) => {
    const size = gap(s.a, s.b);
    return size <= DIFFERENT_S ? [] : [{ size, cells: [failureName(pair), s.name, effect(s.a), effect(s.b)] }];
  }).sort((x, y) => y.size - x.size);
}

export const failureName = ({ a, b }: FailurePair): string => (a === null ? `${b} (second only)` : b === null ? `${a} (first only)` : a === b ? a : `${a} / ${b}`);

/** Seconds; what stays down is longer than all else. */
export function gap(a: Effect, b: Effect): number {
  const seconds = (e: Effect): number => (e.absent || e.own ? 0 : e.ns === null ? 1e12 : Number(e.ns) / 1e9);
  return a.absent && b.absent ? 0 : Math.abs(seconds(a) - seconds(b));
}

const some = (list: readonly string[]): string => (list.length <= 8 ? list.join(", ") : `${list.slice(0, 8).join(", ")} and ${list.length - 8} more`);

/** What was not up, first of all; what is not in both, or elsewhere. */
export function changes({ matching: m, traffic, lent, a, b }: Comparison): string[] {
  const notUp = [a, b].flatMap((d) => (d.notUp.length === 0 ? [] : [`not up in ${d.file} before anything failed, so that its failures say nothing of ${d.notUp.length === 1 ? "it" : "them"}: ${some(d.notUp)}`]));
  const rows = [
    ...notUp,
    ...(m.renamed.length === 0 ? [] : [`taken for each other, by their place: ${some(m.renamed.map(([x, y]) => `${x} is ${y}`))}`]),
    ...(m.moved.length === 0 ? [] : [`moved: ${some(m.moved.map((x) => `${x.name} (${x.from}, then ${x.to})`))}`]),
    ...(m.removed.length === 0 ? [] : [`in the first only: ${some(m.removed)}`]), ...(m.added.length === 0 ? [] : [`in the second only: ${some(m.added)}`]),
    ...(lent === null ? [] : [`no traffic in ${lent === "a" ? b.file : a.file}: that of ${lent === "a" ? a.file : b.file} was used`]),
  ];
  const other = [...traffic.onlyA.map((n) => `${n} (first only)`), ...traffic.onlyB.map((n) => `${n} (second only)`), ...traffic.changed.map((n) => `${n} (another rate or number of flows)`)];
  return other.length === 0 ? rows : [...rows, `not the same traffic: ${some(other)}`];
}

const HEAD = (c: Comparison): string[] => ["", ...labels(c.a.file, c.b.file), "change"];

/** Names of files without their folders, where that tells them apart. */
export function labels(a: string, b: string): [string, string] {
  const [x, y] = [a, b].map((file) => file.slice(file.lastIndexOf("/") + 1)) as [string, string];
  return x === y ? [a, b] : [x, y];
}

const ALIKE = "no failure's outages differ by more than 100 ms";
const FAILURE_HEAD = ["what fails", "who is down", "first", "second"];

export function compareText(c: Comparison, options: ComparePrint): string {
  const { paint, width } = options;
  const rows = lines(c);
  const paintCell = (row: number, column: number, text: string): string => {
    const { better } = rows[row]!;
    return better === null || column === 0 || column === 3 ? text : paint((column === 1) === (better === "a") ? "green" : "red", text);
  };
  const table = fittedTable(HEAD(c), rows.map((r) => [r.measure, r.a, r.b, r.change]), options, { numeric: [3], paintCell, shrinkable: [{ column: 1, min: 14 }, { column: 2, min: 14 }, { column: 0, min: 12 }] });
  const different = differing(c);
  const shown = different.slice(0, options.all ? different.length : ROWS_MAX);
  const outages = shown.length === 0 ? [ALIKE] : [
    paint("bold", "Outages that differ by more than 100 ms"),
    fittedTable(FAILURE_HEAD, shown.map((d) => d.cells), options, { numeric: [2, 3], shrinkable: [{ column: 0, min: 12 }, { column: 1, min: 8 }] }), ...(different.length > shown.length ? [`${different.length - shown.length} more: --all`] : []),
  ];
  const other = changes(c).map((each) => hanging(each, each, "", 2, width));
  return `${[table, "", ...other, ...(other.length === 0 ? [] : [""]), ...outages].join("\n")}\n`;
}

export function compareMarkdown(c: Comparison, all: boolean): string {
  const different = differing(c);
  const shown = different.slice(0, all ? different.length : ROWS_MAX);
  const out = [heading(1, `${c.a.file} and ${c.b.file}`), "", markdownTable({ head: HEAD(c), rows: lines(c).map((r) => [r.measure, r.a, r.b, r.change]), numeric: [3] }), "", ...changes(c).map((each) => `- ${inText(each)}`), ""];
  if (shown.length > 0) out.push(heading(2, "Outages that differ by more than 100 ms"), "", markdownTable({ head: FAILURE_HEAD, rows: shown.map((d) => d.cells), numeric: [2, 3] }), "");
  if (shown.length === 0) out.push(`${ALIKE}.`, "");
  else if (different.length > shown.length) out.push(`${different.length - shown.length} more: \`--all\``, "");
  return out.join("\n");
}

const jsonNs = (ns: bigint | null): string | null => (ns === null ? null : ns.toString());

function designJson(d: Design): unknown {
  const of = (found: Design["onFailure"]): unknown => (found === null ? null : { ns: jsonNs(found.ns), name: found.name, failure: found.failure });
  const { capacity } = d;
  return {
    file: d.file, topology: d.topology.name, parts: d.parts, failures: d.rows.length, notUp: d.notUp, spofs: d.spofs, longestOnFailure: of(d.onFailure), longestOnReturn: of(d.onReturn), budgets: d.budgets, broken: d.broken,
    nines: d.nines === null ? null : d.nines.subjects.map(({ name, kind, nines, availability, down, by }) => ({ name, kind, nines, availability, downMinutes: down, by })),
    capacity: capacity === null ? null : { whole: capacity.whole, failures: capacity.failures, findings: capacity.findings, tiers: capacity.tiers, peerLinks: capacity.peerLinks },
  };
}

function comparisonJson(c: Comparison): Record<string, unknown> {
  const effectJson = (e: Effect): unknown => (e.absent ? null : { ns: jsonNs(e.ns), spof: e.spof, own: e.own });
  const { renamed, moved, removed, added } = c.matching;
  return {
    a: designJson(c.a), b: designJson(c.b), renamed, moved, removed, added, traffic: { ...c.traffic, lent: c.lent },
    failures: c.failures.filter((f) => f.subjects.length > 0).map((f) => ({ a: f.a, b: f.b, subjects: f.subjects.map((s) => ({ name: s.name, a: effectJson(s.a), b: effectJson(s.b) })) })),
  };
}

/** ns as strings; null: stays down. */
export function compareJson(c: Comparison): string { return `${JSON.stringify({ format: FORMAT_VERSION, ...comparisonJson(c) }, null, 2)}\n`; }

const signOf = (v: Verdict): "✗" | "–" | "✓" => (v.reasons.length > 0 ? "✗" : v.moot !== null ? "–" : "✓");
const place = (c: Comparison, where: { line: number; col: number } | null): string => (where === null ? c.b.file : `${c.b.file}:${where.line}:${where.col}`);
export const KEPT: Record<Verdict["asked"]["kind"], string> = {
  "not-up": "nothing more is down before anything fails", "new-spof": "no new single point of failure", outage: "no flow is down longer than before", "each-outage": "no failure takes a flow down for longer than before", budget: "no budget is newly broken", capacity: "no cable is newly above the limit", loss: "no more is lost than before", nines: "no service is down longer a year",
  cost: "costs no more",
};

/** What a pipeline's log shows: what changed, then each reason that was asked about. */
export function diffText(c: Comparison, verdicts: readonly Verdict[], { paint, width }: TableOptions): string {
  const bad = verdicts.filter((v) => v.reasons.length > 0);
  const title = bad.length === 0 ? paint("green", `${c.b.file} is no worse than ${c.a.file}`) : paint("red", `${c.b.file} is worse than ${c.a.file}: ${bad.map((v) => v.asked.kind).join(", ")}`);
  const out = [title, ...changes(c).map((each) => hanging(each, each, "", 4, width)), ""];
  for (const v of verdicts) {
    const sign = signOf(v);
    const colour = sign === "✗" ? "red" : sign === "✓" ? "green" : "dim";
    out.push(`${paint(colour, sign)} ${v.asked.kind}  ${sign === "✗" ? plural(v.reasons.length, "reason") : v.moot ?? KEPT[v.asked.kind]}`);
    for (const reason of v.reasons) { const at = place(c, reason.where); out.push(hanging(at, at, `  ${reason.text}`, 4, width)); }
  }
  return `${out.join("\n")}\n`;
}

export function diffMarkdown(c: Comparison, verdicts: readonly Verdict[]): string {
  const bad = verdicts.filter((v) => v.reasons.length > 0);
  const out = [heading(1, bad.length === 0 ? `${c.b.file} is no worse than ${c.a.file}` : `${c.b.file} is worse than ${c.a.file}`), "", ...changes(c).map((each) => `- ${inText(each)}`), ""];
  for (const v of verdicts) {
    out.push(`- ${signOf(v)} **${v.asked.kind}**: ${v.reasons.length > 0 ? plural(v.reasons.length, "reason") : inText(v.moot ?? KEPT[v.asked.kind])}`);
    for (const reason of v.reasons) out.push(`  - \`${place(c, reason.where)}\` ${inText(reason.text)}`);
  }
  out.push("", markdownTable({ head: HEAD(c), rows: lines(c).map((r) => [r.measure, r.a, r.b, r.change]), numeric: [3] }), "");
  return out.join("\n");
}

export function diffJson(c: Comparison, verdicts: readonly Verdict[]): string {
  const asked = verdicts.map((v) => ({ reason: v.asked.kind, threshold: v.asked.threshold, found: v.reasons.map(({ text, where }) => ({ text, line: where?.line ?? null, col: where?.col ?? null })), moot: v.moot }));
  return `${JSON.stringify({ format: FORMAT_VERSION, pass: verdicts.every((v) => v.reasons.length === 0), asked, ...comparisonJson(c) }, null, 2)}\n`;
}
