// Hellos that are left out, and flows that are not walked again, change nothing: the trace is that of the run in which each is simulated (docs/hellos.md).
// tests/unit/engine/hellos.test.ts holds it over its own networks; here it is held over those of the storm.

import type { RunResult } from "../../../bindings/engine/index.ts";
import { firstDifference } from "../../support/traces.ts";
import type { Invariant } from "../invariant.ts";

const AFTER_NS = 60_000_000_000n;

interface Evidence { short: Pick<RunResult, "trace">; every: Pick<RunResult, "trace"> }

export const hellosSame: Invariant<Evidence> = {
  name: "hellos-same",
  async gather(world) {
    const scenario = { ...world.of.scenario, untilNs: world.of.faultsNs + AFTER_NS };
    return { short: await world.run({}, scenario), every: await world.run({ everyHello: true, everyWalk: true }, scenario) };
  },
  judge({ short, every }) {
    const differs = firstDifference(every as RunResult, short as RunResult);
    return differs === null ? [] : [`with every hello and without: ${differs.replace("\n", " | ")}`];
  },
};
