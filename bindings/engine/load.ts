// FlatTables into one instance of the engine, and the sizes of what it reserves.

import { IPV6_ROWS_KNOWN } from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import type { EngineExports } from "./exports.ts";
import type { FlatTables } from "./flat.ts";

export interface FlatStep { atNs: bigint; op: number; kind: number; target: number; value: number }

export interface LoadOptions {
  seed: bigint;
  steps: FlatStep[];
  /** room for steps that are put in while it runs */
  spareSteps?: number;
  probes: { intervalNs: bigint; fromNs: bigint; broadcasts?: boolean } | null;
  capture: boolean;
  /** simulate hellos that only push deadlines out, too */
  everyHello?: boolean;
  /** walk all flows at each change, not only those that it touches */
  everyWalk?: boolean;
  reserves?: Reserves;
  /** keep what each node goes through */
  touched?: boolean;
  /** default: nodes are switched on within a second of each other */
  powerOnSpreadNs?: bigint;
  /** engine time of the scenario's zero: when servers that boot over the network count from */
  zeroNs?: bigint;
}

/** Rows of what grows while a run goes on. Left out: enough for the topology. */
export interface Reserves { fdbRows?: number; arpRows?: number; frameRows?: number; traceRows?: number }

/** Nodes are switched on at a random instant within this time, so that their clocks do not run in step. */
const POWER_ON_SPREAD_NS = 1_000_000_000n;
const TRACE_ROWS = 1 << 16;
const CAPTURE_ROWS = 1 << 14;
/** Of what can be asked for: the engine has 4 GiB, and no row is larger than 127 bytes. */
const ROWS_MAX = 1 << 25;

/** Routed neighbours: FRR's data-centre profile for BGP, and the work of a routing daemon on a change. */
export const ROUTING = { helloNs: 3_000_000_000n, holdNs: 9_000_000_000n, processNs: 10_000_000n };

export function load(engine: EngineExports, t: FlatTables, options: LoadOptions): void {
  reserve(engine, t, options);
  if (options.touched === true) engine.keepTouched(t.nodes.length, t.flows.length);
  engine.setRunSeed(options.seed);
  engine.setEveryWalk(options.everyWalk === true ? 1 : 0);
  engine.setEveryHello(options.everyHello === true ? 1 : 0);
  engine.setRouting(ROUTING.helloNs, ROUTING.holdNs, ROUTING.processNs);
  for (const n of t.nodes) {
    const index = engine.addNode(n.kind, n.tier, n.routed, n.mac, n.bootNs, n.macAgeNs, n.arpAgeNs, n.key);
    if (n.transparent) engine.setTransparent(index);
    if (n.hashSeed !== undefined) engine.setHashSeed(index, n.hashSeed);
  }
  for (const p of t.ports) engine.addPort(p.node, p.speed, p.mac, p.routed, p.pvid, p.watched, p.key);
  for (const l of t.links) {
    const index = engine.addLink(l.a, l.b, l.delayNs, l.detectNs);
    if (l.cut === 1) engine.unplug(index);
    if (l.converter === 1) engine.addConverters(index);
  }
  t.lags.forEach((l, index) => {
    engine.addLag(l.node, l.mode, l.linux, l.hash, l.minLinks, l.miimonNs, l.updelayNs, l.downdelayNs, l.primary, l.reselect, l.garpCount, l.key);
    for (const m of l.members) engine.addMember(index, m.port, m.priority, m.number);
    const o = l.bond;
    if (o !== undefined) {
      engine.addBond(index, o.packetsPerSlave, o.failOverMac, o.notifyNs, o.learnNs, o.dynamic, o.balance, o.arpNs, o.validate, o.missedMax, o.allTargets);
      for (const ip of o.targets) engine.addArpTarget(index, ip);
    }
    const a = l.lacp;
    if (a !== null) engine.addLacp(index, a.systemPriority, a.system, a.key, a.active, a.fast, a.independent, a.tickNs, a.maxBundle, a.adSelect, a.keepsSync);
  });
  for (const w of t.twins) engine.setMlag(w.lag, w.mlagId, w.twin);
  t.peers.forEach((p, i) => {
    engine.addPeer(i, p.node, p.twin, p.peerLink, p.keepalivePort, p.priority, p.suspends, p.intervalNs, p.timeoutNs, p.holdNs, p.delayRestoreNs, p.delayL3Ns, p.autoRecoveryNs, p.helloNs, p.silenceNs);
    engine.setPeerPolicy(i, p.scope, p.checks, p.ownSystem, p.aloneNs);
  });
  t.bridges.forEach((b, i) => {
    engine.addBridge(b.node, b.vlan);
    for (const p of b.ports) engine.addBridgePort(i, p.index, p.lag);
  });
  t.stps.forEach((b, i) => {
    engine.addStp(b.node, b.twin, b.mode, b.id, b.maxAge, b.helloTime, b.forwardDelay);
    for (const p of b.ports) engine.addStpPort(i, p.index, p.lag, p.twin, p.portId, p.cost, p.options);
  });
  for (const [row, ip] of t.ipv6.entries()) if (ip !== null) engine.setIpv6(row, ip >> 64n, BigInt.asUintN(64, ip));
  for (const p of t.prefixes) engine.addPrefix(p.ip, p.len);
  for (const l of t.l3ifs) {
    const index = engine.addL3(l.node, l.bridge, l.lag, l.port, l.vlan, l.ip, l.prefixLen, l.gateway, l.mac, l.prefix, l.peerMac, l.key);
    if (l.linkLocal !== 0) engine.setLinkLocal(index, l.linkLocal);
  }
  for (const v of t.vrrps) {
    const index = engine.addVrrp(v.l3, v.version, v.vrid, v.priority, v.intervalNs, v.preempt, v.preemptDelayNs, v.implementation, v.both, v.ownMac);
    for (const ip of v.vips) engine.addVip(index, ip);
  }
  loadGroups(engine, t);
  for (const f of t.flows) engine.addFlow(f.from, f.to, f.proto, f.sport, f.dport);
  for (const s of t.services) engine.addService(s.primary, s.standby, s.intervalNs, s.decisionNs, s.fall, s.rise, s.automatic, s.failback);
  for (const f of t.fallbacks) {
    engine.setFallback(f.lag, f.rule, f.timeoutNs, f.port, f.peers);
    for (const c of f.claims) engine.setFallbackClaim(c.port, c.claim);
  }
  for (const b of t.boots) {
    engine.addBoot(b.node, b.nicRule, b.nic, b.attempts, b.discovers, b.loadRetries, (options.zeroNs ?? 0n) + b.atNs, b.postNs, b.linkNs, b.discoverNs, b.loadRetryNs, b.installNs,
      b.osNs, b.bytes, b.limitKb);
  }
  for (const l3 of t.bootServers) engine.addBootServer(l3);
  for (const s of options.steps) engine.addStep(s.atNs, s.op, s.kind, s.target, s.value);
  if (options.probes !== null) {
    engine.setProbes(options.probes.intervalNs, options.probes.fromNs);
    engine.setBroadcastProbes(options.probes.broadcasts === true ? 1 : 0);
  }
  engine.begin(options.powerOnSpreadNs ?? POWER_ON_SPREAD_NS);
}

