// One failure's run, judged: who was down for how long and why, who did not come back, what the network still carries.

import { branched, outages, type Begun, type CauseLink, type Outage } from "../analysis/index.ts";
import type { RunResult } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";
import { overloaded } from "./capacity.ts";
import type { Failure } from "./failures.ts";
import { remedyFor } from "./remedy.ts";
import type { Capacity, Chain, Hit, Span, SweepRow, Verdict } from "./rows.ts";
import type { SweepTimes } from "./times.ts";

/** What is looked up in a topology again and again. */
export class Subjects {
  readonly #flows: Map<string, Topology["flows"][number]>;
  readonly #services: Map<string, Topology["services"][number]>;

  constructor(t: Topology) {
    this.#flows = new Map(t.flows.map((f) => [f.name, f]));
    this.#services = new Map(t.services.map((s) => [s.name, s]));
  }

  maxOutageNs(subject: Hit["subject"], name: string): bigint | null { return (subject === "flow" ? this.#flows.get(name) : this.#services.get(name))?.maxOutageNs ?? null; }

  /** A flow from or to a server that died is not lost to a single point of failure: its end is gone. Services are another matter. */
  isOwn({ subject, name }: Pick<Hit, "subject" | "name">, dead: ReadonlySet<string>): boolean {
    if (subject === "service") return dead.has(this.#services.get(name)?.client ?? "");
    const flow = this.#flows.get(name);
    return flow !== undefined && (dead.has(flow.from) || dead.has(flow.to));
  }
}

export function judge(result: RunResult, failures: readonly Failure[], times: SweepTimes, subjects: Subjects, capacity: Capacity | null, warm: Begun, explained = true): SweepRow {
  const bySubject = new Map<string, Outage[]>();
  for (const o of outages(result, branched(result, warm), ["service", "flow"])) {
    const key = `${o.subject} ${o.name}`;
    const list = bySubject.get(key);
    if (list === undefined) bySubject.set(key, [o]); else list.push(o);
  }
  const chains = new Chains(times.failNs, explained ? CHAINS_MAX : 0);
  const hits = [...bySubject.values()].map((list) => hitOf(list, times, subjects, chains));
  const dead = new Set(failures.flatMap((f) => f.targets).filter((x) => x.kind === "node").map((x) => x.name));
  const spof = hits.filter((h) => h.failureNs === null && !subjects.isOwn(h, dead)).map((h) => h.name);
  const [first] = failures;
  const pair = failures.length > 1;
  return {
    kind: pair ? "pair" : first!.kind, target: first!.target, op: first!.op, same: pair ? [] : first!.same, verdict: verdictOf(hits, spof, capacity, hits.some((h) => h.kept === false && !subjects.isOwn(h, dead))), hits, spof,
    remedy: spof.length === 0 || pair ? null : remedyFor(result.topology, first!, spof), capacity, chains: chains.all,
  };
}

function verdictOf(hits: readonly Hit[], spof: readonly string[], capacity: Capacity | null, broken: boolean): Verdict {
  if (spof.length > 0) return "spof";
  if (overloaded(capacity)) return "overload";
  if (broken) return "budget";
  return hits.length > 0 ? "hit" : "none";
}

const longest = (all: readonly Outage[]): Outage | undefined => all.reduce<Outage | undefined>((a, b) => (a === undefined || b.lengthNs > a.lengthNs ? b : a), undefined);
const span = (o: Outage | undefined): Span => (o?.lengthNs ?? 0n).toString();

function hitOf(list: readonly Outage[], times: SweepTimes, subjects: Subjects, chains: Chains): Hit {
  const before = list.filter((o) => o.startNs < times.repairNs);
  const after = list.filter((o) => o.startNs >= times.repairNs);
  const stuck = before.find((o) => o.endNs === null || o.endNs >= times.repairNs);
  const worst = (stuck ?? longest(before) ?? longest(after))!;
  const { subject, name } = worst;
  const budget = subjects.maxOutageNs(subject as Hit["subject"], name);
  return {
    subject: subject as Hit["subject"], name, failureNs: stuck !== undefined ? null : span(longest(before)), returnNs: list.some((o) => o.endNs === null) ? null : span(longest(after)),
    kept: budget === null ? null : list.every((o) => o.endNs !== null && o.lengthNs <= budget), reason: worst.reasons.at(-1)?.words ?? "",
    ...chains.of(worst),
  };
}

/** Of one failure: what hits half the network is explained by some of it. */
const CHAINS_MAX = 16;

/** Chains of causes, each once. */
class Chains {
  readonly all: Chain[] = [];
  readonly #places = new Map<string, number>();
  readonly #failNs: bigint;

  readonly #max: number;

  constructor(failNs: bigint, max: number) { [this.#failNs, this.#max] = [failNs, max]; }

  of(outage: Outage): Pick<Hit, "down" | "up"> {
    if (this.all.length >= this.#max) return { down: -1, up: -1 };
    const { down, up } = outage.why;
    return { down: this.#place(down), up: this.#place(up) };
  }

  #place(links: readonly CauseLink[]): number {
    const chain: Chain = links.slice(0, -1).map((link) => [(link.atNs - this.#failNs).toString(), link.text]);
    if (chain.length === 0) return -1;
    const key = JSON.stringify(chain);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.all.length);
    return this.all.push(chain) - 1;
  }
}
