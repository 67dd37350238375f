// A flow that is in no table, walked once as things stand. It teaches switches and asks for addresses as its frames would; nobody keeps
// fresh what it passed, and nothing is traced about it but what it teaches.

import { PATH_HOPS } from "../abi";
import { take } from "../core/memory";
import { cause, setCause } from "../core/trace";
import { dirty } from "../sim/dirty";
import { settleAgeing } from "../sim/ageing";
import { walkFlows } from "./flow";
import { collectNothing } from "./holds";
import { visitsForNothing } from "./visits";
import { keepWay, onlyMember, shareOf, walk } from "./walk";

let wayAt: usize = 0;
/** Address of the way of the last trial, as of a flow's. */
export function trialWayAt(): usize { return wayAt; }
export function reserveTrial(): void { wayAt = take(4 * (PATH_HOPS + 1)); }

/** One direction, between interfaces of hosts: does it arrive? Of a mode that sends by every member: by the one that is the `member`-th, all for -1. */
export function trial(fromL3: i32, toL3: i32, proto: i32, sport: i32, dport: i32, member: i32): bool {
  const before = cause;
  setCause(0);
  collectNothing();
  visitsForNothing();
  onlyMember(member);
  const arrives = walk(fromL3, toL3, proto, (sport << 16) | dport);
  onlyMember(-1);
  keepWay(wayAt);
  settleAgeing();
  setCause(before);
  return arrives;
}

/** Among how many members the last trial's mode deals its frames; 1: it chooses one for all. */
export function trialShareOf(): i32 { return shareOf; }

/** After trials, before the run goes on: what they taught may have moved flows. */
export function endTrials(): void { if (dirty) walkFlows(); }
