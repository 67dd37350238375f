// What a topology file means, after ranges, defaults, profiles and shorthands have been worked out.
// Names are still names; every part remembers where in the file it stands.

import type { Application } from "./application.ts";
import type { Expectation } from "./expectation.ts";
import type { Failures } from "./failures.ts";

/** Position in the file: 1-based line and column, and the length that a caret line underlines. */
export interface Where { line: number; col: number; length: number }

/** Nanoseconds. Durations in the file always carry a unit. */
export type Ns = bigint;

export interface Node {
  name: string;
  kind: "server" | "switch" | "router"; // leaf, spine, tor, core, switch, l2switch → switch; tier says which
  tier: number; // 0 host, 1 leaf/tor/l2switch, 2 spine, 3 core/router: routes go up, across, down
  routed: boolean; // has a routing table that hears of failures (leaf, spine, core, router)
  site: string | null;
  profile: string; // "standard", "linux", "nxos-vpc", "eos-mlag", ...
  mac: bigint; // base MAC of the node; port i has mac + 1 + i
  cost?: number; // in the currency of Topology.costs
  bootNs: Ns; // power on → ports up
  macAgeNs: Ns;
  arpAgeNs: Ns; // switches and routers; hosts follow Linux's neighbour states
  lacpTickNs: Ns; // Linux's 100 ms work interval; 0: exact timers
  stp?: SpanningTree; // absent: none
  hashSeed?: number; // switches: of the hash for members and next hops; absent: one of its own, drawn
  passesBpdus?: boolean; // no spanning tree, and BPDUs are flooded: a hub
  cards?: Card[];
  power?: string[]; // feeds; it is dead when all of them are
  where: Where;
}

/** Ports that fail together: a line card, a NIC. */
export interface Card { name: string; ports: string[] }

/** One tree for all VLANs of a switch. The peers of a pair are one bridge. */
export interface SpanningTree {
  mode: "rstp" | "stp";
  priority: number; // lower wins
  cost: Record<string, number>; // port or port-channel → path cost; others by their speed
  edge: "servers" | string[]; // forward at once
  shared: string[]; // half duplex: no handshake
  bpduGuard: "edge" | string[]; // shut down by a BPDU
  loopGuard: boolean; // what heard BPDUs and hears none stays closed
  helloNs: Ns;
  maxAgeNs: Ns;
  forwardDelayNs: Ns;
}

export interface Port {
  node: string;
  name: string; // "Eth1", "eth0"
  speedMbps: number;
  vlans: number[]; // VLANs carried; for a bridged port the first is untagged when mode is access
  mode: "access" | "trunk" | "routed" | "host";
  peerLink: boolean;
  where: Where;
}

export interface Link {
  name: string; // "leaf1:Eth1--srv1:eth0"
  a: string; // "node:port"
  b: string;
  delayNs: Ns; // one way
  detectNs: Ns; // carrier lost → the driver says so
  converter?: boolean; // media converters in it: an end's carrier does not depend on the other end
  risk: string[];
  where: Where;
}

export interface LacpSettings {
  active: boolean;
  fast: boolean; // own Timeout bit
  systemPriority: number;
  portPriority: Record<string, number>; // port name → priority; others take the default
  defaultPortPriority: number;
  key: number;
  independent: boolean; // independent mux control
  keepsSync?: boolean; // a Linux kernel that leaves the partner's Sync bit when the link is lost
}

/** static: a switch's "mode on", Linux balance-xor, Windows Static. independent: Windows, Switch Independent. */
export type LagMode = "static" | "802.3ad" | "active-backup" | "balance-rr" | "broadcast" | "balance-tlb" | "balance-alb" | "independent";

export interface BondOptions {
  packetsPerSlave: number; // balance-rr; 0: at random
  failOverMac: "none" | "active" | "follow";
  peerNotifyDelayNs: Ns; // between gratuitous ARPs; 0: one a poll
  learnIntervalNs: Ns; // balance-tlb, balance-alb
  dynamic: boolean; // tlb_dynamic_lb
  balance: "address-hash" | "hyper-v-port" | "dynamic"; // Windows
  arpIntervalNs: Ns; // 0: no ARP monitor
  arpTargets: string[];
  arpValidate: "none" | "active" | "backup" | "all" | "filter" | "filter-active" | "filter-backup";
  arpMissedMax: number;
  arpAllTargets: boolean;
}

