// What the views are: plain data, the same as `--json` prints.

import type { LagMode } from "../topology/model.ts";

export const VIEWS = ["bonding", "port-channel", "vrrp", "hsrp", "glbp", "mac", "arp", "neighbours", "spanning-tree", "mclag", "interfaces", "ip-route"] as const;
export type View = (typeof VIEWS)[number];

/** The modes of Linux's driver, in its numbering. */
export const BOND_MODES: readonly LagMode[] = ["balance-rr", "active-backup", "static", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];
export const BOND_KINDS: ReadonlySet<LagMode> = new Set(BOND_MODES);

export type MiiStatus = "up" | "going down" | "down" | "going back";
export type ChurnState = "monitoring" | "none" | "churned";

export interface LacpEnd { systemPriority: number; system: string; key: number; portPriority: number; portNumber: number; portState: number }

export interface BondSlave {
  name: string;
  miiStatus: MiiStatus;
  /** null: not known, as of a port without a link */
  speedMbps: number | null;
  linkFailureCount: number;
  permanentMac: string;
  queueId: number;
  /** 802.3ad; null: in no aggregator yet */
  aggregatorId: number | null;
  churn: { actor: ChurnState; partner: ChurnState; actorCount: number; partnerCount: number } | null;
  actor: LacpEnd | null;
  partner: LacpEnd | null;
}

/** What /proc/net/bonding/NAME says. */
export interface Bonding {
  name: string;
  mode: LagMode;
  failOverMac: "none" | "active" | "follow";
  hash: string | null;
  primary: string | null;
  primaryReselect: string;
  active: string | null;
  miiStatus: "up" | "down";
  miimonMs: number;
  upDelayMs: number;
  downDelayMs: number;
  peerNotifyDelayMs: number;
  arp: { intervalMs: number; missedMax: number; targets: string[] } | null;
  lacp: {
    active: boolean; fast: boolean; minLinks: number; adSelect: string; systemPriority: number; system: string;
    /** null: the bond has no active aggregator */
    aggregator: { id: number; ports: number; actorKey: number; partnerKey: number; partner: string } | null;
  } | null;
  slaves: BondSlave[];
}

export type MemberState = "bundled" | "individual" | "hot-standby" | "suspended" | "down";

export interface PortChannel {
  name: string;
  mode: LagMode;
  up: boolean;
  minLinks: number;
  /** suspended by the rules of the pair */
  suspended: boolean;
  mlagId: number | null;
  peerLinkOf: string | null;
  members: { name: string; state: MemberState; carrier: boolean; collecting: boolean; distributing: boolean; lacp: { state: number; partner: LacpEnd } | null }[];
}

export interface VirtualRouter {
  interface: string; vrid: number; version: number; state: "initialize" | "backup" | "master"; priority: number; configuredPriority: number; intervalMs: number; preempt: boolean;
  addresses: string[]; mac: string; master: string | null;
  /** until Master_Down_Timer fires */
  masterDownMs: number | null;
  /** takes frames to the virtual MAC as backup too */
  forwardsAsBackup: boolean;
}

export type HsrpState = "initial" | "learn" | "listen" | "speak" | "standby" | "active";
export interface HsrpGroup {
  interface: string; group: number; version: number; state: HsrpState; priority: number; configuredPriority: number; preempt: boolean; helloMs: number; holdMs: number;
  addresses: string[]; mac: string; active: string | null; standby: string | null;
}
export interface GlbpGroup extends Omit<HsrpGroup, "mac" | "version"> {
  weighting: number;
  forwarders: { number: number; state: "disabled" | "listen" | "active"; mac: string; owner: string | null; active: string | null }[];
}

export interface MacEntry {
  vlan: number; mac: string; port: string;
  /** peer: told by the other switch of the pair */
  learned: "here" | "peer";
  /** since a frame was last seen; 0 while a flow keeps it fresh */
  ageMs: number;
}

export interface NeighbourEntry {
  address: string; mac: string | null; interface: string; state: "incomplete" | "reachable" | "stale" | "delay" | "probe" | "failed";
  /** since it was last confirmed; 0 while a flow confirms it */
  ageMs: number;
}

export interface SpanningTree {
  mode: "rstp" | "stp";
  root: { priority: number; mac: string; cost: number; port: string | null };
  bridge: { priority: number; mac: string };
  /** both switches of a pair are one bridge */
  sharedWith: string | null;
  helloMs: number; maxAgeMs: number; forwardDelayMs: number;
  ports: { name: string; role: "disabled" | "root" | "designated" | "alternate" | "backup"; state: "discarding" | "learning" | "forwarding" | "listening" | "blocking" | "disabled"; cost: number; priority: number; number: number; edge: boolean }[];
}

export interface Mclag {
  pair: string; domain: number; peer: string; role: "none" | "primary" | "secondary"; rolePriority: number; systemMac: string;
  peerLink: { name: string; up: boolean }; keepaliveAlive: boolean;
  /** why its members and VLAN interfaces are off; null: they are not */
  suspended: "peer-link lost" | "delay restore" | "peer never heard" | null;
  restoreMs: number | null;
  peerGateway: boolean;
  members: { id: number; name: string; up: boolean; suspended: boolean; peerUp: boolean; vlans: number[] }[];
}

export interface Interfaces {
  ports: { name: string; status: "connected" | "notconnect" | "disabled"; mode: "access" | "trunk" | "routed" | "host"; vlans: number[]; speedMbps: number; mac: string; lag: string | null; peer: string | null; forwarding: boolean }[];
  addresses: { interface: string; address: string; mac: string; up: boolean }[];
}

export interface Route { prefix: string; via: "connected" | "learned" | "default"; metric: number; nextHops: { interface: string; to: string }[] }

/** What each view is made of. */
export interface Views {
  bonding: Bonding[]; "port-channel": PortChannel[]; vrrp: VirtualRouter[]; hsrp: HsrpGroup[]; glbp: GlbpGroup[]; mac: MacEntry[]; arp: NeighbourEntry[];
  neighbours: NeighbourEntry[]; "spanning-tree": SpanningTree; mclag: Mclag; interfaces: Interfaces; "ip-route": Route[];
}
