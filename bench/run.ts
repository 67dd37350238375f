// npm run bench                  all benches
// npm run bench -- hash          one
// npm run bench -- hash --small  a moment of it, to see that it runs: nothing is written
// npm run bench -- --full        networks of 30,000 servers too, which take minutes
//
// Ratios are what to look at: they are taken within a round. Results go to bench/results.json, bench by bench; all that it holds is printed as
// one table and drawn as bench/results.svg.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { compileBench } from "./compile.ts";
import { costBench } from "./cost.ts";
import { dissectBench } from "./dissect.ts";
import { eventsBench } from "./events.ts";
import { hashBench } from "./hash.ts";
import { describeCase, type Bench } from "./harness.ts";
import { lacpBench } from "./lacp.ts";
import { macBench } from "./mac.ts";
import { ninesBench } from "./nines.ts";
import { restBench } from "./rest.ts";
import { sweepBench } from "./sweep.ts";
import { walkBench } from "./walk.ts";
import { wheelBench } from "./wheel.ts";
import { yearsBench } from "./years.ts";
import { NOT_MEASURED, compilerVersion } from "./native.ts";
import { plot, table, type Recorded } from "./report.ts";

export const benches: Bench[] = [hashBench, dissectBench, lacpBench, compileBench, macBench, wheelBench, eventsBench, restBench, costBench, sweepBench, ninesBench, walkBench, yearsBench];

const resultsFile = fileURLToPath(new URL("./results.json", import.meta.url));
const plotFile = fileURLToPath(new URL("./results.svg", import.meta.url));

function machine(): Record<string, string | number> {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown", processors: processors.length, node: process.version,
    v8: process.versions.v8, compiler: compilerVersion() ?? "none",
  };
}

function recorded(): Record<string, Recorded> {
  return existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) as Record<string, Recorded> : {};
}

function write(name: string, cases: unknown): void {
  const before = recorded();
  const round = (_: string, value: unknown): unknown => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
  const all = { ...before, [name]: { machine: machine(), cases } };
  writeFileSync(resultsFile, `${JSON.stringify(all, round, 1)}\n`);
}

const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(1);

async function main(args: string[]): Promise<number> {
  const small = args.includes("--small");
  const full = args.includes("--full");
  const lacking = new Set<string>();
  const say = (line: string): void => {
    if (line.includes(NOT_MEASURED)) lacking.add(line);
    console.log(`! ${line}`);
  };
  const start = performance.now();
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    console.error(`no bench called ${unknown.join(", ")}; there are: ${benches.map((bench) => bench.name).join(", ")}`);
    return 2;
  }
  for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n== ${bench.name}: ${bench.about}`);
    const from = performance.now();
    const cases = await bench.run({ small, full, say });
    for (const result of cases) console.log(describeCase(result).join("\n"));
    console.log(`  ${seconds(from)} s`);
    if (small) continue;
    write(bench.name, cases);
    if (bench.picture !== undefined) writeFileSync(new URL(bench.picture.file, import.meta.url), bench.picture.draw(cases));
  }
  if (!small) {
    writeFileSync(plotFile, plot(recorded()));
    console.log(`\n${table(recorded()).join("\n")}`);
  }
  console.log(`\n${seconds(start)} s in all. ${lacking.size === 0 ? "Every baseline and peer was there." : "What is missing on this machine:"}`);
  for (const line of lacking) console.log(`  ${line}`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
