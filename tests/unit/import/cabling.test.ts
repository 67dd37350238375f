// Cabling: containerlab, lldpctl's JSON, Batfish's layer 1. What is read, what is guessed and said, what is listed, what is no such file; and an outage.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importParts, importWhole } from "../../../bindings/importers/index.ts";
import { of, outagesOf, parts, said, text, topologyOf, unread, whole } from "../../support/imported.ts";

/** MII monitor every 100 ms (bonds), link loss noticed after 10 ms (dualhome's default): one poll, and the host is on its other leg. */
const ONE_POLL_MS = 100 + 10 + 1;

describe("containerlab", () => {
  const lab = whole("containerlab: rack.clab.yml");

  it("nodes, cables, bonds and addresses of exec", () => {
    const { nodes, links, bonds } = lab.parts as { nodes: Record<string, Record<string, unknown>>; links: unknown[]; bonds: Record<string, unknown> };
    assert.deepEqual(Object.entries(nodes).map(([name, n]) => [name, n["kind"], n["profile"]]), [
      ["web1", "server", undefined], ["web2", "server", undefined], ["leaf1", "leaf", "eos-mlag"], ["leaf2", "leaf", "eos-mlag"], ["spine1", "spine", "eos-mlag"],
    ]);
    assert.deepEqual(links, [
      "leaf1:Eth53 -- leaf2:Eth53", "leaf1:Eth49 -- spine1:Eth1", "leaf2:Eth49 -- spine1:Eth2", "web1:eth1 -- leaf1:Eth1", "web1:eth2 -- leaf2:Eth1", "web2:eth1 -- leaf1:Eth2", "web2:eth2 -- leaf2:Eth2",
    ]);
    assert.deepEqual(bonds["web1:bond0"], { members: ["eth1", "eth2"], mode: "802.3ad", "mii-monitor-interval": "100ms", "lacp-rate": "fast" });
  });

  it("a pair that only a bond gives away is a guess", () => {
    assert.ok(said(lab).includes("rack.clab.yml:16: a guess: leaf1 and leaf2 are an MC-LAG pair: web1:bond0 ends on both"));
    assert.ok(said(lab).includes("rack.clab.yml:27: a guess: the peer-link of leaf1 and leaf2 is what is cabled between them: leaf1:Eth53 -- leaf2:Eth53"));
    assert.ok(said(lab).includes("rack.clab.yml:44: the link to host:uplink is left out: it leads out of the lab"));
  });

  it("every part that is not read is listed", () => {
    assert.deepEqual(unread(lab), [
      "rack.clab.yml:7: topology.kinds", "rack.clab.yml:10: topology.nodes.leaf1.startup-config: leaf1.cfg", "rack.clab.yml:11: topology.nodes.leaf2.startup-config: leaf2.cfg",
      "rack.clab.yml:21: ethtool -K eth1 tx off", "rack.clab.yml:31: topology.links[3].mtu: 9000",
    ]);
  });

  it("runs: a leaf dies", async () => {
    const worst = await outagesOf(topologyOf(lab), "leaf1");
    assert.deepEqual([...worst.keys()], ["in-net-10-1-10-0"]);
    for (const ms of worst.values()) assert.ok(ms > 0 && ms <= ONE_POLL_MS, `${ms} ms`);
  });

  it("without -o: nodes and cables as they are written", () => {
    assert.deepEqual(Object.keys(parts("containerlab: rack.clab.yml").parts), ["networks", "nodes", "links", "bonds"]);
  });

  const wrong: [string, string, RegExp][] = [
    ["another YAML file", "a: 1\n", /^x\.yml:1:1: this is no containerlab topology: it has no mapping "topology"$/],
    ["no YAML", "topology: {nodes: [\n", /^x\.yml:\d+:\d+: /],
    ["three ends", "topology:\n  links:\n    - endpoints: [a:1, b:1, c:1]\n", /^x\.yml:3:7: topology\.links\[0\]: a link has two endpoints$/],
    ["an end without a port", "topology:\n  nodes: {a: , b: }\n  links:\n    - endpoints: [a, b:1]\n", /^x\.yml:4:19: topology\.links\[0\]\.endpoints\[0\]: an endpoint is node:interface$/],
    ["a node that is not there", "topology:\n  links:\n    - endpoints: [a:1, b:1]\n", /^x\.yml:3:7: topology\.links\[0\]: there is no node "a"$/],
    ["one key twice", "topology:\n  nodes:\n    a: {}\n    a: {}\n", /^x\.yml:4:5: "a" is given twice$/],
    ["aliases of aliases", `topology: &a0 [x]\n${Array.from({ length: 30 }, (_, i) => `k${i}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`).join("\n")}\n`, /stand for more than a file can mean$/],
    ["an alias of itself", "topology: &a\n  nodes: *a\n", /nested too deeply$/],
    ["nesting without end", `topology: ${"[".repeat(20_000)}`, /nested too deeply$/],
  ];
  for (const [what, yaml, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("containerlab", ["x.yml", yaml])), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("lldp", () => {
  const both = whole("lldp: web1=web1.lldp.json web2=web2.lldp.json");

  it("cables; a port that is known by its description is a guess", () => {
    assert.deepEqual(both.parts["links"], ["web1:nic0 -- leaf1.example.net:Eth1", "web1:nic1 -- leaf2.example.net:Eth1", "web2:nic0 -- leaf1.example.net:Eth2", "web2:nic1 -- leaf2.example.net:Eth2"]);
    assert.ok(said(both).includes("web1.lldp.json:10: a guess: the far port of nic1 is Ethernet1, by its description: its id is of type mac"));
    assert.ok(said(both).includes("web1.lldp.json:15: the neighbour of mgmt0 is left out: it was heard by CDPv2, and LLDP is what is read"));
  });

  it("both ends of a cable tell of one cable", () => {
    const neighbour = (own: string, name: string, port: string): string => JSON.stringify({ lldp: [{ interface: [{ name: own, via: "LLDP", chassis: [{ name: [{ value: name }] }], port: [{ id: [{ type: "ifname", value: port }] }] }] }] });
    const ends = importWhole([of("lldp", ["leaf1=a.json", neighbour("Eth1", "leaf2", "Ethernet7")], ["leaf2=b.json", neighbour("Ethernet7", "leaf1", "Et1")])], "x");
    assert.deepEqual(ends.parts["links"], ["leaf1:Eth1 -- leaf2:Eth7"]);
    assert.ok(!said(ends).some((line) => line.includes("conflict")));
  });

  it("the host is called after HOST=, the file, or the folder", () => {
    const node = (name: string): string[] => Object.keys(importParts(of("lldp", [name, '{"lldp": [{"interface": []}]}'])).parts["nodes"] as object);
    assert.deepEqual([node("web7=lldp.json"), node("web8.json"), node("web9/lldpctl.json")].flat(), ["web7", "web8", "web9"]);
  });

  const wrong: [string, string, RegExp][] = [
    ["lldpctl's json", '{"lldp": {"interface": {"eth0": {}}}}', /^w\.json:1:10: these are neighbours in lldpctl's json, whose shape varies: write them with -f json0$/],
    ["another JSON", '{"a": 1}', /^w\.json:1:1: these are no neighbours/],
    ["no JSON", '{"lldp": [\n  nothing', /^w\.json:2:3: a JSON value is wanted here$/],
    ["a text that does not end", '{"lldp": ["', /^w\.json:1:11: a text that does not end/],
    ["a key twice", '{"lldp": [], "lldp": []}', /^w\.json:1:14: "lldp" is given twice$/],
    ["nesting without end", "[".repeat(1_000_000), /^w\.json:1:102: nested too deeply$/],
  ];
  for (const [what, json, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("lldp", ["w.json", json])), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("layer1", () => {
  const cabling = whole("layer1: layer1_topology.json");

  it("cables, guesses and what is not read", () => {
    assert.equal((cabling.parts["links"] as unknown[]).length, 5);
    assert.deepEqual(unread(cabling), ["layer1_topology.json:7: edges[4].comment: patched on Monday"]);
    assert.ok(said(cabling).includes("layer1_topology.json:4: a guess: web1:bond0 is active-backup over nic0, nic1: it has several cables, and no port-channel is at their other ends"));
  });

  it("runs: a leaf dies", async () => {
    for (const ms of (await outagesOf(topologyOf(cabling), "leaf1")).values()) assert.ok(ms > 0 && ms <= ONE_POLL_MS, `${ms} ms`);
  });

  it("a port with two cables is a conflict, told with both places", () => {
    const edge = (a: string, b: string): object => ({ node1: { hostname: "leaf1", interfaceName: a }, node2: { hostname: b, interfaceName: "eth0" } });
    const twice = importWhole([of("layer1", ["a.json", JSON.stringify({ edges: [edge("Ethernet1", "s1")] })], ["b.json", JSON.stringify({ edges: [edge("Eth1", "s2"), edge("Ethernet2", "s3")] })])], "x");
    assert.ok(said(twice).includes("b.json:1: a conflict: leaf1:Eth1 is cabled to s2:eth0 here and to s1:eth0 elsewhere (a.json:1): the latter is kept"));
    topologyOf(twice);
  });

  it("racks that only spines join are routed, each with its own gateway: guesses", async () => {
    const edges = [["leaf1", "s1"], ["leaf2", "s2"]].flatMap(([leaf, server], i) => [["spine1", `e${i}`, leaf!, "u1"], ["spine2", `e${i}`, leaf!, "u2"], [leaf!, "d1", server!, "eth0"]])
      .map(([a, p, b, q]) => ({ node1: { hostname: a, interfaceName: p }, node2: { hostname: b, interfaceName: q } }));
    const fabric = importWhole([of("layer1", ["f.json", JSON.stringify({ edges })])], "x");
    assert.deepEqual(Object.keys(fabric.parts["gateways"] as object), ["vlan1", "vlan2"]);
    const worst = await outagesOf(topologyOf(fabric), "spine1");
    assert.deepEqual([...worst.keys()], ["between"]);
  });

  it("refuses an edge without its ends", () => {
    assert.throws(() => importParts(of("layer1", ["l.json", '{"edges": [{"node1": {"hostname": "a", "interfaceName": "b"}}]}'])), { message: /^l\.json:1:12: edges\[0\]\.node2: an end is/ });
  });
});

describe("names from a file", () => {
  it("cannot reach what is not theirs: __proto__ is a name like another", () => {
    const edges = [{ node1: { hostname: "__proto__", interfaceName: "__proto__" }, node2: { hostname: "leaf-constructor", interfaceName: "toString" } }];
    const read = importWhole([of("layer1", ["l.json", JSON.stringify({ edges })])], "x");
    assert.deepEqual(Object.keys(read.parts["nodes"] as object).sort(), ["leaf-constructor", "proto__"]);
    assert.equal(({} as Record<string, unknown>)["kind"], undefined);
    importParts(of("containerlab", ["x.yml", "topology:\n  nodes:\n    __proto__: {kind: linux}\n    constructor: {kind: toString}\n"]));
    assert.equal(({} as Record<string, unknown>)["kind"], undefined);
    assert.ok(text("rack.clab.yml").length > 0);
  });
});
