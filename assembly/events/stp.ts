// Spanning tree in the simulation: BPDUs as frames, gates on bridge ports, MAC tables flushed.
//
// The peers of an MC-LAG pair are one bridge (as vPC's peer-switch makes them look). Choice: they hold its state in common, what one
// hears the other knows at once, and the state outlives either of them. The peer-link is inside that bridge and never blocked.

import {
  DROP_NONE, FLUSH_TOPOLOGY, FRAME_BPDU, NODE_HOST, NODE_UP, STP_GUARD_BPDU, STP_GUARD_LOOP, STP_GUARD_LOOP_GONE, STP_GUARD_LOOP_OVER, STP_PORT_BPDU_GUARD, STP_PORT_LOOP_GUARD, T_STP_GUARD,
} from "../abi";
import { isPast } from "../collections/event-queue";
import { cause, now, setCause, trace, traceWritten } from "../core/trace";
import { TRAP_NOT_QUIET, trap } from "../core/trap";
import { SEND_NONE, StpBridge, StpPort, begin, deliver, fellSilent, fillBpdu, nextDeadline, portOf as stpPortAt, run, setEnabled, stop } from "../stp/stp";
import { bridgeAndSend, flushBridgePort } from "../switching/bridge";
import { peerLinkOf } from "../sim/pairs";
import { BRIDGE_GROUP, Bpdu, bpduAt } from "../wire/bpdu";
import { markDirty } from "../sim/dirty";
import { errDisable } from "./link";
import { FRAME_BODY, Frame, cameThrough, makeFrame, refused, send } from "../sim/frames";
import { stirDomains } from "../sim/rest-voices";
import { mayRestStp, stirStp, stpChanged, stpUnderWay, wakeStp } from "../sim/rest-stp";
import { GATE_DISCARDING, GATE_LEARNING, GATE_OPEN, StpPlace, firstStpPort, gateCause, placeOf, setGate, stpFor, stpOf, stpPortFor, stpPortOf } from "../sim/stp-tables";
import { BRIDGE_LAG, bridgeOf, bridgePortFor, lagOf, memberOf, nodeOf, otherEnd, portOf, running } from "../sim/tables";
import { TIMER_STP, followDeadline, stopTimer } from "../sim/timers";

const UNIT: i64 = 3906250; // 1/256 s
const NOT_TOLD: i32 = -1;

function alive(b: StpBridge): bool { return running(b.node) || (b.twin >= 0 && running(b.twin)); }

/** Power on. The second peer of a pair joins the bridge that the first one runs. */
export function startStp(node: i32): void {
  const i = stpFor(node);
  if (i < 0) return;
  stirStp(node);
  const b = stpOf(i);
  if (!b.running) begin(b, now);
  settle(i);
}

/** Power off. */
export function stopStp(node: i32): void {
  const i = stpFor(node);
  if (i < 0) return;
  stirStp(node);
  const b = stpOf(i);
  setAgeing(b, node, false);
  const first = firstStpPort(b);
  if (!alive(b)) {
    stop(b);
    stopTimer(TIMER_STP, i);
    for (let k = 0; k < b.count; k++) placeOf(first + k).held = 0;
    return;
  }
  const before = cause;
  for (let k = 0; k < b.count; k++) { refresh(first + k); setCause(before); }
  settle(i);
}

/** A bridge port's link came or went. */
export function stpLinkChanged(bp: i32): void {
  const k = stpPortFor(bp);
  if (k < 0) return;
  stirStp(stpOf(placeOf(k).bridge).node);
  const before = cause;
  refresh(k);
  settle(placeOf(k).bridge);
  setCause(before);
}

function refresh(k: i32): void {
  const place = placeOf(k);
  const up = linkUp(place.bp) || (place.twinBp >= 0 && linkUp(place.twinBp));
  if (!up && place.held != 0) { // a link that is new may be whole
    const before = cause;
    guardOver(place, STP_GUARD_LOOP_GONE);
    setCause(before);
  }
  setEnabled(stpOf(place.bridge), stpPortOf(k), up, now);
}
function linkUp(bp: i32): bool {
  if ((bp & BRIDGE_LAG) != 0) { const lag = lagOf(bp & ~BRIDGE_LAG); return lag.up != 0 && nodeOf(lag.node).state == NODE_UP; }
  const p = portOf(bp);
  return p.carrier != 0 && nodeOf(p.node).state == NODE_UP;
}

