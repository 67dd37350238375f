// What was chosen: what can be done to it, its machines, and the tables of its node.

import { useState } from "preact/hooks";
import type { FaultOp } from "../../bindings/topology/model.ts";
import type { Chosen, Control, State } from "./control.ts";
import type { Fact, Inspection, Scene } from "./messages.ts";
import type { Words } from "./words.ts";

interface Props { control: Control; state: State; scene: Scene; words: Words }

export function Details({ control, state, scene, words }: Props) {
  const { chosen, inspection } = state;
  if (chosen === null) return <p class="note">{words.detailsNone}</p>;
  return (
    <div class="details">
      <h3>{chosen.target}</h3>
      <Operations control={control} state={state} scene={scene} words={words} chosen={chosen} />
      {inspection !== null && inspection.title === chosen.target && <Told control={control} state={state} words={words} inspection={inspection} />}
    </div>
  );
}

function Told({ control, state, words, inspection }: { control: Control; state: State; words: Words; inspection: Inspection }) {
  const server = inspection.kind === "node" && inspection.facts.some((f) => f.name === "kind" && f.value.startsWith("server"));
  return (
    <>
      <Facts facts={inspection.facts} words={words} />
      {inspection.machines.map((m, i) => <section key={i} class="machine"><h4>{m.title}</h4><Facts facts={m.facts} words={words} /></section>)}
      {server && <ReachedBy control={control} state={state} words={words} server={inspection.title} />}
      {inspection.ports.length > 0 && <details class="ports"><summary>{words.ports} ({inspection.ports.length})</summary><ul class="chips">{inspection.ports.map((p) => <li key={p}><button type="button" onClick={() => control.choose({ target: p, hit: null })}>{p}</button></li>)}</ul></details>}
      <Tables control={control} tables={inspection.tables} />
    </>
  );
}

/** Their text is asked for when they are opened. */
function Tables({ control, tables }: { control: Control; tables: Inspection["tables"] }) {
  const open = tables.filter((t) => t.text !== null).map((t) => t.view);
  const toggle = (view: string, now: boolean): void => { if (now !== open.includes(view)) control.openTables(now ? [...open, view] : open.filter((v) => v !== view)); };
  return <>{tables.map((t) => (
    <details key={t.view} open={t.text !== null} onToggle={(e) => toggle(t.view, e.currentTarget.open)}>
      <summary>{t.view}</summary>
      {t.text !== null && <pre tabIndex={0} role="region" aria-label={t.view}>{t.text}</pre>}
    </details>
  ))}</>;
}

function Facts({ facts, words }: { facts: readonly Fact[]; words: Words }) {
  if (facts.length === 0) return null;
  return <dl>{facts.map((f, i) => <div key={i}><dt>{words.facts[f.name] ?? f.name}</dt><dd class={f.tone ?? ""}>{f.tone === "bad" ? "✗ " : f.tone === "warn" ? "! " : ""}{f.value}</dd></div>)}</dl>;
}

function ReachedBy({ control, state, words, server }: { control: Control; state: State; words: Words; server: string }) {
  const found = state.reached?.server === server ? state.reached.list : null;
  const lost = found?.filter((r) => !r.forth || !r.back) ?? [];
  return (
    <section class="reach">
      <p><button type="button" onClick={() => void control.reach(server)}>{words.reachNow}</button> <span class="note">{words.reachAbout}</span></p>
      {found !== null && <p role="status" class={lost.length === 0 ? "good" : "bad"}>{lost.length === 0 ? `✓ ${words.reachAll} (${found.length})` : `✗ ${found.length - lost.length} / ${found.length}`}</p>}
      {lost.length > 0 && <ul>{lost.map((r) => <li key={r.to}>{r.to}: {r.forth ? words.notBack : words.notThere}</li>)}</ul>}
    </section>
  );
}

const OPS_OF: Record<"node" | "link" | "port" | "group", FaultOp[]> = { node: ["fail", "repair", "hang", "shutdown"], link: ["fail", "repair", "silent", "carrier", "loss", "slow"], port: ["fail", "repair", "silent", "carrier", "loss", "slow", "down", "up"], group: ["fail", "repair"] };
const MUCH: Partial<Record<FaultOp, string>> = { loss: "20%", slow: "50ms" };

/** All that can be done to it, not only what a click does. */
function Operations({ control, scene, words, chosen }: Props & { chosen: Chosen }) {
  const group = scene.groups.find((g) => g.target === chosen.target);
  const kind = group !== undefined ? "group" : chosen.target.includes("--") ? "link" : chosen.target.includes(":") ? "port" : "node";
  const [much, setMuch] = useState<Partial<Record<FaultOp, string>>>(MUCH);
  return (
    <p class="ops">
      {OPS_OF[kind].map((op) => (
        <span key={op}>
          <button type="button" class={op === "repair" || op === "up" ? "good" : "bad"} onClick={() => void control.act(op, chosen.target, much[op] ?? "")}>{words.ops[op] ?? op}</button>
          {MUCH[op] !== undefined && <input class="much" aria-label={`${words.ops[op] ?? op}: ${words.much}`} value={much[op]} size={5} onInput={(e) => setMuch({ ...much, [op]: e.currentTarget.value })} />}
        </span>
      ))}
    </p>
  );
}
