// How long a network is given to come to rest after a failure or a return: everything that the file makes it wait for, one after another.

import type { Application } from "../topology/application.ts";
import type { Topology } from "../topology/model.ts";

const most = (list: readonly bigint[]): bigint => list.reduce((a, b) => (b > a ? b : a), 0n);

export interface Settling {
  /** protocols, checks, elections: over by then, whatever happened */
  protocolsNs: bigint;
  /** boots, where somebody boots */
  bootsNs: bigint;
  /** decisions, promotions, redirections, where one was begun */
  decisionsNs: bigint;
  /** an outage that ended sooner than this has begun no promotion; null: nobody is promoted */
  patienceNs: bigint | null;
}

/** Slow LACP's 90 s and what follows; boots, delays, elections, checks, decisions. Ageing of ARP and MAC entries is not waited for. */
export function settlingOf(t: Topology): Settling {
  const pairs = t.pairs.flatMap((p) => [p.delayRestoreNs + p.holdNs + most([p.autoRecoveryNs, p.aloneNs, p.keepaliveTimeoutNs, p.controlTimeoutNs])]);
  const gateways = [...t.vrrps.map((v) => v.preemptDelayNs + 4n * v.intervalNs), ...t.fhrps.map((f) => f.preemptDelayNs + 3n * f.holdNs)];
  const trees = t.nodes.map((n) => (n.stp === undefined ? 0n : n.stp.maxAgeNs + 2n * n.stp.forwardDelayNs));
  const checks = t.services.map((s) => s.checkIntervalNs * BigInt(s.fall + s.rise));
  const standbys = t.applications.flatMap((a) => (a.kind === "active-standby" ? [a] : []));
  return {
    protocolsNs: 120_000_000_000n + most(pairs) + most(gateways) + most(trees) + most(t.lags.map((l) => l.updelayNs + l.downdelayNs)) + most(checks) + most(t.applications.map(reacts)),
    bootsNs: most(t.nodes.map((n) => n.bootNs)),
    decisionsNs: most(t.services.map((s) => s.decisionNs)) + most(standbys.map(promotes)),
    patienceNs: standbys.length === 0 ? null : standbys.reduce((least, { timeoutNs }) => (timeoutNs < least ? timeoutNs : least), standbys[0]!.timeoutNs),
  };
}

/** All of it. */
export function settleNs(t: Topology): bigint {
  const { protocolsNs, bootsNs, decisionsNs } = settlingOf(t);
  return protocolsNs + bootsNs + decisionsNs;
}

function reacts(a: Application): bigint {
  switch (a.kind) {
    case "balanced": return a.intervalNs * BigInt(a.fall + a.rise);
    case "quorum": return a.electionNs;
    case "active-standby": return a.timeoutNs;
  }
}

function promotes(a: Extract<Application, { kind: "active-standby" }>): bigint {
  return a.decisionNs + 2n * a.promoteNs + (a.redirect.kind === "dns" ? a.redirect.ttlNs : a.redirect.kind === "withdraw" ? a.redirect.afterNs : 0n);
}
