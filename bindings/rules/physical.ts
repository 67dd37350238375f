// What fails together: cards, ducts, power feeds, switches. Redundant parts that share one are one part.

import { formatDuration } from "../duration.ts";
import type { Lag, Link, Node, Where } from "../topology/model.ts";
import { budgetOf } from "./budgets.ts";
import { nodeOf, type Design } from "./design.ts";
import { group } from "./rule.ts";
import { list, viewOf } from "./view.ts";

/** Cables that stand in for each other: those of a server's bond, the ways up of both peers of a pair. */
interface Redundant { subject: string; what: string; links: Link[]; where: Where }

function* redundant(design: Design): Iterable<Redundant> {
  for (const lag of design.topology.lags) {
    if (!isServerBond(design, lag)) continue;
    const links = design.links(lag);
    if (links.length > 1) yield { subject: lag.name, what: `all cables of ${lag.name}`, links, where: lag.where };
  }
  const view = viewOf(design);
  for (const pair of design.topology.pairs) {
    const links = pair.peers.flatMap((peer) => view.uplinks(peer));
    if (links.length > 1) yield { subject: pair.name, what: `all ways up of ${list(pair.peers)}`, links, where: pair.where };
  }
}

const isServerBond = (design: Design, lag: Lag): boolean => design.nodes.get(lag.node)?.kind === "server";

/** A card that all these cables end in, on a node that has them all. */
function commonCard(design: Design, links: readonly Link[]): { node: Node; card: string } | null {
  for (const end of [links[0]!.a, links[0]!.b]) {
    const node = design.nodes.get(nodeOf(end));
    const ports = links.map((link) => [link.a, link.b].find((each) => nodeOf(each) === node?.name)?.slice(nodeOf(end).length + 1));
    const card = node?.cards?.find((each) => ports.every((port) => port !== undefined && each.ports.includes(port)));
    if (node !== undefined && card !== undefined) return { node, card: card.name };
  }
  return null;
}

/** Nodes that stand in for each other: peers of a pair, routers of a gateway, the switches of a bond. */
function* standIns(design: Design): Iterable<{ subject: string; what: string; nodes: Node[]; where: Where }> {
  const named = (names: readonly string[]): Node[] => [...new Set(names)].flatMap((name) => design.nodes.get(name) ?? []);
  for (const pair of design.topology.pairs) yield { subject: pair.name, what: `both peers of pair ${pair.name}`, nodes: named(pair.peers), where: pair.where };
  for (const { name, members, where } of viewOf(design).groups) yield { subject: name, what: `all routers of gateway ${name}`, nodes: named(members.map((member) => member.node)), where };
  for (const lag of design.topology.lags) {
    if (isServerBond(design, lag)) yield { subject: lag.name, what: `all switches of ${lag.name}`, nodes: named(design.members(lag).flatMap((port) => design.farNode(port)?.name ?? [])), where: lag.where };
  }
}

export const PHYSICAL = group("physical", {
  "one-card": {
    severity: "warning", systems: [1],
    title: "All cables of something redundant end in one card",
    why: "A card, or a NIC with several ports, fails as a whole: the second cable is lost with the first.",
    mend: "Spread the cables over two cards.",
    effect: "one card takes the server down until it is replaced",
    example: { faulty: "cards: {nic0: [eth0, eth1]}", mended: "cards: {nic0: [eth0], nic1: [eth1]}" },
    find: function* (design) {
      for (const { subject, what, links } of redundant(design)) {
        const common = commonCard(design, links);
        if (common !== null) yield { subject, at: design.places.at(common.node.where, "cards", common.card), seen: `${what} end in card ${common.card} of ${common.node.name}` };
      }
    },
  },
  "one-duct": {
    severity: "warning", systems: [1],
    title: "All cables of something redundant have one shared risk",
    why: "Cables in one duct, one tray or one patch panel are cut together. Redundancy that lies side by side is there once.",
    mend: "Lead one of the cables another way, and say so with another `risk`.",
    effect: "one cut takes the flow down until it is mended",
    example: { faulty: "{endpoints: [\"leaf2:Eth1\", \"srv:eth1\"], risk: duct-a}", mended: "{endpoints: [\"leaf2:Eth1\", \"srv:eth1\"], risk: duct-b}" },
    find: function* (design) {
      for (const { subject, what, links } of redundant(design)) {
        const risk = links[0]!.risk.find((each) => links.every((link) => link.risk.includes(each)));
        if (risk !== undefined) yield { subject, at: design.places.at(links.at(-1)!.where, "risk"), seen: `${what} have the risk ${risk}` };
      }
    },
  },
  "one-feed": {
    severity: "warning", systems: [1],
    title: "Everything that could stand in hangs on one power feed",
    why: "Two switches on one feed are dark together: to the power they are one.",
    mend: "Give each its own feed, or all of them both: `power: [a, b]`.",
    effect: "one feed takes the flow down until it is back",
    example: { faulty: "leaf2: {kind: leaf, power: a}", mended: "leaf2: {kind: leaf, power: b}" },
    find: function* (design) {
      for (const { subject, what, nodes } of standIns(design)) {
        const feeds = nodes.map((node) => (node.power?.length === 1 ? node.power[0] : undefined));
        if (nodes.length > 1 && feeds[0] !== undefined && feeds.every((feed) => feed === feeds[0])) {
          yield { subject, at: design.places.at(nodes.at(-1)!.where, "power"), seen: `${what} hang on feed ${feeds[0]} alone` };
        }
      }
    },
  },
  "single-feed": {
    severity: "note", systems: [1],
    title: "A node has one power feed where others of its kind have two",
    why: "The second feed of its neighbours does not help it: when its own is lost it is dark, and what runs on it is down.",
    mend: "Connect the second power supply: `power: [a, b]`.",
    effect: "one feed takes the server down until it is back",
    example: { faulty: "srv: {kind: server, network: lan, power: a}", mended: "srv: {kind: server, network: lan, power: [a, b]}" },
    find: function* (design) {
      const kinds = new Set(design.topology.nodes.filter((node) => (node.power?.length ?? 0) > 1).map(kindOf));
      for (const node of design.topology.nodes) {
        if (node.power?.length === 1 && kinds.has(kindOf(node))) yield { subject: node.name, at: design.places.at(node.where, "power"), seen: `${node.name} hangs on feed ${node.power[0]} alone, others of its kind on two` };
      }
    },
  },
  "one-switch": {
    severity: "note", systems: [1, 7, 15],
    title: "All cables of a bond with a budget end on one switch",
    why: "The bond survives a cable, a port and a NIC, and not the switch: while that boots, or is upgraded, the server is cut off.",
    mend: "Lead the cables to both peers of an MC-LAG pair, or in active-backup to any two switches.",
    effect: "the server is down for as long as the switch is",
    example: { faulty: "{to: leaf1, members: [eth0, eth1]}", mended: "{to: pair, members: [eth0, eth1]}" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        const budget = isServerBond(design, lag) ? budgetOf(design, lag.node) : null;
        const far = new Set(design.members(lag).map((port) => design.farNode(port)?.name));
        if (budget === null || lag.members.length < 2 || far.size > 1) continue;
        yield { subject: lag.name, at: design.places.at(lag.where, "to"), seen: `${lag.name} ends on ${[...far][0]} alone, and ${budget.name} may be down for ${formatDuration(budget.ns)}` };
      }
    },
  },
});

/** Servers, and switches of one tier. */
const kindOf = (node: Node): string => `${node.kind} ${node.tier}`;
