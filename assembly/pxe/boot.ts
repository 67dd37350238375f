// A server without an operating system: its firmware looks for a NIC, asks DHCP, loads and installs; then the operating
// system starts from the disk and configures the network.
//
//   OFF -> POST -> LINK -> DISCOVER -> REQUEST -> LOADING -> INSTALLING -> POST -> OS -> BOND -> BOOTED
//                    ^ next NIC, or reboot: no answer, or the transfer is cut off            FAILED: no attempt is left
//
// Pure: it asks for frames (`send`) and deeds (`act`), and is told of links, answers and the way to the server.
// Waiting times of DHCP: PXE 2.1 has four DISCOVERs that wait 4, 8, 16, 32 s and four REQUESTs that wait 1, 2, 3, 4 s.

import {
  DHCP_ACK, DHCP_DISCOVER, DHCP_OFFER, DHCP_REQUEST, DHCP_SILENCE, LOAD_BEGIN, LOAD_DONE, LOAD_RESUMED, LOAD_RETRY, LOAD_STALLED, PXE_BOND, PXE_BOOTED,
  PXE_DISCOVER, PXE_FAILED, PXE_INSTALLING, PXE_LINK, PXE_LOADING, PXE_NIC_EACH, PXE_NIC_NAMED, PXE_OFF, PXE_OS, PXE_POST, PXE_REQUEST, T_PXE, T_PXE_DHCP, T_PXE_LOAD,
} from "../abi";
import { take } from "../core/memory";
import { trace } from "../core/trace";

export const NEVER: i64 = i64.MAX_VALUE;
export const ACT_NONE: i32 = 0;
export const ACT_REBOOT: i32 = 1;
export const ACT_START_OS: i32 = 2;

const REQUEST_STEP: i64 = 1000000000;
const REQUESTS: i32 = 4;

@unmanaged export class Boot {
  // configuration
  node: i32;
  firstPort: i32; nics: i32; // engine ports of its NICs
  nicRule: i32; nic: i32; // PXE_NIC_*, and the index of the named one
  attempts: i32; // of the firmware, each after a restart
  discovers: i32;
  loadRetries: i32;
  powerAt: i64; postNs: i64; linkNs: i64; discoverNs: i64;
  loadRetryNs: i64; installNs: i64; osNs: i64;
  bytes: i64;
  limitKb: i64; // kB/s that one transfer reaches by itself
  // inputs
  links: u64; // NICs with a link, one bit each
  way: bool; // frames pass between the NIC and the server, both ways
  // outputs: the owner clears them
  send: i32; // DHCP_* to send by the NIC
  act: i32;
  gaveUp: bool; // this NIC leads nowhere: the owner says why, then calls next()
  // state
  state: i32;
  attempt: i32;
  tried: u64;
  nicNow: i32; // -1 none
  tries: i32;
  server: i32; // who offered, -1
  installed: bool;
  dueAt: i64;
  // the transfer
  left: i64; // bytes
  rateKb: i64;
  sinceAt: i64; // `left` was right then
  doneAt: i64;
  // for the owner
  cause: u32;
  heardBy: i32; // server that heard a DISCOVER of this NIC, -1
  blockedBy: u32; blockedPort: i32; blockedWhy: i32; // what stopped the last DISCOVER at the first hop
}

export const BOOT_BYTES: usize = (offsetof<Boot>() + 15) & ~15;
let base: usize = 0;
export let maxBoots: i32 = 0;
export let boots: i32 = 0;
export function reserveBoots(count: i32): void { maxBoots = count; base = take(<usize>count * BOOT_BYTES); }
export function bootOf(i: i32): Boot { return changetype<Boot>(base + <usize>i * BOOT_BYTES); }
export function newBoot(): i32 { boots += 1; return boots - 1; }

function enter(b: Boot, state: i32): void {
  const old = b.state;
  b.state = state;
  trace(T_PXE, b.node, old, state, b.nicNow < 0 ? -1 : b.firstPort + b.nicNow);
}

