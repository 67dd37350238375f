// Starts the page: the worker, what is to be opened, and the language.

import { render } from "preact";
import { App, type Example } from "./app.tsx";
import { Control } from "./control.ts";
import { startLab } from "./remote.ts";
import { linkTo, openLink } from "./share.ts";
import { words, type Language } from "./words.ts";

let language: Language = navigator.language.startsWith("ko") ? "ko" : "en";
const control = new Control(startLab(), words(language));
/** For those who want to look into it from the console. */
Object.assign(globalThis, { dualhome: control });

let examples: Example[] = [];
const root = document.getElementById("page")!;

function show(): void {
  render(<App control={control} examples={examples} language={language} onLanguage={change} onShare={share} />, root);
}

function change(to: Language): void {
  language = to;
  control.words = words(to);
  show();
}

async function share(): Promise<boolean> {
  const link = await linkTo(control, language);
  shared = link.slice(link.indexOf("#"));
  history.replaceState(null, "", shared);
  return navigator.clipboard.writeText(link).then(() => true, () => false);
}

let shared = ""; // what was put there by the page itself

async function openHash(): Promise<boolean> {
  if (location.hash === shared) return false;
  const opened = await openLink(control, location.hash);
  if (opened?.language !== undefined) change(opened.language);
  return opened !== null;
}

async function begin(): Promise<void> {
  examples = await (await fetch("examples/list.json")).json() as Example[];
  show();
  const given = document.querySelector<HTMLMetaElement>('meta[name="dualhome-file"]')?.content;
  if (await openHash().catch(failed)) { /* what the link holds is shown */ }
  else if (given !== undefined) await control.open(await (await fetch("file")).text(), given);
  else if (examples[0] !== undefined) await control.open(await (await fetch(`examples/${examples[0].file}`)).text(), examples[0].name);
  document.documentElement.dataset["ready"] = "";
}

root.textContent = "";
show();
addEventListener("hashchange", () => { void openHash().catch(failed); });
begin().catch(failed);

function failed(e: unknown): false {
  control.say(e instanceof Error ? e.message : String(e), true);
  return false;
}
