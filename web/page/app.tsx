// The page: file, clock and drawing to the left, what is read to the right; below each other where there is no room.

import { useEffect, useState } from "preact/hooks";
import type { Control, State } from "./control.ts";
import { Details } from "./details.tsx";
import { NetworkView } from "./network.tsx";
import { Compare, Events, Flows, OneFlow, Steps } from "./panels.tsx";
import { Source } from "./source.tsx";
import { Transport } from "./transport.tsx";
import type { Scene } from "./messages.ts";
import { TourChoice, TourPanel } from "./tours/panel.tsx";
import { standAt } from "./tours/stand.ts";
import type { Tour } from "./tours/types.ts";
import { words as wordsOf, type Language, type Words } from "./words.ts";

export interface Example { name: string; file: string }

type Tab = "details" | "reach" | "steps" | "compare" | "events" | "file";
const TABS: Tab[] = ["details", "reach", "steps", "compare", "events", "file"];

function useControl(control: Control): State {
  const [state, setState] = useState(control.state);
  useEffect(() => control.subscribe(() => setState(control.state)), [control]);
  return state;
}

interface AppProps { control: Control; examples: readonly Example[]; language: Language; onLanguage(l: Language): void; onShare(): Promise<boolean> }

export function App({ control, examples, language, onLanguage, onShare }: AppProps) {
  const state = useControl(control);
  const words = wordsOf(language);
  const [theme, setTheme] = useState("system");
  const [dragged, setDragged] = useState(false);
  const [tab, setTab] = useState<Tab>("details");
  useEffect(() => { document.documentElement.dataset["theme"] = theme; }, [theme]);
  useEffect(() => { document.documentElement.lang = language; document.title = `${state.scene === null ? "" : `${state.scene.name}: `}${words.title} – dualhome`; }, [language, state.scene]);
  useEffect(() => { if (state.problems.length > 0) setTab("file"); }, [state.problems]);
  const [tour, setTour] = useState<Tour | null>(null);
  const take = async (file: File | undefined): Promise<void> => { if (file !== undefined) await control.open(await file.text(), file.name); };
  return (
    <div class="page" onDragOver={(e) => { e.preventDefault(); setDragged(true); }} onDragLeave={(e) => { if (e.relatedTarget === null) setDragged(false); }} onDrop={(e) => { e.preventDefault(); setDragged(false); void take(e.dataTransfer?.files[0]); }}>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>{words.skip}</a>
      {dragged && <p class="drop" aria-hidden="true">{words.dropHere}</p>}
      <header class="top">
        <h1>{words.title}</h1>
        <p class="controls">
          <label>{words.example} <select value={examples.find((e) => e.name === state.fileName)?.file ?? ""} onChange={(e) => void openExample(control, examples, e.currentTarget.value)}>
            {!examples.some((e) => e.name === state.fileName) && <option value="" disabled>{state.fileName === "" ? "…" : state.fileName}</option>}
            {examples.map((e) => <option key={e.file} value={e.file}>{e.name}</option>)}
          </select></label>
          <TourChoice language={language} chosen={tour} onChoose={setTour} />
          <label class="file">{words.openFile} <input type="file" accept=".yaml,.yml,.txt" onChange={(e) => void take(e.currentTarget.files?.[0])} /></label>
          <button type="button" onClick={() => void onShare().then((copied) => control.say(copied ? words.shared : words.notShared))}>{words.share}</button>
          <label>{words.language} <select value={language} onChange={(e) => onLanguage(e.currentTarget.value as Language)}><option value="en" lang="en">English</option><option value="ko" lang="ko">한국어</option></select></label>
          <label>{words.theme} <select value={theme} onChange={(e) => setTheme(e.currentTarget.value)}><option value="system">{words.themeSystem}</option><option value="light">{words.themeLight}</option><option value="dark">{words.themeDark}</option></select></label>
        </p>
      </header>
      <Status state={state} words={words} />
      {tour !== null && <TourPanel tour={tour} language={language} onAction={(point) => standAt(control, tour, point)} onClose={() => setTour(null)} />}
      <main id="main" tabIndex={-1}>
        {state.scene !== null && <div class="left">
          {state.b !== null && <p class="sides" role="group" aria-label={words.side}>{(["a", "b"] as const).map((side) => <button key={side} type="button" aria-pressed={state.side === side} onClick={() => { control.set({ side }); void control.read(); }}>{side === "a" ? words.sideA : words.sideB}</button>)}</p>}
          <NetworkView control={control} state={state} scene={state.scene} words={words} theme={theme} />
          <Transport control={control} state={state} words={words} />
          <Together control={control} state={state} scene={state.scene} words={words} />
          <Legend scene={state.scene} words={words} />
        </div>}
        <div class="right">
          <Tabs tab={tab} words={words} onTab={setTab} />
          {state.flow !== null && <OneFlow flow={state.flow} words={words} onClose={() => void control.chooseFlow(null)} />}
          <div role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} class="panel">
            {tab === "file" && <Source control={control} state={state} words={words} language={language} />}
            {state.scene !== null && <Panel tab={tab} control={control} state={state} scene={state.scene} words={words} />}
          </div>
        </div>
      </main>
    </div>
  );
}

