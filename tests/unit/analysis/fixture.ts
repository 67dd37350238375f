// A made-up run: two leaves, one server pair, a trace written by hand. Times in ms.

import { TRACE_BYTES } from "../../../assembly/abi.ts";
import * as abi from "../../../assembly/abi.ts";
import type { Names } from "../../../bindings/engine/names.ts";
import type { Flow, Scenario, Service, Step, Topology } from "../../../bindings/topology/model.ts";
import { Trace } from "../../../bindings/trace/records.ts";

export const ms = (n: number): bigint => BigInt(Math.round(n * 1e6));
const where = { line: 1, col: 1, length: 1 };

/** Encodes records as the engine does; `add` gives the id back so that the next one can name its cause. */
export class TraceMaker {
  #rows: Uint8Array[] = [];

  add(atMs: number, kind: number, entity = 0, cause = 0, a = 0, b = 0, c = 0): number {
    const bytes = new Uint8Array(TRACE_BYTES);
    const v = new DataView(bytes.buffer);
    v.setBigInt64(0, ms(atMs), true);
    v.setInt32(8, kind, true);
    v.setInt32(12, entity, true);
    v.setUint32(16, cause, true);
    v.setInt32(20, a, true);
    v.setInt32(24, b, true);
    v.setInt32(28, c, true);
    this.#rows.push(bytes);
    return this.#rows.length;
  }

  up(atMs: number, flow: number, cause = 0): number {
    this.add(atMs, abi.T_FLOW_UP, flow * 2, cause, 3, 7);
    return this.add(atMs, abi.T_FLOW_UP, flow * 2 + 1, cause, 3, 7);
  }

  trace(): Trace {
    const trace = new Trace();
    for (const row of this.#rows) trace.append(row);
    return trace;
  }
}

export const names: Names = {
  nodes: ["leaf1", "leaf2", "srv1", "srv2"],
  ports: ["leaf1:Eth1", "leaf2:Eth1", "srv1:eth0", "srv1:eth1", "srv2:eth0"],
  links: ["leaf1:Eth1--srv1:eth0", "leaf2:Eth1--srv1:eth1"],
  lags: ["srv1:bond0", "leaf1:Po11"],
  pairs: ["pair1"],
  peers: ["leaf1", "leaf2"],
  l3ifs: ["leaf1 vlan10", "srv1:eth0"],
  vrrps: ["vlan10@leaf1", "vlan10@leaf2"],
  fhrps: ["vlan20@leaf1"], tracks: ["vlan20@leaf1 uplinks"],
  ipv6: [], prefixes: ["10.1.10.0/24"],
  flows: ["web", "db"],
  services: ["erp"],
  steps: ["fail leaf1:Eth1--srv1:eth0", "repair leaf1:Eth1--srv1:eth0"],
};

const LINK = "leaf1:Eth1--srv1:eth0";

export function step(atMs: number, op: Step["op"], name = LINK, kind: "node" | "link" | "port" = "link"): Step {
  return { atNs: ms(atMs), op, target: name, targets: [{ kind, name }], direction: "both", perMillion: 0, where };
}

export function flow(name: string, maxOutageMs: number | null = null): Flow {
  return { name, from: "srv1", to: "srv2", protocol: "tcp", sport: 1, dport: 2, maxOutageNs: maxOutageMs === null ? null : ms(maxOutageMs), rateMbps: null, service: null, role: "flow", where };
}

export function service(name: string, primary: string, standby: string | null, maxOutageMs: number | null = null): Service {
  return { name, client: "srv1", primary, standby, checkIntervalNs: ms(1000), fall: 3, rise: 2, decisionNs: 0n, failback: false, maxOutageNs: maxOutageMs === null ? null : ms(maxOutageMs), where };
}

export function topology(parts: Partial<Topology> = {}): Topology {
  return {
    name: "sample", nodes: [], ports: [], links: [], lags: [], pairs: [], networks: [], addresses: [], vrrps: [], fhrps: [], tracks: [], proxyArps: [], vms: [],
    flows: [flow("web", 500), flow("db")], services: [], applications: [], scenarios: [],
    assumptions: [{ what: "leaf1 MAC age", value: "300s", source: "profile standard" }], ...parts,
  };
}

export function scenario(steps: Step[] = [step(10000, "fail"), step(40000, "repair")], untilMs = 60000): Scenario {
  return { name: "cut", untilNs: ms(untilMs), steps, where };
}

export interface MadeRun {
  trace: Trace; names: Names; endNs: bigint; topology: Topology; scenario: Scenario;
  probeNs: bigint | null; seed: bigint; events: number; frames: []; wallMs: number; memoryBytes: number;
}

export function run(maker: TraceMaker, parts: Partial<MadeRun> = {}): MadeRun {
  return {
    trace: maker.trace(), names, endNs: ms(60000), topology: topology(), scenario: scenario(),
    probeNs: null, seed: 1n, events: 1234, frames: [], wallMs: 12, memoryBytes: 1 << 20, ...parts,
  };
}

/** web is down one way from 10 s (dark link) until LACP expires at 13 s; down 200 ms on the return. db never suffers. */
export function cutAndReturn(): TraceMaker {
  const t = new TraceMaker();
  const start = t.add(0, abi.T_START);
  t.up(2000, 0, start);
  t.up(2000, 1, start);
  const cut = t.add(10000, abi.T_FAULT, 0, 0, abi.FAULT_SILENT, abi.TARGET_LINK, 3);
  t.add(10000, abi.T_FLOW_DOWN, 0, cut, abi.DROP_LINK_DARK, 2, 2);
  const expired = t.add(13000, abi.T_LACP_RX, 2, cut, abi.RX_CURRENT, abi.RX_EXPIRED);
  const mux = t.add(13000, abi.T_LACP_MUX, 2, expired, abi.MUX_COLLECTING_DISTRIBUTING, abi.MUX_ATTACHED);
  const member = t.add(13000, abi.T_MEMBER, 2, mux, 3, 0);
  t.add(13000.25, abi.T_FLOW_UP, 0, member, 3, 9);
  const back = t.add(40000, abi.T_FAULT, 0, 0, abi.FAULT_REPAIR, abi.TARGET_LINK, 0);
  const again = t.add(41000, abi.T_MEMBER, 2, back, 0, 3);
  t.add(41000, abi.T_FLOW_DOWN, 0, again, abi.DROP_NOT_COLLECTING, 0, 0);
  const collects = t.add(41200, abi.T_LACP_MUX, 0, back, abi.MUX_ATTACHED, abi.MUX_COLLECTING_DISTRIBUTING);
  t.add(41200, abi.T_FLOW_UP, 0, collects, 3, 7);
  return t;
}

export const silentScenario = (): Scenario => scenario([step(10000, "silent"), step(40000, "repair")]);