export function bpduArrived(port: i32, f: Frame): void {
  const k = stpPortFor(bridgePortFor(port));
  if (refused(port, true) != DROP_NONE) return;
  if (k < 0) { passOn(port, f); return; }
  cameThrough(port);
  const i = placeOf(k).bridge;
  const before = traceWritten();
  wakeStp(i);
  if (!admits(k)) return;
  placeOf(k).heardAt = now;
  stpPortOf(k).lossNode = f.origin + 1;
  deliver(stpOf(i), stpPortOf(k), bpduAt(changetype<usize>(f) + FRAME_BODY), now);
  settle(i);
  done(i, before);
}

/** A bridge has heard or said something. */
function done(i: i32, written: u32): void {
  if (isPast()) return;
  if (traceWritten() != written) stpChanged(i);
  mayRestStp(i);
}

/** No spanning tree here: the address is one that no bridge forwards (8.6.3); a hub does, in the first VLAN that it has. */
function passOn(port: i32, f: Frame): void {
  const n = nodeOf(portOf(port).node);
  if (n.transparent == 0 || n.bridgeCount == 0) return;
  for (let p = n.firstPort, end = p + n.portCount; p < end; p++) stpUnderWay(p);
  bridgeAndSend(bridgeOf(n.firstBridge), bridgePortFor(port), f);
}

/** The guards of a port that hears a BPDU. False: it is not to be heard. */
function admits(k: i32): bool {
  const place = placeOf(k);
  if ((place.guards & STP_PORT_BPDU_GUARD) != 0) { shutDown(place); return false; }
  if (place.held != 0) {
    guardOver(place, STP_GUARD_LOOP_OVER);
    stpPortOf(k).told = NOT_TOLD;
  }
  return true;
}

/** BPDU guard: every cable of the port goes dark until an operator opens it again. */
function shutDown(place: StpPlace): void {
  const record = trace(T_STP_GUARD, place.bp, STP_GUARD_BPDU, 0, 0);
  shutBridgePort(place.bp);
  setCause(record);
  if (place.twinBp >= 0) { shutBridgePort(place.twinBp); setCause(record); }
}
function shutBridgePort(bp: i32): void {
  if ((bp & BRIDGE_LAG) == 0) { errDisable(bp); return; }
  const lag = lagOf(bp & ~BRIDGE_LAG);
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) errDisable(memberOf(m).port);
}

/** Loop guard: a port that heard BPDUs and hears none any more may have become deaf, not the end of the network. */
function guardSilence(k: i32): void {
  const place = placeOf(k);
  if ((place.guards & STP_PORT_LOOP_GUARD) == 0 || place.held != 0) return;
  const before = cause;
  place.held = trace(T_STP_GUARD, place.bp, STP_GUARD_LOOP, 0, 0);
  stpPortOf(k).flush = true; // nothing is reached through a closed port
  setCause(before);
}

function guardOver(place: StpPlace, how: i32): void {
  place.held = 0;
  trace(T_STP_GUARD, place.bp, how, 0, 0);
}

function markBridge(b: StpBridge): void { markDirty(b.node); if (b.twin >= 0) markDirty(b.twin); }

export function stpFired(i: i32): void {
  const b = stpOf(i);
  if (!alive(b)) return;
  const before = traceWritten();
  if (b.fastAgeing) markBridge(b); // shortened ageing has run its time: stale entries are gone
  for (let k = 0, first = firstStpPort(b); k < b.count; k++) {
    if (!fellSilent(b, stpPortAt(b, k), now)) continue;
    blameSilence(stpPortAt(b, k));
    guardSilence(first + k);
  }
  run(b, now);
  settle(i);
  done(i, before);
}

/** Whoever fell silent, or the fault that swallowed what it said, is the cause. */
function blameSilence(p: StpPort): void {
  if (p.lossNode > 0 && nodeOf(p.lossNode - 1).faultCause != 0) { setCause(nodeOf(p.lossNode - 1).faultCause); return; }
  const port = (p.entity & BRIDGE_LAG) != 0 ? memberOf(lagOf(p.entity & ~BRIDGE_LAG).first).port : p.entity;
  if (portOf(port).lossCause != 0) setCause(portOf(port).lossCause);
}

