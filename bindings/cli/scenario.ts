// Which scenario a command line means: one of the file's, steps given by flags, or both together.

import { DualhomeError } from "../errors.ts";
import { aftermathNs } from "../topology/aftermath.ts";
import type { Scenario, Step, Topology } from "../topology/model.ts";
import { meant } from "../topology/problems.ts";
import { branchSteps, flagSteps } from "./flag-steps.ts";
import type { StepFlag } from "./options/steps.ts";
import type { Parts } from "./parts.ts";

export interface Chosen { scenario: Scenario; notice: string }

/** What `run`, `explain` and `show` ask for alike. */
export interface ScenarioFlags {
  scenario?: string;
  steps: StepFlag[]; // in the order of the command line
  until?: bigint;
}

/** A run to `at`, and from there on once for each of `branches`. */
export interface BranchFlags extends ScenarioFlags { at: bigint; branches: string[] }

export async function chooseScenario(topology: Topology, flags: ScenarioFlags, parts: Parts): Promise<Chosen> {
  const added = flags.steps.length === 0 ? [] : await flagSteps(topology, flags.steps, parts);
  const { base, notice } = baseScenario(topology, flags);
  return { scenario: composed(topology, base, added, flags.until), notice };
}

export interface Branch { name: string; steps: Step[] }

/** What all branches have in common, and the steps of each. They end together, when a run would end that has the steps of all. */
export async function chooseBranches(topology: Topology, flags: BranchFlags, parts: Parts): Promise<{ scenario: Scenario; branches: Branch[] }> {
  const common = flags.steps.length === 0 ? [] : await flagSteps(topology, flags.steps, parts);
  const branches = await Promise.all(flags.branches.map(async (text) => ({ name: text.trim(), steps: await branchSteps(topology, text, flags.at, parts) })));
  const base = flags.scenario === undefined ? null : baseScenario(topology, flags).base;
  const { untilNs } = composed(topology, base, [...common, ...branches.flatMap((b) => b.steps)], flags.until);
  return { scenario: composed(topology, base, common, untilNs), branches };
}

function composed(topology: Topology, base: Scenario | null, added: Step[], until: bigint | undefined): Scenario {
  const steps = [...(base?.steps ?? []), ...added].sort((x, y) => (x.atNs < y.atNs ? -1 : x.atNs > y.atNs ? 1 : 0));
  const untilNs = until ?? untilOf(topology, base, steps, added.length > 0);
  const beyond = steps.find((s) => s.atNs > untilNs);
  if (beyond !== undefined) throw new DualhomeError("DH_UNTIL", `the run ends before the step "${beyond.op} ${beyond.target}"; give a later --until`, 2);
  const where = base?.where ?? { line: 1, col: 1, length: 1 };
  const expectations = base?.expectations ?? [];
  const late = expectations.find((e) => (e.stepAtNs ?? e.doneNs) + (e.withinNs ?? 0n) > untilNs);
  if (late !== undefined) throw new DualhomeError("DH_UNTIL", `the run ends before what the file expects at line ${late.expected[0]?.where.line ?? where.line}; give a later --until`, 2);
  return { name: base?.name ?? "command line", untilNs, steps, ...(expectations.length === 0 ? {} : { expectations }), where };
}

/** The scenario that flags add to; null when flags replace them all. */
function baseScenario(topology: Topology, flags: ScenarioFlags): { base: Scenario | null; notice: string } {
  const names = topology.scenarios.map((s) => s.name);
  if (flags.scenario !== undefined) {
    const base = topology.scenarios.find((s) => s.name === flags.scenario);
    if (base === undefined) throw unknownScenario(flags.scenario, names);
    return { base, notice: "" };
  }
  if (flags.steps.length > 0) return { base: null, notice: "" };
  const [first] = topology.scenarios;
  if (first === undefined) throw new DualhomeError("DH_NOTHING", "the file has no scenario: say what fails, for example --fail leaf1@10s --repair leaf1@40s", 2);
  const notice = names.length === 1 ? "" : `runs scenario "${first.name}", the first of ${names.length}; the others with --scenario ${names.slice(1).join(", ")}\n`;
  return { base: first, notice };
}

function unknownScenario(name: string, names: string[]): DualhomeError {
  const hint = meant(name, names) ?? (names.length === 0 ? "the file has none" : `there are ${names.join(", ")}`);
  return new DualhomeError("DH_SCENARIO_UNKNOWN", `no scenario "${name}"; ${hint}`, 2);
}

function untilOf(topology: Topology, base: Scenario | null, steps: Step[], added: boolean): bigint {
  if (base !== null && !added) return base.untilNs;
  const last = steps.reduce((max, s) => (s.atNs > max ? s.atNs : max), 0n);
  const settled = last + aftermathNs(topology.nodes, topology.pairs);
  return base !== null && base.untilNs > settled ? base.untilNs : settled;
}
