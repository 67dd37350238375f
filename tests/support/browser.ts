// Debian's Chromium, driven by playwright-core: pages are opened from disk, as a reader opens them.

import { existsSync, readFileSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where one is; null: there is none. */
export const browserPath = [process.env["DUALHOME_CHROMIUM"] ?? "", ...PLACES].find((path) => path !== "" && existsSync(path)) ?? null;

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath!, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] }); // root has no sandbox
}

export interface Look { width?: number; height?: number; dark?: boolean }

export interface Opened { page: Page; wrong: string[]; ms: number; close(): Promise<void> }

/** Rules of accessibility, each with the elements that break it. */
export async function broken(page: Page): Promise<string[]> {
  await page.evaluate(axe()); // by the debugger, which the page's policy does not bind
  return page.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: { run(of: Document): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run(document);
    return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  });
}

let script = "";
const axe = (): string => script ||= readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Without a network. `wrong`: what the console and the policy complain of. */
export async function openPage(browser: Browser, file: string, look: Look = {}): Promise<Opened> { return opened(browser, `file://${file}`, look, { offline: true, own: ["file:", "data:"] }); }

/** Of what asks its own server, and nobody else. */
export async function servedPage(browser: Browser, url: string, look: Look = {}): Promise<Opened> { return opened(browser, url, look, { offline: false, own: [url, "data:"] }); }

/** No bound that is tested: ten thousand servers take their time on a machine that is busy. */
const PATIENCE_MS = 180_000;

async function opened(browser: Browser, url: string, { width = 1280, height = 900, dark = false }: Look, { offline, own }: { offline: boolean; own: string[] }): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", offline });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) wrong.push(`${message.type()}: ${message.text()}`); });
  page.on("pageerror", (error) => wrong.push(`thrown: ${error.message}`));
  page.on("request", (request) => { if (!own.some((each) => request.url().startsWith(each))) wrong.push(`asked for ${request.url()}`); });
  await page.addInitScript(() => { document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)); });
  const started = performance.now();
  await page.goto(url);
  await page.waitForSelector("html[data-ready]", { timeout: PATIENCE_MS });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))); // it is painted, too
  const ms = performance.now() - started;
  return { page, wrong, ms, close: () => context.close() };
}
