// What a topology file means: counts, cables, addresses, targets; and that no text whatever makes the reader throw.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { formatDuration, isTargetError, parseDuration, parseStepFlag, resolveTarget } from "../../../bindings/topology/targets.ts";
import { formatProblems, jsonSchema, loadTopology, parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { didYouMean } from "../../../bindings/topology/problems.ts";
import { expandRange } from "../../../bindings/topology/ranges.ts";

const EXAMPLES = ["dual-homed-server", "mclag-pair", "two-site"] as const;
const exampleText = (name: string): string => readFileSync(new URL(`../../../examples/${name}/${name}.dh.yaml`, import.meta.url), "utf8");

function topologyOf(text: string): Topology {
  const result = parseTopology(text, "t.dh.yaml");
  if ("problems" in result) assert.fail(formatProblems(result.problems, text, { color: false }));
  return result.topology;
}

const linkNames = (t: Topology): string[] => t.links.map((link) => link.name);
const ipOf = (t: Topology, on: string): string | undefined => t.addresses.find((address) => address.on === on)?.ip;
const find = <T extends { name: string }>(list: readonly T[], name: string): T => list.find((each) => each.name === name) ?? assert.fail(`no ${name}`);

// --- examples ------------------------------------------------------------------------------------

test("two-site: the parts are there", () => {
  const t = topologyOf(exampleText("two-site"));
  const counts = [t.nodes, t.links, t.lags, t.pairs, t.networks, t.vrrps, t.services, t.scenarios].map((list) => list.length);
  //                      servers spines leaves  bonds meshes peer-links sites   bonds, their two sides, peer-links
  assert.deepEqual(counts, [80 + 4 + 8, 160 + 16 + 8 + 2, 80 * 3 + 8, 4, 4, 8, 1, 3]);
  assert.equal(t.addresses.length, 80 + 8 + 2 * (16 + 2));
  assert.equal(new Set(t.addresses.map((address) => address.ip)).size, t.addresses.length);
  assert.equal(new Set(t.nodes.map((node) => node.mac)).size, t.nodes.length);
});

test("two-site: addresses, gateways, MC-LAG ids, routed cables", () => {
  const t = topologyOf(exampleText("two-site"));
  assert.equal(ipOf(t, "fra-a1:bond0"), "10.1.10.11");
  assert.equal(ipOf(t, "ams-b20:bond0"), "10.2.40.30");
  assert.equal(ipOf(t, "fra-leaf1:vlan10"), "10.1.10.2");
  assert.equal(t.addresses.find((address) => address.node === "fra-a1")?.gateway, "10.1.10.1");
  assert.ok(linkNames(t).includes("fra-leaf1:Eth1--fra-a1:eth0") && linkNames(t).includes("fra-leaf2:Eth1--fra-a1:eth1"));
  assert.ok(linkNames(t).includes("fra-leaf1:Eth49--fra-spine1:Eth1") && linkNames(t).includes("fra-leaf4:Eth50--fra-spine2:Eth4"));
  const legs = ["fra-leaf1:Po7", "fra-leaf2:Po7"].map((name) => find(t.lags, name));
  assert.deepEqual(legs.map((lag) => [lag.pair, lag.mlagId, lag.lacp?.key, lag.vlans]), Array(2).fill(["fra-pair1", 7, 7, [10]]));
  const uplink = t.ports.find((port) => port.node === "fra-leaf1" && port.name === "Eth49");
  assert.deepEqual([uplink?.mode, uplink?.speedMbps, uplink?.vlans], ["routed", 100_000, []]);
  assert.match(ipOf(t, "fra-leaf1:Eth49") ?? "", /^100\.64\./);
  assert.deepEqual(find(t.lags, "fra-leaf1:peer-link").vlans, [10]);
});

test("two-site: merged pair, service with a standby, scenario", () => {
  const t = topologyOf(exampleText("two-site"));
  const pair = find(t.pairs, "ams-pair2");
  assert.deepEqual([pair.domain, pair.peers, pair.systemMac, pair.delayRestoreNs], [22, ["ams-leaf3", "ams-leaf4"], 0x002304eebe16n, parseDuration("30s")]);
  const service = find(t.services, "erp");
  assert.deepEqual([service.primary, service.standby, service.decisionNs], ["erp/primary", "erp/standby", parseDuration("15m")]);
  assert.equal(find(t.flows, "erp/standby").to, "ams-a20");
  const scenario = find(t.scenarios, "default");
  assert.equal(scenario.untilNs, parseDuration("400s"));
  assert.deepEqual(scenario.steps[4]?.targets, [{ kind: "node", name: "fra-leaf1" }]);
  assert.equal(scenario.steps[2]?.targets.length, 2);
  assert.equal(find(t.scenarios, "site-loss").steps[0]?.targets.length, 46);
});

test("mclag-pair: orphan, active-backup, peer-link", () => {
  const t = topologyOf(exampleText("mclag-pair"));
  assert.equal(find(t.lags, "backup:bond0").mode, "active-backup");
  assert.equal(find(t.lags, "backup:bond0").primary, "eth0");
  const plain = t.links.filter((link) => link.b.startsWith("backup:")).map((link) => t.ports.find((port) => `${port.node}:${port.name}` === link.a));
  assert.deepEqual(plain.map((port) => [port?.mode, port?.vlans]), [["access", [10]], ["access", [10]]]);
  assert.ok(!t.lags.some((lag) => plain.some((port) => lag.node === port?.node && lag.members.includes(port.name))));
  assert.equal(t.addresses.find((address) => address.node === "orphan")?.on, "orphan:eth0");
  assert.deepEqual(find(t.lags, "leaf1:peer-link").vlans, [10, 20]);
});

test("of the RFCs VRRP version 2 has one, whichever is named; a daemon is itself", () => {
  const said = (words: string) => topologyOf(`dualhome: 1\nnetworks: {a: {vlan: 10, subnet: 10.1.10.0/24}}\nnodes: {r1..2: {kind: leaf}}\nlinks: [{endpoints: ["r1:Eth1", "r2:Eth1"], networks: [a]}]
gateways: {a: {protocol: vrrp, vrid: 10, vip: 10.1.10.1, ${words} routers: {r1: 110, r2: 100}}}\n`).vrrps.map((v) => `${v.version} ${v.implementation}`)[0];
  assert.equal(said(""), "3 rfc9568");
  assert.equal(said("version: 2,"), "2 rfc3768");
  assert.equal(said("version: 2, implementation: rfc5798,"), "2 rfc3768");
  assert.equal(said("implementation: rfc3768,"), "2 rfc3768");
  assert.equal(said("version: 2, implementation: keepalived,"), "2 keepalived");
  const { assumptions } = topologyOf(exampleText("nxos-pair"));
  assert.deepEqual(assumptions.filter((a) => a.what.endsWith("behaves as")).map((a) => [a.value, a.source]), [["rfc3768", "RFC 3768: version 2"]]);
});

test("what the file does not say is assumed, with its source, once", () => {
  const t = topologyOf(exampleText("mclag-pair"));
  const delay = t.assumptions.find((each) => each.what === "MC-LAG (Cisco NX-OS): delay restore");
  assert.deepEqual(delay, { what: "MC-LAG (Cisco NX-OS): delay restore", value: "30s", source: "Cisco NX-OS default" });
  assert.equal(new Set(t.assumptions.map((each) => each.what)).size, t.assumptions.length);
  assert.ok(!t.assumptions.some((each) => each.what.includes("keepalive interval")), "the file says the interval");
});

test("every part remembers where it stands", () => {
  const text = exampleText("two-site");
  const lines = text.split("\n");
  const t = topologyOf(text);
  const at = (where: { line: number; col: number; length: number }): string => (lines[where.line - 1] ?? "").slice(where.col - 1, where.col - 1 + where.length);
  assert.equal(at(find(t.nodes, "fra-leaf3").where), "fra-leaf1..4");
  assert.equal(at(find(t.lags, "fra-leaf1:Po1").where), "fra-a1..20:bond0");
  assert.equal(at(find(t.pairs, "ams-pair1").where), "ams-pair1");
  assert.equal(at(find(t.scenarios, "default").steps[4]?.where ?? assert.fail()), "gateway/fra-a");
});

// --- single features -----------------------------------------------------------------------------

const HEAD = "dualhome: 1\nnetworks: {web: {vlan: 10, subnet: 10.1.10.0/24}}\n";

test("a bond without to: uses the cables there are, and the switch's side is made", () => {
  const t = topologyOf(`${HEAD}nodes: {sw1: {kind: l2switch}, srv1: {kind: server, network: web}}
links: ["sw1:Eth7 -- srv1:eth0", "sw1:Eth9 -- srv1:eth1"]
bonds: {"srv1:bond0": {members: [eth0, eth1], mode: balance-xor}}`);
  assert.deepEqual(find(t.lags, "sw1:Po1").members, ["Eth7", "Eth9"]);
  assert.equal(find(t.lags, "sw1:Po1").mode, "static");
});

test("an explicit port-channel is used as it is", () => {
  const t = topologyOf(`${HEAD}nodes: {sw1: {kind: l2switch}, srv1: {kind: server, network: web}}
links: ["sw1:Eth7 -- srv1:eth0", "sw1:Eth9 -- srv1:eth1"]
lags: {"sw1:Po5": {members: [Eth7, Eth9], mode: lacp-passive, rate: fast, port-priority: {Eth9: 100}, max-bundle: 1}}
bonds: {"srv1:bond0": {members: [eth0, eth1], mode: 802.3ad}}`);
  const lag = find(t.lags, "sw1:Po5");
  assert.deepEqual(t.lags.length, 2);
  assert.deepEqual([lag.lacp?.active, lag.lacp?.fast, lag.lacp?.portPriority, lag.maxBundle], [false, true, { Eth9: 100 }, 1]);
});

test("a static gateway is an address of its router; the owner of a VRRP address has it too", () => {
  const t = topologyOf(`${HEAD}nodes: {leaf1: {kind: leaf}, srv1: {kind: server, network: web, address: 10.1.10.77}}
links: ["leaf1:Eth1 -- srv1:eth0"]
gateways: {web: {protocol: static, vip: 10.1.10.1, routers: {leaf1: 100}}}`);
  assert.equal(ipOf(t, "leaf1:vlan10"), "10.1.10.1");
  assert.equal(t.vrrps.length, 0);
  assert.equal(ipOf(t, "srv1:eth0"), "10.1.10.77");
  assert.deepEqual(resolveTarget(t, "gateway/web"), [{ kind: "node", name: "leaf1" }]);
  const owner = topologyOf(`${HEAD}nodes: {leaf1: {kind: leaf}, srv1: {kind: server, network: web}}
links: ["leaf1:Eth1 -- srv1:eth0"]
gateways: {web: {protocol: vrrp, vrid: 1, vip: 10.1.10.1, routers: {leaf1: 255}}}`);
  assert.equal(ipOf(owner, "leaf1:vlan10"), "10.1.10.1");
});

test("a keepalive over a cable of its own is routed", () => {
  const t = topologyOf(exampleText("mclag-pair").replace("{via: mgmt,", "{via: link, link: \"leaf1:Eth47 -- leaf2:Eth47\","));
  assert.deepEqual(find(t.pairs, "pair1").keepalive, { via: "link", link: "leaf1:Eth47--leaf2:Eth47" });
  assert.equal(t.ports.find((port) => port.name === "Eth47")?.mode, "routed");
  assert.deepEqual(resolveTarget(t, "mlag/pair1/keepalive"), [{ kind: "link", name: "leaf1:Eth47--leaf2:Eth47" }]);
});

test("carrier and silent at a port are one direction of its cable", () => {
  const steps = "[{at: 1s, carrier: leaf2:Eth40}, {at: 2s, silent: leaf2:Eth40}, {at: 3s, carrier: orphan:eth0}, {at: 4s, loss: leaf2:Eth40, percent: 0.5}]";
  const t = topologyOf(`${exampleText("mclag-pair")}  ports: ${steps}\n`);
  const scenario = find(t.scenarios, "ports");
  assert.deepEqual(scenario.steps.map((step) => step.direction), ["b-to-a", "a-to-b", "a-to-b", "both"]);
  assert.deepEqual(scenario.steps[0]?.targets, [{ kind: "link", name: "leaf2:Eth40--orphan:eth0" }]);
  assert.equal(scenario.steps[3]?.perMillion, 5000);
  assert.equal(scenario.untilNs, parseDuration("154s")); // the last step at 4 s, a minute, and the longest boot of 90 s
});

test("targets", () => {
  const t = topologyOf(exampleText("mclag-pair"));
  assert.deepEqual(resolveTarget(t, "srv1:eth0 -- leaf1:Eth4"), [{ kind: "link", name: "leaf1:Eth4--srv1:eth0" }]);
  assert.deepEqual(resolveTarget(t, "srv1:bond0"), [{ kind: "port", name: "srv1:eth0" }, { kind: "port", name: "srv1:eth1" }]);
  assert.deepEqual(resolveTarget(t, "gateway/vlan10"), [{ kind: "node", name: "leaf1" }]);
  const wrong: [string, string | null][] = [["laef1", "leaf1"], ["leaf1:Eth99", "leaf1:Eth9"], ["mlag/pair2/peer-link", "pair1"], ["mlag/pair1/peerlink", "peer-link"], ["site/fra", null], ["", null], ["--", null], ["leaf1--", null]];
  for (const [text, near] of wrong) {
    const result = resolveTarget(t, text);
    assert.ok(isTargetError(result), text);
    if (near !== null) assert.ok(result.didYouMean === near || text.includes("Eth99"), `${text}: ${result.didYouMean}`);
  }
});

test("durations", () => {
  assert.equal(parseDuration("1.5s"), 1_500_000_000n);
  assert.equal(parseDuration("0.1us"), 100n);
  for (const text of ["5", "5 parsecs", "-1s", "", "1e3s", "s"]) assert.throws(() => parseDuration(text), RangeError);
  assert.deepEqual([0n, 500n, 1_500n, 90_000_000_000n, 120_000_000_000n, 7_200_000_000_000n, 3_609_375_000n].map(formatDuration), ["0s", "500ns", "1.5us", "90s", "2m", "2h", "3609.375ms"]);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (ns) => parseDuration(formatDuration(ns)) === ns));
  assert.deepEqual(parseStepFlag("mlag/a/peer-link@1.5s", "fail"), { atNs: 1_500_000_000n, op: "fail", target: "mlag/a/peer-link" });
  assert.throws(() => parseStepFlag("leaf1", "fail"), /leaf1@10s/);
});

