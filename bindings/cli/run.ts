// `dualhome run`: read, choose the scenario, run, analyse, print.

import { outcomes } from "../applications/index.ts";
import { statistics } from "../analysis/index.ts";
import { DualhomeError } from "../errors.ts";
import { expectations } from "../expectations/index.ts";
import type { RunOptions, RunResult } from "../engine/index.ts";
import { assumedNotice, duration, json, jsonl, paintFor, passes, text, traceLines, type ReportInput, type TextOptions } from "../report/index.ts";
import type { Scenario, Topology } from "../topology/model.ts";
import { readTopology, saveFile, showProblems } from "./input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "./io.ts";
import type { RunFlags } from "./options.ts";
import { version } from "./package.ts";
import type { Parts } from "./parts.ts";
import { expandPorts } from "./ports.ts";
import { progress } from "./progress.ts";
import { chooseScenario } from "./scenario.ts";

export async function run(io: Io, parts: Parts, file: string, flags: RunFlags, colour: boolean): Promise<number> {
  const read = await readTopology(io, parts, file);
  if ("problems" in read) {
    await showProblems(io, parts, read.problems, read.text, colour);
    return EXIT.usage;
  }
  const { topology } = read;
  const ports = capturePorts(topology, flags);
  const { scenario, notice } = await chooseScenario(topology, flags, parts);
  io.err(notice);
  const result = await simulate(io, parts, topology, scenario, flags, ports);
  if (flags.pcap !== undefined) await savePcap(io, flags.pcap, result, ports);
  const input = judged(result, file);
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

async function simulate(io: Io, parts: Parts, topology: Topology, scenario: Scenario, flags: RunFlags, capturePorts: string[]): Promise<RunResult> {
  const { runScenario } = await parts.engine();
  const startedAt = io.now();
  const result = await watched(io, (watch) => runScenario(topology, scenario, { ...runOptions(flags), ...watch, ...(capturePorts.length > 0 ? { capturePorts } : {}) }));
  io.err(`${duration(result.endNs)} simulated in ${Math.round(io.now() - startedAt)} ms\n`);
  return result;
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
  try {
    return await work({ signal: interrupt.signal, onProgress: line.update });
  } finally {
    line.end();
    release();
  }
}

async function savePcap(io: Io, path: string, result: RunResult, ports: string[]): Promise<void> {
  const { pcapng } = await import("../pcap/pcapng.ts");
  const bytes = pcapng(result.frames, { ports, application: `dualhome ${version()}`, comment: `${result.topology.name}: ${result.scenario.name}, seed ${result.seed}` });
  await saveFile(io, path, bytes);
  io.err(`${path}: ${result.frames.length} frames of ${ports.length} ports\n`);
}

export function layout(io: Io, flags: RunFlags, colour: boolean): TextOptions {
  return { paint: paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY }), width: flags.width ?? io.columns ?? WIDTH_DEFAULT };
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
