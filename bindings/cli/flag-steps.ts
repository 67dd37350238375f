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

function flagStep(topology: Topology, { op, text }: StepFlag, { checkOp, parseStepFlag, resolveTarget }: Targets): Step {
  const { atNs, target } = orWrong(op, text, () => parseStepFlag(text, op));
  const targets = resolveTarget(topology, target);
  if ("error" in targets) throw wrong(op, text, `${targets.error}${targets.didYouMean === null ? "" : `; did you mean "${targets.didYouMean}"?`}`);
  const odd = checkOp(op, targets);
  if (odd !== null) throw wrong(op, text, odd);
  return { atNs, op, target, targets, direction: "both", perMillion: 0, where: { line: 1, col: 1, length: 1 } };
}

function orWrong<T>(op: string, text: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    throw wrong(op, text, (e as Error).message);
  }
}

function wrong(op: string, text: string, message: string): DualhomeError { return new DualhomeError("DH_STEP", `--${op} ${text}: ${message}`, 2); }
