// What an outage was made of: its time from the first lost frame to the way back, parted at each record that led back, and named by what was waited for.

import * as abi from "../../assembly/abi.ts";
import type { Link } from "./causes.ts";
import type { Outage, Reason } from "./outages.ts";
import type { Run } from "./run.ts";

export interface Part {
  /** "LACP timeout" */
  name: string;
  fromNs: bigint;
  untilNs: bigint;
  lengthNs: bigint;
  /** of the whole outage: 0 to 1 */
  share: number;
  /** the record that ended the wait; null: it had not ended when the run did */
  endedBy: Link | null;
  /** why frames were lost meanwhile */
  reasons: Reason[];
}

const NAMES: Record<number, string> = {
  [abi.T_FAULT]: "until the step", [abi.T_NODE]: "until the node was up", [abi.T_CARRIER]: "link detection", [abi.T_MII]: "link detection",
  [abi.T_LACP_PERIODIC]: "LACP", [abi.T_LACP_SELECTED]: "LACP", [abi.T_LACP_MUX]: "LACP", [abi.T_LACP_CHURN]: "LACP", [abi.T_LACP_PARTNER]: "LACP", [abi.T_AGGREGATOR]: "LACP", [abi.T_FALLBACK]: "LACP fallback",
  [abi.T_MEMBER]: "bundle", [abi.T_LAG]: "bundle", [abi.T_BOND_ACTIVE]: "bond failover", [abi.T_RLB_CLIENT]: "bond failover", [abi.T_BOND_MAC]: "bond failover",
  [abi.T_VRRP]: "gateway takeover", [abi.T_HSRP]: "gateway takeover", [abi.T_GLBP]: "gateway takeover", [abi.T_FORWARDER]: "gateway takeover", [abi.T_TRACK]: "tracking",
  [abi.T_GARP]: "announcement", [abi.T_ARP]: "neighbour resolution", [abi.T_PROXY_ARP]: "neighbour resolution", [abi.T_FDB_FLUSH]: "MAC table", [abi.T_FDB_MOVE]: "MAC table",
  [abi.T_ADJACENCY]: "routing", [abi.T_ROUTE]: "routing",
  [abi.T_MLAG_ROLE]: "MC-LAG", [abi.T_MLAG_PEERLINK]: "MC-LAG", [abi.T_MLAG_KEEPALIVE]: "MC-LAG", [abi.T_MLAG_SUSPEND]: "MC-LAG hold", [abi.T_MLAG_DELAY]: "MC-LAG", [abi.T_MLAG_LEG]: "MC-LAG",
  [abi.T_STP_ROOT]: "spanning tree", [abi.T_STP_ROLE]: "spanning tree", [abi.T_STP_STATE]: "spanning tree", [abi.T_STP_TC]: "spanning tree", [abi.T_STP_GUARD]: "spanning tree",
  [abi.T_SERVICE]: "move of the service", [abi.T_SERVICE_CHECK]: "health check", [abi.T_STORM]: "storm", [abi.T_FLOW_UP]: "until frames found the way", [abi.T_FLOW_DOWN]: "until the other direction was up",
};

/** They lie end to end and fill the outage. Waits of one name that follow each other are one. */
export function partsOf(run: Run, outage: Outage): Part[] {
  const endNs = outage.endNs ?? run.endNs;
  const parts: Part[] = [];
  let fromNs = outage.startNs;
  for (const link of outage.why.up) {
    if (link.atNs <= fromNs) continue;
    add(parts, outage, { name: nameOf(run, link), fromNs, untilNs: link.atNs, endedBy: link });
    fromNs = link.atNs;
  }
  if (fromNs < endNs) add(parts, outage, { name: outage.endNs === null ? "still down at the end" : "other", fromNs, untilNs: endNs, endedBy: null });
  return parts;
}

function add(parts: Part[], outage: Outage, part: Pick<Part, "name" | "fromNs" | "untilNs" | "endedBy">): void {
  const last = parts.at(-1);
  const fromNs = last?.name === part.name ? parts.pop()!.fromNs : part.fromNs;
  const lengthNs = part.untilNs - fromNs;
  parts.push({ ...part, fromNs, lengthNs, share: Number(lengthNs) / Number(outage.lengthNs), reasons: reasonsIn(outage.reasons, fromNs, part.untilNs) });
}

function nameOf(run: Run, link: Link): string {
  if (link.kind === abi.T_LACP_RX) return run.trace.get(link.id).b === abi.RX_CURRENT ? "until a LACPDU came" : "LACP timeout";
  return NAMES[link.kind] ?? "other";
}

/** Those that held when it began, and those that came up in it. */
function reasonsIn(reasons: readonly Reason[], fromNs: bigint, untilNs: bigint): Reason[] {
  const before = [0, 1].flatMap((direction) => reasons.findLast((r) => r.direction === direction && r.atNs <= fromNs) ?? []);
  const within = reasons.filter((r) => r.atNs > fromNs && r.atNs < untilNs);
  const seen = new Set<string>();
  return [...before, ...within].filter((r) => {
    const key = `${r.key} ${r.place}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
