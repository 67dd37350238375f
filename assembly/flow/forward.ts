// What a host or router does with a frame of a flow: the part that a walk and a probe share. Each function fills in the frame's
// addresses and returns DROP_NONE, or why the frame ends here; then `blame` is the record behind it, 0 for none.

import {
  DROP_NODE_DOWN, DROP_NONE, DROP_NOT_FOUND, DROP_NO_ARP, DROP_NO_CARRIER, DROP_NO_MEMBER, DROP_NO_ROUTE, DROP_STALE_ARP, DROP_TTL, FRAME_DHCP, HASH_LAYER34, NODE_UP, DROP_BACKUP_MEMBER,
} from "../abi";
import { resolve, resolveCause, resolvedBy } from "../neighbour/cache";
import { takesMac } from "../sim/bond-tables";
import { longestMatch } from "../routing/prefixes";
import { connected, hopCount, nextHop } from "../routing/table";
import { Frame, blame } from "../sim/frames";
import { l3Of, lagOf, nodeOf, otherEnd, portOf } from "../sim/tables";
import { frameHash, seeded } from "../bond/choose";
import { cause } from "../core/trace";
import { why } from "./walk";
import { bootOf, nicPort } from "../pxe/boot";

export const TTL: u64 = 32;

export let blame: u32 = 0;
/** Where the frame leaves a router: a VLAN interface, or a routed port (the other is -1). */
export let viaL3: i32 = -1;
export let viaPort: i32 = -1;
/** The neighbour entry that was used, -1 for none, and its address. */
export let neighbour: i32 = -1;
export let nextIp: u32 = 0;

function drop(why: i32, cause: u32): i32 { blame = cause; return why; }

/** Fills in a frame that an interface of a host begins: everything but ports and protocol. */
export function fromHost(l3: i32, to: u32, f: Frame): i32 {
  const i = l3Of(l3);
  const node = nodeOf(i.node);
  neighbour = -1;
  if (node.state != NODE_UP) return drop(DROP_NODE_DOWN, node.faultCause);
  if (i.up == 0) return drop(i.lag >= 0 ? DROP_NO_MEMBER : DROP_NO_CARRIER, i.downCause);
  const mask: u32 = i.prefixLen == 0 ? 0 : <u32>(0xffffffff << (32 - i.prefixLen));
  const hop = (to & mask) == (i.ip & mask) ? to : i.gateway;
  if (hop == 0) return drop(DROP_NO_ROUTE, 0);
  f.origin = i.node; f.srcMac = i.mac; f.c = i.ip; f.d = to; f.e = TTL;
  f.dstMac = resolve(l3, hop);
  neighbour = resolvedBy; nextIp = hop;
  return f.dstMac == 0 ? drop(DROP_NO_ARP, resolveCause()) : DROP_NONE;
}

/** A router's next hop for a frame. */
export function routeHop(node: i32, f: Frame): i32 {
  neighbour = -1; viaL3 = -1; viaPort = -1;
  if (f.e <= 1) return drop(DROP_TTL, 0);
  f.e -= 1;
  const prefix = longestMatch(f.d);
  if (prefix < 0) return drop(DROP_NO_ROUTE, 0);
  const l3 = connected(node, prefix);
  if (l3 >= 0) return attached(l3, f);
  const count = hopCount(node, prefix);
  if (count == 0) return drop(DROP_NO_ROUTE, nodeOf(node).routeCause);
  viaPort = nextHop(node, prefix, count == 1 ? 0 : <i32>(seeded(frameHash(HASH_LAYER34, f), nodeOf(node).ecmpSeed) % <u32>count));
  f.srcMac = portOf(viaPort).mac; f.dstMac = portOf(otherEnd(viaPort)).mac; f.vlan = 0;
  return DROP_NONE;
}

function attached(l3: i32, f: Frame): i32 {
  const mac = resolve(l3, f.d);
  neighbour = resolvedBy; nextIp = f.d;
  if (mac == 0) return drop(DROP_NO_ARP, resolveCause());
  viaL3 = l3;
  f.srcMac = l3Of(l3).mac; f.dstMac = mac; f.origin = l3Of(l3).node;
  return DROP_NONE;
}

/** The interface of a host behind a port, -1 for none. */
export function owner(port: i32): i32 {
  const p = portOf(port);
  return p.lag >= 0 ? lagOf(p.lag).l3 : p.l3;
}

/** A frame at a port of a host: is it for this host? */
export function delivered(port: i32, f: Frame): i32 {
  const n = nodeOf(portOf(port).node);
  if (n.state != NODE_UP) return drop(DROP_NODE_DOWN, n.faultCause);
  const l3 = owner(port);
  if (f.kind == FRAME_DHCP) return drop(takesWalked(port, l3, f), 0);
  if (n.firmware != 0) return drop(DROP_NODE_DOWN, 0);
  if (l3 < 0 || !takesMac(port, l3, f.dstMac)) return drop(DROP_NOT_FOUND, 0);
  return f.d == l3Of(l3).ip ? DROP_NONE : drop(DROP_STALE_ARP, 0);
}

/** Does a host take a frame that is walked between firmware and server? */
function takesWalked(port: i32, l3: i32, f: Frame): i32 {
  const n = nodeOf(portOf(port).node);
  if (n.firmware == 0) return l3 >= 0 && l3Of(l3).up != 0 && f.dstMac == l3Of(l3).mac ? DROP_NONE : DROP_NOT_FOUND;
  if (nicPort(bootOf(n.pxe)) == port) return f.dstMac == portOf(port).mac ? DROP_NONE : DROP_NOT_FOUND;
  return DROP_BACKUP_MEMBER;
}
