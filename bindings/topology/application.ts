// Applications on top of the network: who serves whom, who watches whom, who decides. Names of servers and of the flows
// that were made for them; times in ns.

import type { Ns, Where } from "./model.ts";

interface Common {
  name: string;
  clients: string[];
  maxOutageNs: Ns | null;
  where: Where;
}

/** A load balancer before n servers, of which k are needed. */
export interface Balanced extends Common {
  kind: "balanced";
  balancer: string;
  servers: string[];
  need: number;
  intervalNs: Ns;
  fall: number;
  rise: number;
}

/** One serves, one stands by; heartbeats between them, perhaps a witness. */
export interface ActiveStandby extends Common {
  kind: "active-standby";
  primary: string;
  standby: string;
  witness: string | null;
  heartbeatNs: Ns;
  timeoutNs: Ns;
  replication: "sync" | "async";
  lagNs: Ns; // async: age of the newest write at the standby
  decision: "automatic" | "manual";
  decisionNs: Ns; // the decision itself
  promoteNs: Ns; // from the decision until the standby serves
  failback: boolean;
  redirect: { kind: "dns"; ttlNs: Ns } | { kind: "withdraw"; afterNs: Ns } | { kind: "none" };
}

/** Members that serve as long as more than half of them see each other. */
export interface Quorum extends Common {
  kind: "quorum";
  members: string[];
  electionNs: Ns; // after the majority has changed
}

export type Application = Balanced | ActiveStandby | Quorum;

/** The flow that carries what `from` says to `to`; made when the file is read. */
export function flowName(application: string, from: string, to: string): string { return `${application}: ${from} → ${to}`; }

/** Pairs of servers between which an application needs a flow. */
export function neededFlows(a: Application): [string, string][] {
  switch (a.kind) {
    case "balanced": return [...a.clients.map((c): [string, string] => [c, a.balancer]), ...a.servers.map((s): [string, string] => [a.balancer, s])];
    case "active-standby": {
      const both = [a.primary, a.standby];
      const watched: [string, string][] = a.witness === null ? [] : both.map((n) => [n, a.witness!]);
      return [[a.primary, a.standby], ...watched, ...a.clients.flatMap((c) => both.map((n): [string, string] => [c, n]))];
    }
    case "quorum": return [...pairs(a.members), ...a.clients.flatMap((c) => a.members.map((m): [string, string] => [c, m]))];
  }
}

export function pairs(list: readonly string[]): [string, string][] {
  return list.flatMap((x, i) => list.slice(i + 1).map((y): [string, string] => [x, y]));
}
