// The `failures:` section: patterns become nodes and cables, spans become hours.

import type { Draft } from "../draft.ts";
import { spanHours, type FailureKind, type Failures, type Law, type Life } from "../failures.ts";
import { meant, type Path } from "../problems.ts";
import type { FailuresInput, LawInput, LifeInput } from "../schema/failures.ts";

export function expandFailures(draft: Draft): void {
  const input = draft.input.failures;
  if (input === undefined) return;
  const section = new Section(draft);
  const human = input["human-error"];
  draft.failures = {
    kinds: Object.entries(input.kinds ?? {}).flatMap(([kind, life]) => (life === undefined ? [] : [section.kind(kind as FailureKind, life)])),
    names: Object.entries(input.names ?? {}).map(([pattern, life]) => section.name(pattern, life)),
    peersBeta: share(input["common-cause"]?.peers),
    feedsBeta: share(input["common-cause"]?.feeds),
    shared: Object.entries(input["common-cause"]?.shared ?? {}).map(([name, { nodes, beta }]) => section.shared(name, nodes, beta)),
    feeds: Object.entries(input.feeds ?? {}).map(([name, life]) => section.feed(name, life)),
    groups: Object.entries(input.groups ?? {}).map(([name, group]) => section.group(name, group)),
    maintenance: Object.entries(input.maintenance ?? {}).map(([name, round]) => section.maintenance(name, round)),
    humanPerYear: human === "never" ? 0 : human?.["per-year"] ?? null,
    humanMttr: human === "never" ? null : section.span(human?.mttr, ["failures", "human-error", "mttr"]),
    crews: input["repair-crews"] ?? null,
  };
}

const share = (percent: number | undefined): number | null => (percent === undefined ? null : percent / 100);
type GroupInput = NonNullable<FailuresInput["groups"]>[string];
type RoundInput = NonNullable<FailuresInput["maintenance"]>[string];
type NamedInput = NonNullable<FailuresInput["names"]>[string];

class Section {
  readonly #draft: Draft;

  constructor(draft: Draft) { this.#draft = draft; }

  span(text: string | undefined, path: Path): number | null {
    if (text === undefined) return null;
    const hours = spanHours(text);
    if (hours <= 0) this.#draft.report("DH_FAILURES", path, `${path.at(-1)} is zero: a span above zero is wanted`);
    return hours;
  }

  life(input: LifeInput, path: Path): Life {
    return {
      mtbf: this.span(input.mtbf, [...path, "mtbf"]), mttr: this.span(input.mttr, [...path, "mttr"]), crew: input.crew ?? null,
      toFailure: this.#law(input["time-to-failure"], [...path, "time-to-failure"], "mtbf", input.mtbf), toRepair: this.#law(input["time-to-repair"], [...path, "time-to-repair"], "mttr", input.mttr),
    };
  }

  #law(input: LawInput | undefined, path: Path, mean: string, said: string | undefined): Law | null {
    if (input === undefined) return null;
    if (typeof input === "string") return { kind: input };
    if ("weibull" in input) return { kind: "weibull", shape: input.weibull };
    if ("lognormal" in input) return { kind: "lognormal", sigma: input.lognormal };
    if (said !== undefined) this.#draft.report("DH_FAILURES", path, `a trace has a mean of its own: ${mean} is said twice`, `leave out ${mean}`, { key: true });
    return { kind: "trace", hours: input.trace.map((text, i) => this.span(text, [...path, "trace", i]) ?? 0) };
  }

