// Topology → FlatTables: names become indices. Pure: starts no WebAssembly. Rows go by name (topology/order.ts): the order of indices breaks ties
// in the engine, so it must not be the order of the file.

import {
  AD_BANDWIDTH, AD_COUNT, AD_STABLE, FALLBACK_BYPASS, FALLBACK_EDGE_PORT, FALLBACK_FORCE_UP, FALLBACK_INDIVIDUAL, FALLBACK_NONE, FALLBACK_STATIC, HASH_ENCAP23, HASH_ENCAP34, HASH_LAYER2, HASH_LAYER23, HASH_LAYER34, HASH_VLAN_SRCMAC, LAG_ACTIVE_BACKUP, LAG_ALB, LAG_BROADCAST, LAG_INDEPENDENT, LAG_LACP, LAG_ROUND_ROBIN,
  LAG_STATIC, LAG_TLB, NODE_HOST, NODE_SWITCH, PXE_NIC_EACH, PXE_NIC_FIRST, PXE_NIC_NAMED, RESELECT_ALWAYS, RESELECT_BETTER, RESELECT_FAILURE,
  ON_LOSS_SPLIT, ON_LOSS_STAY, ON_LOSS_SUSPEND, SUSPENDS_ALL, SUSPENDS_MEMBERS, SUSPENDS_ORPHANS,
} from "../../assembly/abi.ts";
import type { Address, Lag, Node, Pair, Port, Topology } from "../topology/model.ts";
import { topologyInNameOrder } from "../topology/order.ts";
import { DualhomeError } from "../errors.ts";
import { compileGroups } from "./compile-groups.ts";
import { flatBond } from "./bond.ts";
import type { FlatTables } from "./flat.ts";
import { emptyTables } from "./flat.ts";
import { compileStp } from "./compile-stp.ts";
import { formatIp, linkLocalOf } from "../topology/ip.ts";
import { AddressTable } from "./addresses.ts";
import { Indices } from "./indices.ts";
import { nameKey } from "./names.ts";

const LAG_MODES = {
  static: LAG_STATIC, "802.3ad": LAG_LACP, "active-backup": LAG_ACTIVE_BACKUP, "balance-rr": LAG_ROUND_ROBIN, broadcast: LAG_BROADCAST, "balance-tlb": LAG_TLB,
  "balance-alb": LAG_ALB, independent: LAG_INDEPENDENT,
} as const;
const HASHES = {
  layer2: HASH_LAYER2, "layer2+3": HASH_LAYER23, "layer3+4": HASH_LAYER34, "encap2+3": HASH_ENCAP23, "encap3+4": HASH_ENCAP34, "vlan+srcmac": HASH_VLAN_SRCMAC,
} as const;
const SCOPES = { members: SUSPENDS_MEMBERS, orphans: SUSPENDS_ORPHANS, all: SUSPENDS_ALL } as const;
const RESELECT = { always: RESELECT_ALWAYS, better: RESELECT_BETTER, failure: RESELECT_FAILURE } as const;
const AD_SELECT = { stable: AD_STABLE, bandwidth: AD_BANDWIDTH, count: AD_COUNT } as const;
const FALLBACKS = {
  none: FALLBACK_NONE, static: FALLBACK_STATIC, individual: FALLBACK_INDIVIDUAL, "force-up": FALLBACK_FORCE_UP, "edge-port": FALLBACK_EDGE_PORT, bypass: FALLBACK_BYPASS,
} as const;
const NIC_RULES = { first: PXE_NIC_FIRST, named: PXE_NIC_NAMED, each: PXE_NIC_EACH } as const;
const IMPLEMENTATION: Record<string, number> = { rfc3768: 0, rfc5798: 0, rfc9568: 1, keepalived: 2, frr: 3 };
const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const;
/** Out-of-band management network between two peers, one way. */
const MGMT_DELAY_NS = 1_000_000n;

export interface CompileOptions { watched?: ReadonlySet<string> }

export function compile(topology: Topology, options: CompileOptions = {}): FlatTables {
  const c = new Compiler(topologyInNameOrder(topology), options);
  c.nodesAndPorts();
  c.links();
  c.lags();
  c.bridges();
  c.pairs();
  c.spanningTrees();
  c.interfaces();
  c.virtualRouters();
  c.groups();
  c.flows();
  c.fallbacks();
  c.boots();
  return c.tables;
}

type Interface = Pick<FlatTables["l3ifs"][number], "node" | "vlan" | "ip" | "prefixLen" | "mac" | "linkLocal">;

