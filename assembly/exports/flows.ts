// Flows and services, and the steps of a scenario.

import { sealed } from "../core/memory";
import { flowOf, newFlow, newService, serviceOf } from "../flow/flow";
import { setGoals } from "../flow/visits";
import { longestMatch } from "../routing/prefixes";
import { newStep, stepOf, stepRoom } from "../sim/steps";
import { l3Of } from "../sim/tables";
import { TIMER_SCENARIO, setTimer } from "../sim/timers";

export function addFlow(fromL3: i32, toL3: i32, proto: i32, sport: i32, dport: i32): i32 {
  const i = newFlow();
  const f = flowOf(i);
  f.from = fromL3; f.to = toL3; f.proto = proto; f.sport = sport; f.dport = dport; f.service = -1;
  setGoals(i, longestMatch(l3Of(toL3).ip), longestMatch(l3Of(fromL3).ip));
  return i;
}
export function addService(primary: i32, standby: i32, intervalNs: i64, decisionNs: i64, fall: i32, rise: i32, automatic: i32, failback: i32): i32 {
  const i = newService();
  const s = serviceOf(i);
  s.primary = primary; s.standby = standby; s.intervalNs = intervalNs; s.decisionNs = decisionNs; s.fall = fall; s.rise = rise; s.automatic = automatic; s.failback = failback;
  flowOf(primary).service = i;
  if (standby >= 0) flowOf(standby).service = i;
  return i;
}
/** Also while it runs, within the rows that were reserved; `at` may be now, never before. */
export function addStep(at: i64, op: i32, kind: i32, target: i32, value: i32): void {
  const i = newStep();
  const s = stepOf(i);
  if (sealed) setTimer(TIMER_SCENARIO, i, at);
  s.at = at; s.op = op; s.kind = kind; s.target = target; s.value = value;
}

/** How many more steps there is room for. */
export function stepsLeft(): i32 { return stepRoom(); }