/** Power comes: self-test. The owner calls started() when it is over. */
export function powerOn(b: Boot): void {
  b.attempt = 1;
  toPost(b);
}
function toPost(b: Boot): void {
  b.nicNow = -1; b.tried = 0; b.tries = 0; b.server = -1; b.links = 0; b.way = false; b.send = 0; b.rateKb = 0;
  b.dueAt = NEVER; b.doneAt = NEVER;
  enter(b, PXE_POST);
}

/** Power is gone. What is installed stays. */
export function powerOff(b: Boot): void {
  b.state = PXE_OFF;
  b.nicNow = -1; b.send = 0; b.act = ACT_NONE; b.gaveUp = false; b.rateKb = 0; b.way = false;
  b.dueAt = NEVER; b.doneAt = NEVER;
}

/** The self-test is over. Choice: what is installed starts from the disk, the network is not asked again. */
export function started(b: Boot, now: i64): void {
  enter(b, b.installed ? PXE_OS : PXE_LINK);
  b.dueAt = now + (b.installed ? b.osNs : b.linkNs);
}

/** Call when a link changes, and at deadline(). */
export function run(b: Boot, now: i64): void {
  switch (b.state) {
    case PXE_LINK: {
      const nic = pick(b);
      if (nic >= 0) toDiscover(b, nic, now);
      else if (now >= b.dueAt) giveUp(b);
      return;
    }
    case PXE_DISCOVER: if (now >= b.dueAt) unanswered(b, now, b.discovers); return;
    case PXE_REQUEST: if (now >= b.dueAt) unanswered(b, now, REQUESTS); return;
    case PXE_LOADING: loading(b, now); return;
    case PXE_INSTALLING:
      if (now < b.dueAt) return;
      b.installed = true;
      b.act = ACT_REBOOT;
      toPost(b);
      return;
    case PXE_OS:
      if (now < b.dueAt) return;
      b.dueAt = NEVER;
      b.act = ACT_START_OS;
      enter(b, PXE_BOND);
      return;
    default: return;
  }
}

/** When run() has to be called next. */
export function deadline(b: Boot): i64 { return b.gaveUp ? NEVER : min(b.dueAt, b.doneAt); }

/** The NIC to try now, -1 while none that may be tried has a link. */
function pick(b: Boot): i32 {
  for (let i = 0; i < b.nics; i++) {
    const bit = (<u64>1) << <u64>i;
    if ((b.links & bit) == 0) continue;
    if (b.nicRule == PXE_NIC_NAMED && i != b.nic) continue;
    if (b.nicRule == PXE_NIC_EACH && (b.tried & bit) != 0) continue;
    return i;
  }
  return -1;
}

function toDiscover(b: Boot, nic: i32, now: i64): void {
  b.nicNow = nic; b.tries = 0; b.server = -1; b.heardBy = -1; b.blockedWhy = 0;
  enter(b, PXE_DISCOVER);
  ask(b, now);
}

/** Sends, and waits: twice as long each time for a DISCOVER, a second more each time for a REQUEST. */
function ask(b: Boot, now: i64): void {
  const discover = b.state == PXE_DISCOVER;
  b.dueAt = now + (discover ? b.discoverNs << <i64>b.tries : REQUEST_STEP * (b.tries + 1));
  b.tries += 1;
  b.send = discover ? DHCP_DISCOVER : DHCP_REQUEST;
  trace(T_PXE_DHCP, b.node, b.send, b.tries, discover ? b.discovers : REQUESTS);
}

function unanswered(b: Boot, now: i64, tries: i32): void {
  trace(T_PXE_DHCP, b.node, DHCP_SILENCE, b.tries, tries);
  if (b.tries < tries) ask(b, now);
  else giveUp(b);
}

