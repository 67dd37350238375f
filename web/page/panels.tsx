// The other views beside the drawing: flows, steps, comparison, events.

import { useMemo, useState } from "preact/hooks";
import { duration, instant } from "../shared/words.ts";
import { useSeen } from "../shared/window.ts";
import type { Control, Side, State } from "./control.ts";
import type { FlowDetail, Scene, Settings, StepRow } from "./messages.ts";
import type { Words } from "./words.ts";

interface Props { control: Control; state: State; scene: Scene; words: Words }

const ROW = 30;

/** What arrives now. Those that do not come first; of thousands only those in sight are in the page. */
export function Flows({ control, state, scene, words }: Props) {
  const [wanted, setWanted] = useState("");
  const view = state.side === "b" && state.b !== null ? state.b : state.a;
  const list = useMemo(() => {
    const text = wanted.trim().toLowerCase();
    const all = scene.flows.map((f, i) => ({ ...f, up: view?.flows[i] === 1 })).filter((f) => text === "" || `${f.name} ${f.text}`.toLowerCase().includes(text));
    return [...all.filter((f) => !f.up), ...all.filter((f) => f.up)];
  }, [view, scene, wanted]);
  const { ref, seen } = useSeen(list.length, ROW);
  return (
    <div>
      <p><label>{words.find} <input type="search" value={wanted} onInput={(e) => setWanted(e.currentTarget.value)} /></label></p>
      <div class="scroll long" ref={ref} tabIndex={0} role="region" aria-label={words.tabs.reach}>
        <table aria-rowcount={list.length + 1}>
          <thead><tr><th scope="col">{words.flow}</th><th scope="col">{words.state}</th><th scope="col">{words.between}</th></tr></thead>
          <tbody>
            {seen.first > 0 && <tr class="gap" aria-hidden="true"><td colSpan={3} style={{ height: `${seen.first * ROW}px` }} /></tr>}
            {list.slice(seen.first, seen.end).map((f, k) => (
              <tr key={f.name} aria-rowindex={seen.first + k + 2} class={f.up ? "good" : "bad"}>
                <td><button type="button" class="open" onClick={() => void control.chooseFlow(f.name)}>{f.name}</button></td><td>{f.up ? `✓ ${words.up}` : `✗ ${words.down}`}</td><td>{f.text}</td>
              </tr>
            ))}
            {seen.end < list.length && <tr class="gap" aria-hidden="true"><td colSpan={3} style={{ height: `${(list.length - seen.end) * ROW}px` }} /></tr>}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export function OneFlow({ flow, words, onClose }: { flow: FlowDetail; words: Words; onClose(): void }) {
  return (
    <section class="one" aria-labelledby="flow-title">
      <h3 id="flow-title">{flow.name} <span class="count">{flow.ends}</span> <button type="button" class="close" onClick={onClose} aria-label={`× ${flow.name}`}>×</button></h3>
      {flow.reason !== null && <p class="bad">✗ {flow.reason}</p>}
      {([[words.wayForth, flow.forth], [words.wayBack, flow.back]] as const).map(([title, hops]) => hops.length > 0 && <p key={title} class="way"><b>{title}</b> {hops.join(" → ")}</p>)}
      {[...flow.outages].reverse().map((o) => (
        <article key={o.fromNs}>
          <h4>{words.down} {instant(o.fromNs)}: {o.toNs === null ? words.stillDown : duration(o.toNs - o.fromNs)}</h4>
          <Chain title={words.why} links={o.why} />
          <Chain title={words.whyBack} links={o.back} />
        </article>
      ))}
    </section>
  );
}

function Chain({ title, links }: { title: string; links: readonly [number, string][] }) {
  if (links.length === 0) return null;
  return <><h5>{title}</h5><ol class="chain">{links.map(([ns, text], i) => <li key={i}><span class="when">{instant(ns)}</span> <span class="what">{text}</span></li>)}</ol></>;
}

export function Steps({ control, state, scene, words }: Props) {
  const [scenario, setScenario] = useState(scene.scenarios[0]?.name ?? "");
  const { lanes, b } = state;
  return (
    <div>
      {scene.scenarios.length > 0 && <p><label>{words.scenario} <select value={scenario} onChange={(e) => setScenario(e.currentTarget.value)}>{scene.scenarios.map((s) => <option key={s.name} value={s.name}>{s.name} ({s.steps})</option>)}</select></label> <button type="button" onClick={() => void control.setSteps([{ at: "0s", text: `scenario ${scenario}` }], state.side)}>{words.use}</button></p>}
      <AddStep control={control} state={state} scene={scene} words={words} />
      {b !== null && <h3>{words.sideA}</h3>}
      <StepList steps={lanes?.stepsA ?? []} side="a" control={control} words={words} />
      {b !== null && <><h3>{words.sideB}</h3><StepList steps={lanes?.stepsB ?? []} side="b" control={control} words={words} /></>}
    </div>
  );
}

const WITH_MUCH: Record<string, string> = { loss: "20%", slow: "50ms" };
const NAMES_MAX = 500;

/** A step in words: for an exact instant, and for those who do not point. */
function AddStep({ control, state, scene, words }: Props) {
  const [at, setAt] = useState("10s");
  const [op, setOp] = useState("fail");
  const [target, setTarget] = useState("");
  const [much, setMuch] = useState("");
  const names = useMemo(() => [...scene.groups.map((g) => g.target), ...scene.drawing.nodes.map(([name]) => name), ...scene.linkNames].slice(0, NAMES_MAX), [scene]);
  const given = WITH_MUCH[op] === undefined ? "" : `=${much === "" ? WITH_MUCH[op] : much}`;
  const add = (e: Event): void => { e.preventDefault(); void control.addStep({ at, text: `${op} ${target}${given}` }, state.side); };
  return (
    <form class="add" onSubmit={add}>
      <label>{words.scrub} <input value={at} size={7} required onInput={(e) => setAt(e.currentTarget.value)} /></label>
      <label>{words.operation} <select value={op} onChange={(e) => setOp(e.currentTarget.value)}>{Object.entries(words.ops).map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select></label>
      {WITH_MUCH[op] !== undefined && <label>{words.much} <input value={much} placeholder={WITH_MUCH[op]} size={5} onInput={(e) => setMuch(e.currentTarget.value)} /></label>}
      <label>{words.target} <input value={target} list="targets" required onInput={(e) => setTarget(e.currentTarget.value)} /></label>
      <datalist id="targets">{names.map((name) => <option key={name} value={name} />)}</datalist>
      <button type="submit">{words.doIt}</button>
    </form>
  );
}

function StepList({ steps, side, control, words }: { steps: readonly StepRow[]; side: Side; control: Control; words: Words }) {
  if (steps.length === 0) return <p class="note">{words.stepsNone}</p>;
  return <ol class="steps">{steps.map((s, i) => (
    <li key={i}><button type="button" class="open" onClick={() => void control.seek(s.atNs)}>{instant(s.atNs)}</button> <span>{s.text}</span> <button type="button" onClick={() => void control.removeStep(i, side)} aria-label={`${words.remove}: ${s.text}`} title={words.remove}>×</button></li>
  ))}</ol>;
}

export function Compare({ control, state, words }: Props) {
  const [chosen, setChosen] = useState<Settings>({ lacpRate: "slow" });
  const pick = (part: Settings, without: keyof Settings): void => { const { [without]: _, ...rest } = chosen; setChosen({ ...rest, ...part }); };
  return (
    <div class="compare">
      <p><button type="button" onClick={() => void control.fork()}>{words.fork}</button> <span class="note">{words.forkAbout}</span></p>
      <fieldset><legend>{words.compareSettings}</legend>
        <label>{words.setting.lacpRate} <select value={chosen.lacpRate ?? ""} onChange={(e) => pick(e.currentTarget.value === "" ? {} : { lacpRate: e.currentTarget.value as "slow" | "fast" }, "lacpRate")}><option value="">{words.asInFile}</option><option value="slow">slow</option><option value="fast">fast</option></select></label>
        <label>{words.setting.hash} <select value={chosen.hash ?? ""} onChange={(e) => pick(e.currentTarget.value === "" ? {} : { hash: e.currentTarget.value as NonNullable<Settings["hash"]> }, "hash")}><option value="">{words.asInFile}</option>{["layer2", "layer2+3", "layer3+4"].map((h) => <option key={h} value={h}>{h}</option>)}</select></label>
        <label>{words.setting.miimonMs} <input type="number" min="1" max="60000" value={chosen.miimonMs ?? ""} onInput={(e) => { const n = Number(e.currentTarget.value); pick(Number.isInteger(n) && n >= 1 && n <= 60_000 ? { miimonMs: n } : {}, "miimonMs"); }} /></label>
        <label>{words.setting.seed} <input type="number" min="0" max="1000000000" value={chosen.seed ?? ""} onInput={(e) => { const n = Number(e.currentTarget.value); pick(e.currentTarget.value !== "" && Number.isInteger(n) && n >= 0 && n <= 1e9 ? { seed: n } : {}, "seed"); }} /></label>
        <p class="note">{words.compareAbout}</p>
        <button type="button" onClick={() => void control.compare(chosen)}>{words.start}</button>
      </fieldset>
      {state.b !== null && <p><button type="button" onClick={() => void control.dropB()}>{words.drop}</button> {state.compared !== null && <span class="note">B: {said(state.compared, words)}</span>}</p>}
    </div>
  );
}

const said = (s: Settings, words: Words): string => Object.entries(s).map(([key, value]) => `${words.setting[key as keyof Settings]} ${value}`).join(", ");

export function Events({ control, state, words }: Props) {
  if (state.events.length === 0) return <p class="note">{words.eventsNone}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.tabs.events}>
      <ol class="events">{state.events.map((e) => <li key={e.id}><button type="button" class="open" onClick={() => void control.seek(e.atNs)}>{instant(e.atNs)}</button> <span>{e.text}</span></li>)}</ol>
    </div>
  );
}
