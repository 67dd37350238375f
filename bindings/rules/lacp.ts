// LACP and aggregates: who speaks, how soon silence is noticed, and what the two ends have to have in common.

import { formatDuration } from "../duration.ts";
import type { Lag } from "../topology/model.ts";
import { budgetOf, type Budget } from "./budgets.ts";
import type { Design } from "./design.ts";
import { group, refused, type Found } from "./rule.ts";


const LONG_TIMEOUT_NS = 90_000_000_000n; // IEEE 802.1AX-2014 6.4.4: Long_Timeout_Time

export const LACP = group("lacp", {
  "both-passive": {
    severity: "error", systems: [5, 6, 7],
    title: "Both ends of an aggregate are LACP passive",
    why: "A passive end speaks only when it is spoken to. When both are, neither sends the first LACPDU, the aggregate never forms, and nothing is carried.",
    mend: "Make one end active: `mode: lacp-active` at the switch, or no `lacp-active: false` at the server.",
    effect: "the flow never comes up",
    example: { faulty: "lacp-active: false", mended: "lacp-active: true" },
    find: refused("DH_LACP_PASSIVE"),
  },
  "one-sided": {
    severity: "error", systems: [5, 7, 12],
    title: "One end of an aggregate speaks LACP, and the other is static",
    why: "The static end deals frames to all its cables. The end that hears no LACPDU uses one of them, or none: frames on the others are lost, and no port goes down to show it.",
    mend: "Speak LACP at both ends: `mode: 802.3ad` at the server, `mode: lacp-active` at the switch.",
    effect: "flows that are dealt to an unused cable are down from the beginning",
    example: { faulty: "mode: static", mended: "mode: lacp-active" },
    find: refused("DH_LACP_STATIC", /speaks LACP/),
  },
  "slow-rate": {
    severity: "warning", systems: [5, 6, 7],
    title: "LACP at the slow rate under a budget of less than 90 s",
    why: "A cable that goes silent with its carrier up is noticed by the missing LACPDUs alone. At the slow rate they come each 30 s, and three may be missed: frames are sent into the dead cable for up to 90 s (IEEE 802.1AX 6.4.4, Long_Timeout_Time).",
    mend: "Say the fast rate at both ends, each of which says how often it wants to hear the other: `lacp-rate: fast` of the bond, `rate: fast` of the port-channel or of `defaults: lacp`.",
    effect: "a silent cable takes flows down for 60 to 90 s, at the fast rate for 2 to 3 s",
    example: { faulty: "lacp: {rate: slow}", mended: "lacp: {rate: fast}" },
    find: slowRates,
  },
  "rates-differ": {
    severity: "note", systems: [5, 6, 7],
    title: "One end of an aggregate wants LACPDUs at the fast rate, the other at the slow",
    why: "Each end says how often it wants to hear the other. The fast end misses a partner in 3 s, the slow one in 90 s: where a cable loses frames towards the slow end alone, they are lost until that one notices.",
    mend: "Say the same rate at both ends.",
    effect: "when a cable loses frames one way the slow end hears it after 60 to 90 s, and until then what is sent there is lost",
    example: { faulty: "lacp: {rate: slow}", mended: "lacp: {rate: fast}" },
    find: function* (design) {
      for (const [lag, far] of ends(design)) {
        if (lag.lacp!.fast === far.lacp!.fast || tightestOf(design, lag, far) !== null) continue; // under a budget slow-rate says it
        const [fast, slow] = lag.lacp!.fast ? [lag, far] : [far, lag];
        yield { subject: slow.name, at: ratePlace(design, slow), seen: `${fast.name} asks for the fast rate, ${slow.name} for the slow` };
      }
    },
  },
  "static-unwatched": {
    severity: "note", systems: [5, 7, 11, 12],
    title: "An aggregate without LACP under a budget",
    why: "A static aggregate goes by carrier alone. A cable that is dark in one direction, or has media converters, or ends in a card that hangs, keeps its carrier, and the frames that are dealt to it are lost until somebody pulls it.",
    mend: "Use LACP: `mode: 802.3ad` at the server, `mode: lacp-active` with `rate: fast` at the switch.",
    effect: "flows on a silent cable are down until it is repaired",
    example: { faulty: "srv:bond0: {members: [eth0, eth1], mode: balance-xor}", mended: "srv:bond0: {members: [eth0, eth1], mode: 802.3ad}" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        if (lag.mode !== "static" || lag.peerLinkOf !== null || lag.members.length < 2 || design.nodes.get(lag.node)?.kind !== "server") continue;
        const budget = budgetOf(design, lag.node);
        if (budget !== null) yield { subject: lag.name, at: design.places.at(lag.where, "mode"), seen: `${lag.name} is static, and ${budget.name} may be down for ${formatDuration(budget.ns)}` };
      }
    },
  },
});

