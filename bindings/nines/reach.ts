// What a service can notice: servers that serve, all that forwards, and the cables of all who take part. Other servers and their cables
// can fail unseen; so can leaves that none of those who take part hangs on, and those who only ask, since then nobody asks.

import type { Topology } from "../topology/model.ts";
import { askedFlows, serving } from "./subjects.ts";

export interface Reach {
  nodes: ReadonlySet<string>;
  links: ReadonlySet<string>;
  /** servers that take part: they go down with their site, rack or feed, though those who only ask do not fail by themselves */
  ends: ReadonlySet<string>;
  /** cables of virtual machines: they do not break */
  virtual: ReadonlySet<string>;
}

export function reachOf(t: Topology, flows: boolean): Reach {
  const virtual = new Set(t.vms.flatMap((vm) => vm.links));
  const machines = new Set(t.vms.map((vm) => vm.name)); // break with their hypervisors, not by themselves
  const serve = serving(t);
  const asked = askedFlows(t, flows);
  const ends = new Set(t.flows.filter((f) => f.role !== "flow" || asked).flatMap((f) => [f.from, f.to]));
  const aside = asideOf(t, ends);
  const forwards = new Set(t.nodes.filter((n) => n.kind !== "server" && !aside.has(n.name)).map((n) => n.name));
  const nodes = new Set(t.nodes.filter((n) => forwards.has(n.name) || (serve.has(n.name) && !machines.has(n.name))).map((n) => n.name));
  const seen = (end: string): boolean => { const name = end.slice(0, end.indexOf(":")); return forwards.has(name) || ends.has(name); };
  const links = new Set(t.links.filter((l) => !virtual.has(l.name) && seen(l.a) && seen(l.b)).map((l) => l.name));
  return { nodes, links, virtual, ends: new Set([...ends].filter((n) => !machines.has(n))) };
}

/** Leaves on nobody's way: they carry no network of those who take part, and routes go up, across and down, never down and up again. */
function asideOf(t: Topology, ends: ReadonlySet<string>): Set<string> {
  const vlans = new Set(t.addresses.filter((a) => ends.has(a.node)).map((a) => a.vlan));
  const near = new Set<string>();
  for (const port of t.ports) if (port.vlans.some((v) => vlans.has(v))) near.add(port.node);
  for (const { node, vlan } of t.addresses) if (vlans.has(vlan)) near.add(node);
  return new Set(t.nodes.filter((n) => n.kind === "switch" && n.routed && n.tier === 1 && n.stp === undefined && !near.has(n.name)).map((n) => n.name));
}
