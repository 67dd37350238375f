// Once settled nothing goes round: no storm lasts, and no flow's walk is given up because it does not end. Spanning tree, MC-LAG's rule of the peer-link and
// routes that go up, across and down exist for this. While a cable deceives (isClean) a spanning tree may be open by right; after the repairs it may not.

import { DROP_STORM, DROP_TTL } from "../../../assembly/abi.ts";
import { storms } from "../../../bindings/analysis/index.ts";
import { damageAt, isClean } from "../damage.ts";
import type { Invariant } from "../invariant.ts";
import { flowsAt, type FlowState } from "../world.ts";

interface Moment { when: string; storms: string[]; flows: FlowState[] }

export const noLoop: Invariant<Moment[]> = {
  name: "no-loop",
  async gather(world) {
    const run = await world.whole();
    const { topology, scenario, settledNs } = world.of;
    const all = storms(run);
    const moment = (when: string, atNs: bigint): Moment => ({
      when, flows: flowsAt(run, atNs), storms: all.filter((s) => s.startNs <= atNs && (s.endNs === null || s.endNs > atNs)).map((s) => `VLAN ${s.vlan} at ${s.node} ${s.port} since ${s.startNs} ns`),
    });
    const clean = isClean(damageAt(topology, scenario.steps, settledNs));
    return [...(clean ? [moment("after the faults", settledNs)] : []), moment("after the repairs", run.endNs)];
  },
  judge: (moments) => moments.flatMap(({ when, storms: lasting, flows }) => [
    ...lasting.map((storm) => `${when} a storm lasts: ${storm}`),
    ...flows.filter((f) => f.drop === DROP_TTL || f.drop === DROP_STORM).map((f) => `${when} the frames of ${f.flow} go round`),
  ]),
};
