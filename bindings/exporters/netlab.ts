// A netlab topology: nodes, links, and with the modules vlan, lag and gateway the VLANs, port-channels, MLAG pairs and gateways.

import type { Lag, Topology } from "../topology/model.ts";
import { kindOf, lostEverywhere, planOf, quoted, some, type Cable, type Exported, type Plan } from "./plan.ts";

const DEVICES: Record<string, string> = {
  "eos-mlag": "eos", "nxos-vpc": "nxos", "junos-mclag": "vjunos-switch", "sonic-mclag": "sonic_clab", "cumulus-clag": "cumulus_nvue", "dell-vlt": "dellos10", "aruba-vsx": "arubacx", "exos-mlag": "exos",
};

export function toNetlab(topology: Topology): Exported {
  const plan = planOf(topology);
  const lags = groups(plan);
  const inLag = new Set(lags.flatMap((lag) => lag.cables));
  const modules = ["vlan", ...(lags.length > 0 ? ["lag"] : []), ...(gatewaysOf(topology).size > 0 ? ["gateway"] : [])];
  const lines = [`name: ${quoted(topology.name.replace(/[^\w-]/g, "_").slice(0, 12))}`, `module: [${modules.join(", ")}]`, ...groupLines(plan), "nodes:"];
  for (const node of plan.nodes) lines.push(`  ${quoted(node.name)}: {device: ${kindOf(node) === "server" || kindOf(node) === "hypervisor" ? "linux" : (DEVICES[node.profile] ?? "frr")}}`);
  lines.push(...vlanLines(topology), "links:");
  for (const cable of plan.cables) if (!inLag.has(cable)) lines.push(`- {${ends(plan, cable)}${vlansOf(plan, cable)}}`);
  for (const lag of lags) {
    lines.push(`- lag:`, `    ifindex: ${lag.number}`, ...(lag.lacp === null ? [] : [`    lacp: ${quoted(lag.lacp)}`]), ...(lag.peer === null ? [] : [`    mlag: {peergroup: ${lag.peer}}`]), "    members:");
    for (const cable of lag.cables) lines.push(`    - {${ends(plan, cable)}}`);
    const vlans = vlansOf(plan, lag.cables[0]!).replace(/^, /, "");
    if (vlans !== "" && lag.peer === null) lines.push(`  ${vlans}`);
  }
  if (plan.cables.length === 0) lines[lines.length - 1] += " []";
  return { text: `${lines.join("\n")}\n`, lost: [...plan.lost, ...lostOf(plan)] };
}

/** What a node is here: netlab knows devices and no tiers. */
function groupLines(plan: Plan): string[] {
  const kinds = new Map<string, string[]>();
  for (const node of plan.nodes) kinds.set(kindOf(node), [...(kinds.get(kindOf(node)) ?? []), quoted(node.name)]);
  return ["groups:", ...[...kinds].map(([kind, names]) => `  dualhome_${kind}: {members: [${names.join(", ")}]}`)];
}

function ends({ addressOn }: Plan, { a, b }: Cable): string {
  return [a, b].map(({ node, port }) => {
    const found = addressOn.get(`${node}:${port}`);
    const address = found === undefined || found.vlan === 0 || found.ip.includes(":") ? undefined : found;
    return `${quoted(node)}: {ifname: ${quoted(port)}${address === undefined ? "" : `, ipv4: ${address.ip}/${address.prefix}`}}`;
  }).join(", ");
}

/** Of the port that is bridged. */
function vlansOf({ portAt, networkOf }: Plan, { link }: Cable): string {
  const port = [link.a, link.b].map((end) => portAt.get(end)).find((p) => p !== undefined && (p.mode === "access" || p.mode === "trunk"));
  const names = (port?.vlans ?? []).flatMap((vlan) => networkOf.get(vlan)?.name ?? []).map(word);
  if (port === undefined || names.length === 0) return "";
  return port.mode === "access" || names.length === 1 ? `, vlan.access: ${names[0]}` : `, vlan.trunk: [${names.join(", ")}]`;
}
/** netlab's names of VLANs are identifiers. */
const word = (name: string): string => quoted(name.replace(/[^\w]/g, "_").slice(0, 16));

function gatewaysOf(topology: Topology): Map<number, { vrrp: number | null; vip: string }> {
  const out = new Map<number, { vrrp: number | null; vip: string }>();
  for (const v of topology.vrrps) if (v.vips[0] !== undefined && !out.has(v.vlan)) out.set(v.vlan, { vrrp: v.vrid, vip: v.vips[0] });
  for (const f of topology.fhrps) if (f.protocol === "anycast" && f.vips[0] !== undefined && !out.has(f.vlan)) out.set(f.vlan, { vrrp: null, vip: f.vips[0] });
  return out;
}

