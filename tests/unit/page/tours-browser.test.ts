// The guided tours in Chromium, in the page as it is served: by its buttons and keys, in both languages, and with the outages that the tours speak of.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { servePage, type Served } from "../../../bindings/cli/actions/play-server.ts";
import { pointOf, sayOf, tours } from "../../../web/page/tours/index.ts";
import { parseDuration } from "../../../bindings/duration.ts";
import { broken, browserPath, openBrowser, servedPage, type Look } from "../../support/browser.ts";
import type { Control } from "../../../web/page/control.ts";

declare const dualhome: Control; // in the page

let browser: Browser;
let served: Served;

async function toured(look: Look, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, wrong, close } = await servedPage(browser, served.url, look);
  try {
    await work(page);
    assert.deepEqual(wrong, []);
  } finally {
    await close();
  }
}

const choose = (page: Page, id: string) => page.locator("header select:has(option[value=vrrp])").selectOption(id);
/** Until the page stands where the tour does after this step. */
async function stands(page: Page, id: string, place: number): Promise<void> {
  const tour = tours.find((t) => t.id === id)!;
  const { at, steps } = pointOf(tour, place);
  await page.waitForFunction(({ file, ns, count }) => dualhome.state.fileName === file && dualhome.state.a?.ns === ns && dualhome.state.lanes?.stepsA.length === count && !dualhome.state.busy, { file: tour.file, ns: Number(parseDuration(at)), count: steps.length }, { timeout: 20_000 });
  assert.equal(await page.evaluate(() => dualhome.state.bad ? dualhome.state.message : ""), "");
}
const text = (page: Page) => page.locator(".tour .said").textContent();

describe("tours in Chromium", { skip: browserPath === null ? "no Chromium is installed" : false }, () => {
  before(async () => { browser = await openBrowser(); served = await servePage({ host: "127.0.0.1", port: 0, file: null }); });
  after(async () => { await browser?.close(); await served?.close(); });

  test("each tour goes on to its end, and the page shows the outages that it speaks of", async () => {
    await toured({}, async (page) => {
      for (const tour of tours) {
        await choose(page, tour.id);
        await stands(page, tour.id, 0);
        for (const [place, step] of tour.steps.entries()) {
          if (place > 0) await page.locator(".tour .next").click();
          await stands(page, tour.id, place);
          assert.equal(await text(page), sayOf(step, "en").replaceAll("`", ""));
          const lanes = await page.evaluate(() => dualhome.state.lanes!.a);
          for (const of of step.expect ?? []) {
            if (!("down" in of) || tour.id === "applications") continue; // what became of applications is worked out from a finished run
            const spans = lanes.find((lane) => lane.name === of.down)?.spans ?? [];
            const ms = spans.reduce((sum, [from, to]) => sum + ((to ?? Number.NaN) - from), 0) / 1e6;
            assert.ok(Math.abs(ms - of.ms) < 0.002, `${tour.id}: ${of.down} ${ms} ms, not ${of.ms}`);
          }
        }
        assert.ok(await page.locator(".tour .next").isDisabled());
      }
    });
  });

  test("by keys, back and on, in Korean; Escape ends it", async () => {
    await toured({}, async (page) => {
      await choose(page, "vrrp");
      await stands(page, "vrrp", 0);
      assert.ok(await page.evaluate(() => document.activeElement?.id === "tour-title"), "the focus goes to what is said");
      await page.keyboard.press("ArrowRight");
      await stands(page, "vrrp", 1);
      await page.keyboard.press("ArrowRight");
      await stands(page, "vrrp", 2);
      await page.keyboard.press("ArrowLeft");
      await stands(page, "vrrp", 1);
      await page.locator("header select:has(option[value=ko])").selectOption("ko");
      const tour = tours.find((t) => t.id === "vrrp")!;
      assert.equal(await text(page), sayOf(tour.steps[1]!, "ko"));
      assert.deepEqual(await broken(page), []);
      await page.locator("#tour-title").focus();
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".tour").count(), 0);
    });
  });

  for (const [how, look] of [["dark", { dark: true }], ["narrow", { width: 400, height: 800 }]] as [string, Look][]) {
    test(`${how}: nothing is wrong, and nothing sticks out`, async () => {
      await toured(look, async (page) => {
        await choose(page, "nxos");
        await stands(page, "nxos", 0);
        assert.deepEqual(await broken(page), []);
        assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("body *")].filter((e) => document.documentElement.scrollWidth > innerWidth && e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML.slice(0, 80))), []);
      });
    });
  }

  test("what was changed meanwhile is put back", async () => {
    await toured({}, async (page) => {
      await choose(page, "lacp");
      await stands(page, "lacp", 0);
      await page.evaluate(async () => { await dualhome.act("fail", "srv2"); await dualhome.fork(); });
      await page.locator(".tour .next").click();
      await stands(page, "lacp", 1);
      assert.equal(await page.evaluate(() => dualhome.state.b), null);
    });
  });
});
