// Two designs side by side: measured alike, failures and flows matched.

import { trafficSources } from "../capacity/index.ts";
import type { Topology } from "../topology/model.ts";
import { measure, type Design, type Hit, type MeasureOptions } from "./design.ts";
import { failureIn, match, type Matching } from "./match.ts";
import { longer } from "./order.ts";

/** One failure in both designs. */
export interface FailurePair {
  /** as the first design calls it, or the second; null: it has none */
  a: string | null;
  b: string | null;
  /** flows and services that it takes down in one of them or both */
  subjects: { name: string; a: Effect; b: Effect }[];
}

/** Longest outage, of failure or return; ns null: stays down. absent: the design has no such flow, or no such failure. own: its own server failed. */
export type Effect = { absent: true } | { absent: false; ns: bigint | null; spof: boolean; own: boolean };

export interface Comparison {
  a: Design;
  b: Design;
  matching: Matching;
  failures: FailurePair[];
  /** what is offered that is not the same in both, by name */
  traffic: { onlyA: string[]; onlyB: string[]; changed: string[] };
  /** the design whose traffic the other took, having none */
  lent: "a" | "b" | null;
}

/** Same failures, same traffic: what a failure does to a flow is measured in both, and matched by name. */
export async function compare(a: { topology: Topology; file: string }, b: { topology: Topology; file: string }, options: MeasureOptions = {}): Promise<Comparison> {
  const same = sameTraffic(a.topology, b.topology);
  return compareDesigns(await measure(same.a, a.file, options), await measure(same.b, b.file, options), same.lent);
}

/** One that has no traffic is given the other's. */
export function sameTraffic(a: Topology, b: Topology): { a: Topology; b: Topology; lent: Comparison["lent"] } {
  const [ofA, ofB] = [a, b].map((t) => trafficSources(t).length > 0);
  if (ofA === ofB) return { a, b, lent: null };
  return ofA === true ? { a, b: withTraffic(b, a), lent: "a" } : { a: withTraffic(a, b), b, lent: "b" };
}

/** Demands of the other design between servers that this one has, too. */
function withTraffic(t: Topology, other: Topology): Topology {
  const servers = new Set(t.nodes.filter((n) => n.kind === "server" && t.addresses.some((x) => x.node === n.name)).map((n) => n.name));
  const rates = new Map(other.flows.map((f) => [f.name, f.rateMbps]));
  return {
    ...t, demands: (other.demands ?? []).filter((d) => [...d.from, ...d.to].every((server) => servers.has(server))),
    flows: t.flows.map((f) => (f.rateMbps === null && rates.get(f.name) != null ? { ...f, rateMbps: rates.get(f.name)! } : f)),
  };
}

export function compareDesigns(a: Design, b: Design, lent: Comparison["lent"] = null): Comparison {
  const matching = match(a.topology, b.topology);
  return { a, b, matching, failures: pairFailures(a, b, matching), traffic: lent === null ? trafficOf(a.topology, b.topology) : { onlyA: [], onlyB: [], changed: [] }, lent };
}

function trafficOf(a: Topology, b: Topology): Comparison["traffic"] {
  const list = (t: Topology): Map<string, string> => new Map(trafficSources(t).map(({ name, flows, mbps, backMbps }) => [name, `${flows} ${mbps} ${backMbps}`]));
  const [ofA, ofB] = [list(a), list(b)];
  return {
    onlyA: [...ofA.keys()].filter((name) => !ofB.has(name)), onlyB: [...ofB.keys()].filter((name) => !ofA.has(name)),
    changed: [...ofA].filter(([name, what]) => ofB.has(name) && ofB.get(name) !== what).map(([name]) => name),
  };
}

function pairFailures(a: Design, b: Design, matching: Matching): FailurePair[] {
  const rowsOfB = new Map(b.rows.map((row) => [row.failure, row]));
  const subjects = [a, b].map((d) => new Set([...d.topology.flows, ...d.topology.services].map((each) => each.name)));
  const pairs = a.rows.map((row) => {
    const name = failureIn(matching, row.failure);
    const other = name === null ? undefined : rowsOfB.get(name);
    if (other !== undefined) rowsOfB.delete(name!);
    return { a: row, b: other };
  });
  const rest = [...rowsOfB.values()].map((row) => ({ a: undefined, b: row }));
  return [...pairs, ...rest].map((rows): FailurePair => {
    const names = [...new Set([...(rows.a?.hits ?? []), ...(rows.b?.hits ?? [])].map((hit) => hit.name))];
    const effect = (row: typeof rows.b, known: ReadonlySet<string>, name: string): Effect => {
      if (row === undefined || !known.has(name)) return { absent: true };
      const hit = row.hits.find((h) => h.name === name);
      const spof = row.spof.includes(name);
      return { absent: false, ns: hit === undefined ? 0n : worst(hit), spof, own: hit?.failureNs === null && !spof };
    };
    return {
      a: rows.a?.failure ?? null, b: rows.b?.failure ?? null,
      subjects: names.map((name) => ({ name, a: effect(rows.a, subjects[0]!, name), b: effect(rows.b, subjects[1]!, name) })),
    };
  });
}

const worst = ({ failureNs, returnNs }: Hit): bigint | null => (longer(failureNs, returnNs) ? failureNs : returnNs);
