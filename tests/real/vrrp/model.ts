// The same test bed in the engine: routers and a host on one switch, the same things done at the same instants.
//
// `far` stands behind the routers and answers by way of `back`, so that only the way through the virtual address is tried.

import { T_ARP, T_VRRP, VRRP_MASTER } from "../../../assembly/abi.ts";
import { outages, parseTopology, runScenario, type RunResult } from "../../../bindings/index.ts";
import { sight, type Sighting } from "./pcap.ts";
import type { Happening, Op, Outage, RouterConf } from "./recording.ts";

/** The engine's nodes are switched on before the scenario; the routers go off at 0 and the run's clock starts later. */
const START = 30;
const VIP = 0x0a6300fe; // 10.99.0.254
/** The recorded pings came 16 to 17 ms apart: nothing shorter than some of them is an outage. */
export const GRAIN = 0.05;
const HOST_PORT = "h100:eth0";
const cable = (id: number): string => `r${id}:Eth1 -- sw:Eth${id}`;

const ns = (seconds: number): string => `${Math.round(seconds * 1e9)}ns`;

export interface Modelled { sightings: Sighting[]; outages: Outage[] }

export async function runModel(routers: readonly RouterConf[], happenings: readonly Happening[], seed: bigint): Promise<Modelled> {
  const parsed = parseTopology(topologyText(routers, happenings), "test-bed.dh.yaml");
  if ("problems" in parsed) throw new Error(parsed.problems.map((p) => p.message).join("\n"));
  const run = await runScenario(parsed.topology, parsed.topology.scenarios[0]!, { seed, capturePorts: [HOST_PORT] });
  const sightings = run.frames.filter((f) => f.direction === "received" && f.at >= 0n).flatMap((f) => sight(f.bytes, seconds(f.at)) ?? []);
  return { sightings: sightings.filter((s) => s.t > -0.1), outages: merged([...lostWays(run), ...(routers[0]?.virtualMac === true ? [] : wrongAddresses(run))]) };
}

const seconds = (at: bigint): number => Number(at) / 1e9 - START;

/** When nothing sent to the gateway arrived. */
function lostWays(run: RunResult): Outage[] {
  return outages(run).filter((o) => o.subject === "direction" && o.direction === 0).map((o) => outage(seconds(o.startNs), o.endNs === null ? Infinity : seconds(o.endNs)));
}

/** When the host's entry for the virtual address was a router's that is no master: it routes what it gets, but answers no ping. */
function wrongAddresses(run: RunResult): Outage[] {
  const host = run.names.l3ifs.indexOf(HOST_PORT);
  const macs = run.topology.vrrps.map((v) => Number((run.topology.nodes.find((n) => n.name === v.node)?.mac ?? 0n) & 0xffffffffn));
  const masters = new Set<number>();
  const found: Outage[] = [];
  let entry = 0;
  let since: number | null = null;
  for (const r of run.trace) {
    if (r.kind === T_VRRP && r.b === VRRP_MASTER) masters.add(r.entity);
    else if (r.kind === T_VRRP) masters.delete(r.entity);
    else if (r.kind === T_ARP && r.entity === host && r.a >>> 0 === VIP) entry = r.c >>> 0;
    else continue;
    const wrong = masters.size > 0 && ![...masters].some((m) => macs[m] === entry);
    if (wrong && since === null) since = seconds(r.at);
    if (wrong || since === null) continue;
    found.push(outage(since, seconds(r.at)));
    since = null;
  }
  return since === null ? found : [...found, outage(since, Infinity)];
}

const outage = (start: number, end: number): Outage => ({ start, end, seconds: end - start });

function merged(list: Outage[]): Outage[] {
  const out: Outage[] = [];
  for (const o of list.sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last === undefined || o.start > last.end + GRAIN) out.push(o);
    else if (o.end > last.end) out[out.length - 1] = outage(last.start, o.end);
  }
  return out.filter((o) => o.seconds > GRAIN);
}

function topologyText(routers: readonly RouterConf[], happenings: readonly Happening[]): string {
  const [first] = routers;
  if (first === undefined) throw new Error("no routers");
  const each = (line: (r: RouterConf) => string): string => routers.map(line).join("\n");
  return `
dualhome: 1
defaults: {link: {loss-detect: 1ms}}
networks:
  front: {vlan: 10, subnet: 10.99.0.0/24}
  behind: {vlan: 20, subnet: 10.98.0.0/24}
nodes:
${each((r) => `  r${r.id}: {kind: router, boot: 1us}`)}
  back: {kind: router, boot: 1us}
  sw: {kind: l2switch, boot: 1us}
  sw2: {kind: l2switch, boot: 1us}
  h100: {kind: server, network: front, address: 10.99.0.100, gateway: front}
  far: {kind: server, network: behind, address: 10.98.0.100, gateway: 10.98.0.99}
links:
${each((r) => `  - {endpoints: ["r${r.id}:Eth1", "sw:Eth${r.id}"], networks: front}\n  - {endpoints: ["r${r.id}:Eth2", "sw2:Eth${r.id}"], networks: behind}`)}
  - {endpoints: ["back:Eth1", "sw:Eth99"], networks: front}
  - {endpoints: ["back:Eth2", "sw2:Eth99"], networks: behind}
  - h100:eth0 -- sw:Eth100
  - far:eth0 -- sw2:Eth100
gateways:
  front:
    {protocol: vrrp, version: ${first.version}, vrid: 51, vip: 10.99.0.254, implementation: ${first.daemon}, virtual-mac: ${first.virtualMac}, routers: {
${each((r) => `      r${r.id}: {address: 10.99.0.${r.id}, priority: ${r.priority}, advert-interval: ${ns(r.interval)}, preempt: ${r.preempt}, preempt-delay: ${ns(r.preemptDelay)}},`)}
    }}
  back-front: {network: front, protocol: static, vip: 10.99.0.99, routers: {back: 100}}
  back-behind: {network: behind, protocol: static, vip: 10.98.0.99, routers: {back: 100}}
${each((r) => `  behind${r.id}: {network: behind, protocol: static, vip: 10.98.0.${r.id}, routers: {r${r.id}: 100}}`)}
flows:
  ping: {from: h100, to: far, protocol: icmp}
scenarios:
  run:
    until: ${ns(START + (happenings.find((h) => h.op === "end")?.t ?? 60))}
    steps:
      - {at: 0s, fail: [${routers.map((r) => `r${r.id}`).join(", ")}]}
${happenings.filter((h) => h.op !== "end").map((h) => `      - {at: ${ns(START + h.t)}, ${step(h)}}`).join("\n")}
`;
}

/** A killed daemon leaves address and forwarding to its kernel: the control plane hangs. */
const STEPS: Record<Exclude<Op, "end">, [string, "node" | "cable"]> = {
  start: ["repair", "node"], stop: ["shutdown", "node"], kill: ["hang", "node"], crash: ["fail", "node"],
  cut: ["fail", "cable"], mend: ["repair", "cable"], block: ["silent", "cable"], unblock: ["repair", "cable"],
};

function step(h: Happening): string {
  if (h.op === "end") throw new Error("the end is no step");
  const [word, target] = STEPS[h.op];
  return `${word}: ${target === "node" ? `r${h.router}` : `"${cable(h.router)}"`}`;
}
