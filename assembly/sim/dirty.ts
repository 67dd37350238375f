// Something that forwarding depends on has changed, at these nodes: flows whose ways lead by them are walked again before the next event.
// Of a route that changed: those alone that go by it.

import { take } from "../core/memory";
import { cause } from "../core/trace";

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

export function reserveDirty(nodes: i32): void {
  flagsAt = take(<usize>nodes);
  markedAt = take(<usize>nodes << 2); takenListAt = take(<usize>nodes << 2);
  routesAt = take(<usize>ROUTES << 3); takenRoutesAt = take(<usize>ROUTES << 3);
}

export function markDirty(node: i32): void {
  dirty = true;
  dirtyCause = cause;
  if (load<u8>(flagsAt + <usize>node) != 0) return;
  store<u8>(flagsAt + <usize>node, 1);
  store<i32>(markedAt + (<usize>marked << 2), node);
  marked += 1;
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

/** A walk begins: marks made from here on are for the next one. */
export function takeDirty(): void {
  const list = markedAt; markedAt = takenListAt; takenListAt = list;
  taken = marked;
  marked = 0;
  const were = routesAt; routesAt = takenRoutesAt; takenRoutesAt = were;
  takenRoutes = routes;
  routes = 0;
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
/** Marks made for the next walk. */
export function marks(): i32 { return marked + routes; }
