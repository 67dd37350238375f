// Scenario steps: what fails, what is repaired.

import {
  FAULT_ACTIVATE, FAULT_CARRIER, FAULT_DOWN, FAULT_ENSLAVE, FAULT_FAIL, FAULT_HANG, FAULT_LOSS, FAULT_NOTHING, FAULT_RELEASE, FAULT_REPAIR, FAULT_SHUTDOWN, FAULT_SILENT, FAULT_SLOW, FAULT_UP,
  LAG_ACTIVE_BACKUP, NODE_CRASHED, T_FAULT, TARGET_LAG, TARGET_LINK, TARGET_NODE, TARGET_PORT,
} from "../abi";
import { now, setCause, trace } from "../core/trace";
import { markPort } from "../sim/dirty";
import { linkChanged, setShut } from "./link";
import { stirLink } from "../sim/rest";
import { disturbLacp } from "../sim/rest-lacp";
import { noteStep } from "../sim/steps-done";
import { crash, hang, repair, shutdown } from "./node";
import { lagOf, Link, linkOf, portOf } from "../sim/tables";
import { activate } from "./active-backup";
import { closeBond, enslaveMember, openBond, releaseMember } from "./bond-membership";
import { Step, stepOf } from "../sim/steps";

export function stepFired(i: i32): void {
  const s = stepOf(i);
  setCause(0);
  const record = trace(T_FAULT, s.target, s.op, s.kind, s.value);
  if (s.op != FAULT_NOTHING) noteStep(record);
  if (s.kind == TARGET_NODE) faultNode(s);
  else if (s.kind == TARGET_LINK) faultLink(s, record);
  else if (s.kind == TARGET_PORT) { if (s.op >= FAULT_DOWN && s.op <= FAULT_ENSLAVE) operate(s); else faultPort(s, record); }
  else if (s.kind == TARGET_LAG && s.op == FAULT_DOWN) closeBond(s.target);
  else if (s.kind == TARGET_LAG && s.op == FAULT_UP) openBond(s.target);
}

/** What an operator does to a port. */
function operate(s: Step): void {
  const p = portOf(s.target);
  switch (s.op) {
    case FAULT_DOWN: setShut(s.target, true); return;
    case FAULT_UP: setShut(s.target, false); return;
    case FAULT_RELEASE: if (p.lag >= 0) releaseMember(s.target); return;
    case FAULT_ENSLAVE: if (p.lag >= 0) enslaveMember(s.target); return;
    default: return;
  }
}

function faultNode(s: Step): void {
  switch (s.op) {
    case FAULT_FAIL: crash(s.target, NODE_CRASHED); return;
    case FAULT_REPAIR: repair(s.target); return;
    case FAULT_HANG: hang(s.target); return;
    case FAULT_SHUTDOWN: shutdown(s.target); return;
    default: return;
  }
}

function markEnds(link: i32): void { markPort(linkOf(link).a); markPort(linkOf(link).b); }

function makeWhole(link: Link): void {
  link.cut = 0; link.dark = 0; link.noSignal = 0; link.loss = 0;
  setDelay(link, link.ownDelayNs);
}

function setDelay(link: Link, delayNs: i64): void {
  if (delayNs < link.delayNs) link.lateUntil = max(link.lateUntil, now + link.delayNs);
  link.delayNs = delayNs;
}

function faultLink(s: Step, record: u32): void {
  if (s.op == FAULT_NOTHING) return;
  stirLink(s.target);
  disturbLacp(s.target);
  const link = linkOf(s.target);
  link.cause = record; link.causedAt = now;
  switch (s.op) {
    case FAULT_FAIL: link.cut = 1; break;
    case FAULT_SILENT: link.dark |= s.value; break;
    case FAULT_CARRIER: link.noSignal |= s.value; break;
    case FAULT_LOSS: link.loss = <u32>s.value; break;
    case FAULT_SLOW: setDelay(link, <i64>s.value * 1000); break;
    case FAULT_REPAIR: makeWhole(link); break;
    default: return;
  }
  markEnds(s.target);
  linkChanged(s.target);
}

function faultPort(s: Step, record: u32): void {
  const p = portOf(s.target);
  if (p.link < 0) return;
  if (s.op != FAULT_NOTHING) { stirLink(p.link); disturbLacp(p.link); }
  const own = 1 << p.end;
  switch (s.op) {
    case FAULT_FAIL: linkOf(p.link).cut = 1; break; // a dead port and a cut cable look the same from both ends
    case FAULT_REPAIR: makeWhole(linkOf(p.link)); break;
    case FAULT_LOSS: linkOf(p.link).loss = <u32>s.value; break;
    case FAULT_SLOW: setDelay(linkOf(p.link), <i64>s.value * 1000); break;
    case FAULT_SILENT: // value 1: what it sends, 2: what it should receive, 3: both
      linkOf(p.link).dark |= ((s.value & 1) != 0 ? own : 0) | ((s.value & 2) != 0 ? 3 - own : 0);
      break;
    case FAULT_CARRIER: linkOf(p.link).noSignal |= own; break;
    case FAULT_ACTIVATE:
      if (p.lag >= 0 && lagOf(p.lag).mode == LAG_ACTIVE_BACKUP) activate(p.lag, p.member - lagOf(p.lag).first);
      return;
    default: return;
  }
  linkOf(p.link).cause = record; linkOf(p.link).causedAt = now;
  markEnds(p.link);
  linkChanged(p.link);
}
