// Gateways beside VRRP: HSRP, GLBP, anycast; and what a router's priority depends on.

import { formatDuration } from "../../duration.ts";
import { inIpv6 } from "../addresses.ts";
import type { Draft } from "../draft.ts";
import type { Gateway, Router } from "./gateways.ts";
import { formatIp } from "../ip.ts";
import type { Fhrp, Network } from "../model.ts";
import type { Path } from "../problems.ts";
import type { GatewayInput, TrackInput } from "../schema/file.ts";

/** What a captured frame has room for (assembly/abi.ts). */
const IPV6_VIPS_MAX = 8;

type Protocol = GatewayInput["protocol"];

/** Words that only some protocols have. What all have is not here. */
const WORDS: Partial<Record<keyof GatewayInput, readonly Protocol[]>> = {
  "vrid": ["vrrp"], "advert-interval": ["vrrp"], "implementation": ["vrrp"], "virtual-mac": ["vrrp"],
  "version": ["vrrp", "hsrp"], "preempt": ["vrrp", "hsrp", "glbp"], "preempt-delay": ["vrrp", "hsrp", "glbp"], "track": ["vrrp", "hsrp", "glbp"],
  "group": ["hsrp", "glbp"], "hello": ["hsrp", "glbp"], "hold": ["hsrp", "glbp"],
  "load-balancing": ["glbp"], "weighting": ["glbp"], "redirect": ["glbp"], "timeout": ["glbp"], "forwarder-preempt-delay": ["glbp"],
  "mac": ["anycast"],
};
const VERSIONS: Partial<Record<Protocol, readonly number[]>> = { vrrp: [2, 3], hsrp: [1, 2] };
const GROUP_MAX: Partial<Record<Protocol, number>> = { glbp: 1023 };

/** Does a gateway say what its protocol needs, and nothing that it does not know? */
export function checkWords(draft: Draft, name: string, network: Network, input: GatewayInput, path: Path): void {
  const { protocol } = input;
  if (inIpv6(network)) checkIpv6(draft, network, input, path);
  for (const [word, protocols] of Object.entries(WORDS)) {
    if (input[word as keyof GatewayInput] === undefined || protocols.includes(protocol)) continue;
    draft.report("DH_GATEWAY", [...path, word], `a ${protocol} gateway has no "${word}"`, `${word} is a word of ${protocols.join(", ")}`, { key: true });
  }
  if (protocol === "vrrp" && input.vrid === undefined && !draft.excused(".vrid")) draft.report("DH_MISSING", path, `gateway ${name} lacks "vrid"`, null, { key: true });
  if ((protocol === "hsrp" || protocol === "glbp") && input.group === undefined && !draft.excused(".group")) draft.report("DH_MISSING", path, `gateway ${name} lacks "group"`, null, { key: true });
  const versions = VERSIONS[protocol];
  if (input.version !== undefined && versions?.includes(input.version) === false) draft.report("DH_GATEWAY", [...path, "version"], `the version of ${protocol} is ${versions.join(" or ")}`);
  if (protocol === "vrrp" && input.implementation === "rfc3768" && (input.version === 3 || inIpv6(network))) draft.report("DH_GATEWAY", [...path, "implementation"], "RFC 3768 is VRRP version 2, and this gateway is version 3", "implementation: rfc9568");
  const groupMax = protocol === "hsrp" && input.version === 1 ? 255 : (GROUP_MAX[protocol] ?? 4095);
  if ((input.group ?? 0) > groupMax) draft.report("DH_GATEWAY", [...path, "group"], `a group is 0 to ${groupMax} here`);
}

/** What is of IPv4 alone. */
function checkIpv6(draft: Draft, network: Network, input: GatewayInput, path: Path): void {
  const { protocol, version } = input;
  const is = `network ${network.name} is IPv6`;
  if (protocol === "hsrp" || protocol === "glbp") draft.report("DH_GATEWAY", [...path, "protocol"], `${protocol} is simulated over IPv4 only, and ${is}`, "protocol: vrrp");
  if (protocol === "vrrp" && version !== undefined && version !== 3) draft.report("DH_GATEWAY", [...path, "version"], `VRRP over IPv6 is version 3, and ${is}`, "version: 3");
  if (input["proxy-arp"] === true) draft.report("DH_GATEWAY", [...path, "proxy-arp"], `ARP is of IPv4, and ${is}`);
  if (typeof input.vip !== "string" && input.vip.length >= IPV6_VIPS_MAX) draft.report("DH_GATEWAY", [...path, "vip"], `a virtual router has ${IPV6_VIPS_MAX} IPv6 addresses at most, its link-local one among them`);
}

const CISCO = "Cisco default";
/** Choice: no vendor's; the local bit is set, so it is nobody's. */
const ANYCAST_MAC = 0x0200_5e00_0101n;

/** 0000.0c07.acGG, 0000.0c9f.fGGG */
function hsrpMac(version: number, group: number): bigint {
  return version === 1 ? 0x0000_0c07_ac00n | BigInt(group) : 0x0000_0c9f_f000n | BigInt(group);
}

