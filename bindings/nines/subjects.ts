// What has an availability: services, applications and flows, and who asks for each. While those who ask are down themselves, nothing is
// counted: nobody is there to miss it (as in the sweep).

import type { Topology } from "../topology/model.ts";

export interface Subject {
  kind: "service" | "application" | "flow";
  name: string;
  /** nodes that ask; of a flow, both ends */
  asks: string[];
  /** nothing is counted while one of them is down, or only while all are */
  misses: "any" | "all";
}

/** Services and applications; flows where the file has neither, or when they are wanted too. */
export function subjectsOf(t: Topology, flows: boolean): Subject[] {
  const hosts = new Map(t.vms.map((vm) => [vm.name, vm.on[0]!])); // a virtual machine is down with its hypervisor
  const withHosts = (names: readonly string[]): string[] => names.map((n) => hosts.get(n) ?? n);
  const services = t.services.map((s): Subject => ({ kind: "service", name: s.name, asks: withHosts([s.client]), misses: "any" }));
  const applications = t.applications.map((a): Subject => ({ kind: "application", name: a.name, asks: withHosts(a.clients), misses: "all" }));
  const all = [...services, ...applications];
  return !askedFlows(t, flows) ? all : [...all, ...t.flows.filter((f) => f.role === "flow").map((f): Subject => ({ kind: "flow", name: f.name, asks: withHosts([f.from, f.to]), misses: "any" }))];
}

/** Are flows asked about? */
export const askedFlows = (t: Topology, flows: boolean): boolean => flows || t.services.length + t.applications.length === 0;

/** Is nobody there to ask? */
export function silent(subject: Subject, deadNodes: ReadonlySet<string>): boolean {
  return subject.misses === "any" ? subject.asks.some((n) => deadNodes.has(n)) : subject.asks.length > 0 && subject.asks.every((n) => deadNodes.has(n));
}

/** Servers whose failure counts: they serve, and so are not only those who ask. */
export function serving(t: Topology): Set<string> {
  const flows = new Map(t.flows.map((f) => [f.name, f]));
  const ends = t.services.flatMap((s) => [s.primary, s.standby].flatMap((name) => flows.get(name ?? "")?.to ?? []));
  const members = t.applications.flatMap((a) => (a.kind === "balanced" ? [a.balancer, ...a.servers] : a.kind === "quorum" ? a.members : [a.primary, a.standby, ...(a.witness === null ? [] : [a.witness])]));
  return new Set([...ends, ...members]);
}
