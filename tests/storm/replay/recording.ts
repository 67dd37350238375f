// What the engine did, as the reference models are shown it: a run in which every hello is simulated and every control frame kept, and of it what befell a node.

import { NODE_UP, T_CARRIER, T_NODE } from "../../../assembly/abi.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import { inTime } from "./telling.ts";

export interface Recording { run: RunResult; ports: Map<string, number>; nodes: Map<string, number> }

export type Happening = { at: bigint } & ({ what: "node"; state: number } | { what: "carrier"; port: string; on: boolean } | { what: "frame"; port: string; bytes: Buffer });

export function recordingOf(run: RunResult): Recording {
  const index = (names: readonly string[]): Map<string, number> => new Map(names.map((name, i) => [name, i]));
  return { run, ports: index(run.names.ports), nodes: index(run.names.nodes) };
}

/**
 * What happened to a node, in the engine's order: of one instant first what befalls hardware, then frames, then timers (docs/decisions/0001), which are not in
 * here: a model has its own. A node that hangs, or is off, hears nothing.
 */
export function happenings({ run, nodes }: Recording, node: string): Happening[] {
  const mine = `${node}:`;
  const hardware: Happening[] = [];
  for (const r of run.trace.ofKinds(T_NODE, T_CARRIER)) {
    if (r.kind === T_NODE && r.entity === nodes.get(node)) hardware.push({ at: r.at, what: "node", state: r.b });
    if (r.kind === T_CARRIER && run.names.ports[r.entity]!.startsWith(mine)) hardware.push({ at: r.at, what: "carrier", port: run.names.ports[r.entity]!, on: r.a === 1 });
  }
  const frames: Happening[] = run.frames.filter((f) => f.direction === "received" && f.port.startsWith(mine)).map((f) => ({ at: f.at, what: "frame", port: f.port, bytes: Buffer.from(f.bytes) }));
  return inTime([...hardware, ...frames]);
}

export const isUp = (state: number): boolean => state === NODE_UP;

/**
 * May the cable of a port be without signal while the port does not know? From a step, or before a carrier that is lost, for as long as the driver takes to
 * notice: what is sent then is on no cable, and in no capture. Neither side is asked for it.
 */
export function unnoticed({ run, ports }: Recording, port: string): (at: bigint) => boolean {
  const { detectNs } = run.topology.links.find((l) => l.a === port || l.b === port)!;
  const lost = [...run.trace.ofKinds(T_CARRIER)].filter((r) => r.entity === ports.get(port) && r.a === 0).map((r) => r.at - detectNs);
  const from = [...run.scenario.steps.map((step) => step.atNs), ...lost];
  return (at) => from.some((since) => at >= since && at <= since + detectNs);
}
