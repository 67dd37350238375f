// What a run needs and no source says: switches for servers, servers behind port-channels, networks, flows. All of it is told as a guess.

import { enterNetwork, vlanOf, type Networks } from "./addresses.ts";
import type { BondParts } from "./bonds.ts";
import { otherEnd, type Net, type NetNode } from "../net.ts";
import { nodeName } from "../line.ts";
import { emptySwitch, type Channel, type Switch } from "../switch.ts";
import type { SwitchFragment } from "../switch-fragment.ts";

/** 198.18.0.0/15 (RFC 2544) is for tests and nobody's. */
const INVENTED_BASE = 18;
const INVENTED_MAX = 512;

/** Servers without any switch: two leaves. */
export function inventSwitches(net: Net): void {
  const [first] = net.nodes.values();
  if (first === undefined || [...net.nodes.values()].some((n) => n.kind !== "server")) return;
  const names = [1, 2].map((n) => (net.nodes.has(`leaf${n}`) ? `leaf${n}-guess` : `leaf${n}`));
  net.guess(first.at, `${names.join(" and ")} are the switches that these servers are cabled to: no source tells of any`);
  for (const name of names) {
    const sw = { ...emptySwitch(name, "standard", first.at), pair: { word: "mlag" as const, domain: "guess", own: null, peer: null, rolePriority: null, settings: {}, at: first.at } };
    net.nodes.set(name, { name, kind: "leaf", profile: null, at: first.at, host: null, sw });
  }
}

/** A server behind each port-channel and access port, where no cabling tells what is there. */
export function inventEnds(net: Net): void {
  const switches = [...net.nodes.values()].filter((n) => n.sw !== null && n.kind !== "router" && n.profile !== "linux");
  const servers = new Map<string, { name: string; count: number }>();
  for (const node of switches) {
    for (const channel of node.sw!.channels.values()) {
      if (channel.peerLink || channel.members.length === 0) continue;
      const key = channel.mlagId === null || node.sw!.pair === null ? `${node.name} ${channel.name}` : `${node.sw!.pair.word} ${node.sw!.pair.domain} ${channel.mlagId}`;
      const server = servers.get(key) ?? { name: free(net, channel, node), count: 0 };
      servers.set(key, server);
      channel.members.forEach((port) => end(net, node, port, server, channel));
    }
    const bundled = new Set([...node.sw!.channels.values()].flatMap((c) => c.members));
    for (const [port, { layer2: carries, off, description, at }] of node.sw!.ports) {
      if (bundled.has(port) || off || carries.access === null || carries.trunk !== null) continue;
      end(net, node, port, { name: free(net, { name: port, description, at }, node), count: 0 }, { name: port, at });
    }
  }
}

/** Routers of which no cabling tells: a switch for each of their networks, a server there, and a core with one beyond. */
export function inventSegments(net: Net, fragment: SwitchFragment): void {
  const routers = [...net.nodes.values()].filter((n) => n.sw !== null && n.kind === "router" && n.sw.linux.size > 0);
  const [first] = routers;
  if (first === undefined) return;
  const add = (name: string, kind: NetNode["kind"], sw: Switch | null): void => { net.nodes.set(name, { name, kind, profile: null, at: first.at, host: null, sw }); };
  const server = (name: string, at: string, port: string): void => { add(name, "server", null); net.connect({ node: name, port: "eth0" }, { node: at, port }, first.at); };
  const unused = (name: string): string => { let n = name; while (net.nodes.has(n)) n = `${n}-guess`; return n; };
  const core = unused("core");
  const vlan = [...Array(4094).keys()].map((i) => 4094 - i).find((v) => fragment.parts.networks[`vlan${v}`] === undefined) ?? 4094;
  const beyond = { ...emptySwitch(core, "standard", first.at), kind: "core" as const };
  beyond.vlans.set(vlan, { address: "198.19.255.1/24", subnet: null, off: false, at: first.at });
  fragment.parts.networks[`vlan${vlan}`] = { vlan, subnet: "198.19.255.0/24" };
  beyond.ports.set("Eth1", { layer2: { access: vlan, trunk: null, routed: false }, description: null, off: false, at: first.at });
  add(core, "core", beyond);
  server(unused("client"), core, "Eth1");
  for (const router of routers) net.connect({ node: router.name, port: net.freePort(router.name, "uplink") }, { node: core, port: net.freePort(core, "Eth") }, router.at);
  const segments = new Map<number, Switch>();
  for (const router of routers) {
    for (const [on, number] of router.sw!.linux) {
      if (fragment.parts.networks[`vlan${number}`] === undefined) continue;
      const name = segments.get(number)?.name ?? unused(`segment${number}`);
      const segment = segments.get(number) ?? emptySwitch(name, "standard", first.at);
      segments.set(number, segment);
      if (!net.nodes.has(name)) { add(name, "l2switch", segment); access(segment, "Eth1", number); server(unused(`server${number}`), name, "Eth1"); }
      const port = net.freePort(name, "Eth");
      access(segment, port, number);
      net.connect({ node: router.name, port: on.replace(/\.\d+$/, "") }, { node: name, port }, router.at);
    }
  }
  net.guess(first.at, `${[...segments.values()].map((s) => s.name).join(", ")} with a server each, and ${core} with a client: what is around ${routers.map((r) => r.name).join(", ")}, of which no cabling tells`);
}
function access(sw: Switch, port: string, vlan: number): void { sw.ports.set(port, { layer2: { access: vlan, trunk: null, routed: false }, description: null, off: false, at: sw.at }); }

