// A Linux bond as /proc/net/bonding/NAME shows it (drivers/net/bonding/bond_procfs.c): the data, and the file's text, byte for byte.

import {
  LACP_ACTOR_CHURN, LACP_ACTOR_CHURNED, LACP_AGGREGATOR, LACP_ENABLED, LACP_KEY, LACP_NUMBER, LACP_OWN_ID, LACP_OWN_KEY, LACP_OWN_PARTNER, LACP_OWN_PARTNER_KEY, LACP_PARTNER_CHURN,
  LACP_PARTNER_CHURNED, LACP_PARTNER_KEY, LACP_PARTNER_NUMBER, LACP_PARTNER_PRIORITY, LACP_PARTNER_STATE, LACP_PARTNER_SYSTEM, LACP_PARTNER_SYSTEM_PRIORITY, LACP_PRIORITY,
  LACP_STATE, LAG_ACTIVE, LAG_AGGREGATOR, LAG_CARRIER_OK, LAG_SYSTEM, LAG_SYSTEM_PRIORITY, MEMBER_FAILURES, MEMBER_GONE, MEMBER_JOINED, MEMBER_MII, PORT_CARRIER, STATE_LACP, STATE_LAG, STATE_MEMBER,
  STATE_PORT,
} from "../../assembly/abi-state.ts";
import type { Lag, LagMode } from "../topology/model.ts";
import { State, macText, type LagAt, type Row } from "./state.ts";
import type { BondSlave, Bonding, ChurnState, LacpEnd, MiiStatus } from "./types.ts";

export interface BondingOptions {
  /**
   * What the driver of a member says of its speed while there is no link. Network cards: unknown. A virtual Ethernet pair
   * (veth) goes on with the speed it was given.
   */
  speedWithoutLink?: "unknown" | "kept";
}

const MII: readonly MiiStatus[] = ["up", "going down", "down", "going back"];
const CHURN: readonly ChurnState[] = ["monitoring", "none", "churned"];
const HAS_PRIMARY: ReadonlySet<LagMode> = new Set(["active-backup", "balance-tlb", "balance-alb"]);
const HASHES: ReadonlySet<LagMode> = new Set(["static", "802.3ad", "balance-tlb", "balance-alb"]);
const MS = 1_000_000n;

export function bonding(state: State, at: LagAt, options: BondingOptions = {}): Bonding {
  const { lag } = at;
  const row = state.row(STATE_LAG, at.index);
  const active = row.of(LAG_ACTIVE);
  const arpNs = lag.bond?.arpIntervalNs ?? 0n;
  const miimon = arpNs > 0n ? 0n : lag.miimonNs / MS; // the monitors exclude each other
  const polls = (ns: bigint): number => (miimon === 0n ? 0 : Number(ns / MS / miimon * miimon)); // the driver keeps delays as numbers of polls
  const slaves = enslaved(state, at).map((m) => slave(state, at, m.row, m.port, options));
  return {
    name: state.lagName(at.index), mode: lag.mode, failOverMac: lag.bond?.failOverMac ?? "none", hash: HASHES.has(lag.mode) ? lag.hash : null,
    primary: lag.primary, primaryReselect: lag.primaryReselect, active: HAS_PRIMARY.has(lag.mode) && active >= 0 ? at.members[active]!.name : null,
    miiStatus: (lag.mode === "802.3ad" ? row.of(LAG_CARRIER_OK) === 1 : slaves.some((s) => s.miiStatus === "up")) ? "up" : "down", miimonMs: Number(miimon), upDelayMs: polls(lag.updelayNs), downDelayMs: polls(lag.downdelayNs),
    peerNotifyDelayMs: polls(lag.bond?.peerNotifyDelayNs ?? 0n),
    arp: arpNs === 0n ? null : { intervalMs: Number(arpNs / MS), missedMax: lag.bond!.arpMissedMax, targets: lag.bond!.arpTargets },
    lacp: lag.mode === "802.3ad" ? aggregation(state, at, lag, row) : null,
    slaves,
  };
}

/** Members that are in the bond, as the driver lists them: who was released and enslaved again comes last. */
function enslaved(state: State, at: LagAt): LagAt["members"] {
  const joined = (m: LagAt["members"][number]): number => state.row(STATE_MEMBER, m.row).of(MEMBER_JOINED);
  return at.members.filter((m) => state.row(STATE_MEMBER, m.row).of(MEMBER_GONE) === 0).sort((a, b) => joined(a) - joined(b));
}

