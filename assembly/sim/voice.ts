// The routers of first-hop groups as who speaks and who is heard: VRRP, HSRP and GLBP alike. A voice is one router in one group; its frames
// carry it. When a router takes over because another fell silent, `silence` says on what account: per voice, not per node, so that
// one dark cable among many is found.

import { FRAME_GLBP, FRAME_HSRP, FRAME_VRRP, NODE_HOST } from "../abi";
import { take } from "../core/memory";
import { now } from "../core/trace";
import { fhrpOf, maxFhrps } from "./fhrp-tables";
import { BRIDGE_LAG, bridgeOf, bridgePortOf, l3Of, lagOf, maxVrrps, nodeOf, portOf, vrrpPlaceOf } from "./tables";

@unmanaged export class Voice {
  lostAt: i64; lostCause: u32; // when something it said was last lost on the way to another switch, and on what account
  next: i32; nextInDomain: i32; // hellos left out (rest-voices.ts): the next one of its company, of its domain
  heldCount: i32;
  held: usize; // i32 each: MAC table rows held while it rests
  changedAt: i64; // when its state, its priority or whom it hears changed last
  restAt: i64; // when it went to rest, 0 awake
}

export const NO_VOICE: i32 = -1;
let voicesAt: usize = 0;
export function reserveVoices(): void { voicesAt = take(<usize>(maxVrrps + maxFhrps) * offsetof<Voice>()); }
export function voiceOf(i: i32): Voice { return changetype<Voice>(voicesAt + <usize>i * offsetof<Voice>()); }

export function voiceOfVrrp(v: i32): i32 { return v; }
export function voiceOfFhrp(k: i32): i32 { return maxVrrps + k; }
export function isVrrp(voice: i32): bool { return voice < maxVrrps; }
/** Its row among those of VRRP, or of the others. */
export function rowVoiced(voice: i32): i32 { return isVrrp(voice) ? voice : voice - maxVrrps; }
export function l3Voiced(voice: i32): i32 { return isVrrp(voice) ? vrrpPlaceOf(voice).l3 : fhrpOf(rowVoiced(voice)).l3; }

/** A frame was lost before it reached a node. `group`: the row that the frame carries of whoever sent it. */
export function voiceLost(kind: i32, group: i32, far: i32, why: u32): void {
  if (kind != FRAME_VRRP && kind != FRAME_HSRP && kind != FRAME_GLBP) return;
  if (nodeOf(far).kind == NODE_HOST) return;
  const voice = voiceOf(kind == FRAME_VRRP ? voiceOfVrrp(group) : voiceOfFhrp(group));
  voice.lostAt = now; voice.lostCause = why;
}

/**
 * Why a voice is not heard any more at an interface that last heard it at `heardAt`: its node, its interface, what swallowed what it said
 * since, or the newest of the ports here that are down. 0 when none of these is known.
 */
export function silence(voice: i32, heardAt: i64, l3: i32): u32 {
  if (voice == NO_VOICE) return 0;
  const there = l3Of(l3Voiced(voice));
  const node = nodeOf(there.node);
  if (node.faultCause != 0) return node.faultCause;
  if (there.up == 0) return there.downCause;
  if (voiceOf(voice).lostCause != 0 && voiceOf(voice).lostAt >= heardAt) return voiceOf(voice).lostCause;
  return newestDown(l3Of(l3).bridge);
}

function newestDown(bridge: i32): u32 {
  let newest: u32 = 0;
  if (bridge < 0) return 0;
  const b = bridgeOf(bridge);
  for (let k = b.first, end = b.first + b.count; k < end; k++) {
    const bp = bridgePortOf(k);
    const lag = (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG) : null;
    const down = lag !== null ? lag.up == 0 : portOf(bp).carrier == 0;
    const why = lag !== null ? lag.cause : portOf(bp).cause;
    if (down && why > newest) newest = why;
  }
  return newest;
}
