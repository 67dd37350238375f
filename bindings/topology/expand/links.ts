// Cables: those that the file names, and meshes. Then, when everything is cabled, what each port carries.

import { UPLINKS_FROM, type Draft } from "../draft.ts";
import type { Lag, Link, Network, Node, Port } from "../model.ts";
import type { Path } from "../problems.ts";
import { isPortName, splitLink, splitPort } from "../ranges.ts";
import type { LinkInput } from "../schema/file.ts";

/** Cables with named ends; they have first claim on ports. */
export function expandLinks(draft: Draft): void {
  for (const [i, entry] of (draft.input.links ?? []).entries()) {
    const path = ["links", i];
    if (typeof entry === "string") {
      const ends = splitLink(entry);
      if (ends === null) draft.report("DH_LINK", path, `"${entry}" is not a cable`, "write it as leaf1:Eth1 -- spine1:Eth1");
      else connectEnds(draft, ends, {}, path, [path, path]);
    } else if (entry.endpoints !== undefined && entry.mesh === undefined) {
      const [a = "", b = ""] = entry.endpoints;
      connectEnds(draft, [a, b], entry, path, [[...path, "endpoints", 0], [...path, "endpoints", 1]]);
    } else if ((entry.endpoints !== undefined || entry.mesh === undefined) && !draft.incomplete("links")) {
      draft.report("DH_LINK", path, "a link has either endpoints or a mesh");
    }
  }
}

/** Meshes take the next free ports, after everything that names its own. */
export function expandMeshes(draft: Draft): void {
  for (const [i, entry] of (draft.input.links ?? []).entries()) {
    if (typeof entry === "string" || entry.mesh === undefined || entry.endpoints !== undefined) continue;
    const path = ["links", i, "mesh"];
    const nodes = (side: "from" | "to") =>
      draft.namesOf(entry.mesh?.[side] ?? [], [...path, side]).flatMap((item) => draft.node(item.name, item.path) ?? []);
    const [from, to] = [nodes("from"), nodes("to")];
    if (!draft.affords(from.length * to.length, path)) continue;
    const cable = draft.cable({ ...entry, ...entry.mesh }, path, listOf(entry.risk));
    for (const a of from) for (const b of to) {
      if (a === b) continue;
      const link = draft.connect([a.name, draft.freePort(a.name, firstPort(a, b))], [b.name, draft.freePort(b.name, firstPort(b, a))], cable, ["links", i]);
      if (link !== null) carry(draft, link, entry, ["links", i]);
    }
  }
}

/** A leaf's uplinks sit behind its server ports. */
export function firstPort(node: Node, far: Node): number {
  return node.tier === 1 && far.tier > 0 ? UPLINKS_FROM : 1;
}

