// A trace record in words: one function per kind. `place` and `change` are for columns, `sentence` stands alone.

import * as abi from "../../assembly/abi.ts";
import { GATEWAY_ROWS } from "./describe-gateways.ts";
import type { Names } from "../engine/names.ts";
import { formatDuration } from "../duration.ts";
import type { Topology } from "../topology/model.ts";
import type { TraceRecord } from "../trace/records.ts";
import { bootRows } from "./boot-words.ts";
import * as w from "./words.ts";

export interface Words {
  node: string; // "-" where no node speaks
  protocol: string;
  change: string; // "rx CURRENT>EXPIRED"
  place: string; // "port Eth3"
  sentence: string; // "leaf1:Eth3 LACP receive EXPIRED: no LACPDU for 3 s"
}

export type Describe = (record: TraceRecord) => Words;
export type Row = (r: TraceRecord, x: Context) => Words;

export interface Context { names: Names; lacpFast: Map<string, boolean>; virtual: ReadonlySet<string>; topology: Topology | undefined }

/** A describer for one run. */
export function describer(names: Names, topology?: Topology): Describe {
  const x: Context = { names, lacpFast: lacpTimeouts(topology), virtual: new Set(topology?.vms.flatMap((vm) => vm.links)), topology };
  return (r) => (ROWS[r.kind] ?? unknownKind)(r, x);
}

const timeouts = new WeakMap<Topology, Map<string, boolean>>();

/** Put together once for a topology: many runs may be described. */
function lacpTimeouts(topology: Topology | undefined): Map<string, boolean> {
  const known = topology === undefined ? undefined : timeouts.get(topology);
  if (known !== undefined) return known;
  const fast = new Map<string, boolean>();
  if (topology !== undefined) timeouts.set(topology, fast);
  for (const lag of topology?.lags ?? []) {
    if (lag.lacp === null) continue;
    for (const member of lag.members) fast.set(`${lag.node}:${member}`, lag.lacp.fast);
  }
  return fast;
}

