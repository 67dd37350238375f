// Steps of an operator at ports and bonds, and the words of bonds that face several partners: what the reader makes of them, what it
// refuses and where; and the ARP monitor that wants all of its targets.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { T_BOND_ACTIVE, T_LAG } from "../../../assembly/abi.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";

const file = (bond: string, step: string): string => `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1..2: {kind: l2switch}, srv1: {kind: server, network: lan, address: 10.1.10.11}, c1: {kind: server, network: lan, address: 10.1.10.21}, c2: {kind: server, network: lan, address: 10.1.10.22}}
links: ["sw1:Eth20 -- c1:eth0", "sw1:Eth21 -- c2:eth0", "sw1:Eth40 -- sw2:Eth40"]
bonds: {"srv1:bond0": {${bond}}}
flows: {f: {from: srv1, to: c1}}
scenarios: {s: {until: 30s, steps: [{at: 5s, ${step}}]}}
`;
const AD = "to: sw1, members: [eth0, eth1], mode: 802.3ad";
const parsed = (text: string): Topology => {
  const result = parseTopology(text, "x.dh.yaml");
  if (!("topology" in result)) assert.fail(result.problems.map((p) => `${p.code} ${p.message}`).join("; "));
  return result.topology;
};
const refused = (text: string): { code: string; message: string; line: number; col: number; at: string } => {
  const result = parseTopology(text, "x.dh.yaml");
  if (!("problems" in result)) assert.fail("it was taken");
  const [first] = result.problems;
  assert.ok(first !== undefined);
  const { line, col } = first.where;
  return { code: first.code, message: first.message, line, col, at: text.split("\n")[line - 1]?.slice(col - 1) ?? "" };
};

describe("operators' steps", () => {
  it("down of a server's bond is done to the bond, of a port-channel to its ports", () => {
    assert.deepEqual(parsed(file(AD, 'down: "srv1:bond0"')).scenarios[0]!.steps[0]!.targets, [{ kind: "lag", name: "srv1:bond0" }]);
    assert.deepEqual(parsed(file(AD, 'down: "sw1:Po1"')).scenarios[0]!.steps[0]!.targets.map((t) => t.kind), ["port", "port"]);
    assert.deepEqual(parsed(file(AD, 'release: "srv1:bond0"')).scenarios[0]!.steps[0]!.targets.map((t) => t.kind), ["port", "port"], "all members");
  });
  it("what is no member of a Linux bond is not released, and a node is not set down", () => {
    const port = refused(file(AD, 'release: "sw1:Eth20"'));
    assert.equal(port.code, "DH_TARGET_OP");
    assert.match(port.message, /"release" is done to a member of a Linux bond; sw1:Eth20 is none/);
    assert.ok(port.at.startsWith('"sw1:Eth20"'), port.at);
    const node = refused(file(AD, "down: srv1"));
    assert.equal(node.code, "DH_TARGET_OP");
    assert.match(node.message, /"down" is done to a port or a bond; srv1 is a node/);
    assert.equal(refused(file("to: sw1, members: [eth0, eth1], mode: windows-lacp", 'enslave: "srv1:eth0"')).code, "DH_TARGET_OP");
  });
  it("a bond that is down is down for the flow, and up again with it", async () => {
    const text = file(AD, 'down: "srv1:bond0"').replace("]}}\n", ', {at: 10s, up: "srv1:bond0"}]}}\n');
    const t = parsed(text);
    const run = await runScenario(t, t.scenarios[0]!, { seed: 3n });
    const changes = [...run.trace].filter((r) => r.kind === T_LAG && r.at > 0n && run.names.lags[r.entity] === "srv1:bond0").map((r) => [Number(r.at) / 1e9, r.a]);
    assert.deepEqual(changes, [[5, 0], [10, 1]]);
  });
});

describe("bonds with several partners", () => {
  it("need ad-select: without it, cables to two switches are a mistake", () => {
    const split = AD.replace("to: sw1", "to: [sw1, sw2]");
    const wrong = refused(file(split, "nothing: sw1"));
    assert.equal(wrong.code, "DH_LAG_SPLIT");
    const t = parsed(file(`${split}, ad-select: count`, "nothing: sw1"));
    assert.deepEqual(t.lags.map((l) => l.name).sort(), ["srv1:bond0", "sw1:Po1", "sw2:Po1"]);
    assert.equal(t.lags.find((l) => l.node === "srv1")!.adSelect, "count");
  });
  it("a user's key stands above the bits of the speed, as in Linux: members of another key are another aggregate", () => {
    const lacp = parsed(file(`${AD}, ad-user-port-key: 5, ad-actor-system-priority: 100`, "nothing: sw1")).lags.find((l) => l.node === "srv1")!.lacp!;
    assert.deepEqual([lacp.key, lacp.systemPriority], [(5 << 6) | 15, 100], "10 Gbit/s, full duplex");
    assert.equal(refused(file("to: sw1, members: [eth0, eth1], mode: balance-xor, ad-user-port-key: 5", "nothing: sw1")).code, "DH_VALUE");
    assert.equal(refused(file(`${AD}, ad-user-port-key: 1024`, "nothing: sw1")).code, "DH_VALUE");
  });
  it("lacp-active is 802.3ad's", () => {
    assert.equal(parsed(file(`${AD}, lacp-active: false`, "nothing: sw1")).lags.find((l) => l.node === "srv1")!.lacp!.active, false);
    const wrong = refused(file("to: sw1, members: [eth0, eth1], mode: balance-xor, lacp-active: false", "nothing: sw1"));
    assert.equal(wrong.code, "DH_VALUE");
    assert.ok(wrong.at.startsWith("lacp-active"), wrong.at);
  });
});

describe("arp-all-targets", () => {
  const bond = (all: string): string => `to: [sw1, sw2], members: [eth0, eth1], mode: active-backup, primary: eth0, arp-interval: 1s, arp-validate: all, arp-ip-targets: [10.1.10.21, 10.1.10.22], arp-all-targets: ${all}`;
  const changes = async (all: string): Promise<number> => {
    const t = parsed(file(bond(all), "fail: c2"));
    const run = await runScenario(t, t.scenarios[0]!, { seed: 1n });
    return [...run.trace].filter((r) => r.kind === T_BOND_ACTIVE && r.at > 0n).length;
  };
  it("any: one target that answers is enough", async () => { assert.equal(await changes("any"), 0); });
  it("all: with one of two targets dead the member is given up, and so is the next one", async () => { assert.ok(await changes("all") > 1); });
});
