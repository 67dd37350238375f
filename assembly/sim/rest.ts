// Hellos left out. Two ends that only say hello to each other are at rest: nothing is scheduled for them. Before anything that
// they depend on changes, they are stirred: their clocks are moved on, and the last hellos are simulated late, in the past
// (`makeUp`), so that every table, timer and frame in flight is what it would have been. A hello that does more than
// push deadlines out while it is made up for is a fault of the engine, and stops it.

import { isPast } from "../collections/event-queue";
import { restingLacp, wakeLacp } from "./rest-lacp";
import { restingRouting, wakeRouting } from "./rest-routing";
import { restingPeer, stirPeerBy, wakePeers } from "./rest-mclag";
import { endBridgeOf, firstBridgeOf, listedBridge } from "./domain";
import { stirStp } from "./rest-stp";
import { stirDomain, stirDomains } from "./rest-voices";
import { lagOf, linkOf, memberOf, nodeOf, portOf } from "./tables";

/** The cable, or what its ends make of it, is about to change. */
export function stirLink(link: i32): void {
  if (link < 0 || isPast()) return;
  stirGroup(portOf(linkOf(link).a).group);
  stirGroup(portOf(linkOf(link).b).group);
  if (restingRouting(link)) wakeRouting(link);
  stirEnd(linkOf(link).a);
  stirEnd(linkOf(link).b);
}
function stirEnd(port: i32): void {
  const node = portOf(port).node;
  for (let k = firstBridgeOf(port), end = endBridgeOf(port); k < end; k++) stirDomain(listedBridge(k));
  stirStp(node);
  stirPeerBy(port, nodeOf(node).peer);
}
export function stirPort(port: i32): void { stirLink(portOf(port).link); }

/** What the node says or hears is about to change. */
export function stirNode(node: i32): void {
  if (isPast()) return;
  const n = nodeOf(node);
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) stirPort(p);
  stirDomains(node);
  stirStp(node);
  stirPeer(n.peer);
}
export function stirPeer(peer: i32): void { if (peer >= 0 && restingPeer(peer)) wakePeers(peer); }

/** A LACP group is about to be looked at or changed. */
export function stirGroup(group: i32): void { if (group >= 0 && restingLacp(group)) wakeLacp(group); }
export function stirLag(lag: i32): void {
  const l = lagOf(lag);
  for (let m = l.first, end = l.first + l.count; m < end; m++) stirPort(memberOf(m).port);
}
