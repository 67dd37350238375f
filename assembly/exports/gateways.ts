// Interfaces, and the gateways on them.

import { isIpv6 } from "../core/address";
import { indexPrefix } from "../routing/prefixes";
import { addFhrpAddress, fhrpOf, glbpOf, hsrpOf, newFhrp, newTrack, newTrackPort, reserveFhrps } from "../sim/fhrp-tables";
import { bridgeOf, l3Of, lagOf, newL3, newPrefix, newVip, newVrrp, nodeOf, portOf, prefixOf, vrrpOf, vrrpPlaceOf } from "../sim/tables";
import { virtualMac, virtualMac6 } from "../wire/vrrp";

export function addPrefix(ip: u32, len: i32): i32 {
  const i = newPrefix();
  prefixOf(i).ip = ip; prefixOf(i).len = len;
  indexPrefix(i);
  return i;
}

/** An interface on a bridge, a lag or a port (the two others -1). A node's interfaces are added one after another. */
export function addL3(node: i32, bridge: i32, lag: i32, port: i32, vlan: i32, ip: u32, prefixLen: i32, gateway: u32, mac: u64, prefix: i32, peerMac: u64, key: u32): i32 {
  const i = newL3();
  const l = l3Of(i);
  l.node = node; l.bridge = bridge; l.lag = lag; l.port = port; l.vlan = <u32>vlan; l.ip = ip; l.prefixLen = prefixLen; l.gateway = gateway; l.mac = mac;
  l.prefix = prefix; l.peerMac = peerMac; l.arpHead = -1; l.key = key;
  if (bridge >= 0) bridgeOf(bridge).l3 = i;
  if (lag >= 0) lagOf(lag).l3 = i;
  if (port >= 0) portOf(port).l3 = i;
  const n = nodeOf(node);
  if (n.l3Count == 0) n.firstL3 = i;
  n.l3Count += 1;
  return i;
}

/** An IPv6 interface's address in fe80::/64: before its virtual routers. */
export function setLinkLocal(l3: i32, address: u32): void { l3Of(l3).linkLocal = address; }

/** Virtual routers of an interface are added one after another, each followed by its addresses. */
export function addVrrp(l3: i32, version: i32, vrid: i32, priority: i32, intervalNs: i64, preempt: i32, preemptDelayNs: i64, implementation: i32, both: i32, ownMac: i32): i32 {
  const i = newVrrp();
  const v = vrrpOf(i);
  v.index = i; v.version = <u32>version; v.vrid = <u32>vrid; v.priority = <u32>priority; v.intervalNs = intervalNs; v.preempt = preempt != 0;
  v.preemptDelayNs = preemptDelayNs; v.primaryIp = isIpv6(l3Of(l3).ip) ? l3Of(l3).linkLocal : l3Of(l3).ip; v.implementation = implementation; v.sendAdvert = -1;
  const place = vrrpPlaceOf(i);
  place.l3 = l3; place.master = -1; place.both = both; place.mac = ownMac != 0 ? l3Of(l3).mac : isIpv6(v.primaryIp) ? virtualMac6(vrid) : virtualMac(vrid); // keepalived without use_vmac speaks with the interface's own MAC
  const owner = l3Of(l3);
  if (owner.vrrpCount == 0) owner.firstVrrp = i;
  owner.vrrpCount += 1;
  return i;
}
export function addVip(vrrp: i32, ip: u32): void {
  const at = newVip(ip);
  const place = vrrpPlaceOf(vrrp);
  if (place.vipCount == 0) place.firstVip = at;
  place.vipCount += 1;
}

/** Takes what HSRP, GLBP, anycast gateways and tracking need: before reserveRun. */
export function reserveGateways(fhrpRows: i32, trackRows: i32, trackPortRows: i32): void { reserveFhrps(fhrpRows, trackRows, trackPortRows); }
/** Groups of an interface are added one after another, each followed by its addresses. */
export function addFhrp(l3: i32, kind: i32, group: i32, version: i32, mac: u64, priority: i32, helloNs: i64, holdNs: i64, preempt: i32, preemptDelayNs: i64, both: i32): i32 {
  const i = newFhrp(l3, kind, group, version, mac);
  fhrpOf(i).both = both;
  const r = hsrpOf(i);
  r.priority = priority; r.helloNs = helloNs; r.holdNs = holdNs; r.preempt = preempt != 0; r.preemptDelayNs = preemptDelayNs;
  return i;
}
export function addFhrpVip(fhrp: i32, ip: u32): void { addFhrpAddress(fhrp, ip); }
export function setGlbp(fhrp: i32, method: i32, weight: i32, lower: i32, upper: i32, redirectNs: i64, timeoutNs: i64, forwarderPreempt: i32, forwarderDelayNs: i64): void {
  const g = glbpOf(fhrp);
  const r = hsrpOf(fhrp);
  g.index = fhrp; g.ip = r.ip; g.method = method; g.weight = weight; g.lower = lower; g.upper = upper; g.holdNs = r.holdNs; g.redirectNs = redirectNs; g.timeoutNs = timeoutNs;
  g.preempt = forwarderPreempt; g.preemptDelayNs = forwarderDelayNs;
}
/** Of a virtual router or of a group (the other -1); `base`: its configured priority or weighting. */
export function addTrack(node: i32, vrrp: i32, fhrp: i32, base: i32, decrement: i32): i32 { return newTrack(node, vrrp, fhrp, base, decrement); }
export function addTrackPort(track: i32, port: i32): void { newTrackPort(track, port); }
export function setProxyArp(l3: i32): void { l3Of(l3).proxyArp = 1; }
