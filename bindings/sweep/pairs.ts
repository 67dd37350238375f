// Two failures at a time, as a big question of its own: those pairs that may meet, by what the single failures showed.

import { openLab, type Items, type Lab, type Plain, type Question } from "../batch/index.ts";
import type { Topology } from "../topology/model.ts";
import { joinsOf, Locality, mayMeet } from "../locality/index.ts";
import { failureName, type Failure } from "./failures.ts";
import { shareFeeds, together } from "./together.ts";
import { parsed, written } from "./written.ts";
import { crossCheck, lostTogether, type CrossCheck, type CutSets } from "./cuts.ts";
import { answerFailures, failuresOf, plainCuts, question as singles, type SweepOptions, type SweepResult } from "./question.ts";
import { notUpIn, type SweepRow } from "./rows.ts";

/** Numbers of nodes and subjects, as `written` has them. */
export interface PairsOptions extends SweepOptions {
  /** of each single failure, in the order of the plan: its `Reach`, and what it takes down alone */
  reaches: readonly NonNullable<SweepRow["reach"]>[];
  spof: readonly (readonly string[])[];
  /** what is joined to what: `Joins` */
  joins: { joined: string; spans: string; twins: string };
  /** who was not up before anything failed: there may be no pair whose row could say so */
  notUp: readonly string[];
  /** simulate all pairs: the check on the proof */
  all: boolean;
}

export interface PairsAbout { name: string; notUp: readonly string[]; failures: number; pairs: number; simulated: number; cuts: readonly CutSets[] }

/** What two failures take down that neither does alone. */
export interface PairFinding { target: string; takesDown: string[] }

export interface PairsResult extends PairsAbout { rows: readonly SweepRow[]; worse: readonly PairFinding[]; options: PairsOptions; check: readonly CrossCheck[] }

/** What the pairs are chosen by, out of the single failures' rows (asked with `reach`). */
export async function pairsOptions(t: Topology, { rows, options }: Pick<SweepResult, "rows" | "options">, given: { seed: bigint; wasm: WebAssembly.Module }, all = false): Promise<PairsOptions & Plain> {
  const lab = await openLab(singles, t, options as SweepOptions & Plain, given);
  const { joined, spans, twins } = joinsOf(t, lab.session);
  return {
    ...options, reach: false, reaches: rows.map((row) => row.reach!), spof: rows.map((row) => row.spof), joins: { joined: written(joined), spans: written(spans), twins: written(twins) },
    notUp: notUpIn(rows), all,
  };
}

/** Pairs that may meet, two numbers each, in order. */
function meeting(t: Topology, options: PairsOptions): Items<readonly [number, number]> {
  const failures = failuresOf(t, options);
  const { joined, spans, twins } = options.joins;
  const locality = new Locality({ joined: parsed(joined), spans: parsed(spans), twins: parsed(twins) });
  const around = options.reaches.map(({ touched, moved, news }) => locality.around({ touched: parsed(touched), moved: parsed(moved), news: parsed(news) }));
  const found: number[] = [];
  for (let i = 0; i < failures.length; i++) {
    for (let j = i + 1; j < failures.length; j++) {
      if (options.all || mayMeet(around[i]!, around[j]!) || shareFeeds(t, failures[i]!, failures[j]!)) found.push(i, j);
    }
  }
  return { length: found.length / 2, at: (k) => [found[2 * k]!, found[2 * k + 1]!] };
}

async function answer(lab: Lab, [i, j]: readonly [number, number], options: PairsOptions): Promise<SweepRow> {
  const all = lab.once("failures", () => failuresOf(lab.topology, options));
  const pair = [all[i]!, all[j]!] as [Failure, Failure];
  const row = await answerFailures(lab, together(lab.topology, pair), options, false);
  const alone = new Set([...options.spof[i]!, ...options.spof[j]!]);
  return { ...row, kind: "pair", op: "fail", same: [], target: pair.map(failureName).join(" + "), remedy: null, worse: row.spof.filter((name) => !alone.has(name)) };
}

export const question: Question<PairsOptions & Plain, readonly [number, number], SweepRow & Plain, PairsResult> = {
  name: "sweep-pairs", version: 2, module: import.meta.url, chunk: 32,
  warm: (t, options) => singles.warm!(t, options, failuresOf(t, options)),
  plan: meeting,
  about(t, options) {
    const failures = options.reaches.length;
    return { name: t.name, notUp: options.notUp, failures, pairs: (failures * (failures - 1)) / 2, simulated: meeting(t, options).length, cuts: plainCuts(t, options) };
  },
  answer: async (lab, pair, options) => await answer(lab, pair, options) as SweepRow & Plain,
  finish(rows, options, about) {
    const worse = rows.flatMap((row): PairFinding[] => ((row.worse ?? []).length === 0 ? [] : [{ target: row.target, takesDown: row.worse! }]));
    const known = about as unknown as PairsAbout;
    return { ...known, rows, worse: worse.sort((a, b) => b.takesDown.length - a.takesDown.length), options, check: crossCheck(known.cuts, lostTogether(rows), 2) };
  },
};
