// Flows that are in no table, walked through a settled network: two sites of racks behind MC-LAG pairs (bench/topologies/two-sites.ts). The engine's walk against
// one in JavaScript on typed arrays and one in C, both by tables that are taken out of the engine (walk-tables.ts).
//
// The flows are drawn, a third each: within a rack, to another rack of the site, to the other site. All know their way: addresses are resolved and learned before.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PATH_PORT } from "../assembly/abi.ts";
import { Session, type Tuple } from "../bindings/engine/index.ts";
import type { Moment } from "../bindings/engine/session.ts";
import { parseTopology } from "../bindings/topology/index.ts";
import type { Scenario } from "../bindings/topology/model.ts";
import { type Arm, type Bar, type Bench, type BenchOptions, type CaseResult, compare, mix, timed } from "./harness.ts";
import { compileNative, type Native, nativeArm } from "./native.ts";
import { twoSites } from "./topologies/two-sites.ts";
import { Walker } from "./walk-javascript.ts";
import { asFile, exportTables, type WalkTables } from "./walk-tables.ts";

const MS = 1_000_000n;
const SECOND = 1000n * MS;
const WARM = 5n * SECOND;
const CROWD = 256; // flows that ask for addresses at one instant
const ROUNDS_MAX = 6; // walks until two give the same
const TCP = 6;
const PORTS = [443, 3306, 5432, 8443];
const FNV = 0x01000193;

const quiet: Scenario = { name: "quiet", untilNs: 0n, steps: [], where: { line: 1, col: 1, length: 1 } };

interface Case { servers: number; flows: number; rounds: number; least: number }

async function warmUp(servers: number): Promise<{ session: Session; hosts: string[][] }> {
  const parsed = parseTopology(twoSites(servers, "ranges"), "two-sites.dh.yaml");
  if (!("topology" in parsed)) throw new Error(parsed.problems[0]?.message ?? "not read");
  const { topology } = parsed;
  const racks = new Map<string, string[]>();
  topology.nodes.forEach((node, index) => {
    if (node.kind !== "server") { node.hashSeed = mix(index + 1); return; } // drawn, and known to the baselines
    const rack = node.name.slice(0, node.name.lastIndexOf("-"));
    racks.set(rack, [...racks.get(rack) ?? [], node.name]);
  });
  const session = await Session.open(topology, quiet);
  await session.runTo(WARM);
  return { session, hosts: [...racks.values()] };
}

/** Racks stand at the two sites in turn. */
function draw(racks: readonly string[][], count: number): Tuple[] {
  return Array.from({ length: count }, (_, i) => {
    const number = (k: number): number => mix(i * 8 + k);
    const rack = number(0) % racks.length;
    const steps = racks.length >> 1;
    const far = i % 3 === 0 ? rack : i % 3 === 1 ? rack + 2 * (1 + number(1) % Math.max(1, steps - 1)) : rack + 1 + 2 * (number(1) % steps);
    const [here, there] = [racks[rack]!, racks[far % racks.length]!];
    const from = number(2) % here.length;
    const to = number(3) % there.length;
    const other = here === there && from === to ? (to + 1) % there.length : to;
    return { from: here[from]!, to: there[other]!, protocol: "tcp", sport: 32_768 + number(4) % 28_000, dport: PORTS[number(5) % PORTS.length]! };
  });
}

function* crowds(flows: readonly Tuple[]): Generator<Tuple[]> { for (let at = 0; at < flows.length; at += CROWD) yield flows.slice(at, at + CROWD); }

/** What each walk came to: the digest of its ports and their number, 0 and 0 for those that do not arrive. */
function sumOf(sum: number, ports: ArrayLike<number>): number {
  let digest = ports.length === 0 ? 0 : 0x811c9dc5;
  for (let k = 0; k < ports.length; k++) digest = Math.imul(digest ^ ports[k]!, FNV);
  return Math.imul(Math.imul(sum ^ digest, FNV) ^ ports.length, FNV);
}

function tryAll(session: Session, flows: readonly Tuple[]): number {
  let sum = 0x811c9dc5;
  for (const crowd of crowds(flows)) for (const { forth, back } of session.tryFlows(crowd)) sum = sumOf(sumOf(sum, forth[0]!.ports), back[0]!.ports);
  return sum >>> 0;
}

