// NX-OS configurations as parts of a topology file: what is read, what is left out and said, what is not read and listed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { formatNamed, importNxos, importWhole } from "../../../bindings/importers/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { outagesOf, said, topologyOf } from "../../support/imported.ts";

const fixture = (name: string) => ({ name, text: readFileSync(new URL(`fixtures/nxos/${name}`, import.meta.url), "utf8") });
const both = importNxos([fixture("leaf1.cfg"), fixture("leaf2.cfg")]);

test("gateways of two switches are joined by VLAN and group", () => {
  const track = [{ port: "Eth1/49", decrement: 30 }];
  assert.deepEqual(both.parts["gateways"], {
    vlan10: {
      network: "vlan10", protocol: "vrrp", version: 2, vrid: 10, vip: "10.1.10.1",
      routers: {
        leaf1: { priority: 110, address: "10.1.10.2", preempt: false, "advert-interval": "3s" },
        leaf2: { priority: 100, address: "10.1.10.3", preempt: true, "advert-interval": "3s" },
      },
    },
    vlan20: {
      network: "vlan20", protocol: "hsrp", version: 2, group: 20, vip: "10.1.20.1",
      routers: { leaf1: { priority: 120, address: "10.1.20.2", preempt: true, "preempt-delay": "60s", track }, leaf2: { priority: 100, address: "10.1.20.3", preempt: false, track } },
      hello: "1s", hold: "3s",
    },
  });
  assert.deepEqual(both.parts["networks"], { vlan10: { vlan: 10, subnet: "10.1.10.0/24" }, vlan20: { vlan: 20, subnet: "10.1.20.0/24" } });
});

test("vPC and port-channels", () => {
  assert.deepEqual(both.parts["mlag"], {
    vpc12: {
      peers: ["leaf1", "leaf2"], "peer-link": ["Eth1/53", "Eth1/54"], domain: 12, keepalive: { via: "mgmt", interval: "500ms", timeout: "4s" },
      "role-priority": { leaf1: 100, leaf2: 200 }, "system-priority": 4000, "delay-restore": "150s", "peer-gateway": true,
    },
  });
  const member = { members: ["Eth1/1"], mode: "lacp-active", rate: "fast", mlag: "vpc12", "mlag-id": 11 };
  assert.deepEqual(both.parts["lags"], { "leaf1:Po11": member, "leaf2:Po11": member });
});

test("a VRRP group is shut until it says no shutdown", () => {
  assert.deepEqual(both.notes.map((n) => [n.file, n.line, n.text]), ["leaf1.cfg", "leaf2.cfg"].map((file) => {
    const line = fixture(file).text.split("\n").findIndex((l) => l.trim() === "vrrp 30") + 1;
    return [file, line, 'vrrp 30 of Vlan30 is left out: the group is shut: it has no "no shutdown"'];
  }));
});

test("every line that is not read is listed with its place", () => {
  const lines = fixture("leaf1.cfg").text.split("\n");
  const own = both.unread.filter((u) => u.file === "leaf1.cfg");
  assert.deepEqual(own.map((u) => u.text), [
    "feature lldp", "vlan 10,20,30", "peer-switch", "ip arp synchronize", "description web", "no ip redirects",
    "spanning-tree port type network",
  ]);
  for (const u of own) assert.equal(lines[u.line - 1]!.trim(), u.text);
});

test("what is written is a topology file's part", () => {
  const text = `dualhome: 1
nodes: {"leaf1..2": {kind: leaf, profile: nxos-vpc}, core: {kind: core}, s: {kind: server, network: vlan10}}
links: ["leaf1:Eth1/1 -- s:eth0", "leaf2:Eth1/1 -- s:eth1", "leaf1:Eth1/49 -- core:Eth1", "leaf2:Eth1/49 -- core:Eth2"]
bonds: {"s:bond0": {members: [eth0, eth1], network: vlan10}}
${both.yaml}`;
  const parsed = parseTopology(text, "imported.dh.yaml");
  assert.deepEqual("problems" in parsed ? parsed.problems.map((p) => `${p.where.line}: ${p.message}`) : [], []);
  assert.ok("topology" in parsed && parsed.topology.vrrps.length === 2 && parsed.topology.fhrps.length === 2);
});

