// What a network of bridges was seen to do, by whoever ran it, and where two differ.

import { createHash } from "node:crypto";
import * as abi from "../../../assembly/abi.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import { BOOT_S, END_S, FAIL_S, LINKS_S, REPAIR_S, type Network } from "./networks.ts";

export interface Settled { role: string; state: string }
export interface Told { second: number; port: string; what: "state" | "flush" | "bpdu"; value: string }
/** How each port had settled at the end of each phase, and what was told from the first second to the last. */
export interface Life { settled: Map<string, Settled>[]; told: Told[] }

export const PHASES = ["start", "failure", "repair"] as const;
export type Phase = 0 | 1 | 2;
const bounds = ({ spec }: Network, phase: Phase): [number, number] => [[-Infinity, FAIL_S], [FAIL_S, REPAIR_S], [REPAIR_S + (spec.failure.kind === "crash" ? BOOT_S : 0), END_S]][phase] as [number, number];

const ROLES: Record<number, string> = { [abi.STP_ROLE_DISABLED]: "disabled", [abi.STP_ROLE_ROOT]: "root", [abi.STP_ROLE_DESIGNATED]: "designated", [abi.STP_ROLE_ALTERNATE]: "alternate", [abi.STP_ROLE_BACKUP]: "backup" };
/** What the protocol of 1998 calls blocking, or listening, is discarding too. */
const stateOf = (state: number): string => (state === abi.STP_FORWARDING ? "forwarding" : state === abi.STP_LEARNING ? "learning" : "discarding");

/** The engine's life of it: no BPDUs and flushes, its frames are looked at elsewhere. */
export function lifeOf(run: RunResult, network: Network): Life {
  const records = [...run.trace.ofKinds(abi.T_STP_ROLE, abi.T_STP_STATE)].map((r) => ({ at: Number(r.at) / 1e9, kind: r.kind, port: run.names.ports[r.entity]!, value: r.b }));
  const last = (kind: number, port: string, until: number): number => records.findLast((r) => r.kind === kind && r.port === port && r.at < until)?.value ?? 0;
  return {
    settled: ([0, 1, 2] as const).map((phase) => new Map(network.ports.map(({ name }) => [name, { role: ROLES[last(abi.T_STP_ROLE, name, bounds(network, phase)[1])]!, state: stateOf(last(abi.T_STP_STATE, name, bounds(network, phase)[1])) }]))),
    told: records.filter((r) => r.kind === abi.T_STP_STATE).map((r) => ({ second: r.at, port: r.port, what: "state", value: stateOf(r.value) })),
  };
}

/** Ports that can be asked in a phase: those of a bridge that is dead cannot. */
export function askedIn({ spec, target, ports }: Network, phase: Phase): string[] {
  return ports.map((p) => p.name).filter((name) => !(phase === 1 && spec.failure.kind === "crash" && name.startsWith(`${target}:`)));
}

export function settledApart(network: Network, phase: Phase, one: Life, other: Life): string[] {
  return askedIn(network, phase).flatMap((port) => {
    const [a, b] = [one.settled[phase]!.get(port)!, other.settled[phase]!.get(port)!];
    return a.role === b.role && a.state === b.state ? [] : [`${PHASES[phase]}, ${port}: ${a.role} ${a.state} | ${b.role} ${b.state}`];
  });
}

export interface Step { at: number; state: string }
/** What each port with a link goes through in a phase, in seconds since the first port that goes through anything. A port that learns for no time has not learned. */
export function stepsIn(network: Network, phase: Phase, life: Life): Map<string, Step[]> {
  const [from, to] = bounds(network, phase);
  const asked = askedIn(network, phase).filter((port) => life.settled[phase]!.get(port)!.role !== "disabled");
  const steps = new Map(asked.map((port): [string, Step[]] => [port, []]));
  const now = new Map<string, string>();
  let zero: number | null = null;
  for (const { second, port, value } of life.told.filter((t) => t.what === "state" && t.second < to && steps.has(t.port))) {
    if ((now.get(port) ?? "discarding") === value) continue;
    now.set(port, value);
    if (second >= from) steps.get(port)!.push({ at: second - (zero ??= second), state: value });
  }
  return new Map([...steps].map(([port, list]) => [port, list.filter((s, i) => s.state !== "learning" || list[i + 1] === undefined || list[i + 1]!.at - s.at > 0.001)]));
}

/** The farthest apart in time of the same steps; null: they are other steps. */
export function apart(one: readonly Step[], other: readonly Step[]): number | null {
  if (one.map((s) => s.state).join() !== other.map((s) => s.state).join()) return null;
  return Math.max(0, ...one.map((s, i) => Math.abs(s.at - other[i]!.at)));
}

/** Every BPDU in its second and order; which ports flushed in which second, and what each went through. */
export function linesOf(network: Network, life: Life): string[] {
  const told = life.told.filter((t) => t.second >= LINKS_S);
  return [
    ...told.filter((t) => t.what === "bpdu").map((t) => `${t.second} ${t.port} ${t.value}`),
    ...[...new Set(told.filter((t) => t.what === "flush").map((t) => `${t.second} ${t.port} flush`))].sort(),
    ...([0, 1, 2] as const).flatMap((phase) => [...stepsIn(network, phase, life)].map(([port, steps]) => `${PHASES[phase]} ${port} ${steps.map((s) => `${s.state} ${s.at}`).join(" ")}`)),
  ];
}
export const digestOf = (network: Network, life: Life): string => createHash("sha256").update(linesOf(network, life).join("\n")).digest("hex");
