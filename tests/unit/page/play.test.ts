// `dualhome play`: who is answered, and what with. Requests are made as another site's script, or a guesser, would make them.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { main } from "../../../bindings/cli/main.ts";
import { processIo } from "../../../bindings/cli/io.ts";
import { servePage, type Served } from "../../../bindings/cli/actions/play-server.ts";

const NAME = '"><script>alert(1)</script>.yaml';

interface Answer { status: number; type: string; text: string; headers: Record<string, string | string[] | undefined> }

function ask(port: number, path: string, { host = `127.0.0.1:${port}`, method = "GET" }: { host?: string; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text: Buffer.concat(chunks).toString("utf8"), headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("dualhome play", () => {
  let served: Served;
  let path = "";
  before(async () => {
    served = await servePage({ host: "127.0.0.1", port: 0, file: { name: NAME, text: "dualhome: 1\n# <b>\n" } });
    path = new URL(served.url).pathname;
  });
  after(() => served.close());

  test("the page, its worker, the engine and the file, for who has the address", async () => {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
    const page = await ask(served.port, path);
    assert.equal(page.status, 200);
    assert.match(page.type, /^text\/html/);
    assert.ok(!page.text.includes("<script>alert"), "a file's name is no markup");
    assert.match(page.text, /<meta name="dualhome-file" content="&quot;&gt;&lt;script&gt;/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(page.headers["referrer-policy"], "no-referrer");
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    assert.equal((await ask(served.port, `${path}engine.wasm`)).type, "application/wasm");
    assert.match((await ask(served.port, `${path}worker.js`)).type, /^text\/javascript/);
    const file = await ask(served.port, `${path}file`);
    assert.deepEqual([file.status, file.type, file.text], [200, "text/plain; charset=utf-8", "dualhome: 1\n# <b>\n"]);
    assert.equal((await ask(served.port, `${path}page.js`, { method: "HEAD" })).text, "");
  });

  test("nobody without the secret part, by another name, or for anything else", async () => {
    for (const wrong of ["/", "/index.html", "/file", `/${"x".repeat(24)}/`, path.slice(0, -1), path.slice(0, -3) + "/", "//", "/%2e%2e/"]) assert.equal((await ask(served.port, wrong)).status, 403, wrong);
    for (const host of ["evil.example", `evil.example:${served.port}`, "127.0.0.1", `127.0.0.1:${served.port + 1}`, `0.0.0.0:${served.port}`, `127.0.0.1.evil.example:${served.port}`]) assert.equal((await ask(served.port, path, { host })).status, 403, host);
    assert.equal((await ask(served.port, path, { host: `localhost:${served.port}` })).status, 200);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) assert.equal((await ask(served.port, path, { method })).status, 405, method);
    for (const out of ["../package.json", "..%2fpackage.json", "examples/../../package.json", "examples/", "nothing"]) assert.equal((await ask(served.port, path + out)).status, 404, out);
  });

  test("an address for all takes addresses, and no name; a port that is taken is said", async () => {
    const all = await servePage({ host: "0.0.0.0", port: 0, file: null });
    const own = new URL(all.url).pathname;
    assert.equal((await ask(all.port, own, { host: `192.0.2.7:${all.port}` })).status, 200);
    assert.equal((await ask(all.port, own, { host: `evil.example:${all.port}` })).status, 403);
    assert.ok(!(await ask(all.port, own)).text.includes("dualhome-file"));
    await assert.rejects(servePage({ host: "127.0.0.1", port: served.port, file: null }), { code: "DH_SERVE", message: /cannot listen on 127\.0\.0\.1, port \d+: EADDRINUSE/ });
    await all.close();
  });

  test("the command prints the address and serves until Ctrl-C", async () => {
    let stop = (): void => {};
    let out = "";
    const said: string[] = [];
    const io = { ...processIo(), out: async (text: string) => { out += text; }, err: (text: string) => { said.push(text); }, read: async () => "dualhome: 1\n", onInterrupt: (callback: () => void) => { stop = callback; return () => {}; } };
    const running = main(["play", "some/dc.dh.yaml", "--no-open"], io);
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const { port, pathname } = new URL(out.trim());
    assert.match((await ask(Number(port), pathname)).text, /content="dc\.dh\.yaml"/);
    stop();
    assert.equal(await running, 0);
    await assert.rejects(ask(Number(port), pathname));
  });

  test("what is not meant is refused with a reason", async () => {
    for (const [args, words] of [[["--host", "evil.example"], /no IP address/], [["--port", "99999"], /no port/]] as const) {
      let said = "";
      assert.equal(await main(["play", "--no-open", ...args], { ...processIo(), out: async () => {}, err: (text) => { said += text; } }), 2);
      assert.match(said, words);
    }
  });
});
