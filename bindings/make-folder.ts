// Folders that are made with those that they lie in. Node's own way goes on for ever where a folder says of its children that they are not there, as /proc does
// (fs.mkdir with `recursive`).

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

export async function makeFolder(path: string): Promise<void> {
  if (await made(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  if (!await made(path)) throw Object.assign(new Error(`ENOENT: no such file or directory, mkdir '${path}'`), { code: "ENOENT" });
}

/** False: what it lies in is not there. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === "ENOENT") return false;
    if (!(await stat(path).catch(() => null))?.isDirectory()) throw e; // one that cannot be made is there, perhaps
  }
  return true;
}
