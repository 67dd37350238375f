// What removes a single point of failure, from how the topology is built around it.

import type { Topology } from "../topology/model.ts";
import type { Failure } from "./failures.ts";

export function remedyFor(t: Topology, failure: Failure, lost: readonly string[]): string {
  const service = t.services.find((s) => lost.includes(s.name));
  const serverRemedy = (): string => (service !== undefined && service.standby === null ? `give ${service.name} a standby` : `make the standby of ${service?.name ?? lost[0]} take over by itself`);
  switch (failure.kind) {
    case "server": case "nic": return serverRemedy();
    case "hang": return t.nodes.find((n) => n.name === failure.target)?.kind === "server" ? serverRemedy() : `${switchRemedy(t, failure.target, lost)}; who hangs must be noticed: short timeouts, or BFD`;
    case "one-way": return oneWayRemedy(t, failure);
    case "card": return `spread the bundles of ${failure.target.split("/")[1]} over its cards, or over a second switch`;
    case "power": return `a second feed for ${failure.targets.slice(0, 3).map((x) => x.name).join(", ")}${failure.targets.length > 3 ? ", ..." : ""}`;
    case "site": return service?.standby == null ? "serve it from another site too" : "decide automatically, or faster";
    case "link": return linkRemedy(t, failure);
    case "peer-link": return "dual-home the orphans, or put their gateway on the primary";
    case "risk": return "lay the cables of the group apart";
    case "switch": return switchRemedy(t, failure.target, lost);
  }
}

function endsOf(t: Topology, lost: readonly string[]): Set<string> {
  return new Set(t.flows.filter((f) => lost.includes(f.name) || (f.service !== null && lost.includes(f.service))).flatMap((f) => [f.from, f.to]));
}

function singleHomed(t: Topology, servers: ReadonlySet<string>, at: string): string[] {
  return [...servers].filter((s) => {
    const neighbours = t.links.filter((l) => l.a.startsWith(`${s}:`) || l.b.startsWith(`${s}:`)).map((l) => (l.a.startsWith(`${s}:`) ? l.b : l.a).split(":")[0]);
    return neighbours.length > 0 && neighbours.every((n) => n === at);
  });
}

function switchRemedy(t: Topology, target: string, lost: readonly string[]): string {
  const alone = singleHomed(t, endsOf(t, lost), target);
  if (alone.length > 0) return `cable ${alone.slice(0, 3).join(", ")}${alone.length > 3 ? ", ..." : ""} to a second switch`;
  const gateway = t.addresses.find((a) => a.node === target && a.vlan !== 0);
  const shared = gateway !== undefined && t.vrrps.some((v) => v.node === target);
  if (gateway !== undefined && !shared) return "give the gateway a second router (VRRP)";
  return `put a second switch beside ${target}`;
}

/** A server with one cable needs another; where there are two, the loss must be noticed. */
function oneWayRemedy(t: Topology, failure: Failure): string {
  const cable = { ...failure, target: failure.targets[0]?.name ?? "" };
  const link = t.links.find((l) => l.name === cable.target);
  const alone = [link?.a, link?.b].map((end) => end?.split(":")[0]).some((node) => t.nodes.some((n) => n.name === node && n.kind === "server") && t.ports.filter((p) => p.node === node).length === 1);
  return alone ? linkRemedy(t, cable) : "LACP with fast timers on the cable, or a monitor that needs an answer: a carrier that stays says nothing";
}

function linkRemedy(t: Topology, failure: Failure): string {
  const link = t.links.find((l) => l.name === failure.target);
  const ends = [link?.a, link?.b].map((e) => e?.split(":")[0]);
  const server = t.nodes.find((n) => n.kind === "server" && ends.includes(n.name));
  return server !== undefined ? `give ${server.name} a second cable, to another switch` : `a second cable between ${ends.join(" and ")}`;
}
