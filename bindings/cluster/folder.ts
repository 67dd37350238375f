// The folder that submitter, workers and merger share: the orders, and a part for each chunk. A file is there whole or not at all.

import { randomBytes } from "node:crypto";
import { link, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { partName, partText, type Job, type Plain } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { orderText, readOrder, type Order } from "./order.ts";

/** What a disk says that may have room, or be there, again later. */
const DISK: Record<string, string> = {
  ENOSPC: "no space left", EDQUOT: "quota used up", EFBIG: "a file may not grow so far", EROFS: "read-only", EIO: "input/output error", EACCES: "not allowed to write", ESTALE: "the server lost it", ENOENT: "is gone",
};

export class Folder {
  readonly path: string;

  private constructor(path: string) { this.path = path; }

  /** Throws DH_CLUSTER_PARTS for what is no folder that can be written to. `make`: where there is none. */
  static async open(path: string, make = false): Promise<Folder> {
    const bad = (why: string): DualhomeError => new DualhomeError("DH_CLUSTER_PARTS", `--parts ${path}: ${why}`, 2);
    try {
      if (make) await makeFolder(path);
      if (!(await stat(path)).isDirectory()) throw bad("is no folder");
      const folder = new Folder(path);
      await rm(await folder.#temporary("try", ""));
      return folder;
    } catch (e) {
      if (e instanceof DualhomeError) throw e;
      const { code = "", message } = e as NodeJS.ErrnoException;
      throw bad(code === "ENOENT" ? "no such folder; all workers share the one that was given to submit" : code === "EEXIST" || code === "ENOTDIR" ? "is no folder" : DISK[code] ?? message);
    }
  }

  async order(job: Job, name: string, file: string, items: string): Promise<void> {
    const path = this.#orderPath(name);
    await rename(await this.#temporary(name, orderText(job, file, items)), path).catch((e: unknown) => { throw diskError(e, this.path); });
  }

  async readOrder(name: string): Promise<Order> {
    if (!/^[a-z][a-z0-9-]*-[0-9a-f]{8}$/.test(name)) throw new DualhomeError("DH_CLUSTER_FOREIGN", `"${name}" is no name of a job`, 2); // it came over Redis, and names files
    const path = this.#orderPath(name);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== "ENOENT") throw diskError(e, this.path);
      throw new DualhomeError("DH_CLUSTER_PARTS", `${path} is missing: --parts is not the folder that was given to submit, or it is not shared`, 2);
    }
    return readOrder(text, path);
  }

  #orderPath(name: string): string { return join(this.path, `${name}.order`); }

  /** Chunks that are there, by the names of their files. */
  async chunks(name: string): Promise<Set<number>> {
    const found = new Set<number>();
    for (const file of await readdir(this.path)) {
      const range = file.startsWith(`${name}-`) ? /-(\d+)-(\d+)\.part$/.exec(file) : null;
      if (range !== null) for (let n = Number(range[1]); n <= Number(range[2]); n++) found.add(n);
    }
    return found;
  }

  /** Keeps the rows of chunks from `from` on as a part. One that is there already must be the same, byte for byte: DH_CLUSTER_CONFLICT. */
  async keep(job: Job, name: string, file: string, from: number, chunks: readonly (readonly Plain[])[]): Promise<void> {
    const path = join(this.path, partName(name, from, from + chunks.length - 1));
    const text = partText(job, file, from, chunks);
    let temporary = "";
    try {
      temporary = await this.#temporary(name, text);
      if (await appear(temporary, path)) return;
    } catch (e) {
      throw diskError(e, this.path);
    } finally {
      if (temporary !== "") await rm(temporary, { force: true });
    }
    if ((await readFile(path, "utf8")) !== text) throw new DualhomeError("DH_CLUSTER_CONFLICT", `chunk ${from} was answered in two ways: this answer is not what is in ${path}`, 2);
  }

  /** What workers left that were ended while they wrote. */
  async tidy(name: string): Promise<void> {
    const left = (await readdir(this.path)).filter((file) => file.startsWith(`.${name}.`) && file.endsWith(".tmp"));
    await Promise.all(left.map((file) => rm(join(this.path, file), { force: true })));
  }

  /** A file that is on the disk, not only on its way there: what Redis is told of must survive a power cut. */
  async #temporary(name: string, text: string): Promise<string> {
    const path = join(this.path, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
    const file = await open(path, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } catch (e) {
      await file.close().catch(() => {});
      await rm(path, { force: true });
      throw diskError(e, this.path);
    }
    await file.close();
    return path;
  }
}

/** False: there is one. A link is never made over another file; where there are no links a rename has to do. */
async function appear(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (e) {
    const { code = "" } = e as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) throw e;
    if (await stat(path).then(() => true, () => false)) return false;
    await rename(temporary, path);
    return true;
  }
}

function diskError(e: unknown, path: string): unknown {
  const { code = "" } = e as NodeJS.ErrnoException;
  return DISK[code] === undefined ? e : new DualhomeError("DH_CLUSTER_DISK", `${path}: ${DISK[code]}`, 2);
}
