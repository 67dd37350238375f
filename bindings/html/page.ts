// One HTML file out of a page's data: style, script and data are inside, and nothing else is ever loaded. What may run is said by its hash.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page, Tone } from "./data.ts";

/** Built from web/report by `npm run build`. */
export interface Assets { script: string; style: string }

const asset = (name: string): string => readFileSync(new URL(`../../build/${name}`, import.meta.url), "utf8");

let loaded: Assets | null = null;
const assets = (): Assets => loaded ??= { script: asset("report.js"), style: asset("report.css") };

export function html(page: Page, { script, style }: Assets = assets()): string {
  const policy = `default-src 'none'; script-src '${hash(script)}'; style-src '${hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return [
    "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">', '<meta name="color-scheme" content="light dark">', `<meta name="generator" content="dualhome ${inHtml(page.version)}">`,
    '<link rel="icon" href="data:,">', `<title>${inHtml(page.title)}</title>`, `<style>${style}</style>`, "</head>", "<body>", `<div id="page">${firstLook(page)}</div>`,
    `<script type="application/json" id="data">${inScript(page)}</script>`, `<script>${script}</script>`, "</body>", "</html>", "",
  ].join("\n");
}

/** What is read before the script has run, or without it: the verdict. */
function firstLook({ title, about, verdict, lines }: Page): string {
  const list = lines.map(({ tone, text }) => `<li>${MARKS[tone]} ${inHtml(text)}</li>`).join("");
  return `<main><h1>${inHtml(title)}</h1><p>${inHtml(about)}</p><p><strong>${inHtml(verdict)}</strong></p><ul>${list}</ul><noscript><p>Tables and drawings need JavaScript, which is in this file; nothing is loaded.</p></noscript></main>`;
}

const MARKS: Record<Tone, string> = { good: "✓", bad: "✗", warn: "!", plain: "·" };

const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Names as they are: nothing of them is markup. */
export function inHtml(text: string): string { return text.replace(/[&<>"']/g, (mark) => ENTITIES[mark]!); }

/** JSON in which no character can end the element that it is in, or a line of a script. */
export function inScript(data: unknown): string {
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
