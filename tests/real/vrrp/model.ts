// The same test bed in the engine: routers and a host on one switch, the same things done at the same instants.
//
// `far` stands behind the routers and answers by way of `back`, so that only the way through the virtual address is tried.

import { T_ARP, T_VRRP, VRRP_MASTER } from "../../../assembly/abi.ts";
import { outages, parseTopology, runScenario, type RunResult } from "../../../bindings/index.ts";
import { address } from "../../../bindings/analysis/words.ts";
import { identify } from "./identify.ts";
import { sightings as sightingsOf, type Sighting } from "./pcap.ts";
import { isIpv6, pinged, type Happening, type Op, type Outage, type RouterConf } from "./recording.ts";

/** The engine's nodes are switched on before the scenario; the routers go off at 0 and the run's clock starts later. */
const START = 30;
/** The recorded pings came 16 to 17 ms apart: nothing shorter than some of them is an outage. */
export const GRAIN = 0.05;
const HOST_PORT = "h100:eth0";
const cable = (id: number): string => `r${id}:Eth1 -- sw:Eth${id}`;
const trackedCable = (id: number): string => `r${id}:Eth3 -- sw3:Eth${id}`;

const ns = (seconds: number): string => `${Math.round(seconds * 1e9)}ns`;

export interface Modelled { sightings: Sighting[]; outages: Outage[] }

export async function runModel(routers: readonly RouterConf[], happenings: readonly Happening[], seed: bigint): Promise<Modelled> {
  const parsed = parseTopology(topologyText(routers, happenings), "test-bed.dh.yaml");
  if ("problems" in parsed) throw new Error(parsed.problems.map((p) => p.message).join("\n"));
  const run = await runScenario(parsed.topology, parsed.topology.scenarios[0]!, { seed, capturePorts: [HOST_PORT] });
  const frames = run.frames.filter((f) => f.direction === "received" && f.at >= 0n).map((f) => ({ t: seconds(f.at), bytes: f.bytes })).filter((f) => f.t > -0.1);
  const macs = new Map(routers.map((r) => [r.id, run.topology.nodes.find((n) => n.name === `r${r.id}`)!.mac]));
  return {
    sightings: identify(sightingsOf(frames), routers, "the engine's run", macs),
    outages: merged([...lostWays(run), ...(routers[0]?.virtualMac === true ? [] : wrongAddresses(run, pinged(routers[0]!), happenings.some((h) => h.op === "kill")))]),
  };
}

const seconds = (at: bigint): number => Number(at) / 1e9 - START;

/** When nothing sent to the gateway arrived. */
function lostWays(run: RunResult): Outage[] {
  return outages(run).filter((o) => o.subject === "direction" && o.direction === 0).map((o) => outage(seconds(o.startNs), o.endNs === null ? Infinity : seconds(o.endNs)));
}

/**
 * When the host's entry for the virtual address was a router's that is no master: it routes what it gets, but answers no ping.
 * `killed`: the dead daemon's kernel keeps the address and answers until there is another master.
 */
