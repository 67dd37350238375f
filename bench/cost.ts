// What a run costs: changes, not nodes times time. Two sites of growing size (bench/topologies/two-sites.ts), warm: one simulated hour with no, one, ten and
// a hundred failures of a server's cable, each repaired after 20 s, and a day of nothing; going back to a snapshot; a single failure from restoring
// to outages. DUALHOME_SERVERS=1000,10000 takes other sizes.

import { type Bench, type BenchOptions, type CaseResult, digest, hex, type Measure, spread } from "./harness.ts";
import { bars, type Bar } from "./report.ts";
import { twoSites } from "./topologies/two-sites.ts";
import { outages } from "../bindings/analysis/index.ts";
import { Session, type SessionSnapshot } from "../bindings/engine/index.ts";
import { parseTopology } from "../bindings/topology/index.ts";
import type { Scenario, Step, Topology } from "../bindings/topology/model.ts";

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
const DAY = 24n * HOUR;
const WARM = 5n * SECOND;
const BROKEN = 20n * SECOND; // past the LACP time-outs, the polls and the neighbours' timers
const SETTLED = 60n * SECOND;
const SLICE_EVERY = 600n * SECOND; // how long every hello is simulated

const where = { line: 1, col: 1, length: 1 };
const quiet: Scenario = { name: "quiet", untilNs: 0n, steps: [], where };

const step = (op: "fail" | "repair", name: string, atNs: bigint): Step => ({ atNs, op, target: name, targets: [{ kind: "link", name }], direction: "both", perMillion: 0, where });

interface Warm { session: Session; at: SessionSnapshot; cables: string[]; topology: Topology }

async function warmUp(servers: number, everyHello: boolean): Promise<Warm> {
  const parsed = parseTopology(twoSites(servers, "ranges"), "two-sites.dh.yaml");
  if (!("topology" in parsed)) throw new Error(parsed.problems[0]?.message ?? "not read");
  const { topology } = parsed;
  const session = await Session.open(topology, quiet, { everyHello });
  await session.runTo(WARM);
  const hosts = new Set(topology.nodes.filter((n) => n.kind === "server").map((n) => n.name));
  const cables = topology.links.filter((l) => [l.a, l.b].some((end) => hosts.has(end.split(":")[0]!))).map((l) => l.name);
  return { session, at: session.snapshot(), cables, topology };
}

interface Span { ms: number; events: number; checksum: number }

/** From the snapshot on for `span`, with so many failures at even distances, all over the network. */
async function lasting({ session, at, cables }: Warm, span: bigint, failures: number): Promise<Span> {
  session.restore(at);
  const before = session.result().events;
  const records = session.trace.length;
  const steps = Array.from({ length: failures }, (_, k) => {
    const cable = cables[Math.floor(((k + 0.5) * cables.length) / failures)]!;
    const from = at.nowNs + SECOND + (BigInt(k) * (span - SETTLED)) / BigInt(failures);
    return [step("fail", cable, from), step("repair", cable, from + BROKEN)];
  }).flat();
  session.add(steps);
  const start = performance.now();
  await session.runTo(at.nowNs + span);
  return { ms: performance.now() - start, events: session.result().events - before, checksum: digest([session.trace.length - records, session.result().events - before]) };
}

interface Question { restoreMs: number; ms: number; cpuMs: number }

