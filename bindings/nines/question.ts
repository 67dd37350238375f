// The question that workers answer: a row for the exact solution, and one for each simulated run. Rows know processes and subjects by number;
// `about` has their names.

import type { Lab, Plain, Question } from "../batch/index.ts";
import type { Topology } from "../topology/model.ts";
import type { NinesOptions as Options } from "./defaults-asked.ts";
import { componentsOf, type Components } from "./components.ts";
import { minimalCuts } from "./cuts.ts";
import { Draws, STREAM } from "./draws.ts";
import { EngineOracle } from "./engine-oracle.ts";
import { effectProbabilities, solveExactly } from "./exact.ts";
import { finish, type NinesResult } from "./finish.ts";
import { Guide } from "./guide.ts";
import { historyOf } from "./history.ts";
import { biasedRun } from "./importance.ts";
import { judge } from "./judge.ts";
import { planOf, type MethodChosen } from "./method.ts";
import { unavailability, type Oracle, type System } from "./model.ts";
import { splitRun } from "./splitting.ts";
import { subjectsOf, type Subject } from "./subjects.ts";
import type { Verdict } from "./tally.ts";

/** As plain data. */
type NinesOptions = Options & Plain;

/** Hours of one run, or shares of time where it is no run; `blame`: process, subject, hours, in turn. */
export type RunRow = { kind: "run"; down: number[]; switching: number[]; outages: number[]; byYear: number[]; blame: number[] };
export type ExactRow = { kind: "exact"; by: string; structural: number[]; unasked: number[]; switching: number[]; blame: number[]; cuts: number[][][] | null; complete: number; asked: number; neverUp: number[]; simulated: number };
export type NinesRow = RunRow | ExactRow;

type Item = "exact" | "plain" | "importance" | "splitting";

/** States that a worker asks about to steer importance sampling. */
const GUIDE_ASKS = 1000;

interface Desk { components: Components; subjects: Subject[]; oracle: EngineOracle }

function deskOf(lab: Lab, options: NinesOptions): Desk {
  return lab.once("nines", () => {
    const components = componentsOf(lab.topology, options.flows);
    const subjects = subjectsOf(lab.topology, options.flows);
    return { components, subjects, oracle: new EngineOracle(lab, lab.topology, components.system, subjects) };
  });
}

/**
 * A network that has just come up makes up for its first hellos and only then lies down: 10 s of 10,000 servers are 30,000 events, which every state and change would
 * go through again. Slow LACP, which is the last, takes 90 s.
 */
const REST_NS = 120_000_000_000n;

export const question: Question<NinesOptions, Item, NinesRow, NinesResult> = {
  name: "nines", version: 3, module: import.meta.url, chunk: 16,
  warm: (topology, options) => ({ untilNs: REST_NS, run: { spareSteps: spareOf(componentsOf(topology, options.flows).system), touched: true } }),
  plan(topology, options) {
    const { exact, sampled } = planOf(componentsOf(topology, options.flows).system, options.method);
    const first = exact ? 1 : 0;
    const runs = sampled === null ? 0 : options.runs;
    return { length: first + runs, at: (i) => (i < first ? "exact" : sampled ?? undefined) };
  },
  about: (topology, options) => aboutOf(topology, options) as unknown as Plain,
  async answer(lab, item, options, index) {
    const { components: { system }, oracle } = deskOf(lab, options);
    if (item === "exact") return exactRow(system, oracle, options.asks);
    if (item === "plain") {
      const draws = new Draws(lab.seed, STREAM.run, index);
      return runRow(await judge(historyOf(system, options.years, draws), system, oracle, new Draws(lab.seed, STREAM.phase, index)));
    }
    if (item === "splitting") return runRow(await splitRun(system, oracle, options.years, lab.seed, index));
    const guide = await lab.once("nines guide", () => guideOf(system, oracle, options.asks));
    return runRow(await biasedRun(system, oracle, options.years, lab.seed, index, guide));
  },
  finish: (rows, options, about) => finish(rows, options, about as unknown as About),
};

/** What was asked about, by name. */
export interface About {
  name: string;
  subjects: { kind: Subject["kind"]; name: string }[];
  processes: { name: string; cause: string; kind: string; perYear: number; mttr: number }[];
  effects: string[];
  assumed: Components["assumed"];
  leftOut: Components["leftOut"];
  crews: number | null;
  chosen: MethodChosen;
}

function aboutOf(topology: Topology, options: NinesOptions): About {
  const { system, assumed, leftOut } = componentsOf(topology, options.flows);
  return {
    name: topology.name, assumed, leftOut, crews: system.crews, chosen: planOf(system, options.method), effects: system.effects.map((e) => e.name),
    subjects: subjectsOf(topology, options.flows).map(({ kind, name }) => ({ kind, name })),
    processes: system.processes.map((p) => ({ name: p.name, cause: p.cause, kind: p.kind, perYear: 8760 / (p.window?.every ?? p.toFailure.mean + p.toRepair.mean), mttr: p.window?.length ?? p.toRepair.mean })),
  };
}

/** Each step of a run may take down all that its effect names. */
const spareOf = (system: System): number => 64 + 6 * system.effects.reduce((most, e) => Math.max(most, e.nodes.length + e.links.length), 0);

async function guideOf(system: System, oracle: EngineOracle, asks: number): Promise<Guide> {
  const { ofSubject } = await minimalCuts(oracle, effectProbabilities(system, system.processes.map(unavailability)), { asks: Math.min(asks, GUIDE_ASKS) });
  return new Guide(system, ofSubject);
}

/** Inputs are judgement to two digits: what may be missing below this is not searched for. */
const TOLERANCE = 0.002;

async function exactRow(system: System, oracle: EngineOracle, asks: number): Promise<ExactRow> {
  const neverUp = [...await oracle.down([])];
  const exact = (await solveExactly(system, oracle, { asks, tolerance: TOLERANCE }))!; // the plan asked for it: it can be solved
  return {
    kind: "exact", by: exact.by, structural: [...exact.structural], unasked: [...exact.unasked], switching: [...exact.switching], blame: blameList(exact.blame, oracle),
    cuts: exact.cuts?.ofSubject ?? null, complete: exact.cuts?.complete ?? 0, asked: exact.cuts?.asked ?? 0, neverUp, simulated: oracle.runs,
  };
}

const blameList = (blame: Map<number, number>, { subjects }: Oracle): number[] => [...blame].sort((a, b) => a[0] - b[0]).flatMap(([key, hours]) => [Math.floor(key / subjects), key % subjects, hours]);

function runRow(v: Verdict): RunRow {
  return { kind: "run", down: [...v.down], switching: [...v.switching], outages: [...v.outages], byYear: [...v.byYear], blame: blameList(v.blame, { subjects: v.down.length } as Oracle) };
}
