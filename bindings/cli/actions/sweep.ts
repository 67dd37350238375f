// `dualhome sweep`: every single failure and its repair, one run each; two at a time.

import { assumedNotice, paintFor } from "../../report/index.ts";
import { parquet } from "../../report/parquet.ts";
import { pairsJson, pairsMarkdown, pairsText } from "../../report/sweep-pairs.ts";
import { HIT_COLUMNS, hitRows, sweepJson, sweepMarkdown, sweepText } from "../../report/sweep.ts";
import { notUpIn, optionsOf, pairsOptions, pairsQuestion, sweepQuestion, type FailureKind, type PairsResult, type SweepResult, type SweepRow } from "../../sweep/index.ts";
import type { Topology } from "../../topology/model.ts";
import { askAll, startEarly, type BatchFlags } from "../batch.ts";
import type { OutputFlags } from "../options/output.ts";
import { readTopology, saveFile } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { askedOf, savePage, wholeOnly } from "../page.ts";
import type { Parts } from "../parts.ts";

export interface SweepFlags extends BatchFlags, OutputFlags { kinds?: readonly FailureKind[]; allowSpof: boolean; failures: 1 | 2 }

export async function sweep(io: Io, parts: Parts, file: string, flags: SweepFlags, colour: boolean): Promise<number> {
  await startEarly(parts, sweepQuestion, flags);
  const topology = await readTopology(io, parts, file, colour);
  wholeOnly(parts, flags);
  if (flags.failures === 2) return sweepPairs(io, parts, topology, flags, file, colour);
  const answered = await askAll(io, parts, sweepQuestion, topology, optionsOf(flags.kinds), flags, { file, command: commandOf(file, flags), items: "failures" });
  if (answered.result === null) return answered.status;
  return showSweep(io, answered.result, flags, { file, seed: String(answered.work.seed), colour, topology });
}

const commandOf = (file: string, { kinds, failures }: SweepFlags): string => `sweep ${file}${kinds === undefined ? "" : ` --only ${kinds.join(" ")}`}${failures === 2 ? " --failures 2" : ""}`;

/** The single failures first: by what each touches, and what it moves, the pairs are chosen. They are few, so that each shard works them out by itself. */
async function sweepPairs(io: Io, parts: Parts, topology: Topology, flags: SweepFlags, file: string, colour: boolean): Promise<number> {
  const { shard: _shard, ...whole } = flags;
  const { divert: _divert, ...here } = parts;
  const asking = { file, command: commandOf(file, flags) };
  const alone = await askAll(io, here, sweepQuestion, topology, optionsOf(flags.kinds, undefined, true), whole, { ...asking, items: "failures", inside: "singles" });
  if (alone.result === null) return alone.status;
  const options = await pairsOptions(topology, alone.result, { seed: alone.work.seed, wasm: alone.work.wasm });
  const answered = await askAll(io, parts, pairsQuestion, topology, options, flags, { ...asking, items: "pairs" });
  if (answered.result === null) return answered.status;
  return showPairs(io, answered.result, flags, { file, seed: String(answered.work.seed), colour, topology });
}

/** Without a topology, as when parts are merged, a page has no drawing. */
export interface Shown { file: string; seed: string; colour: boolean; topology?: Topology }
type ShowFlags = OutputFlags & { allowSpof: boolean };

export async function showSweep(io: Io, result: SweepResult, flags: ShowFlags, shown: Shown): Promise<number> {
  const { file, seed } = shown;
  await saveRows(io, result, notUpIn(result.rows), "sweep", flags, shown);
  await savePage(io, flags.report, ({ sweepPage }) => sweepPage(result, askedOf(shown)));
  await print(io, [flags.json ? sweepJson(result, file, seed) : flags.markdown ? sweepMarkdown(result, file) : sweepText(result, layout(io, flags, shown))]);
  io.err(assumedNotice(result.assumed));
  return notUpIn(result.rows).length > 0 || (result.rows.some((r) => r.spof.length > 0) && !flags.allowSpof) ? EXIT.budget : EXIT.pass;
}

export async function showPairs(io: Io, result: PairsResult, flags: ShowFlags, shown: Shown): Promise<number> {
  const { file, seed } = shown;
  await saveRows(io, result, result.notUp, "sweep-pairs", flags, shown);
  await savePage(io, flags.report, ({ pairsPage }) => pairsPage(result, askedOf(shown)));
  await print(io, [flags.json ? pairsJson(result, file, seed) : flags.markdown ? pairsMarkdown(result, file) : pairsText(result, layout(io, flags, shown))]);
  return result.notUp.length > 0 || (result.worse.length > 0 && !flags.allowSpof) ? EXIT.budget : EXIT.pass;
}

async function saveRows(io: Io, { rows, name }: { rows: readonly SweepRow[]; name: string }, notUp: readonly string[], question: string, flags: ShowFlags, { file, seed }: Shown): Promise<void> {
  if (flags.parquet !== undefined) await saveFile(io, flags.parquet, await parquet(hitRows(rows, notUp), HIT_COLUMNS, { file, topology: name, seed, question }));
}

function layout(io: Io, flags: ShowFlags, { colour }: Shown): { paint: ReturnType<typeof paintFor>; width: number; all: boolean } {
  return { paint: paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY }), width: io.columns ?? WIDTH_DEFAULT, all: flags.all };
}
