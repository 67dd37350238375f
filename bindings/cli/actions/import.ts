// `dualhome import`: configurations of real machines and cabling in; parts of a topology file out, or a whole one.

import { DualhomeError } from "../../errors.ts";
import type { Group, Imported } from "../../importers/index.ts";
import { FORMAT_VERSION } from "../../report/json.ts";
import { plural } from "../../report/format.ts";
import { readText, saveFile, showProblems } from "../input.ts";
import { EXIT, print, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";

export interface ImportFlags { json: boolean; out?: string; name?: string; colour: boolean }

/** `kind` and its files; after a "+" another format and its files. */
export async function importFiles(io: Io, parts: Parts, kind: string, words: readonly string[], flags: ImportFlags): Promise<number> {
  const importers = await parts.importers();
  const groups = await readGroups(io, importers, [kind, ...words]);
  const read = attempt(io, () => (groups.length === 1 && flags.out === undefined ? importers.importParts(groups[0]!) : importers.importWhole(groups, flags.name ?? nameOf(flags.out))));
  if (read === null) return EXIT.usage;
  if (flags.out !== undefined) await saveFile(io, flags.out, new TextEncoder().encode(read.yaml));
  if (flags.json) await print(io, [`${JSON.stringify({ format: FORMAT_VERSION, parts: read.parts, notes: read.notes, unread: read.unread }, null, 2)}\n`]);
  else if (flags.out === undefined) await print(io, [read.yaml]);
  tell(io, read);
  if (groups.length === 1 && flags.out === undefined) return EXIT.pass;
  return await judge(io, parts, flags, read.yaml);
}

type Importers = Awaited<ReturnType<Parts["importers"]>>;

async function readGroups(io: Io, importers: Importers, words: readonly string[]): Promise<Group[]> {
  const lists = words.reduce<string[][]>((all, word) => { if (word === "+") all.push([]); else all.at(-1)!.push(word); return all; }, [[]]);
  return await Promise.all(lists.map(async ([name = "", ...files]) => {
    const format = importers.formatNamed(name);
    const known = importers.FORMATS.map((f) => f.name).join(", ");
    if (format === undefined) throw new DualhomeError("DH_USAGE", name === "" ? `after "+" comes a format: ${known}` : `there is no format "${name}": ${known}`, EXIT.usage);
    if (files.length === 0) throw new DualhomeError("DH_USAGE", `${name}: no file is given`, EXIT.usage);
    const texts = await Promise.all(files.map(async (file) => ({ name: file, text: await readText(io, format.named ? importers.pathOf(file) : file, importers.IMPORT_BYTES_MAX, importers.TOO_LARGE) })));
    return { format, files: texts };
  }));
}

const nameOf = (out: string | undefined): string => out?.replace(/^.*[\\/]/, "").replace(/(\.dh)?\.ya?ml$/, "").replace(/[^\w.-]/g, "-").slice(0, 100) || "imported";

function tell(io: Io, { parts, notes, unread }: Imported): void {
  for (const note of notes) io.err(note.file === "" ? `${note.text}\n` : `${note.file}:${note.line}: ${note.text}\n`);
  for (const line of unread) io.err(`${line.file}:${line.line}: not read: ${line.text}\n`);
  if (unread.length > 0) io.err(`${plural(unread.length, "line")} not read\n`);
  if (Object.keys(parts).length === 0) io.err("nothing in it is a part of a topology file: no bundle, MC-LAG pair, gateway, network, server or cable\n");
}

/** A whole file is looked at as `check` would: what the sources leave contradictory is told with the line that was written. */
async function judge(io: Io, parts: Parts, flags: ImportFlags, yaml: string): Promise<number> {
  const { parseTopology } = await parts.topology();
  const parsed = parseTopology(yaml, flags.out ?? "imported");
  if ("topology" in parsed) return EXIT.pass;
  await showProblems(io, parts, parsed.problems, yaml, flags.colour);
  return EXIT.budget;
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
