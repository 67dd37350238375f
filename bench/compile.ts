// A topology file of so many servers to an engine that is ready to run: in a process of its own, with the built library.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digest, hex, spread, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { styles, twoSites, type Style } from "./topologies/two-sites.ts";

const child = fileURLToPath(new URL("./compile-child.js", import.meta.url));
const built = new URL("../dist/build/engine.wasm", import.meta.url);

const BAR_SERVERS = 10_000;

interface Outcome {
  phases: Record<string, number>;
  wallMs: number; cpuMs: number; peakBytes: number; engineBytes: number;
  nodes: number; links: number; bundles: number; routers: number; flows: number;
}

function compileOnce(file: string): Outcome {
  return JSON.parse(execFileSync(process.execPath, [child, file], { encoding: "utf8", maxBuffer: 1 << 20 })) as Outcome;
}

function measure(file: string, servers: number, style: Style, rounds: number): CaseResult {
  const outcomes = Array.from({ length: rounds }, () => compileOnce(file));
  const of = (name: string, unit: string, pick: (outcome: Outcome) => number) => ({ name, unit, value: spread(outcomes.map(pick)) });
  const bar = (most: number): { most?: number } => (servers === BAR_SERVERS ? { most } : {});
  const [first] = outcomes;
  if (first === undefined) throw new Error("no round was run");
  const checksum = digest([first.nodes, first.links, first.bundles, first.routers, first.flows]);
  return {
    name: `${servers} servers, ${style}: ${first.links} cables, ${first.bundles} bundles, ${first.routers} VRRP routers, ${first.flows} flows`, unit: " servers", rounds, ratios: [],
    arms: [{ name: "file to engine, whole process", rate: spread(outcomes.map(({ wallMs }) => (servers / wallMs) * 1000)), checksum: hex(checksum) }],
    measures: [
      { ...of("wall time", "ms", ({ wallMs }) => wallMs), ...bar(3000) }, of("processor time", "ms", ({ cpuMs }) => cpuMs), { ...of("peak resident memory", "MiB", ({ peakBytes }) => peakBytes / 2 ** 20), ...bar(1024) },
      of("engine's memory, mostly untouched", "MiB", ({ engineBytes }) => engineBytes / 2 ** 20), ...Object.keys(first.phases).map((name) => of(`phase ${name}`, "ms", ({ phases }) => phases[name] ?? 0)),
    ],
  };
}

async function run({ small, full = false }: BenchOptions): Promise<CaseResult[]> {
  if (!existsSync(built)) throw new Error("the library is not built: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "dualhome-bench-"));
  const sizes = small ? [80] : full ? [1_000, 3_000, 10_000, 30_000] : [1_000, 3_000, 10_000];
  try {
    return sizes.flatMap((servers) => styles.map((style) => {
      const file = join(folder, `two-sites-${servers}-${style}.dh.yaml`);
      writeFileSync(file, twoSites(servers, style));
      return measure(file, servers, style, small || servers > 10_000 ? 1 : 3);
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const compileBench: Bench = { name: "compile", about: "a topology file to an engine that is ready to run", run };