test("ranges and near names", () => {
  assert.deepEqual(expandRange("srv08..11"), ["srv08", "srv09", "srv10", "srv11"]);
  assert.deepEqual(expandRange("r1..2-s1..2"), ["r1-s1", "r1-s2", "r2-s1", "r2-s2"]);
  assert.throws(() => expandRange("a1..1000-b1..1000"), RangeError);
  assert.equal(didYouMean("laef1", ["leaf2", "leaf1"]), "leaf1");
  assert.equal(didYouMean("spine", ["leaf1", "srv1"]), null);
});

test("the same text gives the same topology", () => {
  const text = exampleText("two-site");
  assert.deepEqual(topologyOf(text), topologyOf(text));
});

test("a file is read from disk", async () => {
  const result = await loadTopology(new URL("../../../examples/mclag-pair/mclag-pair.dh.yaml", import.meta.url).pathname);
  assert.ok("topology" in result && result.topology.name === "mclag-pair");
  await assert.rejects(loadTopology("/nowhere/at/all.dh.yaml"));
});

test("the JSON Schema is current: npm run schema", () => {
  const file = readFileSync(new URL("../../../docs/dualhome-1.schema.json", import.meta.url), "utf8");
  assert.equal(file, `${JSON.stringify(jsonSchema(), null, 2)}\n`);
  assert.equal(JSON.parse(file).$schema, "http://json-schema.org/draft-07/schema#");
});

