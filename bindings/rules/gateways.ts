// First-hop redundancy: VRRP, HSRP, GLBP and anycast gateways.

import { formatDuration } from "../duration.ts";
import type { Fhrp, Vrrp } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group, refused, type Found, type Rule } from "./rule.ts";
import { byPriority, list, seconds, some, takeoverNs, viewOf, wayUp, type Group, type View } from "./view.ts";

const vrrps = (g: Group): Vrrp[] => g.members.filter((m): m is Vrrp => "intervalNs" in m);
const fhrps = (g: Group): Fhrp[] => g.members.filter((m): m is Fhrp => "holdNs" in m);
const distinct = (values: readonly unknown[]): number => new Set(values).size;

/** A rule that looks at each gateway: what was seen, or null. It is told at this word of the gateway. */
function each(word: string, see: (g: Group, view: View) => string | null): Rule["find"] {
  return (design: Design) => viewOf(design).groups.flatMap((g): Found[] => {
    const seen = see(g, viewOf(design));
    return seen === null ? [] : [{ subject: g.name, at: design.places.at(g.where, word), seen: `gateway ${g.name}: ${seen}` }];
  });
}

/** The same of those that wait for an election: not anycast, nor a pair whose peers both route. */
const elected = (word: string, see: (g: Group, view: View) => string | null): Rule["find"] =>
  each(word, (g, view) => (g.protocol === "anycast" || view.allActive(g) ? null : see(g, view)));

const tracksOf = (view: View, g: Group, node: string) => view.t.tracks.filter((x) => x.gateway === g.name && x.node === node);

const VRRP = group("vrrp", {
  "timers-differ": {
    severity: "error", systems: [19],
    title: "Routers of a VRRP group advertise at different intervals",
    why: "VRRP version 2 discards an advertisement whose interval is not its own (RFC 3768 7.1): each router hears nobody, and all of them are master. In version 3 a backup takes the master's interval, and how fast it takes over depends on who is master.",
    mend: "Say `advert-interval` once, for the gateway, not for single routers.",
    effect: "two routers are master at once",
    example: { faulty: "routers: {r1: {priority: 110, advert-interval: 1s}, r2: {priority: 100, advert-interval: 2s}}", mended: "routers: {r1: {priority: 110, advert-interval: 1s}, r2: {priority: 100, advert-interval: 1s}}" },
    find: each("routers", (g) => (distinct(vrrps(g).map((m) => m.intervalNs)) < 2 ? null : list(vrrps(g).map((m) => `${m.node} advertises each ${formatDuration(m.intervalNs)}`)))),
  },
  "versions-differ": {
    severity: "error", systems: [14, 19],
    title: "Routers of a VRRP group speak different versions",
    why: "An advertisement of another version is discarded (RFC 9568 7.1). Each router hears nobody, and all of them are master: both answer for the gateway, and its MAC address moves to and fro. Where the file does not say the version, the profile of each router does.",
    mend: "Say the version at the gateway: `version: 3`.",
    effect: "two routers are master at once",
    example: { faulty: "r2: {kind: leaf, profile: nxos-vpc} # version 2 by default", mended: "r2: {kind: leaf}" },
    find: each("routers", (g) => (distinct(vrrps(g).map((m) => m.version)) < 2 ? null : list(vrrps(g).map((m) => `${m.node} speaks version ${m.version}`)))),
  },
  "vrid-clash": {
    severity: "error", systems: [19],
    title: "Two gateways of one VLAN have one VRID",
    why: "Routers take each other's advertisements for those of their own group: one is master of all, and the addresses of the other gateway belong to nobody. The virtual MAC address is made of the VRID, and is the same for both.",
    mend: "Give each virtual router of a VLAN a `vrid` of its own.",
    effect: "hosts of one of the two gateways are never reached",
    example: { faulty: "second: {network: a, vrid: 10,", mended: "second: {network: a, vrid: 11," },
    find: refused("DH_VRID_CLASH"),
  },
  "owner-does-not-wait": {
    severity: "warning", systems: [19],
    title: "The owner of the virtual address cannot be held back",
    why: "Priority 255 says that the router owns the address. An owner is master as soon as it is up, whatever `preempt` and `preempt-delay` say (RFC 9568 6.4.1), and tracking does not make it less: after a reboot it takes over before it has routes.",
    mend: "Give the router an address of its own, and a priority of 254 or less.",
    effect: "the router takes over at once after its return, although a delay is set",
    example: { faulty: "routers: {r1: 255, r2: 100}, preempt-delay: 60s", mended: "routers: {r1: 254, r2: 100}, preempt-delay: 60s" },
    find: each("routers", (g, view) => {
      const owner = vrrps(g).find((m) => m.priority === 255);
      if (owner === undefined || g.members.length < 2) return null;
      const held = owner.preemptDelayNs > 0n ? `a preempt-delay of ${formatDuration(owner.preemptDelayNs)}` : !owner.preempt ? "preempt: false" : tracksOf(view, g, owner.node).length > 0 ? "tracks" : null;
      return held === null ? null : `${owner.node} has priority 255, and ${held}`;
    }),
  },
});

