// The canvas: pointing, zooming and choosing. What it shows is in the lists beside it, too, for those who cannot see it.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Control, State } from "./control.ts";
import type { Scene } from "./messages.ts";
import { coloursOf, paint, type Colours, type Dot } from "./paint.ts";
import { fit, hit, NEAREST, neighbour, planOf, toPlan, zoom, type Camera, type Detail, type Hit, type Point } from "./plan.ts";
import type { Words } from "./words.ts";

const DOT_MS = 700;
const CLICK_PX = 4;
const NARROW = 560;
/** The stage is as high as the drawing needs, within these limits. */
const HIGH = { least: 260, part: 0.56, margin: 60 };

function targetOf(scene: Scene, found: Hit): string {
  if (found.kind === "node") return scene.drawing.nodes[found.node]![0].replace(/ \(VM\)$/, "");
  if (found.kind === "site") return `site/${found.site}`;
  if (found.kind === "link") return scene.linkNames[found.link]!;
  const [a, aPort, b, bPort] = scene.drawing.links[found.link]!;
  const of = (node: number, port: string): string => `${scene.drawing.nodes[node]![0].replace(/ \(VM\)$/, "")}:${port}`;
  return found.atA ? of(a, aPort) : of(b, bPort);
}

interface Props { control: Control; state: State; scene: Scene; words: Words; theme: string }

