// What a sweep costs: every single failure of two sites (bench/topologies/two-sites.ts), with one worker and with two; and a question of many small runs. DUALHOME_SERVERS=1000,10000 takes
// other sizes; of the largest a sample is asked for, evenly spread over the plan, and counted up: DUALHOME_SAMPLE=1 asks for all.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Topology } from "../bindings/topology/model.ts";
import { digest, hex, spread, type Bench, type BenchOptions, type CaseResult, type Measure } from "./harness.ts";
import { library, parsed, read, type Library } from "./sweep-library.ts";

const SAMPLE_FROM = 20_000; // servers
const SAMPLE = 25; // one failure of so many

interface Ran { seconds: number; warmSeconds: number; cpuSeconds: number; warmCpuSeconds: number; rows: number; checksum: number; peakMiB: number }

type Ask = (workers: number) => AsyncIterable<unknown>;

/** Every single failure, or one in so many. */
function singles({ askWorkers, optionsOf, sampled, sweepQuestion }: Library, topology: Topology, every: number, wasm: WebAssembly.Module): Ask {
  return (workers) => askWorkers(every === 1 ? sweepQuestion : sampled, topology, every === 1 ? optionsOf() : Object.assign(optionsOf(), { every }), { workers, wasm });
}

async function ran(ask: Ask, workers: number): Promise<Ran> {
  let checksum = 0x811c9dc5;
  let [rows, firstAt, firstCpu] = [0, 0, 0];
  const start = performance.now();
  const began = process.cpuUsage();
  const cpu = (): number => { const { user, system } = process.cpuUsage(began); return (user + system) / 1e6; }; // of all threads
  for await (const row of ask(workers)) {
    if (rows === 0) [firstAt, firstCpu] = [performance.now(), cpu()];
    rows += 1;
    checksum = digest(Buffer.from(JSON.stringify(row)), checksum);
  }
  return { seconds: (performance.now() - start) / 1000, warmSeconds: (firstAt - start) / 1000, cpuSeconds: cpu(), warmCpuSeconds: firstCpu, rows, checksum, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

/** Failures of the job by which the machine itself is measured. */
const LIMIT_FAILURES = 4_000;

/** What two processors of this machine can make of the job at most: two processes that share nothing, at the same time, against one alone. */
async function limit(servers: number, failures: number): Promise<number> {
  const child = fileURLToPath(new URL("./sweep-child.ts", import.meta.url));
  const every = Math.max(1, Math.floor(failures / LIMIT_FAILURES));
  const once = async (): Promise<number> => Number((await promisify(execFile)(process.execPath, ["--import", "tsx", child, String(servers), String(every)])).stdout);
  const alone = await once();
  const both = await Promise.all([once(), once()]);
  return (2 * alone) / Math.max(...both);
}

async function measure(servers: number, rounds: number): Promise<CaseResult> {
  const built = await library();
  const topology = parsed(built, servers);
  const wasm = await built.compileEngine(built.markedWasmUrl);
  const every = Number(process.env["DUALHOME_SAMPLE"] ?? (servers >= SAMPLE_FROM ? SAMPLE : 1));
  const counts = [2, 1];
  const all = counts.map((): Ran[] => []);
  for (let round = 0; round < rounds; round++) for (const [i, workers] of counts.entries()) all[i]!.push(await ran(singles(built, topology, every, wasm), workers));
  const [two, one] = all as [Ran[], Ran[]];
  if (two[0]!.checksum !== one[0]!.checksum) throw new Error(`${servers} servers: two workers gave other rows than one`);
  // Warming up is once a worker, whatever the number of failures: what is counted up is the rest.
  const whole = (r: Ran): number => r.warmSeconds + (r.seconds - r.warmSeconds) * every;
  const wholeCpu = (r: Ran): number => r.warmCpuSeconds + (r.cpuSeconds - r.warmCpuSeconds) * every;
  const bar = servers === 1_000 ? { most: 60 } : servers === 10_000 ? { most: 900 } : {};
  const name = (workers: number): string => `${workers} ${workers === 1 ? "worker" : "workers"}`;
  const measures: Measure[] = [
    { name: every === 1 ? "all of them, two workers" : `all of them, two workers, of one in ${every}`, unit: "s", value: spread(two.map(whole)), ...bar },
    { name: "the same, one worker", unit: "s", value: spread(one.map(whole)) },
    { name: "processor time, two workers", unit: "s", value: spread(two.map(wholeCpu)) },
    { name: "processor time, one worker", unit: "s", value: spread(one.map(wholeCpu)) },
    { name: "until the first row, two workers", unit: "s", value: spread(two.map((r) => r.warmSeconds)) },
    ...(cpus().length < 2 ? [] : [{ name: "two processes of one thread, that share nothing, against one: what the machine gives at most", unit: "times", value: spread([await limit(servers, two[0]!.rows * every)]) }]),
    { name: "memory of the process, at most", unit: "MiB", value: spread(two.map((r) => r.peakMiB)) },
  ];
  return {
    name: `${servers} servers, ${two[0]!.rows} failures`, unit: " failures", rounds, measures, ...(cpus().length >= 2 ? { bars: [{ to: name(1), least: 1.8 }] } : {}),
    arms: counts.map((workers, i) => ({ name: name(workers), rate: spread(all[i]!.map((r) => (r.rows * every) / whole(r))), checksum: hex(all[i]![0]!.checksum) })),
    ratios: [{ of: name(2), to: name(1), ratio: spread(two.map((r, round) => whole(one[round]!) / whole(r))) }],
  };
}

/** The same failure again and again (`dualhome phases`): a network that stays in the processor's caches, and rows of some bytes. */
async function instants(runs: number): Promise<CaseResult> {
  const built = await library();
  const topology = read(built, readFileSync(new URL("../examples/two-site/two-site.dh.yaml", import.meta.url), "utf8"));
  const wasm = await built.compileEngine(built.markedWasmUrl);
  const steps = [{ afterNs: "0", op: "fail", target: "ams-leaf1", targets: [{ kind: "node", name: "ams-leaf1" }], direction: "both", perMillion: 0, delayNs: null }];
  const options = { cases: [{ name: "fail ams-leaf1", steps }], runs, windowNs: "30000000000", forNs: "120000000000" };
  const ask: Ask = (workers) => built.askWorkers(built.phasesQuestion, topology, options, { workers, wasm });
  const [two, one] = [await ran(ask, 2), await ran(ask, 1)];
  if (two.checksum !== one.checksum) throw new Error("two workers gave other rows than one");
  const arm = (name: string, r: Ran) => ({ name, rate: spread([r.rows / r.seconds]), checksum: hex(r.checksum) });
  const measure = (name: string, value: number): Measure => ({ name, unit: "s", value: spread([value]) });
  return {
    name: `two-site, a leaf fails at ${runs} instants`, unit: " runs", rounds: 1, ...(cpus().length >= 2 ? { bars: [{ to: "1 worker", least: 1.8 }] } : {}),
    measures: [measure("two workers", two.seconds), measure("one worker", one.seconds), measure("processor time, two workers", two.cpuSeconds), measure("processor time, one worker", one.cpuSeconds)],
    arms: [arm("2 workers", two), arm("1 worker", one)],
    ratios: [{ of: "2 workers", to: "1 worker", ratio: spread([one.seconds / two.seconds]) }],
  };
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const sizes = (process.env["DUALHOME_SERVERS"] ?? (small ? "80" : "1000,10000")).split(",").map(Number);
  const cases: CaseResult[] = [];
  for (const servers of sizes) {
    if (!small) say(`${servers} servers`);
    cases.push(await measure(servers, 1));
  }
  if (!small) say("two-site");
  return [...cases, await instants(small ? 100 : 20_000)];
}

export const sweepBench: Bench = { name: "sweep", about: "every single failure, and one at many instants, with one worker and with two", run };
