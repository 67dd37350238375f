// FlatTables: what the engine is given. Rows of numbers, indices instead of names, in the order in which they are loaded.
// `key`: the name as a number, by which random draws are asked for (names.ts).

import type { Names } from "./names.ts";

export interface FlatBond {
  packetsPerSlave: number; failOverMac: number; notifyNs: bigint; learnNs: bigint; dynamic: number; balance: number;
  arpNs: bigint; validate: number; missedMax: number; allTargets: number; targets: number[];
}

export interface FlatTables {
  nodes: { kind: number; tier: number; routed: number; mac: bigint; bootNs: bigint; macAgeNs: bigint; arpAgeNs: bigint; transparent: boolean; key: number; hashSeed?: number }[];
  /** a node's ports stand together */
  ports: { node: number; speed: number; mac: bigint; routed: number; pvid: number; watched: number; key: number }[];
  links: { a: number; b: number; delayNs: bigint; detectNs: bigint; cut?: number; converter?: number }[]; // cut 1: unplugged when the run begins
  /** a node's lags stand together */
  lags: {
    node: number; mode: number; linux: number; hash: number; minLinks: number; miimonNs: bigint; updelayNs: bigint; downdelayNs: bigint; primary: number;
    reselect: number; garpCount: number; mlagId: number; key: number;
    members: { port: number; priority: number; number: number }[];
    bond?: FlatBond;
    lacp: {
      systemPriority: number; system: bigint; key: number; active: number; fast: number; independent: number; tickNs: bigint; maxBundle: number; adSelect: number; keepsSync: number;
    } | null;
  }[];
  twins: { lag: number; mlagId: number; twin: number }[];
  peers: {
    node: number; twin: number; peerLink: number; keepalivePort: number; priority: number; suspends: number; helloNs: bigint; silenceNs: bigint; intervalNs: bigint; timeoutNs: bigint; holdNs: bigint;
    delayRestoreNs: bigint; delayL3Ns: bigint; autoRecoveryNs: bigint; scope: number; checks: number; ownSystem: number; aloneNs: bigint;
  }[];
  bridges: { node: number; vlan: number; ports: { index: number; lag: number }[] }[];
  /** spanning tree: a bridge a switch, or one for both peers of a pair; times in 1/256 s */
  stps: {
    node: number; twin: number; mode: number; id: bigint; maxAge: number; helloTime: number; forwardDelay: number;
    ports: { index: number; lag: number; twin: number; portId: number; cost: number; options: number }[];
  }[];
  /** IPv6 addresses by row; null: nobody's */
  ipv6: (bigint | null)[];
  prefixes: { ip: number; len: number }[];
  /** a node's interfaces stand together */
  l3ifs: {
    node: number; bridge: number; lag: number; port: number; vlan: number; ip: number; prefixLen: number; gateway: number; mac: bigint; prefix: number; peerMac: bigint; key: number;
    linkLocal: number; // IPv6; 0 none
  }[];
  /** an interface's virtual routers stand together */
  vrrps: {
    l3: number; version: number; vrid: number; priority: number; intervalNs: bigint; preempt: number; preemptDelayNs: bigint; implementation: number; both: number; ownMac: number; vips: number[];
  }[];
  /** an interface's groups of HSRP, GLBP and anycast stand together */
  fhrps: {
    l3: number; kind: number; group: number; version: number; mac: bigint; priority: number; helloNs: bigint; holdNs: bigint; preempt: number; preemptDelayNs: bigint; both: number; vips: number[];
    glbp: { method: number; weight: number; lower: number; upper: number; redirectNs: bigint; timeoutNs: bigint; preempt: number; forwarderDelayNs: bigint } | null;
  }[];
  tracks: { node: number; vrrp: number; fhrp: number; base: number; decrement: number; ports: number[] }[];
  proxyArps: number[];
  flows: { from: number; to: number; proto: number; sport: number; dport: number }[];
  services: { primary: number; standby: number; intervalNs: bigint; decisionNs: bigint; fall: number; rise: number; automatic: number; failback: number }[];
  /** lag: its index; port: member index, -1; peers 1: one leg of a pair */
  fallbacks: { lag: number; rule: number; timeoutNs: bigint; port: number; peers: number; claims: { port: number; claim: number }[] }[];
  boots: {
    node: number; nicRule: number; nic: number; attempts: number; discovers: number; loadRetries: number; atNs: bigint; postNs: bigint; linkNs: bigint; discoverNs: bigint;
    loadRetryNs: bigint; installNs: bigint; osNs: bigint; bytes: bigint; limitKb: bigint;
  }[];
  /** interfaces that answer DHCP */
  bootServers: number[];
  names: Names;
}

export function emptyTables(): FlatTables {
  return {
    nodes: [], ports: [], links: [], lags: [], twins: [], peers: [], bridges: [], stps: [], ipv6: [], prefixes: [], l3ifs: [], vrrps: [], fhrps: [], tracks: [], proxyArps: [], flows: [], services: [], fallbacks: [], boots: [], bootServers: [],
    names: { nodes: [], ports: [], links: [], lags: [], pairs: [], peers: [], l3ifs: [], vrrps: [], fhrps: [], tracks: [], prefixes: [], ipv6: [], flows: [], services: [], steps: [] },
  };
}
