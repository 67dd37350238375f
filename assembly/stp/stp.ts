// Spanning tree: what the rest of the engine calls, for both protocols.
//
// Nothing is sent here: `send` is raised on a port and fillBpdu() writes what to send. `forwarding`, `learning`, `flush` and
// `fastAgeing` say what the owner has to do.

import { STP_CLASSIC, STP_ROLE_DISABLED } from "../abi";
import { cause, traceWritten } from "../core/trace";
import { BPDU_CONFIG, BPDU_RST, Bpdu } from "../wire/bpdu";
import * as classic from "./classic";
import * as procedures from "./classic-procedures";
import { NEVER, StpBridge, StpPort, becomeRoot, clearPort, copyTimes, msgTimes, portOf, Times } from "./port";
import * as rstp from "./rstp";
import { fill as fillRstp } from "./transmit";

export { NEVER, SEND_NONE, STP_BRIDGE_BYTES, STP_PORT_BYTES, StpBridge, StpPort, bridgeAt, portAt, portOf } from "./port";

/** Power on. Ports whose `portEnabled` is set have their link already. */
export function begin(b: StpBridge, now: i64): void {
  const before = traceWritten();
  b.running = true;
  b.clock = now;
  b.fastAgeing = false;
  b.cause = cause;
  b.tracedRoot = 0; b.tracedCost = 0; b.tracedPort = -1;
  b.helloAt = NEVER; b.tcnAt = NEVER; b.topologyChangeAt = NEVER;
  becomeRoot(b);
  for (let i = 0; i < b.count; i++) clearPort(portOf(b, i));
  if (b.mode == STP_CLASSIC) classic.begin(b, now);
  else { rstp.begin(b); rstp.run(b, now); }
  remember(b, before);
}

/** Power off: nothing is said, everything is forgotten. */
export function stop(b: StpBridge): void {
  b.running = false;
  b.fastAgeing = false;
  for (let i = 0; i < b.count; i++) { const p = portOf(b, i); p.portEnabled = false; clearPort(p); }
}

/** The port's link works, or not. */
export function setEnabled(b: StpBridge, p: StpPort, enabled: bool, now: i64): void {
  if (p.portEnabled == enabled) return;
  p.portEnabled = enabled;
  p.cause = cause;
  if (!b.running) return;
  const before = traceWritten();
  b.clock = now;
  if (b.mode == STP_CLASSIC) classic.setEnabled(b, p, enabled, now);
  else rstp.run(b, now);
  remember(b, before);
}

/** A BPDU came in by this port. */
export function deliver(b: StpBridge, p: StpPort, bpdu: Bpdu, now: i64): void {
  if (!b.running || !p.portEnabled || !valid(b, p, bpdu)) return;
  const before = traceWritten();
  b.clock = now;
  p.msgType = bpdu.type; p.msgFlags = bpdu.flags;
  p.msgRoot = bpdu.root; p.msgCost = bpdu.cost; p.msgBridge = bpdu.bridge; p.msgPort = bpdu.port;
  copyTimes(msgTimes(p), changetype<Times>(changetype<usize>(bpdu) + offsetof<Bpdu>("messageAge")));
  if (b.mode != STP_CLASSIC) { p.rcvdBpdu = true; rstp.run(b, now); }
  else if (bpdu.type != BPDU_RST) classic.deliver(b, p, now); // 802.1D-1998 knows two types; an RSTP neighbour falls back after its migration time
  remember(b, before);
}

/** 9.3.4: a Configuration BPDU is not taken when it is too old or the port's own. An RST BPDU's age is judged where it is recorded. */
function valid(b: StpBridge, p: StpPort, bpdu: Bpdu): bool {
  if (bpdu.type != BPDU_CONFIG) return true;
  return bpdu.messageAge < bpdu.maxAge && (bpdu.bridge != b.id || bpdu.port != p.portId);
}

/** Lets the machines come to rest. Call at nextDeadline(). */
export function run(b: StpBridge, now: i64): void {
  if (!b.running) return;
  const before = traceWritten();
  b.clock = now;
  if (b.mode == STP_CLASSIC) classic.run(b, now);
  else rstp.run(b, now);
  remember(b, before);
}

export function nextDeadline(b: StpBridge): i64 {
  if (!b.running) return NEVER;
  return b.mode == STP_CLASSIC ? classic.nextDeadline(b) : rstp.nextDeadline(b);
}

/** Writes the BPDU that `send` asked for. The caller clears it. */
export function fillBpdu(b: StpBridge, p: StpPort, out: Bpdu, now: i64): void {
  if (b.mode == STP_CLASSIC) procedures.fill(b, p, out, now);
  else fillRstp(p, out, now);
}

/** Has the port just been left without news for too long? Then whoever fell silent is to blame. */
export function fellSilent(b: StpBridge, p: StpPort, now: i64): bool {
  return p.portEnabled && p.role != STP_ROLE_DISABLED && (b.mode == STP_CLASSIC ? classic.lost(p, now) : rstp.lost(p, now));
}

/** What the bridge did last explains what its timers do next. A call that changed nothing explains nothing. */
function remember(b: StpBridge, before: u32): void { if (traceWritten() != before) b.cause = cause; }
