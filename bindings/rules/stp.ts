// Spanning tree: loops that nothing closes, the root, edge ports, and how long a tree takes.

import { formatDuration } from "../duration.ts";
import type { Node } from "../topology/model.ts";
import { companies, type Bridge, type Company } from "./bridges.ts";
import type { Design } from "./design.ts";
import { group, type Found, type Rule } from "./rule.ts";
import { list, some, viewOf } from "./view.ts";

const priority = (b: Bridge): number => b.nodes[0]!.stp!.priority;
const tier = (b: Bridge): number => Math.max(...b.nodes.map((n) => n.tier));
const first = (c: Company): Node => c.bridges[0]!.nodes[0]!;

/** Those of which a loop is closed by a tree. */
const trees = (design: Design): Company[] => companies(design, (n) => n.stp !== undefined).filter((c) => c.closing.length > 0);

/** Bridges with the best priority. */
function best(c: Company): Bridge[] {
  const least = Math.min(...c.bridges.map(priority));
  return c.bridges.filter((b) => priority(b) === least);
}

/** Does a loop go through it: do two of its cables lead to bridges that reach each other without it, one of which runs spanning tree? */
function bridged(c: Company, b: Bridge): boolean {
  const own = c.cables.filter((cable) => cable.ends.includes(b));
  const reached = new Set<Bridge>();
  return own.some(({ ends }) => {
    const start = ends[0] === b ? ends[1] : ends[0];
    if (reached.has(start)) return true; // by an earlier cable of it, and round
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      for (const cable of c.cables) if (cable.ends.includes(at) && !cable.ends.includes(b)) waiting.push(cable.ends[0] === at ? cable.ends[1] : cable.ends[0]);
    }
    return false;
  });
}

/** Ports of a node with spanning tree: name of the port or port-channel, and whether each of its cables leads to servers. */
function portsOf(design: Design, node: Node): { name: string; toServers: boolean; toBridge: boolean }[] {
  const found = new Map<string, { name: string; toServers: boolean; toBridge: boolean }>();
  for (const port of design.portsOf(node.name)) {
    if (port.mode === "routed" || port.peerLink || port.vlans.length === 0) continue;
    const lag = design.lagAt(`${node.name}:${port.name}`);
    const name = lag === undefined ? port.name : lag.name.slice(node.name.length + 1);
    const far = design.farNode(`${node.name}:${port.name}`);
    const server = far === undefined || far.kind === "server" || far.tier === 0;
    const known = found.get(name) ?? { name, toServers: true, toBridge: false };
    found.set(name, { name, toServers: known.toServers && server, toBridge: known.toBridge || !server });
  }
  return [...found.values()];
}

/** One finding for each switch that `see` says something of. */
function switches(word: string, see: (node: Node, design: Design) => string | null): Rule["find"] {
  return (design) => design.topology.nodes.flatMap((node): Found[] => {
    const seen = node.stp === undefined ? null : see(node, design);
    return seen === null ? [] : [{ subject: node.name, at: design.places.at(node.where, "stp", word), seen }];
  });
}

