// Spanning tree at rest: bridges that say what they said before, and hear it. Bridges that cables join, by way of hubs too, rest and wake
// together: a tree, whatever failures make of it. No BPDU of theirs is under way between two of them while they rest.

import { take } from "../core/memory";
import { NEVER, isPast } from "../collections/event-queue";
import { Joined, join, setOf, standAlone } from "../collections/sets";
import { now, setCause } from "../core/trace";
import { dueAt, heardEveryNs, listens, moveOn, periodNs, settled, speakers, waits } from "../stp/rest";
import { StpBridge, nextDeadline, portOf as stpPortAt } from "../stp/stp";
import { domainOf } from "./domain";
import { countLeftOut, everyHello, linkFit, linkQuiet } from "./rest-rules";
import { goBack, makeUp } from "./past";
import { firstStpPort, placeOf, stpOf } from "./stp-tables";
import { bridgeOf, lagOf, linkOf, links, maxNodes, nodeOf, nodes, otherEnd, portOf, running } from "./tables";
import { TIMER_STP, setTimer, stopTimer } from "./timers";

@unmanaged class Tree extends Joined { // of nodes
  changedAt: i64; // when something happened that more hangs on than a hello
  lookAt: i64; // not quiet, and not worth a look before
  arriveAt: i64; // the last BPDU that is under way arrives
  longest: i64; // hello time
  spanNs: i64; // delays of all cables: what one hello needs, hop by hop, at most
  restAt: i64; // 0 awake
}
const ROW: usize = offsetof<Tree>();
let rowsAt: usize = 0;
export function reserveTrees(): void { rowsAt = take(<usize>maxNodes * ROW); }
function rowOf(node: i32): Tree { return changetype<Tree>(rowsAt + <usize>node * ROW); }
function treeOf(node: i32): Tree { return rowOf(setOf(rowsAt, ROW, node)); }

/** Cabling is fixed: trees are known when a run begins. */
export function formTrees(): void {
  for (let n = 0; n < nodes; n++) standAlone(rowsAt, ROW, n);
  for (let l = 0; l < links; l++) {
    const a = portOf(linkOf(l).a).node;
    const b = portOf(linkOf(l).b).node;
    if (takesPart(a) && takesPart(b)) join(rowsAt, ROW, a, b);
  }
  for (let n = 0; n < nodes; n++) if (nodeOf(n).stp > 0 && stpOf(nodeOf(n).stp - 1).twin >= 0) join(rowsAt, ROW, stpOf(nodeOf(n).stp - 1).node, stpOf(nodeOf(n).stp - 1).twin);
}
function takesPart(node: i32): bool { return nodeOf(node).stp != 0 || nodeOf(node).transparent != 0; }
/** The node's spanning tree, null for none of its own: the second peer of a pair has the first one's. */
function bridgeAt(node: i32): StpBridge | null {
  const i = nodeOf(node).stp - 1;
  return i >= 0 && stpOf(i).node == node ? stpOf(i) : null;
}
function alive(b: StpBridge): bool { return b.running && (running(b.node) || (b.twin >= 0 && running(b.twin))); }

export function restingStp(i: i32): bool { return treeOf(stpOf(i).node).restAt != 0; }

/** Something else than a hello was said or done. */
export function stpChanged(i: i32): void { treeOf(stpOf(i).node).changedAt = now; }
/** A BPDU is under way to another one that takes part, by this cable. */
export function stpUnderWay(port: i32): void {
  if (portOf(port).link < 0 || !takesPart(portOf(otherEnd(port)).node)) return;
  const tree = treeOf(portOf(port).node);
  tree.arriveAt = max(tree.arriveAt, now + linkOf(portOf(port).link).delayNs);
}

