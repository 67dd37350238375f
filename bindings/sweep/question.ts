// The sweep as a big question: an item a failure, a row what it did.

import { begun, type Begun } from "../analysis/index.ts";
import type { Names } from "../engine/index.ts";
import type { Plain, Question } from "../batch/index.ts";
import type { Topology } from "../topology/model.ts";
import { Carried } from "./capacity.ts";
import { crossCheck, cutSets, lostAlone, type CrossCheck, type CutSets } from "./cuts.ts";
import { singleFailures, type Failure, type FailureKind } from "./failures.ts";
import { reachOf, subjectsOf } from "../locality/index.ts";
import { judge, Subjects } from "./judge.ts";
import type { SweepRow } from "./rows.ts";
import { stepsOf, sweepTimes, warmNs, type SweepTimes } from "./times.ts";
import { written } from "./written.ts";
import type { Lab } from "../batch/index.ts";

/** In ns as digits: options go through JSON. Null: of the topology (`sweepTimes`). */
export interface SweepOptions {
  kinds: readonly FailureKind[] | null;
  times: { failNs: string; repairNs: string; untilNs: string } | null;
  /** also what each failure touches: two failures at a time are chosen by it */
  reach: boolean;
}

export interface SweepAbout { name: string; assumed: number; cuts: readonly CutSets[] }

export interface SweepResult extends SweepAbout {
  rows: readonly SweepRow[];
  options: SweepOptions;
  /** what the graph says of one element, against the simulation */
  check: readonly CrossCheck[];
}

export function timesOf(t: Topology, { times }: SweepOptions): SweepTimes {
  return times === null ? sweepTimes(t) : { failNs: BigInt(times.failNs), repairNs: BigInt(times.repairNs), untilNs: BigInt(times.untilNs) };
}

export const failuresOf = (t: Topology, { kinds }: SweepOptions): Failure[] => singleFailures(t, kinds === null ? {} : { kinds: new Set(kinds) });

/** Steps of the largest failure of all, and of two: each target fails and is repaired. */
export const spareSteps = (failures: readonly Failure[]): number => 4 * Math.max(64, ...failures.map((f) => f.targets.length));

/** Failures that happen together: their run from the warm network on, judged. */
export async function answerFailures(lab: Lab, failures: readonly Failure[], options: SweepOptions, explained = true): Promise<SweepRow> {
  const session = lab.fresh();
  const { times, carried, subjects, warm, notUp } = lab.once("sweep", () => {
    const start = begun(session.result({ ways: false }));
    return { times: timesOf(lab.topology, options), carried: new Carried(lab.topology), subjects: new Subjects(lab.topology), warm: start, notUp: idle(start, session.names) };
  });
  if (options.reach) session.startTouched();
  session.add(stepsOf(failures, times));
  if (carried.any) await session.runTo(times.repairNs - 1n);
  const capacity = carried.any ? carried.left(session.result()) : null;
  await session.runTo(times.untilNs);
  const row = judge(session.result({ ways: false }), failures, times, subjects, capacity, warm, explained);
  return notUp.length === 0 ? row : { ...row, notUp };
}

/** What is not up in the warm network shows no failover, whatever fails. */
function idle({ timelines: { flows, services } }: Begun, names: Names): string[] {
  return [...services.flatMap((line, i) => (line.isUp() ? [] : [names.services[i]!])), ...flows.flatMap((line, i) => (line.isUp() ? [] : [names.flows[i]!]))];
}

async function answerWithReach(lab: Lab, failure: Failure, options: SweepOptions): Promise<SweepRow> {
  const { quiet, subjectOf } = await lab.once("quiet", async () => {
    const session = lab.fresh();
    session.startTouched();
    await session.runTo(timesOf(lab.topology, options).untilNs);
    return { quiet: session.touched(), subjectOf: subjectsOf(lab.topology, session.names.flows) };
  });
  const row = await answerFailures(lab, [failure], options);
  const { touched, moved, news } = reachOf(lab.session.touched(), quiet, subjectOf);
  return { ...row, reach: { touched: written(touched), moved: written(moved), news: written(news) } };
}

/**
 * Hellos that are left out are made up for where something stirs, which touches nodes to which nothing happens: with all of them simulated failures reach
 * less far, and more pairs are left out. In larger networks that would take longer than it saves.
 */
const EVERY_HELLO_NODES = 150;

/** Minimal cut sets, for headers of parts. A standby has as long as a failure lasts. */
export function plainCuts(t: Topology, options: SweepOptions): Plain {
  const { failNs, repairNs } = timesOf(t, options);
  return cutSets(t, repairNs - failNs) as unknown as Plain;
}

/** Work for many machines, in pieces that are worth handing out: a failure takes about a millisecond, and a part of a large network says all cut sets once more. */
const chunkOf = (failures: number): number => Math.min(128, Math.max(16, failures >> 8));

type Typed = Question<SweepOptions & Plain, Failure, SweepRow & Plain, SweepResult>;

export const question: Typed = {
  name: "sweep", version: 1, module: import.meta.url, chunk: chunkOf, longestLast: true, // sites
  warm: (t, options, plan) => ({ untilNs: warmNs(timesOf(t, options)), run: { spareSteps: spareSteps(plan as readonly Failure[]), touched: options.reach, everyHello: options.reach && t.nodes.length <= EVERY_HELLO_NODES } }),
  plan: failuresOf,
  about: (t, options) => ({ name: t.name, assumed: t.assumptions.length, cuts: plainCuts(t, options) }),
  answer: async (lab, failure, options) => await (options.reach ? answerWithReach(lab, failure, options) : answerFailures(lab, [failure], options)) as SweepRow & Plain,
  finish(rows, options, given) {
    const about = given as unknown as SweepAbout;
    return { ...about, rows, options, check: crossCheck(about.cuts, lostAlone(rows), 1) };
  },
};
