// `dualhome run`: read, choose the scenario, run, analyse, print, and save what is asked for beside it.

import { outcomes } from "../../applications/index.ts";
import { phaseOf, statistics } from "../../analysis/index.ts";
import { linkLoads } from "../../analysis/load.ts";
import { formatDuration } from "../../duration.ts";
import { DualhomeError } from "../../errors.ts";
import { expectations } from "../../expectations/index.ts";
import type { RunOptions, RunResult, Session } from "../../engine/index.ts";
import type { Loads } from "../../html/index.ts";
import { assumedNotice, clock, duration, json, jsonl, paintFor, passes, plural, text, traceLines, type ReportInput, type TextOptions } from "../../report/index.ts";
import type { Scenario, Topology } from "../../topology/model.ts";
import { readTopology, saveFile, saveText } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { version } from "../package.ts";
import { savePage } from "../page.ts";
import type { Parts } from "../parts.ts";
import { expandPorts } from "../ports.ts";
import { progress } from "../progress.ts";
import { chooseScenario, type ScenarioFlags } from "../scenario.ts";

export interface RunFlags extends ScenarioFlags {
  seed?: bigint;
  output: "text" | "json" | "jsonl" | "trace";
  pcap?: string;
  perfetto?: string;
  report?: string;
  ports?: string;
  probe?: bigint;
  width?: number;
  everyHello?: boolean;
  at?: bigint;
  branches: string[];
  details: boolean;
  /** false: without the drawing */
  timeline?: boolean;
}

export async function run(io: Io, parts: Parts, file: string, flags: RunFlags, colour: boolean): Promise<number> {
  const topology = await readTopology(io, parts, file, colour);
  const ports = capturePorts(topology, flags);
  const { scenario, notice } = await chooseScenario(topology, flags, parts);
  io.err(notice);
  const { result, loads } = await simulate(io, parts, topology, scenario, flags, ports);
  if (flags.pcap !== undefined) await savePcap(io, flags.pcap, result, ports);
  const input = judged(result, file);
  if (flags.perfetto !== undefined) await savePerfetto(io, flags.perfetto, input);
  await savePage(io, flags.report, ({ runPage }) => runPage(input, loads));
  await print(io, printed(input, io, flags, colour));
  io.err(assumedNotice(topology.assumptions.length));
  return passes(input) ? EXIT.pass : EXIT.budget;
}

/** A run with what is found in it. */
export function judged(result: RunResult, file: string): ReportInput {
  const findings = statistics(result);
  const applications = outcomes(result);
  return { run: result, findings, applications, expectations: expectations(result, findings, applications), file, version: version() };
}

function capturePorts(topology: Topology, flags: RunFlags): string[] {
  if (flags.pcap === undefined) {
    if (flags.ports !== undefined) throw new DualhomeError("DH_USAGE", "--ports says what --pcap FILE records; give both", 2);
    return [];
  }
  return expandPorts(topology, flags.ports ?? "*");
}

interface Simulated { result: RunResult; loads: Loads | null }

async function simulate(io: Io, parts: Parts, topology: Topology, scenario: Scenario, flags: RunFlags, capturePorts: string[]): Promise<Simulated> {
  const { runScenario, Session } = await parts.engine();
  const startedAt = io.now();
  const simulated = await watched(io, async (watch): Promise<Simulated> => {
    const options = { ...runOptions(flags), ...watch, ...(capturePorts.length > 0 ? { capturePorts } : {}) };
    if (flags.report !== undefined && topology.flows.some((f) => f.rateMbps !== null)) return withLoads(await Session.open(topology, scenario, options), scenario, options);
    return { result: await runScenario(topology, scenario, options), loads: null };
  });
  io.err(`${duration(simulated.result.endNs)} simulated in ${Math.round(io.now() - startedAt)} ms\n`);
  return simulated;
}