const FHRP = group("fhrp", {
  "priorities-equal": {
    severity: "warning", systems: [19],
    title: "The best two routers of a gateway have one priority",
    why: "Who is active then depends on addresses and on who was up first, and after a failure it stays where it went: frames do not take the way that was planned, and the gateways of two networks drift apart.",
    mend: "Give the router that is meant a higher priority.",
    effect: "after its return the first router is not active again",
    example: { faulty: "routers: {r1: 100, r2: 100}", mended: "routers: {r1: 110, r2: 100}" },
    find: elected("routers", (g) => {
      const [a, b] = byPriority(g);
      return a === undefined || b === undefined || a.priority !== b.priority ? null : `${a.node} and ${b.node} both have priority ${a.priority}`;
    }),
  },
  "one-router": {
    severity: "warning", systems: [1, 19, 22],
    title: "A gateway that could fail over has one router",
    why: "The protocol is there and nobody to take over: when the router dies every host of the network is cut off until it returns.",
    mend: "Name a second router under `routers`.",
    effect: "hosts are cut off for as long as the router is dead",
    example: { faulty: "routers: {r1: 110}", mended: "routers: {r1: 110, r2: 100}" },
    find: each("routers", (g) => (g.members.length > 1 ? null : `${g.members[0]!.node} is alone`)),
  },
  "slow-against-budget": {
    severity: "warning", systems: [3, 19],
    title: "A gateway takes over later than a flow allows",
    why: "A router that dies without a word is missed only after three advertisements and the skew time (VRRP), or after the hold time (HSRP, GLBP). Until then frames to the gateway are lost.",
    mend: "Shorten `advert-interval`, or `hello` and `hold`. On an MC-LAG pair let both peers route (`gateway-active: true`), or use an anycast gateway.",
    effect: "the flow is down for longer than its budget when the active router dies",
    example: { faulty: "advert-interval: 1s", mended: "advert-interval: 100ms" },
    find: elected("protocol", (g, view) => {
      const wait = takeoverNs(g);
      const tight = g.members.length < 2 ? [] : view.flowsBy(g).filter((f) => f.maxOutageNs !== null && f.maxOutageNs < wait);
      return tight.length === 0 ? null : `takes over after ${seconds(wait)}; ${some(tight.map((f) => f.name))} may be down for ${formatDuration(tight[0]!.maxOutageNs!)}`;
    }),
  },
  "uplink-untracked": {
    severity: "warning", systems: [19],
    title: "A router stays the gateway when its only way up is lost",
    why: "VRRP and HSRP ask whether a router speaks, not whether it reaches anything. Its hellos go by another cable, the election stands, and what hosts send to it is lost until the uplink returns.",
    mend: "Track the uplinks, with a decrement that brings the router below the next one.",
    effect: "hosts are cut off for as long as the uplink of the active router is down",
    example: { faulty: "advert-interval: 1s", mended: "advert-interval: 1s, track: [{uplinks: true, decrement: 20}]" },
    find: elected("routers", (g, view) => {
      const [best] = byPriority(g);
      if (best === undefined || g.members.length < 2 || g.protocol === "glbp" || tracksOf(view, g, best.node).length > 0) return null;
      const way = wayUp(view, best.node);
      return way === null ? null : `${best.node} goes up by ${way} alone, and does not track it`;
    }),
  },
  "track-too-small": {
    severity: "error", systems: [19],
    title: "Tracking lowers a router's priority, but not below the next one",
    why: "The uplink is lost, the priority falls, and the router is still the best: the tracking has no effect, and what hosts send to it is lost.",
    mend: "Make `decrement` larger than the difference of the priorities.",
    effect: "hosts are cut off for as long as the tracked uplink is down",
    example: { faulty: "track: [{uplinks: true, decrement: 5}]", mended: "track: [{uplinks: true, decrement: 20}]" },
    find: elected("track", (g, view) => {
      const [best, next] = byPriority(g);
      if (best === undefined || next === undefined || g.protocol === "glbp" || best.priority === 255) return null;
      const tracks = tracksOf(view, g, best.node);
      const left = Math.max(1, best.priority - tracks.reduce((n, x) => n + x.decrement, 0));
      return tracks.length === 0 || left < next.priority ? null : `${best.node} falls from ${best.priority} to ${left} when all that it tracks (${list(tracks.map((x) => x.what))}) is down; ${next.node} has ${next.priority}`;
    }),
  },
  "track-without-preempt": {
    severity: "error", systems: [19],
    title: "A router tracks its uplink, and the other one does not preempt",
    why: "Its priority falls below the other's, but a router that does not preempt leaves an active one alone, whatever its priority: nothing changes hands. HSRP and GLBP do not preempt by default.",
    mend: "Let the others preempt: `preempt: true`, at the gateway.",
    effect: "hosts are cut off for as long as the tracked uplink is down",
    example: { faulty: "preempt: false", mended: "preempt: true" },
    find: elected("track", (g, view) => {
      const [best, ...others] = byPriority(g);
      if (best === undefined || others.length === 0 || g.protocol === "glbp" || tracksOf(view, g, best.node).length === 0 || others.some((m) => m.preempt)) return null;
      return `${best.node} tracks its uplinks, ${list(others.map((m) => m.node))} may not preempt`;
    }),
  },
  "preempts-before-routes": {
    severity: "warning", systems: [3, 19],
    title: "A router takes over again before its uplinks can be there",
    why: "When power returns the router is up before the switches above it. It preempts as soon as it has heard the other one for a while, without a route, and what hosts send to it is lost until the switch above has booted.",
    mend: "Set a `preempt-delay` that outlasts the boot of the switches above, or track the uplinks.",
    effect: "after power has returned hosts are cut off until the switch above has booted",
    example: { faulty: "advert-interval: 1s", mended: "advert-interval: 1s, preempt-delay: 120s" },
    find: elected("routers", (g, view) => {
      const [best] = byPriority(g);
      if (best === undefined || g.members.length < 2 || g.protocol === "glbp" || !best.preempt || tracksOf(view, g, best.node).length > 0) return null;
      const above = view.uplinks(best.node).map((l) => view.node(view.far(l, best.node))).sort((a, b) => Number(a.bootNs - b.bootNs))[0];
      const ready = view.node(best.node).bootNs + best.preemptDelayNs + takeoverNs(g);
      return above === undefined || above.bootNs <= ready ? null : `${best.node} takes over ${seconds(ready)} after power has returned, ${above.name} above it is up after ${seconds(above.bootNs)}`;
    }),
  },
  "backup-does-not-route": {
    severity: "warning", systems: [13, 19, 21],
    title: "On an MC-LAG pair only the master routes",
    why: "Servers' hashes send half of their frames to the backup, which has to pass them on over the peer-link. It carries what it was not made for, and when it is cut, and the backup does not step aside, these frames are lost until it has become master, too.",
    mend: "Let both peers route for the virtual MAC address where the switches can (`gateway-active: true` at the pair), or use `protocol: anycast`.",
    effect: "with the peer-link cut, what is hashed to the backup is lost until it is master",
    example: { faulty: "gateway-active: false", mended: "gateway-active: true" },
    find: each("protocol", (g, view) => {
      const [a, b] = g.members.map((m) => view.design.pairOf(m.node));
      return g.protocol === "anycast" || g.members.length !== 2 || a === undefined || a !== b || a.gatewayActive ? null : `${list(g.members.map((m) => m.node))} are the pair ${a.name}, whose backup does not route for the virtual MAC address`;
    }),
  },
});

