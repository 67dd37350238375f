// Starts the page: the worker, what is to be opened, and the language.

import { render } from "preact";
import { App, type Example } from "./app.tsx";
import { Control } from "./control.ts";
import { startLab } from "./remote.ts";
import { words, type Language } from "./words.ts";

let language: Language = navigator.language.startsWith("ko") ? "ko" : "en";
const control = new Control(startLab(), words(language));
/** For those who want to look into it from the console. */
Object.assign(globalThis, { dualhome: control });

let examples: Example[] = [];
const root = document.getElementById("page")!;

function show(): void {
  render(<App control={control} examples={examples} language={language} onLanguage={(l) => { language = l; control.words = words(l); show(); }} onShare={share} />, root);
}

async function share(): Promise<boolean> { return false; }

async function begin(): Promise<void> {
  examples = await (await fetch("examples/list.json")).json() as Example[];
  show();
  const given = document.querySelector<HTMLMetaElement>('meta[name="dualhome-file"]')?.content;
  if (given !== undefined) await control.open(await (await fetch("file")).text(), given);
  else if (examples[0] !== undefined) await control.open(await (await fetch(`examples/${examples[0].file}`)).text(), examples[0].name);
  document.documentElement.dataset["ready"] = "";
}

root.textContent = "";
show();
begin().catch((e: unknown) => control.say(e instanceof Error ? e.message : String(e), true));
