// Hosts and their gateway, ARP; routed ways up and down.

import type { Address } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group, type Found, type Rule } from "./rule.ts";
import { inPrefix, list, seconds, viewOf, wayUp, type View } from "./view.ts";

/** A rule that looks at each server's address: what was seen, or null. It is told at this word of the server. */
function servers(word: string, see: (a: Address, view: View) => string | null): Rule["find"] {
  return (design: Design) => design.topology.addresses.flatMap((a): Found[] => {
    const node = design.nodes.get(a.node);
    const seen = node?.kind === "server" ? see(a, viewOf(design)) : null;
    return seen === null || node === undefined ? [] : [{ subject: a.node, at: design.places.at(node.where, word), seen }];
  });
}

const HOST = group("host", {
  "gateway-is-a-router": {
    severity: "warning", systems: [17, 19],
    title: "A host sends to a router's own address",
    why: "The address of one router does not move to the other: when that router dies the host is cut off, though the gateway of its network has failed over.",
    mend: "Leave `gateway` out, and the host takes that of its network; or give it the virtual address.",
    effect: "the host is cut off for as long as that router is dead",
    example: { faulty: "h1: {kind: server, network: a, gateway: 10.1.10.2} # r1's own", mended: "h1: {kind: server, network: a}" },
    find: servers("gateway", (a, view) => {
      const router = a.gateway === null || view.vips.has(a.gateway) ? undefined : view.owner.get(a.gateway);
      const shared = router !== undefined && view.groups.some((g) => g.members.length > 1 && g.members.some((m) => m.node === router && m.vlan === a.vlan));
      return shared ? `${a.node} sends to ${a.gateway}, the address of ${router} alone` : null;
    }),
  },
  "gateway-is-nobody": {
    severity: "error", systems: [17],
    title: "A host's gateway is an address that nobody has",
    why: "The host asks for it by ARP and is never answered: it reaches its own network, and nothing beyond.",
    mend: "Leave `gateway` out, and the host takes that of its network; or correct the address.",
    effect: "the flow never comes up",
    example: { faulty: "h1: {kind: server, network: a, gateway: 10.1.10.250}", mended: "h1: {kind: server, network: a, gateway: 10.1.10.1}" },
    find: servers("gateway", (a, view) => (a.gateway === null || view.vips.has(a.gateway) || view.owner.has(a.gateway) || a.gateway.startsWith("fe80:") ? null : `${a.node} sends to ${a.gateway}, and nobody has it`)),
  },
  "no-gateway": {
    severity: "error", systems: [17],
    title: "A host without a gateway talks to another network",
    why: "What is not in its own network has nowhere to go: the flow never comes up.",
    mend: "Leave `gateway: none` out, and the host takes that of its network; a network without a gateway needs one.",
    effect: "the flow never comes up",
    example: { faulty: "h1: {kind: server, network: a, gateway: none}", mended: "h1: {kind: server, network: a}" },
    find: (design) => {
      const address = new Map(design.topology.addresses.map((a) => [a.node, a]));
      return design.topology.flows.flatMap((f): Found[] => [[f.from, f.to], [f.to, f.from]].flatMap(([from, to]) => {
        const [a, b] = [address.get(from!), address.get(to!)];
        if (a === undefined || b === undefined || a.gateway !== null || a.ip.includes(":") || inPrefix(a.ip, a.prefix, b.ip)) return [];
        const node = design.nodes.get(a.node)!;
        return [{ subject: a.node, at: design.places.at(node.where, "gateway"), seen: `${a.node} has no gateway, and flow ${f.name} is with ${b.node} in another network` }];
      }));
    },
  },
  "wrong-mask": {
    severity: "error", systems: [17, 18],
    title: "A host's mask is not that of its network",
    why: "With a shorter prefix it takes hosts behind the router for neighbours and asks for them by ARP: only a router that answers for others (proxy ARP) saves it. With a longer one it goes to its neighbours by way of the router.",
    mend: "Leave `prefix-length` out.",
    effect: "the flow never comes up",
    example: { faulty: "h1: {kind: server, network: a, prefix-length: 16}", mended: "h1: {kind: server, network: a}" },
    find: servers("prefix-length", (a, view) => {
      const subnet = view.networkOf(a.vlan, a.ip)?.subnet;
      return subnet === undefined || subnet === null || Number(subnet.split("/")[1]) === a.prefix ? null : `${a.node} has /${a.prefix} in ${subnet}`;
    }),
  },
});

