// `dualhome sweep`: every single failure and its repair, one run each.

import { assumedNotice, paintFor } from "../report/index.ts";
import { sweepJson, sweepText } from "../report/sweep.ts";
import { sweep as runSweep, type FailureKind, type SweepOptions } from "../sweep/index.ts";
import { readTopology, showProblems } from "./input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";

export interface SweepFlags { json: boolean; seed?: bigint; kinds?: ReadonlySet<FailureKind>; allowSpof: boolean }

const EVERY_MS = 200;

export async function sweep(io: Io, parts: Parts, file: string, flags: SweepFlags, colour: boolean): Promise<number> {
  const read = await readTopology(io, parts, file);
  if ("problems" in read) {
    await showProblems(io, parts, read.problems, read.text, colour);
    return EXIT.usage;
  }
  const { runScenario, compileEngine } = await parts.engine();
  const interrupt = new AbortController();
  const release = io.onInterrupt(() => interrupt.abort());
  const options: SweepOptions = { runScenario, wasm: await compileEngine(), signal: interrupt.signal, onProgress: progressLine(io) };
  if (flags.seed !== undefined) options.seed = flags.seed;
  if (flags.kinds !== undefined) options.kinds = flags.kinds;
  try {
    const result = await runSweep(read.topology, options);
    if (io.errIsTTY) io.err("\r\x1b[2K");
    const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
    await print(io, [flags.json ? sweepJson(result, file) : sweepText(result, read.topology.name, { paint, width: io.columns ?? WIDTH_DEFAULT })]);
    io.err(assumedNotice(read.topology.assumptions.length));
    return result.rows.some((r) => r.spof.length > 0) && !flags.allowSpof ? EXIT.budget : EXIT.pass;
  } finally {
    release();
  }
}

function progressLine(io: Io): (done: number, total: number, failure: { target: string }) => void {
  if (!io.errIsTTY) return () => {};
  const startedAt = io.now();
  let drawnAt = 0;
  return (done, total, failure) => {
    const now = io.now();
    if (now - drawnAt < EVERY_MS) return;
    drawnAt = now;
    const left = done > 0 ? `${Math.ceil(((now - startedAt) * (total - done)) / done / 1000)} s left` : "";
    io.err(`\r\x1b[2K${done} of ${total} failures  ${((done * 1000) / Math.max(1, now - startedAt)).toFixed(1)}/s  ${left}  ${failure.target}`);
  };
}
