// Bonds of servers: their cables, and the switch's side of them.

import { freePlacement, settingsOf, type Settings } from "../bond-settings.ts";
import { firstPort } from "./links.ts";
import { membersOf, switchLag, type LagNumbers } from "./lags.ts";
import type { Draft } from "../draft.ts";
import { fallbackOf } from "../fallback.ts";
import type { Lag, Node, Pair, Port } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import { isPortName, splitPort } from "../ranges.ts";
import type { BondInput } from "../schema/file.ts";

/** Where a bond's cables go: one switch, the peers of a pair, or loose switches. `apart`: it is told already that they are no pair. */
interface Target { switches: Node[]; pair: Pair | null; apart?: true }

export function expandBonds(draft: Draft, numbers: LagNumbers): void {
  for (const [key, input] of Object.entries(draft.input.bonds ?? {})) {
    const path = ["bonds", key];
    const parts = splitPort(key);
    if (parts === null || !isPortName(parts[1])) {
      draft.report("DH_NAME", path, `"${key}" does not name a bond`, "write it as srv1:bond0 or srv1..4:bond0", { key: true });
      continue;
    }
    const members = membersOf(draft, input.members, [...path, "members"]);
    const settings = settingsOf(draft, input, path, members);
    const target = input.to === undefined ? null : targetOf(draft, input.to, settings, [...path, "to"]);
    if (input.network !== undefined) draft.network(input.network, [...path, "network"]);
    const where = draft.whereKey(...path);
    for (const name of draft.names(parts[0], path, { key: true })) {
      const server = draft.node(name, path, { key: true, part: parts[0] });
      if (input.to !== undefined && target === null) draft.excuse(name);
      if (server === null || (input.to !== undefined && target === null)) continue;
      if (server.kind !== "server" && !draft.hypervisors.has(name)) {
        draft.report("DH_LAG", path, `${name} is a ${server.kind}: a bond is a server's or a hypervisor's`, "a switch's port-channel goes under lags", { key: true });
        continue;
      }
      const lag = bondOf(draft, server, parts[1], members, settings, where);
      if (target !== null) cableBond(draft, lag, server, target, input, path);
      if (lag.lacp !== null) lag.lacp.key |= speedKey(draft.ports.get(`${name}:${members[0]}`)?.speedMbps ?? 0);
      if (!draft.addLag(lag, path)) continue;
      if (input.network !== undefined) draft.bondNetwork.set(lag, input.network);
      if (!freePlacement(lag.mode)) addSwitchSide(draft, lag, target, numbers, input, path);
    }
  }
}

function bondOf(draft: Draft, server: Node, bond: string, members: string[], { fast, active, userKey, systemPriority, windows, ...settings }: Settings, where: Lag["where"]): Lag {
  const profile = draft.profile(server);
  return {
    name: `${server.name}:${bond}`, node: server.name, members, ...settings, linux: !windows && server.profile === "linux", maxBundle: 0,
    lacp: settings.mode !== "802.3ad" ? null : {
      active, fast, systemPriority: systemPriority ?? profile.systemPriority, portPriority: {}, defaultPortPriority: profile.portPriority, key: userKey << 6, independent: false,
    },
    vlans: [], pair: null, mlagId: 0, peerLinkOf: null, where,
  };
}

/** AD_LINK_SPEED_* of bond_3ad.c, in its order; the key is that and the duplex bit. */
const LINUX_SPEEDS = [0, 1, 10, 100, 1000, 2500, 5000, 10_000, 14_000, 20_000, 25_000, 40_000, 50_000, 56_000, 100_000, 200_000, 400_000, 800_000];

const speedKey = (mbps: number): number => (Math.max(0, LINUX_SPEEDS.indexOf(mbps)) << 1) | 1;

