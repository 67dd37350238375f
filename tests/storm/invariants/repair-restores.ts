// When everything that failed is repaired and has settled, every flow that was up before is up: a failure leaves nothing behind. No protocol here has a state
// that a repaired network does not leave by itself, but for a port that BPDU guard has shut, which no server of the storm causes.

import { firstStepNs } from "../../../bindings/analysis/run.ts";
import type { Invariant } from "../invariant.ts";
import { flowsAt, type FlowState } from "../world.ts";

interface Evidence { before: FlowState[]; after: FlowState[] }

export const repairRestores: Invariant<Evidence> = {
  name: "repair-restores",
  async gather(world) {
    const run = await world.whole();
    return { before: flowsAt(run, firstStepNs(run) - 1n), after: flowsAt(run, run.endNs) };
  },
  judge: ({ before, after }) => before.filter((f, i) => f.up && !after[i]!.up).map((f) => `${f.flow} was up before the faults and is down after the repairs`),
};
