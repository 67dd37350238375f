// MC-LAG pairs: what the peers hear each other by, what they show to others, and how they come back.

import { formatDuration } from "../duration.ts";
import type { Lag, Link, Node, Pair } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group, refused, type Found, type Rule } from "./rule.ts";
import { viewOf } from "./view.ts";

/** A rule that looks at each pair: what was seen, or null. It is told at these words of the pair. */
function each(words: readonly string[], see: (pair: Pair, design: Design) => string | null): Rule["find"] {
  return (design) => design.topology.pairs.flatMap((pair): Found[] => {
    const seen = see(pair, design);
    return seen === null ? [] : [{ subject: pair.name, at: design.places.at(pair.where, ...words), seen: `pair ${pair.name}: ${seen}` }];
  });
}

/** Cables of a pair's peer-link. */
export function peerLinks(pair: Pair, design: Design): Link[] {
  const lag = design.lags.get(pair.peerLinks[0]);
  return lag === undefined ? [] : design.links(lag);
}

const keepaliveLink = (pair: Pair, design: Design): Link | undefined => {
  const { keepalive } = pair;
  return keepalive.via === "link" ? design.topology.links.find((link) => link.name === keepalive.link) : undefined;
};

/** Pairs that show one system and that a VLAN is carried between. */
function* sameSystem(design: Design): Iterable<[Pair, Pair]> {
  const vlansOf = (pair: Pair): Set<number> => new Set(pair.peers.flatMap((peer) => design.portsOf(peer).filter((port) => !port.peerLink).flatMap((port) => port.vlans)));
  const bySystem = new Map<bigint, { pair: Pair; vlans: Set<number> }[]>();
  for (const pair of design.topology.pairs) {
    const vlans = vlansOf(pair);
    const same = bySystem.get(pair.systemMac) ?? [];
    for (const other of same) if ([...vlans].some((vlan) => other.vlans.has(vlan) && joins(design, other.pair, pair, vlan))) yield [other.pair, pair];
    bySystem.set(pair.systemMac, [...same, { pair, vlans }]);
  }
}

/** Whether bridges carry the VLAN from one pair to the other. */
function joins(design: Design, a: Pair, b: Pair, vlan: number): boolean {
  const seen = new Set<string>(a.peers);
  const open = [...a.peers];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const port of design.portsOf(node)) {
      const far = port.vlans.includes(vlan) ? design.farNode(`${port.node}:${port.name}`) : undefined;
      if (far === undefined || far.kind === "server" || seen.has(far.name)) continue;
      if (b.peers.includes(far.name)) return true;
      seen.add(far.name);
      open.push(far.name);
    }
  }
  return false;
}

