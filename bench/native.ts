// Native baselines and peers: C and C++ compiled when the bench runs, into a directory that goes away afterwards.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Arm } from "./harness.ts";

export interface Native {
  /** Runs the program and returns the words of its one line of output. */
  call(args: (string | number)[]): string[];
  remove(): void;
}

/** What a peer's program needs beyond a compiler, and how one comes by it. */
export interface Peer { name: string; header: string; install: string; flags: string[]; libraries: string[] }

export const DPDK: Peer = {
  name: "DPDK", header: "/usr/include/dpdk/rte_hash.h", install: "Debian 12: apt-get install libdpdk-dev",
  flags: ["-include", "rte_config.h", "-I/usr/include/dpdk", "-I/usr/include/x86_64-linux-gnu/dpdk"], libraries: ["-lrte_hash", "-lrte_eal", "-lrte_ring", "-lrte_rcu"],
};
export const NS3: Peer = {
  name: "ns-3", header: "/usr/include/ns3/core-module.h", install: "Debian 12: apt-get install libns3-dev g++", flags: ["-w"], libraries: ["-lns3-network", "-lns3-core"],
};

export function compilerVersion(compiler = "gcc"): string | undefined {
  const { status, stdout } = spawnSync(compiler, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

/** What a line says of a program that cannot be run on this machine. */
export const NOT_MEASURED = "is not measured:";

/** undefined, with the reason said, when there is no compiler or no such library: the other arms still run. */
export function compileNative(source: string, say: (line: string) => void, peer?: Peer): Native | undefined {
  const compiler = source.endsWith(".cc") ? "g++" : "gcc";
  if (compilerVersion(compiler) === undefined) {
    say(`${source} ${NOT_MEASURED} ${compiler} is missing (Debian and Ubuntu: apt-get install ${compiler} libc6-dev; Fedora: dnf install ${compiler === "g++" ? "gcc-c++" : "gcc"})`);
    return undefined;
  }
  if (peer !== undefined && !existsSync(peer.header)) {
    say(`${source} ${NOT_MEASURED} ${peer.name} is missing (${peer.install})`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "dualhome-bench-"));
  const binary = join(folder, "native");
  const path = fileURLToPath(new URL(`./native/${source}`, import.meta.url));
  const built = spawnSync(compiler, ["-O3", "-march=native", ...(peer?.flags ?? []), "-o", binary, path, ...(peer?.libraries ?? [])], { encoding: "utf8" });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${compiler} could not compile ${source}:\n${built.stderr}`);
  }
  return {
    call: (args) => execFileSync(binary, args.map(String), { encoding: "utf8" }).trim().split(/\s+/),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A program that prints: seconds passes checksum. `work` is that of a pass. */
export function nativeArm(native: Native, name: string, work: number, args: (string | number)[]): Arm {
  return {
    name,
    warm: true,
    run() {
      const [seconds = 0, passes = 0, checksum = 0] = native.call(args).map(Number);
      return { seconds, work: work * passes, checksum };
    },
  };
}
