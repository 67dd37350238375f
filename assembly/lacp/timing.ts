// 802.3ad 43.4.4, the timers. A switch starts them at the instant; Linux counts them in ticks of its own clock.
//
// A Linux counter set to n in tick k, or between k and k + 1, runs out in tick k + n. So a counter is the
// instant of that tick, nothing is decremented, and ticks in which nothing can happen are never run.

import { LacpGroup, LacpPort } from "./port";

const SECOND: i64 = 1000000000;
const TICKS_PER_SECOND: i64 = 10; // as the driver believes: a second is ten ticks, however long they are
const TX_TICKS: i64 = 3; // Linux looks for something to send in every third tick

export const FAST_PERIODIC_TIME: i64 = 1;
export const SLOW_PERIODIC_TIME: i64 = 30;
export const SHORT_TIMEOUT_TIME: i64 = 3;
export const LONG_TIMEOUT_TIME: i64 = 90;
export const CHURN_DETECTION_TIME: i64 = 60;
export const AGGREGATE_WAIT_TIME: i64 = 2;

function floorDiv(a: i64, b: i64): i64 {
  const q = a / b;
  return a % b < 0 ? q - 1 : q;
}

export function tickTime(g: LacpGroup, index: i64): i64 { return g.tickPhaseNs + index * g.tickNs; }

/** Index of the last tick strictly before `now`. */
export function tickBefore(g: LacpGroup, now: i64): i64 { return floorDiv(now - 1 - g.tickPhaseNs, g.tickNs); }

/** Is `now` a tick that has not been run? */
export function tickDue(g: LacpGroup, now: i64): bool {
  return now == tickTime(g, g.tick + 1);
}

/** Lets the group know what time it is. Ticks before `now` are over, run or not: nothing was due in them. */
export function advance(g: LacpGroup, now: i64): void {
  g.clock = now;
  if (!g.linux || !g.running) return; // no tick is over while the driver's work is cancelled
  const before = tickBefore(g, now);
  if (before > g.tick) g.tick = before;
}

/** Deadline of a timer started now. */
export function startTimer(g: LacpGroup, seconds: i64): i64 {
  return g.linux ? tickTime(g, g.tick + seconds * TICKS_PER_SECOND) : g.clock + seconds * SECOND;
}

/** The periodic timer: Linux takes off the tick that PERIODIC_TX lasts. */
export function startPeriodicTimer(g: LacpGroup, seconds: i64): i64 {
  return startTimer(g, seconds) - (g.linux ? g.tickNs : 0);
}

/** Does Linux look for something to send in the tick being run? */
export function isTxTick(g: LacpGroup, p: LacpPort): bool { return (g.tick - p.firstTick + 1) % TX_TICKS == 0; }

/** The next tick after the last one in which Linux looks for something to send. */
export function nextTxTick(g: LacpGroup, p: LacpPort): i64 {
  const since = g.tick + 1 - p.firstTick + 1; // count of this port's ticks, the coming one included
  return g.tick + 1 + (TX_TICKS - since % TX_TICKS) % TX_TICKS;
}

/** When a switch may send again: three frames at most in any Fast_Periodic_Time. */
export function txAllowedAt(p: LacpPort): i64 { return p.sentThird + FAST_PERIODIC_TIME * SECOND; }