export const MLAG = group("mlag", {
  "joined-domains-equal": {
    severity: "error", systems: [13, 14, 15],
    title: "Two pairs that are joined by an aggregate show one LACP system",
    why: "The system MAC is made of the domain id. Each pair takes the other's LACPDUs for its own that came back, and the aggregate between them does not form.",
    mend: "Give each pair a `domain` of its own.",
    effect: "the aggregate between the pairs carries nothing",
    example: { faulty: "domain: 1, role-priority: {b1: 100}", mended: "domain: 2, role-priority: {b1: 100}" },
    find: refused("DH_PAIR_DOMAIN"),
  },
  "domain-reused": {
    severity: "warning", systems: [13, 14, 15],
    title: "Two pairs in one layer 2 domain have one domain id, or one system MAC",
    why: "Both show the same LACP system, and with it the same bridge to whoever hears both. It works until somebody cables an aggregate between them, or a server to both: then it does not form, and nothing says why.",
    mend: "Give each pair a `domain` of its own, and no `system-mac` twice.",
    effect: null,
    example: { faulty: "domain: 1, role-priority: {b1: 100}", mended: "domain: 2, role-priority: {b1: 100}" },
    find: function* (design) {
      for (const [a, b] of sameSystem(design)) {
        yield { subject: b.name, at: design.places.at(b.where, "domain"), seen: `${b.name} and ${a.name} are in one layer 2 domain and both show the system of ${a.domain === b.domain ? `domain ${a.domain}` : "one MAC address"}` };
      }
    },
  },
  "keepalive-on-peer-link": {
    severity: "error", systems: [13],
    title: "The keepalive goes over the peer-link",
    why: "The keepalive is there to tell a dead peer from a dead peer-link. Over the peer-link itself both go at once: each peer takes the other for dead, nobody suspends, and both carry on with tables that no longer agree.",
    mend: "Send the keepalive over the management network (`via: mgmt`) or over a cable of its own.",
    effect: "when the peer-link is cut, flows to what hangs on one peer are lost instead of moving to it",
    example: { faulty: "keepalive: {via: link, link: \"leaf1:Eth53 -- leaf2:Eth53\"}", mended: "keepalive: {via: mgmt}" },
    find: each(["keepalive"], (pair, design) => {
      const link = keepaliveLink(pair, design);
      return link !== undefined && peerLinks(pair, design).includes(link) ? `the keepalive goes over ${link.name}, which is of the peer-link` : null;
    }),
  },
  "keepalive-shares-risk": {
    severity: "warning", systems: [1, 13],
    title: "Keepalive and peer-link can fail together",
    why: "Both lie in one duct, or end in one card: what cuts the peer-link cuts the keepalive, each peer takes the other for dead, and both carry on.",
    mend: "Lead the keepalive another way: another duct and another card, or the management network.",
    effect: "when the duct is cut, flows to what hangs on one peer are lost instead of moving to it",
    example: { faulty: "{endpoints: [\"leaf1:Eth47\", \"leaf2:Eth47\"], risk: duct-a}", mended: "{endpoints: [\"leaf1:Eth47\", \"leaf2:Eth47\"], risk: duct-b}" },
    find: each(["keepalive"], (pair, design) => {
      const link = keepaliveLink(pair, design);
      const cables = peerLinks(pair, design);
      if (link === undefined || cables.length === 0 || cables.includes(link)) return null;
      const risk = link.risk.find((each) => cables.every((cable) => cable.risk.includes(each)));
      if (risk !== undefined) return `keepalive and peer-link share the risk ${risk}`;
      const card = commonCard(design, [link, ...cables], pair);
      return card === null ? null : `keepalive and peer-link end in card ${card}`;
    }),
  },
  "peer-link-one-cable": {
    severity: "warning", systems: [1, 13],
    title: "The peer-link is one cable",
    why: "When it is lost the secondary suspends its members, and what hangs on that peer alone is cut off. One cable, one optic or one port does that.",
    mend: "Use two cables, on two cards where there are two: `peer-link: [Eth53, Eth54]`.",
    effect: "one cable cuts off what hangs on the secondary",
    example: { faulty: "peer-link: [Eth53]", mended: "peer-link: [Eth53, Eth54]" },
    find: each(["peer-link"], (pair, design) => (peerLinks(pair, design).length === 1 ? `its peer-link is ${peerLinks(pair, design)[0]!.name} alone` : null)),
  },
  "peer-link-one-risk": {
    severity: "warning", systems: [1, 13],
    title: "All cables of the peer-link can fail together",
    why: "They lie in one duct, or end in one card: it is one cable to whatever happens there.",
    mend: "Lead the cables by two ways and end them in two cards.",
    effect: "one card cuts off what hangs on the secondary",
    example: { faulty: "cards: {1: [Eth53, Eth54], 2: [Eth1..2]}", mended: "cards: {1: [Eth53, Eth1], 2: [Eth54, Eth2]}" },
    find: each(["peer-link"], (pair, design) => {
      const cables = peerLinks(pair, design);
      if (cables.length < 2) return null;
      const risk = cables[0]!.risk.find((each) => cables.every((cable) => cable.risk.includes(each)));
      if (risk !== undefined) return `all cables of its peer-link have the risk ${risk}`;
      const card = commonCard(design, cables, pair);
      return card === null ? null : `all cables of its peer-link end in card ${card}`;
    }),
  },
  "control-off": {
    severity: "warning", systems: [13, 14],
    title: "A peer-link that goes silent is not noticed",
    why: "Without hellos over the peer-link only the loss of its carrier is noticed. Where frames vanish with the carrier up, each peer goes on sending to the other what never arrives.",
    mend: "Leave the hellos on, as the vendors do: no `control: off`.",
    effect: "frames over a silent peer-link are lost until it is repaired",
    example: { faulty: "control: off", mended: "control: {interval: 1s, timeout: 5s}" },
    find: each(["control"], (pair) => (pair.controlTimeoutNs === 0n ? "no hellos go over the peer-link" : null)),
  },
  "one-leg": {
    severity: "warning", systems: [1, 13, 15],
    title: "An aggregate of the pair is on one peer only",
    why: "It has an MC-LAG id, and the other peer has no port-channel of that id: when its peer dies it is gone, as an orphan port is, and what reaches the pair at the other peer always crosses the peer-link.",
    mend: "Cable it to both peers, with the same `mlag-id`.",
    effect: "what hangs on it is down for as long as its peer is dead",
    example: { faulty: "  leaf2:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9}", mended: "  leaf1:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9}\n  leaf2:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9}" },
    find: function* (design) {
      const legs = new Set(design.topology.lags.map((lag) => `${lag.node} ${lag.pair} ${lag.mlagId}`));
      for (const lag of design.topology.lags) {
        const pair = lag.pair === null ? undefined : design.pairs.get(lag.pair);
        const other = pair?.peers.find((peer) => peer !== lag.node);
        if (other === undefined || legs.has(`${other} ${lag.pair} ${lag.mlagId}`)) continue;
        yield { subject: lag.name, at: design.places.at(lag.where, "mlag"), seen: `${lag.name} has MC-LAG id ${lag.mlagId} of pair ${pair!.name}, and ${other} has none of that id` };
      }
    },
  },
  "restores-before-routes": {
    severity: "warning", systems: [3, 13, 14],
    title: "A peer opens its members before its ways up can be there",
    why: "After a power cut the peer and the switch above it start together. Delay restore holds the members back after the peer has started; when the switch above takes longer, hosts send to a peer that has no route yet, although the other one has.",
    mend: "Let `delay-restore` be longer than what the switch above needs to start, less the peer's own start; or give the peer a second way up.",
    effect: "when power returns, what hosts send by this peer is lost until the switch above it has started",
    example: { faulty: "delay-restore: 5s", mended: "delay-restore: 120s" },
    find: each(["delay-restore"], (pair, design) => {
      const view = viewOf(design);
      for (const peer of pair.peers) {
        const { bootNs } = view.node(peer);
        const above = view.uplinks(peer).map((link) => view.node(view.far(link, peer)));
        const first = above.reduce<Node | null>((least, node) => (least === null || node.bootNs < least.bootNs ? node : least), null);
        if (first === null || bootNs + pair.delayRestoreNs >= first.bootNs) continue;
        return `${peer} opens its members ${formatDuration(bootNs + pair.delayRestoreNs)} after power on, and ${first.name} above it starts in ${formatDuration(first.bootNs)}`;
      }
      return null;
    }),
  },
  "legs-differ": {
    severity: "error", systems: [13, 14, 20],
    title: "The two legs of an aggregate are configured differently",
    why: "Both peers have to show one aggregate: one key, one mode, one rate. A leg with another key is another aggregator to the server, which uses one of the two; a leg that is static beside one of LACP deals to a port that nobody agreed on. Configurations that were changed on one peer alone look like this.",
    mend: "Let both legs say the same `key`, `mode`, `rate` and `min-links`; a range says it once: `leaf1..2:Po9`.",
    effect: "one of the two cables carries nothing",
    example: { faulty: "leaf2:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9, key: 10}", mended: "leaf2:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9, key: 9}" },
    find: function* (design) {
      const legs = new Map<string, Lag>();
      for (const lag of design.topology.lags) {
        if (lag.pair === null || lag.mlagId === 0) continue;
        const id = `${lag.pair} ${lag.mlagId}`;
        const other = legs.get(id);
        if (other === undefined) legs.set(id, lag);
        else for (const [word, a, b] of differences(other, lag)) yield { subject: lag.name, at: design.places.at(lag.where, word), seen: `${lag.name} has ${word} ${b}, and ${other.name} has ${a}` };
      }
    },
  },
  "two-vendors": {
    severity: "error", systems: [14, 20],
    title: "The peers of a pair are of two vendors",
    why: "What the peers say to each other over the peer-link is each vendor's own: machines of two vendors make no pair. Where the file leaves values open, those of the first peer are taken for both.",
    mend: "Give both peers one `profile`.",
    effect: null,
    example: { faulty: "leaf2: {kind: leaf, profile: eos-mlag}", mended: "leaf2: {kind: leaf, profile: nxos-vpc}" },
    find: function* (design) {
      for (const pair of design.topology.pairs) {
        const [a, b] = pair.peers.map((peer) => design.nodes.get(peer)!);
        if (a!.profile !== b!.profile) yield { subject: pair.name, at: design.places.value(b!.where, "profile", "switch"), seen: `pair ${pair.name}: ${a!.name} is ${a!.profile}, ${b!.name} is ${b!.profile}` };
      }
    },
  },
  "no-way-back-alone": {
    severity: "warning", systems: [13, 14],
    title: "A peer that starts without the other stays suspended",
    why: "After both lost power one of them may not come back. The one that does waits for the other before it opens its members, and without auto recovery it waits for ever.",
    mend: "Let `auto-recovery` be a time, such as 240s, not off.",
    effect: "after a power cut with one peer left nothing is reached until somebody steps in",
    example: { faulty: "auto-recovery: off", mended: "auto-recovery: 240s" },
    find: each(["auto-recovery"], (pair) => (pair.aloneNs < 0n ? "a peer that starts alone never becomes primary" : null)),
  },
});

/** What two legs of one aggregate say differently, by the words of the file. */
function differences(a: Lag, b: Lag): [string, string, string][] {
  const said = (lag: Lag): Record<string, string> => ({
    mode: lag.lacp === null ? "static" : lag.lacp.active ? "lacp-active" : "lacp-passive", "min-links": String(lag.minLinks), hash: lag.hash,
    ...(lag.lacp === null ? {} : { key: String(lag.lacp.key), rate: lag.lacp.fast ? "fast" : "slow" }),
  });
  const [one, two] = [said(a), said(b)];
  return Object.keys(one).flatMap((word): [string, string, string][] => (two[word] === undefined || one[word] === two[word] ? [] : [[word, one[word]!, two[word]]]));
}

/** A card of one peer that all these cables end in. */
function commonCard(design: Design, links: readonly Link[], pair: Pair): string | null {
  for (const peer of pair.peers) {
    const ports = links.map((link) => [link.a, link.b].find((end) => end.startsWith(`${peer}:`))?.slice(peer.length + 1) ?? "");
    const card = design.nodes.get(peer)?.cards?.find((each) => ports.every((port) => each.ports.includes(port)));
    if (card !== undefined) return `${card.name} of ${peer}`;
  }
  return null;
}
