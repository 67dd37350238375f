// Hashes: how flows are dealt to members and next hops, and where they all come out alike.

import type { Lag } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group } from "./rule.ts";

/** Flows and demands between a server and what is in another VLAN: their frames carry the gateway's MAC address. */
function throughGateway(design: Design, server: string): number {
  const vlanOf = (node: string): number | undefined => vlans(design).get(node);
  const away = (from: string, to: string): boolean => [from, to].includes(server) && vlanOf(from) !== vlanOf(to);
  const flows = design.topology.flows.filter((flow) => away(flow.from, flow.to)).length;
  const demands = (design.topology.demands ?? []).filter((demand) => {
    const others = demand.from.includes(server) ? demand.to : demand.to.includes(server) ? demand.from : [];
    return others.some((other) => vlanOf(other) !== vlanOf(server));
  });
  return flows + demands.reduce((sum, demand) => sum + demand.flows, 0);
}

const known = new WeakMap<Design, Map<string, number>>();

function vlans(design: Design): Map<string, number> {
  const map = known.get(design) ?? new Map(design.topology.addresses.map((address) => [address.node, address.vlan]));
  known.set(design, map);
  return map;
}

/** Server bonds that deal by a hash. */
const deals = (design: Design, lag: Lag): boolean => design.nodes.get(lag.node)?.kind === "server" && lag.members.length > 1 && (lag.mode === "802.3ad" || lag.mode === "static");

export const HASH = group("hash", {
  "gateway-polarises": {
    severity: "warning", systems: [2, 7, 10],
    title: "A bond hashes MAC addresses alone, and its flows go through the gateway",
    why: "Frames to other networks all carry the gateway's MAC address, so that a hash of MAC addresses deals all of them to one cable: the other carries nothing, and half of the bond's capacity is not there. It is the default of Linux bonding.",
    mend: "Say `transmit-hash-policy: layer3+4`, which takes addresses and ports.",
    effect: "one of the two cables sends nothing",
    example: { faulty: "transmit-hash-policy: layer2}", mended: "transmit-hash-policy: layer3+4}" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        if (!deals(design, lag) || lag.hash !== "layer2") continue;
        const flows = throughGateway(design, lag.node);
        if (flows > 1) yield { subject: lag.name, at: design.places.value(lag.where, "transmit-hash-policy", "bond"), seen: `${lag.name} hashes by layer2, and ${flows} flows of ${lag.node} go through its gateway` };
      }
    },
  },
  "source-only": {
    severity: "warning", systems: [2, 10],
    title: "A bond hashes its own MAC address and VLAN alone",
    why: "`vlan+srcmac` is for bridges with many hosts behind them. What a server sends itself has one source address, and goes by one cable.",
    mend: "Say `transmit-hash-policy: layer3+4`.",
    effect: "one of the two cables sends nothing",
    example: { faulty: "transmit-hash-policy: vlan+srcmac}", mended: "transmit-hash-policy: layer3+4}" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        if (deals(design, lag) && lag.hash === "vlan+srcmac") yield { subject: lag.name, at: design.places.value(lag.where, "transmit-hash-policy", "bond"), seen: `${lag.name} hashes by vlan+srcmac: all that ${lag.node} sends goes by one cable` };
      }
    },
  },
});
