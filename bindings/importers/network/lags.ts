// Port-channels of switches, as far as cables lead out of them.

import type { Cable } from "../found.ts";
import type { BondParts } from "./bonds.ts";
import type { Networks } from "./addresses.ts";
import type { Pairs } from "./pairs.ts";
import { otherEnd, written, type Net, type NetNode } from "../net.ts";
import { lagOf } from "../switch-fragment.ts";
import type { Channel } from "../switch.ts";

export interface LagParts { parts: Map<string, Record<string, unknown>>; /** cables in them */ cables: Set<Cable> }

export function joinLags(net: Net, pairs: Pairs, bonds: BondParts, networks: Networks): LagParts {
  const lags: LagParts = { parts: new Map(), cables: new Set() };
  const bonded = new Set([...bonds.parts].flatMap(([key, part]) => (part["members"] as string[]).map((m) => `${key.split(":")[0]}:${m}`)));
  for (const node of net.nodes.values()) {
    for (const channel of [...(node.sw?.channels.values() ?? [])].sort((a, b) => a.number - b.number)) {
      if (!channel.peerLink && !bonds.dropped.has(`${node.name}:${channel.name}`)) one(net, pairs, lags, networks, bonded, node, channel);
    }
  }
  bothEnds(net, lags);
  return lags;
}

function one(net: Net, pairs: Pairs, lags: LagParts, networks: Networks, bonded: ReadonlySet<string>, node: NetNode, channel: Channel): void {
  const name = `${node.name}:${channel.name}`;
  const cables = channel.members.flatMap((m) => net.cableAt(node.name, m) ?? []).filter((c) => !pairs.peerLinks.has(c));
  if (cables.length === 0) { net.note(channel.at, `${name} is left out: ${channel.members.length === 0 ? "it has no members" : "no member has a cable"}`); return; }
  const first = otherEnd(cables[0]!, node.name).node;
  const system = new Set([first, pairs.peerOf.get(first)?.name]);
  const kept = cables.filter((c) => {
    const far = otherEnd(c, node.name);
    return system.has(far.node) && (net.nodes.get(far.node)!.kind !== "server" || bonded.has(written(far)));
  });
  if (kept.length === 0) { net.note(channel.at, `${name} is left out: the server at its other end has no bond there`); return; }
  const members = channel.members.filter((m) => kept.includes(net.cableAt(node.name, m)!));
  for (const m of channel.members) if (!members.includes(m)) net.note(channel.at, `member ${m} of ${name} is left out: ${net.far(node.name, m) === null ? "it has no cable" : `it leads to ${written(net.far(node.name, m)!)}`}`);
  if (channel.layer2.routed) net.note(channel.at, `${name} is routed, and a port-channel is bridged here`);
  const trunk = channel.layer2.trunk;
  const carried = Array.isArray(trunk) ? trunk : trunk === null && channel.layer2.access !== null ? [channel.layer2.access] : null;
  const between = net.nodes.get(first)!.kind !== "server";
  const names = between && carried !== null ? carried.flatMap((vlan) => networks.byVlan.get(vlan)?.name ?? []) : [];
  lags.parts.set(name, { ...lagOf({ ...channel, members }, pairs.nameOf.get(node.name) ?? null), ...(names.length > 0 ? { networks: names } : {}) });
  for (const cable of kept) lags.cables.add(cable);
}

/** Between switches both ends bundle. One that nothing is known of does as its neighbour; where one says otherwise, what leads there is no member. */
function bothEnds(net: Net, lags: LagParts): void {
  const memberOf = new Map<string, string>();
  for (const [name, part] of lags.parts) for (const m of part["members"] as string[]) memberOf.set(`${name.split(":")[0]}:${m}`, name);
  for (const [name, part] of [...lags.parts]) {
    const node = name.split(":")[0]!;
    const far = (part["members"] as string[]).flatMap((m) => net.far(node, m) ?? []).filter((end) => net.nodes.get(end.node)!.kind !== "server");
    const bare = far.filter((end) => !memberOf.has(written(end)));
    const channel = net.nodes.get(node)!.sw!.channels.get(name.slice(node.length + 1))!;
    for (const other of new Set(bare.map((end) => end.node))) {
      const ports = bare.filter((end) => end.node === other).map((end) => end.port);
      const said = net.nodes.get(other)!.sw;
      if (said !== null) {
        net.conflict(channel.at, `${name} is a port-channel and ${ports.map((port) => `${other}:${port}`).join(", ")} at its other end is in none`, said.ports.get(ports[0]!)?.at ?? said.at, "the plain port");
        const plain = ports.map((port) => net.cableAt(other, port)!);
        for (const cable of plain) lags.cables.delete(cable);
        part["members"] = (part["members"] as string[]).filter((m) => !plain.includes(net.cableAt(node, m)!));
        if ((part["members"] as string[]).length === 0) lags.parts.delete(name);
        continue;
      }
      const own = `${other}:Po${channel.number > 0 ? channel.number : 1}`;
      net.guess(channel.at, `${own} is a port-channel of ${ports.join(", ")}: ${name} at its other end is one`);
      lags.parts.set(own, { members: ports, mode: part["mode"] === "lacp-passive" ? "lacp-active" : part["mode"] });
    }
  }
}
