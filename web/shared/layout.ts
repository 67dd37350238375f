// Where everything of the network is drawn: tiers as rows, a pair of switches with its servers as one block, sites beside each other.

import type { Drawing } from "../../bindings/html/data.ts";

export interface Box { node: number; x: number; y: number; w: number; h: number }
export interface Frame { x: number; y: number; w: number; h: number; title: string }
/** far: bent, to pass above what stands between its ends */
export interface Cable { link: number; x1: number; y1: number; x2: number; y2: number; far: boolean }
export interface Layout {
  width: number; height: number;
  sites: Frame[]; racks: Frame[];
  boxes: Box[];
  /** servers without room for a name */
  cells: Box[];
  cables: Cable[];
  /** every cable has room; else those that are marked are drawn alone */
  roomy: boolean;
  /** weakly marked cables between blocks that are not drawn: so many would hide everything */
  left: number;
}

const FAR_MAX = 120;
const WIDTH = 1240;
const HEAD = { w: 92, h: 26, gap: 14 };
const GAP = 16;
const NAMED_MAX = 48; // servers with names
const ROOMY_RACKS = 24;
const SMALL_AFTER = 1_000;

interface Rack { heads: number[]; servers: number[]; title: string }
interface Size { w: number; h: number; columns: number }
interface Measures { named: boolean; cell: { w: number; h: number; gap: number }; head: typeof HEAD }

/** `all`: every cable has its place, whether there is room or not. `width`: about so wide. */
export function layoutOf(d: Drawing, { all = false, width: wide = WIDTH } = {}): Layout {
  const servers = d.nodes.filter((n) => n[1] === 0).length;
  const named = servers <= NAMED_MAX;
  const tiny = servers > SMALL_AFTER;
  const m: Measures = { named, cell: named ? { w: 78, h: 20, gap: 8 } : tiny ? { w: 6, h: 6, gap: 2 } : { w: 12, h: 12, gap: 4 }, head: tiny ? { w: 70, h: 18, gap: 8 } : HEAD };
  const racks = racksOf(d);
  const roomy = racks.length <= ROOMY_RACKS;
  const plan: Layout = { width: 0, height: 0, sites: [], racks: [], boxes: [], cells: [], cables: [], roomy, left: 0 };
  const groups = sitesOf(d, racks);
  const most = Math.max(wide / groups.length - GAP, 220);
  let [x, y, rowHeight] = [GAP / 2, GAP / 2, 0];
  const above = groups.length > 1 ? groups.filter((g) => g.racks.length === 0 && g.name === "") : [];
  if (above.length > 0) y += above[0]!.upper.reduce((sum, tier) => sum + m.head.h * Math.ceil(tier.length / perRow(wide, m)) + LIFT, 0);
  for (const group of groups) {
    if (above.includes(group)) continue;
    const size = placeSite(d, group, m, plan, x, y, most, roomy);
    x += size.w + GAP;
    rowHeight = Math.max(rowHeight, size.h);
    plan.width = Math.max(plan.width, x - GAP / 2);
  }
  y += rowHeight;
  for (const frame of plan.sites) frame.h = rowHeight;
  for (const group of above) group.upper.reduce((top, tier) => placeTier(tier, m, plan, GAP / 2, top, plan.width - GAP, wide) + LIFT, GAP / 2); // what joins the sites
  plan.height = y + GAP / 2;
  plan.cables = cablesOf(d, plan, all);
  return plan;
}

/** A pair, or a switch of the lowest tier alone, with the servers that have most of their cables there. */
function racksOf(d: Drawing): Rack[] {
  const rackOf = new Map<number, Rack>();
  const racks: Rack[] = [];
  for (const [name, a, b] of d.pairs) {
    if (a < 0 || b < 0 || (d.nodes[a]?.[2] ?? 0) > 1) continue;
    const rack = { heads: [a, b], servers: [], title: name };
    racks.push(rack);
    rackOf.set(a, rack).set(b, rack);
  }
  d.nodes.forEach(([, kind, tier], i) => {
    if (kind === 0 || tier > 1 || rackOf.has(i)) return;
    const rack = { heads: [i], servers: [], title: "" };
    racks.push(rack);
    rackOf.set(i, rack);
  });
  const seen = new Map<number, Map<Rack, number>>();
  for (const [a, , b] of d.links) {
    for (const [server, other] of [[a, b], [b, a]] as const) {
      if (d.nodes[server]?.[1] !== 0) continue;
      const rack = rackOf.get(other);
      if (rack === undefined) continue;
      const votes = seen.get(server) ?? new Map<Rack, number>();
      seen.set(server, votes.set(rack, (votes.get(rack) ?? 0) + 1));
    }
  }
  const loose = new Map<number, Rack>(); // by site
  d.nodes.forEach(([, kind, , site], i) => {
    if (kind !== 0) return;
    const votes = seen.get(i);
    if (votes !== undefined) { [...votes].reduce((most, vote) => (vote[1] > most[1] ? vote : most))[0].servers.push(i); return; }
    const rack = loose.get(site) ?? { heads: [], servers: [], title: "not at a switch of the lowest tier" };
    loose.set(site, rack);
    rack.servers.push(i);
  });
  return [...racks, ...loose.values()];
}

