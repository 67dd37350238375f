// What is broken at an instant, told from the steps alone, without the engine.

import type { Step, Topology } from "../../bindings/topology/model.ts";

export interface Damage {
  dead: Set<string>; // nodes
  hung: Set<string>;
  cut: Set<string>; // links
  /** links that lose frames, lose them one way, have no signal at an end, or are slow */
  impaired: Set<string>;
  /** of links that are slow: how long a frame is under way */
  slow: Map<string, bigint>;
  /** ports that an operator has shut */
  shut: Set<string>;
  /** ports that were taken out of their bond: no `up` puts them back, but with one their cable is lit again */
  released: Set<string>;
}

const IMPAIRS: ReadonlySet<Step["op"]> = new Set(["silent", "carrier", "loss", "slow"]);

export function damageAt(topology: Topology, steps: readonly Step[], atNs: bigint): Damage {
  const d: Damage = { dead: new Set(), hung: new Set(), cut: new Set(), impaired: new Set(), slow: new Map(), shut: new Set(), released: new Set() };
  const hosts = new Set(topology.nodes.filter((n) => n.kind === "server").map((n) => n.name));
  const linkOf = new Map(topology.links.flatMap((l) => [[l.a, l.name], [l.b, l.name]]));
  for (const step of [...steps].filter((s) => s.atNs <= atNs).sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0))) {
    for (const { kind, name } of step.targets) {
      if (kind === "node") befallNode(d, step.op, name, hosts.has(name));
      else if (kind === "link") befallLink(d, step, name);
      else if (kind === "port") befallPort(d, step, name, linkOf.get(name));
      else for (const port of topology.lags.find((l) => l.name === name)?.members ?? []) befallPort(d, step, `${name.split(":")[0]}:${port}`, undefined);
    }
  }
  return d;
}

/** What hangs does not hear that it should shut down. A host that starts anew has forgotten what was typed on it. */
function befallNode(d: Damage, op: Step["op"], node: string, host: boolean): void {
  if (op === "repair" && (d.dead.has(node) || d.hung.has(node))) {
    if (host) for (const ports of [d.shut, d.released]) for (const port of ports) if (port.startsWith(`${node}:`)) ports.delete(port);
    d.dead.delete(node); d.hung.delete(node);
  }
  if (op === "fail" || (op === "shutdown" && !d.hung.has(node))) { d.dead.add(node); d.hung.delete(node); }
  if (op === "hang" && !d.dead.has(node)) d.hung.add(node);
}

function befallLink(d: Damage, { op, delayNs }: Step, link: string): void {
  if (op === "repair") { d.cut.delete(link); d.impaired.delete(link); d.slow.delete(link); }
  if (op === "slow") d.slow.set(link, delayNs!);
  if (op === "fail") d.cut.add(link);
  if (IMPAIRS.has(op)) d.impaired.add(link);
}

/** A member is released, and enslaved, by a host that runs; what is in its bond already is not enslaved, and stays shut if it was. */
function befallPort(d: Damage, step: Step, port: string, link: string | undefined): void {
  const { op } = step;
  const node = port.split(":")[0]!;
  if (op === "down") d.shut.add(port);
  else if (op === "up") d.shut.delete(port);
  else if (op === "release" || op === "enslave") {
    if (d.dead.has(node) || d.hung.has(node)) return;
    if (op === "release") { d.released.add(port); d.shut.add(port); } // bond_release closes it
    else if (d.released.delete(port)) d.shut.delete(port);
  }
  else if (link !== undefined) befallLink(d, step, link);
}

/**
 * Does each machine hear what is said to it, or know that it does not? A switch that hangs, a cable that loses frames or lets them through one way deceive
 * spanning trees and elections by right (802.1D has no defence but loop guard), so that nothing is promised while they last.
 */
export function isClean(d: Damage): boolean { return d.hung.size === 0 && d.impaired.size === 0; }

/** Is no pair split, and was none: an MC-LAG peer that is alone, or has been, closes ports by rules that differ from vendor to vendor. */
export function pairsWhole(topology: Topology, steps: readonly Step[], untilNs: bigint): boolean {
  const ports = new Set(topology.lags.filter((l) => l.peerLinkOf !== null).flatMap((l) => l.members.map((m) => `${l.node}:${m}`)));
  const links = new Set(topology.links.filter((l) => ports.has(l.a) || ports.has(l.b)).map((l) => l.name));
  const peers = new Set(topology.pairs.flatMap((p) => p.peers));
  const keepalives = topology.pairs.map((p) => `mlag/${p.name}/`);
  return steps.every((s) => s.atNs > untilNs || s.op === "nothing"
    || !(keepalives.some((k) => s.target.startsWith(k)) || s.targets.some((t) => (t.kind === "node" ? peers.has(t.name) : t.kind === "link" ? links.has(t.name) : ports.has(t.name)))));
}
