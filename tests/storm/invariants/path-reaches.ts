// Once settled, cables and nodes that are whole carry a flow, and where there are none nothing does. The search (graph.ts) promises a way only where no rule may
// close it by right: min-links, legs of a bond that lead to another segment, gateways that do not reach the other network. Nothing is promised while something
// deceives (isClean), nor of MC-LAG pairs that were hurt (pairsWhole): the secondary's ports, orphans among them, may be suspended.

import { damageAt, isClean, pairsWhole } from "../damage.ts";
import { Graph } from "../graph.ts";
import type { Invariant } from "../invariant.ts";
import { flowsAt } from "../world.ts";

interface Expected { flow: string; up: boolean; must: boolean; may: boolean }

export const pathReaches: Invariant<Expected[]> = {
  name: "path-reaches",
  async gather(world) {
    const run = await world.whole();
    const { topology, scenario, settledNs } = world.of;
    const damage = damageAt(topology, scenario.steps, settledNs);
    const graph = new Graph(topology, damage);
    const trusted = isClean(damage) && pairsWhole(topology, scenario.steps, settledNs);
    const states = new Map(flowsAt(run, settledNs).map((f) => [f.flow, f.up]));
    return topology.flows.map((f) => ({ flow: f.name, up: states.get(f.name) === true, must: trusted && graph.mustBeUp(f), may: graph.mayBeUp(f) }));
  },
  judge: (flows) => flows.flatMap(({ flow, up, must, may }) => (must && !up ? [`${flow} is down, and there is a way`] : !may && up ? [`${flow} is up, and there is no way`] : [])),
};
