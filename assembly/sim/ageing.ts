// Rows of MAC tables that a flow goes by, or has let go, and that nobody keeps fresh: when one of them ages, the flows by its node are walked
// again, so that what changes with it changes at its instant. Rows seen in a walk wait here until it is known who holds them.

import { NO_ROW, fdbHolds, fdbLive, fdbNode } from "../collections/fdb";
import { take } from "../core/memory";
import { now } from "../core/trace";
import { rowLivesUntil, rowOfTwin } from "./pairs";
import { TIMER_AGE, setTimer, timerAt } from "./timers";

const WAITING_MAX: i32 = 1 << 14;
let waitingAt: usize = 0;
let waiting: i32 = 0;
export function reserveAgeing(): void { waitingAt = take(<usize>WAITING_MAX << 2); }

export function watchRow(row: i32): void {
  if (waiting == WAITING_MAX) { settleAgeing(); waiting = 0; }
  store<i32>(waitingAt + (<usize>waiting << 2), row);
  waiting += 1;
}

/** All flows hold what they hold: those of the rows that nobody does will age. */
export function settleAgeing(): void {
  for (let i = 0; i < waiting; i++) watchAgeing(load<i32>(waitingAt + (<usize>i << 2)));
  waiting = 0;
}

export function watchAgeing(row: i32): void {
  if (!fdbLive(row) || fdbHolds(row) > 0) return;
  const at = rowLivesUntil(row); // of a pair's rows: looked at anew when the two stop talking, for the flows are walked then
  watchAt(row, at > now ? at : now + 1);
  const theirs = rowOfTwin(row); // it may have lived on this one; if it is gone already, it did not
  if (theirs != NO_ROW && fdbHolds(theirs) == 0 && rowLivesUntil(theirs) > now) watchAt(theirs, rowLivesUntil(theirs));
}

function watchAt(row: i32, at: i64): void {
  const node = fdbNode(row);
  if (at < timerAt(TIMER_AGE, node)) setTimer(TIMER_AGE, node, at);
}
