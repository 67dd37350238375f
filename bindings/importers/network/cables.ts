// Which cables of a server are used: it has one interface here, a port or a bond.

import type { Cable } from "../found.ts";
import { ownEnd, written, type Net } from "../net.ts";
import type { Networks } from "./addresses.ts";

export function cablesByNode(net: Net): Map<string, Cable[]> {
  const out = new Map<string, Cable[]>();
  for (const cable of net.cables) {
    for (const { node } of [cable.a, cable.b]) {
      const list = out.get(node);
      if (list === undefined) out.set(node, [cable]); else list.push(cable);
    }
  }
  return out;
}

/** Cables of a server's other ports are left out, and that is told. What a server that says nothing is cabled to is all its own. */
export function dropUnusedCables(net: Net, networks: Networks): void {
  const unwanted = new Set<Cable>();
  for (const [name, cables] of cablesByNode(net)) {
    const node = net.nodes.get(name)!;
    if (node.kind !== "server" || node.host === null) continue;
    const bond = networks.bonds.get(name);
    const base = networks.bases.get(name);
    const port = (cable: Cable): string => ownEnd(cable, name).port;
    const members = new Set(bond?.members);
    const own = bond === undefined ? cables.find((c) => port(c) === base) : undefined;
    // Nothing is known of its interfaces: they are taken as they are cabled.
    if (bond === undefined && own === undefined && node.host.addresses.length === 0) continue;
    for (const cable of cables) {
      if (bond !== undefined ? members.has(port(cable)) : cable === (own ?? cables[0])) continue;
      unwanted.add(cable);
      net.note(cable.at, `the cable ${written(cable.a)} -- ${written(cable.b)} is left out: a server has one interface here, and that is ${bond?.name ?? base ?? port(cables[0]!)}`);
    }
    if (bond === undefined && own === undefined && base !== undefined) net.guess(cables[0]!.at, `${name}:${base} has no cable, and its address is taken as that of ${port(cables[0]!)}`);
  }
  if (unwanted.size > 0) net.keep((cable) => !unwanted.has(cable));
}