/** A question to the warm network: restore, fail, settle, outages. */
async function single({ session, at, cables }: Warm, cable: number): Promise<Question> {
  const start = performance.now();
  const began = process.cpuUsage();
  session.restore(at);
  const restoreMs = performance.now() - start;
  session.add([step("fail", cables[cable % cables.length]!, at.nowNs + SECOND)]);
  await session.runTo(at.nowNs + SECOND + SETTLED);
  outages(session.result());
  const { user, system } = process.cpuUsage(began);
  return { restoreMs, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** Events of ten quiet minutes with every hello. */
async function everyHello(servers: number): Promise<number> { return (await lasting(await warmUp(servers, true), SLICE_EVERY, 0)).events; }

const BAR_SERVERS = 10_000;
const EVERY_MAX = 1_000; // servers: every hello is simulated up to here

async function measure(servers: number, counts: readonly number[], rounds: number): Promise<CaseResult> {
  const opened = performance.now();
  const warm = await warmUp(servers, false);
  const warmMs = performance.now() - opened;
  const one = (name: string, unit: string, ...values: number[]): Measure => ({ name, unit, value: spread(values) });
  const { used, pieces } = warm.at.engine;
  const copied = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const measures = [one("file to warm network", "ms", warmMs), one("engine's memory", "MiB", used / 2 ** 20), one("of it in a snapshot", "MiB", copied / 2 ** 20)];
  const arms: CaseResult["arms"] = [];
  for (const failures of counts) {
    const spans: Span[] = [];
    for (let round = 0; round < rounds; round++) spans.push(await lasting(warm, HOUR, failures));
    const name = failures === 0 ? "an hour of nothing" : `an hour, ${failures} ${failures === 1 ? "failure" : "failures"}`;
    arms.push({ name, rate: spread(spans.map(({ ms }) => 3_600_000 / ms)), checksum: hex(spans[0]!.checksum) });
    measures.push(one(`${name}: wall`, "ms", ...spans.map(({ ms }) => ms)), one(`${name}: events`, "", spans[0]!.events));
  }
  const day = await lasting(warm, DAY, 0);
  measures.push(one("a day of nothing: wall", "ms", day.ms), one("a day of nothing: events", "", day.events));
  const questions: Question[] = [];
  for (let k = 0; k < 4 * rounds + 1; k++) questions.push(await single(warm, k * 97));
  const bar = (most: number): { most?: number } => (servers === BAR_SERVERS ? { most } : {});
  measures.push(
    { ...one("restore", "ms", ...questions.map(({ restoreMs }) => restoreMs)), ...bar(20) },
    { ...one("one failure, restore to outages", "ms", ...questions.map(({ ms }) => ms)), ...bar(50) },
    one("the same, processor time", "ms", ...questions.map(({ cpuMs }) => cpuMs)),
  );
  if (servers <= EVERY_MAX) {
    const every = await everyHello(servers);
    const share = Number(DAY / SLICE_EVERY);
    measures.push(one("ten minutes, every hello: events", "", every), one("events of a day, every hello over left out", "x", (every * share) / Math.max(1, day.events)));
  }
  return { name: `${servers} servers`, unit: " simulated s", rounds, arms, ratios: [], measures };
}

async function run({ small, full = false, say }: BenchOptions): Promise<CaseResult[]> {
  const sizes = small ? [80] : (process.env["DUALHOME_SERVERS"] ?? (full ? "1000,3000,10000,30000" : "1000,3000,10000")).split(",").map(Number);
  const cases: CaseResult[] = [];
  for (const servers of sizes) {
    if (!small) say(`${servers} servers`);
    cases.push(await measure(servers, small ? [0, 2] : [0, 1, 10, 100], small ? 1 : 3));
  }
  return cases;
}

/** A bar for each hour and day that was measured, size by size. */
function picture(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ name, measures = [] }): Bar[] => measures.filter((m) => m.name.endsWith(": wall")).map((m) => {
    const what = m.name.slice(0, -": wall".length);
    const events = measures.find((other) => other.name === `${what}: events`)?.value.median ?? 0;
    return { label: `${name}, ${what}`, value: m.value, text: `${m.value.median.toPrecision(3)} ms, ${events} events`, mark: null, colour: "#5b8db8" };
  }));
  return bars("Wall time of simulated hours and days", " ms", rows);
}

export const costBench: Bench = { name: "cost", about: "what a run costs: changes, not nodes times time", run, picture: { file: "../docs/cost.svg", draw: picture } };