export function fhrpOf(draft: Draft, gateway: Gateway, router: Router, protocol: Fhrp["protocol"], where: Fhrp["where"]): Fhrp {
  const { name, input, network, vips, path } = gateway;
  const common = { gateway: name, node: router.node.name, vlan: network.vlan, protocol, vips: vips.map(formatIp), where };
  if (protocol === "anycast") {
    const mac = draft.choose(input.mac === undefined ? null : BigInt(`0x${input.mac.replaceAll(":", "")}`), [ANYCAST_MAC, "dualhome's own default"], "anycast gateway: MAC address", () => "02:00:5e:00:01:01");
    return { ...common, group: 0, version: 1, priority: router.priority, helloNs: 0n, holdNs: 0n, preempt: false, preemptDelayNs: 0n, mac, glbp: null };
  }
  const label = protocol.toUpperCase();
  const group = input.group ?? 0;
  const version = protocol === "glbp" ? 1 : draft.choose<1 | 2>(input.version === 3 ? null : input.version, group > 255 ? [2, "groups above 255 are version 2"] : [1, CISCO], "HSRP: version");
  const span = (key: "hello" | "hold", ns: bigint) => draft.choose(draft.duration(input[key], [...path, key]), [ns, CISCO], `${label}: ${key} time`, formatDuration);
  const delay = router.own["preempt-delay"] === undefined ? draft.duration(input["preempt-delay"], [...path, "preempt-delay"]) : draft.duration(router.own["preempt-delay"], [...router.path, "preempt-delay"]);
  const helloNs = span("hello", 3_000_000_000n);
  const holdNs = span("hold", 10_000_000_000n);
  if (holdNs <= helloNs) draft.report("DH_GATEWAY", path, `gateway ${name}: the hold time has to be longer than the hello time`, null, { key: true });
  return {
    ...common, group, version, priority: router.priority, helloNs, holdNs,
    preempt: draft.choose(router.own.preempt ?? input.preempt, [false, CISCO], `${label}: preempt`, (on) => (on ? "yes" : "no")), preemptDelayNs: delay ?? 0n,
    mac: protocol === "hsrp" ? hsrpMac(version, group) : 0n, glbp: protocol === "glbp" ? glbpOf(draft, gateway, router) : null,
  };
}

function glbpOf(draft: Draft, { input, path }: Gateway, { own }: Router): NonNullable<Fhrp["glbp"]> {
  const weight = { ...input.weighting, ...own.weighting };
  const span = (key: "redirect" | "timeout" | "forwarder-preempt-delay", ns: bigint, source: string) =>
    draft.choose(draft.duration(input[key], [...path, key]), [ns, source], `GLBP: ${key}`, formatDuration);
  const value = draft.choose(weight.value, [100, CISCO], "GLBP: weighting");
  return {
    method: draft.choose(input["load-balancing"], ["round-robin", CISCO], "GLBP: load balancing"), weight: value, lower: weight.lower ?? 1, upper: weight.upper ?? value,
    redirectNs: span("redirect", 600_000_000_000n, CISCO), timeoutNs: span("timeout", 14_400_000_000_000n, CISCO),
    forwarderDelayNs: span("forwarder-preempt-delay", 30_000_000_000n, `${CISCO} (unverified)`),
  };
}

/** What a router tracks: its own list goes before the gateway's. */
export function addTracks(draft: Draft, { name, input, path }: Gateway, router: Router): void {
  const own = router.own.track;
  const at = own === undefined ? [...path, "track"] : [...router.path, "track"];
  for (const [i, track] of (own ?? input.track ?? []).entries()) {
    const found = trackedPorts(draft, router.node.name, track, [...at, i]);
    if (found === null) continue;
    const decrement = draft.choose(track.decrement, [10, CISCO], "tracking: decrement");
    draft.tracks.push({ gateway: name, node: router.node.name, what: found.what, ports: found.ports, decrement });
  }
}

function trackedPorts(draft: Draft, node: string, track: TrackInput, path: Path): { what: string; ports: string[] } | null {
  const { port, link, uplinks } = track;
  const said = [port, link, uplinks].filter((each) => each !== undefined).length;
  if (said === 0 && [".port", ".link", ".uplinks"].some((word) => draft.excused(word))) return null;
  if (said !== 1) {
    draft.report("DH_GATEWAY", path, "what is tracked is one of port, link and uplinks", "- {uplinks: true, decrement: 20}");
    return null;
  }
  if (port !== undefined) {
    const full = port.includes(":") ? port : `${node}:${port}`;
    if (draft.ports.has(full) && full.startsWith(`${node}:`)) return { what: port, ports: [full] };
    if (!draft.excused(port)) draft.report("DH_GATEWAY", [...path, "port"], `${node} has no port "${port}"`);
    return null;
  }
  if (link !== undefined) return trackedLink(draft, node, link, [...path, "link"]);
  const tier = draft.nodes.get(node)?.tier ?? 0;
  const ports = [...draft.ports.values()].filter((p) => p.node === node && upward(draft, `${node}:${p.name}`, tier)).map((p) => `${node}:${p.name}`);
  if (ports.length > 0) return { what: "uplinks", ports };
  if (!draft.incomplete("links")) draft.report("DH_GATEWAY", [...path, "uplinks"], `${node} has no cable to a higher tier`);
  return null;
}
function upward(draft: Draft, port: string, tier: number): boolean {
  const far = draft.far(port);
  return far !== null && (draft.nodes.get(far.node)?.tier ?? 0) > tier;
}
function trackedLink(draft: Draft, node: string, text: string, path: Path): { what: string; ports: string[] } | null {
  const ends = text.split("--").map((end) => end.trim());
  const own = ends.find((end) => end.startsWith(`${node}:`));
  const link = own === undefined ? undefined : draft.linkAt.get(own);
  if (own !== undefined && link !== undefined && ends.every((end) => end === link.a || end === link.b)) return { what: link.name, ports: [own] };
  if (!draft.excused(text)) draft.report("DH_GATEWAY", path, `"${text}" is no cable of ${node}`);
  return null;
}
