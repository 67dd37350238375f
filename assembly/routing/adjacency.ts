// Routed neighbours on point-to-point links: up with the carrier and a hello from the other end, down at once when the
// carrier goes (fast external failover), or when no hello came for the hold time (FRR's data-centre profile: 3 s and 9 s).
// Routes are told neighbour by neighbour as frames; `processNs` stands for the work of a routing daemon.

import { FRAME_HELLO, T_ADJACENCY, T_ROUTE } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { markCause, markRoute } from "../sim/dirty";
import { FRAME_BODY, Frame, cameThrough, makeFrame, send, silencer } from "../sim/frames";
import { stirPort } from "../sim/rest";
import { heardAtRest, helloInterval, mayRestRouting, restingRouting, setHelloInterval } from "../sim/rest-routing";
import { nodeOf, otherEnd, portOf, prefixes, running } from "../sim/tables";
import { keeping, newsTouches, routeTouches, tellingTouches } from "../sim/touched";
import { TIMER_HELLO, TIMER_HOLD, TIMER_ROUTE, setTimer, stopTimer, timerAt } from "../sim/timers";
import { NEVER, isPast } from "../collections/event-queue";
import { MESSAGE, UNREACHABLE, bestMetric, fromBelow, hopCount, learned, neighboursChanged, nextPending, setLearned, setPending, setTold } from "./table";
import { beginUpdate, decide, news, toTell, writeMessage } from "./update";

let holdNs: i64 = 9000000000;
let processNs: i64 = 10000000;
export function setRouting(hello: i64, hold: i64, process: i64): void { setHelloInterval(hello); holdNs = hold; processNs = process; }


const HELLO: i32 = 0; // a; b 1: wants all routes
const ROUTES: i32 = 1; // b first prefix; in the body a metric for each of MESSAGE prefixes, 0: nothing new of it

export function adjacencyCarrier(port: i32, present: bool): void {
  stirPort(port);
  if (present) { sayHello(port, 1); return; }
  stopTimer(TIMER_HELLO, port);
  stopTimer(TIMER_HOLD, port);
  setAdjacency(port, false);
}

/** Power on: speak on every routed port that has carrier. */
export function startRouting(node: i32): void {
  const n = nodeOf(node);
  const before = cause;
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) {
    if (portOf(p).routed != 0 && portOf(p).carrier != 0) sayHello(p, 1);
    setCause(before);
  }
}
export function stopRouting(node: i32): void {
  const n = nodeOf(node);
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) {
    if (portOf(p).routed == 0) continue;
    stirPort(p);
    stopTimer(TIMER_HELLO, p); stopTimer(TIMER_HOLD, p);
    portOf(p).adjacency = 0; portOf(p).untold = 0;
    neighboursChanged(node);
    for (let x = 0; x < prefixes; x++) { setLearned(p, x, UNREACHABLE); setTold(p, x, UNREACHABLE); }
  }
  stopTimer(TIMER_ROUTE, node);
}

function sayHello(port: i32, first: i32): void {
  const f = makeFrame(FRAME_HELLO, portOf(port).node, portOf(port).mac, portOf(otherEnd(port)).mac);
  f.a = HELLO; f.b = first; f.c = timerAt(TIMER_HOLD, port) != NEVER ? 1 : 0; // c: I hear you
  send(port, f);
  setTimer(TIMER_HELLO, port, now + helloInterval);
}
export function helloFired(port: i32): void {
  if (!running(portOf(port).node) || portOf(port).carrier == 0) return;
  sayHello(port, 0);
  if (!isPast()) mayRestRouting(port);
}

export function holdFired(port: i32): void {
  const p = portOf(port);
  if (!running(p.node)) return;
  const blamed = silencer(port);
  if (blamed != 0) setCause(blamed);
  setAdjacency(port, false);
  sayHello(port, 0); // the other end is told at once, as by a BGP notification: it may still hear us
}

function setAdjacency(port: i32, up: bool): void {
  const p = portOf(port);
  if ((p.adjacency != 0) == up) return;
  p.adjacency = up ? 1 : 0;
  p.helloChangedAt = now;
  p.adjacencyCause = trace(T_ADJACENCY, port, p.adjacency, 0, 0);
  const node = nodeOf(p.node);
  node.routeCause = cause;
  p.untold = p.adjacency;
  if (keeping) newsTouches(p.node);
  if (up) setTimer(TIMER_ROUTE, p.node, now + processNs);
  else for (let x = 0; x < prefixes; x++) {
    if (learned(port, x) != UNREACHABLE) { takeBack(port, x); routeMayChange(p.node, x); }
    setTold(port, x, UNREACHABLE);
  }
  markCause(); // the routes that were learned from it are marked one by one
}

