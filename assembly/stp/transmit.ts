// 802.1D-2004 17.26, Port Transmit machine: hellos, and news at once, but no more than TxHoldCount and one a second after that.

import { STP_ROLE_DESIGNATED, STP_ROLE_ROOT } from "../abi";
import { BPDU_CONFIG, BPDU_RST, BPDU_TCN, Bpdu, FLAG_AGREEMENT, FLAG_FORWARDING, FLAG_LEARNING, FLAG_PROPOSAL, FLAG_ROLE_ALTERNATE, FLAG_ROLE_DESIGNATED, FLAG_ROLE_ROOT, FLAG_TC, FLAG_TCA } from "../wire/bpdu";
import { NEVER, SECOND, SEND_CONFIG, SEND_NONE, SEND_RST, SEND_TCN, StpPort, TX_HOLD_COUNT, helloTime } from "./port";

export function run(p: StpPort, now: i64): void {
  countDown(p, now);
  if (p.begin) { p.newInfo = true; p.helloAt = now + 2 * SECOND; return; } // TRANSMIT_INIT
  if (!p.selected || p.updtInfo) return;
  // Choice: helloWhen of a disabled port stands still; whatever it says when its link comes is said at once.
  if (p.portEnabled && now >= p.helloAt) {
    if (p.role == STP_ROLE_DESIGNATED || (p.role == STP_ROLE_ROOT && now < p.tcAt)) p.newInfo = true;
    p.helloAt = now + helloTime(p);
  }
  // Choice: the clause sends on disabled ports too, into nothing; the news then waits until there is a link.
  if (!p.newInfo || !p.portEnabled || p.txCount >= TX_HOLD_COUNT) return;
  const kind = p.sendRstp ? SEND_RST : p.role == STP_ROLE_ROOT ? SEND_TCN : p.role == STP_ROLE_DESIGNATED ? SEND_CONFIG : SEND_NONE;
  if (kind == SEND_NONE) return;
  p.newInfo = false;
  p.send = kind;
  if (p.txCount == 0) p.txSecondAt = now;
  p.txCount += 1;
  p.helloAt = now + helloTime(p); // IDLE is entered anew
}

/** txCount falls by one every second (17.22). */
function countDown(p: StpPort, now: i64): void {
  while (p.txCount > 0 && now >= p.txSecondAt + SECOND) { p.txCount -= 1; p.txSecondAt += SECOND; }
}

export function deadline(p: StpPort): i64 {
  if (!p.portEnabled) return NEVER;
  const held = p.newInfo && p.txCount >= TX_HOLD_COUNT ? p.txSecondAt + SECOND : NEVER;
  return min(p.helloAt, held);
}

/** txRstp, txConfig, txTcn (17.21.19 to 21): the BPDU that `p.send` asked for. */
export function fill(p: StpPort, out: Bpdu, now: i64): void {
  out.type = p.send == SEND_RST ? BPDU_RST : p.send == SEND_TCN ? BPDU_TCN : BPDU_CONFIG;
  out.root = p.designatedRoot; out.cost = p.designatedCost; out.bridge = p.designatedBridge; out.port = p.designatedPort;
  out.messageAge = p.designatedMessageAge; out.maxAge = p.designatedMaxAge; out.helloTime = p.designatedHelloTime; out.forwardDelay = p.designatedForwardDelay;
  out.flags = now < p.tcAt ? FLAG_TC : 0;
  if (p.send == SEND_CONFIG && p.tcAck) out.flags |= FLAG_TCA;
  if (p.send == SEND_RST) {
    out.flags |= p.role == STP_ROLE_ROOT ? FLAG_ROLE_ROOT : p.role == STP_ROLE_DESIGNATED ? FLAG_ROLE_DESIGNATED : FLAG_ROLE_ALTERNATE;
    if (p.agree) out.flags |= FLAG_AGREEMENT;
    if (p.proposing) out.flags |= FLAG_PROPOSAL;
    if (p.learning) out.flags |= FLAG_LEARNING;
    if (p.forwarding) out.flags |= FLAG_FORWARDING;
  }
  if (p.send != SEND_TCN) p.tcAck = false;
}
