// `dualhome export`: a topology as a lab of another tool, or as a drawing; and what of it that cannot carry.

import { FORMAT_VERSION } from "../../report/json.ts";
import { plural } from "../../report/format.ts";
import type { ExportKind } from "../../exporters/index.ts";
import { readTopology, saveFile } from "../input.ts";
import { EXIT, print, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";

export interface ExportFlags { json: boolean; out?: string; colour: boolean }

export async function exportFile(io: Io, parts: Parts, kind: ExportKind, file: string, flags: ExportFlags): Promise<number> {
  const topology = await readTopology(io, parts, file, flags.colour);
  const { text, lost } = (await parts.exporters()).EXPORTS[kind](topology);
  if (flags.out !== undefined) await saveFile(io, flags.out, new TextEncoder().encode(text));
  if (flags.json) await print(io, [`${JSON.stringify({ format: FORMAT_VERSION, kind, text, lost }, null, 2)}\n`]);
  else if (flags.out === undefined) await print(io, [text]);
  for (const each of lost) io.err(`${file}: not carried over: ${each}\n`);
  if (lost.length > 0) io.err(`${plural(lost.length, "thing")} not carried over\n`);
  return EXIT.pass;
}
