// One step out of words: "fail" and "leaf1@10s". What the command line's flags say, and what is done in the page.

import type { FaultOp, Step } from "./model.ts";
import { aimed, checkOp, parseStepFlag, resolveTarget, wholeBond, type TargetIndex } from "./targets.ts";

export { indexTargets, resolveTarget, type TargetIndex } from "./targets.ts";

/** Throws a RangeError that says what is wrong. */
export function stepOf(index: TargetIndex, op: FaultOp, text: string): Step {
  const { atNs, target, perMillion = 0, delayNs } = parseStepFlag(text, op);
  const resolved = resolveTarget(index, target);
  if ("error" in resolved) throw new RangeError(`${resolved.error}${resolved.didYouMean === null ? "" : `; did you mean "${resolved.didYouMean}"?`}`);
  const targets = wholeBond(op, index, target, resolved);
  const odd = checkOp(op, targets, index);
  if (odd !== null) throw new RangeError(odd);
  return aimed(index, { atNs, op, target, targets, direction: "both", perMillion, ...(delayNs === undefined ? {} : { delayNs }), where: { line: 1, col: 1, length: 1 } });
}
