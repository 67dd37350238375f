// Draws the network on a canvas. What is alike is one path: a thousand servers are some strokes.

import type { Drawing } from "../../bindings/html/data.ts";
import { BEND, type Box, type Cable } from "../shared/layout.ts";
import { LINK, NODE, type View } from "./messages.ts";
import { along, detailOf, portPoint, type Camera, type Detail, type Hit, type Plan } from "./plan.ts";

export interface Colours { ground: string; panel: string; edge: string; text: string; quiet: string; link: string; bad: string; warn: string; good: string; cable: string; badGround: string; warnGround: string; goodGround: string }

/** A frame on its way: how far along it is. */
export interface Dot { link: number; part: number; kind: string }

interface Shown {
  drawing: Drawing; plan: Plan; view: View; camera: Camera; colours: Colours; width: number; height: number; ratio: number;
  chosen: Hit | null; under: Hit | null; way: ReadonlySet<number>; group: { nodes: ReadonlySet<number>; links: ReadonlySet<number> } | null; dots: readonly Dot[];
}

export function paint(ctx: CanvasRenderingContext2D, s: Shown): Detail {
  const { camera: { x, y, k }, ratio, colours } = s;
  const detail = detailOf(s.plan, k);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = colours.panel;
  ctx.fillRect(0, 0, s.width * ratio, s.height * ratio);
  ctx.setTransform(ratio * k, 0, 0, ratio * k, ratio * x, ratio * y);
  frames(ctx, s, detail);
  cables(ctx, s, detail);
  if (detail !== "blocks") cells(ctx, s);
  boxes(ctx, s);
  if (detail === "cables" && k >= 0.8) ports(ctx, s);
  dots(ctx, s);
  return detail;
}

const seen = (s: Shown, x: number, y: number, w: number, h: number): boolean => {
  const { x: cx, y: cy, k } = s.camera;
  return x * k + cx < s.width && (x + w) * k + cx > 0 && y * k + cy < s.height && (y + h) * k + cy > 0;
};

const FONT = "system-ui, 'Liberation Sans', 'Noto Sans CJK KR', sans-serif";

/** On the screen in this size, whatever the zoom. */
function font(ctx: CanvasRenderingContext2D, px: number, k: number, weight = ""): void { ctx.font = `${weight} ${px / k}px ${FONT}`; }

function frames(ctx: CanvasRenderingContext2D, s: Shown, detail: Detail): void {
  const { plan: { layout, rackOf }, colours, camera: { k }, view, drawing } = s;
  ctx.lineWidth = 1 / k;
  ctx.strokeStyle = colours.edge;
  ctx.setLineDash([5 / k, 4 / k]);
  for (const f of layout.sites) if (f.title !== "") ctx.strokeRect(f.x, f.y, f.w, f.h);
  ctx.setLineDash([]);
  const trouble = detail === "blocks" ? troubleOf(drawing, view, rackOf, layout.racks.length) : null;
  layout.racks.forEach((f, i) => {
    if (!seen(s, f.x, f.y, f.w, f.h)) return;
    ctx.fillStyle = colours.ground;
    ctx.fillRect(f.x, f.y, f.w, f.h);
    if (trouble !== null) block(ctx, s, f, trouble[i]!);
    ctx.strokeRect(f.x, f.y, f.w, f.h);
  });
  ctx.fillStyle = colours.quiet;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  const words = (text: string, x: number, y: number, most: number, px: number): void => {
    font(ctx, px, k);
    const shown = cut(text, Math.floor((most * k) / (px * 0.56)));
    if (shown.length > 2 || shown === text) ctx.fillText(shown, x, y);
  };
  for (const f of layout.racks) if (seen(s, f.x, f.y, f.w, f.h) && k > 0.72) words(f.title, f.x + 6 / k, f.y + 13 / k, f.w - 8 / k, 11);
  for (const f of layout.sites) if (f.title !== "") words(f.title, f.x + 4 / k, f.y - 5 / k, f.w, 13);
}

