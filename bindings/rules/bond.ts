// Bonds of servers: how they notice that a cable is lost, and what they do then.

import { formatDuration } from "../duration.ts";
import type { Lag } from "../topology/model.ts";
import { budgetOf } from "./budgets.ts";
import type { Design } from "./design.ts";
import { group, type Found, type Rule } from "./rule.ts";

/** A rule that looks at each Linux bond: what was seen, or null. It is told at this word of the bond. */
function each(word: string, see: (bond: Lag, design: Design) => string | null): Rule["find"] {
  return (design) => design.topology.lags.flatMap((lag): Found[] => {
    const seen = lag.linux ? see(lag, design) : null;
    return seen === null ? [] : [{ subject: lag.name, at: design.places.value(lag.where, word, "bond"), seen }];
  });
}

const monitorsArp = (bond: Lag): boolean => (bond.bond?.arpIntervalNs ?? 0n) > 0n;

export const BOND = group("bond", {
  "no-monitor": {
    severity: "error", systems: [10],
    title: "A bond looks neither at carriers nor for answers",
    why: "With an MII monitor interval of 0 and no ARP monitor a Linux bond never learns that a cable is lost: it goes on sending into it.",
    mend: "Say `mii-monitor-interval: 100ms`, or watch an address with `arp-interval` and `arp-ip-targets`.",
    effect: "a lost cable takes the server down until it is repaired",
    example: { faulty: "mii-monitor-interval: 0ms", mended: "mii-monitor-interval: 100ms" },
    find: each("mii-monitor-interval", (bond) => (bond.miimonNs > 0n || monitorsArp(bond) ? null : `${bond.name} has no monitor`)),
  },
  "slow-monitor": {
    severity: "warning", systems: [3, 10],
    title: "A bond notices a lost cable later than a flow allows",
    why: "The bond looks at carriers once an interval, and acts when the down delay is over. Until then it sends into the lost cable, and the budget of the flow is spent.",
    mend: "Shorten `mii-monitor-interval` to 100 ms or less, and `down-delay` with it.",
    effect: "a lost cable costs the interval and the down delay",
    example: { faulty: "down-delay: 2s", mended: "down-delay: 0s" },
    find: each("down-delay", (bond, design) => {
      const budget = budgetOf(design, bond.node);
      const slow = bond.miimonNs + bond.downdelayNs / (bond.miimonNs || 1n) * bond.miimonNs;
      if (budget === null || bond.miimonNs === 0n || slow <= budget.ns) return null;
      return `${bond.name} acts up to ${formatDuration(slow)} after a cable is lost, and ${budget.name} may be down for ${formatDuration(budget.ns)}`;
    }),
  },
  "delay-between-polls": {
    severity: "note", systems: [10],
    title: "A delay of a bond is no multiple of its monitor interval",
    why: "The bond counts delays in looks at the carrier: what is left over of a delay is dropped, and a delay of less than one interval is none.",
    mend: "Let `up-delay` and `down-delay` be multiples of `mii-monitor-interval`.",
    effect: null,
    example: { faulty: "up-delay: 250ms", mended: "up-delay: 200ms" },
    find: function* (design) {
      for (const [word, of] of [["up-delay", (bond: Lag) => bond.updelayNs], ["down-delay", (bond: Lag) => bond.downdelayNs]] as const) {
        yield* each(word, (bond) => {
          if (bond.miimonNs === 0n || of(bond) % bond.miimonNs === 0n) return null;
          return `${bond.name} looks each ${formatDuration(bond.miimonNs)}: its ${word} of ${formatDuration(of(bond))} is ${formatDuration(of(bond) / bond.miimonNs * bond.miimonNs)}`;
        })(design);
      }
    },
  },
  "one-arp-target": {
    severity: "warning", systems: [10, 17],
    title: "The ARP monitor of a bond asks one address",
    why: "When that one host is down, the bond takes its cables for dead, one after the other, though they work: it changes members again and again, and what it sends meanwhile is lost.",
    mend: "Name two `arp-ip-targets` that do not fail together.",
    effect: "a host that nobody needs takes the flows of the bond down when it dies",
    example: { faulty: "arp-ip-targets: [10.1.10.21]", mended: "arp-ip-targets: [10.1.10.21, 10.1.10.22]" },
    find: each("arp-ip-targets", (bond) => (monitorsArp(bond) && bond.bond!.arpTargets.length === 1 ? `${bond.name} asks ${bond.bond!.arpTargets[0]} alone` : null)),
  },
  "carrier-behind-converter": {
    severity: "warning", systems: [10, 11],
    title: "A bond goes by carrier behind media converters",
    why: "A converter keeps the light on at the server while the far end is dark or its switch is dead. The MII monitor sees a good carrier, and the bond goes on sending into it.",
    mend: "Use LACP at the fast rate, or in active-backup the ARP monitor; or cables without converters.",
    effect: "when the switch dies the server is down until it is back",
    example: { faulty: "{to: [sw1, sw2], members: [eth0, eth1], media-converter: true}", mended: "{to: [sw1, sw2], members: [eth0, eth1]}" },
    find: function* (design) {
      for (const lag of design.topology.lags) {
        if (design.nodes.get(lag.node)?.kind !== "server" || lag.lacp !== null || (lag.linux && monitorsArp(lag))) continue;
        const link = design.links(lag).find((each) => each.converter === true);
        if (link !== undefined) yield { subject: lag.name, at: design.places.value(lag.where, "media-converter", "link"), seen: `${lag.name} is ${lag.mode} and has converters in ${link.name}` };
      }
    },
  },
  "round-robin": {
    severity: "note", systems: [10],
    title: "A bond deals the frames of one flow to all members",
    why: "Mode `balance-rr` sends frames of one connection over several cables, on which they overtake each other. TCP takes what is out of order for lost and sends slower; a switch that is not told to bundle moves the bond's address from port to port with each frame.",
    mend: "Use `mode: 802.3ad` with `transmit-hash-policy: layer3+4`, which keeps a flow on one cable.",
    effect: null,
    example: { faulty: "mode: balance-rr", mended: "mode: 802.3ad" },
    find: each("mode", (bond) => (bond.mode === "balance-rr" && bond.members.length > 1 ? `${bond.name} deals ${bond.bond!.packetsPerSlave === 0 ? "frames at random" : `${bond.bond!.packetsPerSlave} ${bond.bond!.packetsPerSlave === 1 ? "frame" : "frames"} to each member in turn`}` : null)),
  },
});
