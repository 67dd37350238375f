// Entry of the small module in which a port-channel's LACP machines are driven step by step beside tests/reference/lacp.ts.

import { take } from "../../assembly/core/memory";
import { drainTrace, reserveTrace, setCause, setNow } from "../../assembly/core/trace";
import * as lacp from "../../assembly/lacp/lacp";
import { LACP_GROUP_BYTES, LACP_PORT_BYTES, groupAt, member } from "../../assembly/lacp/port";
import { LACPDU_BYTES, lacpduAt } from "../../assembly/wire/lacpdu";

const MEMBERS: i32 = 4;
reserveTrace(4096);
const g = groupAt(take(LACP_GROUP_BYTES));
const ports = take(LACP_PORT_BYTES * MEMBERS);
const pdu = lacpduAt(take(LACPDU_BYTES));

export function configure(count: i32, system: u64, active: bool, fast: bool, independent: bool): void {
  memory.fill(changetype<usize>(g), 0, LACP_GROUP_BYTES);
  memory.fill(ports, 0, LACP_PORT_BYTES * MEMBERS);
  g.first = ports; g.count = count; g.system = system; g.systemPriority = 32768; g.key = 7; g.active = active; g.fast = fast; g.independent = independent;
  for (let i = 0; i < count; i++) {
    const p = member(g, i);
    p.port = i; p.number = <u32>i + 1; p.priority = 32768; p.speedMbps = 10000;
  }
}

function at(now: i64): void { setNow(now); setCause(0); drainTrace(); }
function settle(now: i64): void { lacp.run(g, now); for (let i = 0; i < g.count; i++) member(g, i).sendPdu = false; }

export function begin(now: i64): void { at(now); lacp.begin(g, now); settle(now); }
export function enable(i: i32, on: bool, now: i64): void { at(now); lacp.setEnabled(g, member(g, i), on, now); settle(now); }
export function timers(now: i64): void { at(now); settle(now); }

export function actor(system: u64, key: u32, port: u32, state: u32): void {
  pdu.actorSystem = system; pdu.actorSystemPriority = 32768; pdu.actorKey = key; pdu.actorPortPriority = 32768; pdu.actorPort = port; pdu.actorState = state;
}
export function partner(system: u64, key: u32, port: u32, state: u32): void {
  pdu.partnerSystem = system; pdu.partnerSystemPriority = 32768; pdu.partnerKey = key; pdu.partnerPortPriority = 32768; pdu.partnerPort = port; pdu.partnerState = state;
}
export function hear(i: i32, now: i64): void { at(now); lacp.deliver(g, member(g, i), pdu, now); settle(now); }

export function rx(i: i32): i32 { return member(g, i).rxState; }
export function periodic(i: i32): i32 { return member(g, i).periodicState; }
export function mux(i: i32): i32 { return member(g, i).muxState; }
export function selected(i: i32): i32 { return member(g, i).selected; }
export function actorState(i: i32): u32 { return member(g, i).actorState; }
export function partnerState(i: i32): u32 { return member(g, i).partnerState; }
export function deadline(): i64 { return lacp.nextDeadline(g); }
