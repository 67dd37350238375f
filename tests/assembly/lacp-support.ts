// Groups for the LACP specs, and two of them wired back to back.

import { LACP_ACTIVITY, LACP_AGGREGATION, RX_PORT_DISABLED } from "../../assembly/abi";
import { reserveTrace, setCause, setNow, traceAt, traceCapacity, traceWritten } from "../../assembly/core/trace";
import * as lacp from "../../assembly/lacp/lacp";
import { LacpGroup, LacpPort, LACP_GROUP_BYTES, LACP_PORT_BYTES, NEVER, member } from "../../assembly/lacp/port";
import { Lacpdu, LACPDU_BYTES, lacpduAt } from "../../assembly/wire/lacpdu";
import { shareMemory } from "./share-memory";

export const MS: i64 = 1000000;
export const SEC: i64 = 1000000000;
export const MAC_A: u64 = 0x02aa00000000;
export const MAC_B: u64 = 0x02bb00000000;
const MAX_PORTS: usize = 8;
const TRACE_RECORDS: u32 = 65536;

let ready: bool = false;
export function prepare(): void {
  if (ready) return;
  ready = true;
  shareMemory();
  reserveTrace(TRACE_RECORDS);
}

const groups = memory.data(1024);
const ports = memory.data(8192);
const pdus = memory.data(64);

/** Group `which` (0 or 1) with `count` members: ports 10.. or 20.., numbers 1.. */
export function makeGroup(which: i32, linux: bool, count: i32): LacpGroup {
  prepare();
  const at = groups + <usize>which * 512;
  const first = ports + <usize>which * 4096;
  memory.fill(at, 0, LACP_GROUP_BYTES);
  memory.fill(first, 0, LACP_PORT_BYTES * MAX_PORTS);
  const g = changetype<LacpGroup>(at);
  g.first = first;
  g.lag = which;
  g.count = count;
  g.system = which == 0 ? MAC_A : MAC_B;
  g.systemPriority = linux ? 65535 : 32768;
  g.key = linux ? 0 : 7;
  g.active = true;
  g.fast = true;
  g.linux = linux;
  g.tickNs = 100 * MS;
  for (let i = 0; i < count; i++) {
    const p = member(g, i);
    p.port = 10 + which * 10 + i;
    p.number = <u32>i + 1;
    p.priority = linux ? 255 : 32768;
    p.speedMbps = 10000;
  }
  return g;
}

/** The same, powered on at 0, all links up, BEGIN done. Nothing heard yet. */
export function startGroup(which: i32, linux: bool, count: i32): LacpGroup {
  const g = makeGroup(which, linux, count);
  setNow(0);
  setCause(0);
  lacp.begin(g, 0);
  lacp.run(g, 0);
  return g;
}

/** A port in the given receive state, BEGIN over, for calling one machine by hand. */
export function portIn(g: LacpGroup, rxState: i32): LacpPort {
  setNow(0);
  setCause(0);
  lacp.begin(g, 0);
  const p = member(g, 0);
  p.begin = false;
  p.enabled = rxState != RX_PORT_DISABLED;
  p.lacpEnabled = true;
  p.rxState = rxState;
  p.actorState = LACP_ACTIVITY | LACP_AGGREGATION | (g.fast ? 2 : 0);
  g.dirty = false;
  return p;
}

/** A frame from the other system that agrees with all that `p` believes of itself. */
export function frameFor(g: LacpGroup, p: LacpPort, state: u32): Lacpdu {
  const f = lacpduAt(pdus);
  f.actorSystem = MAC_B; f.actorSystemPriority = 32768; f.actorKey = 9; f.actorPortPriority = 32768; f.actorPort = p.number;
  f.actorState = state;
  f.partnerSystem = g.system; f.partnerSystemPriority = g.systemPriority; f.partnerKey = p.key;
  f.partnerPortPriority = p.priority; f.partnerPort = p.number; f.partnerState = p.actorState;
  return f;
}

/** Makes `p` believe what `frameFor` says. */
export function knows(p: LacpPort, state: u32): void {
  p.partnerSystem = MAC_B; p.partnerSystemPriority = 32768; p.partnerKey = 9; p.partnerPortPriority = 32768; p.partnerPort = p.number;
  p.partnerState = state;
}

// --- the trace -----------------------------------------------------------------------------------

function recordAt(id: u32): usize { return traceAt() + <usize>((id - 1) % traceCapacity()) * 32; }

/** Time of the last record after `mark` of this kind and entity with new value `b` (b = -2: any); -1 none. */
export function lastTime(mark: u32, kind: i32, entity: i32, b: i32): i64 {
  for (let id = traceWritten(); id > mark; id--) if (matches(id, kind, entity, b)) return load<i64>(recordAt(id));
  return -1;
}

/** The same, the first one. */
export function firstTime(mark: u32, kind: i32, entity: i32, b: i32): i64 {
  for (let id = mark + 1; id <= traceWritten(); id++) if (matches(id, kind, entity, b)) return load<i64>(recordAt(id));
  return -1;
}

export function countRecords(mark: u32, kind: i32, entity: i32): i32 {
  let n = 0;
  for (let id = mark + 1; id <= traceWritten(); id++) if (matches(id, kind, entity, -2)) n += 1;
  return n;
}

function matches(id: u32, kind: i32, entity: i32, b: i32): bool {
  const r = recordAt(id);
  return load<i32>(r, 8) == kind && load<i32>(r, 12) == entity && (b == -2 || load<i32>(r, 24) == b);
}

