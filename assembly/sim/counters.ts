// Counters that cost a store each: what a bond's mode does to the network, in numbers. Read by views and by the mode matrix.

import { take } from "../core/memory";

@unmanaged export class ProbeCount {
  sent: u32; arrived: u32; // each frame once
  copies: u32; // arrivals of a frame that had arrived already
  late: u32; // arrivals behind a frame sent later
  newest: i32; pad: i32;
  window: u64; // which of the 64 frames up to `newest` have arrived
}

let portsAt: usize = 0; let nodesAt: usize = 0; let probesAt: usize = 0;
let walking: bool = false;

export function reserveCounters(nodes: i32, ports: i32): void {
  nodesAt = take(<usize>nodes << 2);
  portsAt = take(<usize>ports * 8);
}
/** Two rows a flow direction: its own frames, and its broadcasts. */
export function reserveProbeCounts(directions: i32): void { probesAt = take(<usize>(directions << 1) * offsetof<ProbeCount>()); }
export function probeCount(row: i32): ProbeCount { return changetype<ProbeCount>(probesAt + <usize>row * offsetof<ProbeCount>()); }

/** A walk sends nothing: what it teaches is not counted. */
export function setWalking(on: bool): void { walking = on; }
export function countMove(node: i32): void { if (!walking) { const at = nodesAt + (<usize>node << 2); store<u32>(at, load<u32>(at) + 1); } }
export function movesOf(node: i32): u32 { return load<u32>(nodesAt + (<usize>node << 2)); }

export function countSent(port: i32): void { const at = portsAt + (<usize>port << 3); store<u32>(at, load<u32>(at) + 1); }
export function countTaken(port: i32): void { const at = portsAt + (<usize>port << 3) + 4; store<u32>(at, load<u32>(at) + 1); }
export function sentBy(port: i32): u32 { return load<u32>(portsAt + (<usize>port << 3)); }
export function takenBy(port: i32): u32 { return load<u32>(portsAt + (<usize>port << 3) + 4); }

/** Frame `sequence` of a row has arrived. True: for the first time. */
export function countArrival(row: i32, sequence: i32): bool {
  const c = probeCount(row);
  if (c.arrived == 0 || sequence > c.newest) {
    const by = sequence - c.newest;
    c.window = c.arrived == 0 || by > 63 ? 1 : (c.window << <u64>by) | 1;
    c.newest = sequence;
    c.arrived += 1;
    return true;
  }
  const back = c.newest - sequence;
  const bit: u64 = back > 63 ? 0 : <u64>1 << <u64>back;
  if (bit == 0 || (c.window & bit) != 0) { c.copies += 1; return false; }
  c.window |= bit;
  c.arrived += 1; c.late += 1;
  return true;
}
