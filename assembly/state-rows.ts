// State for who looks in from outside: one row at a time into a buffer. Nothing here changes anything.

import {
  FDB_FLAGS, FDB_HELD, FDB_MAC, FDB_NODE, FDB_OUT, FDB_OUT_IS_LAG, FDB_SEEN_AT, FDB_VLAN, FHRP_ACTIVE_AT, FHRP_ACTIVE_IP, FHRP_HELLO_AT, FHRP_PRIORITY, FHRP_STANDBY_IP, FHRP_STATE, FHRP_WEIGHT,
  FORWARDER_ACTIVE_IP, FORWARDER_MAC, FORWARDER_OWNER, FORWARDER_STATE, HOP_BEST, L3_MAC, L3_UP, LACP_ACTOR_CHURN, LACP_ACTOR_CHURNED, LACP_AGGREGATOR, LACP_ENABLED, LACP_KEY, LACP_MUX,
  LACP_NUMBER, LACP_OWN_ID, LACP_OWN_KEY, LACP_OWN_PARTNER, LACP_OWN_PARTNER_KEY, LACP_PARTNER_CHURN, LACP_PARTNER_CHURNED, LACP_PARTNER_KEY, LACP_PARTNER_NUMBER, LACP_PARTNER_PRIORITY,
  LACP_PARTNER_STATE, LACP_PARTNER_SYSTEM, LACP_PARTNER_SYSTEM_PRIORITY, LACP_PRIORITY, LACP_RX, LACP_SELECTED, LACP_STATE, LACP_PERIODIC, LACP_CURRENT_WHILE_AT, LACP_PERIODIC_AT,
  LACP_WAIT_WHILE_AT, LACP_CHURN_AT, LAG_ACTIVE, LAG_AGGREGATOR, LAG_CARRIER_OK, LAG_FORCED, LAG_IS_UP, LAG_STP, LAG_SUSPENDED, LAG_SYSTEM, LAG_SYSTEM_PRIORITY, LAG_TWIN_UP, LAG_USABLE,
  MEMBER_FAILURES, MEMBER_FORCED, MEMBER_GONE, MEMBER_JOINED, MEMBER_MAC, MEMBER_MII, MEMBER_PORT, MEMBER_USABLE, NEIGHBOUR_CONFIRMED_AT, NEIGHBOUR_CONFIRMS, NEIGHBOUR_IP, NEIGHBOUR_L3,
  NEIGHBOUR_MAC, NEIGHBOUR_STATE, NODE_BOOTS, NODE_FIRMWARE, NODE_STATE, NODE_STP, PEER_HEARD, PEER_LINK_UP, PEER_MET, PEER_RECOVER_AT, PEER_RESTORE_AT, PEER_ROLE, PEER_SUSPENDED, PORT_ADJACENCY,
  PORT_ADMIN, PORT_CARRIER, PORT_GATE, PORT_SOLO, PORT_STP, ROUTE_CONNECTED, ROUTE_METRIC, STATE_COLUMNS, STATE_FDB, STATE_FHRP, STATE_FORWARDER, STATE_HOP, STATE_L3, STATE_LACP, STATE_LAG,
  STATE_MEMBER, STATE_NEIGHBOUR, STATE_NODE, STATE_PEER, STATE_PORT, STATE_ROUTE, STATE_STP, STATE_STP_PORT, STATE_VRRP, STP_COST, STP_COUNT, STP_FIRST, STP_ID, STP_PORT_COST, STP_PORT_EDGE,
  STP_PORT_ID, STP_PORT_INDEX, STP_PORT_IS_LAG, STP_PORT_ROLE, STP_PORT_STATE, STP_PORT_TWIN, STP_PORT_FD_AT, STP_PORT_FORWARD_DELAY_AT, STP_PORT_HELLO_AT, STP_PORT_INFO_AT,
  STP_PORT_MESSAGE_AGE_AT, STP_PORT_RR_AT, STP_PORT_TC_AT, STP_ROOT, STP_ROOT_PORT, STP_RUNNING, NEIGHBOUR_TIMER_AT, VRRP_ADVER_AT, VRRP_DOWN_AT, VRRP_FORWARDS, VRRP_MAC, VRRP_MASTER_IP,
  VRRP_PRIORITY, VRRP_STATE,
} from "./abi-state";
import { FHRP_GLBP, MUX_WAITING, PERIODIC_NONE, RX_CURRENT, RX_EXPIRED } from "./abi";
import { neighbourOf, neighbourRows } from "./sim/neighbour-tables";
import { bondMemberOf, hasActive } from "./sim/bond-tables";
import { NEVER } from "./collections/event-queue";
import { fdbFlags, fdbHolds, fdbKeyOf, fdbNode, fdbOut, fdbRows, fdbSeenAt } from "./collections/fdb";
import { take } from "./core/memory";
import { forwarderMac, forwarderOf } from "./fhrp/glbp";
import { peerOf, peers } from "./mclag/peer";
import { bestMetric, connected, isNextHop } from "./routing/table";
import { fhrpOf, fhrps, glbpOf, hsrpOf } from "./sim/fhrp-tables";
import { fhrpStateOf } from "./events/fhrp";
import { firstStpPort, placeOf, stpOf, stpPortOf, stps } from "./sim/stp-tables";
import { BRIDGE_LAG, groupOf, l3Of, l3ifs, lacpPortOf, lagOf, lags, memberOf, members, nodeOf, nodes, portOf, ports, prefixes, vrrpOf, vrrpPlaceOf, vrrps } from "./sim/tables";
import { TIMER_ARP, timerAt } from "./sim/timers";

