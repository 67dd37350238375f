// Which records are states of something, what that is called, and what the state is called. All others are events: they are over at once.

import * as abi from "../../assembly/abi.ts";
import { faultTarget } from "../analysis/describe.ts";
import { describer, type Run, type Words } from "../analysis/index.ts";
import { PXE_STATES } from "../analysis/boot-words.ts";
import * as w from "../analysis/words.ts";
import type { Names } from "../engine/names.ts";
import type { TraceRecord } from "../trace/records.ts";

/** A record's slice: in which process and on which track, how it is named, and whether it lasts until the next one of its track. */
export interface Slice { process: string; track: string; name: string; lasts: boolean; words: Words }

export const SCENARIO = "Scenario";
/** The track of what the scenario does. */
export const STEPS = "steps";
export const OUTAGES = "Outages";
const FLOWS = "Services and flows";
const NETWORK = "Network";

/** A machine whose states follow each other. `of`: which of several that stand at the same place. */
interface Machine { machine: string; state: (r: TraceRecord, names: Names) => string; of?: (r: TraceRecord, names: Names) => string }

const listed = (machine: string, states: readonly string[]): Machine => ({ machine, state: (r) => w.nameAt(states, r.b) });
const switched = (machine: string, on: string, off: string): Machine => ({ machine, state: (r) => (r.a === 1 ? on : off) });
const portOf = (index: number, names: Names): string => (index < 0 ? "none" : w.nameAt(names.ports, index));

const MACHINES: Record<number, Machine> = {
  [abi.T_NODE]: listed("node", w.NODE_STATES),
  [abi.T_CARRIER]: switched("carrier", "carrier", "no carrier"),
  [abi.T_MII]: listed("MII", w.MII_STATES),
  [abi.T_LACP_RX]: listed("LACP receive", w.RX_STATES),
  [abi.T_LACP_PERIODIC]: listed("LACP periodic", w.PERIODIC_STATES),
  [abi.T_LACP_SELECTED]: listed("LACP selection", w.SELECTED_STATES),
  [abi.T_LACP_MUX]: listed("LACP mux", w.MUX_STATES),
  [abi.T_LACP_CHURN]: { machine: "LACP churn", of: (r) => (r.a === 0 ? "actor" : "partner"), state: (r) => w.nameAt(w.CHURN_STATES, r.b) },
  [abi.T_LACP_PARTNER]: { machine: "LACP partner", state: (r) => `${w.macLow(r.a)} key ${r.b} ${w.lacpFlags(r.c)}` },
  [abi.T_AGGREGATOR]: { machine: "active aggregator", state: (r, names) => portOf(r.b, names) },
  [abi.T_MEMBER]: listed("member", w.MEMBER_STATES),
  [abi.T_LAG]: { machine: "bundle", state: (r) => `${r.a === 1 ? "up" : "down"}, usable ${r.b}` },
  [abi.T_BOND_ACTIVE]: { machine: "active member", state: (r, names) => portOf(r.b, names) },
  [abi.T_BOND_MAC]: { machine: "MAC address", state: (r, names) => `${w.macLow(r.b)} by ${portOf(r.a, names)}` },
  [abi.T_RLB_CLIENT]: { machine: "client", of: (r, names) => w.address(r.a, names), state: (r, names) => portOf(r.b, names) },
  [abi.T_FALLBACK]: { machine: "LACP fallback", state: (r) => (r.b === 0 ? "off" : "on") },
  [abi.T_PXE]: listed("boot", PXE_STATES),
  [abi.T_VRRP]: listed("VRRP", w.VRRP_STATES),
  [abi.T_HSRP]: listed("HSRP", w.HSRP_STATES),
  [abi.T_GLBP]: listed("GLBP", w.HSRP_STATES),
  [abi.T_FORWARDER]: { machine: "GLBP forwarder", of: (r) => String(r.c & 255), state: (r) => w.nameAt(w.FORWARDER_STATES, r.b) },
  [abi.T_TRACK]: { machine: "tracked", state: (r) => `${r.a === 1 ? "up" : "down"}: ${r.c}` },
  [abi.T_ARP]: { machine: "neighbour", of: (r, names) => w.address(r.a, names), state: (r) => w.nameAt(w.ARP_STATES, r.b) },
  [abi.T_ADJACENCY]: switched("routing adjacency", "up", "down"),
  [abi.T_ROUTE]: { machine: "route", of: (r, names) => w.nameAt(names.prefixes, r.a), state: (r) => `next hops: ${r.b}` },
  [abi.T_MLAG_ROLE]: listed("role", w.MLAG_ROLES),
  [abi.T_MLAG_PEERLINK]: { machine: "peer-link", state: (r) => (r.a === 1 ? "up" : r.b === 1 ? "silent" : "down") },
  [abi.T_MLAG_KEEPALIVE]: switched("keepalive", "heard", "silent"),
  [abi.T_MLAG_SUSPEND]: switched("MC-LAG", "suspended", "in use"),
  [abi.T_MLAG_LEG]: switched("other peer's leg", "up", "down"),
  [abi.T_FLOW_DOWN]: { machine: "way", state: (r) => `down: ${w.dropWords(r.a)}` },
  [abi.T_FLOW_UP]: { machine: "way", state: (r) => `up, hops ${r.a}` },
  [abi.T_FLOW_SHARE]: { machine: "share", state: (r) => `${r.a} of ${r.b} members arrive` },
  [abi.T_SERVICE]: listed("sent to", w.CHOICES),
  [abi.T_SERVICE_CHECK]: { machine: "check of", of: (r) => w.nameAt(w.CHOICES, r.b), state: (r) => (r.a === 1 ? "passing" : "failing") },
  [abi.T_STP_ROOT]: { machine: "spanning tree root", state: (r) => (r.c < 0 ? "itself" : `${w.macLow(r.a)} cost ${r.b}`) },
  [abi.T_STP_ROLE]: listed("spanning tree role", w.STP_ROLES),
  [abi.T_STP_STATE]: listed("spanning tree state", w.STP_STATES),
};

