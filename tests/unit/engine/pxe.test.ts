// Network boots: the firmware's clock, the transfer, contention, what is said of a boot that fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boots } from "../../../bindings/analysis/boots.ts";
import { runScenario } from "../../../bindings/engine/simulation.ts";
import { bootPart } from "../../../bindings/report/boots.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";

interface Parts { pxe?: string; servers?: string; steps?: string; serverSpeed?: string; until?: string; fallback?: string; extra?: string }

function file({ pxe = "post: 10s", servers = "srv1", steps = "[]", serverSpeed = "10G", until = "10m", fallback = "mode: individual", extra = "" }: Parts): string {
  return `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
  leaf1: {kind: leaf, profile: nxos-vpc}
  ${servers}: {kind: server, network: lan, boot: 20s, pxe: {${pxe}, install: 30s}}
  dhcp1: {kind: server, network: lan, dhcp: true}
${extra}links: [{endpoints: ["leaf1:Eth99", "dhcp1:eth0"], speed: ${serverSpeed}}]
bonds: {"${servers}:bond0": {to: leaf1, members: [eth0, eth1], lacp-rate: fast, lacp-fallback: {${fallback}}}}
scenarios: {boot: {until: ${until}, steps: ${steps}}}
`;
}

async function run(parts: Parts, seed = 1n) {
  const parsed = parseTopology(file(parts), "pxe.dh.yaml");
  assert.ok("topology" in parsed, JSON.stringify("problems" in parsed ? parsed.problems : []));
  const result = await runScenario(parsed.topology, parsed.topology.scenarios[0]!, { seed });
  return { result, list: boots(result) };
}

const seconds = (ns: bigint | null | undefined): number => (ns == null ? Number.NaN : Number(ns) / 1e9);
const near = (actual: number, wanted: number, by = 0.001): void => assert.ok(Math.abs(actual - wanted) <= by, `${actual} is not ${wanted} ± ${by}`);

test("the timeline: self-test, link, DHCP after the second DISCOVER, transfer, installation, restart, bond", async () => {
  const { list: [boot] } = await run({ pxe: "post: 10s, load: {size: 100MB, rate: 100M}" });
  const at = (text: string): number => seconds(boot!.timeline.find((e) => e.text === text)?.atNs);
  near(at("firmware tries eth0"), 10.01); // carrier is noticed after 10 ms
  near(at("DHCP: an offer"), 14.01); // the switch gives LACP up 3 s after link-up; the second DISCOVER follows the first by 4 s
  near(at("has loaded 100.0 MB"), 22.01); // 100 MB at 100 Mbit/s
  near(at("the network is configured, the bond is not up yet"), 22.01 + 30 + 10 + 20);
  // LACP: asked at once at the fast rate, 2 s of Aggregate_Wait_Time, some ticks of 100 ms
  const bond = seconds(boot!.bootedNs) - at("the network is configured, the bond is not up yet");
  assert.ok(bond >= 2 && bond <= 3.3, `bond formed after ${bond} s`);
  assert.equal(boot!.nic, "eth0");
});

test("no DHCP answer: 4, 8, 16, 32 s of waiting, then a restart, as often as the firmware tries", async () => {
  const { list: [boot] } = await run({ pxe: "post: 10s, attempts: 2", fallback: "mode: none" });
  const asked = boot!.timeline.filter((e) => /^DHCP: asks/.test(e.text)).map((e) => seconds(e.atNs));
  [10.01, 14.01, 22.01, 38.01, 80.01 + 0.01, 84.02, 92.02, 108.02].forEach((wanted, i) => near(asked[i]!, wanted, 0.02));
  assert.equal(boot!.state, "FAILED");
  assert.equal(boot!.failures.length, 2);
  assert.match(boot!.failures[1]!.words, /because the switch keeps leaf1:Po1 suspended: no LACPDU was heard, and it has no LACP fallback/);
});

test("each NIC in turn, a named NIC, a NIC without a link", async () => {
  const cut = "[{at: 0s, fail: 'srv1:eth0'}]";
  const turn = await run({ pxe: "post: 10s, nic: each", steps: cut });
  assert.equal(turn.list[0]!.nic, "eth1");
  const named = await run({ pxe: "post: 10s, nic: eth0, attempts: 1", steps: cut });
  assert.deepEqual(named.list[0]!.failures.map((f) => f.key), ["no-link"]);
});

