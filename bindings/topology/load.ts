// A topology file from the disk.

import { DualhomeError } from "../errors.ts";
import { builtin } from "../platform.ts";
import { parseTopology, type Parsed } from "./parse.ts";
import { FILE_BYTES_MAX, FILE_TOO_LARGE } from "./source.ts";

/** Reads a topology file. Rejects only when the file cannot be read. */
export async function loadTopology(path: string): Promise<Parsed & { source: string }> {
  const disk = builtin<typeof import("node:fs/promises")>("node:fs/promises");
  if (disk === undefined) throw new DualhomeError("DH_PLATFORM", "loadTopology reads from a disk, and a browser has none: give parseTopology the text", 2);
  const { size } = await disk.stat(path);
  if (size > FILE_BYTES_MAX) {
    const where = { line: 1, col: 1, length: 1 };
    return { problems: [{ code: "DH_FILE_SIZE", message: FILE_TOO_LARGE, file: path, where, help: null }], source: "" };
  }
  const source = await disk.readFile(path, "utf8");
  return { ...parseTopology(source, path), source };
}
