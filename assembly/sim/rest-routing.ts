// Routed neighbours at rest: two ends of a cable that hear each other say hello and nothing else happens between them.

import { DROP_NONE, NODE_UP } from "../abi";
import { NEVER } from "../collections/event-queue";
import { take } from "../core/memory";
import { now, setCause } from "../core/trace";
import { deaf, obstacle } from "./frames";
import { countLeftOut, everyHello, isClear } from "./rest-rules";
import { goBack, makeUp } from "./past";
import { linkOf, maxLinks, nodeOf, otherEnd, portOf } from "./tables";
import { TIMER_HELLO, TIMER_HOLD, setTimer, stopTimer, timerAt } from "./timers";

/** Between two hellos of a routed port. */
export let helloInterval: i64 = 3000000000;
export function setHelloInterval(ns: i64): void { helloInterval = ns; }

// A cable's rest: when it began (0 awake); of ends a and b, when each would have spoken next, and would have called the other silent.
const ROW: usize = 40;
const HELLO: usize = 8;
const HOLD: usize = 24;
let restsAt: usize = 0;
export function reserveRestRouting(): void { restsAt = take(<usize>maxLinks * ROW); }
function rest(link: i32): usize { return restsAt + <usize>link * ROW; }

export function restingRouting(link: i32): bool { return load<i64>(rest(link)) != 0; }

/** An end has said hello: do both only say hello? Then they rest from now on. */
export function mayRestRouting(port: i32): void {
  const far = otherEnd(port);
  const link = portOf(port).link;
  if (everyHello || now == 0 || !isClear(link) || !steady(port, far) || !steady(far, port)) return;
  store<i64>(rest(link), now);
  lie(rest(link), linkOf(link).a);
  lie(rest(link) + 8, linkOf(link).b);
}

/** A hello that was on its way when they lay down. */
export function heardAtRest(port: i32, holdAt: i64): void { store<i64>(rest(portOf(port).link) + (<usize>portOf(port).end << 3), holdAt, HOLD); }

function steady(port: i32, far: i32): bool {
  const p = portOf(port);
  return p.adjacency != 0 && now - p.helloChangedAt > 2 * helloInterval && nodeOf(p.node).state == NODE_UP
    && timerAt(TIMER_HELLO, port) != NEVER && timerAt(TIMER_HOLD, port) != NEVER && obstacle(port) == DROP_NONE && deaf(far) == DROP_NONE;
}

function lie(at: usize, port: i32): void {
  store<i64>(at, timerAt(TIMER_HELLO, port), HELLO);
  store<i64>(at, timerAt(TIMER_HOLD, port), HOLD);
  stopTimer(TIMER_HELLO, port);
  stopTimer(TIMER_HOLD, port);
}

export function wakeRouting(link: i32): void {
  const since = load<i64>(rest(link));
  const every = helloInterval;
  const count = max((now - since) / every - 2, 0); // two of each are made up for
  store<i64>(rest(link), 0);
  goBack(since);
  setCause(0);
  rise(rest(link), linkOf(link).a, count * every);
  rise(rest(link) + 8, linkOf(link).b, count * every);
  countLeftOut(<u64>count << 1);
  makeUp();
}

function rise(at: usize, port: i32, span: i64): void {
  setTimer(TIMER_HELLO, port, load<i64>(at, HELLO) + span);
  setTimer(TIMER_HOLD, port, load<i64>(at, HOLD) + span + (span > 0 ? helloInterval : 0)); // moved on by the hellos that are made up for
}
