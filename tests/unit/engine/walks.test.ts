// Only what a change touches is walked again. That the others would not have moved is held by hellos.test.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { twoSites } from "../../../bench/topologies/two-sites.ts";
import { Session } from "../../../bindings/engine/index.ts";
import type { Step } from "../../../bindings/topology/model.ts";
import { topologyOf } from "../../support/topologies.ts";

const SECOND = 1_000_000_000n;
const where = { line: 1, col: 1, length: 1 };

test("a failure walks the flows that it touches, and not the others of its switches", async () => {
  const topology = topologyOf(twoSites(400, "ranges"));
  const session = await Session.open(topology, { name: "walks", untilNs: 0n, steps: [], where }, { spareSteps: 8 });
  await session.runTo(20n * SECOND);
  const settled = session.snapshot();
  const ofServer = (name: string): number => topology.flows.filter((f) => f.from === name || f.to === name).length;
  const walksOf = async (step: Pick<Step, "target" | "targets">): Promise<number> => {
    session.restore(settled);
    const before = session.result().walks;
    session.add([{ atNs: session.nowNs + SECOND, op: "fail", direction: "both", perMillion: 0, where, ...step }]);
    await session.runTo(session.nowNs + 2n * SECOND);
    return session.result().walks - before;
  };
  const rack = topology.flows.filter((f) => f.from.startsWith("fra-r001-") || f.to.startsWith("fra-r001-")).length;
  const busy = await walksOf({ target: "cable", targets: [{ kind: "link", name: topology.links.find((l) => l.name.includes("fra-r001-srv01:eth0"))!.name }] });
  const idle = await walksOf({ target: "cable", targets: [{ kind: "link", name: topology.links.find((l) => l.name.includes("fra-r001-srv20:eth0"))!.name }] });
  const spine = await walksOf({ target: "spine", targets: [{ kind: "node", name: "fra-spine1" }] });
  assert.ok(ofServer("fra-r001-srv01") > 0 && ofServer("fra-r001-srv20") === 0, "the one has flows, the other none");
  // The changes of one cut cable: signal, carrier at both ends, members out at both ends, rows moved. Each walks the server's own flows.
  assert.ok(busy > 0 && busy <= 12 * ofServer("fra-r001-srv01"), `${busy} walks`);
  assert.ok(idle <= rack, `${idle} walks for a server that no flow goes to; ${rack} flows go by its switches`);
  assert.ok(spine > 0, "a spine carries flows");
});
