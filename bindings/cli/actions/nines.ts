// `dualhome nines`: how much of the time each service is there, and what takes the rest.

import { ninesQuestion, type NinesOptions, type NinesResult } from "../../nines/index.ts";
import { assumedNotice, paintFor } from "../../report/index.ts";
import { ninesJson, ninesParquet } from "../../report/nines-files.ts";
import { ninesMarkdown, ninesText } from "../../report/nines.ts";
import type { Plain } from "../../batch/index.ts";
import { askAll, startEarly, type BatchFlags } from "../batch.ts";
import type { OutputFlags } from "../options/output.ts";
import { readTopology, saveFile } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { askedOf, savePage, wholeOnly } from "../page.ts";
import type { Parts } from "../parts.ts";
import type { Topology } from "../../topology/model.ts";

export interface NinesFlags extends BatchFlags, OutputFlags { options: NinesOptions; width?: number }

export async function nines(io: Io, parts: Parts, file: string, flags: NinesFlags, colour: boolean): Promise<number> {
  await startEarly(parts, ninesQuestion, flags);
  const topology = await readTopology(io, parts, file, colour);
  wholeOnly(parts, flags);
  const asked = await askAll(io, parts, ninesQuestion, topology, flags.options as NinesOptions & Plain, flags, { file, command: commandOf(file, flags), items: "runs" });
  return asked.result === null ? asked.status : printNines(io, asked.result, flags, { file, colour, seed: flags.seed ?? 1n, topology });
}

/** What starts the same question again. */
function commandOf(file: string, { options: { years, runs, method, flows, asks }, seed }: NinesFlags): string {
  return `nines ${file} --years ${years} --runs ${runs} --method ${method}${flows ? " --flows" : ""} --asks ${asks}${seed === undefined ? "" : ` --seed ${seed}`}`;
}

export async function printNines(io: Io, result: NinesResult, flags: OutputFlags & { width?: number }, shown: { file: string; seed: bigint; colour: boolean; topology?: Topology }): Promise<number> {
  const { file, seed, colour } = shown;
  await savePage(io, flags.report, ({ ninesPage }) => ninesPage(result, askedOf(shown)));
  if (flags.parquet !== undefined) await saveFile(io, flags.parquet, await ninesParquet(result, file));
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  if (flags.json) await print(io, [ninesJson(result, file, seed)]);
  else if (flags.markdown) await print(io, [ninesMarkdown(result, { file, seed, all: flags.all })]);
  else await print(io, [ninesText(result, { file, seed, all: flags.all, paint, width: flags.width ?? io.columns ?? WIDTH_DEFAULT })]);
  io.err(assumedNotice(result.assumed.length));
  return result.subjects.some((s) => s.neverUp) ? EXIT.budget : EXIT.pass;
}