function targetOf(draft: Draft, to: string | readonly string[], { mode, split }: Pick<Settings, "mode" | "split">, path: Path): Target | null {
  const items = draft.namesOf(to, path);
  const [first] = items;
  if (first === undefined) return null;
  const pair = draft.pairs.get(first.name);
  if (items.length === 1 && pair !== undefined) return { pair, switches: pair.peers.flatMap((peer) => draft.nodes.get(peer) ?? []) };
  const switches = items.flatMap((item) => switchOf(draft, item.name, item.path) ?? []);
  if (switches.length < items.length) return null;
  const shared = switches.length === 2 ? draft.pairOf.get(switches[0]?.name ?? "") : undefined;
  if (shared !== undefined && switches.every((node) => shared.peers.includes(node.name))) return { pair: shared, switches };
  if (switches.length > 1 && !freePlacement(mode) && !split) {
    draft.report("DH_LAG_SPLIT", path, `an aggregate cannot end on ${switches.map((node) => node.name).join(" and ")}: they are no MC-LAG pair`, "make them a pair under mlag, use mode: active-backup, or say by ad-select: which of several aggregators a Linux bond shall use");
    return { switches, pair: null, apart: true };
  }
  return { switches, pair: null };
}

function switchOf(draft: Draft, name: string, path: Path): Node | null {
  const node = draft.nodes.get(name);
  if (node !== undefined && node.kind !== "server") return node;
  if (node !== undefined) draft.report("DH_LAG", path, `${name} is a server: a bond goes to a pair or a switch`);
  else if (!draft.excused(name)) draft.report("DH_UNKNOWN_NODE", path, `there is no pair or switch "${name}"`, meant(name, [...draft.pairs.keys(), ...draft.nodes.keys()]));
  return null;
}

/** Member i goes to switch i of the target, round and round, on its next free port. */
function cableBond(draft: Draft, lag: Lag, server: Node, target: Target, input: BondInput, path: Path): void {
  const cable = draft.cable(input, path, []);
  for (const [i, member] of lag.members.entries()) {
    const node = target.switches[i % target.switches.length];
    if (node === undefined || reportCabled(draft, server, member, path)) continue;
    draft.connect([node.name, draft.freePort(node.name, firstPort(node, server))], [server.name, member], cable, path);
  }
}

function reportCabled(draft: Draft, server: Node, member: string, path: Path): boolean {
  const link = draft.linkAt.get(`${server.name}:${member}`);
  if (link === undefined) return false;
  draft.report("DH_PORT_TWICE", [...path, "members"], `port ${server.name}:${member} is used twice: it is already in ${link.name}`, "leave out either the cable or to:", { part: member });
  return true;
}

/** The switch's port-channel, unless the file has one for these ports. */
function addSwitchSide(draft: Draft, bond: Lag, target: Target | null, numbers: LagNumbers, input: BondInput, path: Path): void {
  const far = new Map<string, Port[]>();
  for (const member of bond.members) {
    const port = draft.far(`${bond.node}:${member}`);
    if (port === null) continue;
    if (draft.lagAt.has(`${port.node}:${port.name}`) || draft.nodes.get(port.node)?.kind === "server") return;
    far.set(port.node, [...(far.get(port.node) ?? []), port]);
  }
  const nodes = [...far.keys()].flatMap((name) => draft.nodes.get(name) ?? []);
  const pair = target?.pair ?? sharedPair(draft, nodes);
  const apart = nodes.length > 1 && pair === null;
  if (apart && bond.split !== true) {
    draft.excuse(bond.name);
    if (target?.apart !== true) draft.report("DH_LAG_SPLIT", path, `${bond.name} ends on ${nodes.map((node) => node.name).join(" and ")}: they are no MC-LAG pair`, "make them a pair under mlag, or use mode: active-backup, or ad-select: for one aggregator of several", { key: true });
  }
  const shared = apart ? 0 : numbers.next(nodes, pair);
  for (const node of nodes) {
    const number = apart ? numbers.next([node], null) : shared;
    const members = (far.get(node.name) ?? []).map((port) => port.name);
    const lag = switchLag(draft, node, `Po${number}`, members, pair, number, bond);
    lag.fallback = fallbackOf(draft, node, lag, input["lacp-fallback"], path, (port) => farOn(draft, bond, node, port));
    draft.addLag(lag, path);
  }
}

/** The switch's port on the cable of a member of the bond, or null when the cable goes elsewhere. */
function farOn(draft: Draft, bond: Lag, node: Node, member: string): string | null {
  const port = draft.far(`${bond.node}:${member}`);
  return port?.node === node.name ? port.name : null;
}

function sharedPair(draft: Draft, nodes: readonly Node[]): Pair | null {
  const pair = draft.pairOf.get(nodes[0]?.name ?? "");
  return pair !== undefined && nodes.every((node) => pair.peers.includes(node.name)) ? pair : null;
}
