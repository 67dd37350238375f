// What the two peers of an MC-LAG pair are to each other, and what a MAC address is to both.

import { NEVER } from "../collections/event-queue";
import { FDB_LOCAL, NO_ROW, fdbFind, fdbFlags, fdbFresh, fdbHolds, fdbKeyOf, fdbNode, fdbSeenAt } from "../collections/fdb";
import { nodeOf } from "./tables";
import { peerOf } from "../mclag/peer";

/** The other peer's node, or -2 for a switch that is in no pair. */
export function peerNodeOf(node: i32): i32 {
  const peer = nodeOf(node).peer;
  return peer < 0 ? -2 : peerOf(peerOf(peer).twin).node;
}

/** The peer-link's lag, or -1. */
export function peerLinkOf(node: i32): i32 {
  const peer = nodeOf(node).peer;
  return peer < 0 ? -1 : peerOf(peer).lag;
}

/** The MAC table's row. One of a pair's is live while either peer sees the address, as long as they talk. */
export function liveRow(node: i32, key: u64): i32 {
  const peer = nodeOf(node).peer;
  if (peer >= 0 && peerOf(peer).linkUp != 0) {
    const twin = peerOf(peerOf(peer).twin).node;
    const theirs = fdbFind(twin, key, NEVER);
    if (theirs != NO_ROW && (fdbFlags(theirs) & FDB_LOCAL) != 0 && fdbFresh(theirs, nodeOf(twin).macAgeNs)) return fdbFind(node, key, NEVER);
  }
  return fdbFind(node, key, nodeOf(node).macAgeNs);
}

/** What the other one of a pair that talks has on the row's address; NO_ROW: nothing, or there is none. */
export function rowOfTwin(row: i32): i32 {
  const peer = nodeOf(fdbNode(row)).peer;
  return peer < 0 || peerOf(peer).linkUp == 0 ? NO_ROW : fdbFind(peerOf(peerOf(peer).twin).node, fdbKeyOf(row), NEVER);
}

/** When a row that nobody holds is gone for `liveRow`, as far as is known now; NEVER: it lives on one that somebody holds. */
export function rowLivesUntil(row: i32): i64 {
  const own = fdbSeenAt(row) + nodeOf(fdbNode(row)).macAgeNs;
  const theirs = rowOfTwin(row);
  if (theirs == NO_ROW || (fdbFlags(theirs) & FDB_LOCAL) == 0) return own;
  return fdbHolds(theirs) > 0 ? NEVER : max(own, fdbSeenAt(theirs) + nodeOf(fdbNode(theirs)).macAgeNs);
}
