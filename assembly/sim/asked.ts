// What the walk of a flow asked of the nodes that it came by: their bridge ports (a bundle is one), MAC addresses and neighbours, as bits of a
// signature. A change of one of these moves only the walks that asked for it. Two things may share a bit: then a walk is made in vain.

export const SIGNATURE: usize = 32; // bytes

let at: usize = 0;
export function askFor(signature: usize): void {
  at = signature;
  v128.store(at, i64x2.splat(0)); v128.store(at, i64x2.splat(0), 16);
}

// @ts-ignore: decorator
@inline function set(bit: u32): void {
  const byte = at + (bit >> 3);
  store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(bit & 7)));
}
// @ts-ignore: decorator
@inline export function hasAsked(signature: usize, bit: u32): bool { return (load<u8>(signature + (bit >> 3)) >> <u8>(bit & 7) & 1) != 0; }

// @ts-ignore: decorator
@inline export function bitOfBridgePort(bp: i32): u32 { return (<u32>bp * 0x9e3779b1) >> 24; }
// @ts-ignore: decorator
@inline export function bitOfMac(key: u64): u32 { return <u32>((key * 0x9e3779b97f4a7c15) >> 56); }
// @ts-ignore: decorator
@inline export function bitOfNeighbour(ip: u32): u32 { return (ip * 0x85ebca6b) >> 24; }

export function askedBridgePort(bp: i32): void { set(bitOfBridgePort(bp)); }
export function askedMac(key: u64): void { set(bitOfMac(key)); }
export function askedNeighbour(ip: u32): void { set(bitOfNeighbour(ip)); }
