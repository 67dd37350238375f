// Debian's Chromium, driven by playwright-core: pages are opened from disk, as a reader opens them.

import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where one is; null: there is none. */
export const browserPath = [process.env["DUALHOME_CHROMIUM"] ?? "", ...PLACES].find((path) => path !== "" && existsSync(path)) ?? null;

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath!, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] }); // root has no sandbox
}

export interface Look { width?: number; height?: number; dark?: boolean }

export interface Opened { page: Page; wrong: string[]; ms: number; close(): Promise<void> }

/** Without a network. `wrong`: what the console and the policy complain of. */
export async function openPage(browser: Browser, file: string, { width = 1280, height = 900, dark = false }: Look = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", offline: true });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) wrong.push(`${message.type()}: ${message.text()}`); });
  page.on("pageerror", (error) => wrong.push(`thrown: ${error.message}`));
  page.on("request", (request) => { if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) wrong.push(`asked for ${request.url()}`); });
  await page.addInitScript(() => { document.addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)); });
  const started = performance.now();
  await page.goto(`file://${file}`);
  await page.waitForSelector("html[data-ready]");
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))); // it is painted, too
  const ms = performance.now() - started;
  return { page, wrong, ms, close: () => context.close() };
}
