// Network boots: which server was up after how long and from which NIC, and which was not, and why.

import * as abi from "../../assembly/abi.ts";
import type { TraceRecord } from "../trace/records.ts";
import { PXE_STATES, WHY_KEYS, failureWords } from "./boot-words.ts";
import { chainOf, linksOf, type Link } from "./causes.ts";
import { describer } from "./describe.ts";
import type { Run } from "./run.ts";
import { nameAt } from "./words.ts";

export interface BootFailure {
  atNs: bigint;
  nic: string | null; // "eth0"
  key: string; // "suspended"
  words: string;
  chain: Link[];
}

export interface Boot {
  server: string;
  powerNs: bigint | null; // null: not switched on before the end
  bootedNs: bigint | null; // from power on; null: not booted
  state: string; // where it stood at the end
  nic: string | null; // that it booted from
  failures: BootFailure[]; // of each NIC and attempt, in order
  /** all that it went through */
  timeline: { atNs: bigint; text: string }[];
}

/** One entry a server that boots over the network. */
export function boots(run: Run): Boot[] {
  const list = (run.topology.boots ?? []).map((b) => ({ server: b.server, powerNs: null, bootedNs: null, state: "OFF", nic: null, failures: [], timeline: [] }) as Boot);
  if (list.length === 0) return [];
  const byNode = new Map(list.map((b) => [run.names.nodes.indexOf(b.server), b]));
  const reader = new Reader(run);
  for (const r of run.trace) {
    if (r.kind < abi.T_PXE || r.kind > abi.T_PXE_FAILED) continue;
    const b = byNode.get(r.entity);
    if (b !== undefined) reader.read(b, r);
  }
  return list;
}

class Reader {
  readonly #run: Run;
  readonly #describe;
  readonly #nic = new Map<Boot, string>();

  constructor(run: Run) {
    this.#run = run;
    this.#describe = describer(run.names, run.topology);
  }

  read(b: Boot, r: TraceRecord): void {
    b.timeline.push({ atNs: r.at, text: this.#describe(r).sentence.slice(b.server.length + 1) });
    if (r.kind === abi.T_PXE) this.#state(b, r);
    else if (r.kind === abi.T_PXE_FAILED) this.#failure(b, r);
    else if (r.kind === abi.T_PXE_LOAD && r.a === abi.LOAD_DONE) b.nic = this.#nic.get(b) ?? null;
  }

  #state(b: Boot, r: TraceRecord): void {
    b.state = nameAt(PXE_STATES, r.b);
    if (b.powerNs === null && r.b === abi.PXE_POST) b.powerNs = r.at;
    if (b.bootedNs === null && r.b === abi.PXE_BOOTED && b.powerNs !== null) b.bootedNs = r.at - b.powerNs;
    const nic = this.#run.names.ports[r.c];
    if (nic === undefined) this.#nic.delete(b);
    else this.#nic.set(b, nic.slice(nic.indexOf(":") + 1));
  }

  #failure(b: Boot, r: TraceRecord): void {
    const words = failureWords(r, { names: this.#run.names, lacpFast: new Map(), virtual: new Set(), topology: this.#run.topology });
    b.failures.push({
      atNs: r.at, nic: this.#nic.get(b) ?? null, key: WHY_KEYS[r.a] ?? `reason-${r.a}`, words, chain: linksOf(chainOf(this.#run.trace, r.id).filter(elsewhere), this.#describe),
    });
  }
}

/** What the server itself went through is its timeline: the chain says what others did. */
function elsewhere(r: TraceRecord): boolean {
  return r.kind !== abi.T_PXE && r.kind !== abi.T_PXE_DHCP && r.kind !== abi.T_PXE_LOAD;
}
