// Addresses: gateways and their routers, servers, routed cables. What the file says is claimed first, then the rest is given out.

import { formatDuration } from "../../duration.ts";
import { inIpv6, subnetOf, type AddressBook } from "../addresses.ts";
import type { Draft, ServerInput } from "../draft.ts";
import { addTracks, checkWords, fhrpOf } from "./fhrp.ts";
import { networkOfPort } from "./links.ts";
import { formatIp, isLinkLocal, linkLocalOf, parseIp } from "../ip.ts";
import type { Address, Lag, Network, Node, Vrrp } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import type { Sourced } from "../profiles.ts";
import type { GatewayInput } from "../schema/file.ts";

type RouterInput = Exclude<GatewayInput["routers"][string], number>;
export interface Router { node: Node; priority: number; ip: bigint | null; own: RouterInput; path: Path }
export interface Gateway { name: string; input: GatewayInput; network: Network; vips: bigint[]; routers: Router[]; path: Path }

/** A server's interface: its bond, or a port of its own. */
interface Interface { node: string; on: string; network: Network; server: ServerInput; ip: bigint | null; where: Address["where"] }

export function expandAddresses(draft: Draft, book: AddressBook): void {
  const gateways = Object.entries(draft.input.gateways ?? {}).flatMap(([name, input]) => readGateway(draft, book, name, input) ?? []);
  const interfaces = readInterfaces(draft, book);
  const vlanAddresses = new Map<string, Address>();
  for (const gateway of gateways) addGateway(draft, book, gateway, vlanAddresses);
  const usual = usualGateways(draft);
  for (const each of interfaces) addServer(draft, book, each, usual);
  addRoutedPorts(draft);
}

function readGateway(draft: Draft, book: AddressBook, name: string, input: GatewayInput): Gateway | null {
  const path = ["gateways", name];
  const network = gatewayNetwork(draft, name, input, path);
  if (network === null) return null;
  const list = typeof input.vip === "string" ? [{ text: input.vip, at: [...path, "vip"] }] : input.vip.map((text, i) => ({ text, at: [...path, "vip", i] }));
  const vips = list.flatMap(({ text, at }) => {
    const local = parseIp(text.split("/")[0] ?? "");
    if (local !== null && isLinkLocal(local) && inIpv6(network) && input.protocol === "vrrp") return [local];
    const ip = book.read(text, network, at, "DH_GATEWAY_OUTSIDE");
    return ip !== null && book.claim(ip, `gateway ${name}`, at) ? [ip] : [];
  });
  const routers = Object.entries(input.routers).flatMap(([key, value]) => readRouter(draft, book, network, vips, key, value, [...path, "routers", key], input.protocol === "vrrp") ?? []);
  if (Object.keys(input.routers).length === 0) draft.report("DH_GATEWAY", path, `gateway ${name} has no routers`, null, { key: true });
  if (input.protocol === "static" && routers.length > 1) draft.report("DH_GATEWAY", [...path, "routers"], "a static gateway is an address of one router", "protocol: vrrp");
  checkWords(draft, name, network, input, path);
  draft.gateways.set(name, { network, vips: vips.map(formatIp) });
  return { name, input, network, vips, routers, path };
}

function gatewayNetwork(draft: Draft, name: string, input: GatewayInput, path: Path): Network | null {
  if (input.network !== undefined) return draft.network(input.network, [...path, "network"]);
  const network = draft.networks.get(name) ?? onlyOfVlan(draft, name);
  if (network === undefined && !draft.excused(name) && !draft.incomplete("networks")) {
    const known = [...draft.networks.values()].flatMap((each) => [each.name, `vlan${each.vlan}`]);
    draft.report("DH_UNKNOWN_NETWORK", path, `gateway "${name}" is neither a network nor vlanN of one`, meant(name, known) ?? "say which: network: NAME", { key: true });
  }
  return network ?? null;
}

