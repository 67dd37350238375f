// A frame has arrived at a port: who takes it.

import { DROP_NONE, FRAME_ARP, FRAME_BPDU, FRAME_DHCP, FRAME_HELLO, FRAME_KEEPALIVE, FRAME_LACPDU, FRAME_PEER, FRAME_PROBE, LAG_ALB, NODE_HOST, NODE_UP } from "../abi";
import { cause, now, setCause } from "../core/trace";
import { monitorHeard } from "./arp-monitor";
import { takesMac } from "../sim/bond-tables";
import { rlbReceived } from "../bond/rlb";
import { deliver } from "../lacp/lacp";
import { Lacpdu } from "../wire/lacpdu";
import { deliverHello } from "../routing/adjacency";
import { bridgeAndSend, learn } from "../switching/bridge";
import { delivered, owner } from "../flow/forward";
import { broadcastArrived, probeArrived, probeRouted } from "../flow/probe";
import { capture } from "../sim/capture";
import { countTaken } from "../sim/counters";
import { fallbackHeard } from "./lacp-fallback";
import { FRAME_BODY, Frame, cameThrough, deaf, refused } from "../sim/frames";
import { accepts, isOurs } from "../sim/gateway-macs";
import { control } from "./l3";
import { runLacp } from "./lag";
import { bpduArrived } from "./stp";
import { GATE_OPEN, gateOf } from "../sim/stp-tables";
import { keepaliveFrame, peerFrame } from "./mclag";
import { dhcpArrived } from "./pxe";
import { bridgeFor, bridgeOf, bridgePortFor, groupOf, l3Of, lacpPortOf, lagOf, nodeOf, portOf } from "../sim/tables";

const GROUP_BIT: u64 = 0x010000000000;

export function arrived(f: Frame): void {
  const port = f.port;
  const p = portOf(port);
  if (deaf(port) != DROP_NONE) return;
  const n = nodeOf(p.node);
  if (p.watched != 0) capture(port, 1, f);
  const alive = n.state == NODE_UP;
  switch (f.kind) {
    case FRAME_LACPDU: if (alive && n.firmware == 0) lacpdu(port, f); return;
    case FRAME_HELLO: if (alive) deliverHello(port, f); return;
    case FRAME_PEER: if (alive) peerFrame(port, f); return;
    case FRAME_KEEPALIVE: if (alive) keepaliveFrame(port, f); return;
    case FRAME_BPDU: if (alive || n.transparent != 0) bpduArrived(port, f); return;
    default: break;
  }
  if (p.monitored != 0 && alive) monitorHeard(p.lag, p.member, f);
  if (refused(port, (f.dstMac & GROUP_BIT) != 0) != DROP_NONE) return;
  if (f.kind == FRAME_PROBE) countTaken(port);
  if (n.kind == NODE_HOST) { if (alive) atHost(port, f); return; }
  if (p.routed != 0) { if (f.kind == FRAME_PROBE) probeRouted(p.node, f); return; }
  const vlan = f.vlan != 0 ? f.vlan : p.pvid;
  const at = bridgeFor(p.node, vlan);
  if (at >= 0) bridged(at, port, f, alive);
}

// @ts-ignore: decorator
@inline function lacpdu(port: i32, f: Frame): void {
  const p = portOf(port);
  cameThrough(port);
  const group = p.group;
  if (group < 0) return;
  deliver(groupOf(group), lacpPortOf(p.member), changetype<Lacpdu>(changetype<usize>(f) + FRAME_BODY), now);
  fallbackHeard(group);
  // A hello that changes nothing only pushes a deadline out: the timer looks at it when the old one fires.
  if (groupOf(group).dirty) runLacp(group);
}

function atHost(port: i32, f: Frame): void {
  if (f.kind == FRAME_DHCP) { dhcpArrived(port, owner(port), f); return; }
  if (f.kind == FRAME_PROBE) {
    if ((f.dstMac & GROUP_BIT) != 0) broadcastArrived(owner(port), f);
    else if (delivered(port, f) == DROP_NONE) probeArrived(f);
    return;
  }
  const l3 = owner(port);
  if (l3 >= 0 && ((f.dstMac & GROUP_BIT) != 0 || takesMac(port, l3, f.dstMac))) {
    const p = portOf(port);
    if (f.kind == FRAME_ARP && p.lag >= 0 && lagOf(p.lag).mode == LAG_ALB) rlbReceived(p.lag, f);
    control(l3, f);
  }
}

function bridged(at: i32, port: i32, f: Frame, alive: bool): void {
  const b = bridgeOf(at);
  const bp = bridgePortFor(port);
  const before = cause;
  learn(b, bp, f);
  setCause(before);
  if (gateOf(bp) != GATE_OPEN) return;
  if (b.l3 >= 0 && l3Of(b.l3).up != 0) {
    const group = (f.dstMac & GROUP_BIT) != 0;
    if (!group && accepts(l3Of(b.l3), f.dstMac)) {
      if (f.kind == FRAME_PROBE) { probeRouted(b.node, f); return; }
      if (isOurs(l3Of(b.l3), f)) { if (alive) control(b.l3, f); return; }
    }
    if (group && alive) {
      const last = control(b.l3, f);
      setCause(before);
      if (last) return;
    }
  }
  bridgeAndSend(b, bp, f);
}
