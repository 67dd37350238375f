// Years of two sites (bench/topologies/two-sites.ts) with failures as they come (bench/failures.ts), hellos left out: what it costs, and what became of
// flows and services. It runs month by month; of each month's records the outages are counted, then they are forgotten. DUALHOME_SERVERS and DUALHOME_YEARS
// take other sizes.

import { failures, type Failure } from "./failures.ts";
import { type Bench, type BenchOptions, type CaseResult, digest, hex, type Measure, spread } from "./harness.ts";
import { twoSites } from "./topologies/two-sites.ts";
import { begun, readOn, type Begun } from "../bindings/analysis/index.ts";
import { Session } from "../bindings/engine/index.ts";
import { parseTopology } from "../bindings/topology/index.ts";
import type { Scenario, Step, Topology } from "../bindings/topology/model.ts";

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
const MONTH = 730n * HOUR;
const WARM = 5n * SECOND;
const SEED = 20261127n;
const EVERY = 60n * SECOND; // with every hello: so long, after bring-up and the first neighbours
const SETTLED = 120n * SECOND;

const where = { line: 1, col: 1, length: 1 };
const quiet: Scenario = { name: "quiet", untilNs: 0n, steps: [], where };

function read(servers: number): Topology {
  const parsed = parseTopology(twoSites(servers, "ranges"), "two-sites.dh.yaml");
  if (!("topology" in parsed)) throw new Error(parsed.problems[0]?.message ?? "not read");
  return parsed.topology;
}

const stepsOf = (failure: Failure): Step[] => (["fail", "repair"] as const).map((op) =>
  ({ atNs: op === "fail" ? failure.from : failure.to, op, target: failure.kind, targets: failure.targets, direction: "both", perMillion: 0, where }));

/** Outages of each flow and service, added up as they end. */
class Counted {
  readonly outages = { flow: 0, service: 0 };
  downNs = { flow: 0n, service: 0n };
  longestNs = { flow: 0n, service: 0n };
  checksum = 0x811c9dc5;

  take({ timelines }: Begun, atNs: bigint): void {
    for (const line of timelines.directions) line.take(atNs);
    this.#of("flow", timelines.flows, atNs);
    this.#of("service", timelines.services, atNs);
  }

  #of(what: "flow" | "service", lines: Begun["timelines"]["flows"], atNs: bigint): void {
    for (const [i, line] of lines.entries()) {
      for (const { startNs, endNs } of line.take(atNs)) {
        const length = endNs! - startNs;
        this.outages[what]++;
        this.downNs[what] += length;
        if (length > this.longestNs[what]) this.longestNs[what] = length;
        this.checksum = digest([i, Number(startNs & 0xffffffffn), Number(length & 0xffffffffn)], this.checksum);
      }
    }
  }
}

interface Lived { failed: Map<string, number>; counted: Counted; records: number; events: number; wallMs: number; cpuMs: number; longestMs: number; heap: number; memory: number }

/** Runs a topology for so long, from bring-up on. */
async function live(topology: Topology, years: number): Promise<Lived> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const span = BigInt(Math.round(years * 8766)) * HOUR;
  const all = failures(topology, years, WARM, SEED);
  const steps = all.flatMap(stepsOf).sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  const session = await Session.open(topology, quiet, { spareSteps: steps.reduce((sum, { targets }) => sum + targets.length, 0) });
  await session.runTo(WARM);
  const state = begun(session.result());
  const counted = new Counted();
  let next = 0;
  let longestMs = 0;
  let heap = 0;
  for (let from = WARM; from < WARM + span; from += MONTH) {
    const started = performance.now();
    const until = from + MONTH < WARM + span ? from + MONTH : WARM + span;
    session.takeTrace();
    const first = next;
    while (next < steps.length && steps[next]!.atNs < until) next++;
    session.add(steps.slice(first, next));
    await session.runTo(until);
    readOn(state, session.result());
    counted.take(state, until);
    longestMs = Math.max(longestMs, performance.now() - started);
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  }
  const { user, system } = process.cpuUsage(cpu);
  const { events, memoryBytes } = session.result();
  const failed = new Map<string, number>();
  for (const { kind } of all) failed.set(kind, (failed.get(kind) ?? 0) + 1);
  return { failed, counted, records: state.records, events, wallMs: performance.now() - began, cpuMs: (user + system) / 1000, longestMs, heap, memory: memoryBytes };
}

