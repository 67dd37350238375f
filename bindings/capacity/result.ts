// Rows put together: what each cable carries, in normal state and at worst, and which failure that is; tiers, pairs, findings.

import type { Where } from "../topology/model.ts";
import type { About } from "./about.ts";
import type { Direction } from "./cables.ts";
import { findingsOf, type Finding } from "./findings.ts";
import type { CapacityOptions, Row } from "./question.ts";
import { inPairs, pairAt } from "./pairs.ts";
import { balanceOf, type Balance } from "./shares.ts";
import { oversubscription, tierRows, type Oversubscription, type TierRow } from "./tiers.ts";

export interface LinkRow extends Direction {
  /** nothing has failed */
  mbps: number;
  share: number;
  /** the most over all failures, and which that is; null: no failure makes it more */
  worstMbps: number;
  worstShare: number;
  worst: string | null;
}

export interface FailureRow {
  /** one, or two; none: nothing has failed */
  failures: string[];
  offeredMbps: number;
  deliveredMbps: number;
  /** has no way, though both its ends work */
  lostMbps: number;
  /** of servers that failed */
  goneMbps: number;
  /** of what is delivered, by an estimate: cables drop what they cannot carry, of all flows alike */
  overloadMbps: number;
  /** the fullest cable */
  fullest: { from: string; share: number } | null;
  restless: boolean;
  flooded: number;
}

export interface PeerLinkRow { pair: string; where: Where; mbps: number; share: number; worstMbps: number; worstShare: number; worst: string | null }

export interface CapacityResult {
  name: string;
  options: CapacityOptions;
  sources: { name: string; where: Where; flows: number; mbps: number; backMbps: number }[];
  links: LinkRow[];
  whole: FailureRow;
  failures: FailureRow[];
  /** pairs of failures that need no run: none of their cables is reached by both */
  apart: number;
  tiers: TierRow[];
  oversubscription: Oversubscription[];
  peerLinks: PeerLinkRow[];
  balance: Balance[];
  findings: Finding[];
  assumed: number;
}

export function resultOf(rows: readonly Row[], options: CapacityOptions, about: About): CapacityResult {
  const [whole, ...rest] = rows as [Row, ...Row[]];
  const names = namesOf(about);
  const normal = new Map(whole.loads);
  const links = about.directions.flatMap((d, port): (LinkRow & { port: number })[] => {
    if (d === null) return [];
    const mbps = normal.get(port) ?? 0;
    const share = shareOf(mbps, d.capacityMbps);
    return [{ ...d, port, mbps, share, worstMbps: mbps, worstShare: share, worst: null }];
  });
  const byPort = new Map(links.map((l) => [l.port, l]));
  const failures: FailureRow[] = [];
  rest.forEach((row, i) => {
    if (row.apart === true) return;
    const name = names(i);
    for (const [port, mbps] of row.loads) {
      const link = byPort.get(port);
      if (link === undefined || mbps <= link.worstMbps) continue;
      Object.assign(link, { worstMbps: mbps, worstShare: shareOf(mbps, link.capacityMbps), worst: name.join(" and ") });
    }
    failures.push(failureRow(row, name, about, normal));
  });
  const cables = links.filter((l) => !l.virtual).map(({ port: _, ...link }) => link);
  const balance = balanceOf(whole.groups ?? []);
  const result = {
    name: about.name, options, sources: about.sources, links: cables, whole: failureRow(whole, [], about, new Map()), failures, apart: rest.filter((r) => r.apart === true).length,
    tiers: tierRows(cables, about), oversubscription: oversubscription(cables, about), peerLinks: peerLinks(about, cables, rest, normal, names), balance, assumed: about.assumed,
  };
  return { ...result, findings: findingsOf({ ...result, about, tightest: whole.tightest ?? [], lostOf: whole.lostOf, byName: new Map(cables.map((l) => [l.from, l])) }) };
}

const shareOf = (mbps: number, capacityMbps: number): number => (capacityMbps === 0 ? 0 : mbps / capacityMbps);

/** What the i-th row after the first is about. */
function namesOf({ failures }: About): (i: number) => string[] {
  const paired = failures.filter((f) => inPairs(f.kind)).map((f) => f.target);
  return (i) => (i < failures.length ? [failures[i]!.target] : pairAt(i - failures.length, paired.length).map((k) => paired[k]!));
}

function failureRow(row: Row, failures: string[], about: About, normal: ReadonlyMap<number, number>): FailureRow {
  let fullest: FailureRow["fullest"] = null;
  for (const [port, mbps] of new Map([...normal, ...row.loads])) {
    const d = about.directions[port];
    if (d == null || d.virtual) continue;
    const share = shareOf(mbps, d.capacityMbps);
    if (share > (fullest?.share ?? 0)) fullest = { from: d.from, share };
  }
  return {
    failures, offeredMbps: row.offered, deliveredMbps: row.delivered, lostMbps: row.lost, goneMbps: row.gone, overloadMbps: row.overload, fullest, restless: row.restless, flooded: row.flooded,
  };
}

/** Each pair's peer-link, both directions and all members together. */
function peerLinks(about: About, links: readonly LinkRow[], rows: readonly Row[], normal: ReadonlyMap<number, number>, names: (i: number) => string[]): PeerLinkRow[] {
  const portOf = new Map(about.directions.flatMap((d, port) => (d === null ? [] : [[d.from, port] as const])));
  const capacity = new Map(links.map((l) => [l.from, l.capacityMbps]));
  return about.peerLinks.map(({ pair, ports, where }) => {
    const own = ports.map((name) => portOf.get(name)!);
    const total = ports.reduce((sum, name) => sum + (capacity.get(name) ?? 0), 0);
    const sumOf = (loads: ReadonlyMap<number, number>): number => own.reduce((sum, port) => sum + (loads.get(port) ?? normal.get(port) ?? 0), 0);
    const mbps = sumOf(normal);
    let [worstMbps, worst]: [number, string | null] = [mbps, null];
    rows.forEach((row, i) => {
      const sum = row.apart === true ? 0 : sumOf(new Map(row.loads));
      if (sum > worstMbps) [worstMbps, worst] = [sum, names(i).join(" and ")];
    });
    return { pair, where, mbps, share: shareOf(mbps, total), worstMbps, worstShare: shareOf(worstMbps, total), worst };
  });
}
