// How long a network is given to come to rest after a failure or a return: everything that the file makes it wait for, one after another.

import type { Application } from "../topology/application.ts";
import type { Topology } from "../topology/model.ts";

const most = (list: readonly bigint[]): bigint => list.reduce((a, b) => (b > a ? b : a), 0n);

/** Slow LACP's 90 s and what follows; boots, delays, elections, checks, decisions. Ageing of ARP and MAC entries is not waited for. */
export function settleNs(t: Topology): bigint {
  const pairs = t.pairs.flatMap((p) => [p.delayRestoreNs + p.holdNs + most([p.autoRecoveryNs, p.aloneNs, p.keepaliveTimeoutNs, p.controlTimeoutNs])]);
  const gateways = [...t.vrrps.map((v) => v.preemptDelayNs + 4n * v.intervalNs), ...t.fhrps.map((f) => f.preemptDelayNs + 3n * f.holdNs)];
  const trees = t.nodes.map((n) => (n.stp === undefined ? 0n : n.stp.maxAgeNs + 2n * n.stp.forwardDelayNs));
  const services = t.services.map((s) => s.checkIntervalNs * BigInt(s.fall + s.rise) + s.decisionNs);
  return 120_000_000_000n + most(t.nodes.map((n) => n.bootNs)) + most(pairs) + most(gateways) + most(trees) + most(t.lags.map((l) => l.updelayNs + l.downdelayNs)) + most(services) + most(t.applications.map(waits));
}

function waits(a: Application): bigint {
  switch (a.kind) {
    case "balanced": return a.intervalNs * BigInt(a.fall + a.rise);
    case "quorum": return a.electionNs;
    case "active-standby": return a.timeoutNs + a.decisionNs + 2n * a.promoteNs + (a.redirect.kind === "dns" ? a.redirect.ttlNs : a.redirect.kind === "withdraw" ? a.redirect.afterNs : 0n);
  }
}