function end(net: Net, node: NetNode, port: string, server: { name: string; count: number }, what: Pick<Channel, "name" | "at">): void {
  if (net.cableAt(node.name, port) !== null) return;
  if (!net.nodes.has(server.name)) {
    net.guess(what.at, `a server, called ${server.name}, is at the other end of ${what.name}: no cabling tells what is`);
    net.nodes.set(server.name, { name: server.name, kind: "server", profile: null, at: what.at, host: null, sw: null });
  }
  net.connect({ node: node.name, port }, { node: server.name, port: `eth${server.count++}` }, what.at);
}

/** By the first word of the description, if that can be a name and is nobody's. */
function free(net: Net, what: Pick<Channel, "name" | "description" | "at">, node: NetNode): string {
  const word = /^["']?([A-Za-z][\w.-]*)/.exec(what.description ?? "")?.[1];
  const names = [...(word === undefined ? [] : [nodeName(word)]), nodeName(`${node.name}-${what.name.replaceAll("/", "-")}`)];
  const found = names.find((name) => !net.nodes.has(name));
  for (let n = 2; found === undefined; n++) if (!net.nodes.has(`${names.at(-1)}-${n}`)) return `${names.at(-1)}-${n}`;
  return found;
}

/** Every server is in a network: that of its switch's port, the only one there is, or one that is made. */
export function inventNetworks(net: Net, networks: Networks, bonds: BondParts): void {
  const bondsOf = new Map([...bonds.parts].map(([key, part]) => [key.split(":")[0]!, part["members"] as string[]]));
  let made = 0;
  const known = networks.known.values().next().value;
  const racks = known === undefined ? racksOf(net) : new Map<string, string>();
  const cabled = new Map(net.cables.flatMap((c) => [[c.a.node, c] as const, [c.b.node, c] as const]));
  for (const node of [...net.nodes.values()]) {
    if (node.kind !== "server" || networks.servers.get(node.name)?.network !== undefined) {
      if (node.kind === "server") sameVlan(net, networks, node, bondsOf.get(node.name));
      continue;
    }
    const cable = cabled.get(node.name);
    const far = cable === undefined ? null : otherEnd(cable, node.name);
    const sw = far === null ? undefined : net.nodes.get(far.node);
    const told = far === null || sw === undefined || sw.sw === null ? null : vlanOf(sw, far.port);
    const rack = racks.get(sw?.name ?? "") ?? "";
    let network = told === null ? (known ?? networks.racks.get(rack)) : networks.byVlan.get(told.vlan);
    if (network === undefined && made < INVENTED_MAX) {
      const vlan = told?.vlan ?? freeVlan(networks);
      network = { name: networks.known.has(`vlan${vlan}`) ? `vlan${vlan}-guess` : `vlan${vlan}`, vlan, subnet: `198.${INVENTED_BASE + Math.floor(made / 256)}.${made % 256}.0/24`, at: told?.at ?? node.at };
      made += 1;
      net.guess(network.at, `network ${network.name} is ${network.subnet}: no source tells its addresses`);
      enterNetwork(networks, network);
      if (told === null) networks.racks.set(rack, network);
    }
    if (network === undefined) { net.note(node.at, `${node.name} is left out: there are no addresses left to guess`); net.nodes.delete(node.name); net.keep((c) => c.a.node !== node.name && c.b.node !== node.name); continue; }
    net.guess(node.at, `${node.name} is in network ${network.name}: ${told === null ? "nothing tells its VLAN" : `that of ${far!.node}:${far!.port} (${told.at.file}:${told.at.line})`}`);
    networks.servers.set(node.name, { network: network.name });
  }
}

function freeVlan(networks: Networks): number {
  for (let vlan = 1; vlan < 4094; vlan++) if (!networks.byVlan.has(vlan)) return vlan;
  return 4094;
}

/** Switches that share a server, or are cabled together on one tier, are one rack, called after one of them. */
function racksOf(net: Net): Map<string, string> {
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    while ((parent.get(at) ?? at) !== at) at = parent.get(at)!;
    parent.set(name, at);
    return at;
  };
  const near = new Map<string, string>();
  const access = (name: string): boolean => ["leaf", "tor", "l2switch"].includes(net.nodes.get(name)!.kind);
  for (const { a, b } of net.cables) {
    for (const [server, sw] of [[a.node, b.node], [b.node, a.node]] as const) {
      if (net.nodes.get(server)!.kind !== "server" || net.nodes.get(sw)!.kind === "server") continue;
      const other = near.get(server);
      if (other === undefined) near.set(server, sw); else parent.set(root(sw), root(other));
    }
    if (access(a.node) && access(b.node)) parent.set(root(a.node), root(b.node));
  }
  return new Map([...net.nodes.keys()].map((name) => [name, root(name)]));
}

