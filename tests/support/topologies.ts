// Small topologies for the engine's tests, and a run of one with what a test asks of it.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import * as abi from "../../assembly/abi.ts";
import { outages, type Outage } from "../../bindings/analysis/index.ts";
import { runScenario, type RunOptions, type RunResult } from "../../bindings/engine/index.ts";
import { formatProblems, parseTopology, type Topology } from "../../bindings/topology/index.ts";
import type { TraceRecord } from "../../bindings/trace/records.ts";

export const MS = 1_000_000n;
export const SECOND = 1000n * MS;
export const s = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));

export function topologyOf(text: string, name = "test.dh.yaml"): Topology {
  const parsed = parseTopology(text, name);
  if ("problems" in parsed) throw new Error(formatProblems(parsed.problems, text));
  return parsed.topology;
}

const EXAMPLES = new URL("../../examples/", import.meta.url);

/** Examples with a topology file of their own name; others hold files for something else. */
export const exampleNames: readonly string[] = readdirSync(EXAMPLES).filter((name) => existsSync(new URL(`${name}/${name}.dh.yaml`, EXAMPLES)));

export function exampleText(name: string): string {
  return readFileSync(new URL(`${name}/${name}.dh.yaml`, EXAMPLES), "utf8");
}

/** A finished run and the questions that tests ask about it. */
export class Simulated {
  readonly result: RunResult;
  readonly outages: Outage[];

  constructor(result: RunResult) {
    this.result = result;
    this.outages = outages(result);
  }

  /** Outages of one direction of a flow: 0 there, 1 back. */
  of(flow: string, direction: 0 | 1): Outage[] {
    return this.outages.filter((o) => o.subject === "direction" && o.name === flow && o.direction === direction);
  }

  /** The only outage of a direction that begins within [from, to) seconds; undefined when there is none. */
  within(flow: string, direction: 0 | 1, from: number, to: number): Outage | undefined {
    const found = this.of(flow, direction).filter((o) => o.startNs >= s(from) && o.startNs < s(to));
    if (found.length > 1) throw new Error(`${found.length} outages of ${flow} ${direction} in ${from}..${to} s: ${found.map(span).join(", ")}`);
    return found[0];
  }

  records(kind: number, entity?: number): TraceRecord[] {
    return [...this.result.trace].filter((r) => r.kind === kind && (entity === undefined || r.entity === entity));
  }
  port(name: string): number { return at(this.result.names.ports, name); }
  lag(name: string): number { return at(this.result.names.lags, name); }
  node(name: string): number { return at(this.result.names.nodes, name); }
  peer(name: string): number { return at(this.result.names.peers, name); }

  /** Roles that an MC-LAG peer took from `from` seconds on: [seconds, role]. */
  roles(node: string, from = -Infinity): [number, number][] {
    return this.records(abi.T_MLAG_ROLE, this.peer(node)).map((r): [number, number] => [Number(r.at) / 1e9, r.b]).filter(([t]) => t >= from);
  }
  /** When the port-channel was suspended (1) or restored (0), from `from` seconds on: [seconds, 1 or 0, why]. */
  suspensions(lag: string, from = -Infinity): [number, number, number][] {
    return this.records(abi.T_MLAG_SUSPEND, this.lag(lag)).map((r): [number, number, number] => [Number(r.at) / 1e9, r.a, r.b]).filter(([t]) => t >= from);
  }
}

function at(names: readonly string[], name: string): number {
  const i = names.indexOf(name);
  if (i < 0) throw new Error(`there is no "${name}" in ${names.join(" ")}`);
  return i;
}

export function span(o: Outage): string {
  const end = o.endNs === null ? "end" : `${Number(o.endNs) / 1e9}`;
  return `${o.name}[${o.direction}] ${Number(o.startNs) / 1e9}..${end} (${o.reasons.map((r) => r.key).join("+")})`;
}

export async function simulate(text: string, options: RunOptions & { scenario?: string } = {}): Promise<Simulated> {
  const topology = topologyOf(text);
  const scenario = topology.scenarios.find((x) => x.name === (options.scenario ?? "default")) ?? topology.scenarios[0];
  if (scenario === undefined) throw new Error("the topology has no scenario");
  return new Simulated(await runScenario(topology, scenario, options));
}

/** Steps as YAML: `scenario(60, "{at: 10s, fail: leaf1}")`. */
export function scenario(until: number, ...steps: string[]): string {
  return `scenarios: {default: {until: ${until}s, steps: [${steps.join(", ")}]}}\n`;
}

const HEAD = (name: string): string => `dualhome: 1
name: ${name}
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast, hash: layer3+4}
`;

export interface PairOptions {
  /** more lines of the pair, each "key: value" */
  pair?: string[];
  /** "flow: {from, to}" each */
  flows?: string[];
  leaf?: string;
  steps: string;
  gateway?: boolean;
  more?: string;
}

/**
 * leaf1 (primary) and leaf2 as one pair: h1 and h2 dual-homed by LACP in VLAN 10, d1 dual-homed in VLAN 20, o1 and o2 orphans of leaf1
 * and leaf2 in VLAN 10, ab active-backup with eth0 at leaf1. Delay restore is 5 s so that runs are short.
 */