/** The same run, in which the ways of flows are looked at just before the first step, and just before the first repair after it. */
async function withLoads(session: Session, scenario: Scenario, options: RunOptions): Promise<Simulated> {
  const first = scenario.steps.reduce((min, s) => (s.atNs < min ? s.atNs : min), scenario.untilNs);
  const repair = scenario.steps.reduce((min, s) => (s.atNs > first && phaseOf(s) === "return" && s.atNs < min ? s.atNs : min), scenario.untilNs);
  await session.runTo(first - 1n, options);
  const before = linkLoads(session.result());
  const repairNs = repair === scenario.untilNs ? null : repair;
  await session.runTo(repairNs === null ? scenario.untilNs : repairNs - 1n, options);
  const after = linkLoads(session.result());
  await session.runTo(scenario.untilNs, options);
  return { result: session.result(), loads: { before, after, repairNs } };
}

export function runOptions(flags: Pick<RunFlags, "seed" | "probe" | "everyHello">): RunOptions {
  const options: RunOptions = {};
  if (flags.seed !== undefined) options.seed = flags.seed;
  if (flags.probe !== undefined) options.probeNs = flags.probe;
  if (flags.everyHello === true) options.everyHello = true;
  return options;
}

/** Work that shows its progress and ends with Ctrl-C. */
export async function watched<T>(io: Io, work: (watch: Required<Pick<RunOptions, "signal" | "onProgress">>) => Promise<T>): Promise<T> {
  const line = progress(io);
  const interrupt = new AbortController();
  const release = io.onInterrupt(() => interrupt.abort());
  let standsNs = -1n; // before the scenario began there is nothing to go back to
  try {
    const done = await work({ signal: interrupt.signal, onProgress: (p) => { standsNs = p.nowNs; line.update(p); } });
    interrupt.signal.throwIfAborted(); // in its last slice
    return done;
  } catch (e) {
    line.end();
    if (interrupt.signal.aborted && standsNs > 0n) io.err(`it stood at ${clock(standsNs)}: run with --until ${formatDuration(standsNs - (standsNs % 1_000_000n))} tells what was until then\n`);
    throw e;
  } finally {
    line.end();
    release();
  }
}

async function savePcap(io: Io, path: string, result: RunResult, ports: string[]): Promise<void> {
  const [{ pcapng }, { comments, descriptions }] = await Promise.all([import("../../pcap/pcapng.ts"), import("../../pcap/comments.ts")]);
  const bytes = pcapng(result.frames, {
    ports, application: `dualhome ${version()}`, comment: `${result.topology.name}: ${result.scenario.name}, seed ${result.seed}`,
    descriptions: descriptions(result), comments: comments(result, result.frames),
  });
  await saveFile(io, path, bytes);
  io.err(`${path}: ${result.frames.length} frames of ${ports.length} ports\n`);
}

async function savePerfetto(io: Io, path: string, { run, findings, file, version: wrote }: ReportInput): Promise<void> {
  const { traceEvents } = await import("../../perfetto/index.ts");
  await saveText(io, path, traceEvents(run, findings.outages, { file, seed: String(run.seed), version: wrote }));
  io.err(`${path}: ${plural(run.trace.length, "trace record")}, opens in ui.perfetto.dev and chrome://tracing\n`);
}

export function layout(io: Io, flags: Pick<RunFlags, "width" | "timeline">, colour: boolean): TextOptions {
  return { paint: paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY }), width: flags.width ?? io.columns ?? WIDTH_DEFAULT, ascii: plainTerminal(io), ...(flags.timeline === undefined ? {} : { timeline: flags.timeline }) };
}

/** A terminal whose locale says that it has no Unicode. What goes to a file or a pipe is UTF-8. */
function plainTerminal({ env, outIsTTY }: Io): boolean {
  const locale = ["LC_ALL", "LC_CTYPE", "LANG"].map((name) => env[name] ?? "").find((value) => value !== "");
  return outIsTTY && locale !== undefined && !/utf-?8/i.test(locale);
}

function printed(input: ReportInput, io: Io, flags: RunFlags, colour: boolean): Iterable<string> {
  const options = layout(io, flags, colour);
  switch (flags.output) {
    case "json": return [json(input)];
    case "jsonl": return jsonl(input);
    case "trace": return traceLines(input, options.paint);
    case "text": return [text(input, options)];
  }
}