const ROWS: Record<number, Row> = {
  [abi.T_START]: () => words("-", "run", "start", "", "the run starts"),
  [abi.T_FAULT]: fault,
  [abi.T_NODE]: (r, x) => {
    const node = w.nameAt(x.names.nodes, r.entity);
    return words(node, "node", step(w.NODE_STATES, r.a, r.b), "", `${node} is ${w.nameAt(w.NODE_STATES, r.b)}`);
  },
  [abi.T_CARRIER]: (r, x) => port(r, x, "link", r.a === 1 ? "carrier present" : "carrier lost"),
  [abi.T_MII]: (r, x) => port(r, x, "mii", step(w.MII_STATES, r.a, r.b), `bond's MII state ${MII_WORDS[r.b] ?? w.nameAt(w.MII_STATES, r.b)}`),
  [abi.T_LACP_RX]: lacpReceive,
  [abi.T_LACP_PERIODIC]: (r, x) => port(r, x, "lacp", `periodic ${step(w.PERIODIC_STATES, r.a, r.b)}`, `LACP periodic ${w.nameAt(w.PERIODIC_STATES, r.b)}`),
  [abi.T_LACP_SELECTED]: lacpSelected,
  [abi.T_LACP_MUX]: (r, x) => port(r, x, "lacp", `mux ${step(w.MUX_STATES, r.a, r.b)}`, `LACP mux ${w.nameAt(w.MUX_STATES, r.b)}`),
  [abi.T_LACP_CHURN]: (r, x) => {
    const side = r.a === 0 ? "actor" : "partner";
    return port(r, x, "lacp", `${side} churn ${w.nameAt(w.CHURN_STATES, r.b)}`, `LACP ${side} churn ${w.nameAt(w.CHURN_STATES, r.b)}`);
  },
  [abi.T_LACP_PARTNER]: (r, x) => {
    const partner = `partner ${w.macLow(r.a)} key ${r.b} ${w.lacpFlags(r.c)}`;
    return port(r, x, "lacp", partner, `LACP ${partner}`);
  },
  [abi.T_AGGREGATOR]: (r, x) => lag(r, x, "lacp", `aggregator ${owner(x, r.a)}>${owner(x, r.b)}`, `active aggregator is now ${owner(x, r.b)}`),
  [abi.T_MEMBER]: (r, x) => port(r, x, "lag", `member ${step(w.MEMBER_STATES, r.a, r.b)}`, `as a member: ${MEMBER_WORDS[r.b & 3]}`),
  [abi.T_LAG]: (r, x) => lag(r, x, "lag", `${r.a === 1 ? "up" : "down"} ${count(r.b, "member")}`, r.a === 1 ? `is up with ${count(r.b, "usable member")}` : `is down (${count(r.b, "usable member")})`),
  [abi.T_BOND_ACTIVE]: (r, x) => lag(r, x, "bond", `active ${owner(x, r.a)}>${owner(x, r.b)}`, r.b < 0 ? "has no active member" : `active member is now ${owner(x, r.b)}`),
  [abi.T_VRRP]: vrrp,
  [abi.T_GARP]: (r, x) => {
    const address = w.address(r.a, x.names);
    return w.isIpv6(r.a) ? l3(r, x, "nd", `na ${address} x${r.b}`, `announces ${address} (${count(r.b, "unsolicited advertisement")})`) : l3(r, x, "arp", `garp ${address} x${r.b}`, `announces ${address} (${count(r.b, "gratuitous ARP")})`);
  },
  [abi.T_ARP]: (r, x) => {
    const [protocol, words] = w.isIpv6(r.a) ? ["nd", "neighbour"] : ["arp", "ARP"];
    const change = `${w.address(r.a, x.names)} ${w.nameAt(w.ARP_STATES, r.b)}`;
    return l3(r, x, protocol!, change, `${words} entry ${change}`);
  },
  [abi.T_FDB_FLUSH]: (r, x) => {
    const why = w.FLUSH_WHY[r.b] ?? `reason ${r.b}`;
    return port(r, x, "fdb", `flush ${r.a} (${why})`, `${count(r.a, "MAC table entry", "MAC table entries")} removed: ${why}`);
  },
  [abi.T_FDB_MOVE]: (r, x) => {
    const node = w.nameAt(x.names.nodes, r.entity);
    return words(node, "fdb", `move ${bridgePort(x, r.a)}>${bridgePort(x, r.b)}`, `mac ${w.macLow(r.c)}`, `${node} learns ${w.macLow(r.c)} on ${bridgePort(x, r.b)} (was ${bridgePort(x, r.a)})`);
  },
  [abi.T_ADJACENCY]: (r, x) => port(r, x, "route", `adjacency ${r.a === 1 ? "up" : "down"}`, `routing adjacency ${r.a === 1 ? "up" : "down"}`),
  [abi.T_ROUTE]: (r, x) => {
    const node = w.nameAt(x.names.nodes, r.entity);
    const prefix = w.nameAt(x.names.prefixes, r.a);
    return words(node, "route", `${prefix} ${count(r.b, "next hop")}`, "", `${node} has ${count(r.b, "next hop")} for ${prefix}`);
  },
  [abi.T_MLAG_ROLE]: (r, x) => peer(r, x, `role ${step(w.MLAG_ROLES, r.a, r.b)}`, `MC-LAG role ${w.nameAt(w.MLAG_ROLES, r.b)}`),
  [abi.T_MLAG_PEERLINK]: (r, x) =>
    r.a === 0 && r.b === 1 ? peer(r, x, "peer-link silent", "hears no hello over the peer-link, whose carrier is there: it is taken for lost") : peer(r, x, `peer-link ${r.a === 1 ? "up" : "down"}`, `sees its peer-link ${r.a === 1 ? "up" : "down"}`),
  [abi.T_MLAG_KEEPALIVE]: (r, x) => peer(r, x, `keepalive ${r.a === 1 ? "heard" : "silent"}`, r.a === 1 ? "hears its peer's keepalive" : "no longer hears its peer's keepalive"),
  [abi.T_MLAG_SUSPEND]: (r, x) => {
    const why = w.SUSPEND_WHY[r.b] ?? `reason ${r.b}`;
    return lag(r, x, "mlag", r.a === 1 ? "suspend" : "restore", r.a === 1 ? `is suspended: ${why}` : `is restored (was suspended: ${why})`);
  },
  [abi.T_MLAG_DELAY]: (r, x) => peer(r, x, `delay-restore ${r.a} ms`, `starts delay restore of ${r.a} ms`),
  [abi.T_MLAG_LEG]: (r, x) => lag(r, x, "mlag", `other leg ${r.a === 1 ? "up" : "down"}`, `hears that the other peer's leg is ${r.a === 1 ? "up" : "down"}`),
  [abi.T_FLOW_DOWN]: flowDown,
  [abi.T_FLOW_UP]: (r, x) => {
    const flow = flowName(x, r.entity);
    return words("-", "flow", `up ${count(r.a, "hop")}`, flow, `flow ${flow} is up over ${count(r.a, "hop")}`);
  },
  ...bootRows,
  [abi.T_SERVICE]: (r, x) => {
    const service = w.nameAt(x.names.services, r.entity);
    return words("-", "service", step(w.CHOICES, r.a, r.b), service, `service ${service} is sent to its ${w.nameAt(w.CHOICES, r.b)}`);
  },
  [abi.T_SERVICE_CHECK]: (r, x) => {
    const service = w.nameAt(x.names.services, r.entity);
    const verdict = r.a === 1 ? "passing" : "failing";
    return words("-", "service", `check ${verdict}`, service, `health check of service ${service} (${w.nameAt(w.CHOICES, r.b)}) is ${verdict}`);
  },
  [abi.T_FLOW_SHARE]: (r, x) => {
    const flow = flowName(x, r.entity);
    return words("-", "flow", `share ${r.a}/${r.b}`, flow, `flow ${flow} is degraded: of ${count(r.b, "member")} that send, the frames of ${r.a} arrive`);
  },
  [abi.T_RLB_CLIENT]: (r, x) => lag(r, x, "bond", `client ${w.address(r.a, x.names)} ${owner(x, r.b)}`, `tells ${w.address(r.a, x.names)} to send to ${owner(x, r.b)}`),
  [abi.T_BOND_MAC]: (r, x) => lag(r, x, "bond", `mac ${w.macLow(r.b)} ${owner(x, r.a)}`, `speaks with ${w.macLow(r.b)} by ${owner(x, r.a)}`),
  [abi.T_PROBE]: (r, x) => {
    const flow = flowName(x, r.entity);
    return words("-", "probe", `${r.a} arrived`, flow, `probe ${r.a} of flow ${flow} arrived after ${r.c} µs`);
  },
  [abi.T_STP_ROOT]: (r, x) => {
    const node = w.nameAt(x.names.nodes, r.entity);
    const root = r.c < 0 ? "itself" : w.macLow(r.a);
    return words(node, "stp", `root ${root} cost ${r.b}`, "", r.c < 0 ? `${node} takes itself for the root bridge` : `${node} takes ${root} for the root bridge, cost ${r.b} by ${bridgePort(x, r.c)}`);
  },
  [abi.T_STP_ROLE]: (r, x) => tree(r, x, `role ${step(w.STP_ROLES, r.a, r.b)}`, `spanning tree role ${w.nameAt(w.STP_ROLES, r.b)}`),
  [abi.T_STP_STATE]: (r, x) => tree(r, x, step(w.STP_STATES, r.a, r.b), `spanning tree state ${w.nameAt(w.STP_STATES, r.b)}`),
  [abi.T_STP_TC]: (r, x) => tree(r, x, `topology change ${r.a === 0 ? "detected" : "heard of"}`, r.a === 0 ? "detects a topology change" : "hears of a topology change"),
  [abi.T_STP_GUARD]: (r, x) => tree(r, x, `guard ${w.STP_GUARDS[r.a]?.[0] ?? r.a}`, w.STP_GUARDS[r.a]?.[1] ?? "a guard has acted"),
  [abi.T_STORM]: storm,
};