/** Racks of which nothing but the cabling is known: the switches at the servers are their gateway. */
export function inventGateways(net: Net, networks: Networks): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (networks.racks.size < 2) return out;
  const racks = racksOf(net);
  for (const [rack, network] of networks.racks) {
    const routers = [...net.nodes.values()].filter((n) => racks.get(n.name) === rack && n.kind !== "server" && n.kind !== "l2switch" && n.kind !== "hypervisor").map((n) => n.name);
    if (routers.length === 0) continue;
    const vip = network.subnet.replace(/0\/24$/, "1");
    net.guess(network.at, `${routers.join(", ")} ${routers.length === 1 ? "is" : "are"} the gateway of ${network.name}: nothing tells of one`);
    out[network.name] = { network: network.name, protocol: "anycast", vip, routers: Object.fromEntries(routers.map((name) => [name, {}])) };
  }
  return out;
}

/** What the switch says of the port and what the host says of itself. */
function sameVlan(net: Net, networks: Networks, node: NetNode, members: readonly string[] | undefined): void {
  const network = networks.known.get(networks.servers.get(node.name)!.network!)!;
  for (const member of members ?? [networks.bases.get(node.name) ?? ""]) {
    const far = net.far(node.name, member);
    const sw = far === null ? undefined : net.nodes.get(far.node);
    const told = far === null || sw === undefined || sw.sw === null ? null : vlanOf(sw, far.port);
    if (told === null || told.vlan === network.vlan) continue;
    net.conflict(node.host?.addresses[0]?.at ?? node.at, `${node.name} is in VLAN ${network.vlan} and ${far!.node}:${far!.port} in VLAN ${told.vlan}`, told.at, `VLAN ${network.vlan}`);
    return;
  }
}

/** Something to watch: in each network from each server to the next, and from network to network where there are gateways. */
export function inventFlows(net: Net, networks: Networks, gateways: Record<string, unknown>): Record<string, unknown> {
  const byNetwork = new Map<string, string[]>();
  for (const [name, part] of networks.servers) {
    if (!net.nodes.has(name) || part.network === undefined) continue;
    const list = byNetwork.get(part.network);
    if (list === undefined) byNetwork.set(part.network, [name]); else list.push(name);
  }
  const flows: Record<string, unknown> = {};
  for (const [network, names] of byNetwork) {
    const ring = names.length === 2 ? names.slice(0, 1) : names;
    if (names.length > 1) flows[`in-${network}`] = { from: ring, to: ring.map((_, i) => names[(i + 1) % names.length]!) };
  }
  const routed = new Set(Object.values(gateways).map((g) => String((g as Record<string, unknown>)["network"])));
  const first = [...byNetwork].filter(([network]) => routed.has(network)).flatMap(([, names]) => names.find((n) => networks.servers.get(n)!.gateway !== "none") ?? []);
  if (first.length > 1) flows["between"] = { from: first.slice(0, -1), to: first.slice(1) };
  const at = [...net.nodes.values()][0]?.at;
  if (at !== undefined && Object.keys(flows).length > 0) net.guess(at, `flows ${Object.keys(flows).join(", ")}: no source tells who speaks with whom`);
  return flows;
}