function wrongAddresses(run: RunResult, vip: string, killed: boolean): Outage[] {
  const host = run.names.l3ifs.indexOf(HOST_PORT);
  const macs = run.topology.vrrps.map((v) => Number((run.topology.nodes.find((n) => n.name === v.node)?.mac ?? 0n) & 0xffffffffn));
  const masters = new Set<number>();
  const found: Outage[] = [];
  let entry = 0;
  let since: number | null = null;
  for (const r of run.trace) {
    if (r.kind === T_VRRP && r.b === VRRP_MASTER) masters.add(r.entity);
    else if (r.kind === T_VRRP) masters.delete(r.entity);
    else if (r.kind === T_ARP && r.entity === host && address(r.a, run.names) === vip) entry = r.c >>> 0;
    else continue;
    const wrong = (masters.size > 0 || (!killed && entry !== 0)) && ![...masters].some((m) => macs[m] === entry);
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

/** Addresses of the test bed: N of the front, N behind. */
function plan(six: boolean): { front: string; behind: string; inFront(n: number): string; inBehind(n: number): string } {
  const [front, behind] = six ? ["fd99::", "fd98::"] : ["10.99.0.", "10.98.0."];
  const length = six ? "/64" : "0/24";
  return { front: `${front}${length}`, behind: `${behind}${length}`, inFront: (n) => `${front}${n}`, inBehind: (n) => `${behind}${n}` };
}

function topologyText(routers: readonly RouterConf[], happenings: readonly Happening[]): string {
  const [first] = routers;
  if (first === undefined) throw new Error("no routers");
  const each = (line: (r: RouterConf) => string): string => routers.map(line).join("\n");
  const { front, behind, inFront, inBehind } = plan(isIpv6(first));
  const list = (words: readonly string[]): string => `[${words.map((word) => `"${word}"`).join(", ")}]`;
  return `
dualhome: 1
defaults: {link: {loss-detect: 1ms}}
networks:
  front: {vlan: 10, subnet: "${front}"}
  behind: {vlan: 20, subnet: "${behind}"}
  aside: {vlan: 30}
nodes:
${each((r) => `  r${r.id}: {kind: router, boot: 1us}`)}
  back: {kind: router, boot: 1us}
  sw: {kind: l2switch, boot: 1us}
  sw2: {kind: l2switch, boot: 1us}
  sw3: {kind: l2switch, boot: 1us}
  h100: {kind: server, network: front, address: "${inFront(100)}", gateway: "${pinged(first)}"}
  far: {kind: server, network: behind, address: "${inBehind(100)}", gateway: "${inBehind(99)}"}
links:
${each((r) => `  - {endpoints: ["r${r.id}:Eth1", "sw:Eth${r.id}"], networks: front}\n  - {endpoints: ["r${r.id}:Eth2", "sw2:Eth${r.id}"], networks: behind}\n  - {endpoints: ["r${r.id}:Eth3", "sw3:Eth${r.id}"], networks: aside}`)}
  - {endpoints: ["back:Eth1", "sw:Eth99"], networks: front}
  - {endpoints: ["back:Eth2", "sw2:Eth99"], networks: behind}
  - h100:eth0 -- sw:Eth100
  - far:eth0 -- sw2:Eth100
gateways:
  front:
    {protocol: vrrp, version: ${first.version}, vrid: 51, vip: ${list(first.vips)}, implementation: ${first.daemon}, virtual-mac: ${first.virtualMac}, routers: {
${each((r) => `      r${r.id}: {address: "${inFront(r.id)}", priority: ${r.priority}, advert-interval: ${ns(r.interval)}, preempt: ${r.preempt}, preempt-delay: ${ns(r.preemptDelay)}${r.tracked > 0 ? `, track: [{port: Eth3, decrement: ${r.tracked}}]` : ""}},`)}
    }}
  back-front: {network: front, protocol: static, vip: "${inFront(99)}", routers: {back: 100}}
  back-behind: {network: behind, protocol: static, vip: "${inBehind(99)}", routers: {back: 100}}
${each((r) => `  behind${r.id}: {network: behind, protocol: static, vip: "${inBehind(r.id)}", routers: {r${r.id}: 100}}`)}
flows:
  ping: {from: h100, to: far, protocol: icmp}
scenarios:
  run:
    until: ${ns(START + (happenings.find((h) => h.op === "end")?.t ?? 60))}
    steps:
      - {at: 0s, fail: [${routers.map((r) => `r${r.id}`).join(", ")}]}
${happenings.filter((h) => h.op !== "end" && h.op !== "reload").map((h) => `      - {at: ${ns(START + h.t)}, ${step(h)}}`).join("\n")}
`;
}

/** A killed daemon leaves address and forwarding to its kernel: the control plane hangs. What is tracked is a cable of its own. */
const STEPS: Record<Exclude<Op, "end" | "reload">, [string, "node" | "cable" | "tracked"]> = {
  start: ["repair", "node"], stop: ["shutdown", "node"], kill: ["hang", "node"], crash: ["fail", "node"],
  cut: ["fail", "cable"], mend: ["repair", "cable"], block: ["silent", "cable"], unblock: ["repair", "cable"], mute: ["silent", "cable"], deafen: ["silent", "cable"],
  lower: ["fail", "tracked"], raise: ["repair", "tracked"],
};

function step(h: Happening): string {
  if (h.op === "end" || h.op === "reload") throw new Error(`${h.op} is no step`);
  const [word, target] = STEPS[h.op];
  const name = target === "node" ? `r${h.router}` : `"${target === "cable" ? cable(h.router) : trackedCable(h.router)}"`;
  return `${word}: ${name}${h.op === "mute" ? ", direction: a-to-b" : h.op === "deafen" ? ", direction: b-to-a" : ""}`;
}
