// `dualhome phases`: the same steps at many instants.

import { phasesQuestion, plainSteps, type PhasesOptions, type PhasesResult } from "../../phases/index.ts";
import { assumedNotice, paintFor } from "../../report/index.ts";
import { phasesJson, phasesMarkdown, phasesParquet, phasesText } from "../../report/phases.ts";
import { formatDuration } from "../../duration.ts";
import { askAll, startEarly, type BatchFlags } from "../batch.ts";
import type { OutputFlags } from "../options/output.ts";
import { branchSteps } from "../flag-steps.ts";
import { readTopology, saveFile } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { askedOf, savePage, wholeOnly } from "../page.ts";
import type { Parts } from "../parts.ts";
import type { Topology } from "../../topology/model.ts";

export interface PhasesFlags extends BatchFlags, OutputFlags { runs: number; window: bigint; for: bigint }

export async function phases(io: Io, parts: Parts, file: string, cases: readonly string[], flags: PhasesFlags, colour: boolean): Promise<number> {
  await startEarly(parts, phasesQuestion, flags);
  const topology = await readTopology(io, parts, file, colour);
  wholeOnly(parts, flags);
  const steps = await Promise.all(cases.map(async (name) => ({ name, steps: plainSteps(await branchSteps(topology, name, 0n, parts, `'${name}'`)) })));
  const options: PhasesOptions = { cases: steps, runs: flags.runs, windowNs: `${flags.window}`, forNs: `${flags.for}` };
  const command = `phases ${file} ${cases.map((each) => `'${each}'`).join(" ")} --runs ${flags.runs} --window ${formatDuration(flags.window)} --for ${formatDuration(flags.for)}${flags.seed === undefined ? "" : ` --seed ${flags.seed}`}`;
  const asked = await askAll(io, parts, phasesQuestion, topology, options as never, flags, { file, command, items: "runs" });
  return asked.result === null ? asked.status : showPhases(io, asked.result, flags, { file, seed: String(asked.work.seed), colour, topology });
}

export async function showPhases(io: Io, result: PhasesResult, { json, markdown, parquet, report }: OutputFlags, shown: { file: string; seed: string; colour: boolean; topology?: Topology }): Promise<number> {
  const { file, seed, colour } = shown;
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  await savePage(io, report, ({ phasesPage }) => phasesPage(result, askedOf(shown)));
  if (parquet !== undefined) await saveFile(io, parquet, await phasesParquet(result, file, seed));
  await print(io, [json ? phasesJson(result, file, seed) : markdown ? phasesMarkdown(result) : phasesText(result, { paint, width: io.columns ?? WIDTH_DEFAULT })]);
  io.err(assumedNotice(result.assumed));
  return EXIT.pass;
}
