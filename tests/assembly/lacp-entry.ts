// Entry of the small module that a port-channel's LACP is held to its reference in: the lacp folder and nothing else.

import { drainTrace, reserveTrace, setNow } from "../../assembly/core/trace";
import * as lacp from "../../assembly/lacp/lacp";
import { LACP_GROUP_BYTES, LACP_PORT_BYTES, LacpPort, groupAt, member } from "../../assembly/lacp/port";
import { LACPDU_BYTES, lacpduAt } from "../../assembly/wire/lacpdu";

const TRACE_RECORDS: u32 = 8192;
const groups = memory.data(256);
const ports = memory.data(1024, 64);
const g = groupAt(groups);
const pdu = lacpduAt(memory.data(64, 16));
let ready: bool = false;

export function make(count: i32, system: u64, systemPriority: u32, key: u32, active: bool, fast: bool, independent: bool, maxBundle: i32): void {
  if (!ready) { ready = true; reserveTrace(TRACE_RECORDS); }
  memory.fill(groups, 0, LACP_GROUP_BYTES);
  memory.fill(ports, 0, LACP_PORT_BYTES * <usize>count);
  memory.fill(changetype<usize>(pdu), 0, LACPDU_BYTES);
  g.first = ports; g.count = count;
  g.system = system; g.systemPriority = systemPriority; g.key = key; g.active = active; g.fast = fast; g.independent = independent; g.maxBundle = maxBundle;
}
export function setPort(i: i32, priority: u32, number: u32): void { mem(i).port = i; mem(i).priority = priority; mem(i).number = number; mem(i).speedMbps = 10000; }
function mem(i: i32): LacpPort { return member(g, i); }
function at(now: i64): void { setNow(now); drainTrace(); }

export function begin(now: i64): void { at(now); lacp.begin(g, now); }
export function setEnabled(i: i32, enabled: bool, now: i64): void { at(now); lacp.setEnabled(g, mem(i), enabled, now); }
export function run(now: i64): void { at(now); lacp.run(g, now); }
export function next(): i64 { return lacp.nextDeadline(g); }

/** The frame that `deliver` brings: who sends it, and what it believes of who hears it. */
export function frameActor(system: u64, systemPriority: u32, key: u32, priority: u32, number: u32, state: u32): void {
  pdu.actorSystem = system; pdu.actorSystemPriority = systemPriority; pdu.actorKey = key; pdu.actorPortPriority = priority; pdu.actorPort = number; pdu.actorState = state;
}
export function framePartner(system: u64, systemPriority: u32, key: u32, priority: u32, number: u32, state: u32): void {
  pdu.partnerSystem = system; pdu.partnerSystemPriority = systemPriority; pdu.partnerKey = key; pdu.partnerPortPriority = priority; pdu.partnerPort = number; pdu.partnerState = state;
}
export function deliver(i: i32, now: i64): void { at(now); lacp.deliver(g, mem(i), pdu, now); }

export function receiveState(i: i32): i32 { return mem(i).rxState; }
export function periodicState(i: i32): i32 { return mem(i).periodicRate; }
export function selected(i: i32): i32 { return mem(i).selected; }
export function muxState(i: i32): i32 { return mem(i).muxState; }
export function actorState(i: i32): u32 { return mem(i).actorState; }
export function partnerState(i: i32): u32 { return mem(i).partnerState; }
export function partnerSystem(i: i32): u64 { return mem(i).partnerSystem; }
export function partnerKey(i: i32): u32 { return mem(i).partnerKey; }
export function usable(i: i32): i32 { return mem(i).usable; }
/** Was a frame asked for? It counts as sent. */
export function takeSent(i: i32): bool { const was = mem(i).sendPdu; mem(i).sendPdu = false; return was; }
