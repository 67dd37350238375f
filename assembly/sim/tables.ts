// The tables of one run: plain records in one memory, reached by index. Configuration is written by the
// `add…` exports before begin(); the rest of each record is state.

import { take } from "../core/memory";
import { trap, TRAP_TABLE_FULL, TRAP_BAD_INDEX } from "../core/trap";
import { LACP_GROUP_BYTES, LACP_PORT_BYTES, LacpGroup, LacpPort } from "../lacp/port";
import { VRRP_BYTES, VrrpRouter } from "../fhrp/vrrp";
import { NODE_UP } from "../abi";

@unmanaged export class Node {
  kind: i32; state: i32; tier: i32; routed: i32;
  mac: u64;
  bootNs: i64; macAgeNs: i64; arpAgeNs: i64;
  firstPort: i32; portCount: i32; // contiguous
  firstBridge: i32; bridgeCount: i32; // contiguous
  firstL3: i32; l3Count: i32; // contiguous
  firstLag: i32; lagCount: i32; // contiguous
  peer: i32; // MC-LAG peer index, -1
  faultCause: u32; // the record of the crash or hang while it lasts
  lossCause: u32; // last record on account of which a frame from here was lost
  lossSince: i64; // when that was written
  routeCause: u32; // last change of its routes
  ecmpSeed: u32;
  boots: u32;
  stp: i32; // 1 + its spanning tree, 0 none
  transparent: i32; // 1: no spanning tree, BPDUs pass like other group frames
  fullAgeNs: i64; // what macAgeNs goes back to after a topology change, 0 none
  pxe: i32; // row of its network boot, -1
  firmware: i32; // 1: no operating system runs, the NICs are the firmware's
  key: u32; // its name as a number: what random draws are asked for by
}

@unmanaged export class Port {
  // what a hello touches comes first: one cache line
  node: i32; link: i32; end: i32;
  lag: i32; member: i32; // -1: stands alone
  group: i32; // LACP group, -1
  mac: u64;
  admin: i32; // 1: enabled: neither held nor shut
  carrier: i32; // what the driver says
  watched: i32; // frames are captured
  monitored: i32; // a bond's ARP monitor notes what passes
  lossCause: u32; // frames for this port were lost on account of this record, since the last that came through
  routed: i32; // 1: a routed port
  pvid: u32; // VLAN of untagged frames
  solo: i32; // 1: a member that forwards by itself (LACP fallback)
  // the rest
  speed: u32;
  l3: i32; // its own L3 interface, -1
  held: i32; // 1: disabled by its node (MC-LAG suspension)
  shut: i32; // 1: disabled by an operator; SHUT_BY_GUARD
  adminCause: u32; // why it was disabled
  cause: u32; // last carrier record
  adjacency: i32; // routed neighbour: 1 up
  adjacencyCause: u32; // its last record
  untold: i32; // 1: the neighbour is to be told all routes
  number: i32; // 1-based number in its node
  stpPort: i32; // 1 + its spanning tree port, 0 none
  gate: i32; gateCause: u32; // GATE_*: may frames pass, and the record that says so
  helloChangedAt: i64; // when a routed neighbour's hello did last more than push deadlines out
  key: u32; // as of a node
}

/** As an operator's, but a reboot clears it. */
export const SHUT_BY_GUARD: i32 = 2;

@unmanaged export class Link {
  a: i32; b: i32;
  delayNs: i64; detectNs: i64;
  ownDelayNs: i64; // while it is not slowed
  lateUntil: i64; // since it became quicker: what was sent before is still under way
  cut: i32; // 1: no signal either way
  dark: i32; // bit 0: frames a→b vanish, bit 1: b→a
  noSignal: i32; // bit 0: end a loses carrier, bit 1: end b
  loss: u32; // frames lost per million, both directions
  converter: i32; // 1: media converters between, so that an end's carrier does not depend on the other end
  cause: u32; // the fault record in force
  causedAt: i64; // when it was written
  drawn: u32; drawnAt: i64; // frames of one instant, for which loss was drawn
}

@unmanaged export class Lag {
  node: i32; mode: i32; linux: i32; hash: i32;
  first: i32; count: i32; // members, contiguous
  minLinks: i32;
  primary: i32; // member index in the lag, -1
  reselect: i32; garpCount: i32;
  miimonNs: i64; updelayNs: i64; downdelayNs: i64; pollPhaseNs: i64;
  group: i32; // LACP group, -1
  mlagId: i32; twin: i32; // dual-homed: the lag of the other peer, -1
  peerLink: i32; // MC-LAG peer index whose peer-link this is, -1
  l3: i32; // host's interface on it, -1
  // state
  up: i32; usable: i32;
  active: i32; // active-backup: member index in the lag, -1
  suspended: i32; twinUp: i32;
  cause: u32; // last record about it
  twinCause: u32;
  stpPort: i32; gate: i32; gateCause: u32; // as of a port
  closed: i32; closedCause: u32; // a Linux bond that is administratively down
  key: u32; // as of a node
}

