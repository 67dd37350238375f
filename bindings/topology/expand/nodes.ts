// Sites, networks and nodes.

import { formatDuration } from "../../duration.ts";
import type { Draft } from "../draft.ts";
import { isLinkLocal, parsePrefix } from "../ip.ts";
import type { Network, Node } from "../model.ts";
import { reorder } from "../order.ts";
import { meant } from "../problems.ts";
import { PROFILES, type Profile } from "../profiles.ts";
import { isNodeName } from "../ranges.ts";
import type { NodeInput } from "../schema/file.ts";

export function expandNodes(draft: Draft): void {
  for (const [key] of Object.entries(draft.input.sites ?? {})) {
    for (const name of draft.names(key, ["sites", key], { key: true })) draft.sites.add(name);
  }
  for (const key of Object.keys(draft.input.networks ?? {})) expandNetwork(draft, key);
  for (const [key, input] of Object.entries(draft.input.nodes)) expandNode(draft, key, input);
  settleNodes(draft, 0, 0);
}

/** What is given out goes by name: nodes that were added since there were so many get their places and MAC addresses. */
export function settleNodes(draft: Draft, nodes: number, servers: number): void {
  reorder(draft.nodes, nodes);
  reorder(draft.servers, servers);
  for (const [i, node] of [...draft.nodes.values()].entries()) if (i >= nodes) node.mac = MAC_BASE + (BigInt(i + 1) << PORT_BITS);
}

function expandNetwork(draft: Draft, name: string): void {
  const input = draft.input.networks?.[name];
  if (input === undefined) return;
  const path = ["networks", name];
  let subnet: string | null = null;
  if (input.subnet !== undefined) {
    const parsed = parsePrefix(input.subnet);
    if (parsed === null || parsed.ip !== parsed.subnet.base || isLinkLocal(parsed.ip)) draft.excuse(".subnet");
    if (parsed === null) draft.report("DH_ADDRESS", [...path, "subnet"], `"${input.subnet}" is not a subnet such as 10.1.10.0/24 or fd00:10::/64`);
    else if (parsed.ip !== parsed.subnet.base) draft.report("DH_ADDRESS", [...path, "subnet"], `"${input.subnet}" has host bits set`);
    else if (isLinkLocal(parsed.ip)) draft.report("DH_ADDRESS", [...path, "subnet"], `"${input.subnet}" is link-local: every IPv6 interface has an address there by itself`);
    else subnet = input.subnet;
  }
  const site = input.site ?? null;
  if (site !== null) checkSite(draft, site, [...path, "site"]);
  const network: Network = { name, vlan: input.vlan, subnet, site, where: draft.whereKey(...path) };
  const same = draft.networksOfVlan.get(network.vlan) ?? [];
  const twin = same.find((other) => other.site === site || other.site === null || site === null);
  if (twin === undefined) {
    draft.networks.set(name, network);
    draft.networksOfVlan.set(network.vlan, [...same, network]);
    return;
  }
  draft.report("DH_DUPLICATE_NAME", [...path, "vlan"], `VLAN ${network.vlan} is already network "${twin.name}"`);
  draft.excuse(name);
}

function checkSite(draft: Draft, site: string, path: (string | number)[]): void {
  if (draft.sites.has(site) || draft.excused(site) || draft.input.sites === undefined) return;
  draft.report("DH_UNKNOWN_SITE", path, `there is no site "${site}"`, meant(site, draft.sites));
}

const TIERS: Record<NodeInput["kind"], number> = { server: 0, leaf: 1, tor: 1, l2switch: 1, spine: 2, core: 3, router: 3, hypervisor: 0 };
const MAC_BASE = 0x0200_0000_0000n;
const PORT_BITS = 12n;