export const listOf = (value: string | readonly string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : [...value];

function connectEnds(draft: Draft, ends: readonly [string, string], input: LinkInput, path: Path, at: readonly [Path, Path]): void {
  const a = endOf(draft, ends[0], at[0]);
  const b = endOf(draft, ends[1], at[1]);
  const link = a === null || b === null ? null : draft.connect(a, b, draft.cable(input, path, listOf(input.risk)), path);
  if (link !== null) carry(draft, link, input, path);
  else for (const end of [a, b]) if (end !== null && draft.servers.has(end[0])) draft.excuse(end[0]); // has its cable, but for this mistake
}

/** "leaf1:Eth1" → node and port, both checked. */
export function endOf(draft: Draft, text: string, path: Path): [string, string] | null {
  const parts = splitPort(text);
  if (parts === null || !isPortName(parts[1])) {
    draft.report("DH_LINK", path, `"${text}" is not a port`, "write it as leaf1:Eth1", { part: text });
    return null;
  }
  return draft.node(parts[0], path, { part: parts[0] }) === null ? null : parts;
}

function carry(draft: Draft, link: Link, input: LinkInput, path: Path): void {
  if (input.networks !== undefined) draft.carried.set(link, draft.networksOf(input.networks, [...path, "networks"]));
}

/** Which VLANs each port carries, and whether it bridges or routes. */
export function setPortModes(draft: Draft): void {
  for (const link of draft.links) {
    const [a, b] = [draft.ports.get(link.a), draft.ports.get(link.b)];
    if (a === undefined || b === undefined) continue;
    const [nodeA, nodeB] = [draft.nodes.get(a.node), draft.nodes.get(b.node)];
    if (nodeA === undefined || nodeB === undefined) continue;
    if (nodeA.kind === "server" || nodeB.kind === "server") setServerPorts(draft, link, [a, nodeA], [b, nodeB]);
    else setSwitchPorts(draft, link, [a, nodeA], [b, nodeB]);
  }
  for (const lag of draft.lags.values()) {
    lag.vlans = unionOf(lag.members.map((member) => draft.ports.get(`${lag.node}:${member}`)?.vlans ?? []));
  }
}

function setServerPorts(draft: Draft, link: Link, a: [Port, Node], b: [Port, Node]): void {
  const vlans = unionOf([a, b].map(([port, node]) => {
    const network = node.kind === "server" ? networkOfPort(draft, port, draft.lagAt.get(`${port.node}:${port.name}`)) : undefined;
    return network === undefined ? [] : [network.vlan];
  }));
  const carried = draft.carried.get(link)?.map((network) => network.vlan) ?? vlans;
  for (const [port, node] of [a, b]) {
    port.mode = node.kind === "server" ? "host" : carried.length > 1 ? "trunk" : "access";
    port.vlans = node.kind === "server" ? vlans : carried;
  }
}

/** The network that a server's port or bond is in. */
export function networkOfPort(draft: Draft, port: Port, lag: Lag | undefined): Network | undefined {
  const name = (lag === undefined ? undefined : draft.bondNetwork.get(lag)) ?? draft.servers.get(port.node)?.network;
  return name === undefined ? undefined : draft.networks.get(name);
}

function setSwitchPorts(draft: Draft, link: Link, a: [Port, Node], b: [Port, Node]): void {
  const lags = [link.a, link.b].map((port) => draft.lagAt.get(port));
  const peerLink = lags.some((lag) => lag !== undefined && lag.peerLinkOf !== null);
  const written = draft.carried.get(link) ?? lags.map((lag) => (lag === undefined ? undefined : draft.lagNetworks.get(lag))).find((networks) => networks !== undefined);
  const bridged = peerLink || written !== undefined || lags.some((lag) => lag !== undefined) || !a[1].routed || !b[1].routed;
  const networks = !bridged || peerLink ? [] : written ?? networksOfHypervisors(draft, a[1], b[1]) ?? networksOfSites(draft, a[1], b[1]);
  const vlans = [...new Set(networks.map((network) => network.vlan))];
  for (const [port] of [a, b]) {
    port.peerLink = peerLink;
    port.mode = bridged ? "trunk" : "routed";
    port.vlans = [...vlans];
  }
}

/** An uplink of a hypervisor carries what its virtual machines and gateways need. */
function networksOfHypervisors(draft: Draft, a: Node, b: Node): Network[] | undefined {
  const lists = [a, b].filter((node) => draft.hypervisors.has(node.name)).map((node) => [...(draft.hypervisorNetworks.get(node.name) ?? [])]);
  return lists.length === 0 ? undefined : [...new Set(lists.flat())].sort((x, y) => x.vlan - y.vlan);
}

function networksOfSites(draft: Draft, a: Node, b: Node): Network[] {
  const theirs = [...draft.networks.values()].filter((network) => network.site === null || network.site === a.site || network.site === b.site);
  return theirs.sort((x, y) => x.vlan - y.vlan);
}

/** A peer-link carries every VLAN that either peer has, on a port or as a VLAN interface. */
export function setPeerLinkVlans(draft: Draft): void {
  const byNode = new Map<string, Set<number>>();
  const add = (node: string, vlan: number): void => {
    const vlans = byNode.get(node) ?? new Set();
    byNode.set(node, vlans.add(vlan));
  };
  for (const port of draft.ports.values()) for (const vlan of port.vlans) add(port.node, vlan);
  for (const address of draft.addresses) if (address.vlan !== 0) add(address.node, address.vlan);
  for (const pair of draft.pairs.values()) {
    const vlans = unionOf(pair.peers.map((peer) => [...(byNode.get(peer) ?? [])]));
    for (const name of pair.peerLinks) {
      const lag = draft.lags.get(name);
      if (lag === undefined) continue;
      lag.vlans = vlans;
      for (const member of lag.members) {
        const port = draft.ports.get(`${lag.node}:${member}`);
        if (port !== undefined) port.vlans = vlans;
      }
    }
  }
}

const unionOf = (lists: readonly (readonly number[])[]): number[] => [...new Set(lists.flat())].sort((x, y) => x - y);