interface Trouble { servers: number; dead: number; hurt: number }

function troubleOf(drawing: Drawing, view: View, rackOf: Int32Array, racks: number): Trouble[] {
  const found = Array.from({ length: racks }, () => ({ servers: 0, dead: 0, hurt: 0 }));
  drawing.nodes.forEach(([, kind], i) => {
    const rack = found[rackOf[i]!];
    if (kind !== 0 || rack === undefined) return;
    rack.servers++;
    if (view.nodes[i] !== NODE.up) rack.dead++;
    else if (view.hurt[i]! > 0) rack.hurt++;
  });
  return found;
}

/** Of a rack that is too small to be looked into: how many of its servers are dead, and how many are hurt. */
function block(ctx: CanvasRenderingContext2D, { colours }: Shown, f: { x: number; y: number; w: number; h: number }, { servers, dead, hurt }: Trouble): void {
  if (servers === 0) return;
  const [top, height] = [f.y + f.h * 0.42, f.h * 0.5];
  let x = f.x + f.w * 0.05;
  for (const [part, colour] of [[dead, colours.bad], [hurt, colours.warn], [servers - dead - hurt, colours.cable]] as const) {
    const w = f.w * 0.9 * (part / servers);
    ctx.fillStyle = colour;
    ctx.fillRect(x, top, w, height);
    x += w;
  }
}

function trace(path: Path2D, c: Cable): void {
  path.moveTo(c.x1, c.y1);
  if (c.far) path.quadraticCurveTo((c.x1 + c.x2) / 2, (c.y1 + c.y2) / 2 - BEND, c.x2, c.y2);
  else path.lineTo(c.x2, c.y2);
}

function cables(ctx: CanvasRenderingContext2D, s: Shown, detail: Detail): void {
  const { plan, view, colours, camera: { k } } = s;
  const looks: [colour: string, width: number, dash: number[]][] = [[plan.layout.roomy ? colours.cable : withAlpha(colours.cable, 0.4), 1.2, []], [colours.quiet, 1, [2, 3]], [colours.warn, 1.8, [6, 3]], [colours.warn, 3, [2, 2]], [colours.quiet, 1.6, [1, 4]], [colours.bad, 3, [8, 5]]];
  const paths = looks.map(() => new Path2D());
  const [strong, marks] = [new Path2D(), [] as Cable[]];
  const near = s.chosen?.kind === "node" ? s.chosen.node : -1;
  for (const c of plan.layout.cables) {
    const code = view.links[c.link]!;
    const [a, , b] = s.drawing.links[c.link]!;
    const trunk = !plan.servers.has(a) && !plan.servers.has(b);
    const special = code >= LINK.unused || s.way.has(c.link) || s.group?.links.has(c.link) === true || a === near || b === near;
    if (detail !== "cables" && !special && (!trunk || (detail === "blocks" && !plan.layout.roomy))) continue;
    if (!seen(s, Math.min(c.x1, c.x2) - 1, Math.min(c.y1, c.y2) - BEND, Math.abs(c.x1 - c.x2) + 2, Math.abs(c.y1 - c.y2) + BEND + 2)) continue;
    if (s.way.has(c.link) || s.group?.links.has(c.link) === true || isLink(s.chosen, c.link) || isLink(s.under, c.link)) trace(strong, c);
    trace(paths[code]!, c);
    if (code === LINK.cut || code === LINK.impaired) marks.push(c);
  }
  ctx.lineCap = "round";
  ctx.strokeStyle = withAlpha(colours.link, 0.45);
  ctx.lineWidth = 6 / k;
  ctx.stroke(strong);
  looks.forEach(([colour, width, dash], code) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width / k;
    ctx.setLineDash(dash.map((d) => d / k));
    ctx.stroke(paths[code]!);
  });
  ctx.setLineDash([]);
  if (marks.length <= MARKS_MAX) for (const c of marks) mark(ctx, s, c, view.links[c.link] === LINK.cut ? "✗" : "!");
}