/** An OFFER. Choice: the first one is taken at once; a proxy is not waited for. */
export function offered(b: Boot, server: i32, now: i64): void {
  if (b.state != PXE_DISCOVER) return;
  b.server = server; b.tries = 0;
  trace(T_PXE_DHCP, b.node, DHCP_OFFER, 1, 1);
  enter(b, PXE_REQUEST);
  ask(b, now);
}

export function acknowledged(b: Boot, server: i32, now: i64): void {
  if (b.state != PXE_REQUEST || server != b.server) return;
  trace(T_PXE_DHCP, b.node, DHCP_ACK, 1, 1);
  b.left = b.bytes; b.sinceAt = now; b.rateKb = 0; b.tries = 0; b.dueAt = NEVER; b.doneAt = NEVER;
  b.way = true;
  enter(b, PXE_LOADING);
  trace(T_PXE_LOAD, b.node, LOAD_BEGIN, <i32>(b.bytes >> 10), 0);
}

// --- transfer --------------------------------------------------------------------------------------

/** Bytes that came since the last look. 1 kB/s is a byte in a thousand µs. */
function progress(b: Boot, now: i64): void {
  b.left -= (now - b.sinceAt) / 1000 * b.rateKb / 1000;
  if (b.left < 0) b.left = 0;
  b.sinceAt = now;
}

/** Its share of the server's link has changed. */
export function setRate(b: Boot, rateKb: i64, now: i64): void {
  if (rateKb == b.rateKb) return;
  progress(b, now);
  b.rateKb = rateKb;
  b.doneAt = rateKb <= 0 ? NEVER : now + b.left * 1000000 / rateKb + 1000;
}

/** The way is lost: frames are repeated at intervals, and it goes on with the first that is answered. */
export function stall(b: Boot, now: i64): void {
  setRate(b, 0, now);
  b.way = false; b.tries = 0;
  b.dueAt = now + b.loadRetryNs;
  trace(T_PXE_LOAD, b.node, LOAD_STALLED, <i32>(b.left >> 10), 0);
}

/** `way` is what the owner found just before. */
function loading(b: Boot, now: i64): void {
  if (now >= b.doneAt) {
    b.left = 0; b.rateKb = 0; b.doneAt = NEVER;
    trace(T_PXE_LOAD, b.node, LOAD_DONE, <i32>(b.bytes >> 10), 0);
    b.dueAt = now + b.installNs;
    enter(b, PXE_INSTALLING);
  } else if (now >= b.dueAt) {
    if (b.way) {
      b.dueAt = NEVER;
      trace(T_PXE_LOAD, b.node, LOAD_RESUMED, <i32>(b.left >> 10), 0);
      return;
    }
    b.tries += 1;
    trace(T_PXE_LOAD, b.node, LOAD_RETRY, b.tries, b.loadRetries);
    if (b.tries >= b.loadRetries) giveUp(b);
    else b.dueAt = now + b.loadRetryNs;
  }
}

// --- ends ------------------------------------------------------------------------------------------

function giveUp(b: Boot): void {
  b.gaveUp = true;
  b.dueAt = NEVER;
}

/** After the reason was told: another NIC, another attempt, or the end. */
export function next(b: Boot, now: i64): void {
  b.gaveUp = false;
  if (b.nicNow >= 0) b.tried |= (<u64>1) << <u64>b.nicNow;
  if (b.nicRule == PXE_NIC_EACH && pick(b) >= 0) {
    enter(b, PXE_LINK);
    b.dueAt = now + b.linkNs;
  } else if (b.attempt < b.attempts) {
    b.attempt += 1;
    b.act = ACT_REBOOT;
    toPost(b);
  } else {
    enter(b, PXE_FAILED);
    b.nicNow = -1;
  }
}

export function networkUp(b: Boot): void { enter(b, PXE_BOOTED); }

export function nicPort(b: Boot): i32 { return b.nicNow < 0 ? -1 : b.firstPort + b.nicNow; }