interface Site { name: string; upper: number[][]; racks: Rack[] }

function sitesOf(d: Drawing, racks: readonly Rack[]): Site[] {
  const siteOf = (rack: Rack): number => d.nodes[rack.heads[0] ?? rack.servers[0] ?? -1]?.[3] ?? -1;
  const places = [...new Set([...racks.map(siteOf), ...d.nodes.filter((n) => n[2] > 1).map((n) => n[3])])].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
  return places.map((place) => {
    const own = d.nodes.flatMap(([, kind, tier, site], i) => (kind !== 0 && tier > 1 && site === place ? [[i, tier] as const] : []));
    const tiers = [...new Set(own.map(([, tier]) => tier))].sort((a, b) => b - a);
    return { name: d.sites[place] ?? "", upper: tiers.map((tier) => own.filter((n) => n[1] === tier).map(([i]) => i)), racks: racks.filter((r) => siteOf(r) === place) };
  });
}

const LIFT = 54; // between tiers, for cables
const PAD = 10;
const TITLE = 16;

function sizeOf(rack: Rack, m: Measures, most: number): Size {
  const heads = rack.heads.length * (m.head.w + m.head.gap) - m.head.gap;
  const room = Math.max(heads, Math.min(most - 2 * PAD, m.named ? 6 * (m.cell.w + m.cell.gap) : 0));
  const columns = Math.max(1, Math.min(rack.servers.length, Math.floor((room + m.cell.gap) / (m.cell.w + m.cell.gap))));
  const rows = Math.ceil(rack.servers.length / columns);
  const lift = rack.servers.length === 0 || rack.heads.length === 0 ? 0 : m.named ? LIFT : 22;
  const width = Math.max(heads, columns * (m.cell.w + m.cell.gap) - m.cell.gap, 60);
  return { w: width + 2 * PAD, h: PAD + TITLE + (rack.heads.length > 0 ? m.head.h : 0) + lift + rows * (m.cell.h + m.cell.gap) + PAD, columns };
}

function placeSite(d: Drawing, site: Site, m: Measures, plan: Layout, x0: number, y0: number, most: number, roomy: boolean): { w: number; h: number } {
  const sizes = site.racks.map((rack) => sizeOf(rack, m, most));
  const rows: number[][] = [[]];
  let used = 0;
  sizes.forEach((size, i) => {
    if (used > 0 && used + size.w + GAP > most - 2 * PAD) { rows.push([]); used = 0; }
    rows.at(-1)!.push(i);
    used += size.w + GAP;
  });
  const widthOf = (row: readonly number[]): number => row.reduce((sum, i) => sum + sizes[i]!.w + GAP, -GAP);
  const upperWidth = Math.max(0, ...site.upper.map((tier) => Math.min(tier.length, perRow(most, m)) * (m.head.w + m.head.gap)));
  const inner = Math.max(upperWidth, ...rows.map(widthOf), 120);
  let y = y0 + (site.name === "" ? PAD : PAD + TITLE);
  for (const tier of site.upper) y = placeTier(tier, m, plan, x0 + PAD, y, inner, most) + (roomy ? LIFT : GAP);
  for (const row of rows) {
    let x = x0 + PAD + (inner - widthOf(row)) / 2;
    for (const i of row) { placeRack(d, site.racks[i]!, sizes[i]!, m, plan, x, y); x += sizes[i]!.w + GAP; }
    y += Math.max(0, ...row.map((i) => sizes[i]!.h)) + GAP;
  }
  const frame = { x: x0, y: y0, w: inner + 2 * PAD, h: y - GAP + PAD - y0, title: site.name };
  plan.sites.push(frame);
  return frame;
}

const perRow = (most: number, m: Measures): number => Math.max(1, Math.floor(most / (m.head.w + m.head.gap)));

function placeTier(tier: readonly number[], m: Measures, plan: Layout, x0: number, y0: number, inner: number, most: number): number {
  const columns = Math.min(tier.length, perRow(most, m));
  const step = inner / columns;
  tier.forEach((node, i) => {
    const row = Math.floor(i / columns);
    plan.boxes.push({ node, x: x0 + (i % columns) * step + (step - m.head.w) / 2, y: y0 + row * (m.head.h + m.head.gap), w: m.head.w, h: m.head.h });
  });
  return y0 + Math.ceil(tier.length / columns) * (m.head.h + m.head.gap) - m.head.gap;
}