const STATIC = group("fhrp", {
  "static-on-pair": {
    severity: "warning", systems: [1, 13, 22],
    title: "A gateway is an address of one peer of an MC-LAG pair",
    why: "Servers have a leg at each peer, and their gateway is at one: when it dies the other leg leads nowhere. The pair is redundant for what it bridges alone.",
    mend: "Use `protocol: anycast`, or VRRP, and name both peers.",
    effect: "hosts cannot leave their network for as long as that peer is dead",
    example: { faulty: "a: {vip: 10.1.10.1, protocol: static, routers: {leaf1: {}}}", mended: "a: {vip: 10.1.10.1, protocol: anycast, routers: {leaf1: {}, leaf2: {}}}" },
    find: (design) => {
      const { vips } = viewOf(design);
      const used = new Set(design.topology.addresses.flatMap((a) => (a.gateway === null || vips.has(a.gateway) ? [] : [a.gateway])));
      return design.topology.addresses.flatMap((a): Found[] => {
        const pair = a.gateway === null && a.vlan !== 0 && used.has(a.ip) ? design.pairOf(a.node) : undefined;
        const grouped = viewOf(design).groups.some((g) => g.members.some((m) => m.node === a.node && m.vlan === a.vlan));
        return pair === undefined || grouped ? [] : [{ subject: a.on, at: a.where, seen: `${a.ip} is at ${a.node} alone, a peer of ${pair.name}` }];
      });
    },
  },
});

