// A containerlab topology: switches as images of their vendors, servers as Linux containers whose bonds and addresses are set up by `exec`.

import type { Lag, Node } from "../topology/model.ts";
import { kindOf, lostEverywhere, ms, planOf, quoted, some, type Exported, type Plan } from "./plan.ts";
import type { Topology } from "../topology/model.ts";

/** Profile → kind of node and an image to put in its place. */
const KINDS: Record<string, [string, string]> = {
  "eos-mlag": ["arista_ceos", "ceos:latest"], "nxos-vpc": ["cisco_n9kv", "vrnetlab/cisco_n9kv:latest"], "junos-mclag": ["juniper_vjunosswitch", "vrnetlab/juniper_vjunos-switch:latest"],
  "sonic-mclag": ["sonic-vs", "docker-sonic-vs:latest"], "cumulus-clag": ["cvx", "networkop/cx:latest"], "dell-vlt": ["dell_ftosv", "vrnetlab/dell_ftosv:latest"], "aruba-vsx": ["aruba_aoscx", "vrnetlab/aruba_aoscx:latest"],
};
const LINUX: [string, string] = ["linux", "quay.io/frrouting/frr:latest"];
const HOST_IMAGE = "alpine:latest";

export function toContainerlab(topology: Topology): Exported {
  const plan = planOf(topology);
  const lines = [`name: ${quoted(topology.name.replace(/[^\w-]/g, "-"))}`, "topology:", "  nodes:"];
  for (const node of plan.nodes) lines.push(...nodeLines(plan, node));
  lines.push("  links:");
  for (const { a, b } of plan.cables) lines.push(`    - endpoints: ["${a.node}:${portIn(plan, a.node, a.port)}", "${b.node}:${portIn(plan, b.node, b.port)}"]`);
  if (plan.cables.length === 0) lines[lines.length - 1] += " []";
  return { text: `${lines.join("\n")}\n`, lost: [...plan.lost, ...lostOf(plan)] };
}

function nodeLines(plan: Plan, node: Node): string[] {
  const kind = kindOf(node);
  const [word, image] = kind === "server" || kind === "hypervisor" ? ["linux", HOST_IMAGE] : (KINDS[node.profile] ?? LINUX);
  const head = [`    ${quoted(node.name)}:`, `      kind: ${word}`, `      image: ${image}`, `      labels: {dualhome-kind: ${kind}${node.profile === "standard" || node.profile === "linux" ? "" : `, dualhome-profile: ${node.profile}`}}`];
  if (kind !== "server") return head;
  const commands = hostCommands(plan, node);
  return [...head, "      network-mode: none", ...(commands.length === 0 ? [] : ["      exec:", ...commands.map((c) => `        - ${c}`)])];
}

/** Interfaces of containers are Linux's: short, and without a slash. */
function portIn({ nodeAt, lost }: Plan, node: string, port: string): string {
  const profile = nodeAt.get(node)?.profile ?? "";
  const own = profile === "nxos-vpc" ? port.replace(/^Eth(?=\d)/, "Ethernet") : profile === "junos-mclag" ? port : port.replace(/^Eth(?=\d)/, "eth").replaceAll("/", "_").slice(0, 15);
  if (own.toLowerCase().replace(/^ethernet/, "eth") !== port.toLowerCase()) lost.push(`the name of ${node}:${port}: it is ${own} there`);
  return own;
}

