// `dualhome nines`: how much of the time each service is there, and what takes the rest.

import { ninesQuestion, type NinesOptions, type NinesResult } from "../nines/index.ts";
import { assumedNotice, paintFor } from "../report/index.ts";
import { ninesJson, ninesParquet } from "../report/nines-files.ts";
import { ninesMarkdown, ninesText } from "../report/nines.ts";
import type { Plain } from "../batch/index.ts";
import { askAll, type BatchFlags } from "./batch.ts";
import { readTopology, showProblems } from "./input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";

export interface NinesFlags extends BatchFlags { options: NinesOptions; output: "text" | "json" | "markdown"; parquet?: string; width?: number }

export async function nines(io: Io, parts: Parts, file: string, flags: NinesFlags, colour: boolean): Promise<number> {
  const read = await readTopology(io, parts, file);
  if ("problems" in read) {
    await showProblems(io, parts, read.problems, read.text, colour);
    return EXIT.usage;
  }
  const asked = await askAll(io, parts, ninesQuestion, read.topology, flags.options as NinesOptions & Plain, flags, { file, command: commandOf(file, flags), items: "runs" });
  return asked.result === null ? asked.status : printNines(io, asked.result, file, flags, colour);
}

/** What starts the same question again. */
function commandOf(file: string, { options: { years, runs, method, flows, asks }, seed }: NinesFlags): string {
  return `nines ${file} --years ${years} --runs ${runs} --method ${method}${flows ? " --flows" : ""} --asks ${asks}${seed === undefined ? "" : ` --seed ${seed}`}`;
}

export async function printNines(io: Io, result: NinesResult, file: string, flags: Pick<NinesFlags, "output" | "parquet" | "seed" | "width">, colour: boolean): Promise<number> {
  const { output, parquet, seed = 1n } = flags;
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  if (output === "json") await print(io, [ninesJson(result, file, seed)]);
  else if (output === "markdown") await print(io, [ninesMarkdown(result, { file, seed })]);
  else await print(io, [ninesText(result, { file, seed, paint, width: flags.width ?? io.columns ?? WIDTH_DEFAULT })]);
  if (parquet !== undefined) await io.save(parquet, await ninesParquet(result, file));
  io.err(assumedNotice(result.assumed.length));
  return result.subjects.some((s) => s.neverUp) ? EXIT.budget : EXIT.pass;
}