/** Events of a second with every hello, on paper: what each thing says in steady state, and the timers and deliveries of it. */
export function everySecond(topology: Topology): number {
  const servers = topology.nodes.filter((n) => n.kind === "server").length;
  const pairs = topology.pairs.length;
  const routed = topology.links.filter((l) => /spine/.test(l.name)).length;
  const networks = topology.networks.length;
  const perNetwork = servers / networks;
  const lacp = servers * (4 + 13 / 3); // an LACPDU each way on two cables; timers of the bond and of both legs
  const vrrp = networks * (1 + 1 + perNetwork); // its timer, the copy to the other router and to each server's port
  const routing = (routed * 4) / 3; // a hello each way every 3 s, timer and frame
  const mlag = pairs * 8; // a keepalive and a hello of each peer, timers and frames
  return lacp + vrrp + routing + mlag;
}

/** The same, measured: a minute of it. */
async function measured(topology: Topology): Promise<number> {
  const session = await Session.open(topology, quiet, { everyHello: true });
  await session.runTo(SETTLED);
  const before = session.result().events;
  await session.runTo(SETTLED + EVERY);
  return (session.result().events - before) / Number(EVERY / SECOND);
}

async function measure(servers: number, years: number, small: boolean): Promise<CaseResult> {
  const topology = read(servers);
  const { failed, counted, records, events, wallMs, cpuMs, longestMs, heap, memory } = await live(topology, years);
  const every = await measured(topology);
  const paper = everySecond(topology);
  const one = (name: string, unit: string, value: number): Measure => ({ name, unit, value: spread([value]) });
  const failures = [...failed.values()].reduce((a, b) => a + b, 0);
  const seconds = years * 8766 * 3600;
  const hours = (ns: bigint): number => Number(ns / SECOND) / 3600;
  return {
    name: `${servers} servers, ${years} years`, unit: " simulated s", rounds: 1, ratios: [],
    arms: [{ name: "hellos left out", rate: spread([seconds / (wallMs / 1000)]), checksum: hex(digest([records], counted.checksum)) }],
    measures: [
      { ...one("file read to last outage counted", "s", wallMs / 1000), ...(small ? {} : { most: 60 }) },
      one("the same, processor time", "s", cpuMs / 1000), one("longest month", "ms", longestMs), one("JavaScript heap, most", "MiB", heap / 2 ** 20), one("engine's memory", "MiB", memory / 2 ** 20),
      one("failures", "", failures), ...[...failed].map(([kind, count]) => one(`of these: ${kind}`, "", count)),
      one("events", "", events), one("events a failure", "", events / Math.max(1, failures)), one("trace records", "", records),
      one("outages of flows", "", counted.outages.flow), one("outages of services", "", counted.outages.service),
      one("flows down in all", "h", hours(counted.downNs.flow)), one("services down in all", "h", hours(counted.downNs.service)), one("longest outage of a service", "h", hours(counted.longestNs.service)),
      one("every hello, events a second, paper", "", paper), one("every hello, events a second, measured", "", every),
      one("events with every hello over left out", "x", (paper * seconds) / events),
    ],
  };
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  if (small) return [await measure(80, 0.25, true)];
  const sizes = (process.env["DUALHOME_SERVERS"] ?? "1000,10000").split(",").map(Number);
  const years = Number(process.env["DUALHOME_YEARS"] ?? 10);
  const cases: CaseResult[] = [];
  for (const servers of sizes) { say(`${servers} servers, ${years} years`); cases.push(await measure(servers, years, false)); }
  return cases;
}

export const yearsBench: Bench = { name: "years", about: "ten years of 10,000 servers with failures as they come", run };