class Compiler {
  readonly tables: FlatTables = emptyTables();
  readonly #t: Topology;
  readonly #watched: ReadonlySet<string>;
  readonly #node = new Map<string, number>();
  readonly #port = new Map<string, number>();
  readonly #link = new Map<string, number>();
  readonly #lag = new Map<string, number>();
  readonly #bridge = new Map<string, number>();
  readonly #l3 = new Map<string, number>();
  readonly #hostL3 = new Map<string, number>();
  readonly #of: Indices;
  #addresses!: AddressTable;

  constructor(topology: Topology, options: CompileOptions) {
    this.#t = topology;
    this.#watched = options.watched ?? new Set();
    this.#of = new Indices(topology);
  }

  #index(map: Map<string, number>, name: string, what: string): number {
    const i = map.get(name);
    if (i === undefined) throw new DualhomeError("DH_INTERNAL", `${what} "${name}" is used but not defined`, 3);
    return i;
  }

  nodesAndPorts(): void {
    for (const node of this.#t.nodes) {
      const index = this.tables.nodes.length;
      this.#node.set(node.name, index);
      this.tables.names.nodes.push(node.name);
      this.tables.nodes.push({
        kind: node.kind === "server" ? NODE_HOST : NODE_SWITCH, tier: node.tier, routed: node.routed ? 1 : 0, mac: node.mac, bootNs: node.bootNs,
        macAgeNs: node.macAgeNs, arpAgeNs: node.arpAgeNs, transparent: node.passesBpdus === true, key: nameKey(node.name),
        ...(node.hashSeed === undefined ? {} : { hashSeed: node.hashSeed }),
      });
      let k = 0n;
      for (const port of this.#of.portsOf(node.name)) this.#addPort(node, port, ++k);
      for (const pair of this.#of.pairsOf(node.name)) if (pair.keepalive.via === "mgmt") this.#addMgmt(node, pair, ++k);
    }
  }

  #addPort(node: Node, port: Port, k: bigint): void {
    const name = `${node.name}:${port.name}`;
    const lag = this.#of.lagOfPort.get(name);
    const vlans = lag?.vlans ?? port.vlans;
    const tagged = port.mode === "trunk" || port.peerLink || vlans.length > 1 || lag?.peerLinkOf != null;
    this.#pushPort(name, {
      node: this.#index(this.#node, node.name, "node"), speed: port.speedMbps, mac: node.mac + k, routed: port.mode === "routed" ? 1 : 0,
      pvid: tagged || port.mode === "routed" || port.mode === "host" ? 0 : (vlans[0] ?? 0), watched: this.#watched.has(name) ? 1 : 0,
    });
  }
  #addMgmt(node: Node, pair: Pair, k: bigint): void {
    const name = `${node.name}:mgmt-${pair.name}`;
    this.#pushPort(name, { node: this.#index(this.#node, node.name, "node"), speed: 1000, mac: node.mac + k, routed: 0, pvid: 0, watched: this.#watched.has(name) ? 1 : 0 });
  }
  #pushPort(name: string, row: Omit<FlatTables["ports"][number], "key">): void {
    this.#port.set(name, this.tables.ports.length);
    this.tables.names.ports.push(name);
    this.tables.ports.push({ ...row, key: nameKey(name) });
  }

  links(): void {
    const unplugged = new Set(this.#t.vms.flatMap((vm) => vm.links.slice(1)));
    for (const link of this.#t.links) this.#addLink(link.name, link.a, link.b, link.delayNs, link.detectNs, unplugged.has(link.name) ? 1 : 0, link.converter === true ? 1 : 0);
    for (const pair of this.#t.pairs) {
      if (pair.keepalive.via !== "mgmt") continue;
      this.#addLink(`mlag/${pair.name}/keepalive`, `${pair.peers[0]}:mgmt-${pair.name}`, `${pair.peers[1]}:mgmt-${pair.name}`, MGMT_DELAY_NS, MGMT_DELAY_NS);
    }
  }
  #addLink(name: string, a: string, b: string, delayNs: bigint, detectNs: bigint, cut = 0, converter = 0): void {
    this.#link.set(name, this.tables.links.length);
    this.tables.names.links.push(name);
    this.tables.links.push({ a: this.#index(this.#port, a, "port"), b: this.#index(this.#port, b, "port"), delayNs: delayNs > 0n ? delayNs : 1n, detectNs, cut, converter });
  }

  lags(): void {
    for (const node of this.#t.nodes) for (const lag of this.#of.lagsOf(node.name)) this.#addLag(lag, node);
  }

  #addLag(lag: Lag, node: Node): void {
    const pair = lag.pair === null ? undefined : this.#of.pair.get(lag.pair);
    const side = pair === undefined ? 0 : pair.peers.indexOf(lag.node);
    this.#lag.set(lag.name, this.tables.lags.length);
    this.tables.names.lags.push(lag.name);
    const lacp = lag.lacp;
    const first = this.#index(this.#port, `${lag.node}:${lag.members[0]}`, "port");
    const own = lag.linux ? this.tables.ports[first]!.mac : node.mac;
    this.tables.lags.push({
      node: this.#index(this.#node, lag.node, "node"), mode: LAG_MODES[lag.mode], linux: lag.linux ? 1 : 0, hash: HASHES[lag.hash], minLinks: lag.minLinks,
      miimonNs: lag.miimonNs, updelayNs: lag.updelayNs, downdelayNs: lag.downdelayNs, primary: lag.primary === null ? -1 : lag.members.indexOf(lag.primary),
      reselect: RESELECT[lag.primaryReselect], garpCount: lag.garpCount, mlagId: lag.mlagId, key: nameKey(lag.name),
      ...(lag.bond === undefined ? {} : { bond: flatBond(lag.bond) }),
      members: lag.members.map((m, k) => ({
        port: this.#index(this.#port, `${lag.node}:${m}`, "port"), priority: lacp?.portPriority[m] ?? lacp?.defaultPortPriority ?? 32768,
        // Linux numbers members from 1; the second peer of a pair sets bit 15, so that its numbers differ from the first's.
        number: lag.linux ? k + 1 : (lag.mlagId !== 0 && side === 1 ? 0x8000 : 0) | (this.#numberOf(lag.node, m)),
      })),
      lacp: lag.mode !== "802.3ad" || lacp === null ? null : {
        systemPriority: pair?.systemPriority ?? lacp.systemPriority, system: pair?.systemMac ?? own, key: lacp.key, active: lacp.active ? 1 : 0, fast: lacp.fast ? 1 : 0,
        independent: lacp.independent ? 1 : 0, tickNs: lag.linux ? node.lacpTickNs : 0n, maxBundle: lag.maxBundle, adSelect: AD_SELECT[lag.adSelect],
        keepsSync: lacp.keepsSync === true ? 1 : 0,
      },
    });
  }
  #numberOf(node: string, port: string): number { return this.#of.portNumber.get(`${node}:${port}`) ?? 0; }

  bridges(): void {
    for (const node of this.#t.nodes) {
      if (node.kind === "server") continue;
      const rows = new Map<number, { index: number; lag: number }[]>();
      const add = (vlan: number, entry: { index: number; lag: number } | null): void => {
        const list = rows.get(vlan) ?? [];
        if (entry !== null) list.push(entry);
        rows.set(vlan, list);
      };
      for (const port of this.#of.portsOf(node.name)) {
        if (port.mode === "routed" || this.#of.lagOfPort.has(`${node.name}:${port.name}`)) continue;
        for (const vlan of port.vlans) add(vlan, { index: this.#index(this.#port, `${node.name}:${port.name}`, "port"), lag: 0 });
      }
      for (const lag of this.#of.lagsOf(node.name)) for (const vlan of lag.vlans) add(vlan, { index: this.#index(this.#lag, lag.name, "lag"), lag: 1 });
      for (const a of this.#of.addressesOf(node.name)) if (a.vlan !== 0) add(a.vlan, null);
      for (const [vlan, ports] of [...rows].sort((x, y) => x[0] - y[0])) {
        this.#bridge.set(`${node.name}/${vlan}`, this.tables.bridges.length);
        this.tables.bridges.push({ node: this.#index(this.#node, node.name, "node"), vlan, ports });
      }
    }
  }

  pairs(): void {
    this.#t.pairs.forEach((pair, k) => {
      this.tables.names.pairs.push(pair.name);
      pair.peers.forEach((peer, side) => {
        this.tables.names.peers.push(peer);
        const port = pair.keepalive.via === "mgmt" ? `${peer}:mgmt-${pair.name}` : this.#keepalivePort(pair, pair.keepalive.link, peer);
        this.tables.peers.push({
          node: this.#index(this.#node, peer, "node"), twin: 2 * k + 1 - side, peerLink: this.#index(this.#lag, pair.peerLinks[side]!, "lag"),
          keepalivePort: this.#index(this.#port, port, "port"), priority: pair.rolePriority[side]!, suspends: pair.suspendSecondary ? ON_LOSS_SUSPEND : pair.splits ? ON_LOSS_SPLIT : ON_LOSS_STAY,
          helloNs: pair.controlIntervalNs, silenceNs: pair.controlTimeoutNs, intervalNs: pair.keepaliveIntervalNs, timeoutNs: pair.keepaliveTimeoutNs, holdNs: pair.holdNs, delayRestoreNs: pair.delayRestoreNs,
          delayL3Ns: pair.delayRestoreNs < 10_000_000_000n ? pair.delayRestoreNs : 10_000_000_000n, autoRecoveryNs: pair.autoRecoveryNs, scope: SCOPES[pair.suspendPorts], checks: pair.checks ? 1 : 0, ownSystem: pair.ownSystem ? 1 : 0, aloneNs: pair.aloneNs,
        });
      });
      this.#twins(pair);
    });
  }
  #keepalivePort(pair: Pair, name: string, peer: string): string {
    const link = this.#of.link.get(name);
    if (link === undefined) throw new DualhomeError("DH_INTERNAL", `keepalive link "${name}" of ${pair.name} does not exist`, 3);
    return link.a.startsWith(`${peer}:`) ? link.a : link.b;
  }
  #twins(pair: Pair): void {
    for (const leg of this.#of.legsOf(pair.name)) {
      const twin = this.#of.twinOf(leg);
      if (twin !== undefined) this.tables.twins.push({ lag: this.#index(this.#lag, leg.name, "lag"), mlagId: leg.mlagId, twin: this.#index(this.#lag, twin.name, "lag") });
    }
  }

  spanningTrees(): void {
    const maps = { node: this.#node, port: this.#port, lag: this.#lag };
    this.tables.stps.push(...compileStp(this.#t, this.#of, (kind, name) => this.#index(maps[kind], name, kind)));
  }

  interfaces(): void {
    const { tables } = this;
    const six = this.#t.addresses.filter((a) => a.ip.includes(":"));
    this.#addresses = new AddressTable(this.#t, six.map((a) => this.#macOf(a)));
    tables.ipv6 = this.#addresses.rows;
    tables.names.ipv6 = tables.ipv6.map((ip) => (ip === null ? "" : formatIp(ip)));
    const prefixes = new Map<string, number>();
    for (const node of this.#t.nodes) {
      for (const a of this.#of.addressesOf(node.name)) {
        if (node.kind !== "server" && a.vlan === 0) continue;
        const mac = this.#macOf(a);
        const common = {
          node: this.#index(this.#node, node.name, "node"), vlan: a.vlan, ip: this.#addresses.engine(a.ip), prefixLen: this.#addresses.length(a.ip, a.prefix), mac,
          linkLocal: a.ip.includes(":") ? this.#addresses.handle(linkLocalOf(mac)) : 0,
        };
        if (node.kind === "server") this.#hostInterface(a, common);
        else {
          const { base, length, text } = this.#addresses.subnet(a.ip, a.prefix);
          let prefix = prefixes.get(text);
          if (prefix === undefined) {
            prefix = tables.prefixes.length;
            prefixes.set(text, prefix);
            tables.prefixes.push({ ip: base, len: length });
            tables.names.prefixes.push(text);
          }
          this.#switchInterface(node, common, prefix);
        }
      }
    }
  }

  /** Of the interface with this address: a host's is that of its first port, a switch's that of the node. */
  #macOf(a: Address): bigint {
    const node = this.tables.nodes[this.#index(this.#node, a.node, "node")]!;
    if (node.kind !== NODE_HOST) return node.mac;
    const lag = this.#lag.get(a.on);
    return this.tables.ports[lag === undefined ? this.#hostPort(a) : this.tables.lags[lag]!.members[0]!.port]!.mac;
  }
  #hostPort(a: Address): number { return this.#index(this.#port, a.on.includes(":") ? a.on : `${a.node}:${a.on}`, "port"); }

  #hostInterface(a: Address, common: Interface): void {
    const lag = this.#lag.get(a.on);
    this.#hostL3.set(a.node, this.#hostL3.get(a.node) ?? this.tables.l3ifs.length);
    this.tables.names.l3ifs.push(a.on);
    this.tables.l3ifs.push({
      ...common, bridge: -1, lag: lag ?? -1, port: lag === undefined ? this.#hostPort(a) : -1, gateway: a.gateway === null ? 0 : this.#addresses.engine(a.gateway), prefix: -1, peerMac: 0n, key: nameKey(a.on),
    });
  }

  #switchInterface(node: Node, common: Interface, prefix: number): void {
    const { vlan } = common;
    const pair = this.#of.pairOf(node.name);
    const other = pair === undefined ? undefined : this.#of.node.get(pair.peers[1 - pair.peers.indexOf(node.name)]!);
    this.#l3.set(`${node.name}/${vlan}`, this.tables.l3ifs.length);
    this.tables.names.l3ifs.push(`${node.name} vlan${vlan}`);
    this.tables.l3ifs.push({
      ...common, bridge: this.#index(this.#bridge, `${node.name}/${vlan}`, "bridge"), lag: -1, port: -1, gateway: 0,
      prefix, peerMac: pair?.peerGateway === true && other !== undefined ? other.mac : 0n, key: nameKey(`${node.name}:vlan${vlan}`),
    });
  }

  virtualRouters(): void {
    const byL3 = this.#t.vrrps.map((v) => ({ v, l3: this.#index(this.#l3, `${v.node}/${v.vlan}`, "VLAN interface") })).sort((a, b) => a.l3 - b.l3);
    for (const { v, l3 } of byL3) {
      const pair = this.#of.pairOf(v.node);
      this.tables.names.vrrps.push(`${v.gateway}@${v.node}`);
      this.tables.vrrps.push({
        l3, version: v.version, vrid: v.vrid, priority: v.priority, intervalNs: v.intervalNs, preempt: v.preempt ? 1 : 0, preemptDelayNs: v.preemptDelayNs,
        implementation: IMPLEMENTATION[v.implementation] ?? 0, both: pair?.gatewayActive === true ? 1 : 0, ownMac: v.virtualMac ? 0 : 1, vips: v.vips.map((ip) => this.#addresses.engine(ip)),
      });
    }
  }

  groups(): void {
    const tables = this.tables;
    compileGroups(this.#t, tables, this.#of, { node: (name) => this.#index(this.#node, name, "node"), port: (name) => this.#index(this.#port, name, "port"), l3: (name) => this.#index(this.#l3, name, "VLAN interface"), address: (ip) => this.#addresses.engine(ip) });
  }

  fallbacks(): void {
    for (const lag of this.#t.lags) {
      const f = lag.fallback;
      if (f == null || (f.mode === "force-up" && f.named && f.port === null)) continue; // the other peer's member is named
      this.tables.fallbacks.push({
        lag: this.#index(this.#lag, lag.name, "lag"), rule: FALLBACKS[f.mode], timeoutNs: f.timeoutNs, port: f.port === null ? -1 : lag.members.indexOf(f.port),
        peers: f.peers === "one" ? 1 : 0,
        claims: lag.members.map((m) => ({ port: this.#index(this.#port, `${lag.node}:${m}`, "port"), claim: Number(/\d+$/.exec(m)?.[0] ?? 0) })),
      });
    }
  }

  boots(): void {
    for (const b of this.#t.boots ?? []) {
      const node = this.#of.node.get(b.server)!;
      this.tables.boots.push({
        node: this.#index(this.#node, b.server, "node"), nicRule: NIC_RULES[b.nicRule], nic: b.nic === null ? -1 : this.#numberOf(b.server, b.nic) - 1, attempts: b.attempts,
        discovers: b.discovers, loadRetries: b.loadRetries, atNs: b.atNs, postNs: b.postNs, linkNs: b.linkNs, discoverNs: b.discoverNs, loadRetryNs: b.loadRetryNs,
        installNs: b.installNs, osNs: node.bootNs, bytes: BigInt(b.bytes), limitKb: BigInt(b.limitMbps) * 125n,
      });
    }
    for (const server of this.#t.bootServers ?? []) this.tables.bootServers.push(this.#index(this.#hostL3, server, "server with an address"));
  }

  flows(): void {
    const index = new Map<string, number>();
    for (const f of this.#t.flows) {
      index.set(f.name, this.tables.flows.length);
      this.tables.names.flows.push(f.name);
      this.tables.flows.push({
        from: this.#index(this.#hostL3, f.from, "server with an address"), to: this.#index(this.#hostL3, f.to, "server with an address"), proto: PROTOCOLS[f.protocol],
        sport: f.sport, dport: f.dport,
      });
    }
    for (const s of this.#t.services) {
      this.tables.names.services.push(s.name);
      this.tables.services.push({
        primary: this.#index(index, s.primary, "flow"), standby: s.standby === null ? -1 : this.#index(index, s.standby, "flow"), intervalNs: s.checkIntervalNs,
        decisionNs: s.decisionNs, fall: s.fall, rise: s.rise, automatic: 1, failback: s.failback ? 1 : 0,
      });
    }
  }
}
