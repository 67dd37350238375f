// The built library, as the bench of sweeps uses it: its workers need not read TypeScript first.

import type * as Engine from "../bindings/engine/index.ts";
import type * as Phases from "../bindings/phases/index.ts";
import type * as Sweep from "../bindings/sweep/index.ts";
import type * as Topologies from "../bindings/topology/index.ts";
import type { Topology } from "../bindings/topology/model.ts";
import type * as Workers from "../bindings/workers/index.ts";
import { twoSites } from "./topologies/two-sites.ts";

export async function library() {
  const from = async <T>(file: string): Promise<T> => await import(new URL(file, import.meta.url).href) as T;
  const door = <T>(name: string): Promise<T> => from<T>(`../dist/bindings/${name}/index.js`);
  return {
    ...await door<typeof Workers>("workers"), ...await door<typeof Engine>("engine"), ...await door<typeof Sweep>("sweep"), ...await door<typeof Topologies>("topology"), ...await door<typeof Phases>("phases"),
    sampled: (await from<{ question: typeof Sweep.sweepQuestion }>("./sweep-question.js")).question,
  };
}
export type Library = Awaited<ReturnType<typeof library>>;

export function parsed(built: Library, servers: number): Topology { return read(built, twoSites(servers, "ranges")); }

export function read(built: Library, text: string): Topology {
  const read = built.parseTopology(text, "two-sites.dh.yaml");
  if (!("topology" in read)) throw new Error(read.problems[0]?.message ?? "not read");
  return read.topology;
}
