// All traffic on its real ways, as the network stands: what each direction of each cable carries, and what does not arrive. A load is what
// is offered: no congestion control is simulated, so a cable may carry more than it can.

import type { Session, Trial, Way } from "../engine/index.ts";
import type { Direction } from "./cables.ts";
import type { Traffic } from "./traffic.ts";

const MS = 1_000_000n;
const SECOND = 1_000_000_000n;
/** Flows that ask for addresses at one instant. */
const CROWD = 256;
/** Walks until two give the same. */
const ROUNDS_MAX = 6;

export interface State {
  /** by sending port */
  mbps: Float64Array;
  offeredMbps: number;
  deliveredMbps: number;
  /** of it nothing arrives, though both ends work */
  lostMbps: number;
  /** an end of it has failed */
  goneMbps: number;
  /** Mbit/s that do not arrive of each source, ends that failed left out */
  lostOf: number[];
  /** flows whose frames a switch floods: their copies are not counted */
  flooded: number;
  /** the ways still moved at the last look */
  restless: boolean;
  trials: Trial[];
}

/** Teaches the network all flows, gives them a second, and looks until nothing moves. `dead`: nodes that have failed. */
export async function place(session: Session, traffic: Traffic, dead: ReadonlySet<string>, signal?: AbortSignal): Promise<State> {
  const run = signal === undefined ? {} : { signal };
  for (let at = 0; at < traffic.flows.length; at += CROWD) {
    session.tryFlows(traffic.flows.slice(at, at + CROWD));
    await session.runTo(session.nowNs + MS, run);
  }
  let before = "";
  for (let round = 1; ; round++) {
    await session.runTo(session.nowNs + SECOND, run);
    const trials = walkAll(session, traffic);
    const now = digest(trials);
    if (now === before || round === ROUNDS_MAX) return add(session.names.ports.length, traffic, trials, dead, now !== before);
    before = now;
  }
}

function walkAll(session: Session, traffic: Traffic): Trial[] {
  const trials: Trial[] = [];
  for (let at = 0; at < traffic.flows.length; at += CROWD) trials.push(...session.tryFlows(traffic.flows.slice(at, at + CROWD)));
  return trials;
}

function digest(trials: readonly Trial[]): string {
  let [a, b] = [0x811c9dc5, 0];
  const take = (value: number): void => { a = Math.imul(a ^ value, 0x01000193); b = Math.imul(b, 31) + value | 0; };
  for (const { forth, back } of trials) for (const way of [...forth, ...back]) { take(way.arrives ? -1 : -2); for (const port of way.ports) take(port); }
  return `${a} ${b}`;
}

/** The part of a direction that arrives: of balance-rr each member's frames by themselves, of broadcast's copies one is enough. */
function arriving(ways: readonly Way[]): number {
  const sum = ways.reduce((total, way) => total + (way.arrives ? way.share : 0), 0);
  return Math.min(1, sum);
}

function add(ports: number, traffic: Traffic, trials: Trial[], dead: ReadonlySet<string>, restless: boolean): State {
  const state: State = {
    mbps: new Float64Array(ports), offeredMbps: 0, deliveredMbps: 0, lostMbps: 0, goneMbps: 0, lostOf: traffic.sources.map(() => 0), flooded: 0, restless, trials,
  };
  traffic.flows.forEach((flow, i) => {
    const { forth, back } = trials[i]!;
    const offered = flow.mbps + flow.backMbps;
    state.offeredMbps += offered;
    if (dead.has(flow.from) || dead.has(flow.to)) { state.goneMbps += offered; return; }
    const works = arriving(forth) > 0 && arriving(back) > 0; // without an answer nothing is sent for long
    let delivered = 0;
    if (works) {
      for (const [ways, mbps] of [[forth, flow.mbps], [back, flow.backMbps]] as const) {
        delivered += mbps * arriving(ways);
        for (const way of ways) for (const port of way.ports) state.mbps[port]! += mbps * way.share;
      }
      if (forth.some((way) => way.flooded) || back.some((way) => way.flooded)) state.flooded += 1;
    }
    state.deliveredMbps += delivered;
    state.lostMbps += offered - delivered;
    state.lostOf[flow.source]! += offered - delivered;
  });
  return state;
}

/**
 * What would be lost if each flow lost what its tightest cable drops of all flows alike. An estimate: max-min fairness and TCP are not
 * simulated, and what is lost before a second tight cable is not taken off there.
 */
export function overloadLossMbps(traffic: Traffic, state: State, capacity: Float64Array, dead: ReadonlySet<string>): number {
  let lost = 0;
  traffic.flows.forEach((flow, i) => {
    const { forth, back } = state.trials[i]!;
    if (dead.has(flow.from) || dead.has(flow.to) || arriving(forth) === 0 || arriving(back) === 0) return;
    for (const [ways, mbps] of [[forth, flow.mbps], [back, flow.backMbps]] as const) {
      const copies = ways.reduce((sum, way) => sum + way.share, 0);
      for (const way of ways) {
        const kept = way.ports.reduce((least, port) => Math.min(least, capacity[port]! / state.mbps[port]!), 1);
        if (mbps > 0) lost += (mbps * way.share * (1 - kept)) / copies;
      }
    }
  });
  return lost;
}

/** Capacity of each port's cable, by index. */
export function capacities(ports: readonly string[], directions: ReadonlyMap<string, Direction>): Float64Array {
  return Float64Array.from(ports, (name) => directions.get(name)?.capacityMbps ?? Infinity);
}