/** "vlan10" → the network, when it is the only one with that VLAN. */
function onlyOfVlan(draft: Draft, name: string): Network | undefined {
  const found = [...draft.networks.values()].filter((network) => `vlan${network.vlan}` === name);
  return found.length === 1 ? found[0] : undefined;
}

function readRouter(draft: Draft, book: AddressBook, network: Network, vips: readonly bigint[], name: string, value: GatewayInput["routers"][string], path: Path, owner: boolean): Router | null {
  const node = draft.node(name, path, { key: true });
  if (node === null) return null;
  if (!node.routed && !draft.hypervisors.has(name)) {
    draft.report("DH_GATEWAY", path, `${name} does not route`, "a router of a gateway is a leaf, spine, core, router or hypervisor", { key: true });
    return null;
  }
  const own: RouterInput = typeof value === "number" ? { priority: value } : value;
  const priority = own.priority ?? 100;
  const address = own.address;
  if (owner && priority === 255 && address === undefined) return { node, priority, ip: vips[0] ?? null, own, path };
  const at = [...path, "address"];
  const ip = address === undefined ? null : book.read(address, network, at, "DH_ADDRESS_OUTSIDE");
  const owned = ip !== null && owner && priority === 255 && vips.includes(ip);
  return { node, priority, ip: ip !== null && (owned || book.claim(ip, name, at)) ? ip : null, own, path };
}

/** `made`: the VLAN interfaces so far, by "node:vlanN". */
function addGateway(draft: Draft, book: AddressBook, gateway: Gateway, made: Map<string, Address>): void {
  const { network, routers, vips, input, path } = gateway;
  const where = draft.whereKey(...path);
  const prefix = subnetOf(network)?.prefix;
  if (prefix === undefined) return;
  for (const router of routers) {
    const on = `${router.node.name}:vlan${network.vlan}`;
    const known = made.get(on);
    const ip = input.protocol === "static" ? vips[0] : known !== undefined && router.ip === null ? parseIp(known.ip) : (router.ip ?? book.give(network, router.node.name, false, path));
    if (ip === null || ip === undefined) continue;
    if (known === undefined) {
      const address = { node: router.node.name, on, vlan: network.vlan, ip: formatIp(ip), prefix, gateway: null, where };
      draft.addresses.push(address);
      made.set(on, address);
    }
    if (input.protocol === "vrrp") draft.vrrps.push(vrrpOf(draft, gateway, router, where));
    else if (input.protocol !== "static") draft.fhrps.push(fhrpOf(draft, gateway, router, input.protocol, where));
    addTracks(draft, gateway, router);
    if (router.own["proxy-arp"] ?? input["proxy-arp"] ?? false) draft.proxyArps.push({ gateway: gateway.name, node: router.node.name, vlan: network.vlan, where });
  }
}

function vrrpOf(draft: Draft, { name, input, network, vips, path }: Gateway, router: Router, where: Vrrp["where"]): Vrrp {
  const profile = draft.profile(router.node);
  const six = inIpv6(network);
  const version = draft.choose<2 | 3>(input.version === 1 ? null : input.version, six ? [3, "RFC 9568: version 2 has no IPv6"] : versionOf(input.implementation) ?? profile.vrrpVersion, `VRRP (${profile.vendor}): version`);
  const usual: Sourced<Behaviour> = version === 2 && isText(profile.vrrpImplementation[0]) ? ["rfc3768", "RFC 3768: version 2"] : profile.vrrpImplementation;
  const behaves = draft.choose(input.implementation, usual, `VRRP (${profile.vendor}): behaves as`);
  const implementation = version === 2 && isText(behaves) ? "rfc3768" : behaves;
  const { own } = router;
  const span = (key: "advert-interval" | "preempt-delay") =>
    own[key] === undefined ? draft.duration(input[key], [...path, key]) : draft.duration(own[key], [...router.path, key]);
  return {
    gateway: name, node: router.node.name, vlan: network.vlan, vrid: input.vrid ?? 1, version, priority: router.priority,
    intervalNs: draft.choose(span("advert-interval"), [1_000_000_000n, "VRRP default"], "VRRP: advertisement interval", formatDuration),
    preempt: draft.choose(own.preempt ?? input.preempt, [true, "VRRP default"], "VRRP: preempt", (on) => (on ? "yes" : "no")),
    preemptDelayNs: span("preempt-delay") ?? 0n,
    vips: (six ? linkLocalFirst(vips, input.vrid ?? 1) : vips).map(formatIp), implementation, virtualMac: input["virtual-mac"] ?? implementation !== "keepalived", where,
  };
}

