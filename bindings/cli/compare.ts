// `dualhome compare` and `dualhome diff`: two designs, and whether the second is worse.

import { compare as compareTwo, judge, type Asked, type MeasureOptions } from "../compare/index.ts";
import { compareJson, compareMarkdown, compareText, diffJson, diffMarkdown, diffText } from "../report/compare.ts";
import { paintFor } from "../report/index.ts";
import type { FailureKind } from "../sweep/index.ts";
import type { Topology } from "../topology/model.ts";
import { readTopology, showProblems } from "./input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";
import { statusLine } from "./progress.ts";

/** `failOn`: of diff. */
export interface CompareFlags { seed?: bigint; workers?: number; kinds?: ReadonlySet<FailureKind>; all: boolean; output: "text" | "json" | "markdown"; failOn: readonly Asked[] | null; nines: boolean }

export async function compare(io: Io, parts: Parts, first: string, second: string, flags: CompareFlags, colour: boolean): Promise<number> {
  const read = await readBoth(io, parts, [first, second], colour);
  if (read === null) return EXIT.usage;
  const [a, b] = read;
  const line = statusLine(io);
  const interrupt = new AbortController();
  const release = io.onInterrupt(() => interrupt.abort());
  const options: MeasureOptions = { nines: flags.nines, signal: interrupt.signal, onProgress: (file, what, done, total) => line.draw(() => `${file}: ${done} of ${total} ${what}`) };
  for (const key of ["seed", "workers", "kinds"] as const) if (flags[key] !== undefined) Object.assign(options, { [key]: flags[key] });
  try {
    const found = await compareTwo({ topology: a, file: first }, { topology: b, file: second }, options);
    line.end();
    const view = { paint: paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY }), width: io.columns ?? WIDTH_DEFAULT, all: flags.all };
    if (flags.failOn === null) {
      await print(io, [flags.output === "json" ? compareJson(found) : flags.output === "markdown" ? compareMarkdown(found, flags.all) : compareText(found, view)]);
      return EXIT.pass;
    }
    const verdicts = judge(found, flags.failOn);
    await print(io, [flags.output === "json" ? diffJson(found, verdicts) : flags.output === "markdown" ? diffMarkdown(found, verdicts) : diffText(found, verdicts, view)]);
    return verdicts.some((v) => v.reasons.length > 0) ? EXIT.budget : EXIT.pass;
  } finally {
    line.end();
    release();
  }
}

/** The mistakes of both files are told; null: there are some. */
async function readBoth(io: Io, parts: Parts, files: readonly string[], colour: boolean): Promise<[Topology, Topology] | null> {
  const topologies: Topology[] = [];
  for (const file of files) {
    const read = await readTopology(io, parts, file);
    if ("problems" in read) await showProblems(io, parts, read.problems, read.text, colour);
    else topologies.push(read.topology);
  }
  const [a, b] = topologies;
  return a === undefined || b === undefined ? null : [a, b];
}
