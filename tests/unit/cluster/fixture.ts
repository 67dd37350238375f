// Machines as processes of their own, a disk that fills up.

import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A process of `dualhome cluster`. */
export class Machine {
  static readonly #all: Machine[] = [];
  readonly #process: ChildProcess;
  readonly ended: Promise<number | null>;
  err = "";

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    const script = fileURLToPath(new URL("./fixtures/machine.mjs", import.meta.url));
    this.#process = spawn(process.execPath, [script, "cluster", ...args], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
    this.#process.stderr!.on("data", (piece) => { this.err += String(piece); });
    Machine.#all.push(this);
    this.ended = once(this.#process, "close").then(([code]) => code as number | null);
  }

  /** What a test that failed left running. */
  static async endAll(): Promise<void> { await Promise.all(Machine.#all.map((machine) => machine.kill())); }

  get pid(): number { return this.#process.pid!; }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    this.#process.kill(signal);
    return this.ended;
  }

  async says(words: RegExp): Promise<void> { await until(() => words.test(this.err), () => `${words} in:\n${this.err}`); }
}

const DEADLINE_MS = 240_000; // for a machine under load

export async function until(is: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  for (const end = Date.now() + DEADLINE_MS; !(await is());) {
    if (Date.now() > end) assert.fail(`not within ${DEADLINE_MS} ms: ${what()}`);
    await sleep(25);
  }
}

export const reached = (hold: string): Promise<void> => until(() => existsSync(`${hold}.reached`), () => "the chunk in which it is held");

export function scratch(): { path: string; folder(name: string): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "dualhome-cluster-"));
  return {
    path,
    folder(name) { const made = join(path, name); mkdirSync(made); return made; },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A disk that is full until `room` is called: a small tmpfs where this user may mount one, otherwise a limit that `prlimit` puts on a process. */
export interface SmallDisk { kind: "tmpfs" | "prlimit"; path: string; limit(pid: number): void; room(pid: number): void; remove(): void }

export function smallDisk(path: string, bytes: number): SmallDisk {
  const mounted = process.env["DUALHOME_TEST_NO_MOUNT"] === undefined && spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]).status === 0;
  if (mounted) {
    return {
      kind: "tmpfs", path, limit: () => {}, remove: () => { spawnSync("umount", ["-l", path]); },
      room: () => { assert.equal(spawnSync("mount", ["-o", "remount,size=64m", path]).status, 0); },
    };
  }
  const limit = (pid: number, size: string): void => { assert.equal(spawnSync("prlimit", ["--pid", `${pid}`, `--fsize=${size}`]).status, 0, "neither mount nor prlimit can make a disk full"); };
  return { kind: "prlimit", path, limit: (pid) => limit(pid, "1024:unlimited"), room: (pid) => limit(pid, "unlimited"), remove: () => {} };
}