function expandNode(draft: Draft, key: string, input: NodeInput): void {
  const path = ["nodes", key];
  const where = draft.whereKey(...path);
  if (input.site !== undefined) checkSite(draft, input.site, [...path, "site"]);
  const common = commonOf(draft, key, input);
  for (const [index, name] of draft.names(key, path, { key: true }).entries()) {
    if (!isNodeName(name)) {
      draft.report("DH_NAME", path, `"${name}" cannot be a node's name: letters, digits, "-", "_" and "."`, null, { key: true });
      continue;
    }
    if (draft.nodes.has(name)) {
      draft.report("DH_DUPLICATE_NAME", path, `there are two nodes "${name}"`, null, { key: true });
      continue;
    }
    draft.entryOf.set(name, key);
    draft.nodes.set(name, { name, mac: 0n, where, ...common });
    if (input.kind === "hypervisor") draft.hypervisors.add(name);
    if (input.kind === "server") draft.servers.set(name, { network: input.network, address: input.address, gateway: input.gateway, prefixLength: input["prefix-length"], path, index });
  }
}

/** What most files do not say. */
function optional(draft: Draft, input: NodeInput, server: boolean): Pick<Common, "cost" | "hashSeed"> {
  const cost = input.cost ?? draft.input.costs?.[input.kind];
  const hashSeed = server ? undefined : (input["hash-seed"] ?? draft.input.defaults?.switch?.["hash-seed"]);
  return { ...(cost === undefined ? {} : { cost }), ...(hashSeed === undefined ? {} : { hashSeed }) };
}

type Common = Omit<Node, "name" | "mac" | "where">;

/** What all nodes of one entry share. */
function commonOf(draft: Draft, key: string, input: NodeInput): Common {
  const server = input.kind === "server";
  const profileName = input.profile ?? (server || input.kind === "hypervisor" ? "linux" : (draft.input.defaults?.switch?.profile ?? "standard"));
  const profile = PROFILES[profileName];
  if (!server) {
    for (const word of ["network", "address", "gateway"] as const) {
      if (input[word] !== undefined) draft.report("DH_UNKNOWN_KEY", ["nodes", key, word], `only a server has "${word}" here`, "a switch gets its addresses from gateways", { key: true });
    }
  }
  for (const word of ["hash-seed", "tier"] as const) {
    if (server && input[word] !== undefined) draft.report("DH_UNKNOWN_KEY", ["nodes", key, word], `only a switch has "${word}"`, null, { key: true });
  }
  return {
    kind: server ? "server" : input.kind === "router" ? "router" : "switch",
    tier: server ? 0 : (input.tier ?? TIERS[input.kind]),
    routed: !server && input.kind !== "l2switch" && input.kind !== "hypervisor",
    site: input.site ?? null,
    profile: profileName,
    lacpTickNs: profile.lacpTick,
    ...optional(draft, input, server),
    ...timesOf(draft, key, input, profile),
    ...(input.cards === undefined ? {} : { cards: Object.entries(input.cards).map(([name, ports]) => ({ name, ports: draft.namesOf(ports, ["nodes", key, "cards", name]).map((port) => port.name) })) }),
    ...(input.power === undefined ? {} : { power: draft.namesOf(input.power, ["nodes", key, "power"]).map((feed) => feed.name) }),
  };
}

function timesOf(draft: Draft, key: string, input: NodeInput, profile: Profile): Pick<Common, "bootNs" | "macAgeNs" | "arpAgeNs"> {
  const server = input.kind === "server";
  const defaults: Partial<Record<"boot" | "mac-ageing" | "arp-ageing", string | undefined>> = (server ? draft.input.defaults?.server : draft.input.defaults?.switch) ?? {};
  const kind = server ? "servers" : input.kind === "hypervisor" ? "hypervisors" : `switches (${profile.vendor})`;
  const time = (word: "boot" | "mac-ageing" | "arp-ageing") =>
    draft.duration(input[word], ["nodes", key, word]) ?? draft.duration(defaults[word], ["defaults", server ? "server" : "switch", word]);
  const bootNs = draft.choose(time("boot"), profile.boot, `${kind}: power on until ports are up`, formatDuration);
  if (server) return { bootNs, macAgeNs: profile.macAge[0], arpAgeNs: profile.arpAge[0] };
  return {
    bootNs,
    macAgeNs: draft.choose(time("mac-ageing"), profile.macAge, `${kind}: MAC ageing`, formatDuration),
    arpAgeNs: draft.choose(time("arp-ageing"), profile.arpAge, `${kind}: ARP ageing`, formatDuration),
  };
}