/** Does what the machines ask for. */
function settle(i: i32): void {
  const b = stpOf(i);
  const before = cause;
  for (let k = 0, first = firstStpPort(b); k < b.count; k++) {
    const p = stpPortAt(b, k);
    setGates(p, first + k);
    if (p.flush) { p.flush = false; setCause(p.cause != 0 ? p.cause : b.cause); flushPlace(first + k); }
    if (p.send != SEND_NONE) { setCause(b.cause); sendBpdu(b, p, first + k); p.send = SEND_NONE; }
  }
  setCause(b.cause);
  if (b.fastAgeing != b.toldAgeing) {
    b.toldAgeing = b.fastAgeing;
    stpChanged(i); // its next hello says so
    setAgeing(b, b.node, b.fastAgeing);
    if (b.twin >= 0) setAgeing(b, b.twin, b.fastAgeing);
  }
  setCause(before);
  const at = nextDeadline(b);
  followDeadline(TIMER_STP, i, at, now);
}

function setGates(p: StpPort, k: i32): void {
  const place = placeOf(k);
  const gate = place.held != 0 ? GATE_DISCARDING : p.forwarding ? GATE_OPEN : p.learning ? GATE_LEARNING : GATE_DISCARDING;
  const why = place.held != 0 ? place.held : p.cause;
  if (gate == p.told && (gate == GATE_OPEN || why == gateCause(place.bp))) return;
  // A port that stays closed may be so for another reason than before: its link is a new one.
  setGate(place.bp, gate, why);
  if (place.twinBp >= 0) setGate(place.twinBp, gate, why);
  if (gate == p.told) return;
  p.told = gate;
  setCause(why);
  markBridge(stpOf(place.bridge));
}

function flushPlace(k: i32): void {
  const place = placeOf(k);
  flushBridgePort(place.bp, FLUSH_TOPOLOGY);
  if (place.twinBp >= 0) { flushBridgePort(place.twinBp, FLUSH_TOPOLOGY); return; }
  // A port of one peer only: the other one knows its stations behind the peer-link.
  const b = stpOf(place.bridge);
  if (b.twin < 0) return;
  const own = (place.bp & BRIDGE_LAG) != 0 ? lagOf(place.bp & ~BRIDGE_LAG).node : portOf(place.bp).node;
  const around = peerLinkOf(own == b.node ? b.twin : b.node);
  if (around >= 0) flushBridgePort(BRIDGE_LAG | around, FLUSH_TOPOLOGY);
}

/** 802.1D-1998 8.6.14: while a topology change is told, entries age in Forward Delay. */
function setAgeing(b: StpBridge, node: i32, fast: bool): void {
  const n = nodeOf(node);
  if (fast == (n.fullAgeNs != 0)) return;
  stirDomains(node);
  if (fast) { n.fullAgeNs = n.macAgeNs; n.macAgeNs = min(n.macAgeNs, <i64>b.rootForwardDelay * UNIT); }
  else { n.macAgeNs = n.fullAgeNs; n.fullAgeNs = 0; }
  markDirty(node);
}

function sendBpdu(b: StpBridge, p: StpPort, k: i32): void {
  const place = placeOf(k);
  let port = speaker(place.bp);
  if (port < 0 && place.twinBp >= 0) port = speaker(place.twinBp);
  if (port < 0) return;
  const f = makeFrame(FRAME_BPDU, portOf(port).node, portOf(port).mac, BRIDGE_GROUP);
  const bpdu = bpduAt(changetype<usize>(f) + FRAME_BODY);
  fillBpdu(b, p, bpdu, now);
  const said = numberOf(bpdu);
  if (said != place.said) {
    if (isPast()) trap(TRAP_NOT_QUIET, TIMER_STP);
    place.said = said;
    stpChanged(place.bridge);
  }
  if (isPast() && toHost(port)) return; // a host makes nothing of it
  stpUnderWay(port);
  send(port, f);
}
function toHost(port: i32): bool { return portOf(port).link >= 0 && nodeOf(portOf(otherEnd(port)).node).kind == NODE_HOST; }

/** FNV-1a, by words. */
function numberOf(bpdu: Bpdu): u64 {
  let hash: u64 = 0xcbf29ce484222325;
  for (let at: usize = 0; at < offsetof<Bpdu>(); at += 8) hash = (hash ^ load<u64>(changetype<usize>(bpdu) + at)) * 0x100000001b3;
  return hash;
}

/** The port that speaks for a bridge port: of a lag the first member that works. */
function speaker(bp: i32): i32 {
  if ((bp & BRIDGE_LAG) == 0) return running(portOf(bp).node) ? bp : -1;
  const lag = lagOf(bp & ~BRIDGE_LAG);
  if (!running(lag.node)) return -1;
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) {
    if ((memberOf(m).usable & 2) != 0 && portOf(memberOf(m).port).carrier != 0) return memberOf(m).port;
  }
  return -1;
}
