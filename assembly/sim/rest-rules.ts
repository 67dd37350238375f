// When hellos may be left out at all, and how many were.

import { FRAME_GLBP, FRAME_HSRP, FRAME_VRRP, NODE_HOST } from "../abi";
import { now } from "../core/trace";
import { l3Of, lagOf, linkOf, nodeOf, otherEnd, portOf } from "./tables";

/** Simulates every hello: the check that leaving them out changes nothing. */
export let everyHello: bool = false;
export function setEveryHello(on: bool): void { everyHello = on; }

/** Frames that would have been sent by those at rest. */
export let leftOut: u64 = 0;
export function countLeftOut(frames: u64): void { leftOut += frames; }

const DELAY_MAX: i64 = 250000000; // what is in flight is made up for: not for long

/** A cable without a fault, whose frames nobody records and none of which was lost since the last that came through. */
export function isClear(link: i32): bool {
  const l = linkOf(link);
  return l.dark == 0 && l.noSignal == 0 && l.loss == 0 && l.delayNs < DELAY_MAX && caughtUp(link) && isClearEnd(l.a) && isClearEnd(l.b);
}
/** A cable whose frames nobody records, and that is not so long that much would be in flight. */
export function linkFit(link: i32): bool {
  const l = linkOf(link);
  return l.delayNs < DELAY_MAX && portOf(l.a).watched == 0 && portOf(l.b).watched == 0;
}
/** A cable on which nothing is under way that was sent when it took longer. */
export function caughtUp(link: i32): bool { return linkOf(link).lateUntil < now; }
/** A cable that loses nothing and that has not become long; one that is cut has been noticed at both ends. */
export function linkQuiet(link: i32): bool {
  const l = linkOf(link);
  return l.dark == 0 && l.noSignal == 0 && l.loss == 0 && l.delayNs < DELAY_MAX && (l.cut == 0 || (portOf(l.a).carrier == 0 && portOf(l.b).carrier == 0));
}

export function isGatewayHello(kind: i32): bool { return kind == FRAME_VRRP || kind == FRAME_HSRP || kind == FRAME_GLBP; }

/** Is this the port of a host that runs no gateway? A gateway's hello does nothing there, and that it was lost explains nothing. */
export function gatewaysUnheard(port: i32): bool {
  const p = portOf(port);
  if (nodeOf(p.node).kind != NODE_HOST) return false;
  const l3 = p.lag >= 0 ? lagOf(p.lag).l3 : p.l3;
  return l3 < 0 || (l3Of(l3).vrrpCount == 0 && l3Of(l3).fhrpCount == 0);
}
/** Does a gateway's hello that leaves by this port come to such a host, over a cable that loses nothing, and leave no mark? Then it is not sent. */
export function unheard(port: i32): bool {
  if (everyHello || portOf(port).link < 0) return false;
  const far = otherEnd(port);
  return portOf(port).monitored == 0 && portOf(far).monitored == 0 && gatewaysUnheard(far) && isClear(portOf(port).link);
}

function isClearEnd(port: i32): bool { return portOf(port).watched == 0 && portOf(port).lossCause == 0; }