export function NetworkView({ control, state, scene, words, theme }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const plan = useMemo(() => planOf(scene.drawing, innerWidth < NARROW), [scene]);
  const [under, setUnder] = useState<Hit | null>(null);
  const [detail, setDetail] = useState<Detail>("cables");
  const live = useRef({ camera: { x: 0, y: 0, k: 1 } as Camera, width: 0, height: 0, colours: null as Colours | null, dirty: true, moved: false });
  const shown = useRef({ state, under, scene, plan });
  shown.current = { state, under, scene, plan };
  live.current.dirty = true;

  useEffect(() => { whole(); resize(); }, [plan]);
  useEffect(() => { live.current.colours = null; live.current.dirty = true; }, [theme]);
  useEffect(() => {
    const watch = new ResizeObserver(() => resize());
    watch.observe(box.current!);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const other = (): void => { live.current.colours = null; live.current.dirty = true; };
    dark.addEventListener("change", other);
    let running = true;
    const turn = (): void => { if (!running) return; draw(); requestAnimationFrame(turn); };
    requestAnimationFrame(turn);
    return () => { running = false; watch.disconnect(); dark.removeEventListener("change", other); };
  }, []);

  function resize(): void {
    const { width: wide, height: high } = shown.current.plan.layout;
    const room = box.current!.clientWidth;
    box.current!.style.height = `${Math.round(Math.max(HIGH.least, Math.min(room * (high + 16) / (wide + 16), high * NEAREST + HIGH.margin, innerHeight * HIGH.part)))}px`;
    const { clientWidth, clientHeight } = box.current!;
    Object.assign(live.current, { width: clientWidth, height: clientHeight, dirty: true });
    if (!live.current.moved) whole();
    const ratio = Math.min(devicePixelRatio, 2);
    Object.assign(canvas.current!, { width: clientWidth * ratio, height: clientHeight * ratio });
  }

  /** All of it, whatever room there is, until somebody moves it. */
  function whole(): void {
    const { width, height } = live.current;
    if (width > 0) live.current.camera = fit(shown.current.plan, width, height);
    Object.assign(live.current, { moved: false, dirty: true });
  }

  function draw(): void {
    const now = performance.now();
    const { dots } = control;
    while (dots.length > 0 && now - dots[0]!.start > DOT_MS) { dots.shift(); live.current.dirty = true; }
    if (!live.current.dirty && dots.length === 0) return;
    const { state: s, under: below, scene: drawn, plan: laid } = shown.current;
    const view = s.side === "b" && s.b !== null ? s.b : s.a;
    const ctx = canvas.current?.getContext("2d", { alpha: false });
    if (view === null || ctx == null || view.nodes.length !== drawn.drawing.nodes.length) return;
    live.current.dirty = false;
    live.current.colours ??= coloursOf(box.current!);
    const started = performance.now();
    const group = drawn.groups.find((g) => g.target === s.chosen?.target);
    const found = paint(ctx, {
      drawing: drawn.drawing, plan: laid, view, camera: live.current.camera, colours: live.current.colours, width: live.current.width, height: live.current.height, ratio: Math.min(devicePixelRatio, 2),
      chosen: s.chosen?.hit ?? null, under: below, way: new Set(s.flow?.links), group: group === undefined ? null : { nodes: new Set(group.nodes), links: new Set(group.links) },
      dots: dots.flatMap((d): Dot[] => (d.start > now ? [] : [{ link: d.link, kind: d.kind, part: d.fromA ? (now - d.start) / DOT_MS : 1 - (now - d.start) / DOT_MS }])),
    });
    control.drawn(performance.now() - started);
    setDetail(found);
  }

  const at = (e: { clientX: number; clientY: number }): Point => { const r = canvas.current!.getBoundingClientRect(); return { x: e.clientX - r.left, y: e.clientY - r.top }; };
  const find = (p: Point): Hit | null => hit(plan, toPlan(live.current.camera, p), live.current.camera.k, detail);
  const move = (camera: Camera): void => { Object.assign(live.current, { camera, moved: true, dirty: true }); };
  const middle = (): Point => ({ x: live.current.width / 2, y: live.current.height / 2 });
  const click = (found: Hit | null, look = state.tool === "look"): void => {
    if (found === null) return control.choose(null);
    const chosen = { target: targetOf(scene, found), hit: found };
    control.choose(chosen);
    if (!look) void control.toggle(chosen);
  };
  const pointers = usePointers({ at, move, camera: () => live.current.camera, click: (p) => click(find(p)), hover: (p) => setUnder(find(p)) });
  useWheel(canvas, (e) => move(zoom(live.current.camera, Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0016)), at(e))));

  function keyed(e: KeyboardEvent): void {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key] as [number, number] | undefined;
    const chosen = state.chosen;
    if (arrow !== undefined) {
      const node = neighbour(plan, chosen?.hit?.kind === "node" ? chosen.hit.node : -1, ...arrow);
      if (node >= 0) { const found: Hit = { kind: "node", node }; control.choose({ target: targetOf(scene, found), hit: found }); show(node); }
    } else if (e.key === "Enter" && chosen !== null) void control.toggle(chosen);
    else if (e.key === "i" && chosen !== null) control.set({ tool: "look" });
    else if (e.key === "Escape") control.choose(null);
    else if (e.key === "+" || e.key === "=") move(zoom(live.current.camera, 1.3, middle()));
    else if (e.key === "-") move(zoom(live.current.camera, 1 / 1.3, middle()));
    else if (e.key === "0") whole();
    else return;
    e.preventDefault();
  }

  /** Moves the drawing when the node is outside. */
  function show(node: number): void {
    const b = plan.boxOf.get(node);
    const { camera, width, height } = live.current;
    if (b === undefined) return;
    const [x, y] = [(b.x + b.w / 2) * camera.k + camera.x, (b.y + b.h / 2) * camera.k + camera.y];
    if (x < 20 || y < 20 || x > width - 20 || y > height - 20) move({ ...camera, x: camera.x + width / 2 - x, y: camera.y + height / 2 - y });
  }

  const tip = under === null ? "" : [targetOf(scene, under), saidOf(state, under, words)].filter((part) => part !== "").join(": ");
  return (
    <section class="network" aria-labelledby="network-title">
      <div class="bar">
        <h2 id="network-title">{words.network}</h2>
        <fieldset class="choice"><legend>{words.tool}</legend>
          {(["cut", "look"] as const).map((tool) => <label key={tool}><input type="radio" name="tool" checked={state.tool === tool} onChange={() => control.set({ tool })} /> {tool === "cut" ? words.toolCut : words.toolLook}</label>)}
        </fieldset>
        <span class="zoom">
          <button type="button" onClick={() => move(zoom(live.current.camera, 1.4, middle()))} aria-label={words.zoomIn} title={words.zoomIn}>+</button>
          <button type="button" onClick={() => move(zoom(live.current.camera, 1 / 1.4, middle()))} aria-label={words.zoomOut} title={words.zoomOut}>−</button>
          <button type="button" onClick={() => whole()} title={words.zoomFit}>{words.zoomFit}</button>
        </span>
      </div>
      <div class="stage" ref={box}>
        <canvas ref={canvas} tabIndex={0} role="application" aria-roledescription={words.network} aria-label={`${scene.name}. ${words.networkHelp}`} class={under === null ? "" : state.tool === "cut" ? "cuts" : "points"}
          onKeyDown={keyed} onPointerLeave={() => setUnder(null)} {...pointers} />
        <output class="tip" aria-hidden="true">{tip}</output>
      </div>
      {detail === "blocks" && <p class="note">{words.blocks}</p>}
    </section>
  );
}

