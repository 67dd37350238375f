// What mstpd did in a network, as it lies in tests/real/captures/mstpd: how each port settled, and a digest of all else.

import { readFileSync } from "node:fs";
import { digestOf, type Life, type Settled } from "./lives.ts";
import type { Network, Spec } from "./networks.ts";

interface Recorded { spec: Spec; settled: Record<string, string>[]; bpdus: number; digest: string }

export function recorded(network: Network, life: Life): Recorded {
  return {
    spec: network.spec, settled: life.settled.map((phase) => Object.fromEntries([...phase].map(([port, s]) => [port, `${s.role} ${s.state}`]))),
    bpdus: life.told.filter((t) => t.what === "bpdu").length, digest: digestOf(network, life),
  };
}

export const readRecorded = (file: URL): Recorded[] => JSON.parse(readFileSync(file, "utf8")) as Recorded[];
/** As far as it was written down: nothing told. */
export function lifeRecorded({ settled }: Recorded): Life {
  return { told: [], settled: settled.map((phase) => new Map(Object.entries(phase).map(([port, text]): [string, Settled] => { const [role, state] = text.split(" "); return [port, { role: role!, state: state! }]; }))) };
}
