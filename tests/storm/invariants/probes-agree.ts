// Outages are walked through the tables, and measured by frames that are really sent: the two agree to one interval of the measuring frames and the time that one is
// under way. A cable that loses some frames and not others is no outage to a walk, and one that is slow has frames under way for seconds: such
// cases say nothing, nor does a storm: a walk calls it an outage, for links are full of copies, and full links are not simulated.
// A flow that never was up has no outages. A walk takes no time: when another member takes over at once, no walk is down, and a frame that was under way arrives
// where it is not taken any more.

import { T_BOND_ACTIVE, T_CARRIER, T_MEMBER, T_STP_STATE } from "../../../assembly/abi.ts";
import { notReady, storms } from "../../../bindings/analysis/index.ts";
import { disagreements, probesOf } from "../../support/probes.ts";
import { Simulated } from "../../support/topologies.ts";
import type { Invariant } from "../invariant.ts";

const PROBE_NS = 97_000_000n; // beats with no hello
const AFTER_NS = 30_000_000_000n;

/** What leads frames another way from one instant to the next. */
const TAKE_OVERS = [T_BOND_ACTIVE, T_CARRIER, T_MEMBER, T_STP_STATE];

interface Evidence { simulated: Simulated; probeNs: bigint; takeOvers: bigint[] }

export const probesAgree: Invariant<Evidence> = {
  name: "probes-agree",
  async gather(world) {
    const { scenario, faultsNs } = world.of;
    if (scenario.steps.some((s) => s.op === "loss" || s.op === "slow")) return null;
    const run = await world.run({ probeNs: PROBE_NS }, { ...scenario, untilNs: faultsNs + AFTER_NS });
    return storms(run).length > 0 || notReady(run).length > 0 ? null : { probeNs: PROBE_NS, simulated: new Simulated(run), takeOvers: [...run.trace.ofKinds(...TAKE_OVERS)].map((r) => r.at) };
  },
  judge: ({ simulated, probeNs, takeOvers }) => [...disagreements(simulated, probeNs, (at, way) => takeOvers.some((t) => t >= at && t <= at + way)), ...probesOf(simulated).duplicates.map((frame) => `${frame} arrived twice`)],
};
