// --fail leaf1@10s and --branch 'fail leaf1; repair leaf1@40s' → steps of a scenario.

import { DualhomeError } from "../errors.ts";
import { formatDuration } from "../duration.ts";
import type { Step, Topology } from "../topology/model.ts";
import { meant } from "../topology/problems.ts";
import { STEP_OPTIONS, type StepFlag } from "./options/steps.ts";
import type { Parts } from "./parts.ts";

export async function flagSteps(topology: Topology, flags: readonly StepFlag[], parts: Parts): Promise<Step[]> {
  const { indexTargets, stepOf } = await parts.targets();
  const index = indexTargets(topology);
  return flags.map(({ op, text }) => orWrong(`--${op} ${text}`, () => stepOf(index, op, text)));
}

/** The steps of a branch that begins at `atNs`: a step without a time is done there, none before. `said`: how it was given. */
export async function branchSteps(topology: Topology, text: string, atNs: bigint, parts: Parts, said = `--branch '${text}'`): Promise<Step[]> {
  const { indexTargets, stepOf } = await parts.targets();
  const index = indexTargets(topology);
  const items = text.split(";").map((item) => item.trim()).filter((item) => item !== "");
  if (items.length === 0) throw wrong(said, "it has no step: say what happens, for example 'fail leaf1; repair leaf1@40s'");
  return items.map((item) => {
    const { op, text: words } = flagOf(item, atNs, said);
    const step = orWrong(said, () => stepOf(index, op, words));
    if (step.atNs < atNs) throw wrong(said, `"${item}" is before ${formatDuration(atNs)}, where branches begin (--at)`);
    return step;
  });
}

const OPS = STEP_OPTIONS.map(([op]) => op);

function flagOf(item: string, atNs: bigint, said: string): StepFlag {
  const [, word = "", target = ""] = /^(\S+)\s*(.*)$/.exec(item) ?? [];
  const op = OPS.find((each) => each === word);
  if (op === undefined) throw wrong(said, `"${word}" is no operation; ${meant(word, OPS) ?? `there are ${OPS.join(", ")}`}`);
  if (target === "") throw wrong(said, `"${item}" does not say what: write ${op} leaf1`);
  return { op, text: target.includes("@") ? target : `${target}@${formatDuration(atNs)}` };
}

function orWrong<T>(said: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    throw wrong(said, (e as Error).message);
  }
}

function wrong(said: string, message: string): DualhomeError { return new DualhomeError("DH_STEP", `${said}: ${message}`, 2); }
