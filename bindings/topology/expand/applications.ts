// Applications: who serves, who watches, who decides; and the flows that they need.

import { formatDuration } from "../../duration.ts";
import { flowName, neededFlows, type ActiveStandby, type Application, type Balanced, type Quorum } from "../application.ts";
import type { Draft } from "../draft.ts";
import { serversOf, sport } from "./flows.ts";
import type { Path } from "../problems.ts";
import type { ApplicationInput } from "../schema/file.ts";

const S = 1_000_000_000n;
type Input<K extends ApplicationInput["kind"]> = Extract<ApplicationInput, { kind: K }>;

export function expandApplications(draft: Draft): void {
  for (const [name, input] of Object.entries(draft.input.applications ?? {})) {
    const made = make(draft, name, input);
    if (made === null) continue;
    draft.applications.push(made);
    for (const [from, to] of neededFlows(made)) addFlow(draft, made, from, to);
  }
}

function make(draft: Draft, name: string, input: ApplicationInput): Application | null {
  const path = ["applications", name];
  const clients = serversOf(draft, input.clients, [...path, "clients"]);
  const common = { name, clients, maxOutageNs: draft.duration(input["max-outage"], [...path, "max-outage"]), where: draft.whereKey(...path) };
  if (clients.length === 0) return null;
  switch (input.kind) {
    case "balanced": return balanced(draft, input, path, common);
    case "active-standby": return activeStandby(draft, input, path, common);
    case "quorum": return quorum(draft, input, path, common);
  }
}

type Common = Pick<Application, "name" | "clients" | "maxOutageNs" | "where">;

function one(draft: Draft, value: string, path: Path): string | null { return serversOf(draft, value, path)[0] ?? null; }

function balanced(draft: Draft, input: Input<"balanced">, path: Path, common: Common): Balanced | null {
  const balancer = one(draft, input.balancer, [...path, "balancer"]);
  const servers = serversOf(draft, input.servers, [...path, "servers"]);
  if (balancer === null || servers.length === 0) return null;
  const need = input.need ?? 1;
  if (need > servers.length) { draft.report("DH_APPLICATION", [...path, "need"], `${need} of ${servers.length} servers cannot be had`); return null; }
  const check = input["health-check"];
  const source = "HAProxy default";
  return {
    ...common, kind: "balanced", balancer, servers, need,
    intervalNs: draft.choose(draft.duration(check?.interval, [...path, "health-check", "interval"]), [2n * S, source], "applications: health check interval", formatDuration),
    fall: draft.choose(check?.fall, [3, source], "applications: health check fall"), rise: draft.choose(check?.rise, [2, source], "applications: health check rise"),
  };
}

function activeStandby(draft: Draft, input: Input<"active-standby">, path: Path, common: Common): ActiveStandby | null {
  const primary = one(draft, input.primary, [...path, "primary"]);
  const standby = one(draft, input.standby, [...path, "standby"]);
  const witness = input.witness === undefined ? null : one(draft, input.witness, [...path, "witness"]);
  if (primary === null || standby === null || (input.witness !== undefined && witness === null)) return null;
  if (primary === standby) { draft.report("DH_APPLICATION", [...path, "standby"], `${primary} cannot stand by for itself`); return null; }
  const time = (word: "lag" | "delay" | "promote" | "dns-ttl" | "withdraw") => draft.duration(input[word], [...path, word]);
  if (input.decision === "manual" && input.delay === undefined) draft.report("DH_MISSING", path, "a manual decision takes time: how long?", "delay: 15m", { key: true });
  const ours = "dualhome's own default";
  const ttl = time("dns-ttl");
  const withdraw = time("withdraw");
  return {
    ...common, kind: "active-standby", primary, standby, witness,
    heartbeatNs: draft.choose(draft.duration(input.heartbeat?.interval, [...path, "heartbeat", "interval"]), [S, ours], "applications: heartbeat interval", formatDuration),
    timeoutNs: draft.choose(draft.duration(input.heartbeat?.timeout, [...path, "heartbeat", "timeout"]), [5n * S, ours], "applications: heartbeat timeout", formatDuration),
    replication: draft.choose(input.replication, ["async", ours], "applications: replication"), lagNs: time("lag") ?? 0n,
    decision: input.decision ?? "automatic", decisionNs: time("delay") ?? 0n,
    promoteNs: draft.choose(time("promote"), [10n * S, ours], "applications: promotion takes", formatDuration), failback: input.failback ?? false,
    redirect: ttl !== null ? { kind: "dns", ttlNs: ttl } : withdraw !== null ? { kind: "withdraw", afterNs: withdraw } : { kind: "none" },
  };
}

function quorum(draft: Draft, input: Input<"quorum">, path: Path, common: Common): Quorum | null {
  const members = serversOf(draft, input.members, [...path, "members"]);
  if (members.length === 0) return null;
  if (members.length % 2 === 0) draft.assume(`application ${common.name}: an even number of votes`, `${members.length}, majority ${members.length / 2 + 1}`, "a cut in halves leaves no majority");
  return { ...common, kind: "quorum", members, electionNs: draft.choose(draft.duration(input.election, [...path, "election"]), [3n * S, "corosync's token timeout"], "applications: election takes", formatDuration) };
}

function addFlow(draft: Draft, application: Application, from: string, to: string): void {
  const name = flowName(application.name, from, to);
  if (from === to || draft.flows.some((f) => f.name === name)) return;
  draft.flows.push({
    name, from, to, protocol: "tcp", sport: sport(draft), dport: 7789, maxOutageNs: null, rateMbps: null, service: application.name, role: "application", where: application.where,
  });
}
