// Hashes: how flows are dealt to members and next hops, and where they all come out alike.

import type { Lag } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group } from "./rule.ts";

const known = new WeakMap<Design, Map<string, number>>();

/** Server → how many flows it has with what is in another VLAN: their frames carry the gateway's MAC address. Those of a demand are dealt evenly. */
function throughGateway(design: Design): ReadonlyMap<string, number> {
  const before = known.get(design);
  if (before !== undefined) return before;
  const map = new Map<string, number>();
  known.set(design, map);
  const vlans = new Map(design.topology.addresses.map((address) => [address.node, address.vlan]));
  const add = (server: string, flows: number): void => { map.set(server, (map.get(server) ?? 0) + flows); };
  for (const { from, to } of design.topology.flows) {
    if (vlans.get(from) !== vlans.get(to)) for (const server of [from, to]) add(server, 1);
  }
  for (const { from, to, flows } of design.topology.demands ?? []) {
    for (const [own, others] of [[from, to], [to, from]] as const) {
      const there = inVlans(others, vlans);
      for (const server of own) add(server, (flows / own.length) * (1 - (there.get(vlans.get(server)) ?? 0) / others.length));
    }
  }
  return map;
}

function inVlans(servers: readonly string[], vlans: ReadonlyMap<string, number>): Map<number | undefined, number> {
  const counts = new Map<number | undefined, number>();
  for (const server of servers) counts.set(vlans.get(server), (counts.get(vlans.get(server)) ?? 0) + 1);
  return counts;
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
        const flows = Math.floor(throughGateway(design).get(lag.node) ?? 0);
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
