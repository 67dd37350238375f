// LACP fallback by vendor: a server without an operating system behind one switch and behind an MC-LAG pair, with and without it.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { boots } from "../../../bindings/analysis/boots.ts";
import { runScenario } from "../../../bindings/engine/simulation.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";

const PXE = "pxe: {post: 10s, attempts: 1, load: {size: 100MB}, install: 20s}, boot: 20s";

export interface Case { profile: string; mode: string | null; pair?: boolean; nic?: string; port?: string; timeout?: string; peers?: string; on?: string }

/** One server, two cables, and a DHCP server on a plain port. */
function file({ profile, mode, pair = false, nic, port, timeout, peers, on = "leaf1" }: Case): string {
  const fallback = mode === null ? "" : `, lacp-fallback: {mode: ${mode}${timeout === undefined ? "" : `, timeout: ${timeout}`}${port === undefined ? "" : `, port: ${port}`}${peers === undefined ? "" : `, peers: ${peers}`}}`;
  return `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
  leaf1: {kind: leaf, profile: ${profile}}
${pair ? `  leaf2: {kind: leaf, profile: ${profile}}\n` : ""}  srv1: {kind: server, network: lan, ${nic === undefined ? PXE : PXE.replace("pxe: {", `pxe: {nic: ${nic}, `)}}
  dhcp1: {kind: server, network: lan, dhcp: true}
links: [{endpoints: ["${on}:Eth40", "dhcp1:eth0"]}]
${pair ? "mlag: {pair1: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54]}}\n" : ""}bonds:
  srv1:bond0: {to: ${pair ? "pair1" : "leaf1"}, members: [eth0, eth1], lacp-rate: fast${fallback}}
scenarios: {boot: {until: 6m, steps: []}}
`;
}

async function run(c: Case) {
  const parsed = parseTopology(file(c), "case.dh.yaml");
  assert.ok("topology" in parsed, JSON.stringify("problems" in parsed ? parsed.problems : []));
  const result = await runScenario(parsed.topology, parsed.topology.scenarios[0]!);
  const boot = boots(result)[0]!;
  const opened = [...result.trace].filter((r) => r.kind === abi.T_FALLBACK);
  const lag = (r: { entity: number }): string => result.names.lags[r.entity]!;
  return { boot, opened, lag, result };
}

const seconds = (ns: bigint | null): number => Number(ns) / 1e9;

/** Vendor, mode, seconds from link-up until the DISCOVER that is answered: the first of 0, 4, 12, 28 s after fallback began. */
const VENDORS: [string, string, number | null][] = [
  ["nxos-vpc", "individual", 4], ["eos-mlag", "static", null], ["eos-mlag", "individual", null], ["exos-mlag", "static", null], ["dell-vlt", "static", 28],
  ["junos-mclag", "force-up", 4], ["comware-mlag", "edge-port", 4], ["huawei-mlag", "force-up", null], ["cumulus-clag", "bypass", 4],
  ["sonic-mclag", "static", 4], ["aruba-vsx", "static", 4], ["fastiron-mct", "force-up", 4],
];

for (const [profile, mode, answered] of VENDORS) {
  test(`${profile} ${mode}, one switch: ${answered === null ? "its own timer is longer than the firmware asks" : `answered ${answered} s after link-up`}`, async () => {
    const { boot } = await run({ profile, mode });
    if (answered === null) {
      // 4 + 8 + 16 + 32 s of asking; the last DISCOVER leaves 28 s after link-up, and 60 and 90 s are later
      assert.equal(boot.bootedNs, null);
      assert.equal(boot.failures[0]?.key, "suspended");
      return;
    }
    assert.deepEqual(boot.failures, []);
    assert.equal(boot.nic, "eth0");
    const offer = boot.timeline.find((e) => e.text === "DHCP: an offer")!;
    // self-test 10 s, carrier is noticed 10 ms later
    assert.ok(Math.abs(seconds(offer.atNs) - (10.01 + answered)) < 0.001, `offer at ${seconds(offer.atNs)} s`);
  });

  test(`${profile} ${mode}, one switch, a timer shorter than the firmware asks: boots, and LACP forms`, async () => {
    const { boot, opened, result } = await run({ profile, mode, timeout: "5s" });
    assert.ok(boot.bootedNs !== null, JSON.stringify(boot.failures.map((f) => f.words)));
    // each fallback that began has ended at the first LACPDU
    assert.equal(opened.at(-1)?.b, 0);
    const mux = [...result.trace].filter((r) => r.kind === abi.T_LACP_MUX && r.b === abi.MUX_COLLECTING_DISTRIBUTING && result.names.ports[r.entity]!.startsWith("leaf1:"));
    assert.equal(mux.length, 2);
    assert.ok(opened.at(-1)!.at <= mux[0]!.at);
  });

  test(`${profile} without fallback: the boot fails, and says that the port-channel is suspended`, async () => {
    const { boot } = await run({ profile, mode: null });
    assert.equal(boot.state, "FAILED");
    assert.equal(boot.failures[0]?.words, "DHCP had no answer because the switch keeps leaf1:Po1 suspended: no LACPDU was heard, and it has no LACP fallback");
    assert.match(boot.failures[0]!.chain.map((l) => l.text).join("; "), /DEFAULTED|DETACHED/);
  });
}

test("fallback is left at the first LACPDU, not before", async () => {
  const { opened, result } = await run({ profile: "nxos-vpc", mode: "individual" });
  const last = opened.at(-1)!;
  assert.equal(last.b, 0);
  const heard = [...result.trace].find((r) => r.kind === abi.T_LACP_RX && r.b === abi.RX_CURRENT && result.names.ports[r.entity]!.startsWith("leaf1:"))!;
  assert.equal(last.at, heard.at);
});

const PAIRS: [string, string, "one" | "each"][] = [
  ["nxos-vpc", "individual", "each"], ["eos-mlag", "static", "one"], ["eos-mlag", "individual", "one"], ["exos-mlag", "static", "one"], ["dell-vlt", "static", "one"],
  ["junos-mclag", "force-up", "one"], ["comware-mlag", "edge-port", "each"], ["huawei-mlag", "force-up", "one"], ["cumulus-clag", "bypass", "each"],
  ["sonic-mclag", "static", "each"], ["aruba-vsx", "static", "one"], ["fastiron-mct", "force-up", "one"],
];

for (const [profile, mode, peers] of PAIRS) {
  test(`${profile} ${mode} on an MC-LAG pair: ${peers === "one" ? "one leg opens, always the same" : "each peer opens its leg"}`, async () => {
    const { opened, lag, boot } = await run({ profile, mode, pair: true, timeout: "5s" });
    const legs = new Set(opened.filter((r) => r.b === 1 && r.c !== 0).map(lag));
    assert.deepEqual([...legs].sort(), peers === "one" ? ["leaf1:Po1"] : ["leaf1:Po1", "leaf2:Po1"]);
    assert.ok(boot.bootedNs !== null, JSON.stringify(boot.failures.map((f) => f.words)));
  });

  test(`${profile} on an MC-LAG pair without fallback: fails on either NIC`, async () => {
    const { boot } = await run({ profile, mode: null, pair: true, nic: "each" });
    assert.deepEqual(boot.failures.map((f) => [f.nic, f.key]), [["eth0", "suspended"], ["eth1", "suspended"]]);
  });
}

test("one leg of the pair: firmware that insists on the other NIC fails and hears whose leg it is not; each NIC in turn boots", async () => {
  const stubborn = await run({ profile: "eos-mlag", mode: "static", pair: true, timeout: "5s", nic: "eth1" });
  assert.equal(stubborn.boot.state, "FAILED");
  assert.match(stubborn.boot.failures[0]!.words, /keeps leaf2:Po1 suspended/);
  const turn = await run({ profile: "eos-mlag", mode: "static", pair: true, timeout: "5s", nic: "each" });
  assert.equal(turn.boot.nic, "eth0");
});

test("regression of the field: with fallback on both legs as members, the answer leaves by the leg of the switch that it enters", async () => {
  // The firmware uses eth0 (leaf1). The DHCP server hangs on leaf2, whose own leg leads to eth1.
  const lost = await run({ profile: "sonic-mclag", mode: "static", pair: true, timeout: "0s", on: "leaf2" });
  assert.equal(lost.boot.state, "FAILED");
  assert.equal(lost.boot.failures[0]?.key, "answer-lost");
  assert.match(lost.boot.failures[0]!.words, /arrived on the inactive member at srv1:eth1/);
  const near = await run({ profile: "sonic-mclag", mode: "static", pair: true, timeout: "0s", on: "leaf1" });
  assert.ok(near.boot.bootedNs !== null);
  const agreed = await run({ profile: "sonic-mclag", mode: "static", pair: true, timeout: "0s", on: "leaf2", peers: "one" });
  assert.ok(agreed.boot.bootedNs !== null, "with one leg only, it works from both switches");
  const alone = await run({ profile: "nxos-vpc", mode: "individual", pair: true, on: "leaf2" });
  assert.ok(alone.boot.bootedNs !== null, "individual ports are orphans: the address is known over the peer-link");
});

test("force-up of a named member: on the peer that has its cable", async () => {
  const { opened, lag, boot } = await run({ profile: "junos-mclag", mode: "force-up", pair: true, port: "eth1", nic: "each" });
  assert.deepEqual([...new Set(opened.filter((r) => r.c !== 0).map(lag))], ["leaf2:Po1"]);
  assert.equal(boot.nic, "eth1");
});

test("a mode that the vendor does not have is a mistake", () => {
  const parsed = parseTopology(file({ profile: "eos-mlag", mode: "edge-port" }), "case.dh.yaml");
  assert.ok("problems" in parsed);
  assert.deepEqual(parsed.problems.map((p) => p.code), ["DH_FALLBACK"]);
  assert.match(parsed.problems[0]!.message, /Arista EOS has no LACP fallback "edge-port"/);
});
