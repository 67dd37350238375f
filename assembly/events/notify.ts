// What a bond tells the switches of itself: gratuitous ARPs after a failover (mode 1, bond_should_notify_peers), learning frames of
// modes 5 and 6 (alb_send_learning_packets).

import { FRAME_LEARN, LAG_ACTIVE_BACKUP, LAG_ALB, LAG_INDEPENDENT, LAG_TLB } from "../abi";
import { announce } from "../neighbour/cache";
import { now, setCause } from "../core/trace";
import { makeFrame, send } from "../sim/frames";
import { Lag, lagOf, memberOf } from "../sim/tables";
import { TIMER_BOND, setTimer, stopTimer, timerAt } from "../sim/timers";
import { NEVER } from "../collections/event-queue";
import { sends } from "../bond/choose";
import { bondMemberOf, optionsOf } from "../sim/bond-tables";
import { PART_TIMES, bondTimer } from "../bond/rlb";

/** One notice at once, the others one a poll of the monitor, or one every peer_notif_delay. */
function spacing(index: i32): i64 {
  const lag = lagOf(index);
  const o = optionsOf(index);
  const poll = lag.miimonNs > 0 ? lag.miimonNs : o.arpNs;
  if (poll == 0) return 0;
  const polls = o.notifyNs / poll;
  return (polls > 1 ? polls : 1) * poll;
}

export function notifyPeers(index: i32): void {
  const lag = lagOf(index);
  if (lag.l3 < 0 || lag.garpCount <= 0) return;
  if (lag.mode != LAG_ACTIVE_BACKUP && lag.mode != LAG_INDEPENDENT) return;
  const wait = spacing(index);
  if (lag.garpCount == 1 || wait == 0) { announce(lag.l3, lag.garpCount); return; }
  announce(lag.l3, 1);
  optionsOf(index).notifyLeft = lag.garpCount - 1;
  setTimer(TIMER_BOND, bondTimer(index, PART_TIMES), now + wait);
}

function learns(lag: Lag): bool { return lag.mode == LAG_TLB || lag.mode == LAG_ALB; }

/** Every member says where its address is. */
export function teachSwitch(index: i32): void {
  const lag = lagOf(index);
  for (let i = 0; i < lag.count; i++) {
    if (!sends(lag, lag.first + i)) continue;
    const mac = bondMemberOf(lag.first + i).mac;
    send(memberOf(lag.first + i).port, makeFrame(FRAME_LEARN, lag.node, mac, mac));
  }
}

export function startNotices(index: i32): void {
  const lag = lagOf(index);
  const timer = bondTimer(index, PART_TIMES);
  if (learns(lag) && optionsOf(index).learnNs > 0 && timerAt(TIMER_BOND, timer) == NEVER) setTimer(TIMER_BOND, timer, now + optionsOf(index).learnNs);
}
export function stopNotices(index: i32): void { stopTimer(TIMER_BOND, bondTimer(index, PART_TIMES)); optionsOf(index).notifyLeft = 0; }

export function noticesFired(index: i32): void {
  const lag = lagOf(index);
  const o = optionsOf(index);
  setCause(lag.cause);
  if (learns(lag)) {
    teachSwitch(index);
    setTimer(TIMER_BOND, bondTimer(index, PART_TIMES), now + o.learnNs);
    return;
  }
  if (o.notifyLeft <= 0) return;
  o.notifyLeft -= 1;
  announce(lag.l3, 1);
  if (o.notifyLeft > 0) setTimer(TIMER_BOND, bondTimer(index, PART_TIMES), now + spacing(index));
}
