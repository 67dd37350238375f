// What the network carries after a failure: the offered load that arrives, and the cable that is fullest.

import { idleFlows, type LoadRun } from "../analysis/index.ts";
import type { Topology } from "../topology/model.ts";
import type { Capacity } from "./rows.ts";

export class Carried {
  readonly #rates: Map<string, number>; // flow → Mbit/s each way
  readonly #speeds = new Map<string, { to: string; mbps: number }>(); // sending port

  constructor(t: Topology) {
    this.#rates = new Map(t.flows.flatMap((f) => (f.rateMbps === null ? [] : [[f.name, f.rateMbps] as const])));
    const speed = new Map(t.ports.map((p) => [`${p.node}:${p.name}`, p.speedMbps]));
    for (const { a, b } of t.links) {
      const mbps = Math.min(speed.get(a) ?? 0, speed.get(b) ?? 0);
      this.#speeds.set(a, { to: b, mbps });
      this.#speeds.set(b, { to: a, mbps });
    }
  }

  /** Does any flow have a rate? */
  get any(): boolean { return this.#rates.size > 0; }

  /** A service's load is where its clients are sent now. */
  left(run: LoadRun): Capacity {
    const idle = idleFlows(run);
    const loads = new Map<string, number>();
    let [offered, served] = [0, 0];
    for (const { flow, hops } of run.paths) {
      const rate = this.#rates.get(flow);
      if (rate === undefined || idle.has(flow)) continue;
      offered += rate;
      if (hops.length > 0) served += rate;
      for (const { from } of hops) loads.set(from, (loads.get(from) ?? 0) + rate);
    }
    let fullest: Capacity["fullest"] = null;
    for (const [from, mbps] of loads) {
      const cable = this.#speeds.get(from);
      if (cable === undefined || cable.mbps === 0) continue;
      if (fullest === null || mbps / cable.mbps > fullest.mbps / fullest.capacityMbps || (mbps / cable.mbps === fullest.mbps / fullest.capacityMbps && from < fullest.from)) {
        fullest = { from, to: cable.to, mbps, capacityMbps: cable.mbps };
      }
    }
    return { offeredMbps: offered, servedMbps: served, fullest };
  }
}

export const overloaded = (c: Capacity | null): boolean => c?.fullest != null && c.fullest.mbps > c.fullest.capacityMbps;