type Behaviour = Vrrp["implementation"];
/** One of the RFCs: of these version 2 has one, whichever is named. A daemon is itself in both versions. */
function isText(behaviour: Behaviour): boolean { return behaviour.startsWith("rfc"); }
function versionOf(behaviour: Behaviour | undefined): [2 | 3, string] | null {
  return behaviour === "rfc9568" ? [3, "RFC 9568"] : behaviour === "rfc3768" ? [2, "RFC 3768"] : null;
}

/** RFC 5798 5.2.9: the first address is link-local. Choice: where the file has none, that of the virtual MAC 00-00-5E-00-02-{VRID}. */
function linkLocalFirst(vips: readonly bigint[], vrid: number): bigint[] {
  const local = vips.filter(isLinkLocal);
  return [...(local.length > 0 ? local : [linkLocalOf(0x0000_5e00_0200n | BigInt(vrid))]), ...vips.filter((ip) => !isLinkLocal(ip))];
}

function readInterfaces(draft: Draft, book: AddressBook): Interface[] {
  const found = new Map<string, Interface[]>();
  const add = (node: string, on: string, network: Network, server: ServerInput, where: Address["where"]): void => {
    const list = found.get(node);
    if (list !== undefined) list.push({ node, on, network, server, ip: null, where });
    else found.set(node, [{ node, on, network, server, ip: explicitAddress(book, node, network, server), where }]);
  };
  const seen = new Set<Lag>();
  for (const port of draft.ports.values()) {
    const server = draft.servers.get(port.node);
    if (server === undefined) continue;
    const lag = draft.lagAt.get(`${port.node}:${port.name}`);
    if (lag !== undefined && seen.has(lag)) continue;
    if (lag !== undefined) seen.add(lag);
    const network = networkOfPort(draft, port, lag);
    if (network !== undefined && (lag !== undefined || !found.has(port.node))) add(port.node, lag?.name ?? `${port.node}:${port.name}`, network, server, (lag ?? port).where);
  }
  const bare = [...draft.servers].filter(([name]) => !found.has(name));
  const cabled = new Set(bare.length === 0 ? [] : [...draft.ports.values()].map((port) => port.node));
  for (const [name, server] of bare) reportBare(draft, book, name, server, cabled.has(name));
  return [...draft.servers.keys()].flatMap((name) => found.get(name) ?? []);
}

/** A server that takes part in nothing: no network, or no cable. */
function reportBare(draft: Draft, book: AddressBook, name: string, server: ServerInput, cabled: boolean): void {
  const written = server.network;
  const network = written === undefined ? null : draft.network(written, [...server.path, "network"]);
  if (written !== undefined && network === null) return;
  if (network !== null) explicitAddress(book, name, network, server);
  if (draft.excused(name) || draft.excused(".network") || draft.incomplete("bonds")) return;
  if (written === undefined) draft.report("DH_SERVER_NETWORK", server.path, `server ${name} is in no network`, "network: NAME, on the server or on its bond", { key: true });
  else if (!cabled && !draft.incomplete("links")) draft.report("DH_SERVER_CABLE", server.path, `server ${name} has no cable`, `bonds: ${name}:bond0: {to: ..., members: [eth0, eth1]}`, { key: true });
}

