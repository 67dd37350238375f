// `dualhome import`: configurations of real machines in, parts of a topology file out.

import { DualhomeError } from "../errors.ts";
import type { Imported } from "../importers/index.ts";
import { FORMAT_VERSION } from "../report/json.ts";
import { plural } from "../report/format.ts";
import { readText } from "./input.ts";
import { EXIT, print, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";

export type ImportKind = "nxos" | "netplan" | "ifcfg" | "networkd";

export async function importFiles(io: Io, parts: Parts, kind: ImportKind, files: readonly string[], flags: { json: boolean }): Promise<number> {
  const { importNxos, importNetplan, importIfcfg, importNetworkd, pathOf } = await parts.importers();
  const texts = await Promise.all(files.map(async (name) => ({ name, text: await readText(io, kind === "nxos" ? name : pathOf(name)) })));
  const read = attempt(io, () => ({ nxos: importNxos, netplan: importNetplan, ifcfg: importIfcfg, networkd: importNetworkd })[kind](texts));
  if (read === null) return EXIT.usage;
  const { parts: fragment, yaml, unread, notes } = read;
  if (flags.json) await print(io, [`${JSON.stringify({ format: FORMAT_VERSION, parts: fragment, notes, unread }, null, 2)}\n`]);
  else await print(io, [yaml]);
  for (const note of notes) io.err(`${note.file}:${note.line}: ${note.text}\n`);
  for (const line of unread) io.err(`${line.file}:${line.line}: not read: ${line.text}\n`);
  if (unread.length > 0) io.err(`${plural(unread.length, "line")} not read\n`);
  return EXIT.pass;
}

/** null: the files cannot be read, and every place has been told. */
function attempt(io: Io, read: () => Imported): Imported | null {
  try {
    return read();
  } catch (e) {
    if (!(e instanceof DualhomeError) || e.code !== "DH_IMPORT") throw e;
    io.err(`${e.message}\n${plural(e.message.split("\n").length, "problem")}\n`);
    return null;
  }
}
