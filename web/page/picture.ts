// What the drawing shows of a run: the state of everything, kept up to date record by record. Indices are the engine's (Names).

import * as abi from "../../assembly/abi.ts";
import { BRIDGE_LAG } from "../../bindings/analysis/describe.ts";
import type { Names } from "../../bindings/engine/names.ts";
import type { Trace, TraceRecord } from "../../bindings/trace/records.ts";

export class Picture {
  /** id of the last record that is in it */
  seen = 0;
  readonly nodes: Uint8Array; // NODE_*
  readonly carrier: Uint8Array;
  /** of members: 1 collecting, 2 distributing */
  readonly usable: Uint8Array;
  readonly portTree: Uint8Array; // STP_*; 255: no tree there
  readonly lagTree: Uint8Array;
  readonly lags: Uint8Array; // 1: up
  readonly suspended: Uint8Array; // lags, by the rules of their pair
  readonly flows: Uint8Array; // flow * 2 + direction: 1 up
  readonly drops: Uint8Array; // DROP_* of those that are down
  readonly dropAt: Int32Array; // record that says so
  readonly choices: Uint8Array; // services: 1 standby
  readonly vrrps: Uint8Array;
  readonly fhrps: Uint8Array;
  /** fault that is on it: FAULT_*, 0 none */
  readonly nodeFaults: Uint8Array;
  readonly linkFaults: Uint8Array;
  readonly portFaults: Uint8Array;

  constructor(names: Names) {
    const of = (list: readonly string[]): Uint8Array => new Uint8Array(list.length);
    this.nodes = of(names.nodes);
    [this.carrier, this.usable, this.portFaults] = [of(names.ports), of(names.ports), of(names.ports)];
    [this.portTree, this.lagTree] = [of(names.ports).fill(255), of(names.lags).fill(255)];
    [this.lags, this.suspended] = [of(names.lags), of(names.lags)];
    [this.flows, this.drops, this.dropAt] = [new Uint8Array(names.flows.length * 2), new Uint8Array(names.flows.length * 2), new Int32Array(names.flows.length * 2)];
    [this.choices, this.vrrps, this.fhrps] = [of(names.services), of(names.vrrps), of(names.fhrps)];
    [this.nodeFaults, this.linkFaults] = [of(names.nodes), of(names.links)];
  }

  /** All that has happened since. */
  catchUp(trace: Trace): void {
    for (let id = Math.max(this.seen, trace.before) + 1; id <= trace.length; id++) this.#apply(trace.get(id));
    this.seen = trace.length;
  }

  /** The same, at the same instant; what is done to one is not done to the other. */
  copy(names: Names): Picture {
    const twin = new Picture(names);
    twin.seen = this.seen;
    for (const [key, table] of Object.entries(this)) if (ArrayBuffer.isView(table)) (twin as unknown as Record<string, Uint8Array>)[key]!.set(table as Uint8Array);
    return twin;
  }

  #apply(r: TraceRecord): void {
    switch (r.kind) {
      case abi.T_FAULT: return this.#fault(r);
      case abi.T_NODE: this.nodes[r.entity] = r.b; return;
      case abi.T_CARRIER: this.carrier[r.entity] = r.a; return;
      case abi.T_MEMBER: this.usable[r.entity] = r.b; return;
      case abi.T_LAG: this.lags[r.entity] = r.a; return;
      case abi.T_MLAG_SUSPEND: this.suspended[r.entity] = r.a; return;
      case abi.T_STP_STATE: if (r.entity >= BRIDGE_LAG) this.lagTree[r.entity - BRIDGE_LAG] = r.b; else this.portTree[r.entity] = r.b; return;
      case abi.T_FLOW_UP: this.flows[r.entity] = 1; this.drops[r.entity] = 0; return;
      case abi.T_FLOW_DOWN: this.flows[r.entity] = 0; this.drops[r.entity] = r.a; this.dropAt[r.entity] = r.id; return;
      case abi.T_SERVICE: this.choices[r.entity] = r.b; return;
      case abi.T_VRRP: this.vrrps[r.entity] = r.b; return;
      case abi.T_HSRP: case abi.T_GLBP: this.fhrps[r.entity] = r.b; return;
      default:
    }
  }

  #fault(r: TraceRecord): void {
    const table = r.b === abi.TARGET_NODE ? this.nodeFaults : r.b === abi.TARGET_LINK ? this.linkFaults : r.b === abi.TARGET_PORT ? this.portFaults : null;
    if (table === null || r.a === abi.FAULT_NOTHING) return;
    const over = r.a === abi.FAULT_REPAIR || r.a === abi.FAULT_UP || r.a === abi.FAULT_ENSLAVE || (r.a === abi.FAULT_LOSS && r.c === 0);
    table[r.entity] = over ? 0 : r.a;
  }
}
