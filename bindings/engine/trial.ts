// Flows that are in no table, walked once as things stand: what each direction's frames do, member by member where a mode deals them out.

import { LAG_BROADCAST, LAG_ROUND_ROBIN, PATH_FLOODED, PATH_PORT, PATH_ROUTED } from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import type { EngineExports } from "./exports.ts";
import type { FlatTables } from "./flat.ts";

export interface Tuple { from: string; to: string; protocol: "tcp" | "udp" | "icmp"; sport: number; dport: number }

/** One way of a direction's frames. */
export interface Way {
  /** of the frames; copies of broadcast mode have 1 each */
  share: number;
  arrives: boolean;
  /** indices of the ports that they leave by; of those that do not arrive: none */
  ports: number[];
  /** for each of them, whether the node before it routed, or flooded */
  routed: boolean[];
  flooded: boolean;
}

export interface Trial { forth: Way[]; back: Way[] }

const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const;

/** Walks flows between servers. Switches learn from them and addresses are asked for: what was not known yet is there a moment later. */
export class Trials {
  readonly #engine: EngineExports;
  readonly #tables: FlatTables;
  readonly #interfaceOf = new Map<string, number>();

  constructor(engine: EngineExports, tables: FlatTables) {
    this.#engine = engine;
    this.#tables = tables;
    tables.l3ifs.forEach((row, l3) => {
      const name = tables.names.nodes[row.node]!;
      if (row.bridge < 0 && !this.#interfaceOf.has(name)) this.#interfaceOf.set(name, l3);
    });
  }

  walk(tuples: readonly Tuple[]): Trial[] {
    const trials = tuples.map((t) => {
      const [from, to] = [this.#interface(t.from), this.#interface(t.to)];
      const protocol = PROTOCOLS[t.protocol];
      return { forth: this.#direction(from, to, protocol, t.sport, t.dport), back: this.#direction(to, from, protocol, t.dport, t.sport) };
    });
    this.#engine.endTrials();
    return trials;
  }

  #interface(server: string): number {
    const l3 = this.#interfaceOf.get(server);
    if (l3 === undefined) throw new DualhomeError("DH_TARGET", `"${server}" is no server with an address`, 2);
    return l3;
  }

  #direction(from: number, to: number, protocol: number, sport: number, dport: number): Way[] {
    const first = this.#once(from, to, protocol, sport, dport, -1);
    const members = this.#engine.trialShareOf();
    const lag = this.#tables.l3ifs[from]!.lag;
    const mode = lag < 0 ? -1 : this.#tables.lags[lag]!.mode;
    if (members < 2 || (mode !== LAG_ROUND_ROBIN && mode !== LAG_BROADCAST)) return [first];
    const share = mode === LAG_BROADCAST ? 1 : 1 / members;
    return Array.from({ length: members }, (_, k) => ({ ...this.#once(from, to, protocol, sport, dport, k), share }));
  }

  #once(from: number, to: number, protocol: number, sport: number, dport: number, member: number): Way {
    const arrives = Boolean(this.#engine.trial(from, to, protocol, sport, dport, member));
    const way: Way = { share: 1, arrives, ports: [], routed: [], flooded: false };
    if (!arrives) return way;
    const view = new DataView(this.#engine.memory.buffer);
    const at = this.#engine.trialWayAt() >>> 0;
    for (let k = 0, hops = view.getInt32(at, true); k < hops; k++) {
      const hop = view.getInt32(at + 4 + 4 * k, true);
      way.ports.push(hop & PATH_PORT);
      way.routed.push((hop & PATH_ROUTED) !== 0);
      way.flooded ||= (hop & PATH_FLOODED) !== 0;
    }
    return way;
  }
}
