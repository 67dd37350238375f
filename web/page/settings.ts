// The same network with other settings: what a second run is compared with.

import type { Lag, Topology } from "../../bindings/topology/model.ts";
import type { Settings } from "./messages.ts";

const MS = 1_000_000n;

export function withSettings(topology: Topology, { lacpRate, hash, miimonMs }: Settings): Topology {
  const changed = (lag: Lag): Lag => ({
    ...lag,
    lacp: lag.lacp === null || lacpRate === undefined ? lag.lacp : { ...lag.lacp, fast: lacpRate === "fast" },
    hash: lag.linux && hash !== undefined ? hash : lag.hash,
    miimonNs: lag.linux && miimonMs !== undefined && lag.miimonNs > 0n ? BigInt(miimonMs) * MS : lag.miimonNs,
  });
  return { ...topology, lags: topology.lags.map(changed) };
}

/** Read from outside: nothing in it is taken on trust. */
export function readSettings(given: unknown): Settings {
  const { lacpRate, hash, miimonMs, seed } = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  return {
    ...(lacpRate === "slow" || lacpRate === "fast" ? { lacpRate } : {}),
    ...(hash === "layer2" || hash === "layer2+3" || hash === "layer3+4" ? { hash } : {}),
    ...(typeof miimonMs === "number" && Number.isInteger(miimonMs) && miimonMs >= 1 && miimonMs <= 60_000 ? { miimonMs } : {}),
    ...(typeof seed === "number" && Number.isInteger(seed) && seed >= 0 && seed <= 1e9 ? { seed } : {}),
  };
}