// --- any text --------------------------------------------------------------------------------------

const texts = EXAMPLES.map(exampleText);
const WORDS = ["{", "}", "[", "]", ": ", "- ", "\n", "  ", "*pair", "&a ", "<<: ", "null", "~", "1..9", "9..1", "--", ":", "0", "-1", "1e99", "true", "\t", "\u0000", "é", "__proto__", "constructor: {}", "10s", "''", "\"", "#", "|", "!!x ", "leaf1", "fra-a1", "eth0"];

interface Cut { at: number; length: number; insert: string }

const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })),
});

function apply(text: string, { at, length, insert }: Cut): string {
  const from = Math.floor(at * text.length);
  return text.slice(0, from) + insert + text.slice(from + length);
}

test("no text makes the reader throw: examples with cuts and insertions", () => {
  fc.assert(fc.property(fc.constantFrom(...texts), fc.array(cut, { minLength: 1, maxLength: 4 }), (text, cuts) => {
    check(cuts.reduce(apply, text));
  }), { numRuns: 300 });
});

test("no text makes the reader throw: values swapped for others", () => {
  const scalar = /(?<=[:[,] ?)[A-Za-z0-9./+-]+/g;
  fc.assert(fc.property(fc.constantFrom(...texts), fc.nat(), fc.oneof(fc.constantFrom(...WORDS), fc.jsonValue({ maxDepth: 2 }).map((v) => JSON.stringify(v))), (text, n, value) => {
    const found = [...text.matchAll(scalar)];
    const match = found[n % found.length] ?? assert.fail();
    check(text.slice(0, match.index) + value + text.slice(match.index + match[0].length));
  }), { numRuns: 300 });
});

/** Either a topology, or problems that stand inside the text. */
function check(text: string): void {
  const result = parseTopology(text, "f.dh.yaml");
  if ("topology" in result) return;
  assert.ok(result.problems.length > 0);
  const lines = text.split(/\r\n|\n|\r/).length;
  for (const { code, where, message } of result.problems) {
    assert.match(code, /^DH_[A-Z_]+$/);
    assert.ok(where.line >= 1 && where.line <= lines && where.col >= 1 && where.length >= 1, `${code} ${JSON.stringify(where)}`);
    assert.doesNotMatch(message, /undefined|\[object/);
  }
  formatProblems(result.problems, text, { color: true });
}

test("a file of 10,000 servers, each named", () => {
  const rows = ["dualhome: 1", "networks: {web: {vlan: 10, subnet: 10.0.0.0/16}}", "nodes:"];
  const names = Array.from({ length: 10_000 }, (_, i) => [`srv${i + 1}`, Math.floor(i / 40) + 1] as const);
  for (let p = 1; p <= 250; p++) rows.push(`  leaf${p}a: {kind: leaf}`, `  leaf${p}b: {kind: leaf}`);
  for (const [name] of names) rows.push(`  ${name}: {kind: server, network: web}`);
  rows.push("mlag:");
  for (let p = 1; p <= 250; p++) rows.push(`  pair${p}: {peers: [leaf${p}a, leaf${p}b], peer-link: [Eth53, Eth54]}`);
  rows.push("bonds:");
  for (const [name, pair] of names) rows.push(`  ${name}:bond0: {to: pair${pair}, members: [eth0, eth1], lacp-rate: fast}`);
  const text = rows.join("\n");
  const begun = performance.now();
  const t = topologyOf(text);
  process.stdout.write(`# 10,000 servers, ${(text.length / 1e6).toFixed(1)} MB: ${Math.round(performance.now() - begun)} ms\n`);
  assert.deepEqual([t.nodes.length, t.links.length, t.lags.length], [10_500, 20_500, 30_500]);
});

test("a keepalive over the management network is a link that can fail", () => {
  const t = topologyOf(exampleText("mclag-pair"));
  assert.deepEqual(resolveTarget(t, "mlag/pair1/keepalive"), [{ kind: "link", name: "mlag/pair1/keepalive" }]);
});

test("both legs of a pair's port-channel are one bundle: active-backup on them is refused, on plain ports not", () => {
  const file = (legs: string) => `dualhome: 1
networks: {a: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {leaf1..2: {kind: leaf}, srv1: {kind: server, network: a}}
links: ["leaf1:Eth1 -- srv1:eth0", "leaf2:Eth1 -- srv1:eth1"]
mlag: {pair1: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54]}}
${legs}bonds: {"srv1:bond0": {members: [eth0, eth1], mode: active-backup}}
`;
  const codes = (text: string): string[] => {
    const parsed = parseTopology(text, "pair.dh.yaml");
    return "problems" in parsed ? parsed.problems.map((p) => p.code) : [];
  };
  assert.deepEqual(codes(file("lags: {leaf1..2:Po1: {members: [Eth1], mode: static, mlag: pair1, mlag-id: 1}}\n")), ["DH_LACP_STATIC"]);
  assert.deepEqual(codes(file("")), []);
});
