// What several sources say, as one topology file that can be run: cabling from one, bonds of hosts from another, switches from a
// third. What no source says and a run needs is guessed, and told as a guess.

import { dropUnusedCables } from "./cables.ts";
import { inventEnds, inventFlows, inventGateways, inventSwitches, inventNetworks, inventSegments } from "./invent.ts";
import { joinBonds, type BondParts } from "./bonds.ts";
import { joinGateways, joinHosts, type Networks } from "./addresses.ts";
import { joinLags, type LagParts } from "./lags.ts";
import { joinPairs, type Pairs } from "./pairs.ts";
import type { Found } from "../found.ts";
import type { Line } from "../line.ts";
import { Net, otherEnd, ownEnd, written, type NetNode } from "../net.ts";
import { defined, switchFragment } from "../switch-fragment.ts";

export interface Whole { file: Record<string, unknown>; notes: Line[] }

export function network(found: Found, name: string): Whole {
  const net = new Net([...found.notes]);
  for (const sw of found.switches) net.addSwitch(sw);
  for (const host of found.hosts) net.addHost(host);
  for (const device of found.devices) net.addDevice(device);
  for (const cable of found.cables) net.addCable(cable);
  if (found.cables.length === 0) {
    inventSwitches(net);
    inventEnds(net);
  }
  const fragment = switchFragment([...net.nodes.values()].flatMap((node) => node.sw ?? []), true);
  net.notes.push(...fragment.notes);
  if (found.cables.length === 0) inventSegments(net, fragment);
  const pairs = joinPairs(net, fragment);
  const networks = joinHosts(net, fragment);
  dropUnusedCables(net, networks);
  const bonds = joinBonds(net, networks, pairs);
  const lags = joinLags(net, pairs, bonds, networks);
  inventNetworks(net, networks, bonds);
  const gateways = { ...inventGateways(net, networks), ...joinGateways(net, networks, fragment) };
  const flows = inventFlows(net, networks, gateways);
  return { file: fileOf(name, net, pairs, networks, bonds, lags, gateways, flows), notes: net.notes };
}

function fileOf(
  name: string, net: Net, pairs: Pairs, networks: Networks, bonds: BondParts, lags: LagParts, gateways: Record<string, unknown>, flows: Record<string, unknown>,
): Record<string, unknown> {
  const parts: Record<string, unknown> = {
    networks: Object.fromEntries([...networks.known.values()].map((n) => [n.name, { vlan: n.vlan, subnet: n.subnet }])),
    nodes: Object.fromEntries([...net.nodes.values()].map((node) => [node.name, nodeOf(node, networks, pairs)])),
    links: net.cables.map((cable) => linkOf(net, cable.a.node, cable, networks, pairs, lags)),
    mlag: Object.fromEntries(pairs.parts), lags: Object.fromEntries(lags.parts), bonds: Object.fromEntries(bonds.parts), gateways, flows,
  };
  const empty = (part: unknown): boolean => Object.keys(part as object).length === 0;
  return { dualhome: 1, name, ...Object.fromEntries(Object.entries(parts).filter(([key, part]) => key === "nodes" || !empty(part))) };
}

function nodeOf(node: NetNode, networks: Networks, pairs: Pairs): Record<string, unknown> {
  if (node.kind === "server") return { kind: "server", ...networks.servers.get(node.name) };
  const stp = node.sw?.stp ?? null;
  const peer = pairs.peerOf.get(node.name);
  const both = stp !== null && (peer === undefined || peer.sw?.stp?.mode === stp.mode);
  return defined({
    kind: node.kind, profile: node.profile === "linux" ? null : node.profile,
    stp: both ? defined({ mode: stp.mode, priority: peer === undefined ? stp.priority : lower(stp.priority, peer.sw?.stp?.priority ?? null), edge: stp.edge.size > 0 ? "servers" : null }) : null,
  });
}
const lower = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** A cable between switches whose ports are bridged says what it carries; others go without. */
function linkOf(net: Net, near: string, cable: Net["cables"][number], networks: Networks, pairs: Pairs, lags: LagParts): unknown {
  const plain = `${written(cable.a)} -- ${written(cable.b)}`;
  const [a, b] = [near, otherEnd(cable, near).node].map((n) => net.nodes.get(n)!) as [NetNode, NetNode];
  if (a.kind === "server" || b.kind === "server" || pairs.peerLinks.has(cable) || lags.cables.has(cable)) return plain;
  const carried = [a, b].flatMap((node) => {
    const layer2 = node.sw?.ports.get(ownEnd(cable, node.name).port)?.layer2;
    if (layer2 === undefined || layer2.routed) return [];
    const vlans = layer2.trunk === "all" ? [...networks.byVlan.keys()] : (layer2.trunk ?? (layer2.access === null ? null : [layer2.access]));
    return vlans === null ? [] : [new Set(vlans)];
  });
  // A Linux router is in its networks on the side of the servers; to what stands above them it routes.
  const above = [a, b].some((node) => ["spine", "core"].includes(node.kind)) || [a, b].every((node) => node.kind === "router");
  const routers = [a, b].flatMap((node) => (node.profile === "linux" && !above ? (node.sw?.groups.map((g) => g.vlan) ?? []) : []));
  const sets = carried.length > 0 ? carried : routers.length > 0 ? [new Set(routers)] : [];
  const unknown = [a, b].every((node) => node.sw === null && (node.kind === "leaf" || node.kind === "tor" || node.kind === "l2switch"));
  if (unknown && networks.known.size > 0) {
    net.guess(cable.at, `${plain} is bridged and carries every VLAN: nothing tells otherwise of two switches at the servers`);
    return { endpoints: [written(cable.a), written(cable.b)], networks: [...networks.known.keys()] };
  }
  const names = [...networks.byVlan].filter(([vlan]) => sets.length > 0 && sets.every((set) => set.has(vlan))).map(([, n]) => n.name);
  return names.length === 0 ? plain : { endpoints: [written(cable.a), written(cable.b)], networks: names };
}
