// What taking apart is worth to `dualhome nines`: the same histories of two sites (bench/topologies/two-sites.ts), judged by an oracle that simulates what is down in parts that
// cannot meet, each part once, and by one that simulates all that is down together. DUALHOME_SERVERS=10000 and DUALHOME_YEARS take another size.

import { openLab, type Lab, type Plain } from "../bindings/batch/index.ts";
import { compileEngine, markedWasmUrl } from "../bindings/engine/index.ts";
import { parseTopology } from "../bindings/topology/index.ts";
import { componentsOf } from "../bindings/nines/components.ts";
import { Draws, STREAM } from "../bindings/nines/draws.ts";
import { EngineOracle } from "../bindings/nines/engine-oracle.ts";
import { historyOf } from "../bindings/nines/history.ts";
import { ninesQuestion, NINES_DEFAULTS, type NinesOptions } from "../bindings/nines/index.ts";
import { judge } from "../bindings/nines/judge.ts";
import { subjectsOf } from "../bindings/nines/subjects.ts";
import { digest, hex, spread, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { twoSites } from "./topologies/two-sites.ts";

const SEED = 1n;

interface Judged { cpuSeconds: number; simulated: number; hours: number; checksum: number }

/** Histories of a year each, one after the other. */
async function judged(lab: Lab, years: number, apart: boolean): Promise<Judged> {
  const { system } = componentsOf(lab.topology);
  const oracle = new EngineOracle(lab, lab.topology, system, subjectsOf(lab.topology, false), apart);
  const began = process.cpuUsage();
  const down: number[] = [];
  for (let year = 0; year < years; year++) down.push(...(await judge(historyOf(system, 1, new Draws(SEED, STREAM.run, year)), system, oracle, new Draws(SEED, STREAM.phase, year))).down);
  const { user, system: kernel } = process.cpuUsage(began);
  return { cpuSeconds: (user + kernel) / 1e6, simulated: oracle.runs, hours: down.reduce((a, b) => a + b, 0), checksum: digest(down.map((hours) => Math.round(hours * 3600))) };
}

async function measure(servers: number, years: number): Promise<CaseResult> {
  const read = parseTopology(twoSites(servers, "ranges"), "two-sites.dh.yaml");
  if (!("topology" in read)) throw new Error(read.problems[0]?.message ?? "not read");
  const lab = await openLab(ninesQuestion, read.topology, NINES_DEFAULTS as NinesOptions & Plain, { seed: SEED, wasm: await compileEngine(markedWasmUrl) });
  const [apart, together] = [await judged(lab, years, true), await judged(lab, years, false)];
  const one = (name: string, value: number, unit = "") => ({ name, unit, value: spread([value]) });
  const arms = [["taken apart", apart], ["all together", together]] as const;
  return {
    name: `${servers} servers, ${years} years`, unit: " simulated years", rounds: 1,
    arms: arms.map(([name, r]) => ({ name, rate: spread([years / r.cpuSeconds]), checksum: hex(r.checksum) })),
    ratios: [{ of: "taken apart", to: "all together", ratio: spread([together.cpuSeconds / apart.cpuSeconds]) }],
    measures: arms.flatMap(([name, r]) => [one(`${name}: processor time`, r.cpuSeconds, "s"), one(`${name}: steps of the engine`, r.simulated), one(`${name}: services down in all`, r.hours, "h")]),
  };
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const servers = Number(process.env["DUALHOME_SERVERS"] ?? (small ? 80 : 2_000));
  const years = Number(process.env["DUALHOME_YEARS"] ?? (small ? 1 : 40));
  say(`${servers} servers, ${years} years`);
  return [await measure(servers, years)];
}

export const ninesBench: Bench = { name: "nines", about: "years judged with what is down taken apart, and simulated together", run };