const MARKS_MAX = 400;

const isLink = (hit: Hit | null, link: number): boolean => hit !== null && (hit.kind === "link" || hit.kind === "port") && hit.link === link;

function mark(ctx: CanvasRenderingContext2D, { colours, camera: { k } }: Shown, c: Cable, letter: string): void {
  const { x, y } = along(c, 0.5);
  ctx.beginPath();
  ctx.arc(x, y, 8 / k, 0, 7);
  ctx.fillStyle = colours.ground;
  ctx.fill();
  ctx.fillStyle = letter === "!" ? colours.warn : colours.bad;
  font(ctx, 13, k, "bold");
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(letter, x, y);
}

function cells(ctx: CanvasRenderingContext2D, s: Shown): void {
  const { plan: { layout }, view, colours, camera: { k } } = s;
  const [fine, hurt, dead, ring] = [new Path2D(), new Path2D(), new Path2D(), new Path2D()];
  for (const b of layout.cells) {
    if (!seen(s, b.x, b.y, b.w, b.h)) continue;
    (view.nodes[b.node] !== NODE.up ? dead : view.hurt[b.node]! > 0 ? hurt : fine).rect(b.x, b.y, b.w, b.h);
    if (isNode(s, b.node)) ring.rect(b.x - 1, b.y - 1, b.w + 2, b.h + 2);
  }
  for (const [path, colour] of [[fine, colours.cable], [hurt, colours.warn], [dead, colours.bad]] as const) { ctx.fillStyle = colour; ctx.fill(path); }
  ctx.strokeStyle = colours.link;
  ctx.lineWidth = 2.5 / k;
  ctx.stroke(ring);
}

const isNode = (s: Shown, node: number): boolean => (s.chosen?.kind === "node" && s.chosen.node === node) || (s.under?.kind === "node" && s.under.node === node) || s.group?.nodes.has(node) === true;

/** Less of a long name says nothing. */
const NAME_MIN = 8;
const PART_MIN = 3;
const SIGNS = ["", "✗ ", "… ", "○ "];

function boxes(ctx: CanvasRenderingContext2D, s: Shown): void {
  const { plan, view, colours, camera: { k }, drawing } = s;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const b of plan.layout.boxes) {
    if (!seen(s, b.x, b.y, b.w, b.h)) continue;
    const state = view.nodes[b.node]!;
    const server = plan.servers.has(b.node);
    const hurt = state === NODE.up && view.hurt[b.node]! > 0;
    ctx.beginPath();
    ctx.roundRect(b.x, b.y, b.w, b.h, server ? 2 : 5);
    ctx.fillStyle = state === NODE.up ? (hurt ? colours.warnGround : server ? colours.ground : colours.panel) : state === NODE.hung ? colours.warnGround : colours.badGround;
    ctx.fill();
    ctx.strokeStyle = state === NODE.up ? (hurt ? colours.warn : server ? colours.cable : colours.quiet) : state === NODE.hung ? colours.warn : colours.bad;
    ctx.lineWidth = (state === NODE.up && !hurt ? 1.2 : 2.4) / k;
    ctx.stroke();
    if (isNode(s, b.node)) outline(ctx, s, b);
    const room = Math.floor((b.w * k - 6) / (11.5 * Math.min(Math.max(k, 0.8), 1.4) * 0.54));
    const sign = state === NODE.up ? (hurt ? "! " : view.masters[b.node] === 1 ? "★ " : "") : SIGNS[state]!;
    const name = b.h * k < 10 ? "" : shortened(drawing.nodes[b.node]![0], room - sign.length);
    if (name === "") continue;
    ctx.font = `${state === NODE.up ? "" : "600"} ${(11.5 * Math.min(Math.max(k, 0.8), 1.4)) / k}px ${FONT}`;
    ctx.fillStyle = colours.text;
    ctx.fillText(`${sign}${name}`, b.x + b.w / 2, b.y + b.h / 2 + 0.5);
  }
}

