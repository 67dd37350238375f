// Native baselines: C compiled when the bench runs, into a directory that goes away afterwards.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Native {
  /** Runs the program and returns the words of its one line of output. */
  call(args: (string | number)[]): string[];
  remove(): void;
}

export function compilerVersion(): string | undefined {
  const { status, stdout } = spawnSync("gcc", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

/** undefined, with the reason said, when there is no compiler: the other arms still run. */
export function compileNative(source: string, say: (line: string) => void): Native | undefined {
  if (compilerVersion() === undefined) {
    say("native C is not measured: gcc is missing (Debian and Ubuntu: apt-get install gcc libc6-dev; Fedora: dnf install gcc)");
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "dualhome-bench-"));
  const binary = join(folder, "native");
  const path = fileURLToPath(new URL(`./native/${source}`, import.meta.url));
  const built = spawnSync("gcc", ["-O3", "-march=native", "-o", binary, path], { encoding: "utf8" });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`gcc could not compile ${source}:\n${built.stderr}`);
  }
  return {
    call: (args) => execFileSync(binary, args.map(String), { encoding: "utf8" }).trim().split(/\s+/),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
