// Which views a node has, which of them it is asked by default, and what each is made of.

import { FHRP_GLBP, FHRP_HSRP } from "../../assembly/abi.ts";
import { NODE_STP, STATE_NODE } from "../../assembly/abi-state.ts";
import { bonding } from "./bonding.ts";
import { glbpGroups, hsrpGroups, neighbours, routes, virtualRouters } from "./gateways.ts";
import type { State } from "./state.ts";
import { interfaces, macTable, mclag, portChannels, spanningTree } from "./switching.ts";
import { VIEWS, type View, type Views } from "./types.ts";

const READ: { [V in View]: (state: State, node: string) => Views[V] } = {
  bonding: (state, node) => state.bondsOf(node).map((bond) => bonding(state, bond)),
  "port-channel": portChannels, vrrp: virtualRouters, hsrp: hsrpGroups, glbp: glbpGroups, mac: macTable, arp: neighbours, neighbours,
  "spanning-tree": (state, node) => spanningTree(state, node)!, mclag: (state, node) => mclag(state, node)!, interfaces, "ip-route": routes,
};

export function read<V extends View>(state: State, node: string, view: V): Views[V] { return READ[view](state, node); }

/** null: the node has this view. Else why it has not. */
export function whyNot(state: State, node: string, view: View): string | null {
  const { topology, tables } = state.moment;
  const index = state.node(node);
  const server = topology.nodes.find((n) => n.name === node)?.kind === "server";
  const groups = (kind: number): boolean => tables.fhrps.some((f) => f.kind === kind && tables.l3ifs[f.l3]!.node === index);
  const reasons: Record<View, string | false> = {
    bonding: state.bondsOf(node).length === 0 && (server ? "it has no Linux bond" : "it is no Linux host: see port-channel"),
    "port-channel": state.lagsOf(node).length === 0 && "it has no port-channel",
    vrrp: !tables.vrrps.some((v) => tables.l3ifs[v.l3]!.node === index) && "it runs no VRRP",
    hsrp: !groups(FHRP_HSRP) && "it runs no HSRP",
    glbp: !groups(FHRP_GLBP) && "it runs no GLBP",
    mac: server && "a server has no MAC table",
    arp: state.l3sOf(node).length === 0 && "it has no IP interface",
    neighbours: state.l3sOf(node).length === 0 && "it has no IP interface",
    "spanning-tree": state.row(STATE_NODE, index).of(NODE_STP) < 0 && "it runs no spanning tree",
    mclag: !tables.peers.some((p) => p.node === index) && "it is in no MC-LAG pair",
    interfaces: false,
    "ip-route": state.l3sOf(node).length === 0 && tables.nodes[index]!.routed === 0 && "it has no IP interface",
  };
  return reasons[view] === false ? null : reasons[view];
}

export function viewsOf(state: State, node: string): View[] { return VIEWS.filter((view) => whyNot(state, node, view) === null); }

const OF_SWITCHES: readonly View[] = ["mclag", "port-channel", "vrrp", "hsrp", "glbp", "spanning-tree", "mac", "bonding"]; // bonding: a hypervisor

/** What one asks a node of this kind first. */
export function defaultViews(state: State, node: string): View[] {
  const has = new Set(viewsOf(state, node));
  if (state.moment.topology.nodes.find((n) => n.name === node)?.kind !== "server") return OF_SWITCHES.filter((view) => has.has(view));
  return has.has("bonding") ? ["bonding"] : [...(has.has("port-channel") ? ["port-channel" as const] : []), "interfaces", ...(has.has("neighbours") ? ["neighbours" as const] : [])];
}