const CISCO = [
  ...group("hsrp", {
    "hold-short": {
      severity: "warning", systems: [19],
      title: "The hold time does not outlast two lost hellos",
      why: "It runs from the last hello that was heard. Below three hello times one or two lost frames are enough, and the standby is active although the active router lives: two routers answer for one address.",
      mend: "Make `hold` at least three times `hello`.",
      effect: "a cable that loses frames for less than two hello times makes two routers active",
      example: { faulty: "hello: 1s, hold: 1500ms", mended: "hello: 1s, hold: 4s" },
      find: each("hold", (g) => {
        const [m] = fhrps(g);
        return m === undefined || g.protocol === "anycast" || m.holdNs >= 3n * m.helloNs ? null : `hello each ${formatDuration(m.helloNs)}, hold ${formatDuration(m.holdNs)}`;
      }),
    },
  }),
  ...group("glbp", {
    "weighting-idle": {
      severity: "note", systems: [19],
      title: "A GLBP weighting has thresholds and nothing that lowers it",
      why: "A weighting falls by what is tracked alone. Without tracking it never crosses `lower`, and the router forwards on without uplinks.",
      mend: "Track the uplinks, with a decrement that goes below `lower`; or leave the thresholds out.",
      effect: "hosts that were given the router without uplinks are cut off",
      example: { faulty: "weighting: {value: 100, lower: 80}", mended: "weighting: {value: 100, lower: 80}, track: [{uplinks: true, decrement: 60}]" },
      find: each("weighting", (g, view) => {
        const idle = fhrps(g).filter((m) => m.glbp !== null && m.glbp.lower > 1 && tracksOf(view, g, m.node).length === 0);
        return idle.length === 0 ? null : `${list(idle.map((m) => m.node))} would stop forwarding below ${idle[0]!.glbp!.lower}, and stay${idle.length === 1 ? "s" : ""} at ${idle[0]!.glbp!.weight}`;
      }),
    },
  }),
];

export const GATEWAYS: readonly Rule[] = [...VRRP, ...FHRP, ...STATIC, ...CISCO];
