// The file itself, to be changed and run again.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Control, State } from "./control.ts";
import type { Problem } from "./messages.ts";
import type { EditorProps } from "./editor/editor.tsx";
import type { Language, Words } from "./words.ts";

const CHECK_AFTER = 300;

export function Source({ control, state, words, language }: { control: Control; state: State; words: Words; language: Language }) {
  const Editor = useEditor();
  const [text, setText] = useState(state.text);
  const [problems, setProblems] = useState<Problem[]>(state.problems);
  useEffect(() => { setText(state.text); }, [state.text]);
  useEffect(() => { setProblems(state.problems); }, [state.problems]);
  useEffect(() => {
    const timer = setTimeout(() => { void control.lab.check(text, state.fileName).then(setProblems, () => {}); }, CHECK_AFTER);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="source">
      <p><button type="button" onClick={() => void control.open(text, state.fileName, { keep: true })}>{words.run}</button> <span class="note">{words.fileAbout}</span></p>
      {Editor !== null ? <Editor text={text} onText={setText} problems={problems} language={language} /> : <textarea aria-label={state.fileName} spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} rows={24} />}
      {problems.length > 0 && <ol class="problems">{problems.map((p, i) => <li key={i}><b>{p.line}:{p.col}</b> {p.message}{p.hint === undefined ? "" : ` (${p.hint})`}</li>)}</ol>}
    </div>
  );
}

/** It is half of the page's size, and read only by who opens the tab; until it is there, and where it cannot be had, a plain field does. */
function useEditor(): ((props: EditorProps) => JSX.Element) | null {
  const [own, setOwn] = useState<{ Editor(props: EditorProps): JSX.Element } | null>(null);
  useEffect(() => { import("./editor/editor.tsx").then(setOwn, () => {}); }, []);
  return own?.Editor ?? null;
}
