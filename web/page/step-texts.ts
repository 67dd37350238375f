// Steps as words, to be kept and read again.

import { formatDuration } from "../../bindings/duration.ts";
import type { Scene, StepRow, StepText } from "./messages.ts";

/** A scenario of the file that is there as a whole goes by its name: its steps may say more than these words do. */
export function asTexts(steps: readonly StepRow[], scenarios: Scene["scenarios"]): StepText[] {
  const whole = scenarios.filter((s) => s.steps > 0 && steps.filter((step) => step.scenario === s.name).length === s.steps).map((s) => s.name);
  return [...whole.map((name) => ({ at: "0s", text: `scenario ${name}` })), ...steps.filter((s) => s.scenario === null || !whole.includes(s.scenario)).map(asText)];
}

const asText = (s: StepRow): StepText => ({ at: formatDuration(BigInt(s.atNs)), text: `${s.op} ${s.target}${s.much === "" ? "" : `=${s.much}`}` });