function aggregation(state: State, at: LagAt, lag: Lag, row: Row): Bonding["lacp"] {
  const owner = row.of(LAG_AGGREGATOR);
  const own = owner < 0 ? null : state.row(STATE_LACP, at.first + owner);
  const ports = at.members.filter((m) => {
    const p = state.row(STATE_LACP, m.row);
    return p.of(LACP_AGGREGATOR) === owner && p.of(LACP_ENABLED) === 1;
  }).length;
  return {
    active: lag.lacp?.active === true, fast: lag.lacp?.fast === true, minLinks: lag.minLinks, adSelect: lag.adSelect, systemPriority: row.of(LAG_SYSTEM_PRIORITY),
    system: macText(row.wide(LAG_SYSTEM)),
    aggregator: own === null ? null : { id: own.of(LACP_OWN_ID), ports, actorKey: own.of(LACP_OWN_KEY), partnerKey: own.of(LACP_OWN_PARTNER_KEY), partner: macText(own.wide(LACP_OWN_PARTNER)) },
  };
}

function slave(state: State, at: LagAt, index: number, port: number, options: BondingOptions): BondSlave {
  const member = state.row(STATE_MEMBER, index);
  const { speed, mac } = state.moment.tables.ports[port]!;
  const known = options.speedWithoutLink === "kept" || state.row(STATE_PORT, port).of(PORT_CARRIER) === 1;
  const shared = {
    name: state.portName(port), miiStatus: MII[member.of(MEMBER_MII)] ?? "down", speedMbps: known ? speed : null, linkFailureCount: member.of(MEMBER_FAILURES),
    permanentMac: macText(mac), queueId: 0,
  };
  const none = { ...shared, aggregatorId: null, churn: null, actor: null, partner: null };
  if (at.lag.mode !== "802.3ad") return none;
  const p = state.row(STATE_LACP, index);
  if (p.of(LACP_AGGREGATOR) < 0) return none;
  const bond = state.row(STATE_LAG, at.index);
  return {
    ...shared, aggregatorId: state.row(STATE_LACP, at.first + p.of(LACP_AGGREGATOR)).of(LACP_OWN_ID),
    churn: {
      actor: CHURN[p.of(LACP_ACTOR_CHURN)] ?? "monitoring", partner: CHURN[p.of(LACP_PARTNER_CHURN)] ?? "monitoring", actorCount: p.of(LACP_ACTOR_CHURNED),
      partnerCount: p.of(LACP_PARTNER_CHURNED),
    },
    actor: {
      systemPriority: bond.of(LAG_SYSTEM_PRIORITY), system: macText(bond.wide(LAG_SYSTEM)), key: p.of(LACP_KEY), portPriority: p.of(LACP_PRIORITY), portNumber: p.of(LACP_NUMBER),
      portState: p.of(LACP_STATE),
    },
    partner: partnerOf(p),
  };
}

export function partnerOf(p: Row): LacpEnd {
  return {
    systemPriority: p.of(LACP_PARTNER_SYSTEM_PRIORITY), system: macText(p.wide(LACP_PARTNER_SYSTEM)), key: p.of(LACP_PARTNER_KEY), portPriority: p.of(LACP_PARTNER_PRIORITY),
    portNumber: p.of(LACP_PARTNER_NUMBER), portState: p.of(LACP_PARTNER_STATE),
  };
}

// --- the file ------------------------------------------------------------------------------------

/** The release of the kernel that the first line names. The engine's bond is held to recordings of 6.1 and 6.12. */
export const KERNEL = "6.1";

const MODE_NAMES: Partial<Record<LagMode, string>> = {
  "balance-rr": "load balancing (round-robin)", "active-backup": "fault-tolerance (active-backup)", static: "load balancing (xor)", broadcast: "fault-tolerance (broadcast)",
  "802.3ad": "IEEE 802.3ad Dynamic link aggregation", "balance-tlb": "transmit load balancing", "balance-alb": "adaptive load balancing",
};
const HASH_NUMBERS: Record<string, number> = { layer2: 0, "layer3+4": 1, "layer2+3": 2, "encap2+3": 3, "encap3+4": 4, "vlan+srcmac": 5 };