function vlanLines(topology: Topology): string[] {
  if (topology.networks.length === 0) return [];
  const gateways = gatewaysOf(topology);
  return ["vlans:", ...topology.networks.map(({ name, vlan, subnet }) => {
    const gateway = gateways.get(vlan);
    const id = gateway === undefined || subnet === null ? null : numberIn(gateway.vip, subnet);
    const how = gateway === undefined ? "" : `, gateway: {protocol: ${gateway.vrrp === null ? "anycast" : "vrrp"}${id === null ? "" : `, id: ${id}`}${gateway.vrrp === null ? "" : `, vrrp.group: ${gateway.vrrp}`}}`;
    return `  ${word(name)}: {id: ${vlan}${subnet === null || subnet.includes(":") ? "" : `, prefix: ${subnet}`}${how}}`;
  })];
}
function numberIn(ip: string, subnet: string): number | null {
  if (ip.includes(":")) return null;
  const value = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return value(ip) - value(subnet.split("/")[0]!);
}

interface LagOut { number: number; lacp: string | null; peer: number | null; cables: Cable[] }

/** Port-channels that both ends bundle: LACP or static, a server's or between switches; and peer-links. */
function groups(plan: Plan): LagOut[] {
  const out = new Map<string, LagOut>();
  const taken = new Set<number>();
  for (const cable of plan.cables) {
    const [a, b] = [cable.link.a, cable.link.b].map((end) => plan.lagAt.get(end));
    if (a === undefined || b === undefined || ![a, b].every((l) => l.mode === "802.3ad" || l.mode === "static")) continue;
    const server = [a, b].find((l) => plan.nodeAt.get(l.node)?.kind === "server");
    const key = server?.name ?? [a.pair ?? a.name, b.pair ?? b.name].sort().join(" ");
    const known = out.get(key);
    if (known !== undefined) { known.cables.push(cable); continue; }
    out.set(key, { number: free(taken, [a, b]), lacp: a.mode === "static" ? "off" : a.lacp?.fast === true && b.lacp?.fast === true ? "fast" : "slow", peer: peerOf(plan, a), cables: [cable] });
  }
  return [...out.values()];
}
function free(taken: Set<number>, lags: readonly Lag[]): number {
  let n = Math.max(...lags.map((l) => (l.mlagId > 0 ? l.mlagId : Number(/Po(\d+)$/.exec(l.name)?.[1] ?? 0))), 1);
  while (taken.has(n)) n += 1;
  taken.add(n);
  return n;
}
const peerOf = ({ topology }: Plan, lag: Lag): number | null => (lag.peerLinkOf === null ? null : topology.pairs.findIndex((p) => p.name === lag.peerLinkOf) + 1);

function lostOf(plan: Plan): string[] {
  const { topology: t } = plan;
  const other = t.lags.filter((l) => l.mode !== "802.3ad" && l.mode !== "static").map((l) => l.name);
  const list: [string, readonly string[]][] = [
    ["bonds that are no LAG (netlab has a plugin for them)", other], ["timers of MC-LAG pairs, roles, keepalives", t.pairs.map((p) => p.name)],
    ["gateways that are neither VRRP nor anycast", [...new Set(t.fhrps.filter((f) => f.protocol !== "anycast").map((f) => f.gateway))]],
    ["priorities and timers of VRRP", [...new Set(t.vrrps.map((v) => v.gateway))]], ["LACP fallback", t.lags.filter((l) => l.fallback != null).map((l) => l.name)],
    ["timers of bonds", t.lags.filter((l) => l.linux).map((l) => l.name)], ["spanning tree", t.nodes.filter((n) => n.stp !== undefined).map((n) => n.name)],
    ["sites", [...new Set(t.nodes.flatMap((n) => n.site ?? []))]], ["addresses of servers on bonds", t.lags.filter((l) => plan.addressOn.has(l.name)).map((l) => l.node)],
    ["profiles for which netlab has no device (frr in their place)", [...new Set(t.nodes.filter((n) => n.kind !== "server" && kindOf(n) !== "hypervisor" && DEVICES[n.profile] === undefined).map((n) => n.profile))]],
    ["IPv6 networks", t.networks.filter((n) => n.subnet?.includes(":") === true).map((n) => n.name)], ["delay and speed of cables", t.links.length > 0 ? ["every cable"] : []],
  ];
  return [...list.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${some(names)}`), ...lostEverywhere(plan)];
}
