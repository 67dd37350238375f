// Sites: the ways between them, and what of a network depends on the other side.

import type { Link } from "../topology/model.ts";
import { nodeOf, type Design } from "./design.ts";
import { group, type Found, type Rule } from "./rule.ts";
import { list, some, viewOf } from "./view.ts";

interface Leaving { site: string; cables: Link[]; /** names of flows with one end here */ flows: string[] }

/** Sites with servers that talk to others, and the cables that lead out of them. */
function leaving(design: Design): Leaving[] {
  const view = viewOf(design);
  const site = (node: string): string | null => view.site(node);
  const virtual = new Set(design.topology.vms.flatMap((vm) => vm.links));
  const sites = new Map<string, Leaving>();
  const of = (name: string): Leaving => {
    const known = sites.get(name) ?? { site: name, cables: [], flows: [] };
    sites.set(name, known);
    return known;
  };
  for (const flow of design.topology.flows) {
    const ends = [site(flow.from), site(flow.to)];
    if (ends[0] !== ends[1]) for (const end of ends) if (end !== null) of(end).flows.push(flow.service ?? flow.name);
  }
  for (const link of design.topology.links) {
    const ends = [site(nodeOf(link.a)), site(nodeOf(link.b))];
    if (ends[0] !== ends[1] && !virtual.has(link.name)) for (const end of ends) if (end !== null) sites.get(end)?.cables.push(link);
  }
  return [...sites.values()].filter((s) => s.cables.length > 0);
}

const who = (s: Leaving): string => some([...new Set(s.flows)]);

/** A site of which nothing is known but its name stands where its first cable does. */
function ways(see: (s: Leaving, design: Design) => string | null): Rule["find"] {
  return (design) => leaving(design).flatMap((s): Found[] => {
    const seen = see(s, design);
    return seen === null ? [] : [{ subject: s.site, at: s.cables[0]!.where, seen }];
  });
}

/** Networks whose servers at a site have all routers of their gateway elsewhere. */
function abroad(design: Design): Found[] {
  const view = viewOf(design);
  const site = (node: string): string | null => view.site(node);
  return view.groups.flatMap((g): Found[] => {
    const vips = new Set(g.members.flatMap((m) => m.vips));
    const routers = new Set(g.members.map((m) => site(m.node)));
    const far = design.topology.addresses.filter((a) => a.gateway !== null && vips.has(a.gateway) && site(a.node) !== null && !routers.has(site(a.node)) && !routers.has(null));
    return far.length === 0 ? [] : [{ subject: g.name, at: design.places.at(g.where, "routers"), seen: `gateway ${g.name}: ${some(far.map((a) => a.node))} at site ${site(far[0]!.node)}, ${list(g.members.map((m) => m.node))} at ${list([...routers].map((r) => `site ${r}`))}` }];
  });
}

export const SITES: readonly Rule[] = group("site", {
  "one-cable": {
    severity: "warning", systems: [1, 4],
    title: "A site has one cable to the rest",
    why: "The cable is dug up, and the site is by itself: what is there cannot be reached, and what stands by there is no help.",
    mend: "Lay a second cable, by another duct and to other switches.",
    effect: "flows between the sites are down for as long as the cable is",
    example: { faulty: "# one cable between the spines", mended: "- {endpoints: [\"spine1:Eth63\", \"spine2:Eth63\"], risk: south}" },
    find: ways((s) => (s.cables.length > 1 ? null : `site ${s.site} has ${s.cables[0]!.name} alone; ${who(s)} go${new Set(s.flows).size === 1 ? "es" : ""} by it`)),
  },
  "one-duct": {
    severity: "warning", systems: [1, 4],
    title: "All cables of a site lie in one duct",
    why: "They are as good as one: a digger takes them all.",
    mend: "Lay one of them by another duct.",
    effect: "flows between the sites are down for as long as the duct is cut",
    example: { faulty: "risk: north}", mended: "risk: south}" },
    find: ways((s) => {
      const risk = s.cables[0]!.risk.find((r) => s.cables.every((l) => l.risk.includes(r)));
      return s.cables.length < 2 || risk === undefined ? null : `site ${s.site} has ${s.cables.length} cables, all of them of the risk ${risk}; ${who(s)} go${new Set(s.flows).size === 1 ? "es" : ""} by them`;
    }),
  },
  "one-switch": {
    severity: "warning", systems: [1, 4],
    title: "All cables of a site end at one switch of it",
    why: "The cables go by different ducts and meet at one machine, which is rebooted sooner or later.",
    mend: "End them at two switches.",
    effect: "flows between the sites are down for as long as the switch is",
    example: { faulty: "spine1:Eth63", mended: "spine3:Eth63" },
    find: ways((s, design) => {
      const ends = new Set(s.cables.map((l) => (design.nodes.get(nodeOf(l.a))?.site === s.site ? nodeOf(l.a) : nodeOf(l.b))));
      const switches = design.topology.nodes.filter((n) => n.site === s.site && n.kind !== "server" && n.tier > 0);
      const [only] = ends;
      return s.cables.length < 2 || ends.size > 1 || switches.length < 2 ? null : `the ${s.cables.length} cables of site ${s.site} end at ${only}; ${who(s)} go${new Set(s.flows).size === 1 ? "es" : ""} by it`;
    }),
  },
  "stretched": {
    severity: "note", systems: [4, 16],
    title: "A VLAN is bridged between sites",
    why: "Whatever breaks a VLAN, a loop, a storm or a double address, breaks it at both sites at once, which were to be independent of each other. And when the way between them is cut each half goes on with the same addresses.",
    mend: "Route between the sites, and give each its own networks: `site:` at the network, no `networks:` at the cable.",
    effect: null,
    example: { faulty: "networks: [a]} # between the sites", mended: "delay: 4ms} # between the sites" },
    find: (design) => design.topology.links.flatMap((link): Found[] => {
      const [a, b] = [link.a, link.b].map((port) => ({ port: design.ports.get(port), site: design.nodes.get(nodeOf(port))?.site ?? null }));
      if (a?.port === undefined || b?.port === undefined || a.site === null || b.site === null || a.site === b.site || a.port.mode === "routed") return [];
      const vlans = a.port.vlans.filter((vlan) => b.port!.vlans.includes(vlan));
      return vlans.length === 0 ? [] : [{ subject: link.name, at: link.where, seen: `${link.name} carries ${vlans.length === 1 ? `VLAN ${vlans[0]}` : `${vlans.length} VLANs`} from site ${a.site} to site ${b.site}` }];
    }),
  },
  "gateway-elsewhere": {
    severity: "warning", systems: [4, 19, 22],
    title: "Servers of a site have their gateway at another one",
    why: "Their traffic goes to the other site and comes back, and when the way between the sites is cut they are cut off from every network, those of their own site too.",
    mend: "Name a router of that site as well, with a worse priority, or use an anycast gateway.",
    effect: "servers of one site cannot reach each other when the way to the other site is cut",
    example: { faulty: "a: {vrid: 10, vip: 10.1.10.1, protocol: vrrp, routers: {r1: 110, r3: 100}}", mended: "a: {vrid: 10, vip: 10.1.10.1, protocol: vrrp, routers: {r1: 110, r2: 100}}" },
    find: abroad,
  },
});
