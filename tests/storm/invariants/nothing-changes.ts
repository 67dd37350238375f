// What does nothing changes nothing: steps without effect leave the trace as it is byte for byte but for their own records, and a switch that no cable leads to
// changes no line of what is told of the others. The order of events is a function of what they are (docs/decisions/0001), so that nothing can push another aside.

import { describer } from "../../../bindings/analysis/index.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import type { Step } from "../../../bindings/topology/model.ts";
import { topologyOf } from "../../support/topologies.ts";
import { withoutNothing } from "../../support/traces.ts";
import type { Invariant } from "../invariant.ts";
import type { World } from "../world.ts";

interface Evidence { plain: Buffer; stepped: Buffer; told: string[]; toldBesideIsle: string[] }

const ISLE = "zz-isle"; // the last by name: addresses are given out in the order of names

export const nothingChanges: Invariant<Evidence> = {
  name: "nothing-changes",
  async gather(world) {
    const { scenario, text } = world.of;
    const run = await world.whole();
    const bytes = (of: RunResult): Buffer => withoutNothing(Buffer.from(of.trace.bytes()));
    const isle = topologyOf(text.replace(/^nodes:$/m, `nodes:\n  ${ISLE}: {kind: l2switch}`), "storm.dh.yaml");
    const beside = await world.run({}, isle.scenarios[0]!, isle);
    return {
      plain: bytes(run), stepped: bytes(await world.run({}, { ...scenario, steps: [...scenario.steps, ...idle(world)] })),
      told: told(run), toldBesideIsle: told(beside),
    };
  },
  judge({ plain, stepped, told: lines, toldBesideIsle }) {
    const line = Array.from({ length: Math.max(lines.length, toldBesideIsle.length) }, (_, i) => i).find((i) => lines[i] !== toldBesideIsle[i]);
    return [
      ...(plain.equals(stepped) ? [] : ["steps that do nothing change the trace"]),
      ...(line === undefined ? [] : [`beside a lone switch "${lines[line]}" is "${toldBesideIsle[line]}"`]),
    ];
  },
};

/** At instants of faults, of round clocks, and of nothing. */
function idle(world: World): Step[] {
  const { topology, scenario, seed, faultsNs } = world.of;
  const where = { line: 1, col: 1, length: 1 };
  const at = [...scenario.steps.slice(0, 3).map((s) => s.atNs), 10_000_000_000n, 1n + (seed * 7_919_000_003n) % (faultsNs + 10_000_000_000n)];
  return at.flatMap((atNs, i): Step[] => {
    const node = topology.nodes[Number(seed + BigInt(i)) % topology.nodes.length]!.name;
    const link = topology.links[Number(seed * 3n + BigInt(i)) % topology.links.length]!.name;
    const made = (kind: "node" | "link", name: string): Step => ({ atNs, op: "nothing", target: name, targets: [{ kind, name }], direction: "both", perMillion: 0, where });
    return [made("node", node), made("link", link)];
  });
}

/** What is told of the scenario, names resolved, but for the lone switch: its power-on is a first change, at which flows that never were up are told to be down. */
function told(run: RunResult): string[] {
  const describe = describer(run.names, run.topology);
  return [...run.trace].map((r) => ({ at: r.at, ...describe(r) })).filter(({ at, node }) => at >= 0n && node !== ISLE).map(({ at, node, protocol, change, place }) => `${at} ${node} ${protocol} ${change} ${place}`);
}
