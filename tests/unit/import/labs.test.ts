// netlab topologies and NetBox inventories: what is read, what is guessed and said, what is listed, what is no such file; and an outage.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importParts, importWhole } from "../../../bindings/importers/index.ts";
import { of, outagesOf, said, topologyOf, unread, whole } from "../../support/imported.ts";

type Part = Record<string, Record<string, unknown>>;
const ONE_POLL_MS = 100 + 10 + 1; // MII monitor every 100 ms, link loss noticed after 10 ms

describe("netlab", () => {
  const lab = whole("netlab: lab.netlab.yml");

  it("nodes with their devices, links in all forms, numbered ports", () => {
    const nodes = lab.parts["nodes"] as Part;
    assert.deepEqual(Object.entries(nodes).map(([name, n]) => `${name} ${n["kind"]} ${n["profile"] ?? "-"}`), ["s1 leaf eos-mlag", "s2 leaf eos-mlag", "spine spine eos-mlag", "h1 server -", "h2 server -", "h3 server -"]);
    assert.deepEqual((lab.parts["links"] as string[]).slice(0, 7), [
      "s1:Eth1 -- spine:Eth1", "s2:Eth1 -- spine:Eth2", "s1:Eth2 -- h3:eth1", "h1:eth1 -- s1:Eth3", "h1:eth2 -- s2:Eth2", "h2:eth1 -- s1:Eth4", "h2:eth2 -- s2:Eth3",
    ]);
  });

  it("MLAG with its peer-link, LAGs, VLANs and gateways", () => {
    assert.deepEqual(lab.parts["mlag"], { mlag4: { peers: ["s1", "s2"], "peer-link": ["Peer1", "Eth6"] } });
    const lags = lab.parts["lags"] as Part;
    assert.deepEqual(lags["s2:Po11"], { members: ["Eth2"], mode: "lacp-active", rate: "fast", mlag: "mlag4", "mlag-id": 11 });
    assert.equal(lags["s1:Po1"]!["rate"], "slow");
    assert.deepEqual(lab.parts["networks"], { vlan100: { vlan: 100, subnet: "10.1.100.0/24" }, vlan1000: { vlan: 1000, subnet: "172.16.0.0/24" } });
    const gateways = lab.parts["gateways"] as Part;
    assert.deepEqual([gateways["vlan100"]!["vrid"], gateways["vlan100"]!["vip"]], [7, "10.1.100.254"]);
  });

  it("guesses, what is left out, what is not read", () => {
    const notes = said(lab);
    assert.ok(notes.includes("lab.netlab.yml:50: a link of 3 nodes is left out: a cable has two ends"));
    assert.ok(notes.includes("lab.netlab.yml:48: the peer-link s1:Eth5 -- s2:Eth4 is written as Peer1 on both: a peer-link has one port name here"));
    assert.ok(notes.includes("lab.netlab.yml:30: a guess: vlan blue is VLAN 1000: netlab numbers from 1000 on"));
    assert.deepEqual(unread(lab), ["lab.netlab.yml:7: addressing", "lab.netlab.yml:38: links[2].mtu: 9000"]);
  });

  it("runs: a leaf dies", async () => {
    const worst = await outagesOf(topologyOf(lab), "s1");
    assert.ok(worst.get("in-vlan100")! > 0 && worst.get("in-vlan100")! <= ONE_POLL_MS, String(worst.get("in-vlan100")));
  });

  it("names with hyphens, nodes of groups, a link that is a list, an anycast gateway", () => {
    const text = "defaults: {device: nxos}\ngroups:\n  _auto_create: True\n  h: {members: [web-1], device: linux}\n  s: {members: [tor-a]}\nvlans: {v: {id: 5, prefix: 10.5.0.0/24, gateway: true, links: [tor-a-web-1]}}\nlinks:\n  core:\n  - [tor-a, web-1]\n";
    const read = importWhole([of("netlab", ["t.yml", text])], "x");
    assert.deepEqual(read.parts["links"], ["tor-a:Eth1/1 -- web-1:eth1", "tor-a:Eth1/2 -- web-1:eth2"]);
  });

  const wrong: [string, string, RegExp][] = [
    ["another YAML", "a: 1\n", /^t\.yml:1:1: this is no netlab topology/],
    ["a link of nobody", "nodes: [a, b]\nlinks: [a-c]\n", /^t\.yml:2:9: links\[0\]: "a-c" is no link of two nodes, such as s1-s2$/],
    ["a VLAN that is none", "nodes: [a]\nvlans: {red: {id: 9999}}\n", /^t\.yml:2:19: vlans\.red\.id: "9999": a whole number from 1 to 4094 is wanted$/],
    ["links that are a text", "nodes: [a]\nlinks: a\n", /^t\.yml:2:8: links: links are a list$/],
  ];
  for (const [what, yaml, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("netlab", ["t.yml", yaml])), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("netbox", () => {
  const CSV = "netbox: netbox-devices.csv netbox-cables.csv";
  const hinted = whole(`${CSV} netbox-hints.yaml`);

  it("devices, cables, and what the hints say: pairs, bonds, addresses, what is ignored", () => {
    assert.deepEqual(hinted.parts["mlag"], { "mlag-leaf1-leaf2": { peers: ["leaf1", "leaf2"], "peer-link": ["Eth53"] } });
    assert.deepEqual((hinted.parts["bonds"] as Part)["web1:bond0"], { members: ["eth0", "eth1"], mode: "802.3ad" });
    assert.deepEqual((hinted.parts["nodes"] as Part)["web1"], { kind: "server", network: "vlan10", address: "10.1.10.21", gateway: "10.1.10.1" });
    assert.ok(said(hinted).includes("netbox-devices.csv:6: pdu1 is left out: hints say so of role PDU"));
  });

  it("what is left out and what is not read", () => {
    assert.deepEqual(said(hinted).filter((line) => line.startsWith("netbox-cables")), [
      "netbox-cables.csv:7: the cable leaf1:Ethernet9 -- fw1:wan is left out: one of its devices is left out",
      "netbox-cables.csv:8: the cable web1:PSU1 -- pdu1:1 is left out: it ends on dcim.powerport, and cables between interfaces are what is read",
      "netbox-cables.csv:9: the cable leaf1:Ethernet3 -- web2:eth2 is left out: it is planned",
    ]);
    assert.deepEqual(unread(hinted), ["netbox-devices.csv:1: column site", "netbox-devices.csv:1: column status", "netbox-devices.csv:1: column rack", "netbox-cables.csv:1: column type", "netbox-hints.yaml:10: contact: nobody"]);
  });

  it("without hints kinds, profiles and bonds are guesses", () => {
    const bare = said(whole(CSV));
    assert.ok(bare.includes("netbox-devices.csv:2: a guess: leaf1 is a leaf, by its role Leaf Switch") && bare.includes("netbox-devices.csv:2: a guess: leaf1 behaves as eos-mlag: its maker and type are Arista DCS-7050"));
    assert.ok(bare.includes("netbox-cables.csv:2: a guess: web1:bond0 is active-backup over eth0, eth1: it has several cables, and no port-channel is at their other ends"));
  });

  it("the API's JSON, and a table's export with its own heads", () => {
    assert.deepEqual(importParts(of("netbox", ["d.csv", "Name,Role\nleaf1,Leaf\nweb1,Server\n"], ["c.csv", '"Termination A","Device A","Termination B","Device B"\r\nEthernet1,leaf1,eth0,web1\r\n'])).parts, { nodes: { leaf1: { kind: "leaf" }, web1: { kind: "server" } }, links: ["leaf1:Ethernet1 -- web1:eth0"] });
    assert.deepEqual(whole("netbox: netbox-devices.json netbox-cables.json").parts["links"], ["leaf1:Eth1 -- web1:eth0"]);
  });

  it("runs: a leaf dies, with hints and without", async () => {
    for (const imported of [hinted, whole(CSV)]) for (const ms of (await outagesOf(topologyOf(imported), "leaf1")).values()) assert.ok(ms > 0 && ms <= ONE_POLL_MS, String(ms));
  });

  const wrong: [string, [string, string], RegExp][] = [
    ["another CSV", ["c.csv", "a,b\n1,2\n"], /^c\.csv:1:1: these are neither devices nor cables of NetBox/],
    ["a quote that is not closed", ["c.csv", 'name,role\nx,"y\n'], /^c\.csv:2:3: a quote that is not closed$/],
    ["another JSON", ["c.json", '{"a": []}'], /^c\.json:1:1: these are neither devices nor cables of NetBox's API/],
    ["a role that is none", ["h.yaml", "roles: {x: cloud}\n"], /^h\.yaml:1:12: roles\.x: "cloud": a role is one of/],
    ["a pair of three", ["h.yaml", "pairs:\n  - peers: [a, b, c]\n"], /^h\.yaml:2:5: pairs\[0\]: a pair has two peers$/],
  ];
  for (const [what, file, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("netbox", file)), { code: "DH_IMPORT", exitCode: 2, message }));
});
