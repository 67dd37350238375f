// RFC 4861: what an interface asks and says of its IPv6 neighbours. A frame of it: a type, c source, d target, e the MAC address in
// its option (0 none), b the flags R, S, O, g destination (0: the group).

import { FRAME_MLD, FRAME_ND, NODE_HOST } from "../abi";
import { ALL_MLD6, ALL_NODES6, solicitedNodeMac } from "../core/address";
import { Frame, makeFrame } from "../sim/frames";
import { sendOut } from "../switching/l3-out";
import { l3Of, nodeOf } from "../sim/tables";
import { MLD_MAC } from "../wire/mld";
import { NA_OVERRIDE, NA_ROUTER, NA_SOLICITED, ND_ADVERTISEMENT, ND_SOLICITATION } from "../wire/nd";

const ALL_NODES_MAC: u64 = 0x333300000001;

function message(l3: i32, type: i32, srcMac: u64, dstMac: u64, source: u32, target: u32, to: u32, option: u64): Frame {
  const f = makeFrame(FRAME_ND, l3Of(l3).node, srcMac, dstMac);
  f.a = type; f.c = source; f.d = target; f.e = option; f.g = <i64>to;
  return f;
}

/** 7.2.2: to the solicited-node group, with the own MAC address; to a known one (`mac`, a probe) without. */
export function solicit(l3: i32, target: u32, mac: u64): void {
  const i = l3Of(l3);
  const known = mac != 0;
  sendOut(l3, message(l3, ND_SOLICITATION, i.mac, known ? mac : solicitedNodeMac(target), i.ip, target, known ? target : 0, known ? 0 : i.mac));
}

/** R: whoever routes says so. */
function flags(l3: i32, others: u32): i32 { return <i32>(others | (nodeOf(l3Of(l3).node).kind == NODE_HOST ? 0 : NA_ROUTER)); }

/** 7.2.4: the answer to who asked. */
export function answer(l3: i32, mac: u64, target: u32, asker: u32, askerMac: u64): void {
  const f = message(l3, ND_ADVERTISEMENT, mac, askerMac, target, target, asker, mac);
  f.b = flags(l3, NA_SOLICITED | NA_OVERRIDE);
  sendOut(l3, f);
}

/** 7.2.6, and RFC 5798 6.4.2: unsolicited, to all nodes. */
export function advertise(l3: i32, mac: u64, target: u32): void {
  const f = message(l3, ND_ADVERTISEMENT, mac, ALL_NODES_MAC, target, target, ALL_NODES6, mac);
  f.b = flags(l3, NA_OVERRIDE);
  sendOut(l3, f);
}

/** RFC 5798 6.4.2: a new Master joins the solicited-node groups of its addresses. Bridges here flood groups, so nothing waits for it. */
export function join(l3: i32, vrrp: i32): void {
  const i = l3Of(l3);
  const f = makeFrame(FRAME_MLD, i.node, i.mac, MLD_MAC);
  f.c = i.linkLocal; f.i = vrrp; f.d = ALL_MLD6;
  sendOut(l3, f);
}