Object.assign(ROWS, GATEWAY_ROWS);

export const BRIDGE_LAG = 1 << 28;
const MEMBER_WORDS = ["neither receives nor sends", "receives only", "sends only", "receives and sends"];
const MII_WORDS = ["UP", "FAIL: down delay runs", "DOWN", "BACK: up delay runs"];
const FAULT_WORDS: Record<string, string> = {
  "fail link": "is cut", "fail node": "crashes", "fail port": "goes down",
  "repair link": "is repaired", "repair node": "is powered on", "repair port": "comes back",
  down: "is set down", up: "is set up", release: "is released from its bond", enslave: "is enslaved again",
  hang: "hangs: links stay up, no protocol speaks", shutdown: "shuts down in order", nothing: "nothing happens",
};

function fault(r: TraceRecord, x: Context): Words {
  const op = w.FAULT_OPS[r.a] ?? `fault ${r.a}`;
  const kind = w.TARGET_KINDS[r.b] ?? "target";
  const target = faultTarget(r, x.names);
  const node = kind === "link" ? "-" : nodeOf(target);
  return words(node, "fault", op, `${kind} ${target}`, `${kind === "node" ? "" : `${kind === "lag" ? "bond" : kind} `}${target} ${x.virtual.has(target) ? (VIRTUAL_WORDS[op] ?? faultWords(r, op, kind, target)) : faultWords(r, op, kind, target)}`);
}