export function pairFile(options: PairOptions): string {
  const flows = options.flows ?? ["hh: {from: h1, to: h2}", "ho2: {from: h1, to: o2}", "oo: {from: o1, to: o2}", "hd: {from: h1, to: d1}", "hab: {from: h2, to: ab}"];
  const gateway = options.gateway === false ? "" : `gateways:
  vlan10: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1/24, routers: {leaf1: 110, leaf2: 100}, advert-interval: 1s}
  vlan20: {protocol: vrrp, version: 3, vrid: 20, vip: 10.1.20.1/24, routers: {leaf1: 110, leaf2: 100}, advert-interval: 1s}
`;
  return `${HEAD("pair")}networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc, boot: 10s, mac-ageing: 300s${options.leaf ?? ""}}
  h1..2: {kind: server, network: a, boot: 5s}
  o1..2: {kind: server, network: a, boot: 5s}
  ab: {kind: server, network: a, boot: 5s}
  d1: {kind: server, network: b, boot: 5s}
links: ["leaf1:Eth40 -- o1:eth0", "leaf2:Eth40 -- o2:eth0"]
mlag:
  pair:
    peers: [leaf1, leaf2]
    peer-link: [Eth53, Eth54]
    domain: 1
    role-priority: {leaf1: 100, leaf2: 200}
    ${["delay-restore: 5s", ...(options.pair ?? [])].join("\n    ")}
bonds:
  h1..2:bond0: {to: pair, members: [eth0, eth1]}
  d1:bond0: {to: pair, members: [eth0, eth1]}
  ab:bond0: {to: pair, members: [eth0, eth1], mode: active-backup, primary: eth0}
${gateway}flows:
  ${flows.join("\n  ")}
${options.more ?? ""}${options.steps}`;
}

/** Hosts h1 to h3 and ab (active-backup) on one switch sw1; r1 is their gateway and has d1 in VLAN 20. */
export function switchFile(options: { steps: string; flows: string[]; sw?: string; router?: string; host?: string }): string {
  return `${HEAD("switch")}networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  sw1: {kind: l2switch, boot: 5s${options.sw ?? ""}}
  r1: {kind: leaf, boot: 5s${options.router ?? ""}}
  h1: {kind: server, network: a, address: 10.1.10.11, boot: 5s${options.host ?? ""}}
  h2..3: {kind: server, network: a, boot: 5s}
  ab: {kind: server, network: a, boot: 5s}
  d1: {kind: server, network: b, boot: 5s}
links:
  - sw1:Eth11 -- h1:eth0
  - sw1:Eth12 -- h2:eth0
  - sw1:Eth13 -- h3:eth0
  - {endpoints: ["sw1:Eth20", "r1:Eth20"], networks: a}
  - r1:Eth11 -- d1:eth0
bonds:
  ab:bond0: {to: sw1, members: [eth0, eth1], mode: active-backup, primary: eth0}
gateways:
  vlan10: {protocol: static, vip: 10.1.10.1/24, routers: {r1: {}}}
  vlan20: {protocol: static, vip: 10.1.20.1/24, routers: {r1: {}}}
flows:
  ${options.flows.join("\n  ")}
${options.steps}`;
}

/** Two spines, leaves 1 to 3; a1..a4 behind leaf1, b1..b4 behind leaf2; four flows a to b. */
export function fabricFile(steps: string): string {
  const cables = [1, 2, 3, 4].flatMap((i) => [`leaf1:Eth${i} -- a${i}:eth0`, `leaf2:Eth${i} -- b${i}:eth0`]);
  return `${HEAD("fabric")}networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  spine1..2: {kind: spine, boot: 5s}
  leaf1..3: {kind: leaf, boot: 5s}
  a1..4: {kind: server, network: a, boot: 5s}
  b1..4: {kind: server, network: b, boot: 5s}
links:
  - mesh: {from: leaf1..3, to: spine1..2}
  ${cables.map((c) => `- ${c}`).join("\n  ")}
gateways:
  vlan10: {protocol: static, vip: 10.1.10.1/24, routers: {leaf1: {}}}
  vlan20: {protocol: static, vip: 10.1.20.1/24, routers: {leaf2: {}}}
flows:
  ab: {from: a1..4, to: b1..4}
${steps}`;
}

/** A leaf with hosts a and c in one network and b in another, and nobody who routes: what goes to or from b is never up. */
export const withoutGateway = (flows: string): string => `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}, other: {vlan: 20, subnet: 10.1.20.0/24}}
nodes: {leaf1: {kind: leaf}, a: {kind: server, network: lan}, b: {kind: server, network: other}, c: {kind: server, network: lan}}
links: ["leaf1:Eth1 -- a:eth0"]
bonds:
  b:bond0: {to: leaf1, members: [eth0, eth1], mode: 802.3ad, mii-monitor-interval: 100ms}
  c:bond0: {to: leaf1, members: [eth0, eth1], mode: 802.3ad, mii-monitor-interval: 100ms}
flows: {${flows}}
`;
