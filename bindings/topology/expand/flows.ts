// Flows, and services as flows of each client to a primary and a standby.

import { formatDuration } from "../../duration.ts";
import { speedMbps, type Draft } from "../draft.ts";
import type { Flow, Ns } from "../model.ts";
import type { Path } from "../problems.ts";
import type { FlowInput, ServiceInput } from "../schema/file.ts";

const FIRST_SPORT = 40_000;

export function expandFlows(draft: Draft): void {
  for (const [name, input] of Object.entries(draft.input.flows ?? {})) expandFlow(draft, name, input);
  for (const [name, input] of Object.entries(draft.input.services ?? {})) expandService(draft, name, input);
}

/** Servers that a value stands for; each name that is not one is reported. */
export function serversOf(draft: Draft, value: string | readonly string[], path: Path): string[] {
  return draft.namesOf(value, path).flatMap((item) => {
    const node = draft.node(item.name, item.path);
    if (node === null) return [];
    if (node.kind === "server") return [node.name];
    draft.report("DH_FLOW", item.path, `${node.name} is a ${node.kind}: flows run between servers`);
    return [];
  });
}

/** As many from as to: pairwise. Otherwise each with each. */
function expandFlow(draft: Draft, name: string, input: FlowInput): void {
  const path = ["flows", name];
  const from = serversOf(draft, input.from, [...path, "from"]);
  const to = serversOf(draft, input.to, [...path, "to"]);
  if (from.length !== to.length && !draft.affords(from.length * to.length, path, { key: true })) return;
  const ends = from.length === to.length ? from.map((a, i) => [a, to[i] ?? a] as const) : from.flatMap((a) => to.map((b) => [a, b] as const));
  const maxOutageNs = draft.duration(input["max-outage"], [...path, "max-outage"]) ?? draft.duration(draft.input.defaults?.flow?.["max-outage"], ["defaults", "flow", "max-outage"]);
  const where = draft.whereKey(...path);
  for (const [i, [a, b]] of ends.entries()) {
    if (a === b) {
      draft.report("DH_FLOW", path, `a flow from ${a} to itself meets no network`, null, { key: true });
      continue;
    }
    draft.flows.push({
      name: ends.length === 1 ? name : `${name}-${i + 1}`, from: a, to: b, protocol: input.protocol ?? "tcp",
      sport: input.sport ?? sport(draft), dport: input.dport ?? 443, maxOutageNs, rateMbps: input.rate === undefined ? null : speedMbps(input.rate), service: null, role: "flow", where,
    });
  }
}

export const sport = (draft: Draft): number => FIRST_SPORT + (draft.flows.length % 20_000);

interface Plan { primary: string; standby: string | null; decisionNs: Ns; where: Flow["where"] }

function expandService(draft: Draft, name: string, input: ServiceInput): void {
  const path = ["services", name];
  const plan = planOf(draft, input, path);
  const clients = serversOf(draft, input.clients, [...path, "clients"]);
  if (plan === null) return;
  for (const client of clients) {
    if (client === plan.primary || client === plan.standby) {
      draft.report("DH_FLOW", [...path, "clients"], `${client} is a client of itself`);
      continue;
    }
    addService(draft, clients.length === 1 ? name : `${name}/${client}`, client, input, plan, path);
  }
}

function planOf(draft: Draft, input: ServiceInput, path: Path): Plan | null {
  const servers = serversOf(draft, input.servers, [...path, "servers"]);
  if (input.dr !== undefined && input.standby !== undefined) draft.report("DH_SERVICE", [...path, "dr"], "a service has one standby: say standby or dr", null, { key: true });
  const word = input.dr === undefined ? "standby" : "dr";
  const other = input[word];
  const spare = other === undefined ? [] : serversOf(draft, other.servers, [...path, word, "servers"]);
  const [primary] = servers;
  const standby = spare[0] ?? servers[1] ?? null;
  if (primary === undefined) return null;
  if (primary === standby) draft.report("DH_SERVICE", [...path, word], `${primary} cannot stand by for itself`, null, { key: true });
  if (other?.decision === "manual" && other.delay === undefined) draft.report("DH_MISSING", [...path, word], "a manual decision takes time: how long?", "delay: 15m", { key: true });
  const decisionNs = draft.duration(other?.delay, [...path, word, "delay"]) ?? 0n;
  return { primary, standby, decisionNs, where: draft.whereKey(...path) };
}

function addService(draft: Draft, name: string, client: string, input: ServiceInput, plan: Plan, path: Path): void {
  const check = input["health-check"];
  const ours = "HAProxy default";
  const port = sport(draft);
  const flow = (to: string, role: "primary" | "standby"): string => {
    draft.flows.push({
      name: `${name}/${role}`, from: client, to, protocol: input.protocol ?? "tcp", sport: port, dport: input.port ?? 443,
      maxOutageNs: null, rateMbps: input.rate === undefined ? null : speedMbps(input.rate), service: name, role, where: plan.where,
    });
    return `${name}/${role}`;
  };
  draft.services.push({
    name, client, primary: flow(plan.primary, "primary"), standby: plan.standby === null ? null : flow(plan.standby, "standby"),
    checkIntervalNs: draft.choose(draft.duration(check?.interval, [...path, "health-check", "interval"]), [2_000_000_000n, ours], "services: health check interval", formatDuration),
    fall: draft.choose(check?.fall, [3, ours], "services: health check fall"),
    rise: draft.choose(check?.rise, [2, ours], "services: health check rise"),
    decisionNs: plan.decisionNs, failback: input.failback ?? true,
    maxOutageNs: draft.duration(input["max-outage"], [...path, "max-outage"]), where: plan.where,
  });
}
