// `dualhome explain`: run, choose outages, and tell what each was made of.

import type { Outage } from "../../analysis/index.ts";
import { DualhomeError } from "../../errors.ts";
import { explainJson, explainText, type Explained, type Numbered } from "../../report/explain.ts";
import { assumedNotice, duration, plural, type ReportInput } from "../../report/index.ts";
import { meant } from "../../topology/problems.ts";
import { readTopology } from "../input.ts";
import { EXIT, print, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";
import { judged, layout, runOptions, watched, type RunFlags } from "./run.ts";
import { chooseScenario } from "../scenario.ts";

export interface ExplainFlags extends Pick<RunFlags, "scenario" | "steps" | "until" | "seed" | "everyHello" | "width" | "timeline"> {
  json: boolean;
  flow?: string; // or service
  outage?: number; // from 1
  all: boolean;
}

/** Explanations that are shown when nobody chose. */
const SHOWN = 6;

export async function explain(io: Io, parts: Parts, file: string, flags: ExplainFlags, colour: boolean): Promise<number> {
  const topology = await readTopology(io, parts, file, colour);
  const { scenario, notice } = await chooseScenario(topology, flags, parts);
  io.err(notice);
  const { runScenario } = await parts.engine();
  const startedAt = io.now();
  const result = await watched(io, (watch) => runScenario(topology, scenario, { ...runOptions(flags), ...watch }));
  io.err(`${duration(result.endNs)} simulated in ${Math.round(io.now() - startedAt)} ms\n`);
  const found = choose(judged(result, file), flags);
  await print(io, [flags.json ? explainJson(found) : explainText(found, layout(io, flags, colour))]);
  io.err(assumedNotice(topology.assumptions.length));
  return EXIT.pass;
}

/** Without a choice: of those that went the same way one, the longest first within each step. */
function choose(input: ReportInput, flags: ExplainFlags): Explained {
  const all = input.findings.outages.filter((o) => o.subject !== "direction");
  const numberOf = new Map(all.map((o, i) => [o, i + 1]));
  const numbered = (outage: Outage, same: string[] = []): Numbered => ({ number: numberOf.get(outage)!, outage, same });
  if (flags.outage !== undefined) {
    const outage = all[flags.outage - 1];
    if (outage === undefined) throw new DualhomeError("DH_OUTAGE", `--outage ${flags.outage}: there ${all.length === 1 ? "is 1 outage" : `are ${plural(all.length, "outage")}`}`, 2);
    return { input, all, chosen: [numbered(outage)], left: 0 };
  }
  if (flags.flow !== undefined) {
    const chosen = all.filter((o) => o.name === flags.flow);
    if (chosen.length === 0) nobody(input, flags.flow);
    return { input, all: chosen, chosen: chosen.map((o) => numbered(o)), left: 0 };
  }
  if (flags.all) return { input, all, chosen: all.map((o) => numbered(o)), left: 0 };
  const distinct = input.findings.steps.flatMap((s) => s.explanations).map((e) => numbered(e.outage, e.names.slice(1)));
  const chosen = distinct.slice(0, SHOWN);
  return { input, all, chosen, left: distinct.length - chosen.length };
}

/** A flow that was never down is no mistake; a name that is none is. */
function nobody({ run }: ReportInput, name: string): void {
  const names = [...run.names.services, ...run.names.flows];
  if (names.includes(name)) return;
  const hint = meant(name, names);
  throw new DualhomeError("DH_FLOW_UNKNOWN", `--flow: there is no flow or service "${name}"${hint === null ? "" : `; ${hint}`}`, 2);
}
