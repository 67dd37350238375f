// One run of one scenario, from the topology to what happened.

import type { Scenario, Topology } from "../topology/model.ts";
import type { RunOptions, RunResult } from "./run.ts";
import { Session } from "./session.ts";

/**
 * Runs a scenario of a topology. Bring-up happens before the scenario's clock starts: trace times are negative there.
 * Throws DualhomeError with exit code 3 when the engine stops by itself, AbortError when `signal` asks for it.
 */
export async function runScenario(topology: Topology, scenario: Scenario, options: RunOptions = {}): Promise<RunResult> {
  const session = await Session.open(topology, scenario, options);
  await session.runTo(scenario.untilNs, options);
  return session.result();
}
