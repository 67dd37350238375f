// A case of the storm: a topology file with its seed, in which everything that failed is repaired once all has settled. The text says all of it, so that
// a case that fails is a file that can be kept.

import { settleNs } from "../../bindings/nines/settle.ts";
import type { Ns, Scenario, Step, Topology } from "../../bindings/topology/model.ts";
import type { RandomCase } from "../support/random-networks.ts";
import { topologyOf } from "../support/topologies.ts";

export interface StormCase {
  text: string;
  seed: bigint;
  topology: Topology;
  scenario: Scenario;
  /** the last fault */
  faultsNs: Ns;
  /** what the faults set off is over; the repairs are just after it */
  settledNs: Ns;
}

const most = (list: readonly bigint[]): bigint => list.reduce((a, b) => (b > a ? b : a), 0n);

/** Everything that the file makes the network wait for, and tables that have to forget. */
function calmNs(t: Topology): Ns {
  return settleNs(t) + most(t.nodes.map((n) => n.macAgeNs)) + most(t.nodes.map((n) => n.arpAgeNs)) + most(t.fhrps.map((f) => f.glbp?.redirectNs ?? 0n));
}

const UNDONE: Partial<Record<Step["op"], string>> = { fail: "repair", hang: "repair", silent: "repair", carrier: "repair", loss: "repair", shutdown: "repair", slow: "repair", down: "up", release: "enslave" };

/** The case of a drawn file: its scenario is the last thing in it. */
export function caseOf({ text, seed }: RandomCase): StormCase {
  const drawn = topologyOf(text, "storm.dh.yaml");
  const { steps } = drawn.scenarios[0]!;
  const faultsNs = most(steps.map((step) => step.atNs));
  const settledNs = faultsNs + calmNs(drawn);
  const repairs = new Set(steps.flatMap((step) => (UNDONE[step.op] === undefined ? [] : [`${UNDONE[step.op]}: ${JSON.stringify(step.target)}`])));
  const lines = [...repairs].map((repair) => `      - {at: ${settledNs + 1n}ns, ${repair}}`);
  const whole = text.replace(/^ {4}until: .*$/m, `    until: ${settledNs + calmNs(drawn)}ns`);
  return readCase([`# seed: ${seed}`, `# settled: ${settledNs}`, whole.trimEnd(), ...lines].join("\n") + "\n");
}

/** A case that was printed. */
export function readCase(text: string): StormCase {
  const topology = topologyOf(text, "storm.dh.yaml");
  const scenario = topology.scenarios[0]!;
  const said = (what: string): bigint => BigInt(new RegExp(`^# ${what}: (\\d+)$`, "m").exec(text)![1]!);
  const settledNs = said("settled");
  return { text, seed: said("seed"), topology, scenario, settledNs, faultsNs: most(scenario.steps.filter((s) => s.atNs <= settledNs).map((s) => s.atNs)) };
}