function takeBack(port: i32, prefix: i32): void {
  const node = portOf(port).node;
  const best = keeping ? bestMetric(node, prefix) : 0;
  const below = nodeOf(portOf(otherEnd(port)).node).tier < nodeOf(node).tier && learned(port, prefix) == best;
  setLearned(port, prefix, UNREACHABLE);
  if (keeping) routeTouches(node, prefix, port, UNREACHABLE, best != bestMetric(node, prefix) || (below && !fromBelow(node, prefix)));
}

/** The routes of a prefix at a node may have changed: they are worked through after the processing time. */
export function routeMayChange(node: i32, prefix: i32): void {
  setPending(node, prefix, true);
  if (nodeOf(node).routed == 0) return;
  if (keeping) newsTouches(node);
  nodeOf(node).routeCause = trace(T_ROUTE, node, prefix, hopCount(node, prefix), 0);
  if (timerAt(TIMER_ROUTE, node) == NEVER) setTimer(TIMER_ROUTE, node, now + processNs);
  markRoute(node, prefix);
}

export function deliverHello(port: i32, f: Frame): void {
  const p = portOf(port);
  cameThrough(port);
  if (f.a == ROUTES) { routesHeard(port, f); return; }
  if (restingRouting(p.link)) { heardAtRest(port, now + holdNs); return; }
  const heardBefore = timerAt(TIMER_HOLD, port) != NEVER;
  setTimer(TIMER_HOLD, port, now + holdNs);
  if (f.b != 0 || !heardBefore) p.helloChangedAt = now;
  if (p.adjacency != 0 && f.b != 0) { // the other end began anew: what it told is void, and it must be told again
    for (let x = 0; x < prefixes; x++) setTold(port, x, UNREACHABLE);
    p.untold = 1;
    setTimer(TIMER_ROUTE, p.node, now + processNs);
    if (keeping) newsTouches(p.node);
  }
  const before = cause;
  if (!heardBefore || f.b != 0) sayHello(port, 0);
  setCause(before);
  setAdjacency(port, f.c != 0);
}

/** All routes of one message are told before anything is made of them. */
function routesHeard(port: i32, f: Frame): void {
  if (portOf(port).adjacency == 0) return;
  const because = cause;
  const body = changetype<usize>(f) + FRAME_BODY;
  for (let k = 0; k < MESSAGE; k += 8) {
    for (let eight = load<u64>(body + k); eight != 0; ) {
      const lane = <i32>ctz<u64>(eight) >> 3;
      const shift = <u64>lane << 3;
      setCause(because);
      routeHeard(port, f.b + k + lane, <i32>(eight >> shift & 255));
      eight &= ~((<u64>255) << shift);
    }
  }
}

function routeHeard(port: i32, prefix: i32, metric: i32): void {
  if (learned(port, prefix) == metric) return;
  const node = portOf(port).node;
  const before = hopCount(node, prefix);
  const best = bestMetric(node, prefix);
  const below = keeping && fromBelow(node, prefix);
  setLearned(port, prefix, metric);
  if (keeping) routeTouches(node, prefix, port, metric, best != bestMetric(node, prefix) || below != fromBelow(node, prefix));
  if (best != bestMetric(node, prefix) || before != hopCount(node, prefix)) routeMayChange(node, prefix);
}

/** Tells the neighbours what has changed, and a new one all there is. */
export function routeFired(node: i32): void {
  if (!running(node)) return;
  const n = nodeOf(node);
  const end = n.firstPort + n.portCount;
  let all = false;
  for (let p = n.firstPort; p < end; p++) if (portOf(p).untold != 0) all = true;
  if (all && keeping) tellingTouches(node);
  beginUpdate();
  for (let x = all ? 0 : nextPending(node, 0); x < prefixes; x = all ? x + 1 : nextPending(node, x + 1)) decide(node, x);
  for (let p = n.firstPort; p < end; p++) {
    if (portOf(p).adjacency == 0) continue;
    tell(p, portOf(p).untold != 0);
    portOf(p).untold = 0;
  }
}

function tell(port: i32, all: bool): void {
  const node = portOf(port).node;
  const before = cause;
  const down = nodeOf(portOf(otherEnd(port)).node).tier < nodeOf(node).tier;
  for (let first = 0; first < prefixes; first += MESSAGE) {
    if (!(all || news(first)) || !toTell(port, first, all, down)) continue;
    const f = makeFrame(FRAME_HELLO, node, portOf(port).mac, portOf(otherEnd(port)).mac);
    f.a = ROUTES; f.b = first;
    writeMessage(changetype<usize>(f) + FRAME_BODY, port, first, all, down);
    send(port, f);
    setCause(before);
  }
}