const ARP = group("arp", {
  "proxy-arp": {
    severity: "warning", systems: [18],
    title: "A router answers ARP for addresses that are not its own",
    why: "Proxy ARP hides hosts with a wrong mask or without a gateway, and whoever can make a router believe in a route can have the frames for it.",
    mend: "Take `proxy-arp` out; host/wrong-mask finds hosts that live by it.",
    effect: null,
    example: { faulty: "routers: {r1: 110, r2: 100}, proxy-arp: true", mended: "routers: {r1: 110, r2: 100}" },
    find: (design) => [...new Set(design.topology.proxyArps.map((p) => p.gateway))].map((name) => {
      const own = design.topology.proxyArps.filter((p) => p.gateway === name);
      return { subject: name, at: design.places.at(own[0]!.where, "proxy-arp"), seen: `gateway ${name}: ${list(own.map((p) => p.node))} answer${own.length === 1 ? "s" : ""} for every address behind ${own.length === 1 ? "it" : "them"}` };
    }),
  },
});

/** Does an election among routers decide about its hosts? Then what it does without its uplinks is a matter of tracking (fhrp/uplink-untracked). */
const decided = (view: View, node: string): boolean => view.groups.some((g) => g.members.length > 1 && g.protocol !== "anycast" && !view.allActive(g) && g.members.some((m) => m.node === node));

const ROUTING = group("routing", {
  "one-way-up": {
    severity: "warning", systems: [1, 3],
    title: "A switch that routes for hosts has a single way up",
    why: "Its hosts have carrier and a gateway that answers, so they go on sending to it when the way up is lost. A peer of an MC-LAG pair does not help: what reaches a leaf without routes is lost there.",
    mend: "Lay a second routed cable, to another switch and by another duct.",
    effect: "hosts are cut off for as long as the cable is",
    example: { faulty: "mesh: {from: leaf1..2, to: spine1}", mended: "mesh: {from: leaf1..2, to: spine1..2}" },
    find: (design) => {
      const view = viewOf(design);
      return design.topology.nodes.flatMap((node): Found[] => {
        const routes = node.routed && design.topology.addresses.some((a) => a.node === node.name && a.vlan !== 0);
        const way = routes && !decided(view, node.name) ? wayUp(view, node.name) : null;
        return way === null ? [] : [{ subject: node.name, at: node.where, seen: `${node.name} goes up by ${way} alone` }];
      });
    },
  },
  "back-before-routes": {
    severity: "warning", systems: [3, 13],
    title: "A peer of a pair offers its legs again before its uplinks can be there",
    why: "When power returns to a rack the leaf is up before the switch above it. After its delay restore the servers use it again, and what their hashes send to it is lost until the switch above has booted. The return costs more than the failure did.",
    mend: "Make `delay-restore` longer than the slowest boot above, less the leaf's own.",
    effect: "after the return, flows are lost until the switch above has booted",
    example: { faulty: "delay-restore: 5s", mended: "delay-restore: 90s" },
    find: (design) => {
      const view = viewOf(design);
      return design.topology.pairs.flatMap((pair) => pair.peers.flatMap((peer): Found[] => {
        const own = view.node(peer);
        const routes = design.topology.addresses.some((a) => a.node === peer && a.vlan !== 0);
        const above = view.uplinks(peer).map((l) => view.node(view.far(l, peer))).sort((a, b) => Number(a.bootNs - b.bootNs))[0];
        if (!routes || above === undefined || above.bootNs <= own.bootNs + pair.delayRestoreNs) return [];
        return [{ subject: pair.name, at: design.places.at(pair.where, "delay-restore"), seen: `pair ${pair.name}: ${peer} is used again ${seconds(own.bootNs + pair.delayRestoreNs)} after power has returned, ${above.name} above it is up after ${seconds(above.bootNs)}` }];
      }));
    },
  },
});

/** Switches that deal by the same seed, one above the other, each with a choice of ways up. */
const SPREAD = group("routing", {
  "polarised": {
    severity: "warning", systems: [2],
    title: "Two tiers deal flows by the same hash",
    why: "What a leaf sends to a spine has passed the leaf's hash already. A spine with the same hash comes to the same answer for all of it: of its cables upwards some carry everything and the others nothing, however many there are.",
    mend: "Give each tier a `hash-seed` of its own, or leave it out: then each switch has its own.",
    effect: "cables of the upper tier carry nothing",
    example: { faulty: "spine1..2: {kind: spine, hash-seed: 1}", mended: "spine1..2: {kind: spine, hash-seed: 2}" },
    find: (design) => {
      const view = viewOf(design);
      const waysUp = (node: string): string[] => [...new Set(view.uplinks(node).map((l) => view.far(l, node)))];
      return design.topology.nodes.flatMap((node): Found[] => {
        const above = node.hashSeed === undefined ? [] : waysUp(node.name);
        const same = above.length < 2 ? undefined : above.find((n) => view.node(n).hashSeed === node.hashSeed && waysUp(n).length > 1);
        return same === undefined ? [] : [{ subject: node.name, at: design.places.value(node.where, "hash-seed", "switch"), seen: `${node.name} and ${same} above it both have hash-seed ${node.hashSeed}` }];
      });
    },
  },
});

export const HOSTS: readonly Rule[] = [...HOST, ...ARP, ...ROUTING, ...SPREAD];