function explicitAddress(book: AddressBook, name: string, network: Network, server: ServerInput): bigint | null {
  if (server.address === undefined) return null;
  const path = [...server.path, "address"];
  const ip = book.read(server.address, network, path, "DH_ADDRESS_OUTSIDE", server.index);
  return ip !== null && book.claim(ip, name, path) ? ip : null;
}

function addServer(draft: Draft, book: AddressBook, { node, on, network, server, ip, where }: Interface, usual: UsualGateways): void {
  const prefix = subnetOf(network)?.prefix;
  if (prefix === undefined) {
    if (network.subnet === null && !draft.excused(".subnet")) draft.report("DH_ADDRESS", server.path, `server ${node} is in network ${network.name}, which has no subnet`, null, { key: true });
    return;
  }
  if (inIpv6(network)) checkIpv6Server(draft, on, network, server);
  const given = ip ?? book.give(network, node, true, server.path);
  if (given === null) return;
  draft.addresses.push({ node, on, vlan: network.vlan, ip: formatIp(given), prefix: server.prefixLength ?? prefix, gateway: gatewayOf(draft, book, network, server, usual), where });
}

/** What of a server is of IPv4 alone. */
function checkIpv6Server(draft: Draft, on: string, network: Network, server: ServerInput): void {
  if (server.prefixLength !== undefined) draft.report("DH_ADDRESS", [...server.path, "prefix-length"], `network ${network.name} is IPv6: its hosts have its own length (${network.subnet})`);
  const lag = draft.lags.get(on);
  if ((lag?.bond?.arpIntervalNs ?? 0n) > 0n) draft.reportAt("DH_ADDRESS", lag!.where, `${on} has an ARP monitor, and network ${network.name} is IPv6`, "mii-monitor-interval: 100ms");
}

type UsualGateways = ReadonlyMap<Network, string | null>;

/** What a server of each network has for a gateway when it does not say. */
function usualGateways(draft: Draft): UsualGateways {
  const usual = new Map<Network, string | null>();
  for (const { network, vips } of draft.gateways.values()) if (!usual.has(network)) usual.set(network, vips[0] ?? null);
  return usual;
}

function gatewayOf(draft: Draft, book: AddressBook, network: Network, server: ServerInput, usual: UsualGateways): string | null {
  const written = server.gateway;
  if (written === undefined) return usual.get(network) ?? null;
  if (written === "none") return null;
  const named = draft.gateways.get(written);
  if (named !== undefined && named.network === network) return named.vips[0] ?? null;
  const path = [...server.path, "gateway"];
  if (named !== undefined) draft.report("DH_GATEWAY_OUTSIDE", path, `gateway ${written} is in network ${named.network.name}, not in ${network.name}`);
  else if (/^[\d./]+$|:/.test(written)) {
    const local = parseIp(written);
    if (local !== null && isLinkLocal(local) && inIpv6(network)) return formatIp(local);
    const ip = book.read(written, network, path, "DH_GATEWAY_OUTSIDE");
    return ip === null ? null : formatIp(ip);
  } else if (!draft.excused(written)) draft.report("DH_GATEWAY", path, `there is no gateway "${written}"`, meant(written, draft.gateways.keys()));
  return null;
}

/** 100.64.0.0/10 (RFC 6598): nobody's servers live there. */
const ROUTED_BASE = 0x64400000n;

/** A /31 for each routed cable, in order (RFC 3021). */
function addRoutedPorts(draft: Draft): void {
  let next = ROUTED_BASE;
  for (const link of draft.links) {
    const ends = [link.a, link.b].map((end) => draft.ports.get(end));
    if (ends.some((port) => port === undefined || port.mode !== "routed")) continue;
    for (const [i, port] of ends.entries()) {
      if (port !== undefined) draft.addresses.push({ node: port.node, on: `${port.node}:${port.name}`, vlan: 0, ip: formatIp(next + BigInt(i)), prefix: 31, gateway: null, where: link.where });
    }
    next += 2n;
  }
}
