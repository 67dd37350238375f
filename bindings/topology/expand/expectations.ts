// expect: what a step leaves behind. Names of flows, services and applications, of bonds, gateways and pairs, each looked up here.

import { formatDuration } from "../../duration.ts";
import { splitPort } from "../ranges.ts";
import type { TargetIndex } from "../targets.ts";
import type { Draft } from "../draft.ts";
import type { Elected, Expectation, Expected, Subject } from "../expectation.ts";
import { flapNs } from "./flaps.ts";
import type { Ns, Step, Where } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import { COMPOUND_OPS, STEP_OPS, type ExpectationInput, type StepInput } from "../schema/file.ts";

interface Placed { input: ExpectationInput; path: Path }

/** One expectation, or a list of them, each with its place in the file. */
export function expectationsOf(step: StepInput, path: Path): Placed[] {
  const { expect } = step;
  if (expect === undefined) return [];
  return Array.isArray(expect) ? expect.map((input, i) => ({ input, path: [...path, "expect", i] })) : [{ input: expect, path: [...path, "expect"] }];
}

/** The last instant that an expectation needs. */
export const lastNs = (e: Expectation): Ns => (e.stepAtNs ?? e.doneNs) + (e.withinNs ?? 0n);

/** What can be up or down, by the names that a file uses: one flow, or all that one entry of the file makes. */
export class Subjects {
  readonly #byName = new Map<string, Subject[]>();

  constructor(draft: Draft) {
    const add = (key: string, subject: Subject): void => {
      const list = this.#byName.get(key) ?? [];
      this.#byName.set(key, list);
      if (!list.some((each) => each.kind === subject.kind && each.name === subject.name)) list.push(subject);
    };
    const place = ({ line, col }: Where): string => `${line}:${col}`;
    const keys = new Map((["flows", "services", "applications"] as const).flatMap((part) => Object.keys(draft.input[part] ?? {}).map((key) => [place(draft.whereKey(part, key)), key] as const)));
    const all: [Subject["kind"], { name: string; where: Where }[]][] = [
      ["flow", draft.flows.filter((flow) => flow.role === "flow")], ["service", draft.services], ["application", draft.applications],
    ];
    for (const [kind, list] of all) {
      for (const { name, where } of list) for (const key of new Set([name, keys.get(place(where)) ?? name, "all"])) add(key, { kind, name });
    }
  }