/** A virtual NIC is no cable that someone cuts. */
const VIRTUAL_WORDS: Record<string, string> = { fail: "is unplugged", repair: "is plugged in" };

function faultWords(r: TraceRecord, op: string, kind: string, target: string): string {
  const [a = "a", b = "b"] = kind === "link" ? target.split("--") : [];
  if (op === "silent") return `drops frames ${["", `from ${a} to ${b}`, `from ${b} to ${a}`, "both ways"][r.c] ?? ""}, carrier stays`;
  if (op === "carrier") return `loses carrier${["", ` at ${a} only`, ` at ${b} only`, " at both ends"][kind === "link" ? r.c : 0] ?? ""}`;
  if (op === "loss") return `loses ${r.c} frames of a million`;
  if (op === "slow") return `is slow: frames take ${formatDuration(BigInt(r.c) * 1000n)}`;
  return FAULT_WORDS[`${op} ${kind}`] ?? FAULT_WORDS[op] ?? op;
}

/** The name that a fault record points at. */
export function faultTarget(r: TraceRecord, names: Names): string {
  if (r.b === abi.TARGET_NODE) return w.nameAt(names.nodes, r.entity);
  if (r.b === abi.TARGET_LAG) return w.nameAt(names.lags, r.entity);
  return w.nameAt(r.b === abi.TARGET_LINK ? names.links : names.ports, r.entity);
}

function lacpReceive(r: TraceRecord, x: Context): Words {
  const fast = x.lacpFast.get(w.nameAt(x.names.ports, r.entity));
  let why = "";
  if (r.a === abi.RX_CURRENT && r.b === abi.RX_EXPIRED) why = fast === undefined ? ": no LACPDU within the timeout" : `: no LACPDU for ${fast ? 3 : 90} s`;
  else if (r.b === abi.RX_EXPIRED) why = ": enabled, nothing heard yet";
  else if (r.b === abi.RX_DEFAULTED) why = ": no partner, own defaults";
  else if (r.b === abi.RX_CURRENT && r.a !== abi.RX_CURRENT) why = ": LACPDU heard";
  return port(r, x, "lacp", `rx ${step(w.RX_STATES, r.a, r.b)}`, `LACP receive ${w.nameAt(w.RX_STATES, r.b)}${why}`);
}

function lacpSelected(r: TraceRecord, x: Context): Words {
  const to = r.b === abi.SELECTED && r.c >= 0 ? ` (aggregator of ${owner(x, r.c)})` : "";
  return port(r, x, "lacp", `selected ${step(w.SELECTED_STATES, r.a, r.b)}`, `LACP ${w.nameAt(w.SELECTED_STATES, r.b)}${to}`);
}

function vrrp(r: TraceRecord, x: Context): Words {
  const router = w.nameAt(x.names.vrrps, r.entity);
  const at = router.lastIndexOf("@");
  const why = w.VRRP_WHY[r.c] ?? `reason ${r.c}`;
  const state = w.nameAt(w.VRRP_STATES, r.b);
  return words(router.slice(at + 1), "vrrp", step(w.VRRP_STATES, r.a, r.b), router.slice(0, Math.max(at, 0)), `${router} VRRP ${state}: ${why}`);
}