test("a tracked object that is no port's line protocol is left out and said", () => {
  const text = "feature hsrp\ntrack 2 ip route 10.0.0.0/8 reachability\ninterface Vlan5\n  ip address 10.0.5.2/24\n  hsrp 5\n    ip 10.0.5.1\n    track 2 decrement 15\n    track 3\n";
  const { notes, unread, parts } = importNxos([{ name: "x.cfg", text }]);
  assert.deepEqual(notes.map((n) => [n.line, n.text]), [
    [7, "track 2 of hsrp 5 is left out: object 2 is not the line protocol of an Ethernet port"], [8, "track 3 of hsrp 5 is left out: object 3 is not the line protocol of an Ethernet port"],
  ]);
  assert.deepEqual(unread.map((u) => u.text), ["track 2 ip route 10.0.0.0/8 reachability"]);
  assert.ok(!JSON.stringify(parts).includes("track"));
});

test("one half of a pair, a missing feature, a shut interface, no address: left out and said", () => {
  const text = "hostname x\nvpc domain 3\n  peer-keepalive destination 192.0.2.1\ninterface Vlan5\n  ip address 10.0.5.2/24\n  vrrp 5\n    address 10.0.5.1\n    no shutdown\n";
  assert.deepEqual(importNxos([{ name: "x.cfg", text }]).notes.map((n) => n.text), [
    "vpc domain 3 is left out: it is in 1 of the files, and a pair is two", 'vrrp 5 of Vlan5 is left out: there is no "feature vrrp"',
  ]);
  const shut = importNxos([{ name: "x.cfg", text: `feature vrrp\n${text.replace("  vrrp 5", "  shutdown\n  vrrp 5")}` }]);
  assert.match(shut.notes[1]!.text, /the interface is shut down/);
  assert.equal(importNxos([{ name: "x.cfg", text: "hostname x\n" }]).yaml, "");
});

test("the owner of the address, msec timers, secondary addresses, static and passive channels", () => {
  const text = `feature vrrp
feature hsrp
interface Vlan5
  ip address 10.0.5.1/24
  vrrp 5
    address 10.0.5.1
    no shutdown
  hsrp 6
    ip 10.0.5.9
    ip 10.0.5.10 secondary
    timers msec 250 msec 750
interface Ethernet1/1
  channel-group 7
interface Ethernet1/2
  channel-group 8 mode passive
`;
  const { parts, unread } = importNxos([{ name: "/etc/x1.cfg", text }]);
  const gateways = parts["gateways"] as Record<string, Record<string, unknown>>;
  assert.deepEqual(unread, []);
  assert.equal((gateways["vlan5"]!["routers"] as Record<string, { priority: number }>)["x1"]!.priority, 255);
  assert.deepEqual(gateways["vlan5-hsrp6"]!["vip"], ["10.0.5.9", "10.0.5.10"]);
  assert.deepEqual([gateways["vlan5-hsrp6"]!["hello"], gateways["vlan5-hsrp6"]!["hold"], gateways["vlan5-hsrp6"]!["version"]], ["250ms", "750ms", 1]);
  assert.deepEqual(parts["lags"], { "x1:Po7": { members: ["Eth1/1"], mode: "static" }, "x1:Po8": { members: ["Eth1/2"], mode: "lacp-passive" } });
});

test("examples/nxos-pair has in it what the import prints", () => {
  const at = (name: string): string => readFileSync(new URL(`../../../examples/nxos-pair/${name}`, import.meta.url), "utf8");
  const { parts, notes } = importNxos(["leaf1.cfg", "leaf2.cfg"].map((name) => ({ name, text: at(name) })));
  const file = parse(at("nxos-pair.dh.yaml")) as Record<string, Record<string, unknown>>;
  const part = (name: string, byHand: string[]): object => Object.fromEntries(Object.entries(file[name]!).filter(([key]) => !byHand.includes(key)));
  assert.deepEqual({ networks: part("networks", ["far"]), gateways: part("gateways", ["far"]), mlag: file["mlag"], lags: file["lags"] }, parts);
  assert.deepEqual(notes, []);
});

