// 802.3ad clause 43, actor and partner churn detection machines (timers: 43.4.4). They watch and change nothing.

import { LACP_SYNCHRONIZATION, T_LACP_CHURN } from "../abi";
import { trace } from "../core/trace";
import { LacpGroup, LacpPort, NEVER, has } from "./port";
import { CHURN_DETECTION_TIME, startTimer } from "./timing";

export const CHURN_MONITOR = 0;
export const CHURN_NONE = 1;
export const CHURN_CHURNED = 2;

const ACTOR = 0;
const PARTNER = 1;

/** Both machines: they start together and look together. One deadline, once. */
export function run(g: LacpGroup, p: LacpPort, now: i64): void {
  if (p.churned) {
    p.churned = false;
    p.churnAt = startTimer(g, CHURN_DETECTION_TIME);
    enter(p, ACTOR, CHURN_MONITOR);
    enter(p, PARTNER, CHURN_MONITOR);
  } else if (now >= p.churnAt) {
    p.churnAt = NEVER;
    enter(p, ACTOR, has(p.actorState, LACP_SYNCHRONIZATION) ? CHURN_NONE : CHURN_CHURNED);
    enter(p, PARTNER, has(p.partnerState, LACP_SYNCHRONIZATION) ? CHURN_NONE : CHURN_CHURNED);
  }
}

/** Only churn and its end are told: that a link came up well is no news a minute later. */
function enter(p: LacpPort, which: i32, state: i32): void {
  const old = which == ACTOR ? p.actorChurn : p.partnerChurn;
  if (which == ACTOR) p.actorChurn = state;
  else p.partnerChurn = state;
  if (state == CHURN_CHURNED) {
    if (which == ACTOR) p.actorChurns += 1;
    else p.partnerChurns += 1;
  }
  if (old != state && (old == CHURN_CHURNED || state == CHURN_CHURNED)) trace(T_LACP_CHURN, p.port, which, state, 0);
}
