// What breaks in the two sites in so many years: the rates of `dualhome nines` (bindings/nines/defaults.ts, with their studies), each class of things
// a Poisson process over all of its members. The k-th failure of a class is a function of the seed, the class and k.

import { DEFAULTS } from "../bindings/nines/defaults.ts";
import { Draws } from "../bindings/nines/draws.ts";
import type { Step, Topology } from "../bindings/topology/model.ts";

type Target = Step["targets"][number];

export interface Failure { kind: string; from: bigint; to: bigint; targets: Target[] }

/** One kind of failure: its members, each with what goes down with it; hours between failures of one, and to repair. */
interface Kind { name: string; members: Target[][]; mtbf: number; mttr: number; spread: number }

const HOUR = 3_600_000_000_000;
const HOURS_PER_YEAR = 8766;
/** Racks have two feeds; what takes both is 3.5 % of what takes one. Ducts are 100 km of buried fibre, 2.13 cuts a year for 1000 km, 8 h to splice. */
const BOTH_FEEDS = 0.035;
const DUCT = { mtbf: HOURS_PER_YEAR / 0.213, mttr: 8 };

function kinds(t: Topology): Kind[] {
  const of = (is: (n: Topology["nodes"][number]) => boolean): Target[][] => t.nodes.filter(is).map((n) => [{ kind: "node" as const, name: n.name }]);
  const servers = of((n) => n.kind === "server");
  const leaves = of((n) => n.kind === "switch" && n.name.includes("-leaf"));
  const cables = t.links.map((l) => [{ kind: "link" as const, name: l.name }]);
  const names = new Set(servers.map(([server]) => server!.name));
  const nics = t.links.flatMap((l) => [l.a, l.b]).filter((end) => names.has(end.slice(0, end.indexOf(":")))).map((name) => [{ kind: "port" as const, name }]);
  const together = (key: (name: string) => string): Target[][] => {
    const sets = new Map<string, Target[]>();
    for (const target of [...servers, ...leaves].flat()) {
      const set = sets.get(key(target.name));
      if (set === undefined) sets.set(key(target.name), [target]); else set.push(target);
    }
    return [...sets.values()];
  };
  const ducts = t.links.filter((l) => /spine.*spine/.test(l.name)).map((l) => [{ kind: "link" as const, name: l.name }]);
  const kind = (name: string, members: Target[][], { mtbf, mttr }: { mtbf: number; mttr: number }, spread = 0): Kind => ({ name, members, mtbf, mttr, spread });
  return [
    kind("server crash", servers, DEFAULTS["server-crash"], 0.5), // 5 to 15 minutes
    kind("server hardware", servers, DEFAULTS["server-hardware"]),
    kind("NIC port", nics, DEFAULTS.nic),
    kind("cable", cables, DEFAULTS.link),
    kind("cable flap", cables, DEFAULTS["link-flap"]),
    kind("leaf hardware", leaves, DEFAULTS["leaf-hardware"]),
    kind("leaf reload", leaves, DEFAULTS["leaf-software"]),
    kind("spine", of((n) => n.kind === "switch" && n.name.includes("-spine")), DEFAULTS["spine-hardware"]),
    kind("duct", ducts, DUCT),
    kind("rack power", together((name) => name.slice(0, name.lastIndexOf("-"))), { mtbf: DEFAULTS.feed.mtbf / BOTH_FEEDS, mttr: DEFAULTS.feed.mttr }),
    kind("site", together((name) => name.slice(0, name.indexOf("-"))), DEFAULTS.site),
  ];
}

/** All failures that begin between two instants and are repaired by the end, in order. What is down already does not fail again. */
export function failures(topology: Topology, years: number, fromNs: bigint, seed: bigint): Failure[] {
  const hours = years * HOURS_PER_YEAR;
  const drawn = kinds(topology).flatMap((kind, stream) => ofKind(kind, stream, hours, seed));
  drawn.sort((a, b) => a.from - b.from || a.stream - b.stream);
  const busy = new Map<string, number>(); // until when each target is down
  return drawn.flatMap(({ kind, from, to, targets }): Failure[] => {
    const free = targets.filter(({ name }) => (busy.get(name) ?? 0) < from);
    if (free.length === 0) return [];
    for (const { name } of free) busy.set(name, to);
    const at = (hour: number): bigint => fromNs + BigInt(Math.round(hour * HOUR));
    return [{ kind, from: at(from), to: at(to), targets: free }];
  });
}

function ofKind({ name, members, mtbf, mttr, spread }: Kind, stream: number, hours: number, seed: bigint): { kind: string; stream: number; from: number; to: number; targets: Target[] }[] {
  const draws = new Draws(seed, stream, 0);
  const found = [];
  let at = 0;
  for (let k = 0; members.length > 0; k++) {
    at += (-Math.log(draws.uniform(0, k)) * mtbf) / members.length;
    const lasts = mttr * (1 + spread * (2 * draws.uniform(1, k) - 1));
    if (at + lasts >= hours) break;
    found.push({ kind: name, stream, from: at, to: at + lasts, targets: members[Math.floor(draws.uniform(2, k) * members.length)]! });
  }
  return found;
}
