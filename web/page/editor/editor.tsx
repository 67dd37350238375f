// The file as text, with completion, explanations and mistakes at their places. CodeMirror, in a shadow of its own: there its styles are adopted
// sheets, which the page's policy allows, and not <style> elements, which it does not.

import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../messages.ts";
import type { Language } from "../words.ts";
import { complete, hover } from "./complete.ts";
import { look } from "./look.ts";
import { wordAt } from "./place.ts";
import { editorWords } from "./words.ts";

export interface EditorProps { text: string; onText(text: string): void; problems: readonly Problem[]; language: Language }

export function Editor({ text, onText, problems, language }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const speech = useRef(new Compartment());
  const heard = useRef(onText);
  /** What was told and has not come back: it comes late, and must not undo what was written since. */
  const told = useRef<string[]>([]);
  heard.current = onText;
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const own = new EditorView({ root, parent: root, state: EditorState.create({ doc: text, extensions: [basics, speech.current.of(speaking(language)), EditorView.updateListener.of((update) => { if (update.docChanged) { told.current.push(update.state.doc.toString()); heard.current(told.current.at(-1)!); } })] }) });
    view.current = own;
    return () => { own.destroy(); view.current = null; };
  }, []);
  useEffect(() => { view.current?.dispatch({ effects: speech.current.reconfigure(speaking(language)) }); }, [language]);
  useEffect(() => {
    const own = view.current;
    const at = told.current.lastIndexOf(text);
    told.current.splice(0, at + 1);
    if (own !== null && at < 0 && own.state.doc.toString() !== text) own.dispatch({ changes: { from: 0, to: own.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => { const own = view.current; own?.dispatch(setDiagnostics(own.state, problems.map((p) => diagnostic(own.state, p)))); }, [problems]);
  // From outside, what is typed in a shadow looks as if it were typed on the page, whose keys play and go on.
  return <div class="editor" ref={host} onKeyDown={(e) => e.stopPropagation()} />;
}

const speaking = (language: Language): Extension => [
  EditorState.phrases.of(editorWords[language].phrases),
  EditorView.contentAttributes.of({ "aria-label": editorWords[language].label, lang: language, spellcheck: "false", tabindex: "0" }),
];

const basics: Extension = [
  lineNumbers(), history(), drawSelection(), bracketMatching(), indentUnit.of("  "), EditorView.lineWrapping, yaml(), look, lintGutter(),
  autocompletion({ override: [completed], icons: false }), hoverTooltip((own, pos) => explained(own.state.doc.toString(), pos)),
  // Tab is left to the reader, who leaves the editor with it.
  keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
];

function completed(context: CompletionContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const { from: start } = wordAt(text, context.pos);
  if (!context.explicit && start === context.pos) return null;
  const found = complete(text, context.pos);
  if (found === null) return null;
  return {
    from: found.from, to: found.to, validFor: /^[^\s,{}[\]"'#]*$/,
    options: found.options.map(({ label, kind, apply, about, first }) => ({ label, apply, type: kind === "key" ? "property" : kind === "value" ? "enum" : "variable", ...(about === "" ? {} : { info: about }), ...(first ? { boost: 1 } : {}) })),
  };
}

function explained(text: string, pos: number): ReturnType<Parameters<typeof hoverTooltip>[0]> {
  const said = hover(text, pos);
  if (said === null) return null;
  return { pos: said.from, end: said.to, above: true, create: () => {
    const dom = document.createElement("div");
    dom.className = "cm-about";
    const title = document.createElement("b");
    title.textContent = said.title;
    dom.append(title, `\n${said.text}`);
    return { dom };
  } };
}

/** Its line and column count from 1; the text may be another by now. */
export function diagnostic(state: EditorState, { line, col, message, hint, severity }: Problem): Diagnostic {
  const of = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const at = Math.min(of.from + Math.max(col, 1) - 1, of.to);
  const word = wordAt(of.text, at - of.from);
  return { from: at, to: Math.max(at, Math.min(of.from + word.to, of.to)), severity, message: hint === undefined ? message : `${message}\n${hint}` };
}
