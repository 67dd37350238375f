// Services and applications: who stands by, what they share, and how long a decision takes. Sites are in sites.ts.

import { formatDuration } from "../duration.ts";
import type { ActiveStandby, Application } from "../topology/application.ts";
import type { Ns, Service, Topology } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group, type Found, type Rule } from "./rule.ts";
import { list, seconds, viewOf } from "./view.ts";

/** Who can serve in another's place. */
interface Replicas { name: string; servers: string[]; /** so many may be lost */ spare: number; where: Service["where"]; what: "servers" | "members" | "standby" }

function replicasOf(t: Topology): Replicas[] {
  const flows = new Map(t.flows.map((f) => [f.name, f]));
  const services = t.services.flatMap((s): Replicas[] => (s.standby === null ? [] : [{ name: s.name, servers: [flows.get(s.primary)!.to, flows.get(s.standby)!.to], spare: 1, where: s.where, what: "servers" }]));
  return [...services, ...t.applications.map(ofApplication)];
}

function ofApplication(a: Application): Replicas {
  const { name, where } = a;
  switch (a.kind) {
    case "balanced": return { name, where, servers: a.servers, spare: a.servers.length - a.need, what: "servers" };
    case "active-standby": return { name, where, servers: [a.primary, a.standby], spare: 1, what: "standby" };
    case "quorum": return { name, where, servers: a.members, spare: Math.ceil(a.members.length / 2) - 1, what: "members" };
  }
}

/** What takes so many of the replicas with it that nobody serves: the largest group that shares something. */
function shared(what: (server: string, design: Design) => readonly string[], tell: (name: string) => string): Rule["find"] {
  return (design) => replicasOf(design.topology).flatMap((r): Found[] => {
    const by = new Map<string, string[]>();
    for (const server of r.servers) for (const thing of what(server, design)) by.set(thing, [...(by.get(thing) ?? []), server]);
    const worst = [...by].sort((a, b) => b[1].length - a[1].length)[0];
    return r.servers.length < 2 || r.spare < 1 || worst === undefined || worst[1].length <= r.spare ? [] : [{ subject: r.name, at: design.places.at(r.where, r.what), seen: `${r.name}: ${list(worst[1])} ${tell(worst[0])}` }];
  });
}

/** A rule that looks at each application of a kind. */
function applications<K extends Application["kind"]>(kind: K, word: string, see: (a: Extract<Application, { kind: K }>, design: Design) => string | null): Rule["find"] {
  return (design) => design.topology.applications.flatMap((a): Found[] => {
    const seen = a.kind === kind ? see(a as Extract<Application, { kind: K }>, design) : null;
    return seen === null ? [] : [{ subject: a.name, at: design.places.at(a.where, word), seen: `${a.name}: ${seen}` }];
  });
}

/** The only switch that a server hangs on, or all of its hypervisors do. */
function onlySwitch(server: string, design: Design): string[] {
  const above = viewOf(design).switchesAbove(server);
  return above.length === 1 ? above : [];
}

const feedOf = (server: string, design: Design): readonly string[] => {
  const power = design.nodes.get(server)?.power ?? [];
  return power.length === 1 ? power : [];
};

/** Heartbeats missed, decision, promotion: until the standby serves. Its clients may come later. */
const untilServed = (a: ActiveStandby): Ns => a.timeoutNs + a.decisionNs + a.promoteNs;
const redirectNs = (a: ActiveStandby): Ns => (a.redirect.kind === "dns" ? a.redirect.ttlNs : a.redirect.kind === "withdraw" ? a.redirect.afterNs : 0n);

