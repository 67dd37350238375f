// Where things are on the drawing, and what lies under a point of it.

import type { Drawing } from "../../bindings/html/data.ts";
import { BEND, layoutOf, type Box, type Cable, type Layout } from "../shared/layout.ts";

export interface Camera { x: number; y: number; k: number }
/** In pixels of the drawing. */
export interface Point { x: number; y: number }

export type Hit = { kind: "node"; node: number } | { kind: "link"; link: number } | { kind: "port"; link: number; atA: boolean } | { kind: "site"; site: string };

/** What is drawn of it, by how large a server is on the screen. */
export type Detail = "blocks" | "cells" | "cables";

export interface Plan {
  layout: Layout;
  boxOf: Map<number, Box>;
  cableOf: Map<number, Cable>;
  /** rack of each node, -1: none */
  rackOf: Int32Array;
  servers: Set<number>;
  /** cables that do not end at a server */
  trunks: Cable[];
}

/** Width over height of a stage. */
const SHAPE = 1.6;
const SHAPE_NARROW = 0.9;

/** A network of many racks is laid out again, wider, until it has about the shape of a window: racks make it grow in leaps. */
function shaped(d: Drawing, shape: number): Layout {
  let layout = layoutOf(d, { all: true });
  let width = Math.sqrt(shape * layout.width * layout.height);
  if (shape < 1 && layout.width > layout.height) return layoutOf(d, { all: true, width });
  for (let tries = 0; tries < 4 && layout.width < shape * 0.8 * layout.height; tries++, width *= 1.2) layout = layoutOf(d, { all: true, width });
  return layout;
}

export function planOf(d: Drawing, narrow = false): Plan {
  const layout = shaped(d, narrow ? SHAPE_NARROW : SHAPE);
  const boxes = [...layout.boxes, ...layout.cells];
  const rackOf = new Int32Array(d.nodes.length).fill(-1);
  layout.racks.forEach((rack, i) => {
    for (const b of boxes) if (b.x >= rack.x && b.x < rack.x + rack.w && b.y >= rack.y && b.y < rack.y + rack.h) rackOf[b.node] = i;
  });
  const servers = new Set(d.nodes.flatMap((n, i) => (n[1] === 0 ? [i] : [])));
  const trunks = layout.cables.filter((c) => !servers.has(d.links[c.link]![0]) && !servers.has(d.links[c.link]![2]));
  return { layout, boxOf: new Map(boxes.map((b) => [b.node, b])), cableOf: new Map(layout.cables.map((c) => [c.link, c])), rackOf, servers, trunks };
}

const BLOCK_PX = 4;
const CABLES_PX = 9;

export function detailOf({ layout }: Plan, k: number): Detail {
  const cell = layout.cells[0];
  if (cell === undefined) return "cables";
  return cell.w * k < BLOCK_PX ? "blocks" : cell.w * k < CABLES_PX ? "cells" : "cables";
}

/** Room for the names of sites, which stand above them. */
const TOP = 20;

/** A small network is not blown up any more. */
export const NEAREST = 1.6;

/** All of it, with a margin. */
export function fit({ layout }: Plan, width: number, height: number): Camera {
  const k = Math.min((width - 12) / layout.width, (height - TOP - 8) / layout.height, NEAREST);
  return { k, x: (width - layout.width * k) / 2, y: TOP + (height - TOP - layout.height * k) / 2 };
}

/** The same point stays under the pointer. */
export function zoom(camera: Camera, factor: number, at: Point): Camera {
  const k = Math.min(5, Math.max(0.02, camera.k * factor));
  return { k, x: at.x - (at.x - camera.x) * (k / camera.k), y: at.y - (at.y - camera.y) * (k / camera.k) };
}

export const toPlan = ({ x, y, k }: Camera, at: Point): Point => ({ x: (at.x - x) / k, y: (at.y - y) / k });