const FORWARDERS: i32 = 4;
let row: usize = 0;
export function reserveState(): void { row = take(<usize>STATE_COLUMNS << 3); }

/** Address of the row that was written last. */
export function rowAt(): usize { return row; }

/** Rows of a table that grows while it runs, or of any other. */
export function rowsIn(table: i32): i32 {
  switch (table) {
    case STATE_NODE: return nodes;
    case STATE_PORT: return ports;
    case STATE_LAG: return lags;
    case STATE_MEMBER: case STATE_LACP: return members;
    case STATE_PEER: return peers;
    case STATE_L3: return l3ifs;
    case STATE_VRRP: return vrrps;
    case STATE_FHRP: return fhrps;
    case STATE_FORWARDER: return fhrps * FORWARDERS;
    case STATE_NEIGHBOUR: return neighbourRows();
    case STATE_FDB: return fdbRows();
    case STATE_STP: return stps;
    case STATE_STP_PORT: return stps == 0 ? 0 : firstStpPort(stpOf(stps - 1)) + stpOf(stps - 1).count;
    case STATE_ROUTE: return nodes * prefixes;
    case STATE_HOP: return ports * prefixes;
    default: return 0;
  }
}

// @ts-ignore: decorator
@inline function put(column: i32, value: i64): void { store<i64>(row + (<usize>column << 3), value); }

/** Writes one row of a table to rowAt(). False: there is none of that number. */
export function writeRow(table: i32, i: i32): bool {
  if (i < 0 || i >= rowsIn(table)) return false;
  switch (table) {
    case STATE_NODE: node(i); break;
    case STATE_PORT: port(i); break;
    case STATE_LAG: lag(i); break;
    case STATE_MEMBER: member(i); break;
    case STATE_LACP: lacp(i); break;
    case STATE_PEER: peer(i); break;
    case STATE_L3: put(L3_UP, l3Of(i).up); put(L3_MAC, l3Of(i).mac); break;
    case STATE_VRRP: virtualRouter(i); break;
    case STATE_FHRP: group(i); break;
    case STATE_FORWARDER: forwarder(i); break;
    case STATE_NEIGHBOUR: neighbour(i); break;
    case STATE_FDB: fdb(i); break;
    case STATE_STP: tree(i); break;
    case STATE_STP_PORT: treePort(i); break;
    case STATE_ROUTE: put(ROUTE_CONNECTED, connected(i / prefixes, i % prefixes)); put(ROUTE_METRIC, bestMetric(i / prefixes, i % prefixes)); break;
    case STATE_HOP: put(HOP_BEST, isNextHop(portOf(i / prefixes).node, i % prefixes, i / prefixes) ? 1 : 0); break;
    default: return false;
  }
  return true;
}

function node(i: i32): void {
  const n = nodeOf(i);
  put(NODE_STATE, n.state); put(NODE_BOOTS, n.boots); put(NODE_STP, n.stp - 1); put(NODE_FIRMWARE, n.firmware);
}