/** A bridge has spoken or heard: do all of its tree only say hello? Then they rest from now on. */
export function mayRestStp(i: i32): void {
  if (everyHello || now == 0) return;
  const node = stpOf(i).node;
  const tree = treeOf(node);
  if (now < tree.arriveAt || now < tree.lookAt || now - tree.changedAt < 3 * periodNs(stpOf(i))) return;
  measure(tree, node);
  tree.lookAt = now + tree.longest; // if not now, then not before all have said hello again
  const window = 3 * tree.longest + tree.spanNs;
  if (now - tree.changedAt < window) return;
  let n = node;
  do {
    const b = bridgeAt(n);
    if (b !== null && alive(b) && !(settled(b, now) && asHeard(b, window))) return;
    n = rowOf(n).next;
  } while (n != node);
  do {
    if (takesPart(n) && !cablesQuiet(n)) { tree.lookAt = NEVER; return; } // until it is stirred
    n = rowOf(n).next;
  } while (n != node);
  tree.restAt = now;
  do {
    const b = bridgeAt(n);
    if (b !== null && alive(b)) stopTimer(TIMER_STP, nodeOf(n).stp - 1);
    n = rowOf(n).next;
  } while (n != node);
}

function measure(tree: Tree, node: i32): void {
  tree.longest = 0; tree.spanNs = 0;
  let n = node;
  do {
    const b = bridgeAt(n);
    if (b !== null && alive(b)) tree.longest = max(tree.longest, periodNs(b));
    for (let p = nodeOf(n).firstPort, end = p + nodeOf(n).portCount; p < end; p++) if (portOf(p).link >= 0) tree.spanNs += linkOf(portOf(p).link).delayNs;
    n = rowOf(n).next;
  } while (n != node);
}

/** Does each port that goes by another's hellos hear them, and no other any? And does none of what it says wait (802.1D-1998, Hold Time)? */
function asHeard(b: StpBridge, window: i64): bool {
  const due = dueAt(b, b.rootPort >= 0 ? placeOf(firstStpPort(b) + b.rootPort).heardAt : 0);
  for (let k = 0, first = firstStpPort(b); k < b.count; k++) {
    const p = stpPortAt(b, k);
    const at = placeOf(first + k).heardAt;
    if (waits(b, p, due)) return false;
    if (listens(b, p) ? now - at > heardEveryNs(p) * 5 / 4 : p.portEnabled && at != 0 && now - at <= window) return false;
  }
  return true;
}

function cablesQuiet(node: i32): bool {
  const n = nodeOf(node);
  for (let p = n.firstPort, end = p + n.portCount; p < end; p++) {
    const port = portOf(p);
    if (port.link < 0 || (n.transparent == 0 && (port.lag >= 0 ? lagOf(port.lag).stpPort : port.stpPort) == 0)) continue;
    if (!linkFit(port.link) || !linkQuiet(port.link)) return false;
  }
  if (n.transparent == 0) return true;
  for (let i = n.firstBridge, end = i + n.bridgeCount; i < end; i++) if (bridgeOf(i).storm != 0 || domainOf(i).unfit != 0) return false;
  return true;
}

/** Wakes the tree: each bridge's clocks go on by whole hello times, what is left of the time is simulated. */
function wake(tree: Tree, node: i32): void {
  const present = now;
  const since = tree.restAt;
  const tail = 2 * tree.longest + tree.spanNs;
  const far = present - since > tail;
  tree.restAt = 0;
  goBack(since);
  let n = node;
  do {
    const b = bridgeAt(n);
    if (b !== null && alive(b)) {
      const hellos = far ? (present - since - tail) / periodNs(b) : 0;
      moveOn(b, hellos * periodNs(b), far);
      countLeftOut(<u64>hellos * <u64>speakers(b));
      setCause(b.cause);
      const at = nextDeadline(b);
      if (at != NEVER) setTimer(TIMER_STP, nodeOf(n).stp - 1, max(at, since));
    }
    n = rowOf(n).next;
  } while (n != node);
  makeUp();
}

/** What bridges here say, or hear, is about to change. */
export function stirStp(node: i32): void {
  if (isPast() || !takesPart(node)) return;
  const tree = treeOf(node);
  if (tree.restAt != 0) wake(tree, node);
  tree.changedAt = now;
  tree.lookAt = 0;
}
/** A BPDU arrives all the same, of the instant in which they lay down. */
export function wakeStp(i: i32): void { if (restingStp(i)) wake(treeOf(stpOf(i).node), stpOf(i).node); }
