// Something that forwarding depends on has changed, at these nodes: flows whose ways lead by them are walked again before the next event.
// Of a route that changed: those alone that go by it. Of a port, a bundle, a MAC address or a neighbour: those alone that asked for it there.

import { take } from "../core/memory";
import { cause } from "../core/trace";
import { bitOfBridgePort, bitOfMac, bitOfNeighbour } from "./asked";
import { BRIDGE_LAG, portOf } from "./tables";

export let dirty: bool = false;
/** The record on whose account flows may be up again. */
export let dirtyCause: u32 = 0;

// Nodes marked since the last walk, with a flag each, and those of the walk that goes on.
let flagsAt: usize = 0;
let markedAt: usize = 0;
let takenListAt: usize = 0;
let marked: i32 = 0;
let taken: i32 = 0;

// Routes that changed: node and prefix.
const ROUTES: i32 = 64; // more at once: the nodes themselves are marked
let routesAt: usize = 0;
let takenRoutesAt: usize = 0;
let routes: i32 = 0;
let takenRoutes: i32 = 0;

// Parts that changed: node, and bit of the signature.
const PARTS: i32 = 64; // the same
let partsAt: usize = 0;
let takenPartsAt: usize = 0;
let parts: i32 = 0;
let takenParts: i32 = 0;

export function reserveDirty(nodes: i32): void {
  flagsAt = take(<usize>nodes);
  markedAt = take(<usize>nodes << 2); takenListAt = take(<usize>nodes << 2);
  routesAt = take(<usize>ROUTES << 3); takenRoutesAt = take(<usize>ROUTES << 3);
  partsAt = take(<usize>PARTS << 3); takenPartsAt = take(<usize>PARTS << 3);
}

export function markDirty(node: i32): void {
  dirty = true;
  dirtyCause = cause;
  if (load<u8>(flagsAt + <usize>node) != 0) return;
  store<u8>(flagsAt + <usize>node, 1);
  store<i32>(markedAt + (<usize>marked << 2), node);
  marked += 1;
}

/** Something has changed that no way led by: whoever is walked for another reason is walked on account of this one. */
export function markCause(): void {
  dirty = true;
  dirtyCause = cause;
}

/** The routes of a prefix at a node have changed: nothing else there. */
export function markRoute(node: i32, prefix: i32): void {
  if (routes == ROUTES) { markDirty(node); return; }
  dirty = true;
  dirtyCause = cause;
  store<i32>(routesAt + (<usize>routes << 3), node);
  store<i32>(routesAt + (<usize>routes << 3), prefix, 4);
  routes += 1;
}

function markPart(node: i32, bit: u32): void {
  dirty = true;
  dirtyCause = cause;
  if (load<u8>(flagsAt + <usize>node) != 0) return;
  const part = <u64>node | (<u64>bit << 32);
  for (let i = 0; i < parts; i++) if (load<u64>(partsAt + (<usize>i << 3)) == part) return;
  if (parts == PARTS) { markDirty(node); return; }
  store<u64>(partsAt + (<usize>parts << 3), part);
  parts += 1;
}
/** A port, or the bundle that it is of, has changed: nothing else at its node. */
export function markPort(port: i32): void {
  const p = portOf(port);
  markPart(p.node, bitOfBridgePort(p.lag >= 0 ? BRIDGE_LAG | p.lag : port));
}
export function markLag(node: i32, lag: i32): void { markPart(node, bitOfBridgePort(BRIDGE_LAG | lag)); }
/** The MAC table's row of an address has come, gone or moved. */
export function markMac(node: i32, key: u64): void { markPart(node, bitOfMac(key)); }
export function markNeighbour(node: i32, ip: u32): void { markPart(node, bitOfNeighbour(ip)); }

/** A walk begins: marks made from here on are for the next one. */
export function takeDirty(): void {
  const list = markedAt; markedAt = takenListAt; takenListAt = list;
  taken = marked;
  marked = 0;
  const were = routesAt; routesAt = takenRoutesAt; takenRoutesAt = were;
  takenRoutes = routes;
  routes = 0;
  const before = partsAt; partsAt = takenPartsAt; takenPartsAt = before;
  takenParts = parts;
  parts = 0;
  dirty = false;
  for (let i = 0; i < taken; i++) store<u8>(flagsAt + <usize>takenAt(i), 0);
}
/** The nodes that the walk is made for. */
export function takenCount(): i32 { return taken; }
export function takenAt(i: i32): i32 { return load<i32>(takenListAt + (<usize>i << 2)); }
/** The routes that it is made for. */
export function takenRouteCount(): i32 { return takenRoutes; }
export function takenRouteNode(i: i32): i32 { return load<i32>(takenRoutesAt + (<usize>i << 3)); }
export function takenRoutePrefix(i: i32): i32 { return load<i32>(takenRoutesAt + (<usize>i << 3), 4); }
/** The parts that it is made for. */
export function takenPartCount(): i32 { return takenParts; }
export function takenPartNode(i: i32): i32 { return load<i32>(takenPartsAt + (<usize>i << 3)); }
export function takenPartBit(i: i32): u32 { return load<u32>(takenPartsAt + (<usize>i << 3), 4); }
/** Marks made for the next walk. */
export function marks(): i32 { return marked + routes + parts; }
