// Load and capacity between the tiers.

import type { About } from "./about.ts";
import { nodeOfPort } from "./cables.ts";
import type { LinkRow } from "./result.ts";

/** One direction between two tiers: the cables that lead there. */
export interface TierRow {
  lead: "up" | "down";
  from: string;
  to: string;
  cables: number;
  capacityMbps: number;
  mbps: number;
  /** mean over the cables, weighted by what they can carry; the fullest; the fullest after a failure */
  meanShare: number;
  maxShare: number;
  worstShare: number;
  worst: string | null;
}

export function tierRows(links: readonly LinkRow[], about: About): TierRow[] {
  const groups = new Map<string, LinkRow[]>();
  for (const link of links) {
    if (link.lead !== "up" && link.lead !== "down") continue;
    const key = `${link.tiers[0]} ${link.tiers[1]} ${link.lead}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [link]); else group.push(link);
  }
  const order = (a: LinkRow, b: LinkRow): number => a.tiers[0] - b.tiers[0] || a.tiers[1] - b.tiers[1] || (a.lead === b.lead ? 0 : a.lead === "up" ? -1 : 1);
  return [...groups.values()].sort((a, b) => order(a[0]!, b[0]!)).map((group) => {
    const { lead, tiers } = group[0]!;
    const [low, high] = [about.tiers[tiers[0]]!, about.tiers[tiers[1]]!];
    const capacityMbps = group.reduce((sum, l) => sum + l.capacityMbps, 0);
    const mbps = group.reduce((sum, l) => sum + l.mbps, 0);
    const worst = group.reduce((a, b) => (b.worstShare > a.worstShare ? b : a));
    return {
      lead: lead as "up" | "down", from: lead === "up" ? low : high, to: lead === "up" ? high : low, cables: group.length, capacityMbps, mbps, meanShare: mbps / capacityMbps,
      maxShare: Math.max(...group.map((l) => l.share)), worstShare: worst.worstShare, worst: worst.worst,
    };
  });
}

export interface Oversubscription {
  tier: string;
  /** what its switches can take from below, and send up, all together */
  downMbps: number;
  upMbps: number;
  ratio: number;
  /** the switch with the highest ratio */
  most: { node: string; ratio: number };
}

/** Of every tier that has cables both ways. Peer-links and cables to the side are none of them. */
export function oversubscription(links: readonly LinkRow[], about: About): Oversubscription[] {
  const down = new Map<string, number>();
  const up = new Map<string, number>();
  for (const link of links) {
    if (link.lead !== "up") continue;
    up.set(nodeOfPort(link.from), (up.get(nodeOfPort(link.from)) ?? 0) + link.capacityMbps);
    down.set(nodeOfPort(link.to), (down.get(nodeOfPort(link.to)) ?? 0) + link.capacityMbps);
  }
  return about.tiers.flatMap((tier, rank): Oversubscription[] => {
    const nodes = Object.keys(about.tierOf).filter((node) => about.tierOf[node] === rank && up.has(node) && down.has(node));
    if (nodes.length === 0) return [];
    const sum = (of: ReadonlyMap<string, number>): number => nodes.reduce((total, node) => total + of.get(node)!, 0);
    const ratios = nodes.map((node) => ({ node, ratio: down.get(node)! / up.get(node)! }));
    return [{ tier, downMbps: sum(down), upMbps: sum(up), ratio: sum(down) / sum(up), most: ratios.reduce((a, b) => (b.ratio > a.ratio ? b : a)) }];
  });
}