  get(name: string): Subject[] | undefined { return this.#byName.get(name); }
  names(): Iterable<string> { return this.#byName.keys(); }
}

export function expandExpectations(draft: Draft, index: TargetIndex, subjects: Subjects, step: StepInput, steps: readonly Step[], path: Path): Expectation[] {
  const atNs = draft.duration(step.at, [...path, "at"]) ?? 0n;
  const op = [...STEP_OPS, ...COMPOUND_OPS].find((each) => step[each] !== undefined);
  const stepWhere = op === undefined ? null : draft.source.locate(Array.isArray(step[op]) && op !== "migrate" ? [...path, op, 0] : [...path, op]);
  const reader = new Reader(draft, index, subjects);
  return expectationsOf(step, path).map(({ input, path: at }) => ({
    stepAtNs: op === undefined ? null : atNs, stepWhere, doneNs: doneNs(draft, step, steps, path, atNs), withinNs: draft.duration(input.within, [...at, "within"]), expected: reader.read(input, at),
  }));
}

/** When the last part of a step is over: of a flap its last repair, of a migration its arrival. */
function doneNs(draft: Draft, step: StepInput, steps: readonly Step[], path: Path, atNs: Ns): Ns {
  if (step.flap !== undefined) return atNs + (flapNs(draft, step, path) ?? 0n);
  const { line, col } = draft.source.locate([...path, "migrate"]);
  return steps.filter((each) => each.migration !== undefined && each.where.line === line && each.where.col === col).reduce((max, each) => (each.atNs > max ? each.atNs : max), atNs);
}

class Reader {
  readonly #draft: Draft;
  readonly #index: TargetIndex;
  readonly #subjects: Subjects;

  constructor(draft: Draft, index: TargetIndex, subjects: Subjects) {
    this.#draft = draft;
    this.#index = index;
    this.#subjects = subjects;
  }

  read(input: ExpectationInput, path: Path): Expected[] {
    return [
      ...this.#working("up", input.up, [...path, "up"]), ...this.#working("down", input.down, [...path, "down"]),
      ...this.#outages(input["max-outage"], [...path, "max-outage"]),
      ...this.#elected("active", input.active, [...path, "active"]), ...this.#elected("standby", input.standby, [...path, "standby"]),
    ];
  }

  #working(kind: "up" | "down", value: string | string[] | undefined, path: Path): Expected[] {
    return this.#draft.namesOf(value ?? [], path).flatMap((item) => {
      const subjects = this.#subject(item.name, item.path, false);
      return subjects.length === 0 ? [] : [{ kind, subjects, text: `${kind} ${item.name}`, where: this.#draft.source.locate(item.path) }];
    });
  }

  #outages(value: ExpectationInput["max-outage"], path: Path): Expected[] {
    if (value === undefined) return [];
    const entries = typeof value === "string" ? [{ name: "all", limit: value, path }] : Object.entries(value).flatMap(([key, limit]) => this.#draft.names(key, [...path, key], { key: true }).map((name) => ({ name, limit, path: [...path, key] })));
    return entries.flatMap(({ name, limit, path: at }): Expected[] => {
      const limitNs = this.#draft.duration(limit, at);
      const subjects = this.#subject(name, at, typeof value !== "string");
      if (limitNs === null || subjects.length === 0) return [];
      return [{ kind: "max-outage", subjects, limitNs, text: `max-outage ${formatDuration(limitNs)} of ${name}`, where: this.#draft.source.locate(at) }];
    });
  }

  #subject(name: string, path: Path, key: boolean): Subject[] {
    const found = this.#subjects.get(name);
    if (found === undefined && !this.#draft.excused(name)) this.#draft.report("DH_EXPECT", path, name === "all" ? "the file has no flow, service or application" : `there is no flow, service or application "${name}"`, meant(name, this.#subjects.names()), { key });
    return found ?? [];
  }

  #elected(kind: "active" | "standby", value: Record<string, string | string[]> | undefined, path: Path): Expected[] {
    return Object.entries(value ?? {}).flatMap(([key, members]) => {
      const at = [...path, key];
      const list = this.#draft.namesOf(members, at);
      const names = list.map((item) => item.name).filter((each) => each !== "none");
      const of = this.#draft.names(key, at, { key: true }).flatMap((name) => this.#of(kind, name, at) ?? []);
      for (const one of of) this.#members(one, list);
      return of.length === 0 ? [] : [{ kind, of, members: names, text: `${kind} of ${key}: ${names.length === 0 ? "none" : names.join(", ")}`, where: this.#draft.whereKey(...at) }];
    });
  }

  #members(of: Elected, list: readonly { name: string; path: Path }[]): void {
    const known = membersOf(this.#index, of);
    for (const { name, path } of list) {
      if (name === "none" || known.includes(name) || this.#draft.excused(name)) continue;
      this.#draft.report("DH_EXPECT", path, `${name} is no ${MEMBER[of.kind]} of ${of.name}`, meant(name, known) ?? `it has ${known.join(", ")}`);
    }
  }

  #of(kind: "active" | "standby", name: string, path: Path): Elected | null {
    const draft = this.#draft;
    const wrong = (message: string, help: string | null): null => { draft.report("DH_EXPECT", path, message, help, { key: true }); return null; };
    const [group, rest = ""] = name.split("/", 2);
    if (group === "mlag" && draft.pairs.has(rest)) return { kind: "pair", name: rest };
    const { protocol } = draft.input.gateways?.[rest] ?? {};
    if (group === "gateway" && protocol !== undefined) {
      return protocol === "anycast" || protocol === "static" ? wrong(`of the gateway "${rest}" nobody is elected: it is ${protocol}`, null) : { kind: "gateway", name: rest };
    }
    if (draft.lags.has(name)) return kind === "active" ? { kind: "bond", name } : wrong(`a bond has no "standby": say which ports are active`, "active, with the port or ports");
    if (draft.excused(name) || draft.excused(rest) || draft.excused(splitPort(name)?.[0] ?? "")) return null;
    const known = [...draft.lags.keys(), ...draft.pairs.keys()].map((each) => (each.includes(":") ? each : `mlag/${each}`));
    return wrong(`there is no bond, gateway or pair "${name}"`, meant(name, [...known, ...Object.keys(draft.input.gateways ?? {}).map((each) => `gateway/${each}`)]) ?? "srv1:bond0, gateway/NAME or mlag/PAIR");
  }
}

const MEMBER = { bond: "member", gateway: "router", pair: "peer" } as const;

function membersOf({ lags, pairs, topology }: TargetIndex, of: Elected): string[] {
  if (of.kind === "bond") return lags.get(of.name)?.members ?? [];
  if (of.kind === "pair") return [...(pairs.get(of.name)?.peers ?? [])];
  return [...topology.vrrps, ...topology.fhrps].filter((router) => router.gateway === of.name).map((router) => router.node);
}
