// The editor in Chromium, in the page as it is served, under the page's policy. Left out where there is no browser.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { servePage } from "../../../bindings/cli/actions/play-server.ts";
import { broken, browserPath, openBrowser, servedPage, type Look } from "../../support/browser.ts";
import type { Control } from "../../../web/page/control.ts";

declare const dualhome: Control; // in the page

const TEXT = `dualhome: 1
name: small
networks:
  vlan10: {vlan: 10, subnet: 10.1.10.0/24}
nodes:
  sw1: {kind: leaf, profile: standard}
  srv1..2: {kind: server, network: vlan10}
bonds:
  srv1..2:bond0: {to: sw1, members: [eth0, eth1], mode: 802.3ad}
flows:
  web: {from: srv1, to: srv2}
`;

let browser: Browser;

async function edited(look: Look, language: "en" | "ko", work: (page: Page) => Promise<void>, text = TEXT): Promise<void> {
  const served = await servePage({ host: "127.0.0.1", port: 0, file: { name: "small.dh.yaml", text } });
  const { page, wrong, close } = await servedPage(browser, served.url, look);
  try {
    if (language === "ko") await page.locator("header select:has(option[value=ko])").selectOption("ko");
    await page.locator("#tab-file").click();
    await page.waitForSelector(".editor .cm-content");
    await work(page);
    assert.deepEqual(wrong, []);
  } finally {
    await close();
    await served.close();
  }
}

/** The caret behind these words. By keys: what the page's selection is set to by script, an editor in a shadow does not see. */
async function behind(page: Page, words: string): Promise<void> {
  const lines = (await written(page)).split("\n");
  const row = lines.findIndex((line) => line.includes(words));
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  for (let i = 0; i < row; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("Home"); // the first goes to the text's beginning where it is indented
  for (let i = 0; i < lines[row]!.indexOf(words) + words.length; i++) await page.keyboard.press("ArrowRight");
}
const written = (page: Page): Promise<string> => page.locator(".cm-content").evaluate((content) => [...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));

describe("the editor in Chromium", { skip: browserPath === null ? "no Chromium is installed" : false }, () => {
  before(async () => { browser = await openBrowser(); });
  after(async () => { await browser?.close(); });

  for (const [how, look, language] of [["light", {}, "en"], ["dark, in Korean", { dark: true }, "ko"], ["narrow", { width: 400, height: 800 }, "en"]] as [string, Look, "en" | "ko"][]) {
    test(`${how}: the policy is kept, axe-core finds nothing, nothing sticks out, the styles are there`, async () => {
      await edited(look, language, async (page) => {
        assert.equal((await written(page)).trim(), TEXT.trim());
        assert.equal(await page.locator(".cm-content").getAttribute("lang"), language);
        assert.equal(await page.locator(".cm-gutters").first().evaluate((e) => getComputedStyle(e).display), "flex");
        assert.deepEqual(await broken(page), []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      });
      const long = TEXT + "# so long that it scrolls\n".repeat(200);
      await edited(look, language, async (page) => { assert.deepEqual(await broken(page), []); }, long);
    });
  }

  test("what is typed is completed from the schema and from the file's names, and run", async () => {
    await edited({}, "en", async (page) => {
      await behind(page, "members: [eth0, eth1]");
      await page.keyboard.type(", lacp-r");
      await page.locator(".cm-tooltip-autocomplete li", { hasText: "lacp-rate" }).waitFor();
      await page.waitForTimeout(150); // for so long it takes no Enter, lest it take one that was meant for the text
      await page.keyboard.press("Enter");
      await page.keyboard.type("f");
      await page.locator(".cm-tooltip-autocomplete li", { hasText: "fast" }).waitFor();
      await page.waitForTimeout(150);
      await page.keyboard.press("Enter");
      assert.match(await written(page), /members: \[eth0, eth1\], lacp-rate: fast, mode/);
      await page.keyboard.press("Control+End");
      await page.keyboard.type("  back: {from: s");
      await page.locator(".cm-tooltip-autocomplete li", { hasText: "srv2" }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.type("rv2, to: srv1}");
      await page.locator(".source button", { hasText: "Run this text" }).click();
      await page.waitForFunction(() => dualhome.state.scene?.flows.some((f) => f.name === "back") === true && !dualhome.state.busy);
      assert.deepEqual(await page.evaluate(() => dualhome.state.problems), []);
    });
  });

  test("mistakes are marked where they are, and go when they are mended", async () => {
    await edited({}, "en", async (page) => {
      await behind(page, "kind: leaf");
      await page.keyboard.type("x");
      await page.locator(".cm-lintRange-error").waitFor();
      assert.equal(await page.locator(".cm-lintRange-error").first().textContent(), "leafx");
      assert.ok(await page.locator(".cm-lint-marker-error").count() > 0);
      await page.keyboard.press("Backspace");
      await page.waitForFunction(() => document.querySelector(".editor")!.shadowRoot!.querySelector(".cm-lintRange-error") === null);
    });
  });

  test("what a key means is said where the pointer rests", async () => {
    await edited({}, "en", async (page) => {
      await page.locator(".cm-line span", { hasText: "profile" }).first().hover();
      await page.locator(".cm-about").waitFor();
      assert.match(await page.locator(".cm-about").textContent() ?? "", /Whose timers are assumed/);
    });
  });

  test("Tab leaves it: nobody is caught", async () => {
    await edited({}, "en", async (page) => {
      await page.locator(".cm-content").focus();
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement?.classList.contains("editor") !== true));
    });
  });
});