@unmanaged export class Member {
  port: i32; lag: i32;
  mii: i32;
  usable: i32; // bit 0 collecting, bit 1 distributing
  stepAt: i64; // FAIL or BACK: when the delay is over
  cause: u32;
  gone: i32; // 1: released from its bond
  joined: i32; pad: i32; // Linux: greater than that of all members when it was enslaved again
}

/** One VLAN on one switch. */
@unmanaged export class Bridge {
  node: i32; vlan: u32;
  first: i32; count: i32; // bridge ports, in `bridgePorts`
  l3: i32; // VLAN interface, -1
  storm: u32; // record of the storm in it, 0 none
  walk: u32; visits: i32; // the flow's walk that came by last, and how often
  closes: i32; // one of its ports closes a loop (storm.ts)
}

@unmanaged export class L3if {
  node: i32; vlan: u32;
  port: i32; lag: i32; bridge: i32; // what it sits on: one of the three
  ip: u32; prefixLen: i32; gateway: u32;
  mac: u64;
  up: i32;
  prefix: i32; // row of the prefix table
  firstVrrp: i32; vrrpCount: i32; // contiguous
  arpHead: i32; // its neighbour entries, chained
  downCause: u32;
  readyAt: i64; // VLAN interface: not up before this
  peerMac: u64; // peer-gateway: also routes frames to this MAC, 0 none
  firstFhrp: i32; fhrpCount: i32; // HSRP, GLBP and anycast groups, contiguous (sim/fhrp-tables.ts)
  proxyArp: i32; // 1: answers for addresses that it has a route to
  linkLocal: u32; // IPv6: its address in fe80::/64, 0 none
  key: u32; // as of a node
}

@unmanaged export class Prefix { ip: u32; len: i32; }

@unmanaged export class VrrpPlace {
  l3: i32; firstVip: i32; vipCount: i32; cause: u32;
  mac: u64;
  master: i32; // virtual router that was heard last, -1
  lesserCause: u32; // behind the lesser priority that was heard
  heardAt: i64;
  seen: i32; // state when forwarding was last looked at
  both: i32; // 1: forwards to the virtual MAC as backup too (MC-LAG all-active)
}

// A hello touches a port and its link: each starts on a cache line of its own.
const PORT_STRIDE: usize = (offsetof<Port>() + 63) & ~63;
const LINK_STRIDE: usize = (offsetof<Link>() + 63) & ~63;

export const BRIDGE_LAG: i32 = 1 << 28; // a bridge port that is a lag: BRIDGE_LAG | lag


// One base and one count a table: plain globals, because asc reads those fastest.
let nodesAt: usize; let portsAt: usize; let linksAt: usize; let lagsAt: usize; let membersAt: usize;
let bridgesAt: usize; let bridgePortsAt: usize; let l3At: usize; let prefixesAt: usize;
let groupsAt: usize; let lacpPortsAt: usize; let vrrpsAt: usize; let vrrpPlacesAt: usize; let vipsAt: usize;
export let nodes: i32; export let ports: i32; export let links: i32; export let lags: i32; export let members: i32;
export let bridges: i32; export let bridgePorts: i32; export let l3ifs: i32; export let prefixes: i32;
export let groups: i32; export let vrrps: i32; export let vips: i32;
export let maxNodes: i32; export let maxPorts: i32; export let maxLinks: i32; export let maxLags: i32; export let maxMembers: i32;
export let maxBridges: i32; let maxBridgePorts: i32; export let maxL3: i32; export let maxPrefixes: i32; export let maxGroups: i32; export let maxVrrps: i32; let maxVips: i32;

export function reserveTables(n: i32, p: i32, l: i32, g: i32, m: i32, b: i32, bp: i32, i: i32, x: i32, lg: i32, v: i32, vip: i32): void {
  nodesAt = take(<usize>n * offsetof<Node>()); maxNodes = n;
  portsAt = take(<usize>p * PORT_STRIDE); maxPorts = p;
  linksAt = take(<usize>l * LINK_STRIDE); maxLinks = l;
  lagsAt = take(<usize>g * offsetof<Lag>()); maxLags = g;
  membersAt = take(<usize>m * offsetof<Member>()); maxMembers = m;
  bridgesAt = take(<usize>b * offsetof<Bridge>()); maxBridges = b;
  bridgePortsAt = take(<usize>bp * 4); maxBridgePorts = bp;
  l3At = take(<usize>i * offsetof<L3if>()); maxL3 = i;
  prefixesAt = take(<usize>x * offsetof<Prefix>()); maxPrefixes = x;
  groupsAt = take(<usize>lg * LACP_GROUP_BYTES); maxGroups = lg;
  lacpPortsAt = take(<usize>m * LACP_PORT_BYTES);
  vrrpsAt = take(<usize>v * VRRP_BYTES); maxVrrps = v;
  vrrpPlacesAt = take(<usize>v * offsetof<VrrpPlace>());
  vipsAt = take(<usize>vip * 4); maxVips = vip;
}