export function bondingText(b: Bonding, kernel: string = KERNEL): string {
  const lines = [`Ethernet Channel Bonding Driver: v${kernel}`, "", ...masterLines(b), ...b.slaves.flatMap((s) => slaveLines(b, s))];
  return `${lines.join("\n")}\n`;
}

function masterLines(b: Bonding): string[] {
  const failOver = b.mode === "active-backup" && b.failOverMac !== "none" ? ` (fail_over_mac ${b.failOverMac})` : "";
  const primary = b.primary === null ? "None" : `${b.primary} (primary_reselect ${b.primaryReselect})`;
  return [
    `Bonding Mode: ${MODE_NAMES[b.mode]}${failOver}`,
    ...(b.hash === null ? [] : [`Transmit Hash Policy: ${b.hash} (${HASH_NUMBERS[b.hash]})`]),
    ...(HAS_PRIMARY.has(b.mode) ? [`Primary Slave: ${primary}`, `Currently Active Slave: ${b.active ?? "None"}`] : []),
    `MII Status: ${b.miiStatus}`,
    `MII Polling Interval (ms): ${b.miimonMs}`,
    `Up Delay (ms): ${b.upDelayMs}`,
    `Down Delay (ms): ${b.downDelayMs}`,
    `Peer Notification Delay (ms): ${b.peerNotifyDelayMs}`,
    ...(b.arp === null ? [] : [
      `ARP Polling Interval (ms): ${b.arp.intervalMs}`,
      `ARP Missed Max: ${b.arp.missedMax}`,
      `ARP IP target/s (n.n.n.n form):${b.arp.targets.map((t) => ` ${t}`).join(",")}`,
      "NS IPv6 target/s (xx::xx form):",
    ]),
    ...(b.lacp === null ? [] : lacpLines(b.name, b.lacp)),
  ];
}

function lacpLines(name: string, l: NonNullable<Bonding["lacp"]>): string[] {
  const a = l.aggregator;
  return [
    "", "802.3ad info", `LACP active: ${l.active ? "on" : "off"}`, `LACP rate: ${l.fast ? "fast" : "slow"}`, `Min links: ${l.minLinks}`,
    `Aggregator selection policy (ad_select): ${l.adSelect}`, `System priority: ${l.systemPriority}`, `System MAC address: ${l.system}`,
    ...(a === null ? [`bond ${name} has no active aggregator`] : [
      "Active Aggregator Info:", `\tAggregator ID: ${a.id}`, `\tNumber of ports: ${a.ports}`, `\tActor Key: ${a.actorKey}`, `\tPartner Key: ${a.partnerKey}`,
      `\tPartner Mac Address: ${a.partner}`,
    ]),
  ];
}

function slaveLines(b: Bonding, s: BondSlave): string[] {
  const head = [
    "", `Slave Interface: ${s.name}`, `MII Status: ${s.miiStatus}`, s.speedMbps === null ? "Speed: Unknown" : `Speed: ${s.speedMbps} Mbps`,
    `Duplex: ${s.speedMbps === null ? "Unknown" : "full"}`, `Link Failure Count: ${s.linkFailureCount}`, `Permanent HW addr: ${s.permanentMac}`, `Slave queue ID: ${s.queueId}`,
  ];
  if (b.mode !== "802.3ad") return head;
  const { churn, actor, partner } = s;
  if (churn === null || actor === null || partner === null) return [...head, "Aggregator ID: N/A"];
  return [
    ...head, `Aggregator ID: ${s.aggregatorId}`, `Actor Churn State: ${churn.actor}`, `Partner Churn State: ${churn.partner}`, `Actor Churned Count: ${churn.actorCount}`,
    `Partner Churned Count: ${churn.partnerCount}`, ...endLines("actor", "port", actor), ...endLines("partner", "oper", partner),
  ];
}

function endLines(who: string, key: string, e: LacpEnd): string[] {
  return [
    `details ${who} lacp pdu:`, `    system priority: ${e.systemPriority}`, `    system mac address: ${e.system}`, `    ${key} key: ${e.key}`,
    `    port priority: ${e.portPriority}`, `    port number: ${e.portNumber}`, `    port state: ${e.portState}`,
  ];
}