test("the whole list of words: channels, vPC, gateways, individual ports, spanning tree, VLAN interfaces, anycast gateway; and it runs", async () => {
  const config = (n: number): string => `hostname leaf${n}
feature vpc
feature lacp
feature hsrp
feature interface-vlan
spanning-tree mode rapid-pvst
spanning-tree vlan 1-100 priority 8192
fabric forwarding anycast-gateway-mac 0200.5e00.0199
vpc domain 7
  role priority ${100 * n}
  peer-keepalive destination 192.0.2.${3 - n} source 192.0.2.${n} vrf management interval 500 timeout 3
  delay restore 45
  auto-recovery reload-delay 300
  peer-gateway
interface Vlan10
  no shutdown
  ip address 10.1.10.${n + 1}/24
  hsrp version 2
  hsrp 10
    ip 10.1.10.1
    priority ${120 - 10 * n}
    preempt delay minimum 30
interface Vlan20
  no shutdown
  ip address 10.1.20.1/24
  fabric forwarding mode anycast-gateway
interface Vlan30
  no shutdown
  ip address 10.1.30.1 255.255.255.0
interface port-channel10
  description db1
  switchport access vlan 10
  vpc 10
  no lacp suspend-individual
  spanning-tree port type edge
interface port-channel20
  switchport access vlan 20
  vpc 20
  lacp min-links 1
interface port-channel100
  switchport mode trunk
  vpc peer-link
interface Ethernet1/1
  channel-group 10 mode active
  lacp rate fast
interface Ethernet1/2
  channel-group 20 mode active
interface Ethernet1/53-54
interface Ethernet1/53
  channel-group 100 force mode active
`;
  const sources = [1, 2].map((n) => ({ name: `leaf${n}.cfg`, text: config(n) }));
  const all = importWhole([{ format: formatNamed("nxos")!, files: sources }], "x");
  const { mlag, lags, gateways, nodes, networks } = all.parts as Record<string, Record<string, unknown>>;
  assert.deepEqual(mlag, { vpc7: {
    peers: ["leaf1", "leaf2"], "peer-link": ["Eth1/53"], "role-priority": { leaf1: 100, leaf2: 200 }, domain: 7, keepalive: { via: "mgmt", interval: "500ms", timeout: "3s" }, "delay-restore": "45s", "peer-gateway": true,
    "auto-recovery": "300s",
  } });
  assert.deepEqual(lags!["leaf1:Po10"], { members: ["Eth1/1"], mode: "lacp-active", rate: "fast", "lacp-fallback": { mode: "individual" }, mlag: "vpc7", "mlag-id": 10 });
  assert.deepEqual(lags!["leaf2:Po20"], { members: ["Eth1/2"], mode: "lacp-active", "min-links": 1, mlag: "vpc7", "mlag-id": 20 });
  assert.deepEqual(gateways!["vlan20"], { network: "vlan20", protocol: "anycast", vip: "10.1.20.1", mac: "02:00:5e:00:01:99", routers: { leaf1: {}, leaf2: {} } });
  assert.deepEqual(nodes!["leaf1"], { kind: "leaf", profile: "nxos-vpc", stp: { mode: "rstp", priority: 8192, edge: "servers" } });
  assert.deepEqual(Object.keys(networks!), ["vlan10", "vlan20", "vlan30"]);
  assert.deepEqual(gateways!["vlan30"], { network: "vlan30", protocol: "static", vip: "10.1.30.1", routers: { leaf1: {} } });
  assert.ok(said(all).includes("leaf2.cfg:27: a conflict: 10.1.30.1 is that of leaf2 here and of leaf1 elsewhere (leaf1.cfg:27): that of leaf1 is kept"));
  assert.deepEqual(all.unread.map((u) => u.text), ["interface Ethernet1/53-54", "interface Ethernet1/53-54"]);
  assert.ok((await outagesOf(topologyOf(all), "leaf1")).get("between")! > 0);
});
