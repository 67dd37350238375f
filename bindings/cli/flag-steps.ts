// --fail leaf1@10s and its like → steps of a scenario.

import { DualhomeError } from "../errors.ts";
import type { Step, Topology } from "../topology/model.ts";
import type { StepFlag } from "./options.ts";
import type { Parts } from "./parts.ts";

export async function flagSteps(topology: Topology, flags: readonly StepFlag[], parts: Parts): Promise<Step[]> {
  const targets = await parts.targets();
  return flags.map((flag) => flagStep(topology, flag, targets));
}

type Targets = Awaited<ReturnType<Parts["targets"]>>;

function flagStep(topology: Topology, { op, text }: StepFlag, { parseStepFlag, resolveTarget }: Targets): Step {
  try {
    const { atNs, target } = parseStepFlag(text, op);
    const targets = resolveTarget(topology, target);
    return { atNs, op, target, targets, direction: "both", perMillion: 0, where: { line: 1, col: 1, length: 1 } };
  } catch (e) {
    throw new DualhomeError("DH_STEP", `--${op} ${text}: ${(e as Error).message}`, 2);
  }
}
