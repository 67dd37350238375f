// Which tests go through which lines, as the last `npm run coverage` has seen it.

import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Report } from "c8";
import { OUT } from "../coverage/build.ts";

/** File → test → its lines that the test goes through. */
type Covering = Record<string, Record<string, number[]>>;

const RAW = join(OUT, "raw");
const KEPT = join(OUT, "covering.json");
const FOLDERS = ["bindings/analysis", "bindings/topology"];

/** Milliseconds that a test took. */
export function took(test: string): number {
  const file = join(OUT, "took", test.replaceAll("/", "+"));
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 10_000;
}

export async function covering(): Promise<Covering> {
  if (existsSync(KEPT)) return JSON.parse(readFileSync(KEPT, "utf8")) as Covering;
  if (!existsSync(RAW)) throw new Error(`nothing in ${RAW}: npm run coverage first`);
  const found: Covering = {};
  for (const name of readdirSync(RAW)) {
    const test = /"url":"file:[^"]*\/(tests\/[^"]*\.test\.ts)"/.exec(readFileSync(join(RAW, name), "utf8"))?.[1];
    if (test !== undefined) for (const [file, lines] of await linesOf(name)) (found[file] ??= {})[test] = lines;
  }
  writeFileSync(KEPT, JSON.stringify(found));
  return found;
}

/** One process. */
async function linesOf(name: string): Promise<[file: string, lines: number[]][]> {
  const alone = join(OUT, "alone");
  rmSync(alone, { recursive: true, force: true });
  mkdirSync(alone);
  linkSync(join(RAW, name), join(alone, name));
  await new Report({ tempDirectory: alone, include: FOLDERS.map((folder) => `${folder}/**`), excludeAfterRemap: true, reporter: ["json"], reportsDirectory: alone, resolve: "", omitRelative: true }).run();
  const files = JSON.parse(readFileSync(join(alone, "coverage-final.json"), "utf8")) as Record<string, { statementMap: Record<string, { start: { line: number } }>; s: Record<string, number> }>;
  return Object.entries(files).map(([file, { statementMap, s }]) => [relative(process.cwd(), file), Object.keys(s).filter((id) => s[id]! > 0).map((id) => statementMap[id]!.start.line)]);
}
