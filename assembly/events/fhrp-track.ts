// Tracking: a router whose way up is gone lowers its priority (VRRP, HSRP) or weighting (GLBP), so that a better one takes over.
// What is tracked is a set of ports, down when all of them are: one interface, or all uplinks.

import { FHRP_GLBP, T_TRACK } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { setWeight } from "../fhrp/glbp";
import { setPriority as setHsrpPriority } from "../fhrp/hsrp";
import { setPriority as setVrrpPriority } from "../fhrp/vrrp";
import { Track, fhrpOf, glbpOf, hsrpOf, trackOf, trackPortOf, tracks } from "../sim/fhrp-tables";
import { settleFhrp } from "./fhrp";
import { stirDomain } from "../sim/rest-voices";
import { l3Of, portOf, vrrpOf, vrrpPlaceOf } from "../sim/tables";
import { voiceOf, voiceOfVrrp } from "../sim/voice";
import { settleVrrp } from "./vrrp";

/** A node's ports changed: what it tracks is looked at again. */
export function followTracks(node: i32): void {
  const before = cause;
  for (let i = 0; i < tracks; i++) {
    const t = trackOf(i);
    if (t.node != node) continue;
    const down = allDown(t) ? 1 : 0;
    if (down == t.down) continue;
    t.down = down;
    apply(i, t);
    setCause(before);
  }
}

function allDown(t: Track): bool {
  for (let k = 0; k < t.portCount; k++) {
    const p = portOf(trackPortOf(t.firstPort + k));
    if (p.admin != 0 && p.carrier != 0) return false;
  }
  return true;
}

/** The value is worked out anew from the configured one: what several tracks take away may be more than there is. */
function apply(index: i32, t: Track): void {
  let value = t.base;
  for (let i = 0; i < tracks; i++) {
    const other = trackOf(i);
    if (other.vrrp == t.vrrp && other.fhrp == t.fhrp && other.down != 0) value -= other.decrement;
  }
  const old = current(t);
  const record = trace(T_TRACK, index, t.down != 0 ? 0 : 1, old, max(0, value));
  if (t.vrrp >= 0) {
    stirDomain(l3Of(vrrpPlaceOf(t.vrrp).l3).bridge);
    vrrpPlaceOf(t.vrrp).cause = record;
    voiceOf(voiceOfVrrp(t.vrrp)).changedAt = now;
    setVrrpPriority(vrrpOf(t.vrrp), <u32>max(1, value), now);
    settleVrrp(t.vrrp);
    return;
  }
  const f = fhrpOf(t.fhrp);
  stirDomain(l3Of(f.l3).bridge);
  f.cause = record;
  if (f.kind == FHRP_GLBP) setWeight(glbpOf(t.fhrp), value);
  else setHsrpPriority(hsrpOf(t.fhrp), value);
  settleFhrp(t.fhrp);
}
function current(t: Track): i32 {
  if (t.vrrp >= 0) return <i32>vrrpOf(t.vrrp).priority;
  return fhrpOf(t.fhrp).kind == FHRP_GLBP ? glbpOf(t.fhrp).weight : hsrpOf(t.fhrp).priority;
}
