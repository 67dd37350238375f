// RFC 4861 7.2.3 and 7.2.5: what a solicitation and an advertisement teach the neighbour cache. (Its states: cache.ts.)

import { ARP_FAILED, ARP_FREE, ARP_INCOMPLETE, ARP_REACHABLE } from "../abi";
import { confirm, stale, touched } from "./cache";
import { createNeighbour, findNeighbour, neighbourOf } from "../sim/neighbour-tables";
import { Frame } from "../sim/frames";
import { markDirty } from "../sim/dirty";
import { noteAnswer } from "../sim/rest-neighbour";
import { l3Of } from "../sim/tables";
import { NA_OVERRIDE, NA_SOLICITED } from "../wire/nd";

/** 7.2.3: who asks us is known, and has yet to be confirmed. */
export function learnSolicitation(l3: i32, source: u32, mac: u64): void {
  if (mac == 0) return;
  let i = findNeighbour(l3, source);
  if (i < 0) i = createNeighbour(l3, source);
  const n = neighbourOf(i);
  const unknown = n.state == ARP_FREE || n.state == ARP_INCOMPLETE || n.state == ARP_FAILED;
  if (!unknown && n.mac == mac) return;
  touched(n, true);
  n.mac = mac;
  stale(i);
  markDirty(l3Of(l3).node);
}

/** 7.2.5, appendix C. An advertisement makes no entry. */
export function learnAdvertisement(l3: i32, f: Frame): void {
  const i = findNeighbour(l3, f.d);
  if (i < 0 || f.e == 0) return;
  const n = neighbourOf(i);
  const solicited = (<u32>f.b & NA_SOLICITED) != 0;
  const overrides = (<u32>f.b & NA_OVERRIDE) != 0;
  const moved = n.mac != f.e;
  if (n.state == ARP_FREE || n.state == ARP_FAILED) return;
  if (n.state != ARP_INCOMPLETE && moved && !overrides) {
    touched(n, false);
    if (n.state == ARP_REACHABLE) { stale(i); markDirty(l3Of(l3).node); }
    return;
  }
  if (!solicited && n.state != ARP_INCOMPLETE && !moved) return;
  const known = n.state != ARP_INCOMPLETE && !moved;
  touched(n, !known);
  n.mac = f.e;
  if (moved) n.told = ARP_FREE; // the change is told even if the state stays
  if (solicited) { noteAnswer(n, f.refresh); confirm(i); }
  else stale(i);
  if (!known) markDirty(l3Of(l3).node); // otherwise it is used as before
}
