// Once settled a segment has one master at most: VRRP's Master, HSRP's active router, GLBP's active virtual gateway. Two of them that hear each other compare
// priorities, and one of them gives way (RFC 5798 6.4.3). Two that no whole cable joins may both be master.

import { HSRP_ACTIVE, T_GLBP, T_HSRP, T_VRRP, VRRP_MASTER } from "../../../assembly/abi.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import { damageAt, isClean, pairsWhole } from "../damage.ts";
import { Graph } from "../graph.ts";
import type { Invariant } from "../invariant.ts";
import { lastValues, type World } from "../world.ts";

interface Segment { when: string; group: string; masters: string[]; joined: [string, string][] }

export const oneMaster: Invariant<Segment[]> = {
  name: "one-master",
  async gather(world) {
    const run = await world.whole();
    const { topology, scenario, settledNs } = world.of;
    const trusted = isClean(damageAt(topology, scenario.steps, settledNs)) && pairsWhole(topology, scenario.steps, settledNs);
    return [...(trusted ? segments(world, run, "after the faults", settledNs) : []), ...segments(world, run, "after the repairs", run.endNs)];
  },
  judge: (all) => all.flatMap(({ when, group, masters, joined }) =>
    joined.filter((pair) => pair.every((node) => masters.includes(node))).map(([a, b]) => `${when} ${a} and ${b} are both master of ${group}, and cables join them`)),
};

function segments(world: World, run: RunResult, when: string, atNs: bigint): Segment[] {
  const { topology, scenario } = world.of;
  const graph = new Graph(topology, damageAt(topology, scenario.steps, atNs));
  const masters = [
    ...named(run.names.vrrps, lastValues(run, T_VRRP, atNs), VRRP_MASTER),
    ...named(run.names.fhrps, lastValues(run, T_HSRP, atNs), HSRP_ACTIVE), ...named(run.names.fhrps, lastValues(run, T_GLBP, atNs), HSRP_ACTIVE),
  ];
  const groups = new Map([...topology.vrrps, ...topology.fhrps].map((r) => [r.gateway, r.vlan]));
  return [...groups].map(([group, vlan]) => {
    const nodes = [...topology.vrrps, ...topology.fhrps].filter((r) => r.gateway === group).map((r) => r.node);
    const joined = nodes.flatMap((a) => { const near = graph.segment(a, vlan); return nodes.filter((b) => a < b && near.has(b)).map((b): [string, string] => [a, b]); });
    return { when, group, masters: masters.filter((m) => m.group === group).map((m) => m.node), joined };
  });
}

function named(names: readonly string[], states: Map<number, number>, master: number): { group: string; node: string }[] {
  return [...states].filter(([, state]) => state === master).map(([row]) => { const [group = "", node = ""] = names[row]!.split("@"); return { group, node }; });
}
