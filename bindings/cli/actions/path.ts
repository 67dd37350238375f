// `dualhome path FILE A B` and `dualhome load FILE`: the way that frames take at an instant, and what each cable carries then.

import { linkLoads, overloaded, peerLinkMbps } from "../../analysis/load.ts";
import { DualhomeError } from "../../errors.ts";
import type { RunResult } from "../../engine/index.ts";
import { paintFor } from "../../report/index.ts";
import { loadTable, pathLines } from "../../report/path.ts";
import { singleFailures } from "../../sweep/index.ts";
import type { Flow, Scenario, Step, Topology } from "../../topology/model.ts";
import { readTopology } from "../input.ts";
import { EXIT, print, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";

export interface PathFlags { json: boolean; seed?: bigint; at?: bigint; fail: string[]; dport?: number; protocol?: Flow["protocol"] }
export interface LoadFlags { json: boolean; seed?: bigint; fail: string[]; sweep: boolean; all: boolean }

const WHERE = { line: 0, col: 0, length: 0 };
/** After a failure: slow LACP, hold times and neighbour probes are over. */
const SETTLED_NS = 120_000_000_000n;

async function runWith(parts: Parts, topology: Topology, fail: readonly Step["targets"][], at: bigint | undefined, seed: bigint | undefined): Promise<RunResult> {
  const { runScenario } = await parts.engine();
  const steps: Step[] = fail.map((targets) => ({ atNs: 0n, op: "fail", target: targets.map((t) => t.name).join(", "), targets, direction: "both", perMillion: 0, where: WHERE }));
  const scenario: Scenario = { name: "path", untilNs: at ?? (fail.length > 0 ? SETTLED_NS : 1_000_000_000n), steps, where: WHERE };
  return runScenario(topology, scenario, seed === undefined ? {} : { seed });
}

async function targetsOf(parts: Parts, topology: Topology, texts: readonly string[]): Promise<Step["targets"][]> {
  const { resolveTarget } = await parts.targets();
  return texts.map((text) => {
    const found = resolveTarget(topology, text);
    if (!Array.isArray(found)) throw new DualhomeError("DH_TARGET", `--fail ${text}: ${found.error}${found.didYouMean === null ? "" : `; did you mean "${found.didYouMean}"?`}`, 2);
    return found;
  });
}

function withFlow(topology: Topology, a: string, b: string, flags: PathFlags): { topology: Topology; flow: Flow } {
  for (const name of [a, b]) {
    const node = topology.nodes.find((n) => n.name === name);
    if (node?.kind !== "server") throw new DualhomeError("DH_TARGET", node === undefined ? `there is no node "${name}"` : `${name} is no server: flows run between servers`, 2);
  }
  const known = topology.flows.find((f) => f.from === a && f.to === b && (flags.dport === undefined || f.dport === flags.dport));
  if (known !== undefined) return { topology, flow: known };
  const flow: Flow = {
    name: `${a} to ${b}`, from: a, to: b, protocol: flags.protocol ?? "tcp", sport: 40_000, dport: flags.dport ?? 443, maxOutageNs: null, rateMbps: null, service: null, role: "flow", where: WHERE,
  };
  return { topology: { ...topology, flows: [...topology.flows, flow] }, flow };
}

export async function path(io: Io, parts: Parts, file: string, a: string, b: string, flags: PathFlags, colour: boolean): Promise<number> {
  const { topology, flow } = withFlow(await readTopology(io, parts, file, colour), a, b, flags);
  const result = await runWith(parts, topology, await targetsOf(parts, topology, flags.fail), flags.at, flags.seed);
  const paths = result.paths.filter((p) => p.flow === flow.name);
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  const links = new Set(topology.vms.flatMap((vm) => vm.links));
  const virtual = new Set(topology.links.filter((l) => links.has(l.name)).flatMap((l) => [l.a, l.b]));
  const titles = [`${a} → ${b}  ${flow.protocol} ${flow.sport} → ${flow.dport}`, `${b} → ${a}`];
  const text = flags.json ? JSON.stringify({ format: 1, file, flow: flow.name, paths }, null, 2) : paths.flatMap((p, i) => [...pathLines(p, titles[i]!, paint, virtual), ""]).join("\n");
  await print(io, [`${text}\n`]);
  return paths.every((p) => p.hops.length > 0) ? EXIT.pass : EXIT.budget;
}

export async function load(io: Io, parts: Parts, file: string, flags: LoadFlags, colour: boolean): Promise<number> {
  const topology = await readTopology(io, parts, file, colour);
  if (topology.flows.every((f) => f.rateMbps === null)) throw new DualhomeError("DH_RATE", `${file}: no flow has a rate; say what it offers: flows: {web: {from: .., to: .., rate: 2G}}`, 2);
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  if (flags.sweep) return loadSweep(io, parts, topology, flags, paint);
  const result = await runWith(parts, topology, await targetsOf(parts, topology, flags.fail), undefined, flags.seed);
  const loads = linkLoads(result);
  const over = overloaded(loads);
  if (flags.json) await print(io, [`${JSON.stringify({ format: 1, file, failed: flags.fail, peerLinkMbps: peerLinkMbps(topology, loads), loads }, null, 2)}\n`]);
  else await print(io, [`${loadTable(loads, paint, flags.all)}\npeer-links carry ${peerLinkMbps(topology, loads)} Mbit/s\n${over.length} overloaded\n`]);
  return over.length > 0 ? EXIT.budget : EXIT.pass;
}

interface Worst { from: string; share: number; mbps: number; failure: string }

/** N-1: the worst load of each cable over all single failures, by the members that the hash really picks. */
async function loadSweep(io: Io, parts: Parts, topology: Topology, flags: LoadFlags, paint: ReturnType<typeof paintFor>): Promise<number> {
  const worst = new Map<string, Worst>();
  const failures = [null, ...singleFailures(topology, { kinds: new Set(["switch", "link", "peer-link", "risk"]) })];
  for (const failure of failures) {
    const result = await runWith(parts, topology, failure === null ? [] : [failure.targets], undefined, flags.seed);
    for (const l of linkLoads(result)) {
      const share = l.mbps / l.capacityMbps;
      if (share > (worst.get(l.from)?.share ?? 0)) worst.set(l.from, { from: l.from, share, mbps: l.mbps, failure: failure?.target ?? "nothing failed" });
    }
  }
  const rows = [...worst.values()].sort((a, b) => b.share - a.share);
  const over = rows.filter((r) => r.share > 1);
  const lines = rows.slice(0, flags.all ? rows.length : 20).map((r) => `  ${`${(r.share * 100).toFixed(1)} %`.padStart(8)}  ${r.share > 1 ? paint("red", r.from) : r.from}  when ${r.failure}`);
  if (flags.json) await print(io, [`${JSON.stringify({ format: 1, failures: failures.length - 1, worst: rows }, null, 2)}\n`]);
  else await print(io, [`worst load of each cable over ${failures.length - 1} single failures\n${lines.join("\n")}\n${over.length} overloaded after one failure\n`]);
  return over.length > 0 ? EXIT.budget : EXIT.pass;
}
