// Applications over the network: health checks, k of n, heartbeats, witness, split brain, quorum, DNS, RPO, RTO.
// Expected times: the cut at 10 s (10 ms detection), plus the application's own timers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TRACE_BYTES } from "../../../assembly/abi.ts";
import { begun } from "../../../bindings/analysis/index.ts";
import { outcomes, type Outcome } from "../../../bindings/applications/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { Trace } from "../../../bindings/trace/records.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";

const text = readFileSync(new URL("../../../examples/applications/applications.dh.yaml", import.meta.url), "utf8");
const S = 1_000_000_000n;

async function after(scenario: string): Promise<Map<string, Outcome>> {
  const read = parseTopology(text, "t.dh.yaml");
  assert.ok("topology" in read, JSON.stringify("problems" in read ? read.problems : ""));
  const run = await runScenario(read.topology, read.topology.scenarios.find((s) => s.name === scenario)!);
  const whole = outcomes(run);
  for (const share of [0, 0.5, 0.9, 1]) { // read from where it branched, whatever had happened by then
    const before = new Trace(run.trace.zeroNs);
    before.append(run.trace.bytes().slice(0, Math.floor(run.trace.length * share) * TRACE_BYTES));
    const from = begun({ ...run, trace: before });
    for (let again = 0; again < 2; again++) assert.deepEqual(outcomes(run, from), whole);
  }
  return new Map(whole.map((o) => [o.name, o]));
}
const near = (actual: bigint | null | undefined, expected: bigint, within: bigint): void => {
  assert.ok(actual != null && actual >= expected - within && actual <= expected + within, `${actual} is not within ${within} of ${expected}`);
};

test("a site is cut off: the witness refuses the standby, without a witness both sides serve", async () => {
  const found = await after("site-cut");
  assert.equal(found.get("orders")!.splitBrain.length, 0);
  assert.equal(found.get("orders")!.rpoNs, null, "nobody was promoted");
  const split = found.get("blog")!.splitBrain;
  assert.equal(split.length, 1);
  near(split[0]!.startNs, 10n * S + 5n * S + 10n * S, S / 10n); // cut + heartbeat timeout + promotion
  near(split[0]!.endNs, 70n * S, S); // the duct is mended, routes return
});

test("a site is cut off: its clients are not served, the others are", async () => {
  const shop = (await after("site-cut")).get("shop")!;
  assert.deepEqual(shop.served.map((s) => s.share), [1, 0.5, 1]);
  assert.equal(shop.outages.length, 0);
});

test("a site is lost: heartbeat timeout, promotion, then clients follow within the TTL; asynchronous writes are lost", async () => {
  const found = await after("site-loss");
  const orders = found.get("orders")!;
  assert.equal(orders.rpoNs, 800_000_000n);
  assert.match(orders.events.find((e) => e.what.includes("promotion"))!.what, /witness grants/);
  near(orders.events.find((e) => e.what.startsWith("b-db serves"))!.atNs, 25n * S, S / 10n); // 10 + 5 + 10
  const at = (t: bigint): number => orders.served.filter((s) => s.fromNs <= t).at(-1)!.share;
  assert.equal(at(26n * S), 0, "the resolvers still say a-db");
  assert.equal(at(25n * S + 60n * S + S), 0.5, "after the TTL all ask b-db; half of the clients died with the site");
  assert.equal(found.get("blog")!.splitBrain.length, 0, "the other side was dead, not cut off");
  assert.equal(found.get("blog")!.rpoNs, 0n, "synchronous");
});

test("k of n: two of four servers die, three are needed", async () => {
  const shop = (await after("two-web-servers")).get("shop")!;
  assert.equal(shop.kept, false);
  near(shop.outages[0]!.startNs, 10n * S, S / 10n);
  // three checks every 2 s, the first at 10 s: out at 14 s
  near(shop.events.find((e) => e.what.includes("taken out"))!.atNs, 14n * S, S / 10n);
});

test("quorum: a majority that keeps its leader goes on; the minority stops; a lost leader costs an election", async () => {
  const cut = (await after("site-cut")).get("lock")!;
  assert.equal(cut.outages.length, 0, "a-db leads on");
  const loss = (await after("site-loss")).get("lock")!;
  near(loss.rtoNs, 3n * S, S / 10n);
});