export function nodeOf(i: i32): Node { return changetype<Node>(nodesAt + <usize>i * offsetof<Node>()); }
export function portOf(i: i32): Port { return changetype<Port>(portsAt + <usize>i * PORT_STRIDE); }
export function linkOf(i: i32): Link { return changetype<Link>(linksAt + <usize>i * LINK_STRIDE); }
export function lagOf(i: i32): Lag { return changetype<Lag>(lagsAt + <usize>i * offsetof<Lag>()); }
export function memberOf(i: i32): Member { return changetype<Member>(membersAt + <usize>i * offsetof<Member>()); }
export function bridgeOf(i: i32): Bridge { return changetype<Bridge>(bridgesAt + <usize>i * offsetof<Bridge>()); }
export function bridgePortOf(i: i32): i32 { return load<i32>(bridgePortsAt + (<usize>i << 2)); }
export function l3Of(i: i32): L3if { return changetype<L3if>(l3At + <usize>i * offsetof<L3if>()); }
export function prefixOf(i: i32): Prefix { return changetype<Prefix>(prefixesAt + <usize>i * offsetof<Prefix>()); }
export function groupOf(i: i32): LacpGroup { return changetype<LacpGroup>(groupsAt + <usize>i * LACP_GROUP_BYTES); }
export function lacpPortAddress(member: i32): usize { return lacpPortsAt + <usize>member * LACP_PORT_BYTES; }
export function lacpPortOf(member: i32): LacpPort { return changetype<LacpPort>(lacpPortAddress(member)); }
export function vrrpOf(i: i32): VrrpRouter { return changetype<VrrpRouter>(vrrpsAt + <usize>i * VRRP_BYTES); }
export function vrrpPlaceOf(i: i32): VrrpPlace { return changetype<VrrpPlace>(vrrpPlacesAt + <usize>i * offsetof<VrrpPlace>()); }
export function vipOf(i: i32): u32 { return load<u32>(vipsAt + (<usize>i << 2)); }
export function vipAddress(i: i32): usize { return vipsAt + (<usize>i << 2); }

function next(count: i32, max: i32, table: i32): i32 {
  if (count >= max) trap(TRAP_TABLE_FULL, table);
  return count;
}
function within(i: i32, count: i32, table: i32): void { if (i < 0 || i >= count) trap(TRAP_BAD_INDEX, table); }

export function newNode(): i32 { nodes = next(nodes, maxNodes, 1) + 1; return nodes - 1; }
export function newPort(node: i32): i32 {
  within(node, nodes, 1);
  ports = next(ports, maxPorts, 2) + 1;
  const n = nodeOf(node);
  if (n.portCount == 0) n.firstPort = ports - 1;
  else if (n.firstPort + n.portCount != ports - 1) trap(TRAP_BAD_INDEX, 2); // a node's ports stand together
  n.portCount += 1;
  return ports - 1;
}
export function newLink(): i32 { links = next(links, maxLinks, 3) + 1; return links - 1; }
export function newLag(): i32 { lags = next(lags, maxLags, 4) + 1; return lags - 1; }
export function newMember(): i32 { members = next(members, maxMembers, 5) + 1; return members - 1; }
export function newBridge(): i32 { bridges = next(bridges, maxBridges, 6) + 1; return bridges - 1; }
export function newBridgePort(bp: i32): i32 {
  bridgePorts = next(bridgePorts, maxBridgePorts, 7) + 1;
  store<i32>(bridgePortsAt + (<usize>(bridgePorts - 1) << 2), bp);
  return bridgePorts - 1;
}
export function newL3(): i32 { l3ifs = next(l3ifs, maxL3, 8) + 1; return l3ifs - 1; }
export function newPrefix(): i32 { prefixes = next(prefixes, maxPrefixes, 9) + 1; return prefixes - 1; }
export function newGroup(): i32 { groups = next(groups, maxGroups, 10) + 1; return groups - 1; }
export function newVrrp(): i32 { vrrps = next(vrrps, maxVrrps, 11) + 1; return vrrps - 1; }
export function newVip(ip: u32): i32 {
  vips = next(vips, maxVips, 12) + 1;
  store<u32>(vipsAt + (<usize>(vips - 1) << 2), ip);
  return vips - 1;
}

/** Does the node's control plane run? */
export function running(node: i32): bool { return nodeOf(node).state == NODE_UP; }
/** The node of the other end of a port's link. */
export function otherEnd(port: i32): i32 {
  const p = portOf(port);
  const l = linkOf(p.link);
  return p.end == 0 ? l.b : l.a;
}
/** The VLAN's bridge on a node, or -1. */
export function bridgeFor(node: i32, vlan: u32): i32 {
  const n = nodeOf(node);
  for (let i = n.firstBridge, end = n.firstBridge + n.bridgeCount; i < end; i++) if (bridgeOf(i).vlan == vlan) return i;
  return -1;
}
/** A port seen by bridging: itself, or the lag that it belongs to. */
export function bridgePortFor(port: i32): i32 {
  const p = portOf(port);
  return p.lag >= 0 && p.solo == 0 ? BRIDGE_LAG | p.lag : port;
}

/** The tag a frame has on the wire of this port. */
export function tagFor(port: i32, vlan: u32): u32 { return portOf(port).pvid == vlan ? 0 : vlan; }