test("the server is down: said where the DISCOVER ends", async () => {
  const { list: [boot] } = await run({ pxe: "post: 10s, attempts: 1", steps: "[{at: 1s, fail: dhcp1}]" });
  assert.equal(boot!.failures[0]?.key, "unheard");
});

test("what failed is said of the DHCP server of the boot's own network, and of the one that heard it", async () => {
  const failures = async (steps: string, pxe = "post: 10s, attempts: 1"): Promise<string[][]> => {
    const text = file({ pxe, steps }).replace("networks: {", "networks: {other: {vlan: 20, subnet: 10.0.20.0/24}, ").replace("  dhcp1:", "  dhcp0: {kind: server, network: other, dhcp: true}\n  host: {kind: server, network: lan}\n  dhcp1:").replace("links: [", "links: [leaf1:Eth98 -- dhcp0:eth0, leaf1:Eth97 -- host:eth0, ");
    const parsed = parseTopology(text, "pxe.dh.yaml");
    assert.ok("topology" in parsed, JSON.stringify("problems" in parsed ? parsed.problems : []));
    return boots(await runScenario(parsed.topology, parsed.topology.scenarios[0]!)).flatMap((b) => b.failures.map((f) => [f.key, f.nic!, f.words.replace(/^DHCP had no answer: /, ""), f.chain.find((x) => x.atNs > 0n)?.text ?? ""]));
  };
  const cable = "leaf1:Eth99--dhcp1:eth0";
  const silent = `{at: 1s, silent: '${cable}', direction: b-to-a}`;
  const cut = `link ${cable} is cut`;
  assert.deepEqual(await failures(`[{at: 1s, fail: '${cable}'}]`), [["unheard", "eth0", "the server was not reached: no carrier on the sending port at dhcp1:eth0", cut]]);
  assert.deepEqual(await failures(`[${silent}]`), [["answer-lost", "eth0", "the server answered, but not to this NIC: sent into a dead link, loss not noticed yet at dhcp1:eth0", `link ${cable} drops frames from dhcp1:eth0 to leaf1:Eth99, carrier stays`]]);
  // repaired while the last DISCOVER is waited for, from 38 s to 70 s
  assert.deepEqual((await failures(`[{at: 1s, fail: '${cable}'}, {at: 45s, repair: '${cable}'}]`)).map((f) => f.slice(0, 3)), [["unheard", "eth0", "the server was not reached; the way is open by now"]]);
  assert.deepEqual((await failures(`[${silent}, {at: 45s, repair: '${cable}'}]`)).map((f) => f.slice(0, 3)), [["answer-lost", "eth0", "the server answered, but not to this NIC; the way is open by now"]]);
  // the NIC's own cable: of this NIC, and of the next one, which then is not tried
  assert.deepEqual((await failures("[{at: 12s, fail: 'srv1:eth0'}]")).map((f) => f.slice(0, 3)), [["unheard", "eth0", "the server was not reached: no carrier on the sending port at srv1:eth0"]]);
  assert.deepEqual((await failures(`[{at: 1s, fail: '${cable}'}, {at: 20s, fail: 'srv1:eth1'}]`, "post: 10s, attempts: 1, nic: each")).map((f) => f.slice(0, 2)), [["unheard", "eth0"]]);
});

test("a server without a bond boots by its port, which the operating system finds without a link at first", async () => {
  const text = (steps: string): string => file({ pxe: "post: 10s, load: {size: 100MB, rate: 100M}", steps }).replace(/^bonds:.*\n/m, "").replace("links: [", "links: [leaf1:Eth1 -- srv1:eth0, ");
  const booted = async (steps: string): Promise<number> => {
    const parsed = parseTopology(text(steps), "pxe.dh.yaml");
    assert.ok("topology" in parsed, JSON.stringify("problems" in parsed ? parsed.problems : []));
    return seconds(boots(await runScenario(parsed.topology, parsed.topology.scenarios[0]!))[0]!.bootedNs);
  };
  near(await booted("[]"), 10.01 + 8 + 30 + 10 + 20); // no fallback is waited for: the first DISCOVER is answered
  near(await booted("[{at: 70s, fail: 'srv1:eth0'}, {at: 100s, repair: 'srv1:eth0'}]"), 100.01); // carrier is noticed after 10 ms
});