export const LAG = group("lag", {
  "mixed-speed": {
    severity: "error", systems: [5, 7, 10],
    title: "Members of an aggregate have two speeds",
    why: "Ports of different speeds have different LACP keys and make two aggregators. One of them is used, the other stands by, and which one it is decides the capacity.",
    mend: "Use members of one speed, or say by `ad-select: bandwidth` that one aggregator of several is meant.",
    effect: "a member of the two carries nothing",
    example: { faulty: "speed: 25G}", mended: "speed: 10G}" },
    find: refused("DH_LAG_SPEED"),
  },
  "two-switches": {
    severity: "error", systems: [5, 7, 12, 13],
    title: "An aggregate ends on two switches that are no pair",
    why: "Each switch is a system of its own to LACP. A bond makes an aggregator of each and uses one of them, so that half of the cables carry nothing, and when the used one goes the other has to be found first.",
    mend: "Make the switches a pair under `mlag`, or use `mode: active-backup`, which wants no pair.",
    effect: "one of the two cables carries nothing",
    example: { faulty: "srv:bond0: {to: [leaf1, leaf2], members: [eth0, eth1]}", mended: "srv:bond0: {to: pair, members: [eth0, eth1]}" },
    find: refused("DH_LAG_SPLIT"),
  },
  "bare-end": {
    severity: "error", systems: [5, 7, 12],
    title: "A switch bundles ports whose cables end in plain ports",
    why: "The switch takes its ports for one, and sends each frame by one of them. The other end has several ports with addresses of their own: what is dealt to the wrong one is lost, or with LACP the port never comes up.",
    mend: "Bundle at the other end too, with a bond, or take the ports out of the port-channel.",
    effect: "the server is not reached",
    example: { faulty: "bonds: {}", mended: "bonds:\n  srv:bond0: {members: [eth0, eth1]}" },
    find: refused("DH_LACP_STATIC", /which is in no aggregate/),
  },
  "bundled-by-switch": {
    severity: "error", systems: [7, 10, 11, 12],
    title: "A switch bundles the ports of a bond that wants plain ones",
    why: "Active-backup and its kind use one member, or answer by each with its own address. A switch that bundles them deals frames to all: those on the members that do not listen are lost.",
    mend: "Leave the ports plain at the switch, or use `mode: 802.3ad` at the server.",
    effect: "flows that the switch deals to the backup are down from the beginning",
    example: { faulty: "mode: active-backup", mended: "mode: balance-xor" },
    find: refused("DH_LACP_STATIC", /bundles its ports/),
  },
  "min-links-all": {
    severity: "warning", systems: [5, 7, 10],
    title: "An aggregate goes down with its first cable",
    why: "`min-links` is as large as the number of members: when one cable is lost the whole aggregate goes down, though the others work. That is right only where something else then carries the traffic.",
    mend: "Let `min-links` be what is needed to be of use, less than the number of members.",
    effect: "one cable takes the server down until it is repaired",
    example: { faulty: "min-links: 2", mended: "min-links: 1" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        if (lag.minLinks < 2 || lag.minLinks !== lag.members.length) continue;
        yield { subject: lag.name, at: minLinks(design, lag), seen: `${lag.name} has ${lag.members.length} members and min-links ${lag.minLinks}` };
      }
    },
  },
  "min-links-too-many": {
    severity: "error", systems: [5, 7, 10],
    title: "An aggregate wants more links than it has",
    why: "`min-links` is larger than the number of members, so that the aggregate never comes up.",
    mend: "Let `min-links` be less than the number of members.",
    effect: "the server is down from the beginning",
    example: { faulty: "min-links: 3", mended: "min-links: 1" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        if (lag.minLinks > lag.members.length) yield { subject: lag.name, at: minLinks(design, lag), seen: `${lag.name} has ${lag.members.length === 1 ? "one member" : `${lag.members.length} members`} and min-links ${lag.minLinks}` };
      }
    },
  },
});

const minLinks = (design: Design, lag: Lag) => design.places.value(lag.where, "min-links", "bond");

/** Where the rate of an end is said: a bond says its own; a port-channel that was made for a bond has that of the defaults. */
function ratePlace(design: Design, lag: Lag) {
  return design.nodes.get(lag.node)?.kind === "server" ? design.places.value(lag.where, "lacp-rate", "bond") : design.places.value(lag.where, "rate", "lacp");
}

/** Aggregates of LACP and what they end on, each two once. Peer-links are not among them. */
function* ends(design: Design): Iterable<[Lag, Lag]> {
  for (const lag of design.topology.lags) {
    if (lag.lacp === null) continue;
    for (const far of design.farLags(lag)) if (far.lacp !== null && lag.name < far.name) yield [lag, far];
  }
}

/** The tightest budget of the servers at the two ends that the slow rate breaks. */
function tightestOf(design: Design, lag: Lag, far: Lag): Budget | null {
  const budgets = [lag, far].flatMap((end) => budgetOf(design, end.node) ?? []).filter((budget) => budget.ns < LONG_TIMEOUT_NS);
  return budgets.reduce<Budget | null>((least, each) => (least === null || each.ns < least.ns ? each : least), null);
}

/** An end at the slow rate, told with the tightest budget of the servers at either end. */
function* slowRates(design: Design): Iterable<Found> {
  const slow = new Map<Lag, Budget>();
  for (const [lag, far] of ends(design)) {
    const tightest = tightestOf(design, lag, far);
    if (tightest !== null) for (const end of [lag, far]) if (!end.lacp!.fast) slow.set(end, tightest);
  }
  for (const [lag, budget] of slow) {
    yield { subject: lag.name, at: ratePlace(design, lag), seen: `${lag.name} asks for the slow rate, and ${budget.name} may be down for ${formatDuration(budget.ns)}` };
  }
}

