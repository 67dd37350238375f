// What a sweep costs: every single failure of two sites (bench/topologies/two-sites.ts), with one worker and with two. DUALHOME_SERVERS=1000,10000 takes
// other sizes; of the largest a sample is asked for, evenly spread over the plan, and counted up: DUALHOME_SAMPLE=1 asks for all.

import { cpus } from "node:os";
import { askWorkers } from "../bindings/workers/index.ts";
import { compileEngine, markedWasmUrl } from "../bindings/engine/index.ts";
import { optionsOf, sweepQuestion, type SweepOptions } from "../bindings/sweep/index.ts";
import { parseTopology } from "../bindings/topology/index.ts";
import type { Topology } from "../bindings/topology/model.ts";
import { digest, hex, spread, type Bench, type BenchOptions, type CaseResult, type Measure } from "./harness.ts";
import { sampled } from "./sweep-question.ts";
import { twoSites } from "./topologies/two-sites.ts";

const SAMPLE_FROM = 2_000; // servers
const SAMPLE = 25; // one failure of so many

interface Ran { seconds: number; cpuSeconds: number; warmSeconds: number; rows: number; checksum: number; peakMiB: number }

async function ran(topology: Topology, every: number, workers: number, wasm: WebAssembly.Module): Promise<Ran> {
  let checksum = 0x811c9dc5;
  let [rows, firstAt] = [0, 0];
  const start = performance.now();
  const began = process.cpuUsage(); // of all threads
  const question = every === 1 ? sweepQuestion : sampled;
  const options = { ...(optionsOf() as SweepOptions), every };
  for await (const row of askWorkers(question as typeof sampled, topology, options as never, { workers, wasm })) {
    if (rows === 0) firstAt = performance.now();
    rows += 1;
    checksum = digest(Buffer.from(JSON.stringify(row)), checksum);
  }
  const { user, system } = process.cpuUsage(began);
  return { cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - start) / 1000, warmSeconds: (firstAt - start) / 1000, rows, checksum, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

async function measure(servers: number, rounds: number): Promise<CaseResult> {
  const parsed = parseTopology(twoSites(servers, "ranges"), "two-sites.dh.yaml");
  if (!("topology" in parsed)) throw new Error(parsed.problems[0]?.message ?? "not read");
  const { topology } = parsed;
  const wasm = await compileEngine(markedWasmUrl);
  const every = Number(process.env["DUALHOME_SAMPLE"] ?? (servers >= SAMPLE_FROM ? SAMPLE : 1));
  const counts = [2, 1];
  const all = counts.map((): Ran[] => []);
  for (let round = 0; round < rounds; round++) for (const [i, workers] of counts.entries()) all[i]!.push(await ran(topology, every, workers, wasm));
  const [two, one] = all as [Ran[], Ran[]];
  if (two[0]!.checksum !== one[0]!.checksum) throw new Error(`${servers} servers: two workers gave other rows than one`);
  // Warming up is once a worker, whatever the number of failures: what is counted up is the rest.
  const whole = (r: Ran): number => r.warmSeconds + (r.seconds - r.warmSeconds) * every;
  const bar = servers === 1_000 ? { most: 60 } : servers === 10_000 ? { most: 900 } : {};
  const name = (workers: number): string => `${workers} ${workers === 1 ? "worker" : "workers"}`;
  const measures: Measure[] = [
    { name: every === 1 ? "all of them, two workers" : `all of them, two workers, of one in ${every}`, unit: "s", value: spread(two.map(whole)), ...bar },
    { name: "the same, one worker", unit: "s", value: spread(one.map(whole)) },
    { name: `processor time of ${every === 1 ? "all" : `one in ${every}`}, one worker`, unit: "s", value: spread(one.map((r) => r.cpuSeconds)) },
    { name: "until the first row, two workers", unit: "s", value: spread(two.map((r) => r.warmSeconds)) },
    { name: "memory of the process, at most", unit: "MiB", value: spread(two.map((r) => r.peakMiB)) },
  ];
  return {
    name: `${servers} servers, ${two[0]!.rows} failures`, unit: " failures", rounds, measures, ...(cpus().length >= 2 ? { bars: [{ to: name(1), least: 1.8 }] } : {}),
    arms: counts.map((workers, i) => ({ name: name(workers), rate: spread(all[i]!.map((r) => (r.rows * every) / whole(r))), checksum: hex(all[i]![0]!.checksum) })),
    ratios: [{ of: name(2), to: name(1), ratio: spread(two.map((r, round) => whole(one[round]!) / whole(r))) }],
  };
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const sizes = (process.env["DUALHOME_SERVERS"] ?? (small ? "80" : "1000,10000")).split(",").map(Number);
  const cases: CaseResult[] = [];
  for (const servers of sizes) {
    if (!small) say(`${servers} servers`);
    cases.push(await measure(servers, 1));
  }
  return cases;
}

export const sweepBench: Bench = { name: "sweep", about: "every single failure, with one worker and with two", run };