/** A point of a cable, 0 at a to 1 at b. */
export function along({ x1, y1, x2, y2, far }: Cable, part: number): Point {
  const u = 1 - part;
  if (!far) return { x: x1 * u + x2 * part, y: y1 * u + y2 * part };
  return { x: u * u * x1 + u * part * (x1 + x2) + part * part * x2, y: u * u * y1 + 2 * u * part * ((y1 + y2) / 2 - BEND) + part * part * y2 };
}

const PORT_PX = 9;
const CABLE_PX = 6;
/** Where a cable's port is drawn, in pixels from its end. */
export const PORT_AWAY = 7;

/** Ports before boxes before cables: the small things lie on top. */
export function hit(plan: Plan, at: Point, k: number, detail: Detail, { ports = true } = {}): Hit | null {
  const { layout } = plan;
  const shown = detail === "cables" ? layout.cables : plan.trunks;
  if (ports && detail === "cables" && k >= 0.8) {
    const reach = PORT_PX / k;
    for (const c of shown) {
      for (const atA of [true, false]) {
        const p = portPoint(c, atA, k);
        if (Math.hypot(p.x - at.x, p.y - at.y) < reach * 0.75) return { kind: "port", link: c.link, atA };
      }
    }
  }
  const inside = (b: Box): boolean => at.x >= b.x - 1 && at.x <= b.x + b.w + 1 && at.y >= b.y - 1 && at.y <= b.y + b.h + 1;
  const box = layout.boxes.find(inside) ?? (detail === "blocks" ? undefined : layout.cells.find(inside));
  if (box !== undefined) return { kind: "node", node: box.node };
  let [best, nearest] = [CABLE_PX / k, -1];
  for (const c of shown) {
    const d = away(c, at, best);
    if (d < best) [best, nearest] = [d, c.link];
  }
  if (nearest >= 0) return { kind: "link", link: nearest };
  const site = layout.sites.find((f) => f.title !== "" && at.x >= f.x && at.x <= f.x + f.w && at.y >= f.y - 20 / k && at.y <= f.y + 8 / k);
  return site === undefined ? null : { kind: "site", site: site.title };
}

export function portPoint(c: Cable, atA: boolean, k: number): Point {
  const length = Math.max(1, Math.hypot(c.x2 - c.x1, c.y2 - c.y1));
  const part = Math.min(0.3, PORT_AWAY / k / length);
  return along(c, atA ? part : 1 - part);
}

function away(c: Cable, at: Point, most: number): number {
  const top = c.far ? Math.min(c.y1, c.y2) - BEND : Math.min(c.y1, c.y2);
  if (at.x < Math.min(c.x1, c.x2) - most || at.x > Math.max(c.x1, c.x2) + most || at.y < top - most || at.y > Math.max(c.y1, c.y2) + most) return Infinity;
  if (!c.far) return toSegment(at, c.x1, c.y1, c.x2, c.y2);
  let least = Infinity;
  for (let i = 0; i < 12; i++) {
    const [p, q] = [along(c, i / 12), along(c, (i + 1) / 12)];
    least = Math.min(least, toSegment(at, p.x, p.y, q.x, q.y));
  }
  return least;
}

function toSegment(p: Point, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const t = Math.min(1, Math.max(0, ((p.x - x1) * dx + (p.y - y1) * dy) / Math.max(1e-9, dx * dx + dy * dy)));
  return Math.hypot(p.x - x1 - t * dx, p.y - y1 - t * dy);
}

/** The node that an arrow key leads to: the nearest one in that direction. */
export function neighbour(plan: Plan, from: number, dx: number, dy: number): number {
  const start = plan.boxOf.get(from);
  if (start === undefined) return plan.layout.boxes[0]?.node ?? plan.layout.cells[0]?.node ?? -1;
  let [best, found] = [Infinity, from];
  for (const [node, b] of plan.boxOf) {
    if (node === from) continue;
    const [x, y] = [b.x + b.w / 2 - start.x - start.w / 2, b.y + b.h / 2 - start.y - start.h / 2];
    const ahead = x * dx + y * dy;
    if (ahead <= 1) continue;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    const cost = ahead + 2.5 * aside;
    if (cost < best) [best, found] = [cost, node];
  }
  return found;
}
