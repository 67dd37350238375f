// `dualhome merge`: parts of a question put together, and printed as the whole question would have been.

import { merge as mergeParts, type Merged, type Part } from "../../batch/index.ts";
import { DualhomeError } from "../../errors.ts";
import { readParts } from "../batch.ts";
import type { OutputFlags } from "../options/output.ts";
import { isThere } from "../input.ts";
import type { Io } from "../io.ts";

export interface MergeFlags extends OutputFlags { allowSpof: boolean }

type Print = (io: Io, merged: Merged, flags: MergeFlags, colour: boolean) => Promise<number>;

/** By the name of the question. */
const PRINTERS: Readonly<Record<string, () => Promise<Print>>> = {
  sweep: async () => {
    const [{ sweepQuestion }, { showSweep }] = await Promise.all([import("../../sweep/index.ts"), import("./sweep.ts")]);
    return (io, { header, rows }, flags, colour) => showSweep(io, sweepQuestion.finish(rows as never, header.options as never, header.about), flags, { file: header.file, seed: header.seed, colour });
  },
  nines: async () => {
    const [{ ninesQuestion }, { printNines }] = await Promise.all([import("../../nines/index.ts"), import("./nines.ts")]);
    return (io, { header, rows }, flags, colour) => printNines(io, ninesQuestion.finish(rows as never, header.options as never, header.about), flags, { file: header.file, seed: BigInt(header.seed), colour });
  },
  capacity: async () => {
    const [{ capacityQuestion }, { printCapacity }] = await Promise.all([import("../../capacity/index.ts"), import("./capacity.ts")]);
    return (io, { header, rows }, flags, colour) => printCapacity(io, capacityQuestion.finish(rows as never, header.options as never, header.about), header.file, flags, colour);
  },
  phases: async () => {
    const [{ phasesQuestion }, { showPhases }] = await Promise.all([import("../../phases/index.ts"), import("./phases.ts")]);
    return (io, { header, rows }, flags, colour) => showPhases(io, phasesQuestion.finish(rows as never, header.options as never, header.about), flags, { file: header.file, seed: header.seed, colour });
  },
  "sweep-pairs": async () => {
    const [{ pairsQuestion }, { showPairs }] = await Promise.all([import("../../sweep/index.ts"), import("./sweep.ts")]);
    return (io, { header, rows }, flags, colour) => showPairs(io, pairsQuestion.finish(rows as never, header.options as never, header.about), flags, { file: header.file, seed: header.seed, colour });
  },
};

export async function merge(io: Io, paths: readonly string[], flags: MergeFlags, colour: boolean): Promise<number> {
  const parts = (await Promise.all(paths.map((path) => partsAt(io, path)))).flat();
  const merged = mergeParts(parts);
  const { question } = merged.header;
  const printer = Object.hasOwn(PRINTERS, question) ? PRINTERS[question] : undefined;
  if (printer === undefined) throw new DualhomeError("DH_QUESTION", `${parts[0]!.name} answers "${question}", which this version does not know`, 2);
  const show = await printer();
  try {
    return await show(io, merged, flags, colour);
  } catch (e) {
    if (e instanceof DualhomeError || !(e instanceof TypeError || e instanceof RangeError || e instanceof SyntaxError)) throw e;
    throw new DualhomeError("DH_PART_BROKEN", `${parts[0]!.name}: its rows are not what ${question} answers (${e.message})`, 2);
  }
}

async function partsAt(io: Io, path: string): Promise<Part[]> {
  const found = await readParts(io, path);
  if (found.length === 0) throw new DualhomeError("DH_PART_MISSING", `${path}: ${await isThere(io, path) ? "no part is in it" : "no such file or folder"}`, 2);
  return found;
}