function hostCommands({ lagAt, portsOf, addressOn }: Plan, node: Node): string[] {
  const ports = portsOf.get(node.name) ?? [];
  const lag = ports.map((p) => lagAt.get(`${node.name}:${p}`)).find((each) => each !== undefined);
  const address = [...(lag === undefined ? [] : [lag.name]), ...ports.map((p) => `${node.name}:${p}`)].map((on) => addressOn.get(on)).find((a) => a !== undefined);
  const on = address?.on.slice(node.name.length + 1) ?? ports[0];
  const out: string[] = [];
  if (lag !== undefined && lag.mode !== "independent") {
    const name = lag.name.slice(node.name.length + 1);
    out.push(`ip link add ${name} type bond ${bondOptions(lag)}`, ...lag.members.map((m) => `ip link set ${m} down master ${name}`), ...lag.members.map((m) => `ip link set ${m} up`), `ip link set ${name} up`);
    if (lag.primary !== null) out.push(`ip link set ${name} type bond primary ${lag.primary}`);
  }
  if (address !== undefined && on !== undefined) out.push(`ip addr add ${address.ip}/${address.prefix} dev ${on}`);
  if (address?.gateway != null) out.push(`ip route replace default via ${address.gateway}`);
  return out;
}

/** The driver's words, as ip-link(8) takes them. */
function bondOptions(lag: Lag): string {
  const mode = lag.mode === "static" ? "balance-xor" : lag.mode;
  const words = [`mode ${mode}`];
  const arp = lag.bond !== undefined && lag.bond.arpIntervalNs > 0n ? lag.bond : null;
  if (arp !== null) words.push(`arp_interval ${ms(arp.arpIntervalNs)}`, `arp_ip_target ${arp.arpTargets.join(",")}`, ...(arp.arpValidate === "none" ? [] : [`arp_validate ${arp.arpValidate}`]));
  else words.push(`miimon ${ms(lag.miimonNs)}`);
  if (arp === null && lag.updelayNs > 0n) words.push(`updelay ${ms(lag.updelayNs)}`);
  if (arp === null && lag.downdelayNs > 0n) words.push(`downdelay ${ms(lag.downdelayNs)}`);
  if (mode === "802.3ad") words.push(`lacp_rate ${lag.lacp?.fast === true ? "fast" : "slow"}`, `ad_select ${lag.adSelect}`, ...(lag.minLinks > 0 ? [`min_links ${lag.minLinks}`] : []));
  if (mode === "802.3ad" || mode === "balance-xor" || mode === "balance-tlb") words.push(`xmit_hash_policy ${lag.hash}`);
  if (["active-backup", "balance-tlb", "balance-alb"].includes(mode) && lag.primary !== null) words.push(`primary_reselect ${lag.primaryReselect}`);
  if (mode === "active-backup" && lag.bond !== undefined && lag.bond.failOverMac !== "none") words.push(`fail_over_mac ${lag.bond.failOverMac}`);
  return words.join(" ");
}

function lostOf(plan: Plan): string[] {
  const { topology: t } = plan;
  const servers = new Set(t.nodes.filter((n) => n.kind === "server").map((n) => n.name));
  const list: [string, readonly string[]][] = [
    ["MC-LAG pairs (a switch's own configuration has to say it)", t.pairs.map((p) => p.name)],
    ["port-channels of switches (the same)", t.lags.filter((l) => !servers.has(l.node) && l.peerLinkOf === null).map((l) => l.name)],
    ["gateways (the same)", [...new Set([...t.vrrps, ...t.fhrps].map((g) => g.gateway))]], ["VLANs of switches (the same)", t.networks.map((n) => `${n.name} is ${n.vlan}`)],
    ["spanning tree (the same)", t.nodes.filter((n) => n.stp !== undefined).map((n) => n.name)], ["bonds that Linux has not", t.lags.filter((l) => servers.has(l.node) && l.mode === "independent").map((l) => l.name)],
    ["sites", [...new Set(t.nodes.flatMap((n) => n.site ?? []))]], ["profiles for which there is no image", [...new Set(t.nodes.filter((n) => n.kind !== "server" && kindOf(n) !== "hypervisor" && KINDS[n.profile] === undefined).map((n) => n.profile))]],
    ["delay and speed of cables", t.links.length > 0 ? ["every cable"] : []],
  ];
  return [...list.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${some(names)}`), ...lostEverywhere(plan)];
}
