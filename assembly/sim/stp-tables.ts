// Spanning tree in the tables: one StpBridge a switch, or one for both peers of an MC-LAG pair; and the gates that it puts
// on bridge ports. A switch without spanning tree has none, and all its gates are open.

import { take } from "../core/memory";
import { trap, TRAP_BAD_INDEX, TRAP_TABLE_FULL } from "../core/trap";
import { STP_BRIDGE_BYTES, STP_PORT_BYTES, StpBridge, StpPort, bridgeAt, portAt } from "../stp/stp";
import { stirNode } from "./rest";
import { BRIDGE_LAG, lagOf, nodeOf, portOf } from "./tables";

/** Where an StpPort is. */
@unmanaged export class StpPlace {
  bridge: i32;
  bp: i32; // bridge port
  twinBp: i32; // MC-LAG: the leg on the other peer, -1
  guards: i32; // STP_PORT_BPDU_GUARD, STP_PORT_LOOP_GUARD
  held: u32; // loop guard: the record that closed it, 0
  said: u64; // the last BPDU that was sent, as a number
  heardAt: i64; // when one was heard last, 0 never
}

export const GATE_OPEN: i32 = 0;
export const GATE_LEARNING: i32 = 1; // learns, forwards nothing
export const GATE_DISCARDING: i32 = 2;

const TABLE: i32 = 13;
let stpsAt: usize = 0; let stpPortsAt: usize = 0; let placesAt: usize = 0;
export let stps: i32 = 0; let stpPorts: i32 = 0;
export let maxStps: i32 = 0; let maxStpPorts: i32 = 0;

export function reserveStpTables(bridges: i32, ports: i32): void {
  stpsAt = take(<usize>bridges * STP_BRIDGE_BYTES); maxStps = bridges;
  stpPortsAt = take(<usize>ports * STP_PORT_BYTES); maxStpPorts = ports;
  placesAt = take(<usize>ports * offsetof<StpPlace>());
}

export function stpOf(i: i32): StpBridge { return bridgeAt(stpsAt + <usize>i * STP_BRIDGE_BYTES); }
export function stpPortOf(i: i32): StpPort { return portAt(stpPortsAt + <usize>i * STP_PORT_BYTES); }
export function placeOf(i: i32): StpPlace { return changetype<StpPlace>(placesAt + <usize>i * offsetof<StpPlace>()); }
/** Index of a bridge's first port in the table of all. */
export function firstStpPort(b: StpBridge): i32 { return <i32>((b.first - stpPortsAt) / STP_PORT_BYTES); }

export function newStp(): i32 {
  if (stps == maxStps) trap(TRAP_TABLE_FULL, TABLE);
  stps += 1;
  stpOf(stps - 1).first = stpPortsAt + <usize>stpPorts * STP_PORT_BYTES;
  return stps - 1;
}
/** A bridge's ports are added right after it. */
export function newStpPort(bridge: i32): i32 {
  if (stpPorts == maxStpPorts) trap(TRAP_TABLE_FULL, TABLE);
  if (bridge != stps - 1) trap(TRAP_BAD_INDEX, TABLE);
  stpPorts += 1;
  stpOf(bridge).count += 1;
  return stpPorts - 1;
}

/** The spanning tree port of a bridge port, -1 for none. */
export function stpPortFor(bp: i32): i32 { return ((bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).stpPort : portOf(bp).stpPort) - 1; }
/** The spanning tree of a switch, -1 for none. */
export function stpFor(node: i32): i32 { return nodeOf(node).stp - 1; }

export function gateOf(bp: i32): i32 { return (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).gate : portOf(bp).gate; }
export function gateCause(bp: i32): u32 { return (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).gateCause : portOf(bp).gateCause; }
export function setGate(bp: i32, gate: i32, cause: u32): void {
  stirNode((bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).node : portOf(bp).node);
  if ((bp & BRIDGE_LAG) != 0) { const l = lagOf(bp & ~BRIDGE_LAG); l.gate = gate; l.gateCause = cause; return; }
  const p = portOf(bp);
  p.gate = gate; p.gateCause = cause;
}
