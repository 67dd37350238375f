// `dualhome compare` and `dualhome diff`: two designs, and whether the second is worse.

import { answersOf, compareDesigns, designOf, judge, sameTraffic, type Asked, type AskBig, type Comparison } from "../../compare/index.ts";
import { compareJson, compareMarkdown, compareText, diffJson, diffMarkdown, diffText } from "../../report/compare.ts";
import { paintFor } from "../../report/index.ts";
import type { FailureKind } from "../../sweep/index.ts";
import type { Topology } from "../../topology/model.ts";
import { askAll, type BatchFlags } from "../batch.ts";
import { readEither, showProblems } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { version } from "../package.ts";
import { savePage, wholeOnly } from "../page.ts";
import type { Parts } from "../parts.ts";

/** `failOn`: of diff. `given`: the options that say what is asked, as they were written. */
export interface CompareFlags extends BatchFlags { kinds?: ReadonlySet<FailureKind>; all: boolean; output: "text" | "json" | "markdown"; failOn: readonly Asked[] | null; nines: boolean; given: string; report?: string }

export async function compare(io: Io, parts: Parts, first: string, second: string, flags: CompareFlags, colour: boolean): Promise<number> {
  const read = await readBoth(io, parts, [first, second], colour);
  if (read === null) return EXIT.usage;
  wholeOnly(parts, flags);
  const { a, b, lent } = sameTraffic(...read);
  try {
    const ask = (file: string, inside: string): AskBig => asker(io, parts, flags, { file, inside, files: [first, second] });
    const [ofA, ofB] = [await answersOf(a, flags, ask(first, "first")), await answersOf(b, flags, ask(second, "second"))];
    if (flags.shard !== undefined) return EXIT.pass;
    return await show(io, compareDesigns(designOf(a, first, ofA), designOf(b, second, ofB), lent), flags, colour);
  } catch (e) {
    if (e instanceof Ended) return e.status;
    throw e;
  }
}

/** A question was stopped: so is the command. */
class Ended extends Error {
  readonly status: number;
  constructor(status: number) { super("ended"); this.status = status; }
}

/** Each design's answers are kept in a folder of their own, within that of the first file or the one that is named. */
function asker(io: Io, parts: Parts, flags: CompareFlags, { file, inside, files }: { file: string; inside: string; files: readonly [string, string] }): AskBig {
  const command = `${flags.failOn === null ? "compare" : "diff"} ${files.join(" ")}${flags.given}`;
  return async (question, topology, options, items) => {
    const asking = { file: files[0], of: file, inside, items, command, whole: (folder: string) => `dualhome ${command} --parts ${folder} --resume` };
    const answered = await askAll(io, parts, question, topology, options, flags, asking);
    if (answered.status !== EXIT.pass) throw new Ended(answered.status);
    return answered.result;
  };
}

async function show(io: Io, found: Comparison, flags: CompareFlags, colour: boolean): Promise<number> {
  const view = { paint: paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY }), width: io.columns ?? WIDTH_DEFAULT, all: flags.all };
  const verdicts = flags.failOn === null ? null : judge(found, flags.failOn);
  await savePage(io, flags.report, ({ comparePage }) => comparePage(found, verdicts, version()));
  if (verdicts === null) {
    await print(io, [flags.output === "json" ? compareJson(found) : flags.output === "markdown" ? compareMarkdown(found, flags.all) : compareText(found, view)]);
    return EXIT.pass;
  }
  await print(io, [flags.output === "json" ? diffJson(found, verdicts) : flags.output === "markdown" ? diffMarkdown(found, verdicts) : diffText(found, verdicts, view)]);
  return verdicts.some((v) => v.reasons.length > 0) ? EXIT.budget : EXIT.pass;
}

/** The mistakes of both files are told; null: there are some. */
async function readBoth(io: Io, parts: Parts, files: readonly string[], colour: boolean): Promise<[Topology, Topology] | null> {
  const topologies: Topology[] = [];
  for (const file of files) {
    const read = await readEither(io, parts, file);
    if ("problems" in read) await showProblems(io, parts, read.problems, read.text, colour);
    else topologies.push(read.topology);
  }
  const [a, b] = topologies;
  return a === undefined || b === undefined ? null : [a, b];
}