function outline(ctx: CanvasRenderingContext2D, { colours, camera: { k } }: Shown, b: Box): void {
  ctx.beginPath();
  ctx.roundRect(b.x - 3 / k, b.y - 3 / k, b.w + 6 / k, b.h + 6 / k, 6);
  ctx.strokeStyle = colours.link;
  ctx.lineWidth = 2.5 / k;
  ctx.stroke();
}

function ports(ctx: CanvasRenderingContext2D, s: Shown): void {
  const { plan, colours, camera: { k } } = s;
  if (plan.layout.cables.length * k > PORTS_MAX * 4) return;
  const size = 5 / k;
  const [plain, strong] = [new Path2D(), new Path2D()];
  for (const c of plan.layout.cables) {
    for (const atA of [true, false]) {
      const p = portPoint(c, atA, k);
      if (!seen(s, p.x, p.y, 0, 0)) continue;
      const chosen = [s.chosen, s.under].some((h) => h?.kind === "port" && h.link === c.link && h.atA === atA);
      (chosen ? strong : plain).rect(p.x - size / 2, p.y - size / 2, size, size);
    }
  }
  ctx.fillStyle = colours.ground;
  ctx.strokeStyle = colours.quiet;
  ctx.lineWidth = 1 / k;
  ctx.fill(plain);
  ctx.stroke(plain);
  ctx.fillStyle = colours.link;
  ctx.strokeStyle = colours.link;
  ctx.lineWidth = 3 / k;
  ctx.fill(strong);
  ctx.stroke(strong);
}

const PORTS_MAX = 600;
/** Protocols by a letter and a colour: colour alone tells nothing. */
const KIND_LETTER: Record<string, string> = { LACP: "L", VRRP: "V", HSRP: "H", GLBP: "G", ARP: "A", BPDU: "S", ND: "N", keepalive: "K", DHCP: "D" };

function dots(ctx: CanvasRenderingContext2D, s: Shown): void {
  const { plan, colours, camera: { k } } = s;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { link, part, kind } of s.dots) {
    const cable = plan.cableOf.get(link);
    if (cable === undefined) continue;
    const { x, y } = along(cable, part);
    if (!seen(s, x, y, 0, 0)) continue;
    ctx.beginPath();
    ctx.arc(x, y, 6.5 / k, 0, 7);
    ctx.fillStyle = kind === "LACP" ? colours.good : kind === "VRRP" || kind === "HSRP" || kind === "GLBP" ? colours.link : colours.quiet;
    ctx.fill();
    ctx.fillStyle = colours.ground;
    font(ctx, 9, k, "bold");
    ctx.fillText(KIND_LETTER[kind] ?? "•", x, y);
  }
}

/** Names of one kind differ in their ends: the last part of one that is too long, or what has room of it; "" when that says nothing. */
function shortened(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const last = name.slice(Math.max(name.lastIndexOf("-"), name.lastIndexOf("."), name.lastIndexOf("_")) + 1);
  if (last.length <= letters && last.length >= PART_MIN) return last;
  return letters < NAME_MIN ? "" : `…${name.slice(1 - letters)}`;
}
function cut(text: string, letters: number): string { return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`; }

const withAlpha = (colour: string, alpha: number): string => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);

const NAMES = ["ground", "panel", "edge", "text", "quiet", "link", "bad", "warn", "good", "cable", "bad-ground", "warn-ground", "good-ground"];

/** As the style has them now: light or dark. */
export function coloursOf(element: HTMLElement): Colours {
  const probe = element.appendChild(document.createElement("span"));
  const of = (name: string): string => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const found = Object.fromEntries(NAMES.map((name) => [name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()), of(name)])) as unknown as Colours;
  probe.remove();
  return found;
}
