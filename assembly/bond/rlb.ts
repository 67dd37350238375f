// Receive load balancing of balance-alb (bond_alb.c, rlb_*): each client of the subnet is told, by ARP, the address of the member
// by which it shall send. Clients are known by a hash of their address: one row each. Of two with one hash the later one has it, and the former is told the
// active member's address, which stays the bond's (rlb_choose_channel).

import { FRAME_ARP, T_RLB_CLIENT } from "../abi";
import { cause, setCause, trace, now } from "../core/trace";
import { Frame, makeFrame, send, setAside, takeBack } from "../sim/frames";
import { Lag, l3Of, lagOf, memberOf } from "../sim/tables";
import { TIMER_BOND, setTimer } from "../sim/timers";
import { sends } from "./choose";
import { bondMemberOf, optionsOf } from "../sim/bond-tables";
import { BUCKET_TABLE } from "./spread";

@unmanaged class Client {
  ip: u32; member: i32; // index in the lag
  mac: u64; // 0 or broadcast: not known yet
  tell: i32; used: i32;
}
const CLIENTS: i32 = 256;
export const RLB_BYTES: usize = BUCKET_TABLE + 256 * 24;
const UPDATE_DELAY: i64 = 2000000000; // after a request of ours, which gathers all clients on the active member
const UPDATES = 2; // replies a client and update
const ROUNDS: i32 = 4; // an update and RLB_UPDATE_RETRY more, one a tick of the bond's work
const TICK: i64 = 100000000;
const BROADCAST: u64 = 0xffffffffffff;
const PARTS: i32 = 3;
export const PART_RLB: i32 = 0;
export const PART_ARP: i32 = 1;
export const PART_TIMES: i32 = 2; // notices and learning frames
export function bondTimer(lag: i32, part: i32): i32 { return lag * PARTS + part; }

let turn: i32 = 0; // scratch of nextMember

function clientAt(index: i32, i: i32): Client { return changetype<Client>(optionsOf(index).tables + BUCKET_TABLE + <usize>i * offsetof<Client>()); }
function clientFor(index: i32, ip: u32): Client { return clientAt(index, <i32>((ip ^ (ip >> 8) ^ (ip >> 16) ^ (ip >> 24)) & 0xff)); }

/** Round and round the members that send. */
function nextMember(index: i32): i32 {
  const lag = lagOf(index);
  const o = optionsOf(index);
  for (let k = 0; k < lag.count; k++) {
    turn = (o.arpSlave + 1 + k) % lag.count;
    if (sends(lag, lag.first + turn)) { o.arpSlave = turn; return turn; }
  }
  return -1;
}

function assign(index: i32, c: Client, ip: u32): void {
  const lag = lagOf(index);
  if (c.used != 0 && c.ip == ip && c.member >= 0 && sends(lag, lag.first + c.member)) return;
  const before = cause;
  if (c.used != 0 && c.ip != ip && lag.active >= 0 && c.member != lag.active) { setAside(); update(lag, c, lag.active); takeBack(); setCause(before); }
  c.used = 1; c.mac = c.ip == ip ? c.mac : 0; c.ip = ip; c.member = nextMember(index);
  trace(T_RLB_CLIENT, index, <i32>ip, c.member >= 0 ? memberOf(lag.first + c.member).port : -1, 0);
  setCause(before);
}

/** An ARP frame that the bond sends. Returns the member for it, or -1: the active one. */
export function rlbTransmit(index: i32, f: Frame): i32 {
  if (f.c == f.d) return -1; // an announcement is nobody's own
  const lag = lagOf(index);
  const c = clientFor(index, f.d);
  assign(index, c, f.d);
  if (f.a == 1) { setTimer(TIMER_BOND, bondTimer(index, PART_RLB), now + UPDATE_DELAY); tellAll(index); return -1; }
  c.mac = f.f;
  if (c.member < 0) return -1;
  const mac = bondMemberOf(lag.first + c.member).mac;
  f.e = mac; f.srcMac = mac;
  return lag.first + c.member;
}

function tellAll(index: i32): void {
  for (let i = 0; i < CLIENTS; i++) { const c = clientAt(index, i); if (c.used != 0) c.tell = ROUNDS; }
}

/** An ARP reply has come in: the client's address is known now. */
export function rlbReceived(index: i32, f: Frame): void {
  if (f.kind != FRAME_ARP || f.a != 2) return;
  const c = clientFor(index, f.c);
  if (c.used == 0 || c.ip != f.c || c.mac == f.e) return;
  c.mac = f.e;
  c.tell = ROUNDS;
  setTimer(TIMER_BOND, bondTimer(index, PART_RLB), now + UPDATE_DELAY);
}

/** Members went or came: whose clients move, and all that moved are told at the next tick. `all`: dealt anew. */
export function rlbMembers(index: i32, all: bool): void {
  const lag = lagOf(index);
  for (let i = 0; i < CLIENTS; i++) {
    const c = clientAt(index, i);
    if (c.used == 0) continue;
    if (!all && c.member >= 0 && sends(lag, lag.first + c.member)) continue;
    c.member = -1;
    assign(index, c, c.ip);
    c.tell = ROUNDS;
  }
  nextTick(index);
}

/** Addresses were swapped: the clients of those members learn the new ones. */
export function rlbSwapped(index: i32): void { tellAll(index); nextTick(index); }
function nextTick(index: i32): void { setTimer(TIMER_BOND, bondTimer(index, PART_RLB), (now / TICK + 1) * TICK); }

/** Replies to every client whose entry has changed. */
export function rlbTell(index: i32): void {
  const lag = lagOf(index);
  if (lag.l3 < 0) return;
  let again = false;
  for (let i = 0; i < CLIENTS; i++) {
    const c = clientAt(index, i);
    if (c.used == 0 || c.tell == 0 || c.member < 0) continue;
    c.tell -= 1;
    if (!known(c)) { c.tell = 0; continue; }
    if (c.tell > 0) again = true;
    update(lag, c, c.member);
  }
  if (again) nextTick(index);
}
function known(c: Client): bool { return c.mac != 0 && c.mac != BROADCAST; }

/** By which member the client shall send (rlb_update_client). */
function update(lag: Lag, c: Client, to: i32): void {
  if (!known(c) || lag.l3 < 0) return;
  const l3 = l3Of(lag.l3);
  const mac = bondMemberOf(lag.first + to).mac;
  for (let k = 0; k < UPDATES; k++) {
    const f = makeFrame(FRAME_ARP, l3.node, mac, c.mac);
    f.a = 2; f.c = l3.ip; f.e = mac; f.d = c.ip; f.f = c.mac;
    send(memberOf(lag.first + to).port, f);
  }
}
export function forgetClients(lag: Lag, index: i32): void {
  const o = optionsOf(index);
  if (o.tables != 0) memory.fill(o.tables, 0, RLB_BYTES);
  o.arpSlave = -1; o.counter = 0; o.notifyLeft = 0; o.dealtAt = now;
  for (let i = 0; i < lag.count; i++) { const m = bondMemberOf(lag.first + i); m.load = 0; m.failures = 0; }
}