export const STP: readonly Rule[] = group("stp", {
  "open-loop": {
    severity: "error", systems: [16],
    title: "A loop of bridges that nothing closes",
    why: "None of them runs spanning tree. The first broadcast goes round for ever and is copied at each turn: the cables fill within milliseconds, MAC tables are torn to and fro, and everything in the VLAN is down.",
    mend: "Run RSTP on them (`stp: rstp`), make the cables one port-channel, or one of the switches an MC-LAG pair.",
    effect: "a broadcast storm",
    example: { faulty: "stp: none", mended: "stp: {mode: rstp, edge: servers}" },
    find: (design) => companies(design, (n) => n.stp === undefined).flatMap((c) => c.closing.map((cable) => ({
      subject: cable.name, at: cable.where, seen: `${cable.name} closes a loop of ${some(c.bridges.map((b) => b.name))}, none of which runs spanning tree`,
    }))),
  },
  "hole": {
    severity: "error", systems: [16],
    title: "A loop goes through a switch that does not run spanning tree",
    why: "It drops BPDUs, so the bridges on both sides of it do not hear each other there: each thinks that its port leads to nobody, and opens it. The loop that the tree was to close is open through this switch.",
    mend: "Run RSTP on it as well, or let BPDUs pass (`stp: transparent`).",
    effect: "a broadcast storm, although the other switches run spanning tree",
    example: { faulty: "sw3: {kind: l2switch, stp: none}", mended: "sw3: {kind: l2switch}" },
    find: (design) => {
      const inTrees = new Set(trees(design).flatMap((c) => c.closing.map((cable) => cable.name)));
      return companies(design, (n) => n.stp !== undefined || n.passesBpdus !== true).flatMap((c): Found[] => {
        const holes = c.bridges.filter((b) => b.nodes[0]!.stp === undefined && c.cables.filter((cable) => cable.ends.includes(b)).length > 1);
        if (holes.length === 0 || holes.length === c.bridges.length || c.closing.length <= c.closing.filter((cable) => inTrees.has(cable.name)).length) return [];
        return holes.filter((b) => bridged(c, b)).map((b) => ({ subject: b.name, at: b.nodes[0]!.where, seen: `${b.name} drops BPDUs, and a loop of ${some(c.bridges.map((x) => x.name))} goes through it` }));
      });
    },
  },
  "root-by-chance": {
    severity: "warning", systems: [16],
    title: "The root of the tree is whoever has the lowest MAC address",
    why: "Several bridges share the best priority. The oldest switch tends to have the lowest address: traffic between all others goes by it, and a switch that is added may become the root of everything.",
    mend: "Give two switches in the middle better priorities: 4096 the root, 8192 the next.",
    effect: null,
    example: { faulty: "sw1: {kind: l2switch}", mended: "sw1: {kind: l2switch, stp: {priority: 4096}}" },
    find: (design) => trees(design).flatMap((c) => (best(c).length < 2 ? [] : [{ subject: first(c).name, at: best(c)[0]!.nodes[0]!.where, seen: `${some(best(c).map((b) => b.name))} share the best priority, ${priority(best(c)[0]!)}` }])),
  },
  "root-on-access": {
    severity: "warning", systems: [16],
    title: "The root of the tree is an access switch",
    why: "Traffic between the switches above goes down to the root and up again, by cables that were sized for one rack; and when that one access switch dies, the whole tree is made anew.",
    mend: "Give the best priority to a switch of the highest tier.",
    effect: "the death of one access switch interrupts hosts that have nothing to do with it",
    example: { faulty: "acc1: {kind: l2switch, stp: {priority: 0}}", mended: "acc1: {kind: l2switch}" },
    find: (design) => trees(design).flatMap((c) => {
      const [root, other] = best(c);
      const above = root === undefined || other !== undefined ? undefined : c.bridges.find((b) => tier(b) > tier(root));
      return above === undefined ? [] : [{ subject: root!.name, at: design.places.at(root!.nodes[0]!.where, "stp", "priority"), seen: `${root!.name} (tier ${tier(root!)}) has the best priority, ${priority(root!)}; ${above.name} (tier ${tier(above)}) is above it` }];
    }),
  },
  "server-port-not-edge": {
    severity: "warning", systems: [8, 16],
    title: "A server's port waits as if a switch were behind it",
    why: "A port that is no edge port (portfast) listens and learns before it forwards, twice the forward delay: 30 s in which a server that comes back is not reached, and after which a firmware that boots over the network has given up asking for an address.",
    mend: "Make the ports that lead to servers edge ports (`edge: servers`), with `bpdu-guard: edge`.",
    effect: "a server is reached only 30 s after its link is there",
    example: { faulty: "stp: {mode: stp}", mended: "stp: {mode: stp, edge: servers}" },
    find: switches("edge", (node, design) => {
      const { edge, mode, forwardDelayNs } = node.stp!;
      if (edge === "servers" || mode === "rstp") return null; // RSTP notices after 3 s by itself that nobody speaks
      const slow = portsOf(design, node).filter((p) => p.toServers && !edge.includes(p.name));
      return slow.length === 0 ? null : `${some(slow.map((p) => p.name))} of ${node.name} towards servers: a wait of ${formatDuration(2n * forwardDelayNs)}`;
    }),
  },
  "edge-towards-switch": {
    severity: "error", systems: [16],
    title: "A port between switches is an edge port",
    why: "An edge port forwards as soon as it has a link, before any BPDU has come: when the cable returns a loop is open until the two switches have heard each other. And where edge ports have BPDU guard, the first BPDU shuts the port down for good.",
    mend: "Take the port out of `edge`; `edge: servers` finds the right ones.",
    effect: "with BPDU guard the switches shut each other out, and the flow never comes up",
    example: { faulty: "edge: [Eth1, Eth2, Eth10], bpdu-guard: edge", mended: "edge: [Eth10], bpdu-guard: edge" },
    find: switches("edge", (node, design) => {
      const { edge } = node.stp!;
      const wrong = edge === "servers" ? [] : portsOf(design, node).filter((p) => p.toBridge && edge.includes(p.name));
      return wrong.length === 0 ? null : `${list(wrong.map((p) => p.name))} of ${node.name} ${wrong.length === 1 ? "leads" : "lead"} to a switch`;
    }),
  },
  "slow-against-budget": {
    severity: "warning", systems: [3, 16],
    title: "Classic spanning tree is slower than a flow allows",
    why: "After a failure 802.1D-1998 lets a port listen and learn for a forward delay each, 30 s, and up to 20 s more until old information has aged out. RSTP agrees with its neighbour at once.",
    mend: "Run `mode: rstp` on all switches: one that speaks the old protocol makes its neighbours' ports as slow.",
    effect: "the flow is down for longer than its budget when a cable of the tree is cut",
    example: { faulty: "mode: stp", mended: "mode: rstp" },
    find: (design) => trees(design).flatMap((c) => {
      const classic = c.bridges.find((b) => b.nodes[0]!.stp!.mode === "stp");
      if (classic === undefined) return [];
      const { forwardDelayNs } = classic.nodes[0]!.stp!;
      const inside = new Set(c.bridges.flatMap((b) => b.nodes.map((n) => n.name)));
      const tight = viewOf(design).t.flows.filter((f) => f.maxOutageNs !== null && f.maxOutageNs < 2n * forwardDelayNs && [f.from, f.to].some((s) => viewOf(design).switchesAbove(s).some((n) => inside.has(n))));
      return tight.length === 0 ? [] : [{ subject: classic.name, at: design.places.at(classic.nodes[0]!.where, "stp", "mode"), seen: `${classic.name} speaks 802.1D-1998: ${formatDuration(2n * forwardDelayNs)} until a port forwards; ${some(tight.map((f) => f.name))} may be down for ${formatDuration(tight[0]!.maxOutageNs!)}` }];
    }),
  },
});

