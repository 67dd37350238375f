// What was gone through, as tables: the file with the smallest part first.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import Table from "cli-table3";
import { OUT } from "./build.ts";
import { type Point, WORD_BITS } from "./instrument.ts";

interface Row { file: string; reached: number; total: number }

/** A point's number → was it reached, by any process. */
function reachedPoints(): (point: number) => boolean {
  const words: bigint[] = [];
  for (const name of readdirSync(join(OUT, "hits"))) {
    readFileSync(join(OUT, "hits", name), "utf8").split(" ").forEach((word, i) => { words[i] = (words[i] ?? 0n) | BigInt.asUintN(WORD_BITS, BigInt(word)); });
  }
  return (point) => ((words[Math.floor(point / WORD_BITS)] ?? 0n) >> BigInt(point % WORD_BITS) & 1n) === 1n;
}

/** Prints the engine's table, writes what was not reached to a file, and says which. */
export function reportEngine(points: Point[]): string {
  const isReached = reachedPoints();
  const rows = new Map<string, Row>();
  const missed: string[] = [];
  points.forEach((p, i) => {
    const row = rows.get(p.file) ?? { file: p.file, reached: 0, total: 0 };
    rows.set(p.file, row);
    row.total++;
    if (isReached(i)) row.reached++;
    else missed.push(`${p.file}:${p.line}:${p.column}  ${p.within}: ${p.kind}`);
  });
  const list = join(OUT, "engine-missed.txt");
  writeFileSync(list, `${missed.sort(new Intl.Collator("en", { numeric: true }).compare).join("\n")}\n`);
  return `${table("The engine, blocks", [...rows.values()])}\nNot reached: ${list}\n`;
}

/** The same of what c8 has measured. */
export function reportTypeScript(): string {
  const summary = JSON.parse(readFileSync(join(OUT, "typescript/coverage-summary.json"), "utf8")) as Record<string, { lines: { covered: number; total: number } }>;
  const rows = Object.entries(summary).filter(([file]) => file !== "total").map(([file, { lines }]): Row => ({ file: relative(process.cwd(), file), reached: lines.covered, total: lines.total }));
  return `${table("TypeScript, lines", rows)}\nLine by line: ${join(OUT, "typescript/index.html")}\n`;
}

function table(title: string, rows: Row[]): string {
  const all = rows.reduce((sum, r) => ({ file: "all", reached: sum.reached + r.reached, total: sum.total + r.total }), { file: "all", reached: 0, total: 0 });
  const out = new Table({ head: [title, "reached", "of", "%"], colAligns: ["left", "right", "right", "right"], style: { head: [], border: [] }, chars: { "mid": "", "left-mid": "", "mid-mid": "", "right-mid": "" } });
  for (const row of [...rows.sort((a, b) => part(a) - part(b) || b.total - a.total), all]) out.push([row.file, row.reached, row.total, (100 * part(row)).toFixed(1)]);
  return out.toString();
}

const part = (row: Row): number => (row.total === 0 ? 1 : row.reached / row.total);
