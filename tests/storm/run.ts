// npm run storm -- SEED [--minutes M] [--cases N] [--keep FOLDER]: random networks, faults and seeds, held to the invariants. Exit status 0: all hold; 1: one does not; 2: usage.
// npm run storm -- FILE: one case that was printed. npm run storm -- --planted: does each invariant see the fault that is made for it?

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileEngine } from "../../bindings/engine/index.ts";
import { readCase } from "./case.ts";
import { invariants } from "./invariants/index.ts";
import { planted } from "./planted-engine.ts";
import { emptyTally, failuresOf, storm, type Failure, type Tally } from "./storm.ts";

const USAGE = "usage: npm run storm -- SEED [--minutes M] [--cases N] [--keep FOLDER]\n       npm run storm -- FILE\n       npm run storm -- --planted [INVARIANT]\n";
const EVERY_MS = 1_000;

interface Asked { seed: number; minutes: number; cases: number; keep: string | null }

function asked(): Asked | string | "--planted" | null {
  if (process.argv[2] === "--planted" && process.argv.length <= 4) return "--planted";
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { minutes: { type: "string" }, cases: { type: "string" }, keep: { type: "string" } } });
    const [first = "1"] = positionals;
    if (positionals.length > 1) return null;
    if (existsSync(first)) return first;
    const read = { seed: Number(first), minutes: Number(values.minutes ?? (values.cases === undefined ? 1 : 60)), cases: Number(values.cases ?? Infinity), keep: values.keep ?? null };
    const whole = (n: number): boolean => Number.isSafeInteger(n) && n > 0;
    return whole(read.seed) && read.minutes > 0 && (read.cases === Infinity || whole(read.cases)) ? read : null;
  } catch { return null; }
}

function shown(f: Omit<Failure, "draw"> & { draw?: string }): string {
  return [`# ${f.invariant} does not hold${f.draw === undefined ? "" : ` (draw ${f.draw})`}:`, ...f.objections.map((o) => `#   ${o}`), f.of.text].join("\n");
}

const seconds = (ms: number): string => (ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`);

function progress({ minutes, cases }: Asked, startedMs: number): (tally: Tally) => void {
  let saidMs = startedMs;
  return (tally) => {
    const now = performance.now();
    if (now - saidMs < EVERY_MS) return;
    saidMs = now;
    const passed = now - startedMs;
    const rate = tally.cases / (passed / 1000);
    const leftMs = Math.max(0, Math.min(minutes * 60_000 - passed, cases === Infinity ? Infinity : ((cases - tally.cases) / rate) * 1000));
    const line = `${tally.cases} cases  ${rate.toFixed(1)} cases/s  ${tally.failures.length} failures  ${seconds(leftMs)} left`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  };
}

/** Keeps every case that fails, the further ones as they were drawn: a file each, by which it comes back. */
function keeper(folder: string | null): (f: Failure) => void {
  if (folder === null) return () => {};
  mkdirSync(folder, { recursive: true });
  let kept = 0;
  return (f) => writeFileSync(join(folder, `${++kept}-${f.invariant}-${f.draw.replace("/", "-")}.dh.yaml`), `${shown(f)}\n`);
}

async function rain(wanted: Asked): Promise<number> {
  const startedMs = performance.now();
  const keep = keeper(wanted.keep);
  const tally = await storm({
    ...wanted, untilMs: startedMs + wanted.minutes * 60_000, wasm: await compileEngine(), now: () => performance.now(), onCase: progress(wanted, startedMs), onMore: keep,
    onFailure: (failure) => { keep(failure); process.stdout.write(`${shown(failure)}\n`); },
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
  const held = [...tally.held].map(([name, count]) => `${name} ${count}`).join(", ");
  process.stdout.write(`${tally.cases} cases in ${seconds(performance.now() - startedMs)}, seed ${wanted.seed}; held to: ${held}; ${tally.tooMuch} too stormy to be simulated\n`);
  process.stdout.write(tally.failures.length === 0 ? "all hold\n" : `${tally.failures.map((f) => f.invariant).join(", ")} do not hold; ${tally.more} further cases break what had been broken${tally.more > 0 && wanted.keep === null ? " (--keep FOLDER keeps them)" : ""}\n`);
  return tally.failures.length === 0 ? 0 : 1;
}

async function again(file: string): Promise<number> {
  const tally = emptyTally();
  const failed = await failuresOf(readCase(readFileSync(file, "utf8")), await compileEngine(), invariants, tally);
  for (const f of failed) process.stdout.write(`${f.invariant}: ${f.objections.join("; ")}\n`);
  if (failed.length === 0) process.stdout.write(tally.tooMuch > 0 ? "too stormy to be simulated\n" : "all hold\n");
  return failed.length === 0 ? 0 : 1;
}

const wanted = asked();
if (wanted === null) { process.stderr.write(USAGE); process.exitCode = 2; }
else if (wanted === "--planted") process.exitCode = await planted((line) => process.stdout.write(`${line}\n`), process.argv[3] === undefined ? undefined : new RegExp(process.argv[3])) ? 0 : 1;
else process.exitCode = typeof wanted === "string" ? await again(wanted) : await rain(wanted);
