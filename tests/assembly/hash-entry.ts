// Entry of the small module that the hash tests and the hash bench load: the bond folder and nothing else.

import { take } from "../../assembly/core/memory";
import { dissect } from "../../assembly/bond/dissect";
import { FLOW_KEY_BYTES, FlowKey, flowKeyIpv4, memberOf, xmitHash } from "../../assembly/bond/xmit-hash";

export {
  hashLayer23Scalar, hashLayer23Simd, hashLayer34Scalar, hashLayer34Simd,
} from "../../assembly/bond/xmit-hash-batch";

const FRAME_BYTES: usize = 16384;

const frame: usize = take(FRAME_BYTES);
const key: FlowKey = changetype<FlowKey>(take(FLOW_KEY_BYTES));

export function frameAt(): usize { return frame; }
export function frameBytes(): usize { return FRAME_BYTES; }
export function keyAt(): usize { return changetype<usize>(key); }
export function keyBytes(): usize { return offsetof<FlowKey>(); }
export function keyRoom(): usize { return FLOW_KEY_BYTES; }
export function reserve(bytes: usize): usize { return take(bytes); }

export function hashFrame(policy: i32, length: i32, vlan: i32): u32 {
  dissect(frame, length, vlan, key);
  return xmitHash(policy, key);
}

export function hashIpv4(policy: i32, srcMac: u64, dstMac: u64, src: u32, dst: u32, proto: u32, sport: u32, dport: u32): u32 {
  flowKeyIpv4(key, srcMac, dstMac, src, dst, proto, sport, dport);
  return xmitHash(policy, key);
}

export function memberOfHash(hash: u32, n: u32): u32 { return memberOf(hash, n); }
