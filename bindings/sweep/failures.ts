// What can fail: each node, cable, shared-risk group, peer-link and site, one at a time.

import type { Step, Topology } from "../topology/model.ts";

export type FailureKind = "server" | "switch" | "link" | "peer-link" | "risk" | "site";

export interface Failure {
  kind: FailureKind;
  /** as a scenario would name it */
  target: string;
  targets: Step["targets"];
}

export interface FailureChoice { kinds?: ReadonlySet<FailureKind> }

/** Nodes, links, then the groups that fail together. */
export function singleFailures(t: Topology, choice: FailureChoice = {}): Failure[] {
  const all = [...nodes(t), ...links(t), ...peerLinks(t), ...risks(t), ...sites(t)];
  return choice.kinds === undefined ? all : all.filter((f) => choice.kinds!.has(f.kind));
}

function nodes(t: Topology): Failure[] {
  return t.nodes.map((n) => ({ kind: n.kind === "server" ? "server" : "switch", target: n.name, targets: [{ kind: "node", name: n.name }] }));
}

function links(t: Topology): Failure[] {
  const virtual = new Set(t.vms.flatMap((vm) => vm.links)); // no cables
  return t.links.filter((l) => !virtual.has(l.name)).map((l) => ({ kind: "link", target: l.name, targets: [{ kind: "link", name: l.name }] }));
}

function peerLinks(t: Topology): Failure[] {
  return t.pairs.map((pair) => {
    const lag = t.lags.find((l) => l.name === pair.peerLinks[0]);
    const ports = new Set((lag?.members ?? []).map((m) => `${lag?.node}:${m}`));
    const cables = t.links.filter((l) => ports.has(l.a) || ports.has(l.b));
    return { kind: "peer-link", target: `mlag/${pair.name}/peer-link`, targets: cables.map((l) => ({ kind: "link", name: l.name })) };
  });
}

function risks(t: Topology): Failure[] {
  const groups = new Set(t.links.flatMap((l) => l.risk));
  return [...groups].map((name) => ({
    kind: "risk", target: `risk/${name}`, targets: t.links.filter((l) => l.risk.includes(name)).map((l) => ({ kind: "link", name: l.name })),
  }));
}

function sites(t: Topology): Failure[] {
  const names = new Set(t.nodes.flatMap((n) => (n.site === null ? [] : [n.site])));
  return [...names].map((name) => ({
    kind: "site", target: `site/${name}`, targets: t.nodes.filter((n) => n.site === name).map((n) => ({ kind: "node", name: n.name })),
  }));
}
