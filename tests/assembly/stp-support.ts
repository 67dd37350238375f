// For the spanning tree specs: a bridge on the table, and state tables as the clause prints them.
//
// A table's row is "from this state, when these inputs are so, to that state". The inputs are columns of a word of 1, 0 and - (any).
// A spec runs every state with every word. Where several rows hold, the clause leaves the order open: each of them is right.

import { drainTrace, reserveTrace, setCause, setNow } from "../../assembly/core/trace";
import { STP_ROLE_DISABLED } from "../../assembly/abi";
import { NEVER, SECOND, STP_BRIDGE_BYTES, STP_PORT_BYTES, StpBridge, StpPort, bridgeAt, portAt } from "../../assembly/stp/port";
import { shareMemory } from "./share-memory";

export const T0: i64 = 77 * SECOND + 123456789; // nothing may depend on where a second begins
export const SEC: u32 = 256; // a second in a BPDU's units
export const ENTITY: i32 = 40; // of port 0; port i is 40 + i

// Of the bridge under test: table 17-1's recommended values, each different from every other.
export const MAX_AGE: i64 = 20 * SECOND;
export const FORWARD_DELAY: i64 = 15 * SECOND;
export const HELLO: i64 = 2 * SECOND;
export const MIGRATE: i64 = 3 * SECOND;

export const OWN: u64 = 0x800002bb00000005;
export const BETTER: u64 = 0x100002aa00000001;
export const WORSE: u64 = 0xf00002cc00000009;

const MAX_PORTS: usize = 4;
let bridgesAt: usize = 0;

export function prepare(): void {
  if (bridgesAt != 0) return;
  shareMemory();
  reserveTrace(65536);
  bridgesAt = memory.data(8192);
  if (STP_BRIDGE_BYTES + STP_PORT_BYTES * MAX_PORTS > 8192) abort("no room");
}

/** A bridge that takes itself for the root, with ports that are enabled, selected and agree with what the bridge says. */
export function makeBridge(count: i32, mode: i32): StpBridge {
  prepare();
  drainTrace();
  setNow(T0);
  setCause(0);
  memory.fill(bridgesAt, 0, 8192);
  const b = bridgeAt(bridgesAt);
  b.first = bridgesAt + STP_BRIDGE_BYTES;
  b.id = OWN; b.count = count; b.mode = mode; b.node = 3; b.twin = -1;
  b.maxAge = 20 * SEC; b.helloTime = 2 * SEC; b.forwardDelay = 15 * SEC;
  b.running = true; b.clock = T0;
  b.rootPort = -1; b.rootRoot = OWN; b.rootBridge = OWN;
  b.rootMaxAge = b.maxAge; b.rootHelloTime = b.helloTime; b.rootForwardDelay = b.forwardDelay;
  b.helloAt = NEVER; b.tcnAt = NEVER; b.topologyChangeAt = NEVER;
  for (let i = 0; i < count; i++) clearedPort(b, i);
  return b;
}

/** The one that makeBridge() made last. */
export function theBridge(): StpBridge { return bridgeAt(bridgesAt); }

function clearedPort(b: StpBridge, i: i32): void {
  const p = portAt(b.first + <usize>i * STP_PORT_BYTES);
  memory.fill(changetype<usize>(p), 0, STP_PORT_BYTES);
  p.entity = ENTITY + i; p.portId = 0x8001 + i; p.cost = 20000; p.pointToPoint = true;
  p.portEnabled = true; p.selected = true; p.sendRstp = true;
  p.role = STP_ROLE_DISABLED; p.selectedRole = STP_ROLE_DISABLED; p.tracedRole = STP_ROLE_DISABLED;
  p.designatedRoot = OWN; p.designatedBridge = OWN; p.designatedPort = p.portId;
  p.designatedMaxAge = 20 * SEC; p.designatedHelloTime = 2 * SEC; p.designatedForwardDelay = 15 * SEC;
  p.edgeDelayAt = NEVER; p.fdAt = 0; p.helloAt = T0 + SECOND; p.mdelayAt = NEVER;
  p.messageAgeAt = NEVER; p.forwardDelayAt = NEVER; p.holdAt = NEVER;
}

/** What is left of a timer; `held`: the value that its state reloads at each tick. */
export function left(at: i64, held: i64): i64 { return at == NEVER ? held : at <= T0 ? 0 : at - T0; }

export const ANY: i32 = -1;
export class Row { constructor(public from: i32, public cube: string, public to: i32) {} }

/** The states that may be entered, as bits; 0: the machine stays as it is. */
export function successors(rows: Row[], from: i32, word: u32): u32 {
  let may: u32 = 0;
  for (let i = 0; i < rows.length; i++) if ((rows[i].from == from || rows[i].from == ANY) && holds(rows[i].cube, word)) may |= 1 << rows[i].to;
  return may;
}

export function holds(cube: string, word: u32): bool {
  for (let i = 0; i < cube.length; i++) {
    const c = cube.charCodeAt(i);
    if (c != 0x2d && <u32>(c - 0x30) != ((word >> i) & 1)) return false;
  }
  return true;
}

export function bit(word: u32, i: i32): bool { return ((word >> i) & 1) != 0; }

/** "DESIGNATED 0110...": what a row that fails is called. */
export function named(state: string, word: u32, columns: i32): string {
  let text = state + " ";
  for (let i = 0; i < columns; i++) text += bit(word, i) ? "1" : "0";
  return text;
}