function storm(r: TraceRecord, x: Context): Words {
  const node = w.nameAt(x.names.nodes, r.entity);
  const rows: Record<number, [string, string]> = {
    [abi.STORM_OVER]: ["storm over", `VLAN ${r.b} has no loop any more: the storm is over`],
    [abi.STORM_FOUND]: ["storm found", `loop in VLAN ${r.b}: a frame that ${node} flooded came back by ${bridgePort(x, r.c)}`],
    [abi.STORM_COPIES]: [`${r.b} copies`, `one frame has made ${r.b} copies in ${r.c} µs`],
    [abi.STORM_GROWTH]: [`${r.b} frames/ms`, `its copies go at ${r.b} frames a ms and doubled in ${r.c} ns`],
  };
  const [change, sentence] = rows[r.a] ?? ["storm", "storm"];
  return words(node, "storm", change, r.a <= abi.STORM_FOUND ? `vlan ${r.b}` : "", sentence);
}

function flowDown(r: TraceRecord, x: Context): Words {
  const flow = flowName(x, r.entity);
  const place = dropPlace(r, x.names);
  const at = place === null ? "" : ` at ${place}`;
  return words(place === null ? "-" : nodeOf(place), "flow", `down ${w.dropKey(r.a)}`, flow, `flow ${flow} is down: ${w.dropWords(r.a)}${at}`);
}

/** Where a T_FLOW_DOWN's frames end: "leaf1:Eth1", "leaf1", or null. */
export function dropPlace(r: TraceRecord, names: Names): string | null {
  return names.ports[r.c] ?? names.nodes[r.b] ?? null;
}

function flowName(x: Context, entity: number): string {
  return `${w.nameAt(x.names.flows, entity >> 1)} ${(entity & 1) === 0 ? "forward" : "back"}`;
}

function port(r: TraceRecord, x: Context, protocol: string, change: string, sentence = change): Words {
  const name = w.nameAt(x.names.ports, r.entity);
  return words(nodeOf(name), protocol, change, `port ${localOf(name)}`, `${name} ${sentence}`);
}

function lag(r: TraceRecord, x: Context, protocol: string, change: string, sentence: string): Words {
  const name = w.nameAt(x.names.lags, r.entity);
  return words(nodeOf(name), protocol, change, `lag ${localOf(name)}`, `${name} ${sentence}`);
}

/** Spanning tree speaks of bridge ports: a port or a bundle. */
function tree(r: TraceRecord, x: Context, change: string, sentence: string): Words {
  const name = bridgePort(x, r.entity);
  return words(nodeOf(name), "stp", change, `${r.entity >= BRIDGE_LAG ? "lag" : "port"} ${localOf(name)}`, `${name} ${sentence}`);
}

function l3(r: TraceRecord, x: Context, protocol: string, change: string, sentence: string): Words {
  const name = w.nameAt(x.names.l3ifs, r.entity);
  return words(nodeOf(name), protocol, change, `if ${localOf(name)}`, `${name} ${sentence}`);
}

function peer(r: TraceRecord, x: Context, change: string, sentence: string): Words {
  const node = w.nameAt(x.names.peers, r.entity);
  return words(node, "mlag", change, "", `${node} ${sentence}`);
}

function unknownKind(r: TraceRecord): Words {
  return words("-", "?", `kind ${r.kind} ${r.a} ${r.b} ${r.c}`, `entity ${r.entity}`, `record of unknown kind ${r.kind}`);
}

function words(node: string, protocol: string, change: string, place: string, sentence: string): Words {
  return { node, protocol, change, place, sentence };
}

function step(states: readonly string[], from: number, to: number): string { return `${w.nameAt(states, from)}>${w.nameAt(states, to)}`; }
function count(n: number, one: string, many = `${one}s`): string { return `${n} ${n === 1 ? one : many}`; }
function owner(x: Context, index: number): string { return index < 0 ? "none" : w.nameAt(x.names.ports, index); }

/** A bridge's port may be a bundle: BRIDGE_LAG of the engine's tables, then the lag. */
function bridgePort(x: Context, index: number): string {
  return index >= BRIDGE_LAG ? w.nameAt(x.names.lags, index - BRIDGE_LAG) : owner(x, index);
}

function nodeOf(name: string): string { return /^[^: ]+/.exec(name)?.[0] ?? name; }
function localOf(name: string): string { return name.slice(nodeOf(name).length + 1); }
