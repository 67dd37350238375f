// Every timer has a fixed place: (kind, entity). Its rank orders it among the events of one instant.

import { take } from "../core/memory";
import { cause } from "../core/trace";
import { NEVER, cancel, rankOf, reserveQueue, schedule, setRank, deadlineOf } from "../collections/event-queue";
import { maxFhrps } from "./fhrp-tables";
import { maxBoots } from "../pxe/boot";
import { maxGroups, maxL3, maxLags, maxNodes, maxPorts, maxVrrps } from "./tables";
import { maxStps } from "./stp-tables";

// Phases of an instant: first what has aged (a look-up at this instant finds it gone), then what happens to the hardware, then frames,
// then machines, then measurement.
export const PHASE_AGE: u64 = 0;
export const PHASE_SCENARIO: u64 = 1;
export const PHASE_LINK: u64 = 2;
export const PHASE_FRAME: u64 = 3;
export const PHASE_MACHINE: u64 = 4;
export const PHASE_FLOW: u64 = 5;
export function inAgePhase(rank: u64): bool { return rank >> 56 == PHASE_AGE; }

export const TIMER_SCENARIO: i32 = 0; // entity: step
export const TIMER_CARRIER: i32 = 1; // port
export const TIMER_BOOT: i32 = 2; // node
export const TIMER_MII: i32 = 3; // lag
export const TIMER_LACP: i32 = 4; // group
export const TIMER_VRRP: i32 = 5; // vrrp
export const TIMER_ARP: i32 = 6; // neighbour entry
export const TIMER_HELLO: i32 = 7; // port: send a routed hello
export const TIMER_HOLD: i32 = 8; // port: routed neighbour silent
export const TIMER_ROUTE: i32 = 9; // node: work through changed routes
export const TIMER_MLAG: i32 = 10; // MC-LAG peer
export const TIMER_SERVICE: i32 = 11; // service
export const TIMER_PROBE: i32 = 12; // flow direction
export const TIMER_L3: i32 = 13; // VLAN interface comes up after its delay
export const TIMER_FHRP: i32 = 14; // HSRP, GLBP or anycast group
export const TIMER_STP: i32 = 15; // spanning tree of a bridge
export const TIMER_BOND: i32 = 16; // 3 a lag: balance-alb's clients, ARP monitor, notices (bond/rlb.ts)
export const TIMER_FALLBACK: i32 = 17; // LACP group
export const TIMER_PXE: i32 = 18; // server that boots over the network
export const TIMER_AGE: i32 = 19; // node: a MAC table row that a flow goes by may have aged
const KINDS: i32 = 20;

const bases = memory.data(20 * 4);
const counts = memory.data(20 * 4);
let total: i32 = 0;
let causes: usize = 0; // u32 a timer: the record that was the cause when it was set
/** Those of whom that is asked; what the others do is explained by their owners (events/loop.ts). */
const REMEMBERED: i32 = 1 << TIMER_SCENARIO | 1 << TIMER_CARRIER | 1 << TIMER_BOOT | 1 << TIMER_MII | 1 << TIMER_SERVICE | 1 << TIMER_L3 | 1 << TIMER_BOND;

function lay(kind: i32, count: i32): void {
  store<i32>(bases + (<usize>kind << 2), total);
  store<i32>(counts + (<usize>kind << 2), count);
  total += count;
}

/** Lays the timers out, then `frames` frames behind them. Returns the id of the first frame. */
export function reserveTimers(steps: i32, arps: i32, peers: i32, services: i32, probes: i32, frames: i32): i32 {
  total = 0;
  lay(TIMER_SCENARIO, steps); lay(TIMER_CARRIER, maxPorts); lay(TIMER_BOOT, maxNodes); lay(TIMER_MII, maxLags);
  lay(TIMER_LACP, maxGroups); lay(TIMER_VRRP, maxVrrps); lay(TIMER_ARP, arps); lay(TIMER_HELLO, maxPorts); lay(TIMER_HOLD, maxPorts);
  lay(TIMER_ROUTE, maxNodes); lay(TIMER_MLAG, peers); lay(TIMER_SERVICE, services); lay(TIMER_PROBE, probes); lay(TIMER_L3, maxL3);
  lay(TIMER_FHRP, maxFhrps);
  lay(TIMER_STP, maxStps);
  lay(TIMER_BOND, maxLags * 3);
  lay(TIMER_FALLBACK, maxGroups); lay(TIMER_PXE, maxBoots); lay(TIMER_AGE, maxNodes);
  reserveQueue(<u32>(total + frames));
  causes = take(<usize>total << 2);
  for (let kind = 0; kind < KINDS; kind++) {
    const n = load<i32>(counts + (<usize>kind << 2));
    for (let i = 0; i < n; i++) setRank(<u32>(load<i32>(bases + (<usize>kind << 2)) + i), (phaseOf(kind) << 56) | (<u64>i << 24) | <u64>kind);
  }
  return total;
}

function phaseOf(kind: i32): u64 {
  if (kind == TIMER_AGE) return PHASE_AGE;
  if (kind == TIMER_SCENARIO) return PHASE_SCENARIO;
  if (kind == TIMER_CARRIER || kind == TIMER_BOOT) return PHASE_LINK;
  if (kind == TIMER_SERVICE || kind == TIMER_PROBE) return PHASE_FLOW;
  return PHASE_MACHINE;
}

function idOf(kind: i32, entity: i32): u32 { return <u32>(load<i32>(bases + (<usize>kind << 2)) + entity); }

export function setTimer(kind: i32, entity: i32, at: i64): void { set(kind, idOf(kind, entity), at); }
// @ts-ignore: decorator
@inline function set(kind: i32, id: u32, at: i64): void {
  schedule(id, at);
  if (((REMEMBERED >> kind) & 1) != 0) store<u32>(causes + (<usize>id << 2), cause);
}
export function stopTimer(kind: i32, entity: i32): void { cancel(idOf(kind, entity)); }
export function timerAt(kind: i32, entity: i32): i64 { return deadlineOf(idOf(kind, entity)); }

export function causeOfTimer(kind: i32, entity: i32): u32 { return load<u32>(causes + (<usize>idOf(kind, entity) << 2)); }

/** Follows a machine's next deadline. An earlier or later one moves the timer, NEVER stops it. */
export function followDeadline(kind: i32, entity: i32, at: i64, now: i64): void {
  const id = idOf(kind, entity);
  const due = at == NEVER || at > now ? at : now;
  if (deadlineOf(id) == due) return; // and its cause stays what it was
  if (due == NEVER) cancel(id);
  else set(kind, id, due);
}

/** The LACP group whose timer this is, or -1. */
export function lacpOfTimer(id: u32): i32 {
  const group = <i32>id - load<i32>(bases + (<usize>TIMER_LACP << 2));
  return group >= 0 && group < load<i32>(counts + (<usize>TIMER_LACP << 2)) ? group : -1;
}

/** Which timer is this? Writes `firedKind` and `firedEntity`. */
export let firedKind: i32 = 0;
export let firedEntity: i32 = 0;
export function identify(id: i32): void {
  const rank = rankOf(<u32>id);
  firedKind = <i32>(rank & 0xffffff);
  firedEntity = <i32>(<u32>(rank >> 24));
}
