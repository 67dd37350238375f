// `dualhome sweep`: every single failure and its repair, one run each.

import { assumedNotice, paintFor } from "../report/index.ts";
import { parquet } from "../report/parquet.ts";
import { HIT_COLUMNS, hitRows, sweepJson, sweepMarkdown, sweepText } from "../report/sweep.ts";
import { optionsOf, sweepQuestion, type FailureKind, type SweepResult } from "../sweep/index.ts";
import { askAll, type BatchFlags } from "./batch.ts";
import type { OutputFlags } from "./batch-options.ts";
import { readTopology, saveFile, showProblems } from "./input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";

export interface SweepFlags extends BatchFlags, OutputFlags { kinds?: readonly FailureKind[]; allowSpof: boolean }

export async function sweep(io: Io, parts: Parts, file: string, flags: SweepFlags, colour: boolean): Promise<number> {
  const read = await readTopology(io, parts, file);
  if ("problems" in read) {
    await showProblems(io, parts, read.problems, read.text, colour);
    return EXIT.usage;
  }
  const only = flags.kinds === undefined ? "" : ` --only ${flags.kinds.join(" ")}`;
  const answered = await askAll(io, parts, sweepQuestion, read.topology, optionsOf(flags.kinds), flags, { file, command: `sweep ${file}${only}`, items: "failures" });
  if (answered.result === null) return answered.status;
  return showSweep(io, answered.result, flags, { file, seed: answered.job.identity.seed, colour });
}

export interface Shown { file: string; seed: string; colour: boolean }

export async function showSweep(io: Io, result: SweepResult, flags: OutputFlags & { allowSpof: boolean }, { file, seed, colour }: Shown): Promise<number> {
  const options = { paint: paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY }), width: io.columns ?? WIDTH_DEFAULT, all: flags.all };
  if (flags.parquet !== undefined) await saveFile(io, flags.parquet, await parquet(hitRows(result.rows), HIT_COLUMNS, { file, topology: result.name, seed, question: "sweep" }));
  await print(io, [flags.json ? sweepJson(result, file, seed) : flags.markdown ? sweepMarkdown(result, file) : sweepText(result, options)]);
  io.err(assumedNotice(result.assumed));
  return result.rows.some((r) => r.spof.length > 0) && !flags.allowSpof ? EXIT.budget : EXIT.pass;
}