test("a transfer that is cut off goes on when the way returns, at the next retry", async () => {
  const { list: [boot] } = await run({ pxe: "post: 10s, load: {size: 500MB, rate: 100M, retry: 5s}", steps: "[{at: 20s, fail: 'dhcp1:eth0'}, {at: 31s, repair: 'dhcp1:eth0'}]" });
  const texts = boot!.timeline.filter((e) => e.text.startsWith("loading")).map((e) => e.text.replace(/[\d.]+ MB/, "N MB"));
  assert.deepEqual(texts, ["loading", "loading stops, N MB are missing", "loading: no answer, retry 1 of 6", "loading: no answer, retry 2 of 6", "loading goes on, N MB are missing"]);
  const loaded = boot!.timeline.find((e) => e.text.startsWith("has loaded"))!;
  near(seconds(loaded.atNs), 14.01 + 40 + 15, 0.05); // stalled from 20 s on, retried at 25, 30 and 35 s
});

test("a transfer that stays cut off fails, with its reason", async () => {
  const { list: [boot] } = await run({ pxe: "post: 10s, attempts: 1, load: {size: 500MB, rate: 100M, retry: 5s, retries: 3}", steps: "[{at: 20s, fail: 'dhcp1:eth0'}]" });
  assert.equal(boot!.failures[0]?.key, "load");
  near(seconds(boot!.failures[0]!.atNs), 35, 0.05);
});

test("forty servers share the server's link", async () => {
  const { list, result } = await run({ pxe: "post: 10s, load: {size: 500MB, rate: 1G}", servers: "srv1..40", serverSpeed: "10G", until: "15m" });
  assert.equal(list.filter((b) => b.bootedNs !== null).length, 40);
  // 40 x 500 MB over 10 Gbit/s are 16 s; one alone would need 4 s
  for (const b of list) near(seconds(b.timeline.find((e) => e.text.startsWith("has loaded"))!.atNs), 14.01 + 16, 0.05);
  assert.match(bootPart({ run: result, findings: null as never, applications: [], file: "f", version: "0" } as never, { paint: (_: string, s: string) => s }), /Network boots: 40 of 40 servers up/);
});

test("servers that start one after another: the share grows as others finish", async () => {
  const { list } = await run({ pxe: "post: 10s, load: {size: 500MB, rate: 10G}", servers: "srv1..2", serverSpeed: "1G" });
  for (const b of list) near(seconds(b.timeline.find((e) => e.text.startsWith("has loaded"))!.atNs), 14.01 + 8, 0.05);
});

test("power lost in the middle begins anew; once installed, it starts from the disk", async () => {
  const { list: [boot] } = await run({ pxe: "post: 10s, load: {size: 100MB}", steps: "[{at: 16s, fail: srv1}, {at: 40s, repair: srv1}, {at: 200s, fail: srv1}, {at: 210s, repair: srv1}]" });
  const texts = boot!.timeline.map((e) => e.text);
  assert.equal(texts.filter((t) => t === "loading").length, 2);
  assert.equal(texts.filter((t) => t === "installing").length, 1);
  assert.equal(texts.filter((t) => t === "booted: the network is up").length, 2);
});

test("one seed, one trace", async () => {
  const [a, b] = await Promise.all([run({ servers: "srv1..4" }, 7n), run({ servers: "srv1..4" }, 7n)]);
  assert.deepEqual(a.result.trace.bytes(), b.result.trace.bytes());
});

test("mistakes: no DHCP server in the network, a switch that boots, a NIC that is not there", () => {
  const codes = (text: string): string[] => {
    const parsed = parseTopology(text, "x.dh.yaml");
    return "problems" in parsed ? parsed.problems.map((p) => p.code) : [];
  };
  assert.deepEqual(codes(file({}).replace("dhcp: true", "dhcp: false")), ["DH_PXE"]);
  assert.deepEqual(codes(file({}).replace("profile: nxos-vpc", "profile: nxos-vpc, pxe: {}")), ["DH_PXE"]);
  assert.deepEqual(codes(file({ pxe: "nic: eth7" })), ["DH_UNKNOWN_PORT"]);
});
