// `dualhome show`: a scenario run to an instant, and what a node would show there.

import { DualhomeError } from "../../errors.ts";
import { clock, paintFor, showText } from "../../report/index.ts";
import { FORMAT_VERSION, jsonTime } from "../../report/json.ts";
import type { NodeState, Simulation, View } from "../../show/index.ts";
import type { Scenario, Topology } from "../../topology/model.ts";
import { meant } from "../../topology/problems.ts";
import { readTopology } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import type { StepFlag } from "../options/steps.ts";
import type { Parts } from "../parts.ts";
import { runOptions, watched } from "./run.ts";
import { chooseScenario } from "../scenario.ts";

export interface ShowFlags { at: bigint; node: string; views: string[]; steps: StepFlag[]; scenario?: string; until?: bigint; seed?: bigint; json: boolean; width?: number; kernel?: string; everyHello?: boolean }

export async function show(io: Io, parts: Parts, file: string, flags: ShowFlags, colour: boolean): Promise<number> {
  const topology = await readTopology(io, parts, file, colour);
  const names = topology.nodes.map((n) => n.name);
  if (!names.includes(flags.node)) throw new DualhomeError("DH_NODE", `${file} has no node "${flags.node}"; ${meant(flags.node, names) ?? `it has ${some(names)}`}`, 2);
  const { scenario, notice } = await scenarioOf(topology, flags, parts);
  io.err(notice);
  const simulation = await runTo(io, parts, topology, scenario, flags);
  const views = viewsOf(simulation, flags);
  const state = simulation.nodeState(flags.node);
  io.err(noteOf(flags, state));
  const shown = state === "up" || state === "hung" ? views.map((view) => ({ view, data: simulation.show(flags.node, view) })) : [];
  await print(io, flags.json ? [jsonOf(file, scenario, flags, state, shown)] : textOf(io, flags, shown, colour));
  return shown.length > 0 ? EXIT.pass : EXIT.budget;
}

const MANY = 12;
const some = (names: readonly string[]): string => (names.length <= MANY ? names.join(", ") : `${names.slice(0, MANY).join(", ")} and ${names.length - MANY} more`);

/** As `run` chooses; a file without scenarios is looked at while nothing happens. */
async function scenarioOf(topology: Topology, flags: ShowFlags, parts: Parts): Promise<{ scenario: Scenario; notice: string }> {
  if (flags.scenario === undefined && flags.steps.length === 0 && topology.scenarios.length === 0) {
    return { scenario: { name: "nothing", untilNs: flags.at, steps: [], where: { line: 1, col: 1, length: 0 } }, notice: "" };
  }
  const chosen = await chooseScenario(topology, flags, parts);
  const open = flags.until === undefined && flags.steps.length > 0; // nobody has said when such a run ends
  if (flags.at > chosen.scenario.untilNs && !open) {
    throw new DualhomeError("DH_UNTIL", `--at ${clock(flags.at)}: the run of "${chosen.scenario.name}" ends at ${clock(chosen.scenario.untilNs)}; give a later --until`, 2);
  }
  return chosen;
}

async function runTo(io: Io, parts: Parts, topology: Topology, scenario: Scenario, flags: ShowFlags): Promise<Simulation> {
  const { Simulation } = await parts.show();
  return watched(io, async (watch) => {
    const simulation = await Simulation.open(topology, scenario, runOptions(flags));
    await simulation.session.runTo(flags.at, watch);
    return simulation;
  });
}

/** Each view is looked up before anything is printed. */
function viewsOf(simulation: Simulation, flags: ShowFlags): View[] {
  if (flags.views.length === 0) return simulation.views(flags.node).first;
  for (const view of flags.views) simulation.show(flags.node, view as View);
  return flags.views as View[];
}

const NOTES: Record<NodeState, string> = {
  up: "", hung: "hangs: nobody answers there; shown is what its hardware goes on with", crashed: "is dead: there is nothing to read", off: "is not running: there is nothing to read",
};
const noteOf = (flags: ShowFlags, state: NodeState): string => (NOTES[state] === "" ? "" : `${flags.node} ${NOTES[state]} at ${clock(flags.at)}\n`);

interface Shown { view: View; data: unknown }

function jsonOf(file: string, scenario: Scenario, flags: ShowFlags, state: NodeState, shown: readonly Shown[]): string {
  const views = Object.fromEntries(shown.map(({ view, data }) => [view, data]));
  return `${JSON.stringify({ format: FORMAT_VERSION, file, scenario: scenario.name, seed: String(flags.seed ?? 1n), at: jsonTime(flags.at), node: flags.node, state, views }, null, 2)}\n`;
}

/** One view: what it prints and nothing else. More: each under its name. */
function* textOf(io: Io, flags: ShowFlags, shown: readonly Shown[], colour: boolean): Generator<string> {
  const paint = paintFor({ flag: colour, env: io.env, isTTY: io.outIsTTY });
  const options = { paint, width: flags.width ?? io.columns ?? WIDTH_DEFAULT, ...(flags.kernel === undefined ? {} : { kernel: flags.kernel }) };
  for (const [i, { view, data }] of shown.entries()) {
    if (shown.length > 1) yield `${i === 0 ? "" : "\n"}${paint("bold", `${flags.node} ${view}`)}\n`;
    yield showText(view, data as never, options);
  }
}