export interface Lag {
  name: string; // "srv1:bond0", "leaf1:Po11"
  node: string;
  mode: LagMode;
  members: string[]; // port names of the node, in order
  hash: "layer2" | "layer2+3" | "layer3+4" | "vlan+srcmac" | "encap2+3" | "encap3+4";
  lacp: LacpSettings | null;
  linux: boolean; // Linux bonding driver: one aggregator a member, ticks, miimon
  minLinks: number;
  maxBundle: number; // 0: no limit
  adSelect: "stable" | "bandwidth" | "count";
  split?: boolean; // the file chose ad-select: cables to several partners are meant, one aggregator of them is used
  miimonNs: Ns;
  updelayNs: Ns;
  downdelayNs: Ns;
  primary: string | null; // port name
  primaryReselect: "always" | "better" | "failure";
  garpCount: number;
  bond?: BondOptions; // of servers: what single modes and monitors need
  vlans: number[];
  pair: string | null; // MC-LAG pair that this lag is a dual-homed member of
  mlagId: number; // same number on both peers; 0 otherwise
  fallback?: Fallback | null; // switch's side: while the partner is silent; null: none
  peerLinkOf: string | null; // pair whose peer-link this lag is
  where: Where;
}

export type FallbackMode = "none" | "static" | "individual" | "force-up" | "edge-port" | "bypass";

/** What a port-channel does while no member hears an LACPDU. */
export interface Fallback {
  mode: FallbackMode;
  timeoutNs: Ns; // since link-up or the last LACPDU
  port: string | null; // the member that is named, if it is on this switch
  named: boolean; // some member is named
  peers: "one" | "each"; // of an MC-LAG pair
}

/** A server without an operating system. */
export interface PxeBoot {
  server: string;
  nicRule: "first" | "named" | "each";
  nic: string | null; // port name
  atNs: Ns; // power on, on the scenario's clock
  postNs: Ns;
  linkNs: Ns;
  discoverNs: Ns;
  discovers: number;
  attempts: number;
  bytes: number;
  limitMbps: number;
  protocol: "tftp" | "http";
  loadRetryNs: Ns;
  loadRetries: number;
  installNs: Ns;
  where: Where;
}

export interface Pair {
  name: string;
  domain: number;
  peers: [string, string];
  peerLinks: [string, string]; // lag names, one on each peer
  keepalive: { via: "mgmt" } | { via: "link"; link: string }; // mgmt: an out-of-band path that fails only with a peer
  controlIntervalNs: Ns; // hellos over the peer-link
  controlTimeoutNs: Ns; // 0: silence of the peer-link is not noticed
  keepaliveIntervalNs: Ns;
  keepaliveTimeoutNs: Ns;
  holdNs: Ns; // peer-link lost → keepalives are looked at
  rolePriority: [number, number]; // lower wins
  systemMac: bigint;
  systemPriority: number;
  delayRestoreNs: Ns;
  autoRecoveryNs: Ns; // suspended, then the keepalive is lost; below 0: never
  aloneNs: Ns; // booted without its peer; below 0: never
  peerGateway: boolean;
  gatewayActive: boolean; // both peers forward frames to the virtual router's MAC
  suspendSecondary: boolean; // on peer-link loss with the keepalive heard
  suspendPorts: "members" | "orphans" | "all"; // what is suspended then
  splits: boolean; // where it is not: whether it becomes primary though the keepalive is heard
  ownSystem: boolean; // the standby shows its own LACP system while it does not hear its peer
  checks: boolean; // the other peer is asked at once
  where: Where;
}

export interface Network { name: string; vlan: number; subnet: string | null; site: string | null; where: Where }

/** An interface with an address, of one family: a server's (on its bond or port), a switch's VLAN interface, or a routed port. */
export interface Address {
  node: string;
  on: string; // lag name, "node:port", or "node:vlanN"
  vlan: number; // 0: routed port
  ip: string;
  prefix: number;
  gateway: string | null; // hosts only
  where: Where;
}

export interface Vrrp {
  gateway: string;
  node: string;
  vlan: number;
  vrid: number;
  version: 2 | 3;
  priority: number; // 255: owner
  intervalNs: Ns;
  preempt: boolean;
  preemptDelayNs: Ns;
  vips: string[]; // IPv6: the first is link-local
  implementation: "rfc3768" | "rfc5798" | "rfc9568" | "keepalived" | "frr"; // rfc3768: version 2; rfc5798, rfc9568: version 3
  virtualMac: boolean; // speaks and answers with 00:00:5e:00:01:VRID (IPv6: 02); keepalived without use_vmac does not
  where: Where;
}