const OF_GATEWAYS = new Set([abi.T_VRRP, abi.T_HSRP, abi.T_GLBP, abi.T_FORWARDER]);
const OF_PAIRS = new Set([abi.T_MLAG_ROLE, abi.T_MLAG_PEERLINK, abi.T_MLAG_KEEPALIVE, abi.T_MLAG_DELAY]);
const OF_FLOWS = new Set([abi.T_FLOW_DOWN, abi.T_FLOW_UP, abi.T_FLOW_SHARE, abi.T_PROBE]);
const OF_SERVICES = new Set([abi.T_SERVICE, abi.T_SERVICE_CHECK]);
const PEERS = 2; // of a pair

export function slicer(run: Run): (r: TraceRecord) => Slice {
  const describe = describer(run.names, run.topology);
  return (r) => {
    const words = describe(r);
    const machine = MACHINES[r.kind];
    const [process, place] = standing(r, words, run.names);
    const what = process === SCENARIO ? "" : machine === undefined ? words.protocol : `${machine.machine} ${machine.of?.(r, run.names) ?? ""}`;
    return { process, track: `${place} ${what}`.trim(), name: machine?.state(r, run.names) ?? eventName(r, words, run.names), lasts: machine !== undefined, words };
  };
}

/** The processes that a run may have, in the order in which they are shown: what happened, whom it hit, what stands for several nodes, the nodes. */
export function processes({ names }: Run): string[] {
  const gateways = [...names.vrrps, ...names.fhrps].map((name) => gateway(name.slice(0, name.lastIndexOf("@"))));
  return [...new Set([SCENARIO, OUTAGES, FLOWS, ...gateways, ...names.pairs.map(pair), ...names.nodes, NETWORK])];
}

const gateway = (name: string): string => `Gateway ${name}`;
const pair = (name: string): string => `MC-LAG pair ${name}`;

function standing(r: TraceRecord, { node, place }: Words, names: Names): [process: string, place: string] {
  if (r.kind === abi.T_FAULT) return [SCENARIO, STEPS];
  if (r.kind === abi.T_START) return [SCENARIO, "run"];
  if (OF_GATEWAYS.has(r.kind)) return [gateway(place), node];
  if (OF_PAIRS.has(r.kind)) return [pair(w.nameAt(names.pairs, Math.floor(r.entity / PEERS))), node];
  if (OF_FLOWS.has(r.kind)) return [FLOWS, place];
  if (OF_SERVICES.has(r.kind)) return [FLOWS, `service ${place}`];
  return [node === "-" ? NETWORK : node, r.kind === abi.T_PXE ? "" : place.replace(LABEL, "")];
}

const LABEL = /^(port|lag|if) /;

function eventName(r: TraceRecord, { change, sentence }: Words, names: Names): string {
  return r.kind === abi.T_FAULT ? sentence.replace(/^(link|port|bond) /, "") || faultTarget(r, names) : change;
}
