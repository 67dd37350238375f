// What the findings must know of the topology: plain data, so that parts of a question can be put together without the file.

import { Indices, compile } from "../engine/index.ts";
import { failureName, type Failure } from "../sweep/index.ts";
import type { Topology, Where } from "../topology/model.ts";
import { directionsOf, isBundle, nodeOfPort, tierName, tiersOf, type Direction } from "./cables.ts";
import { sourcesOf, type Source } from "./traffic.ts";

/** Two halves of something that carries on both: each half's ports, by who or what takes them away. */
export interface Halves { name: string; what: "bond" | "uplinks" | "downlinks" | "bundle"; where: Where; parts: [Half, Half] }
export interface Half { by: string; ports: string[] }

export interface About {
  name: string;
  /** by the index that rows use; null: a port without a cable */
  directions: (Direction | null)[];
  failures: { target: string; kind: string }[];
  sources: Source[];
  tiers: string[];
  /** node → tier */
  tierOf: Record<string, number>;
  halves: Halves[];
  peerLinks: { pair: string; ports: string[]; where: Where }[];
  /** where nodes, port-channels and pairs stand in the file */
  places: Record<string, Where>;
  assumed: number;
}

export function aboutOf(t: Topology, failures: readonly Failure[]): About {
  const { ports } = compile(t).names;
  const tiers = tiersOf(t);
  const directions = directionsOf(t);
  const count = Math.max(...tiers.values()) + 1;
  return {
    name: t.name, directions: ports.map((port) => directions.get(port) ?? null), failures: failures.map((f) => ({ target: failureName(f), kind: f.kind })), sources: sourcesOf(t),
    tiers: Array.from({ length: count }, (_, tier) => tierName(t, tiers, tier)), tierOf: Object.fromEntries(tiers),
    halves: [...bundles(t), ...pairUplinks(t, directions)],
    peerLinks: t.pairs.map((pair) => ({
      pair: pair.name, where: pair.where, ports: t.lags.filter((l) => l.peerLinkOf === pair.name).flatMap((l) => l.members.map((m) => `${l.node}:${m}`)),
    })),
    places: Object.fromEntries([...t.nodes, ...t.lags, ...t.pairs].map((each) => [each.name, each.where])), assumed: t.assumptions.length,
  };
}

/** Bonds and port-channels whose members go to two places, or are two: both directions of each. */
function bundles(t: Topology): Halves[] {
  const of = new Indices(t);
  return t.lags.filter((lag) => isBundle(lag) && lag.peerLinkOf === null).flatMap((lag): Halves[] => {
    const ports = lag.members.map((m) => `${lag.node}:${m}`);
    const ends = ports.map((port) => of.far(port) ?? "");
    const nodes = [...new Set(ends.map(nodeOfPort))];
    if (nodes.length > 2 || (nodes.length === 1 && ports.length !== 2)) return [];
    const part = (list: readonly string[], k: 0 | 1): Half => (nodes.length === 2
      ? { by: nodes[k]!, ports: list.filter((_, i) => nodeOfPort(ends[i]!) === nodes[k]) }
      : { by: `${ports[k]}--${ends[k]}`, ports: [list[k]!] });
    const what = nodes.length === 2 ? "bond" : "bundle";
    const other = of.lagOfPort.get(ends[0]!);
    if (what === "bundle" && other?.members.length === 2 && lag.name > other.name) return []; // its other end is listed
    return [ports, ends].map((list) => ({ name: lag.name, what, where: lag.where, parts: [part(list, 0), part(list, 1)] }));
  });
}

/** What the peers of a pair send up, and what comes down to them. */
function pairUplinks(t: Topology, directions: ReadonlyMap<string, Direction>): Halves[] {
  return t.pairs.flatMap((pair): Halves[] => (["up", "down"] as const).flatMap((lead): Halves[] => {
    const part = (peer: string): Half => ({
      by: peer, ports: [...directions.values()].filter((d) => d.lead === lead && nodeOfPort(lead === "up" ? d.from : d.to) === peer).map((d) => d.from),
    });
    const parts: [Half, Half] = [part(pair.peers[0]), part(pair.peers[1])];
    return parts.every((p) => p.ports.length > 0) ? [{ name: pair.name, what: lead === "up" ? "uplinks" : "downlinks", where: pair.where, parts }] : [];
  }));
}