/** Root of the chain of causes of the last such record. */
export function rootOf(mark: u32, kind: i32, entity: i32, b: i32): u32 {
  for (let id = traceWritten(); id > mark; id--) {
    if (!matches(id, kind, entity, b)) continue;
    let at = id;
    while (load<u32>(recordAt(at), 16) != 0) at = load<u32>(recordAt(at), 16);
    return at;
  }
  return 0;
}

/** A digest of all records after `mark`; causes count from the mark. */
export function digest(mark: u32): u64 {
  let h: u64 = 0xcbf29ce484222325;
  for (let id = mark + 1; id <= traceWritten(); id++) {
    const r = recordAt(id);
    for (let w: usize = 0; w < 32; w += 4) {
      let v = load<u32>(r + w);
      if (w == 16 && v > mark) v -= mark;
      else if (w == 16) v = 0;
      h = (h ^ <u64>v) * 0x100000001b3;
    }
  }
  return h;
}

// --- two groups, member i to member i, DELAY apart --------------------------------------------------

export const DELAY: i64 = 1000;
const FRAME: usize = 96; // at i64, group i32, member i32, in use i32, cause u32, pdu
const FRAMES: i32 = 64;
const frames = memory.data(6144);
export const SILENT_AB: i32 = 1;
export const SILENT_BA: i32 = 2;
const silent = memory.data(32);
let a: LacpGroup = changetype<LacpGroup>(0);
let b: LacpGroup = changetype<LacpGroup>(0);
export let now: i64 = 0;
export let everyTick: bool = false;
export let sentByA: i32 = 0; // frames of A's member 0
export let sentByB: i32 = 0;
export let runs: i32 = 0; // calls of run()

export function setEveryTick(value: bool): void { everyTick = value; }
export function setSilent(i: i32, bits: i32): void { store<i32>(silent + (<usize>i << 2), bits); }

/** Two groups not yet powered on. */
export function wire(linuxA: bool, linuxB: bool, count: i32): void {
  a = makeGroup(0, linuxA, count);
  b = makeGroup(1, linuxB, count);
  memory.fill(frames, 0, FRAME * <usize>FRAMES);
  memory.fill(silent, 0, 32);
  now = 0; everyTick = false; sentByA = 0; sentByB = 0; runs = 0;
  setCause(0);
}
export function A(): LacpGroup { return a; }
export function B(): LacpGroup { return b; }

export function powerOn(g: LacpGroup): void {
  setNow(now);
  setCause(0);
  for (let i = 0; i < g.count; i++) member(g, i).enabled = true;
  lacp.begin(g, now);
  step();
}

export function link(i: i32, up: bool): void {
  setNow(now);
  setCause(0);
  lacp.setEnabled(a, member(a, i), up, now);
  lacp.setEnabled(b, member(b, i), up, now);
  step();
}

/** Lets both groups come to rest at `now` and puts what they send on the wire. */
export function step(): void {
  setNow(now);
  settle(a, 0);
  settle(b, 1);
}

function settle(g: LacpGroup, which: i32): void {
  setCause(0);
  lacp.run(g, now);
  runs += 1;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (!p.sendPdu) continue;
    p.sendPdu = false;
    if (i == 0 && which == 0) sentByA += 1;
    if (i == 0 && which == 1) sentByB += 1;
    const lost = load<i32>(silent + (<usize>i << 2)) & (which == 0 ? SILENT_AB : SILENT_BA);
    if (lost == 0) send(g, p, 1 - which, i);
  }
}

function send(g: LacpGroup, p: LacpPort, to: i32, i: i32): void {
  for (let k = 0; k < FRAMES; k++) {
    const f = frames + <usize>k * FRAME;
    if (load<i32>(f, 16) != 0) continue;
    store<i64>(f, now + DELAY);
    store<i32>(f, to, 8);
    store<i32>(f, i, 12);
    store<i32>(f, 1, 16);
    store<u32>(f, p.cause, 20);
    lacp.fillPdu(p, lacpduAt(f + 24));
    return;
  }
  assert(false, "no room for a frame");
}

function gridAfter(g: LacpGroup): i64 {
  const k = (now - g.tickPhaseNs) / g.tickNs + 1;
  return g.tickPhaseNs + k * g.tickNs;
}

/** Runs to `until`, calling each group only when it asks for it (or in every tick, too). */
export function runTo(until: i64): void {
  while (true) {
    let next = min(lacp.nextDeadline(a), lacp.nextDeadline(b));
    if (everyTick && a.linux) next = min(next, gridAfter(a));
    if (everyTick && b.linux) next = min(next, gridAfter(b));
    for (let k = 0; k < FRAMES; k++) {
      const f = frames + <usize>k * FRAME;
      if (load<i32>(f, 16) != 0) next = min(next, load<i64>(f));
    }
    if (next > until) break;
    assert(next >= now, "a deadline in the past");
    now = next;
    setNow(now);
    for (let k = 0; k < FRAMES; k++) {
      const f = frames + <usize>k * FRAME;
      if (load<i32>(f, 16) == 0 || load<i64>(f) != now) continue;
      store<i32>(f, 0, 16);
      const g = load<i32>(f, 8) == 0 ? a : b;
      setCause(load<u32>(f, 20));
      lacp.deliver(g, member(g, load<i32>(f, 12)), lacpduAt(f + 24), now);
    }
    step();
  }
  now = until;
  setNow(now);
}

/** Members that both collect and distribute. */
export function usableMembers(g: LacpGroup): i32 {
  let n = 0;
  for (let i = 0; i < g.count; i++) if (member(g, i).usable == 3) n += 1;
  return n;
}
assert(LACPDU_BYTES + 24 <= FRAME && NEVER > 0);
