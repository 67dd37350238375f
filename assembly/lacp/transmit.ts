// 802.3ad clause 43, transmit machine (timers: 43.4.4).
//
// Three frames at most in a Fast_Periodic_Time. A switch remembers when its last three left; Linux looks in
// every third tick whether there is something to send.

import { PERIODIC_NONE } from "../abi";
import { LacpGroup, LacpPort, NEVER } from "./port";
import { isTxTick, nextTxTick, tickTime, txAllowedAt } from "./timing";

/** Raises sendPdu when a frame is needed and allowed. True: it was raised. */
// @ts-ignore: decorator
@inline export function run(g: LacpGroup, p: LacpPort, now: i64): bool {
  if (!p.ntt) return false;
  // Choice: the need that DETACHED raised outlives a link that is down, so a new link is spoken on at once.
  if (!p.enabled || !p.lacpEnabled) return false;
  if (g.linux) {
    if (!isTxTick(g, p)) return false;
    p.ntt = false;
    p.sendPdu = true;
    return true;
  }
  // Two passive ends never speak. Linux does: what its mux machine asks for is sent all the same.
  if (p.periodicState == PERIODIC_NONE) {
    p.ntt = false;
    return false;
  }
  if (now < txAllowedAt(p)) return false;
  p.ntt = false;
  if (!p.sendPdu) { // else the frame that waits to be filled will say it all
    p.sentThird = p.sentBefore;
    p.sentBefore = p.sentAt;
    p.sentAt = now;
  }
  p.sendPdu = true;
  return true;
}

/** When there is something to send that was not allowed yet. */
export function deadline(g: LacpGroup, p: LacpPort): i64 {
  if (!p.ntt || !p.enabled || !p.lacpEnabled) return NEVER;
  return g.linux ? tickTime(g, nextTxTick(g, p)) : txAllowedAt(p);
}