  kind(kind: FailureKind, life: "never" | LifeInput): Failures["kinds"][number] {
    const path = ["failures", "kinds", kind];
    if (kind === "card" && life !== "never") this.#whole(life, path, "a card fails");
    return { kind, life: life === "never" ? null : this.life(life, path), where: this.#draft.whereKey(...path) };
  }

  name(pattern: string, input: NamedInput): Failures["names"][number] {
    const path = ["failures", "names", pattern];
    const fits = patternOf(pattern);
    const nodes = [...this.#draft.nodes.keys()].filter(fits);
    const links = this.#draft.links.map((l) => l.name).filter(fits);
    if (nodes.length + links.length === 0 && !this.#draft.excused(pattern)) this.#nothing(pattern, path, [...this.#draft.nodes.keys(), ...this.#draft.links.map((l) => l.name)], true);
    const where = this.#draft.whereKey(...path);
    if (input === "never") return { pattern, nodes, links, as: null, life: null, where };
    const as = input.as === undefined ? null : typeof input.as === "string" ? [input.as] : input.as;
    return { pattern, nodes, links, as, life: this.life(input, path), where };
  }

  feed(name: string, life: LifeInput): Failures["feeds"][number] {
    const path = ["failures", "feeds", name];
    const known = new Set([...this.#draft.nodes.values()].flatMap((n) => n.power ?? []));
    if (!known.has(name)) this.#draft.report("DH_FAILURES", path, `no node has the power feed "${name}"`, meant(name, known), { key: true });
    return { name, life: this.life(life, path), where: this.#draft.whereKey(...path) };
  }

  /** Nodes that names, ranges or patterns stand for, each once. */
  nodes(value: string | readonly string[], path: Path): string[] {
    return this.#matching(value, path, [...this.#draft.nodes.keys()], "node");
  }

  #matching(value: string | readonly string[], path: Path, known: readonly string[], what: string): string[] {
    const list = typeof value === "string" ? [{ text: value, at: path }] : value.map((text, i) => ({ text, at: [...path, i] }));
    const names = list.flatMap(({ text, at }) => (text.includes("*") ? [text] : what === "node" ? this.#draft.names(text, at) : [text]).flatMap((name) => {
      const found = known.filter(patternOf(name));
      if (found.length === 0 && !this.#draft.excused(name)) this.#nothing(name, at, known, false);
      return found;
    }));
    return [...new Set(names)];
  }

  #nothing(pattern: string, path: Path, known: readonly string[], key: boolean): void {
    this.#draft.report("DH_FAILURES", path, `"${pattern}" fits no ${key ? "node and no cable" : "name"}`, meant(pattern, known), { key });
  }

  shared(name: string, nodes: string | readonly string[], beta: number): Failures["shared"][number] {
    const path = ["failures", "common-cause", "shared", name];
    const members = this.nodes(nodes, [...path, "nodes"]);
    if (members.length === 1) this.#draft.report("DH_FAILURES", [...path, "nodes"], `${members[0]} shares causes with nobody: two nodes or more are wanted`);
    return { name, nodes: members, beta: beta / 100, where: this.#draft.whereKey(...path) };
  }

  group(name: string, { nodes, links, ...life }: GroupInput): Failures["groups"][number] {
    const path = ["failures", "groups", name];
    if (nodes === undefined && links === undefined) this.#draft.report("DH_FAILURES", path, `${name} has no members: say nodes or links`, null, { key: true });
    this.#whole(life, path, `${name} fails`);
    return {
      name, nodes: nodes === undefined ? [] : this.nodes(nodes, [...path, "nodes"]),
      links: links === undefined ? [] : this.#matching(links, [...path, "links"], this.#draft.links.map((l) => l.name), "cable"),
      life: this.life(life, path), where: this.#draft.whereKey(...path),
    };
  }

  /** There is no default: both means have to be said. */
  #whole(life: LifeInput, path: Path, what: string): void {
    for (const [word, law] of [["mtbf", life["time-to-failure"]], ["mttr", life["time-to-repair"]]] as const) {
      if (life[word] !== undefined || (typeof law === "object" && "trace" in law)) continue;
      this.#draft.report("DH_MISSING", path, `${path.join(".")} lacks "${word}": nobody knows ${word === "mtbf" ? `how often ${what}` : "how long that lasts"}`, null, { key: true });
    }
  }

  /** Windows of a round follow each other, evenly: they have to find room in it. */
  maintenance(name: string, input: RoundInput): Failures["maintenance"][number] {
    const path = ["failures", "maintenance", name];
    const nodes = this.nodes(input.nodes, [...path, "nodes"]);
    const every = this.span(input.every, [...path, "every"]) ?? 0;
    const length = this.span(input.length, [...path, "length"]) ?? 0;
    if (nodes.length * length >= every && every > 0) {
      this.#draft.report("DH_FAILURES", [...path, "length"], `${nodes.length} windows of ${input.length}, one after another, do not fit into ${input.every}`);
    }
    return { name, nodes, every, length, where: this.#draft.whereKey(...path) };
  }
}

/** A name, or one with * for anything. A cable may be written with blanks round its dashes. */
export function patternOf(pattern: string): (name: string) => boolean {
  const text = pattern.replace(/\s*--\s*/, "--");
  if (!text.includes("*")) return (name) => name === text;
  const parts = text.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`, "s");
  return (name) => expression.test(name);
}