/** Until nothing is learned any more. */
async function settle(session: Session, flows: readonly Tuple[]): Promise<void> {
  for (const crowd of crowds(flows)) {
    session.tryFlows(crowd);
    await session.runTo(session.nowNs + MS);
  }
  for (let before = -1, round = 0; ; round++) {
    await session.runTo(session.nowNs + SECOND);
    const now = tryAll(session, flows);
    if (now === before) return;
    if (round === ROUNDS_MAX) throw new Error("the ways still move");
    before = now;
  }
}

/** from | to | ports, forth and back of each flow. */
function walksOf({ tables }: Moment, flows: readonly Tuple[]): Int32Array {
  const interfaces = new Map(tables.l3ifs.flatMap((l3, index) => (l3.bridge < 0 ? [[tables.names.nodes[l3.node]!, index] as const] : [])));
  return Int32Array.from(flows.flatMap(({ from, to, sport, dport }) => {
    const [a, b] = [interfaces.get(from)!, interfaces.get(to)!];
    return [a, b, sport << 16 | dport, b, a, dport << 16 | sport];
  }));
}

/** The engine alone, a call a walk; its ways are read afterwards. */
function engineArm({ engine }: Moment, walks: Int32Array, least: number): Arm {
  const walk = (i: number): number => engine.trial(walks[i]!, walks[i + 1]!, TCP, walks[i + 2]! >>> 16, walks[i + 2]! & 0xffff, -1);
  const pass = (): void => {
    let lost = 0;
    for (let i = 0; i < walks.length; i += 3) if (walk(i) === 0) lost++;
    engine.endTrials();
    if (lost > 0) throw new Error(`${lost} of ${walks.length / 3} frames do not arrive`);
  };
  return timed("engine", walks.length / 3, least, pass, () => {
    let sum = 0x811c9dc5;
    for (let i = 0; i < walks.length; i += 3) {
      walk(i);
      const way = new Int32Array(engine.memory.buffer, engine.trialWayAt() >>> 0);
      sum = sumOf(sum, way.subarray(1, 1 + way[0]!).map((hop) => hop & PATH_PORT));
    }
    return sum >>> 0;
  });
}

function javascriptArm(tables: WalkTables, prefixes: number, least: number): Arm {
  const walker = new Walker(tables, prefixes);
  let sum = 0;
  return timed("JavaScript, typed arrays", tables.walks.length / 3, least, () => { sum = walker.all(); }, () => sum);
}

function tryFlowsArm(session: Session, flows: readonly Tuple[], least: number): Arm {
  let sum = 0;
  return timed("Session.tryFlows", flows.length * 2, least, () => { sum = tryAll(session, flows); }, () => sum);
}

async function measure({ servers, flows: count, rounds, least }: Case, native: Native | undefined, folder: string): Promise<CaseResult> {
  const { session, hosts } = await warmUp(servers);
  const flows = draw(hosts, count);
  await settle(session, flows);
  const moment = session.moment();
  const tables = exportTables(moment, walksOf(moment, flows));
  const prefixes = moment.tables.prefixes.length;
  const arms = [engineArm(moment, tables.walks, least), javascriptArm(tables, prefixes, least), tryFlowsArm(session, flows, least)];
  if (native !== undefined) {
    const file = join(folder, `${servers}.tables`);
    writeFileSync(file, asFile(tables));
    arms.push(nativeArm(native, "C", count * 2, [file, prefixes, least]));
  }
  return compare(`${count} flows, forth and back, ${servers} servers`, " walks", arms, rounds, BARS);
}

const BARS: Bar[] = [];

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const cases: Case[] = small ? [{ servers: 160, flows: 500, rounds: 1, least: 0.0001 }]
    : [{ servers: 400, flows: 50_000, rounds: 5, least: 0.3 }, { servers: 4_000, flows: 50_000, rounds: 5, least: 0.3 }];
  const native = compileNative("walk.c", say);
  const folder = mkdtempSync(join(tmpdir(), "dualhome-walk-"));
  try {
    const results: CaseResult[] = [];
    for (const one of cases) results.push(await measure(one, native, folder));
    return results;
  } finally {
    native?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const walkBench: Bench = { name: "walk", about: "flows through a settled network's tables, hop by hop", run };