const LINK_WORDS: (keyof Words["legend"])[] = ["fine", "standby", "unused", "impaired", "dark", "cut"];
const NODE_WORDS: (keyof Words["legend"] | null)[] = [null, "crashed", "hung", "off"];

/** The state of what is pointed at, in the words of the legend. */
function saidOf({ side, a, b }: State, found: Hit, words: Words): string {
  const view = side === "b" && b !== null ? b : a;
  if (view === null || found.kind === "site") return "";
  if (found.kind !== "node") return words.legend[LINK_WORDS[view.links[found.link] ?? 0]!];
  const key = NODE_WORDS[view.nodes[found.node] ?? 0] ?? ((view.hurt[found.node] ?? 0) > 0 ? "hurt" : view.masters[found.node] === 1 ? "master" : null);
  return key === null ? "" : words.legend[key];
}

interface Pointing { at(e: PointerEvent): Point; move(camera: Camera): void; camera(): Camera; click(p: Point): void; hover(p: Point): void }

/** One finger or the button drags, two fingers zoom; without moving it is a click. */
function usePointers({ at, move, camera, click, hover }: Pointing) {
  const down = useRef(new Map<number, Point>());
  const start = useRef<{ p: Point; camera: Camera; moved: boolean; spread: number } | null>(null);
  const begin = (): void => {
    const [p, q] = [...down.current.values()];
    if (p === undefined) { start.current = null; return; }
    start.current = { p: q === undefined ? p : { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 }, camera: camera(), moved: q !== undefined, spread: q === undefined ? 0 : Math.hypot(p.x - q.x, p.y - q.y) };
  };
  return {
    onPointerDown(e: PointerEvent) { (e.currentTarget as Element).setPointerCapture(e.pointerId); down.current.set(e.pointerId, at(e)); begin(); },
    onPointerMove(e: PointerEvent) {
      const now = at(e);
      if (!down.current.has(e.pointerId) || start.current === null) return hover(now);
      down.current.set(e.pointerId, now);
      const from = start.current;
      const [p, q] = [...down.current.values()];
      const centre = q === undefined ? p! : { x: (p!.x + q.x) / 2, y: (p!.y + q.y) / 2 };
      if (!from.moved && Math.hypot(centre.x - from.p.x, centre.y - from.p.y) < CLICK_PX) return;
      from.moved = true;
      const near = q === undefined ? from.camera : zoom(from.camera, Math.hypot(p!.x - q.x, p!.y - q.y) / Math.max(1, from.spread), from.p);
      move({ ...near, x: near.x + centre.x - from.p.x, y: near.y + centre.y - from.p.y });
    },
    onPointerUp(e: PointerEvent) {
      const moved = start.current?.moved ?? true;
      down.current.delete(e.pointerId);
      if (!moved && e.button === 0) click(at(e));
      begin();
    },
    onPointerCancel(e: PointerEvent) { down.current.delete(e.pointerId); begin(); },
  };
}

/** The page must not scroll meanwhile, which a listener of Preact's cannot say. */
function useWheel(of: { current: HTMLCanvasElement | null }, turned: (e: WheelEvent) => void): void {
  const latest = useRef(turned);
  latest.current = turned;
  useEffect(() => {
    const element = of.current!;
    const listen = (e: WheelEvent): void => { e.preventDefault(); latest.current(e); };
    element.addEventListener("wheel", listen, { passive: false });
    return () => element.removeEventListener("wheel", listen);
  }, []);
}