/** A router's part in a group of HSRP or GLBP, or in an anycast gateway. */
export interface Fhrp {
  gateway: string;
  node: string;
  vlan: number;
  protocol: "hsrp" | "glbp" | "anycast";
  group: number;
  version: 1 | 2;
  priority: number;
  helloNs: Ns;
  holdNs: Ns;
  preempt: boolean;
  preemptDelayNs: Ns;
  mac: bigint; // GLBP: unused, each forwarder has its own
  vips: string[];
  glbp: {
    method: "round-robin" | "weighted" | "host-dependent"; weight: number; lower: number; upper: number; redirectNs: Ns; timeoutNs: Ns;
    forwarderDelayNs: Ns;
  } | null;
  where: Where;
}

/** What a router's priority or weighting depends on: down when all ports are. */
export interface Track {
  gateway: string;
  node: string;
  what: string; // "uplinks", "Eth49"
  ports: string[]; // "node:port"
  decrement: number;
}

/** A VLAN interface that answers ARP for every address it has a route to. */
export interface ProxyArp { gateway: string; node: string; vlan: number; where: Where }

/** A virtual machine: a server with one virtual NIC, on a cable of its own, for each hypervisor that it may run on. */
export interface Vm {
  name: string;
  on: string[]; // hypervisors; it runs on the first when the run begins
  links: string[]; // its virtual cables, in the order of `on`
  where: Where;
}

export interface Flow {
  name: string;
  from: string; // server name
  to: string;
  protocol: "tcp" | "udp" | "icmp";
  sport: number;
  dport: number;
  maxOutageNs: Ns | null;
  rateMbps: number | null; // offered load, each way
  service: string | null;
  role: "flow" | "primary" | "standby" | "application"; // application: service is its name
  where: Where;
}

/** Traffic from a group of servers to another, dealt evenly among many flows. */
export interface Demand {
  name: string; // of a matrix or gravity: "name/from to to"
  from: string[];
  to: string[];
  rateMbps: number; // of all flows together
  backMbps: number; // the same flows, the other way
  flows: number;
  protocol: "tcp" | "udp";
  sport: number | null; // the first of each pair of servers; null: drawn
  dport: number;
  where: Where;
}

export interface Service {
  name: string;
  client: string;
  primary: string; // flow name
  standby: string | null;
  checkIntervalNs: Ns;
  fall: number;
  rise: number;
  decisionNs: Ns; // promotion time after the decision
  failback: boolean;
  maxOutageNs: Ns | null;
  where: Where;
}

export type FaultOp = "fail" | "repair" | "hang" | "silent" | "carrier" | "loss" | "shutdown" | "nothing" | "down" | "up" | "release" | "enslave" | "slow";

export interface Step {
  atNs: Ns;
  op: FaultOp;
  target: string; // as written: "leaf1", "leaf1:Eth1", "leaf1:Eth1--srv1:eth0", "mlag/pair/peer-link", "risk/duct-a", "site/fra", "power/a"
  targets: { kind: "node" | "link" | "port" | "lag"; name: string }[]; // what it stands for
  direction: "both" | "a-to-b" | "b-to-a"; // silent, carrier
  perMillion: number; // loss
  delayNs?: Ns; // slow
  migration?: { vm: string; from: string; to: string; part: "unplug" | "plug" }; // one half of a migration
  flap?: { number: number; of: number; part: "down" | "up" }; // one half of a flap; target is what flaps
  where: Where;
}

export interface Scenario { name: string; untilNs: Ns; steps: Step[]; expectations?: Expectation[]; where: Where }

/** A value that the file did not say and a profile supplied. Printed with every run. */
export interface Assumption { what: string; value: string; source: string }

export interface Topology {
  applications: Application[];
  name: string;
  nodes: Node[];
  ports: Port[];
  links: Link[];
  lags: Lag[];
  pairs: Pair[];
  networks: Network[];
  addresses: Address[];
  vrrps: Vrrp[];
  fhrps: Fhrp[];
  tracks: Track[];
  proxyArps: ProxyArp[];
  vms: Vm[];
  flows: Flow[];
  services: Service[];
  demands?: Demand[];
  costs?: { currency: string | null; cable: number | null };
  scenarios: Scenario[];
  boots?: PxeBoot[];
  bootServers?: string[]; // answer DHCP
  failures?: Failures;
  assumptions: Assumption[];
}
