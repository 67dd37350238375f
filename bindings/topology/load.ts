// A topology file from the disk.

import { readFile, stat } from "node:fs/promises";
import { parseTopology, type Parsed } from "./parse.ts";
import { FILE_BYTES_MAX } from "./source.ts";

/** Reads a topology file. Rejects only when the file cannot be read. */
export async function loadTopology(path: string): Promise<Parsed & { source: string }> {
  const { size } = await stat(path);
  if (size > FILE_BYTES_MAX) {
    const where = { line: 1, col: 1, length: 1 };
    return { problems: [{ code: "DH_FILE_SIZE", message: `the file is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB`, file: path, where, help: null }], source: "" };
  }
  const source = await readFile(path, "utf8");
  return { ...parseTopology(source, path), source };
}
