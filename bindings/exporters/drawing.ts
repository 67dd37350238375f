// Drawings: Mermaid (flowchart) and Graphviz (dot), nodes by their height in the network, ports at the ends of the cables.

import type { Topology } from "../topology/model.ts";
import { kindOf, lostEverywhere, planOf, some, type Cable, type Exported, type Plan } from "./plan.ts";

export function toMermaid(topology: Topology): Exported {
  const plan = planOf(topology);
  const id = new Map(plan.nodes.map((node, i) => [node.name, `n${i}`]));
  const lines = ["flowchart TB"];
  const pairOf = new Map(topology.pairs.flatMap((pair) => pair.peers.map((peer) => [peer, pair.name] as const)));
  const box = (name: string): string => {
    const kind = kindOf(plan.nodeAt.get(name)!);
    return kind === "server" || kind === "hypervisor" ? `${id.get(name)}["${name}"]` : kind === "router" ? `${id.get(name)}(["${name}"])` : `${id.get(name)}("${name}")`;
  };
  for (const node of [...plan.nodes].sort((a, b) => b.tier - a.tier)) if (!pairOf.has(node.name)) lines.push(`  ${box(node.name)}`);
  for (const [i, pair] of topology.pairs.entries()) lines.push(`  subgraph p${i}["${pair.name}"]`, "    direction LR", ...pair.peers.map((peer) => `    ${box(peer)}`), "  end");
  for (const cable of plan.cables) {
    const [up, down] = upperFirst(plan, cable);
    lines.push(`  ${id.get(up.node)} ${isPeerLink(plan, cable) ? "===" : "---"}|"${up.port} · ${down.port}"| ${id.get(down.node)}`);
  }
  return { text: `${lines.join("\n")}\n`, lost: [...plan.lost, ...lostOf(plan)] };
}

export function toGraphviz(topology: Topology): Exported {
  const plan = planOf(topology);
  const text = (name: string): string => `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const lines = [`graph ${text(topology.name)} {`, "  rankdir=TB; splines=line; node [shape=box, style=rounded, fontname=sans]; edge [fontname=sans, fontsize=9];"];
  for (const node of plan.nodes) {
    const kind = kindOf(node);
    lines.push(`  ${text(node.name)} [${kind === "server" || kind === "hypervisor" ? "style=solid" : kind === "router" ? "shape=ellipse" : "style=rounded"}, tooltip=${text(node.profile)}];`);
  }
  const tiers = [...new Set(plan.nodes.map((n) => n.tier))].sort((a, b) => b - a);
  for (const tier of tiers) lines.push(`  { rank=same; ${plan.nodes.filter((n) => n.tier === tier).map((n) => `${text(n.name)};`).join(" ")} }`);
  for (const cable of plan.cables) {
    const [up, down] = upperFirst(plan, cable);
    lines.push(`  ${text(up.node)} -- ${text(down.node)} [taillabel=${text(up.port)}, headlabel=${text(down.port)}${isPeerLink(plan, cable) ? ", penwidth=3" : ""}];`);
  }
  return { text: `${lines.join("\n")}\n}\n`, lost: [...plan.lost, ...lostOf(plan)] };
}

function upperFirst({ nodeAt }: Plan, { a, b }: Cable): [Cable["a"], Cable["b"]] {
  const tier = (name: string): number => nodeAt.get(name)?.tier ?? 0;
  return tier(b.node) > tier(a.node) ? [b, a] : [a, b];
}
const isPeerLink = ({ lagAt }: Plan, { link }: Cable): boolean => (lagAt.get(link.a)?.peerLinkOf ?? null) !== null;

function lostOf(plan: Plan): string[] {
  const { topology: t } = plan;
  const list: [string, readonly string[]][] = [
    ["bonds and port-channels (their cables are drawn)", t.lags.filter((l) => l.peerLinkOf === null).map((l) => l.name)], ["networks and addresses", t.networks.map((n) => n.name)],
    ["gateways", [...new Set([...t.vrrps, ...t.fhrps].map((g) => g.gateway))]], ["sites", [...new Set(t.nodes.flatMap((n) => n.site ?? []))]],
  ];
  return [...list.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${some(names)}`), ...lostEverywhere(plan)];
}