function port(i: i32): void {
  const p = portOf(i);
  put(PORT_CARRIER, p.carrier); put(PORT_ADMIN, p.admin); put(PORT_GATE, p.gate); put(PORT_ADJACENCY, p.adjacency); put(PORT_SOLO, p.solo); put(PORT_STP, p.stpPort - 1);
}

function lag(i: i32): void {
  const l = lagOf(i);
  put(LAG_IS_UP, l.up); put(LAG_USABLE, l.usable); put(LAG_ACTIVE, hasActive(l) ? l.active : -1); put(LAG_SUSPENDED, l.suspended); put(LAG_TWIN_UP, l.twinUp);
  put(LAG_STP, l.stpPort - 1);
  let forced = 0;
  for (let k = 0; k < l.count; k++) if (lacpPortOf(l.first + k).forced != 0) forced += 1;
  put(LAG_FORCED, forced);
  if (l.group < 0) { put(LAG_CARRIER_OK, l.up); put(LAG_AGGREGATOR, -1); put(LAG_SYSTEM_PRIORITY, 0); put(LAG_SYSTEM, 0); return; }
  const g = groupOf(l.group);
  put(LAG_CARRIER_OK, g.carrier ? 1 : 0); put(LAG_AGGREGATOR, g.activeAggregator); put(LAG_SYSTEM_PRIORITY, g.systemPriority); put(LAG_SYSTEM, g.system);
}

function member(i: i32): void {
  const m = memberOf(i);
  const b = bondMemberOf(i);
  put(MEMBER_PORT, m.port); put(MEMBER_MII, m.mii); put(MEMBER_USABLE, m.usable); put(MEMBER_FAILURES, b.failures); put(MEMBER_MAC, b.mac); put(MEMBER_FORCED, lacpPortOf(i).forced);
  put(MEMBER_GONE, m.gone); put(MEMBER_JOINED, m.joined);
}

function lacp(i: i32): void {
  const p = lacpPortOf(i);
  put(LACP_AGGREGATOR, p.aggregator); put(LACP_NUMBER, p.number); put(LACP_PRIORITY, p.priority); put(LACP_KEY, p.key); put(LACP_STATE, p.actorState);
  put(LACP_PARTNER_SYSTEM_PRIORITY, p.partnerSystemPriority); put(LACP_PARTNER_SYSTEM, p.partnerSystem); put(LACP_PARTNER_KEY, p.partnerKey);
  put(LACP_PARTNER_PRIORITY, p.partnerPortPriority); put(LACP_PARTNER_NUMBER, p.partnerPort); put(LACP_PARTNER_STATE, p.partnerState);
  put(LACP_ACTOR_CHURN, p.actorChurn); put(LACP_PARTNER_CHURN, p.partnerChurn); put(LACP_ACTOR_CHURNED, p.actorChurns); put(LACP_PARTNER_CHURNED, p.partnerChurns);
  put(LACP_OWN_KEY, p.aggregatorKey); put(LACP_OWN_PARTNER_KEY, p.aggregatorPartnerKey); put(LACP_OWN_PARTNER, p.aggregatorPartner);
  put(LACP_ENABLED, p.enabled ? 1 : 0); put(LACP_SELECTED, p.selected); put(LACP_RX, p.rxState); put(LACP_MUX, p.muxState); put(LACP_OWN_ID, p.aggregatorId);
  put(LACP_PERIODIC, p.periodicState); put(LACP_CURRENT_WHILE_AT, p.rxState == RX_CURRENT || p.rxState == RX_EXPIRED ? p.currentWhileAt : NEVER);
  put(LACP_PERIODIC_AT, p.periodicState == PERIODIC_NONE ? NEVER : p.periodicAt); put(LACP_WAIT_WHILE_AT, p.muxState == MUX_WAITING ? p.waitWhileAt : NEVER); put(LACP_CHURN_AT, p.churnAt);
}

function peer(i: i32): void {
  const p = peerOf(i);
  put(PEER_ROLE, p.role); put(PEER_LINK_UP, p.linkUp); put(PEER_HEARD, p.heard); put(PEER_SUSPENDED, p.suspended); put(PEER_RESTORE_AT, p.restoreAt);
  put(PEER_RECOVER_AT, p.recoverAt); put(PEER_MET, p.met);
}