async function openExample(control: Control, examples: readonly Example[], file: string): Promise<void> {
  const example = examples.find((e) => e.file === file);
  if (example === undefined) return;
  const response = await fetch(`examples/${example.file}`);
  await control.open(await response.text(), example.name);
}

function Panel({ tab, ...rest }: { tab: Tab; control: Control; state: State; scene: Scene; words: Words }) {
  switch (tab) {
    case "details": return <><Finder {...rest} /><Details {...rest} /></>;
    case "reach": return <Flows {...rest} />;
    case "steps": return <Steps {...rest} />;
    case "compare": return <Compare {...rest} />;
    case "events": return <Events {...rest} />;
    case "file": return null;
  }
}

/** One of them can be reached with the tab key, the others with arrows, as the pattern has it. */
function Tabs({ tab, words, onTab }: { tab: Tab; words: Words; onTab(tab: Tab): void }) {
  const keyed = (e: KeyboardEvent): void => {
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]!;
    onTab(next);
    document.getElementById(`tab-${next}`)?.focus();
    e.preventDefault();
  };
  return <div role="tablist" class="tabs" onKeyDown={keyed}>{TABS.map((each) => <button key={each} type="button" role="tab" id={`tab-${each}`} aria-selected={each === tab} aria-controls="panel" tabIndex={each === tab ? 0 : -1} onClick={() => onTab(each)}>{words.tabs[each]}</button>)}</div>;
}

/** What is wrong or has been done, and how many flows are down: read aloud when it changes. */
function Status({ state, words }: { state: State; words: Words }) {
  const view = state.side === "b" && state.b !== null ? state.b : state.a;
  return (
    <div class="status">
      {view !== null && <span class={view.flowsDown > 0 ? "bad" : "good"} role="status">{view.flowsDown > 0 ? "✗ " : "✓ "}{words.flowsDown(view.flowsDown)}</span>}
      {state.busy && <span class="note">{words.working}</span>}
      {state.problems.length > 0 && <span class="bad">✗ {words.problems(state.problems.length)}</span>}
      <span role="status" class={state.bad ? "bad" : "note"}>{state.message}</span>
    </div>
  );
}

/** Everything by its name: what the canvas offers to a pointer. */
function Finder({ control, scene, words }: { control: Control; scene: Scene; words: Words }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = wanted === "" ? [] : [...scene.drawing.nodes.flatMap(([name], node) => (name.toLowerCase().includes(wanted) ? [{ target: name.replace(/ \(VM\)$/, ""), hit: { kind: "node" as const, node } }] : [])), ...scene.linkNames.flatMap((name, link) => (name.toLowerCase().includes(wanted) ? [{ target: name, hit: { kind: "link" as const, link } }] : []))].slice(0, FOUND_MAX);
  return (
    <div class="finder">
      <label>{words.find} <input type="search" placeholder={words.findHelp} value={text} onInput={(e) => setText(e.currentTarget.value)} /></label>
      {found.length > 0 && <ul class="chips">{found.map((f) => <li key={f.target}><button type="button" onClick={() => { control.choose(f); setText(""); }}>{f.target}</button></li>)}</ul>}
    </div>
  );
}

const FOUND_MAX = 24;
const CHIPS_MAX = innerWidth < 560 ? 6 : 16;

function Together({ control, state, scene, words }: { control: Control; state: State; scene: Scene; words: Words }) {
  const [all, setAll] = useState(false);
  if (scene.groups.length === 0) return null;
  const shown = all ? scene.groups : scene.groups.slice(0, CHIPS_MAX);
  return (
    <section class="together" aria-labelledby="together-title">
      <h3 id="together-title">{words.together}</h3>
      <ul class="chips">
        {shown.map((g) => {
          const failed = control.failed(g.target);
          return <li key={g.target}><button type="button" class={failed ? "failed" : ""} aria-pressed={failed} title={words.groupKind[g.kind]} onClick={() => { const chosen = { target: g.target, hit: null }; control.choose(chosen); if (state.tool === "cut") void control.toggle(chosen); }}>{failed ? "✗ " : ""}{g.target}</button></li>;
        })}
        {scene.groups.length > shown.length && <li><button type="button" onClick={() => setAll(true)}>+ {scene.groups.length - shown.length}</button></li>}
      </ul>
    </section>
  );
}

const LINKS: [keyof Words["legend"], string][] = [["fine", "fine"], ["standby", "standby"], ["unused", "unused"], ["impaired", "impaired"], ["dark", "dark"], ["cut", "cut"]];

function Legend({ scene, words }: { scene: Scene; words: Words }) {
  return (
    <details class="legend">
      <summary>?</summary>
      <p>{LINKS.map(([key, look]) => <span key={key} class="key"><svg width="34" height="10" aria-hidden="true"><line class={`cable ${look}`} x1="1" x2="33" y1="5" y2="5" /></svg> {words.legend[key]}</span>)}</p>
      <p><span class="key">✗ {words.legend.crashed}</span><span class="key">… {words.legend.hung}</span><span class="key">○ {words.legend.off}</span><span class="key">! {words.legend.hurt}</span><span class="key">★ {words.legend.master}</span></p>
      <p>{scene.frames ? words.framesReal : words.framesNone}</p>
      <p>{words.networkHelp}</p>
    </details>
  );
}
