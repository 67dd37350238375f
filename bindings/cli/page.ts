// --report FILE: the result as one HTML file, beside what is printed.

import { DualhomeError } from "../errors.ts";
import type { Asked, Page } from "../html/index.ts";
import { saveFile } from "./input.ts";
import type { Topology } from "../topology/model.ts";
import type { Io } from "./io.ts";
import { version } from "./package.ts";
import type { Parts } from "./parts.ts";

/** The page is put together only when somebody wants it. */
export async function savePage(io: Io, path: string | undefined, make: (door: typeof import("../html/index.ts")) => Page): Promise<void> {
  if (path === undefined) return;
  const door = await import("../html/index.ts");
  const bytes = new TextEncoder().encode(door.html(make(door)));
  await saveFile(io, path, bytes);
  io.err(`${path}: ${(bytes.length / 1e6).toFixed(1)} MB, opens in any browser\n`);
}

/** How a page is told what was asked. */
export const askedOf = ({ file, seed, topology }: { file: string; seed: string | bigint; topology?: Topology }): Asked => ({ file, seed: String(seed), version: version(), topology: topology ?? null });

/** A shard, or a question that is sent away, is no result: the page is that of the whole. */
export function wholeOnly({ divert }: Parts, { report, shard }: { report?: string; shard?: string }): void {
  if (report !== undefined && (shard !== undefined || divert !== undefined)) throw new DualhomeError("DH_USAGE", "--report is of the whole result: give it to dualhome merge, or cluster merge, when all parts are there", 2);
}
