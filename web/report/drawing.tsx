// The network as it stands in layout.ts, with what was hit drawn strongly, and the same as a table.

import { useMemo } from "preact/hooks";
import type { Drawing } from "../../bindings/html/data.ts";
import { layoutOf, pathOf, type Box } from "../shared/layout.ts";
import { SortedTable, type Rows } from "./table.tsx";
import { count } from "../shared/words.ts";

const LETTER = 6.3; // pixels, about
/** So many marked cables are pointed at one by one; more are drawn in one stroke. */
const ONE_BY_ONE = 400;

export function DrawingView({ drawing }: { drawing: Drawing }) {
  const plan = useMemo(() => layoutOf(drawing), [drawing]);
  const rows = useMemo(() => markRows(drawing), [drawing]);
  const nodes = useMemo(() => new Map(drawing.markedNodes.map((m) => [m[0], m])), [drawing]);
  const links = useMemo(() => new Map(drawing.markedLinks.map((m) => [m[0], m])), [drawing]);
  const strengthOf = (box: Box): number => nodes.get(box.node)?.[1] ?? 0;
  const normal = plan.cables.filter((c) => !links.has(c.link));
  const marked = plan.cables.filter((c) => links.has(c.link)).sort((a, b) => links.get(a.link)![1] - links.get(b.link)![1]);
  const about = `${count(drawing.nodes.filter((n) => n[1] !== 0).length, "switch or router", "switches and routers")}, ${count(drawing.nodes.filter((n) => n[1] === 0).length, "server")}, ${count(drawing.links.length, "cable")}`;
  return (
    <>
      <section class="view" id="network" aria-labelledby="network-title">
        <h2 id="network-title">Network <span class="count">{about}</span></h2>
        <p class="legend">
          <span class="key"><svg width="26" height="10" aria-hidden="true"><line class="cable strong" x1="0" x2="26" y1="5" y2="5" /></svg> ✗ {drawing.strong}</span>
          <span class="key"><svg width="26" height="10" aria-hidden="true"><line class="cable weak" x1="0" x2="26" y1="5" y2="5" /></svg> ! {drawing.weak}</span>
          <span class="key"><svg width="26" height="10" aria-hidden="true"><line class="cable" x1="0" x2="26" y1="5" y2="5" /></svg> {plan.roomy ? "other cables" : `other cables are not drawn${plan.left === 0 ? "" : `, nor ${plan.left} between blocks that took part: the table has them`}`}</span>
        </p>
        <div class="scroll drawing" tabIndex={0} role="region" aria-label="Drawing of the network">
          <svg role="img" aria-label={`The network: ${about}. What is marked is in the table below.`} viewBox={`0 0 ${Math.ceil(plan.width)} ${Math.ceil(plan.height)}`} width={Math.ceil(plan.width)}>
            {plan.sites.filter((f) => f.title !== "").map((f, i) => <g key={i}><rect class="site" x={f.x} y={f.y} width={f.w} height={f.h} rx="8" /><text class="title" x={f.x + 12} y={f.y + 18}>{f.title}</text></g>)}
            {plan.racks.map((f, i) => <g key={i}><rect class="rack" x={f.x} y={f.y} width={f.w} height={f.h} rx="6" /><text class="title" x={f.x + 10} y={f.y + 16}>{cut(f.title, f.w - 16)}</text></g>)}
            <path class="cable" d={normal.map(pathOf).join("")} />
            {[0, 1, 2].map((s) => <path key={s} class={`cell s${s}`} d={plan.cells.filter((b) => strengthOf(b) === s).map((b) => `M${b.x} ${b.y}h${b.w}v${b.h}h${-b.w}z`).join("")} />)}
            {marked.length > ONE_BY_ONE && [1, 2].map((s) => <path key={s} class={`cable ${s === 2 ? "strong" : "weak"}`} d={marked.filter((c) => links.get(c.link)![1] === s).map((c) => pathOf(c)).join("")} />)}
            {marked.length <= ONE_BY_ONE && marked.map((c) => <path key={c.link} class={`cable ${links.get(c.link)![1] === 2 ? "strong" : "weak"}`} d={pathOf(c)}><title>{`${cableName(drawing, c.link)}: ${links.get(c.link)![2]}`}</title></path>)}
            {plan.boxes.map((b) => <NodeBox key={b.node} box={b} name={drawing.nodes[b.node]![0]} server={drawing.nodes[b.node]![1] === 0} strength={strengthOf(b)} words={nodes.get(b.node)?.[2] ?? ""} />)}
          </svg>
        </div>
      </section>
      <SortedTable rows={rows} onOpen={() => {}} />
    </>
  );
}

function NodeBox({ box, name, server, strength, words }: { box: Box; name: string; server: boolean; strength: number; words: string }) {
  const mark = ["", "! ", "✗ "][strength];
  return (
    <g class={`node s${strength}${server ? " server" : ""}`}>
      <title>{words === "" ? name : `${name}: ${words}`}</title>
      <rect x={box.x} y={box.y} width={box.w} height={box.h} rx={server ? 2 : 5} />
      <text x={box.x + box.w / 2} y={box.y + box.h / 2 + 4} text-anchor="middle">{`${mark}${tail(name, box.w - 6 - (mark === "" ? 0 : 2 * LETTER))}`}</text>
    </g>
  );
}

function cut(text: string, width: number): string {
  const letters = Math.max(1, Math.floor(width / LETTER));
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}

/** Names of one kind differ in their ends. */
function tail(text: string, width: number): string {
  const letters = Math.max(2, Math.floor(width / LETTER));
  return text.length <= letters ? text : `…${text.slice(1 - letters)}`;
}

function cableName({ links, nodes }: Drawing, link: number): string {
  const [a, aPort, b, bPort] = links[link]!;
  return `${nodes[a]?.[0] ?? "?"}:${aPort}--${nodes[b]?.[0] ?? "?"}:${bPort}`;
}

function markRows(d: Drawing): Rows {
  const all = [...d.markedNodes.map(([n, s, words]) => ["node", d.nodes[n]![0], s, words] as const), ...d.markedLinks.map(([l, s, words]) => ["cable", cableName(d, l), s, words] as const)].sort((x, y) => y[2] - x[2]);
  return {
    id: "marked", title: "What is marked in the drawing", note: "", count: all.length,
    columns: [{ head: "name", kind: "text" }, { head: "what", kind: "text" }, { head: "mark", kind: "text" }, { head: "why", kind: "text" }],
    cell: (row, column) => { const [what, name, strength, words] = all[row]!; return [name, what, strength === 2 ? d.strong : d.weak, words][column]!; },
    tone: (row) => (all[row]![2] === 2 ? "bad" : "warn"),
  };
}
