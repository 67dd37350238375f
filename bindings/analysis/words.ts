// The numbers of assembly/abi.ts in the words of the standards and of operators.

import * as abi from "../../assembly/abi.ts";
import type { FaultOp } from "../topology/model.ts";

export const RX_STATES = ["INITIALIZE", "PORT_DISABLED", "LACP_DISABLED", "EXPIRED", "DEFAULTED", "CURRENT"];
export const PERIODIC_STATES = ["NO_PERIODIC", "FAST_PERIODIC", "SLOW_PERIODIC", "PERIODIC_TX"];
export const SELECTED_STATES = ["UNSELECTED", "SELECTED", "STANDBY"];
export const MUX_STATES = ["DETACHED", "WAITING", "ATTACHED", "COLLECTING", "DISTRIBUTING", "COLLECTING_DISTRIBUTING"];
export const CHURN_STATES = ["MONITOR", "NO_CHURN", "CHURN"];
export const NODE_STATES = ["UP", "CRASHED", "HUNG", "OFF"];
export const MII_STATES = ["UP", "FAIL", "DOWN", "BACK"];
export const VRRP_STATES = ["INITIALIZE", "BACKUP", "MASTER"];
export const ARP_STATES = ["FREE", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED"];
export const MLAG_ROLES = ["NONE", "PRIMARY", "SECONDARY"];
export const MEMBER_STATES = ["NONE", "COLLECTING", "DISTRIBUTING", "COLLECTING+DISTRIBUTING"];
export const CHOICES = ["primary", "standby"];

export const STP_ROLES = ["DISABLED", "ROOT", "DESIGNATED", "ALTERNATE", "BACKUP"];
export const STP_GUARDS: Record<number, [string, string]> = {
  [abi.STP_GUARD_BPDU]: ["bpdu", "hears a BPDU where no bridge should be, and is shut down"],
  [abi.STP_GUARD_LOOP]: ["loop", "hears no BPDUs any more, and stays closed in case they still come from there"],
  [abi.STP_GUARD_LOOP_OVER]: ["loop over", "hears BPDUs again"],
  [abi.STP_GUARD_LOOP_GONE]: ["loop over", "has lost its link, and loop guard ends with it"],
};
export const STP_STATES = ["DISCARDING", "LEARNING", "FORWARDING", "LISTENING", "BLOCKING", "DISABLED"];

export const VRRP_WHY: Record<number, string> = {
  [abi.VRRP_WHY_STARTUP]: "started",
  [abi.VRRP_WHY_TIMER]: "no advertisement until the master-down timer ran out",
  [abi.VRRP_WHY_PRIORITY_ZERO]: "the master said farewell, skew time passed",
  [abi.VRRP_WHY_HIGHER]: "heard a better advertisement",
  [abi.VRRP_WHY_SHUTDOWN]: "shut down",
  [abi.VRRP_WHY_OWNER]: "owns the address",
  [abi.VRRP_WHY_PREEMPT]: "heard only a lesser master until the timer ran out",
};

export const HSRP_STATES = ["INITIAL", "LEARN", "LISTEN", "SPEAK", "STANDBY", "ACTIVE"];
export const FORWARDER_STATES = ["DISABLED", "LISTEN", "ACTIVE"];

export const HSRP_WHY: Record<number, string> = {
  [abi.HSRP_WHY_STARTUP]: "started",
  [abi.HSRP_WHY_ACTIVE_TIMER]: "no hello from the active router for the hold time",
  [abi.HSRP_WHY_STANDBY_TIMER]: "no hello from a standby router for the hold time",
  [abi.HSRP_WHY_BETTER_SPEAKER]: "heard a better candidate",
  [abi.HSRP_WHY_RESIGN]: "the active router resigned",
  [abi.HSRP_WHY_COUP]: "a better router took over",
  [abi.HSRP_WHY_PREEMPT]: "preempts a lesser active router",
  [abi.HSRP_WHY_SHUTDOWN]: "shut down",
  [abi.HSRP_WHY_BETTER_ACTIVE]: "heard a better active router",
  [abi.HSRP_WHY_LESSER_STANDBY]: "heard a lesser standby router",
  [abi.HSRP_WHY_LEARNED]: "learned the virtual address",
};

export const FORWARDER_WHY: Record<number, string> = {
  [abi.FORWARDER_WHY_SHUTDOWN]: "shut down",
  [abi.FORWARDER_WHY_ASSIGNED]: "given out by the AVG",
  [abi.FORWARDER_WHY_SILENT]: "who forwarded was silent for the hold time",
  [abi.FORWARDER_WHY_GIVEN_UP]: "who forwarded gave it up",
  [abi.FORWARDER_WHY_OWNER]: "its owner takes it back",
  [abi.FORWARDER_WHY_BETTER]: "heard a better forwarder",
  [abi.FORWARDER_WHY_WEIGHTING]: "own weighting is below the lower threshold",
  [abi.FORWARDER_WHY_TIMEOUT]: "its owner did not return within the timeout",
};

export const FLUSH_WHY: Record<number, string> = {
  [abi.FLUSH_CARRIER]: "carrier lost", [abi.FLUSH_TOPOLOGY]: "topology changed", [abi.FLUSH_AGED]: "aged out", [abi.FLUSH_FALLBACK]: "the port is a member of its port-channel again",
};

export const SUSPEND_WHY: Record<number, string> = {
  [abi.SUSPEND_PEERLINK]: "secondary, the peer-link is lost and the primary is alive",
  [abi.SUSPEND_DELAY_RESTORE]: "delay restore is running",
  [abi.SUSPEND_ALONE]: "booted without hearing the peer",
};

/** Why frames are not delivered: a key for programs and words for people. */
export const DROPS: Record<number, { key: string; words: string }> = {
  [abi.DROP_NONE]: { key: "none", words: "not up yet" },
  [abi.DROP_NODE_DOWN]: { key: "node-down", words: "node is not running" },
  [abi.DROP_NO_MEMBER]: { key: "no-member", words: "no usable member in the bundle" },
  [abi.DROP_NO_CARRIER]: { key: "no-carrier", words: "no carrier on the sending port" },
  [abi.DROP_LINK_DARK]: { key: "link-dark", words: "sent into a dead link, loss not noticed yet" },
  [abi.DROP_NOT_COLLECTING]: { key: "not-collecting", words: "the receiving member does not collect" },
  [abi.DROP_NO_ARP]: { key: "no-arp", words: "next hop not resolved" },
  [abi.DROP_NO_ROUTE]: { key: "no-route", words: "no route" },
  [abi.DROP_NO_GATEWAY]: { key: "no-gateway", words: "no router takes frames for the gateway" },
  [abi.DROP_STALE_FDB]: { key: "stale-fdb", words: "stale MAC table entry" },
  [abi.DROP_LOOP_RULE]: { key: "loop-rule", words: "from the peer-link, not let out on a dual-homed member" },
  [abi.DROP_TTL]: { key: "ttl", words: "forwarding loop" },
  [abi.DROP_NOT_FOUND]: { key: "not-found", words: "flooded, destination not reached" },
  [abi.DROP_BACKUP_MEMBER]: { key: "backup-member", words: "arrived on the inactive member" },
  [abi.DROP_STALE_ARP]: { key: "stale-arp", words: "delivered to a host that no longer owns the address" },
  [abi.DROP_SUSPENDED]: { key: "suspended", words: "port-channel suspended by the MC-LAG rules" },
  [abi.DROP_VRRP_BACKUP]: { key: "vrrp-backup", words: "reached a router that is not VRRP master" },
  [abi.DROP_DISCARDING]: { key: "discarding", words: "spanning tree does not let frames through" },
  [abi.DROP_STORM]: { key: "storm", words: "broadcast storm: the links are full of copies" },
};

export const FAULT_OPS: Record<number, FaultOp> = {
  [abi.FAULT_FAIL]: "fail", [abi.FAULT_REPAIR]: "repair", [abi.FAULT_HANG]: "hang", [abi.FAULT_SILENT]: "silent",
  [abi.FAULT_CARRIER]: "carrier", [abi.FAULT_LOSS]: "loss", [abi.FAULT_SHUTDOWN]: "shutdown", [abi.FAULT_NOTHING]: "nothing",
  [abi.FAULT_DOWN]: "down", [abi.FAULT_UP]: "up", [abi.FAULT_RELEASE]: "release", [abi.FAULT_ENSLAVE]: "enslave", [abi.FAULT_SLOW]: "slow",
};

export const TARGET_KINDS: Record<number, "node" | "link" | "port" | "lag"> = {
  [abi.TARGET_NODE]: "node", [abi.TARGET_LINK]: "link", [abi.TARGET_PORT]: "port", [abi.TARGET_LAG]: "lag",
};

/** Kind → the stable name that JSON output uses. */
export const KINDS: Record<number, string> = {
  [abi.T_START]: "start", [abi.T_FAULT]: "fault", [abi.T_NODE]: "node", [abi.T_CARRIER]: "carrier", [abi.T_MII]: "mii",
  [abi.T_LACP_RX]: "lacp-receive", [abi.T_LACP_PERIODIC]: "lacp-periodic", [abi.T_LACP_SELECTED]: "lacp-selected",
  [abi.T_LACP_MUX]: "lacp-mux", [abi.T_LACP_CHURN]: "lacp-churn", [abi.T_LACP_PARTNER]: "lacp-partner",
  [abi.T_AGGREGATOR]: "aggregator", [abi.T_MEMBER]: "member", [abi.T_LAG]: "lag", [abi.T_BOND_ACTIVE]: "bond-active",
  [abi.T_VRRP]: "vrrp", [abi.T_GARP]: "garp", [abi.T_ARP]: "arp", [abi.T_FDB_FLUSH]: "fdb-flush", [abi.T_FDB_MOVE]: "fdb-move",
  [abi.T_ADJACENCY]: "adjacency", [abi.T_ROUTE]: "route", [abi.T_MLAG_ROLE]: "mlag-role", [abi.T_MLAG_PEERLINK]: "mlag-peer-link",
  [abi.T_MLAG_KEEPALIVE]: "mlag-keepalive", [abi.T_MLAG_SUSPEND]: "mlag-suspend", [abi.T_MLAG_DELAY]: "mlag-delay-restore",
  [abi.T_MLAG_LEG]: "mlag-leg", [abi.T_FLOW_DOWN]: "flow-down", [abi.T_FLOW_UP]: "flow-up", [abi.T_SERVICE]: "service",
  [abi.T_SERVICE_CHECK]: "service-check", [abi.T_PROBE]: "probe",
  [abi.T_HSRP]: "hsrp", [abi.T_GLBP]: "glbp", [abi.T_FORWARDER]: "glbp-forwarder", [abi.T_TRACK]: "track", [abi.T_PROXY_ARP]: "proxy-arp",
  [abi.T_STP_ROOT]: "stp-root", [abi.T_STP_ROLE]: "stp-role", [abi.T_STP_STATE]: "stp-state", [abi.T_STP_TC]: "stp-topology-change", [abi.T_STP_GUARD]: "stp-guard", [abi.T_STORM]: "storm",
  [abi.T_FLOW_SHARE]: "flow-share", [abi.T_RLB_CLIENT]: "rlb-client", [abi.T_BOND_MAC]: "bond-mac",
  [abi.T_PXE]: "pxe", [abi.T_PXE_DHCP]: "pxe-dhcp", [abi.T_PXE_LOAD]: "pxe-load", [abi.T_PXE_FAILED]: "pxe-failed", [abi.T_FALLBACK]: "lacp-fallback",
};

export function dropKey(why: number): string { return DROPS[why]?.key ?? `drop-${why}`; }
export function dropWords(why: number): string { return DROPS[why]?.words ?? `drop reason ${why}`; }

/** The name at this index, or its number where the table has none. */
export function nameAt(table: readonly string[], index: number): string { return table[index] ?? `#${index}`; }

const ROW = 0xffffff;

export const isIpv6 = (address: number): boolean => address >>> 24 === abi.IPV6_TAG;

/** An address as records have it: IPv4 as its number, IPv6 by its row among the names. */
export function address(address: number, names: { ipv6: readonly string[] }): string {
  return isIpv6(address) ? nameAt(names.ipv6, address & ROW) : ipv4(address);
}

function ipv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

export function macLow(low: number): string {
  return `..:${[24, 16, 8, 0].map((shift) => ((low >>> shift) & 255).toString(16).padStart(2, "0")).join(":")}`;
}

/** The LACP state byte in the letters that switches print: Activity, Timeout, aGgregation, Synchronization, Collecting, Distributing, deFaulted, Expired. */
export function lacpFlags(state: number): string {
  return [..."ATGSCDFE"].map((letter, bit) => ((state >> bit) & 1) === 1 ? letter : "-").join("");
}
