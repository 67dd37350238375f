// What is wrong with a plan, each with its place in the file and the numbers. What comes from one place in the file is told once, at its worst.

import type { Where } from "../topology/model.ts";
import type { About, Half, Halves } from "./about.ts";
import type { CapacityResult, LinkRow } from "./result.ts";
import type { Balance } from "./shares.ts";
import { gigabits, percent } from "./words.ts";

export type FindingKind = "over" | "both-halves" | "one-member" | "no-way" | "polarised" | "idle-member" | "uneven" | "oversubscription";

export interface Finding {
  kind: FindingKind;
  where: Where;
  /** what it is about: a port, a bond, a pair, a demand */
  name: string;
  text: string;
  /** above the limit: the command ends with status 1 */
  breaks: boolean;
  /** how bad: a share, a ratio */
  size: number;
  /** others that come from the same place of the file */
  alike: string[];
}

interface Known extends Omit<CapacityResult, "findings"> { about: About; tightest: readonly [port: number, mbps: number][]; lostOf: readonly [source: number, mbps: number][]; byName: ReadonlyMap<string, LinkRow> }

const KINDS: readonly FindingKind[] = ["over", "both-halves", "one-member", "no-way", "polarised", "idle-member", "uneven", "oversubscription"];

export function findingsOf(k: Known): Finding[] {
  const all = [...over(k), ...bothHalves(k), ...oneMember(k), ...noWay(k), ...dealt(k), ...tiers(k)];
  const merged = new Map<string, Finding>();
  for (const finding of all.sort((a, b) => b.size - a.size)) {
    const key = `${finding.kind} ${finding.where.line}:${finding.where.col}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, finding);
    else if (known.name !== finding.name && !known.alike.includes(finding.name)) known.alike.push(finding.name);
  }
  return [...merged.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.size - a.size);
}

function over({ links, options: { limit } }: Known): Finding[] {
  return links.filter((l) => l.worstShare > limit).map((l) => {
    const now = l.share > limit ? "when nothing has failed" : `when ${l.worst} has failed`;
    const excess = l.worstMbps - l.capacityMbps;
    const [mbps, share] = l.share > limit ? [l.mbps, l.share] : [l.worstMbps, l.worstShare];
    const then = l.share > limit && l.worst !== null ? `; ${percent(l.worstShare)} when ${l.worst} has failed` : "";
    const lost = excess > 0 ? `; up to ${gigabits(excess)} too much` : "";
    return { kind: "over" as const, where: l.where, name: l.from, text: `${l.from} to ${l.to} carries ${gigabits(mbps)} of ${gigabits(l.capacityMbps)}, ${percent(share)}, ${now}${then}${lost}`, breaks: true, size: l.worstShare, alike: [] };
  });
}

const WHAT: Record<Halves["what"], string> = {
  bond: "both legs are counted on", bundle: "both cables are counted on", uplinks: "the uplinks of both peers are counted on", downlinks: "what comes down to both peers is counted on",
};

function bothHalves({ about, byName, options: { limit } }: Known): Finding[] {
  return about.halves.flatMap(({ name, what, where, parts }): Finding[] => {
    const sums = parts.map((half) => sumOf(half, byName));
    const [a, b] = sums as [Sum, Sum];
    const left = Math.min(a.capacityMbps, b.capacityMbps);
    const size = left === 0 ? 0 : (a.mbps + b.mbps) / left;
    if (size <= limit || a.mbps === 0 || b.mbps === 0) return [];
    const [small, large] = a.capacityMbps <= b.capacityMbps ? [0, 1] : [1, 0];
    const each = parts.map((half, i) => `${half.by} ${percent(sums[i]!.mbps / sums[i]!.capacityMbps)}`).join(", ");
    return [{
      kind: "both-halves", where, name, breaks: true, size, alike: [],
      text: `${name}: ${WHAT[what]}: ${each}. When ${parts[large]!.by} has failed, ${parts[small]!.by} has to carry ${gigabits(a.mbps + b.mbps)} of ${gigabits(left)}, ${percent(size)}`,
    }];
  });
}

interface Sum { mbps: number; capacityMbps: number }
function sumOf(half: Half, byName: ReadonlyMap<string, LinkRow>): Sum {
  const links = half.ports.flatMap((port) => byName.get(port) ?? []);
  return { mbps: links.reduce((sum, l) => sum + l.mbps, 0), capacityMbps: links.reduce((sum, l) => sum + l.capacityMbps, 0) };
}

function oneMember({ sources, tightest, about, options: { limit } }: Known): Finding[] {
  return sources.flatMap((source, i): Finding[] => {
    const [port, mbps] = tightest[i] ?? [-1, 0];
    const flow = Math.max(source.mbps, source.backMbps) / source.flows;
    const direction = port < 0 ? null : about.directions[port];
    if (direction == null || flow <= mbps * limit) return [];
    const bundle = direction.lag === null ? "" : `, one member of ${direction.lag}: a bundle gives a single flow no more`;
    const flows = source.flows === 1 ? "its one flow is" : `each of its ${source.flows} flows is`;
    return [{
      kind: "one-member", where: source.where, name: source.name, breaks: true, size: flow / mbps, alike: [],
      text: `${source.name}: ${flows} ${gigabits(flow)}, but goes by ${direction.from}, which carries ${gigabits(mbps)}${bundle}`,
    }];
  });
}

/** In normal state: what failures cut off is the sweep's to tell. */
function noWay({ lostOf, sources }: Known): Finding[] {
  return lostOf.map(([i, mbps]) => {
    const source = sources[i]!;
    const offered = source.mbps + source.backMbps;
    return { kind: "no-way", where: source.where, name: source.name, breaks: true, size: mbps / offered, alike: [], text: `${source.name}: ${gigabits(mbps)} of ${gigabits(offered)} do not arrive though nothing has failed` };
  });
}

const LISTED = 4;

function dealt({ balance, about }: Known): Finding[] {
  return balance.flatMap((g): Finding[] => {
    if (g.verdict === "even" || g.verdict === "few flows") return [];
    const kind = g.verdict === "idle member" ? "idle-member" : g.verdict;
    const shares = g.members.length <= 2 * LISTED ? `: ${g.members.map((m, i) => `${m} ${percent(g.counts[i]! / g.flows)}`).join(", ")}` : "";
    const idle = g.idle.length === 0 ? "" : `; ${g.idle.length === 1 ? `${g.idle[0]} is idle` : `${g.idle.length} are idle`}`;
    const numbers = `chi-square ${g.chiSquare.toFixed(1)} with ${g.members.length - 1} degrees, the fullest has ${g.maxOverMean.toFixed(2)} of the mean`;
    return [{
      kind, where: about.places[g.at] ?? { line: 0, col: 0, length: 0 }, name: g.name, breaks: false, size: g.maxOverMean, alike: [],
      text: `${g.name}: ${g.flows} flows among ${g.members.length} ${g.kind === "next hops" ? "next hops" : g.kind === "lag" ? "members" : "peers"} by ${g.hash}${shares}${idle} (${numbers})${why(g)}`,
    }];
  });
}

function why(g: Balance): string {
  if (g.verdict !== "polarised") return g.hash === "layer3+4" || g.kind === "next hops" ? "" : `. ${g.hash} knows no ports: all flows of two servers share a member`;
  const before = g.before.length <= LISTED ? g.before.join(", ") : `${g.before.slice(0, LISTED).join(", ")} and ${g.before.length - LISTED} more`;
  return `. ${before} chose by the same hash and seed before: give each tier a hash-seed of its own`;
}

function tiers({ oversubscription, options, about }: Known): Finding[] {
  const most = options.oversubscription;
  if (most === null) return [];
  return oversubscription.filter((o) => o.most.ratio > most).map((o) => ({
    kind: "oversubscription" as const, where: about.places[o.most.node]!, name: o.most.node, breaks: true, size: o.most.ratio, alike: [],
    text: `${o.most.node} takes ${o.most.ratio.toFixed(2)} times as much from below as it can send up; ${o.tier}: ${gigabits(o.downMbps)} to ${gigabits(o.upMbps)}, ${o.ratio.toFixed(2)}:1; the limit is ${most}:1`,
  }));
}