function placeRack(_d: Drawing, rack: Rack, size: Size, m: Measures, plan: Layout, x0: number, y0: number): void {
  plan.racks.push({ x: x0, y: y0, w: size.w, h: size.h, title: rack.title });
  const inner = size.w - 2 * PAD;
  let y = y0 + PAD + TITLE;
  const step = inner / Math.max(1, rack.heads.length);
  rack.heads.forEach((node, i) => plan.boxes.push({ node, x: x0 + PAD + i * step + (step - m.head.w) / 2, y, w: m.head.w, h: m.head.h }));
  if (rack.heads.length > 0) y += m.head.h + (m.named ? LIFT : 22);
  const across = Math.min(size.columns, rack.servers.length) * (m.cell.w + m.cell.gap) - m.cell.gap;
  const left = x0 + PAD + (inner - across) / 2;
  rack.servers.forEach((node, i) => {
    const box = { node, x: left + (i % size.columns) * (m.cell.w + m.cell.gap), y: y + Math.floor(i / size.columns) * (m.cell.h + m.cell.gap), w: m.cell.w, h: m.cell.h };
    (m.named ? plan.boxes : plan.cells).push(box);
  });
}

/** Of a network without room the marked cables, but of those between blocks only as many as can be told apart. */
function markedShown(d: Drawing, plan: Layout): Set<number> {
  const within = (box: Box, f: Frame): boolean => box.x >= f.x && box.x < f.x + f.w && box.y >= f.y && box.y < f.y + f.h;
  const rackOf = new Map([...plan.boxes, ...plan.cells].map((b) => [b.node, plan.racks.findIndex((f) => within(b, f))]));
  const far = d.markedLinks.filter(([link, strength]) => {
    const [a, , b] = d.links[link]!;
    return strength === 1 && rackOf.get(a) !== rackOf.get(b);
  });
  const hidden = new Set(plan.roomy || far.length <= FAR_MAX ? [] : far.map(([link]) => link));
  plan.left = hidden.size;
  return new Set(d.markedLinks.flatMap(([link]) => (hidden.has(link) ? [] : [link])));
}

/** Ends of the cables of a box lie beside each other, in the order of where they lead. */
function cablesOf(d: Drawing, plan: Layout, all: boolean): Cable[] {
  const boxOf = new Map<number, Box>([...plan.boxes, ...plan.cells].map((b) => [b.node, b]));
  const cells = new Set(plan.cells.map((b) => b.node));
  const marked = markedShown(d, plan);
  const ends = new Map<string, { link: number; toX: number }[]>(); // "node side"
  const drawn: { link: number; a: Box; b: Box; sides: [string, string] }[] = [];
  d.links.forEach(([from, , to], link) => {
    const [a, b] = [boxOf.get(from), boxOf.get(to)];
    if (a === undefined || b === undefined || a === b) return;
    if (!all && !marked.has(link) && (!plan.roomy || cells.has(from) || cells.has(to))) return;
    const sides: [string, string] = a.y === b.y ? (a.x < b.x ? ["right", "left"] : ["left", "right"]) : a.y < b.y ? ["bottom", "top"] : ["top", "bottom"];
    drawn.push({ link, a, b, sides });
    for (const [box, side, other] of [[a, sides[0], b], [b, sides[1], a]] as const) {
      const key = `${box.node} ${side}`;
      const list = ends.get(key);
      if (list === undefined) ends.set(key, [{ link, toX: other.x }]); else list.push({ link, toX: other.x });
    }
  });
  const order = new Map<string, Map<number, number>>();
  for (const [key, list] of ends) order.set(key, new Map(list.sort((p, q) => p.toX - q.toX || p.link - q.link).map(({ link }, i) => [link, (i + 1) / (list.length + 1)])));
  const point = (box: Box, side: string, link: number): [number, number] => {
    const part = order.get(`${box.node} ${side}`)!.get(link)!;
    if (side === "top") return [box.x + box.w * part, box.y];
    if (side === "bottom") return [box.x + box.w * part, box.y + box.h];
    return [side === "left" ? box.x : box.x + box.w, box.y + box.h * part];
  };
  return drawn.map(({ link, a, b, sides }) => {
    const [[x1, y1], [x2, y2]] = [point(a, sides[0], link), point(b, sides[1], link)];
    const far = a.y === b.y && Math.abs(x2 - x1) > 2 * a.w;
    return { link, x1: r(x1), y1: r(y1), x2: r(x2), y2: r(y2), far };
  });
}

/** How high above its ends the middle of a bent cable is pulled. */
export const BEND = 34;

/** As SVG writes it. */
export const pathOf = ({ x1, y1, x2, y2, far }: Cable): string => (far ? `M${x1} ${y1}Q${r((x1 + x2) / 2)} ${r(y1 - BEND)} ${x2} ${y2}` : `M${x1} ${y1}L${x2} ${y2}`);

const r = (n: number): number => Math.round(n * 10) / 10;
