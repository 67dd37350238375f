// State, for views and tests.

import { hasActive } from "../sim/bond-tables";
import { wayOf } from "../flow/flow";
import { groupOf, lacpPortOf, lagOf, memberOf, portOf } from "../sim/tables";

export function portCarrier(port: i32): i32 { return portOf(port).carrier; }
export function lagActivePort(lag: i32): i32 {
  const l = lagOf(lag);
  return hasActive(l) && l.active >= 0 ? memberOf(l.first + l.active).port : -1;
}
export function memberUsable(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : memberOf(p.member).usable; }
export function memberMii(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : memberOf(p.member).mii; }
export function lacpState(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : <i32>lacpPortOf(p.member).actorState; }
/** What the end knows of its partner: state byte and port number. */
export function lacpPartnerState(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : <i32>lacpPortOf(p.member).partnerState; }
export function lacpPartnerPort(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : <i32>lacpPortOf(p.member).partnerPort; }
/** Linux: the member whose aggregator this port is in, and the bond's active aggregator, as ports of their owners; -1 none. */
export function lacpAggregator(port: i32): i32 {
  const p = portOf(port);
  const owner = p.member < 0 ? -1 : lacpPortOf(p.member).aggregator;
  return owner < 0 ? -1 : memberOf(lagOf(p.lag).first + owner).port;
}
export function lagAggregator(lag: i32): i32 {
  const l = lagOf(lag);
  const owner = l.group < 0 ? -1 : groupOf(l.group).activeAggregator;
  return owner < 0 ? -1 : memberOf(l.first + owner).port;
}
/** 1: released from its bond. 1: the bond is administratively down. */
export function memberGone(port: i32): i32 { const p = portOf(port); return p.member < 0 ? 0 : memberOf(p.member).gone; }
export function lagClosed(lag: i32): i32 { return lagOf(lag).closed; }
export function lagCarrier(lag: i32): i32 { const l = lagOf(lag); return l.group < 0 ? l.up : groupOf(l.group).carrier ? 1 : 0; }
/** Address of the way of a flow's direction (0 forth, 1 back): hops i32, then port | PATH_* for each. 0 hops: it does not arrive. */
export function flowWayAt(flow: i32, back: i32): usize { return wayOf((flow << 1) | back); }