export const APPLICATIONS: readonly Rule[] = group("app", {
  "no-standby": {
    severity: "warning", systems: [1, 24],
    title: "A service with a budget has one server",
    why: "The network may fail over as fast as it likes: when the server dies nothing serves until it has been repaired.",
    mend: "Give it a second server: `servers: [a, b]`, or `standby`, or `dr`.",
    effect: "the service is down for as long as the server is",
    example: { faulty: "servers: s1", mended: "servers: [s1, s2]" },
    find: (design) => design.topology.services.flatMap((s): Found[] => (s.standby !== null || s.maxOutageNs === null ? [] : [{ subject: s.name, at: design.places.at(s.where, "servers"), seen: `${s.name} may be down for ${formatDuration(s.maxOutageNs)}, and nothing stands by` }])),
  },
  "slow-checks": {
    severity: "warning", systems: [3, 24],
    title: "Health checks and decision take longer than the service may be down",
    why: "A server that dies without a word is given up after so many failed checks in a row; then comes the decision. Until both are over its clients are sent to a dead server, and the budget is spent.",
    mend: "Check more often (`health-check: {interval: 1s, fall: 3}`), decide sooner, or allow more.",
    effect: "the service is down for longer than its budget when its server dies",
    example: { faulty: "health-check: {interval: 10s, fall: 3}", mended: "health-check: {interval: 1s, fall: 3}" },
    find: (design) => design.topology.services.flatMap((s): Found[] => {
      const checks = s.checkIntervalNs * BigInt(s.fall);
      if (s.standby === null || s.maxOutageNs === null || checks + s.decisionNs <= s.maxOutageNs) return [];
      const decision = s.decisionNs === 0n ? "" : `, the decision another ${formatDuration(s.decisionNs)}`;
      return [{ subject: s.name, at: design.places.at(s.where, "health-check"), seen: `${s.name}: ${s.fall} checks take ${seconds(checks)}${decision}; it may be down for ${formatDuration(s.maxOutageNs)}` }];
    }),
  },
  "slow-failover": {
    severity: "warning", systems: [4, 24],
    title: "An active-standby application fails over later than it may",
    why: "Missed heartbeats, the decision and the promotion come one after the other, whatever the network does.",
    mend: "Shorten what is longest: the heartbeat's `timeout`, the `delay` of the decision, or `promote`; or allow more.",
    effect: "the application is down for longer than its budget when the primary dies",
    example: { faulty: "promote: 2m", mended: "promote: 10s" },
    find: applications("active-standby", "max-outage", (a) => (a.maxOutageNs === null || untilServed(a) <= a.maxOutageNs ? null
      : `heartbeats ${formatDuration(a.timeoutNs)}, decision ${formatDuration(a.decisionNs)}, promotion ${formatDuration(a.promoteNs)}; it may be down for ${formatDuration(a.maxOutageNs)}`)),
  },
  "slow-redirect": {
    severity: "warning", systems: [4, 24],
    title: "Clients learn of the failover later than the application may be down",
    why: "The standby serves in time, and nobody comes: until the old DNS answer has run out (or the old route is withdrawn) clients go on asking the dead side. Some resolvers and programs keep answers longer than they are told to.",
    mend: "Shorten `dns-ttl` well before it is needed, or move the address instead.",
    effect: "the application is down for longer than its budget when the primary dies",
    example: { faulty: "dns-ttl: 5m", mended: "dns-ttl: 10s" },
    find: applications("active-standby", "dns-ttl", (a) => {
      if (a.maxOutageNs === null || untilServed(a) > a.maxOutageNs || untilServed(a) + redirectNs(a) <= a.maxOutageNs) return null;
      return `served again after ${seconds(untilServed(a))}, clients follow up to ${formatDuration(redirectNs(a))} later; it may be down for ${formatDuration(a.maxOutageNs)}`;
    }),
  },
  "no-witness": {
    severity: "error", systems: [4, 24],
    title: "Two sides decide without a third",
    why: "When the way between primary and standby is cut each side hears the other no more. The standby cannot tell that from the primary's death, promotes itself, and both accept writes: what was written has to be put together by hand.",
    mend: "Name a `witness` at a third place, or leave the decision to people (`decision: manual`).",
    effect: "both sides serve for as long as the way between them is cut",
    example: { faulty: "standby: db2", mended: "standby: db2, witness: w" },
    find: applications("active-standby", "standby", (a) => (a.witness !== null || a.decision === "manual" ? null : `${a.standby} decides by heartbeats from ${a.primary} alone`)),
  },
  "loses-writes": {
    severity: "note", systems: [4, 24],
    title: "A failover that nobody is asked about loses writes",
    why: "Replication is asynchronous: what the primary has acknowledged and not yet sent is not at the standby. A machine that decides by itself gives these writes up without asking whether the primary could be had back sooner.",
    mend: "Replicate synchronously where the way is short enough (`replication: sync`), let people decide (`decision: manual`), or accept the loss: it is the age of the newest write at the standby.",
    effect: "the writes of the last seconds before the death are lost",
    example: { faulty: "replication: async, lag: 2s", mended: "replication: sync" },
    find: applications("active-standby", "replication", (a) => (a.replication === "sync" || a.lagNs === 0n || a.decision === "manual" ? null : `${a.standby} is ${formatDuration(a.lagNs)} behind when it promotes itself`)),
  },
  "failback-at-once": {
    severity: "note", systems: [4, 24],
    title: "An application goes back to its primary by itself",
    why: "The way back is a failover, too: clients have to follow a second time, by DNS or by routes, and a primary that comes and goes takes the application with it each time.",
    mend: "Leave it where it is until somebody decides (`failback: false`, the default).",
    effect: "the return of the primary interrupts the application again",
    example: { faulty: "failback: true", mended: "failback: false" },
    find: applications("active-standby", "failback", (a) => (a.failback && a.decision === "automatic" && a.redirect.kind !== "none" ? `goes back to ${a.primary} as soon as it is there` : null)),
  },
  "witness-not-apart": {
    severity: "warning", systems: [1, 4, 24],
    title: "The witness goes down with one of those that it watches",
    why: "When the primary's side fails and the witness with it, the standby hears neither, takes itself for the one that was cut off, and does not serve.",
    mend: "Put the witness on another switch, on another power feed, at a third site.",
    effect: "the standby does not serve when the primary's switch dies",
    example: { faulty: "leaf1:Eth9 -- w:eth0", mended: "leaf3:Eth9 -- w:eth0" },
    find: applications("active-standby", "witness", (a, design) => {
      const { witness } = a;
      if (witness === null) return null;
      const view = viewOf(design);
      const apart = view.site(a.primary) !== view.site(a.standby); // of a site with all of them nobody is left to decide
      const common = (server: string): string | undefined => {
        const [mine, theirs] = [witness, server].map((s) => [...onlySwitch(s, design).map((n) => `switch ${n}`), ...feedOf(s, design).map((f) => `power feed ${f}`), ...(apart ? siteOf(s, design).map((site) => `site ${site}`) : [])]);
        return mine!.find((thing) => theirs!.includes(thing));
      };
      const [one, two] = [common(a.primary), common(a.standby)];
      const thing = one ?? two;
      return thing === undefined ? null : `witness ${witness} and ${one !== undefined ? a.primary : a.standby} share ${thing}`;
    }),
  },
  "even-quorum": {
    severity: "warning", systems: [4, 24],
    title: "A quorum has an even number of members",
    why: "More than half have to see each other: two members bear no loss at all, four bear one as three do, and a cut in halves leaves nobody in charge.",
    mend: "Add a member, or take one away.",
    effect: "with two members the death of one stops the application",
    example: { faulty: "members: [m1, m2]", mended: "members: [m1, m2, m3]" },
    find: applications("quorum", "members", (a) => (a.members.length % 2 === 1 ? null : `${a.members.length} members bear ${a.members.length / 2 - 1 === 0 ? "no loss" : `the loss of ${a.members.length / 2 - 1}`}, ${a.members.length + 1} that of ${a.members.length / 2}`)),
  },
  "no-spare": {
    severity: "warning", systems: [1, 2, 24],
    title: "A balanced application needs all its servers",
    why: "There are as many servers as it takes to carry the load: when one dies those that are left are too few.",
    mend: "Add a server, or need one less.",
    effect: "the application counts as down when one server dies",
    example: { faulty: "need: 2", mended: "need: 1" },
    find: applications("balanced", "need", (a) => (a.need < a.servers.length ? null : `${a.need} of ${a.servers.length} servers are needed`)),
  },
  "one-switch": {
    severity: "warning", systems: [1, 24],
    title: "Those that stand in for each other hang on one switch",
    why: "The switch dies and takes all of them, or more than may be lost, with it.",
    mend: "Cable each to two switches, or put them on different ones.",
    effect: "the application is down for as long as the switch is",
    example: { faulty: "leaf1:Eth2 -- s2:eth0", mended: "leaf2:Eth2 -- s2:eth0" },
    find: shared(onlySwitch, (name) => `hang on the switch ${name} alone`),
  },
  "one-feed": {
    severity: "warning", systems: [1, 24],
    title: "Those that stand in for each other have one power feed",
    why: "The feed fails and takes all of them, or more than may be lost, with it.",
    mend: "Give each two feeds, or put them on different ones.",
    effect: "the application is down for as long as the feed is",
    example: { faulty: "s2: {kind: server, network: lan, power: a}", mended: "s2: {kind: server, network: lan, power: b}" },
    find: shared(feedOf, (name) => `have the power feed ${name} alone`),
  },
  "one-hypervisor": {
    severity: "warning", systems: [1, 23, 24],
    title: "Those that stand in for each other are on one hypervisor",
    why: "The hypervisor dies and takes all of them, or more than may be lost, with it.",
    mend: "Start them on different hypervisors, and keep them apart when they move.",
    effect: "the application is down for as long as the hypervisor is",
    example: { faulty: "s2: {on: [hv1, hv2], network: lan}", mended: "s2: {on: [hv2, hv1], network: lan}" },
    find: shared((server, design) => viewOf(design).hypervisors(server).slice(0, 1), (name) => `begin on the hypervisor ${name}`),
  },
  "quorum-at-one-site": {
    severity: "warning", systems: [4, 24],
    title: "A quorum over several sites has its majority at one",
    why: "The other sites cannot go on without that one: the members there are worth nothing when it counts.",
    mend: "Spread the members so that no site has the majority: over three sites.",
    effect: "the application is down for as long as that site is",
    example: { faulty: "m2: {kind: server, site: one, network: lan}", mended: "m2: {kind: server, site: two, network: lan}" },
    find: applications("quorum", "members", (a, design) => {
      const sites = new Map<string, number>();
      for (const member of a.members) for (const site of siteOf(member, design)) sites.set(site, (sites.get(site) ?? 0) + 1);
      const most = [...sites].find(([, n]) => n > a.members.length / 2);
      return sites.size < 2 || most === undefined ? null : `${most[1]} of ${a.members.length} members are at site ${most[0]}`;
    }),
  },
});

function siteOf(server: string, design: Design): string[] {
  const site = viewOf(design).site(server);
  return site === null ? [] : [site];
}