function loadGroups(engine: EngineExports, t: FlatTables): void {
  for (const f of t.fhrps) {
    const index = engine.addFhrp(f.l3, f.kind, f.group, f.version, f.mac, f.priority, f.helloNs, f.holdNs, f.preempt, f.preemptDelayNs, f.both);
    for (const ip of f.vips) engine.addFhrpVip(index, ip);
    const g = f.glbp;
    if (g !== null) engine.setGlbp(index, g.method, g.weight, g.lower, g.upper, g.redirectNs, g.timeoutNs, g.preempt, g.forwarderDelayNs);
  }
  for (const x of t.tracks) {
    const index = engine.addTrack(x.node, x.vrrp, x.fhrp, x.base, x.decrement);
    for (const port of x.ports) engine.addTrackPort(index, port);
  }
  for (const l3 of t.proxyArps) engine.setProxyArp(l3);
}

function reserve(engine: EngineExports, t: FlatTables, options: LoadOptions): void {
  const sum = (counts: number[]): number => counts.reduce((a, b) => a + b, 0);
  const members = sum(t.lags.map((l) => l.members.length));
  const bridgePorts = sum(t.bridges.map((b) => b.ports.length));
  engine.reserve(t.nodes.length, t.ports.length, t.links.length, t.lags.length, members, t.bridges.length, bridgePorts, t.l3ifs.length, t.prefixes.length,
    t.lags.filter((l) => l.lacp !== null).length, t.vrrps.length, sum([...t.vrrps, ...t.fhrps].map((v) => v.vips.length)));
  engine.reserveIpv6(Math.max(IPV6_ROWS_KNOWN, t.ipv6.length));
  engine.reserveGateways(t.fhrps.length, t.tracks.length, sum(t.tracks.map((x) => x.ports.length)));
  engine.reserveStp(t.stps.length, sum(t.stps.map((b) => b.ports.length)), t.bridges.length);
  // Every MAC address of a VLAN may be known on every switch that has the VLAN; every address of it on every interface.
  const hostsOf = new Map<number, number>();
  for (const l of t.l3ifs) hostsOf.set(l.vlan, (hostsOf.get(l.vlan) ?? 0) + 1);
  const inVlan = (vlan: number): number => (hostsOf.get(vlan) ?? 0) + 16;
  const fdb = sum(t.bridges.map((b) => inVlan(b.vlan))) + 1024;
  const arp = sum(t.l3ifs.map((l) => (l.bridge < 0 ? 16 : inVlan(l.vlan)))) + 64;
  engine.reserveBoots(t.boots.length, t.bootServers.length);
  const { fdbRows, arpRows, frameRows, traceRows } = options.reserves ?? {};
  const asked = [...Object.entries(options.reserves ?? {}).map(([what, rows]) => [`reserves.${what}`, rows] as const), ["spareSteps", options.spareSteps ?? 0] as const];
  for (const [what, rows] of asked) if (!(Number.isInteger(rows) && rows >= 0 && rows <= ROWS_MAX)) throw new DualhomeError("DH_RESERVES", `${what}: ${rows} is no whole number from 0 to ${ROWS_MAX}`, 2);
  // One event may move every flow, and take every port of a switch down: half of the ring holds that.
  const trace = TRACE_ROWS + 16 * t.flows.length + 16 * t.ports.length;
  engine.reserveRun(options.steps.length + (options.spareSteps ?? 0), fdbRows ?? fdb, arpRows ?? arp, t.peers.length, t.flows.length, t.services.length, frameRows ?? 4096 + 16 * t.ports.length,
    traceRows ?? trace, options.capture ? CAPTURE_ROWS : 0, t.ports.length, t.lags.length);
  if (engine.abiVersion() !== 1) throw new DualhomeError("DH_ABI", `engine.wasm has ABI version ${engine.abiVersion()}, this library reads version 1`, 3);
}