function virtualRouter(i: i32): void {
  const v = vrrpOf(i);
  put(VRRP_STATE, v.state); put(VRRP_PRIORITY, v.priority); put(VRRP_MASTER_IP, v.masterIp); put(VRRP_MAC, vrrpPlaceOf(i).mac); put(VRRP_DOWN_AT, v.masterDownAt);
  put(VRRP_FORWARDS, vrrpPlaceOf(i).both); put(VRRP_ADVER_AT, v.adverAt);
}

function group(i: i32): void {
  const r = hsrpOf(i);
  put(FHRP_STATE, fhrpStateOf(i)); put(FHRP_PRIORITY, r.priority); put(FHRP_ACTIVE_IP, r.activeIp); put(FHRP_STANDBY_IP, r.standbyIp);
  put(FHRP_ACTIVE_AT, r.activeAt); put(FHRP_HELLO_AT, r.helloAt); put(FHRP_WEIGHT, fhrpOf(i).kind == FHRP_GLBP ? glbpOf(i).weight : 0);
}

function forwarder(i: i32): void {
  const f = fhrpOf(i / FORWARDERS);
  if (f.kind != FHRP_GLBP) { put(FORWARDER_STATE, 0); put(FORWARDER_OWNER, 0); put(FORWARDER_ACTIVE_IP, 0); put(FORWARDER_MAC, 0); return; }
  const r = forwarderOf(glbpOf(i / FORWARDERS), i % FORWARDERS);
  put(FORWARDER_STATE, r.state); put(FORWARDER_OWNER, r.owner); put(FORWARDER_ACTIVE_IP, r.activeIp); put(FORWARDER_MAC, forwarderMac(f.group, i % FORWARDERS));
}

function neighbour(i: i32): void {
  const n = neighbourOf(i);
  put(NEIGHBOUR_L3, n.l3); put(NEIGHBOUR_IP, n.ip); put(NEIGHBOUR_MAC, n.mac); put(NEIGHBOUR_STATE, n.state); put(NEIGHBOUR_CONFIRMED_AT, n.confirmedAt); put(NEIGHBOUR_CONFIRMS, n.confirms);
  put(NEIGHBOUR_TIMER_AT, timerAt(TIMER_ARP, i));
}

function fdb(i: i32): void {
  const key = fdbKeyOf(i);
  const out = fdbOut(i);
  put(FDB_NODE, fdbNode(i)); put(FDB_VLAN, key >> 48); put(FDB_MAC, key & 0xffffffffffff); put(FDB_OUT, out & ~BRIDGE_LAG); put(FDB_OUT_IS_LAG, (out & BRIDGE_LAG) != 0 ? 1 : 0);
  put(FDB_FLAGS, fdbFlags(i)); put(FDB_SEEN_AT, fdbSeenAt(i)); put(FDB_HELD, fdbHolds(i));
}

function tree(i: i32): void {
  const b = stpOf(i);
  put(STP_ID, b.id); put(STP_ROOT, b.rootRoot); put(STP_COST, b.rootCost); put(STP_ROOT_PORT, b.rootPort); put(STP_FIRST, firstStpPort(b)); put(STP_COUNT, b.count);
  put(STP_RUNNING, b.running ? 1 : 0);
}

function treePort(i: i32): void {
  const p = stpPortOf(i);
  const place = placeOf(i);
  put(STP_PORT_INDEX, place.bp & ~BRIDGE_LAG); put(STP_PORT_IS_LAG, (place.bp & BRIDGE_LAG) != 0 ? 1 : 0); put(STP_PORT_TWIN, place.twinBp < 0 ? -1 : place.twinBp & ~BRIDGE_LAG);
  put(STP_PORT_ROLE, p.role); put(STP_PORT_STATE, p.state); put(STP_PORT_COST, p.cost); put(STP_PORT_ID, p.portId); put(STP_PORT_EDGE, p.operEdge ? 1 : 0);
  put(STP_PORT_HELLO_AT, p.helloAt); put(STP_PORT_INFO_AT, p.rcvdInfoAt); put(STP_PORT_FD_AT, p.fdAt); put(STP_PORT_RR_AT, p.rrAt); put(STP_PORT_TC_AT, p.tcAt);
  put(STP_PORT_MESSAGE_AGE_AT, p.messageAgeAt); put(STP_PORT_FORWARD_DELAY_AT, p.forwardDelayAt);
}
