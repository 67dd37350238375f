// `dualhome capacity`: the demands of a file on their real ways, whole and after failures.

import { capacityQuestion, mustOffer, type CapacityOptions, type CapacityResult } from "../../capacity/index.ts";
import { capacityJson, capacityMarkdown, capacityParquet, capacityText } from "../../report/capacity.ts";
import { assumedNotice, paintFor } from "../../report/index.ts";
import { askAll, startEarly, type BatchFlags } from "../batch.ts";
import type { OutputFlags } from "../options/output.ts";
import { readTopology, saveFile } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { askedOf, savePage, wholeOnly } from "../page.ts";
import type { Parts } from "../parts.ts";
import type { Topology } from "../../topology/model.ts";

export interface CapacityFlags extends BatchFlags, OutputFlags { options: CapacityOptions }

export async function capacity(io: Io, parts: Parts, file: string, flags: CapacityFlags, colour: boolean): Promise<number> {
  await startEarly(parts, capacityQuestion, flags);
  const topology = await readTopology(io, parts, file, colour);
  wholeOnly(parts, flags);
  mustOffer(topology);
  const asked = await askAll(io, parts, capacityQuestion, topology, flags.options, flags, { file, command: commandOf(file, flags), items: "states" });
  return asked.result === null ? asked.status : printCapacity(io, asked.result, file, flags, colour, topology);
}

/** What starts the same question again. */
function commandOf(file: string, { options, seed }: CapacityFlags): string {
  const only = options.kinds === null ? "" : ` --only ${options.kinds.join(" ")}`;
  const limit = options.limit === 1 ? "" : ` --limit ${options.limit * 100}`;
  const ratio = options.oversubscription === null ? "" : ` --oversubscription ${options.oversubscription}`;
  return `capacity ${file} --failures ${options.failures}${only}${limit}${ratio}${seed === undefined ? "" : ` --seed ${seed}`}`;
}

export async function printCapacity(io: Io, result: CapacityResult, file: string, { all, json, markdown, parquet, report }: OutputFlags, colour: boolean, topology?: Topology): Promise<number> {
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  if (parquet !== undefined) await saveFile(io, parquet, await capacityParquet(result, file));
  await savePage(io, report, ({ capacityPage }) => capacityPage(result, askedOf({ file, seed: "", ...(topology === undefined ? {} : { topology }) })));
  await print(io, [json ? capacityJson(result, file) : markdown ? capacityMarkdown(result, { file, all }) : capacityText(result, { file, all, paint, width: io.columns ?? WIDTH_DEFAULT })]);
  io.err(assumedNotice(result.assumed));
  return result.findings.some((f) => f.breaks) ? EXIT.budget : EXIT.pass;
}
