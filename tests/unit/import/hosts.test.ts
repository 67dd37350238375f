// netplan, ifcfg and systemd-networkd as parts of a topology file: what is read, what is guessed and said, what is listed, and what is no such file.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { importIfcfg, importNetplan, importNetworkd, type Imported } from "../../../bindings/importers/index.ts";
import { Simulation } from "../../../bindings/show/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { dualhome } from "../cli/fixture.ts";

const root = new URL("fixtures/", import.meta.url);
const files = (folder: string): string[] => readdirSync(new URL(folder, root)).flatMap((name) => {
  const path = `${folder}/${name}`;
  return statSync(new URL(path, root)).isDirectory() ? files(path) : [path];
}).sort();
const source = (name: string) => ({ name, text: readFileSync(new URL(name, root), "utf8") });
const said = (lines: Imported["notes"]): string[] => lines.map((l) => `${l.file.replace(/^.*\//, "")}:${l.line}: ${l.text}`);
const netplan = (text: string, name = "h.yaml"): Imported => importNetplan([{ name, text }]);
const ifcfg = (...list: [string, string][]): Imported => importIfcfg(list.map(([name, text]) => ({ name: `h/${name}`, text })));

type Parts = { networks: Record<string, unknown>; nodes: Record<string, Record<string, unknown>>; bonds: Record<string, Record<string, unknown>> };

/** The fragment with switches: each bond gets `to`, and the whole is a topology. */
function cabled(parts: Record<string, unknown>): Topology {
  const { networks, nodes, bonds } = parts as Parts;
  const file = {
    dualhome: 1, networks, nodes: { "sw1..2": { kind: "leaf", profile: "nxos-vpc" }, ...nodes }, links: ["sw1:Eth53 -- sw2:Eth53"], mlag: { pair: { peers: ["sw1", "sw2"], "peer-link": ["Eth53"], domain: 1 } },
    bonds: Object.fromEntries(Object.entries(bonds).map(([name, bond]) => [name, { to: "pair", ...bond }])),
  };
  const parsed = parseTopology(stringify(file), "cabled.dh.yaml");
  assert.deepEqual("problems" in parsed ? parsed.problems.map((p) => p.message) : [], []);
  return (parsed as { topology: Topology }).topology;
}

async function heads(topology: Topology): Promise<Record<string, string[]>> {
  const simulation = await Simulation.open(topology);
  await simulation.runTo(0n);
  return Object.fromEntries(topology.nodes.filter((n) => n.kind === "server").flatMap(({ name }) => simulation.show(name, "bonding").map((b) => [name, simulation.procNetBonding(name, b.name).split("\n\nSlave")[0]!.split("\n")])));
}

describe("netplan", () => {
  const all = importNetplan(files("netplan").map(source));

  it("servers, bonds and their networks", () => {
    assert.deepEqual(all.parts, {
      networks: { vlan110: { vlan: 110, subnet: "10.1.110.0/24" }, "net-192-168-7-0": { vlan: 1001, subnet: "192.168.7.0/25" } },
      nodes: {
        web1: { kind: "server", network: "vlan110", address: "10.1.110.21", gateway: "10.1.110.1" },
        web2: { kind: "server", network: "vlan110", address: "10.1.110.22", gateway: "10.1.110.1" },
        web3: { kind: "server", network: "net-192-168-7-0", address: "192.168.7.23", gateway: "none" },
      },
      bonds: {
        "web1:bond0": {
          members: ["nic0", "nic1"], mode: "802.3ad", "lacp-rate": "fast", "mii-monitor-interval": "100ms", "min-links": 1, "transmit-hash-policy": "layer3+4", "ad-select": "bandwidth",
          "up-delay": "200ms", "down-delay": "0ms", network: "vlan110",
        },
        "web2:bond0": {
          members: ["ens1f0", "ens1f1"], mode: "active-backup", primary: "ens1f1", "primary-reselect-policy": "failure", "fail-over-mac-policy": "active", "gratuitous-arp": 3,
          "arp-interval": "500ms", "arp-ip-targets": ["10.1.110.1", "10.1.110.2"], "arp-validate": "all", "arp-all-targets": "any", network: "vlan110",
        },
        "web3:bond0": { members: ["enp3s0", "enp4s0"], mode: "balance-alb", "mii-monitor-interval": "1s", "learn-packet-interval": "2s", network: "net-192-168-7-0" },
      },
    });
  });

  it("every guess and all that is left out is said, every other key listed, with its place", () => {
    const mac = (line: number, id: string, last: string): string => `web1.yaml:${line}: ${id} is matched by macaddress 3c:fd:fe:a1:00:${last}: MAC addresses and drivers are not known here, and it is called by its set-name or its id`;
    assert.deepEqual(said(all.notes), [
      mac(8, "eno1", "10"), mac(12, "eno2", "11"),
      "web1.yaml:16: eno3 asks DHCP: what it is given is not in the file, and is left out",
      "web1.yaml:32: bond option resend-igmp is left out: there is no such setting here",
      "web1.yaml:37: fd00:110::21/64 on bond0.110 is left out: a server has one address here, and IPv4 is what is read",
      "web1.yaml:44: the route to 10.200.0.0/16 via 10.1.110.254 is left out: a server has a gateway and no other routes here",
      "web1.yaml:51: 10.1.120.21/24 on storage is left out: a server has one address here, and 10.1.110.21 is kept (the default route goes by it)",
      "web2.yaml:12: a guess: 10.1.110.0/24 is VLAN 110: another host's in this subnet",
      "web2.yaml:25: lacp-rate is left out: mode active-backup has no such option",
      '50-cloud-init.yaml:1: a guess: this is host "web3", by its path; HOST=FILE says it otherwise',
      "60-bond.yaml:7: a guess: br0 is a bridge; its address is taken as that of bond0, and nothing else is behind it",
      "60-bond.yaml:9: a guess: 192.168.7.0/25 is VLAN 1001: an untagged port does not say its number",
    ]);
    assert.deepEqual(said(all.unread), [
      "web1.yaml:10: eno1.mtu: 9000", "web1.yaml:14: eno2.mtu: 9000", "web1.yaml:17: eno3.optional: true", "web1.yaml:21: bond0.mtu: 9000", "web1.yaml:22: bond0.macaddress: 3c:fd:fe:a1:00:10",
      "web1.yaml:38: bond0.110.nameservers", "web2.yaml:13: bond0.addresses: label", "60-bond.yaml:10: br0.parameters.stp", "60-bond.yaml:10: br0.parameters.forward-delay",
    ]);
  });

  it("is a topology when it is cabled, and its bonds are those of the files", async () => {
    const shown = await heads(cabled(all.parts));
    assert.ok(["LACP rate: fast", "Min links: 1", "Aggregator selection policy (ad_select): bandwidth", "Transmit Hash Policy: layer3+4 (1)", "Up Delay (ms): 200"].every((line) => shown["web1"]!.includes(line)));
    assert.ok(["Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)", "Primary Slave: ens1f1 (primary_reselect failure)", "ARP Polling Interval (ms): 500",
      "ARP IP target/s (n.n.n.n form): 10.1.110.1, 10.1.110.2"].every((line) => shown["web2"]!.includes(line)));
    assert.ok(["Bonding Mode: adaptive load balancing", "MII Polling Interval (ms): 1000"].every((line) => shown["web3"]!.includes(line)));
  });

  const bond = (parameters: string): Imported => netplan(`network:\n  bonds:\n    b:\n      interfaces: [e0, e1]\n      addresses: [10.0.0.5/24]\n      parameters: {${parameters}}\n`);
  const settings = (i: Imported): Record<string, unknown> => { const { members, network, ...rest } = (i.parts as Parts).bonds["h:b"]!; return rest; };

  it("numbers with and without units", () => {
    for (const [written, wanted] of [["100", "100ms"], ["100ms", "100ms"], ["1s", "1s"], ["2min", "2m"], ['"50"', "50ms"]]) assert.equal(settings(bond(`mode: 802.3ad, mii-monitor-interval: ${written}`))["mii-monitor-interval"], wanted);
    assert.equal(settings(bond("mode: balance-tlb, mii-monitor-interval: 100, learn-packet-interval: 3"))["learn-packet-interval"], "3s");
  });

  it("what a bond does not say", () => {
    const silent = bond("");
    assert.deepEqual(settings(silent), { mode: "balance-rr", "mii-monitor-interval": "0ms" });
    assert.ok(said(silent.notes).includes("h.yaml:3: no mode is given: balance-rr, the driver's default"));
    assert.ok(said(silent.notes).includes("h.yaml:3: no link monitor is given: this bond never notices that a member's link is lost"));
    assert.ok(said(bond("mode: 802.3ad").notes).includes("h.yaml:3: no link monitor is given: mode 802.3ad has the driver look every 100 ms"));
    assert.ok(said(bond("mode: active-backup, mii-monitor-interval: 100, arp-validate: all").notes).includes("h.yaml:6: arp-validate is left out: there is no ARP monitor"));
  });

  it("a host without an address, an interface without a bond, two bonds, two gateways", () => {
    const dhcp = netplan("network:\n  ethernets:\n    eth0: {dhcp4: true}\n");
    assert.deepEqual(dhcp.parts, { nodes: { h: { kind: "server" } } });
    assert.deepEqual(said(dhcp.notes), ["h.yaml:3: h is in no network: eth0 asks DHCP; give the node one (network: NAME)"]);
    const plain = netplan("network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.5/24], gateway4: 10.0.0.1}}}");
    assert.deepEqual((plain.parts as Parts).nodes["h"], { kind: "server", network: "net-10-0-0-0", address: "10.0.0.5", gateway: "10.0.0.1" });
    const two = netplan("network:\n  bonds:\n    b0: {interfaces: [e0, e1], addresses: [10.0.0.5/24], parameters: {mode: active-backup, mii-monitor-interval: 100}}\n    b1: {interfaces: [e2, e3], addresses: [10.0.1.5/24], gateway4: 10.0.1.1, parameters: {mode: 802.3ad, mii-monitor-interval: 100}}\n    b2: {interfaces: []}\n");
    assert.deepEqual(Object.keys((two.parts as Parts).bonds), ["h:b1"]);
    assert.ok(said(two.notes).includes("h.yaml:3: b0 is left out: a server has one network here, and 10.0.1.5 is on b1"));
    assert.ok(said(two.notes).includes("h.yaml:5: b2 is left out: it has no members"));
    const far = netplan("network: {ethernets: {eth0: {addresses: [10.0.0.5/24], routes: [{to: 0.0.0.0/0, via: 10.9.0.1}]}}}");
    assert.equal((far.parts as Parts).nodes["h"]!["gateway"], "none");
    assert.ok(said(far.notes).includes("h.yaml:1: gateway 10.9.0.1 is left out: it is not in 10.0.0.0/24"));
  });

  const wrong: [string, string, RegExp][] = [
    ["no YAML", "network: [", /^h\.yaml:1:\d+: /],
    ["another file", "nodes: {a: {kind: leaf}}\n", /^h\.yaml:1:1: this is no netplan configuration/],
    ["nothing", "", /^h\.yaml:1:1: the file is empty: nothing of netplan is in it$/], ["another file", "a: 1\n", /^h\.yaml:1:1: this is no netplan configuration/],
    ["another version", "network:\n  version: 3\n", /^h\.yaml:2:12: version 3: there is only version 2$/],
    ["an address without a length", "network:\n  ethernets:\n    e0:\n      addresses: [10.0.0.5]\n", /^h\.yaml:4:19: "10\.0\.0\.5" is no address with its length/],
    ["an address that is none", "network:\n  ethernets:\n    e0:\n      addresses: [10.0.0.256/24]\n", /^h\.yaml:4:19: /],
    ["a gateway that is none", "network:\n  ethernets:\n    e0: {gateway4: here}\n", /^h\.yaml:3:20: "here" is no IPv4 address$/],
    ["an unknown mode", "network:\n  bonds:\n    b: {parameters: {mode: lacp}}\n", /^h\.yaml:3:28: mode: "lacp": a mode is balance-rr, /],
    ["an odd time", "network:\n  bonds:\n    b: {parameters: {mode: 802.3ad, mii-monitor-interval: soon}}\n", /^h\.yaml:3:59: mii-monitor-interval: "soon"/],
    ["members that are no list", "network:\n  bonds:\n    b:\n      interfaces: e0\n", /^h\.yaml:4:19: b\.interfaces is a list$/],
    ["a VLAN on nothing", "network:\n  vlans:\n    v: {id: 5}\n", /^h\.yaml:3:5: VLAN v has no link$/],
    ["an alias", "network:\n  ethernets:\n    e0: &x {dhcp4: true}\n    e1: *x\n", /^h\.yaml:4:9: \*x: aliases are not read/],
    ["several mistakes", "network:\n  version: 1\n  bonds: 5\n", /^h\.yaml:2:12: .*\nh\.yaml:3:10: bonds is a mapping of interfaces$/],
  ];
  for (const [what, text, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => netplan(text), { code: "DH_IMPORT", exitCode: 2, message }));

  it("names: HOST=FILE, the file, the folder, two of one name", () => {
    const text = "network: {version: 2}";
    const names = (...list: string[]): string[] => Object.keys((importNetplan(list.map((name) => ({ name, text }))).parts as Parts).nodes);
    assert.deepEqual(names("db=x/50-cloud-init.yaml", "/backup/web7/etc/netplan/01-netcfg.yaml", "./app-1.yml", "50-cloud-init.yaml"), ["db", "web7", "app-1", "host"]);
    assert.deepEqual(names("db=a.yaml", "db=b.yaml"), ["db"]);
  });
});

describe("ifcfg", () => {
  const all = importIfcfg(files("ifcfg").map(source));

  it("servers, bonds and their networks", () => {
    assert.deepEqual(all.parts, {
      networks: { "net-10-1-30-0": { vlan: 1001, subnet: "10.1.30.0/24" } },
      nodes: {
        db1: { kind: "server", network: "net-10-1-30-0", address: "10.1.30.11", gateway: "10.1.30.1" }, db2: { kind: "server", network: "net-10-1-30-0", address: "10.1.30.12", gateway: "10.1.30.1" },
      },
      bonds: {
        "db1:bond0": {
          members: ["em1", "em2"], mode: "802.3ad", "mii-monitor-interval": "100ms", "lacp-rate": "fast", "transmit-hash-policy": "layer2+3", "up-delay": "300ms", "min-links": 1, network: "net-10-1-30-0",
        },
        "db2:bond1": {
          members: ["p1p2", "p1p10"], mode: "active-backup", primary: "p1p2", "arp-interval": "1000ms", "arp-ip-targets": ["10.1.30.1", "10.1.30.2"], "gratuitous-arp": 2, network: "net-10-1-30-0",
        },
      },
    });
  });

  it("every guess and all that is left out is said, every other key listed, with its place", () => {
    assert.deepEqual(said(all.notes).sort(), [
      "ifcfg-bond0.40:4: 10.1.40.11/24 on bond0.40 is left out: a server has one address here, and 10.1.30.11 is kept (the default route goes by it)",
      "ifcfg-bond0:6: a guess: members of bond0 are in the order of their names: em1, em2",
      "ifcfg-bond0:6: bond option all_slaves_active is left out: there is no such setting here",
      "ifcfg-bond0:7: a guess: 10.1.30.0/24 is VLAN 1001: an untagged port does not say its number",
      "ifcfg-br0:1: a guess: br0 is a bridge; its address is taken as that of bond1, and nothing else is behind it",
      'ifcfg-br0:1: a guess: this is host "db2", by its path; HOST=FILE says it otherwise',
      "ifcfg-br0:5: a guess: 10.1.30.0/24 is VLAN 1001: another host's in this subnet",
      "ifcfg-em3:2: em3 is left out: ONBOOT=no",
      "ifcfg-lo:1: lo is left out: the loopback is not modelled",
      "ifcfg-team-bond1:3: a guess: members of bond1 are in the order of their names: p1p2, p1p10",
    ]);
    assert.deepEqual(said(all.unread).sort(), [
      "ifcfg-bond0.40:6: IPV6INIT=no", "ifcfg-bond0:11: USERCTL=no", "ifcfg-bond0:12: MTU=9000", "ifcfg-br0:3: STP=off", "ifcfg-br0:4: DELAY=0", "ifcfg-em1:3: HWADDR=00:1b:21:aa:10:01",
    ]);
  });

  it("is a topology when it is cabled, and its bonds are those of the files", async () => {
    const shown = await heads(cabled(all.parts));
    assert.ok(["Bonding Mode: IEEE 802.3ad Dynamic link aggregation", "LACP rate: fast", "Transmit Hash Policy: layer2+3 (2)", "Up Delay (ms): 300", "Min links: 1"].every((line) => shown["db1"]!.includes(line)));
    assert.ok(["Primary Slave: p1p2 (primary_reselect always)", "ARP Polling Interval (ms): 1000"].every((line) => shown["db2"]!.includes(line)));
  });

  it("the shell's quotes and comments", () => {
    const lines = `export DEVICE='bond0'
  # a comment
BONDING_OPTS=mode=1\\ miimon=50
IPADDR="10.0.0.5" # its address
PREFIX=2"4"
NAME="a \\"b\\" #c"
`;
    const one = ifcfg(["ifcfg-bond0", lines], ["ifcfg-e0", 'MASTER=\'a "b" #c\'\nSLAVE=yes\n']);
    assert.deepEqual((one.parts as Parts).bonds, { "h:bond0": { members: ["e0"], mode: "active-backup", "mii-monitor-interval": "50ms", network: "net-10-0-0-0" } });
    assert.deepEqual(one.unread, []);
  });

  it("keys and priorities of LACP", () => {
    const { parts } = ifcfg(["ifcfg-bond0", 'DEVICE=bond0\nIPADDR=10.0.0.5\nPREFIX=24\nBONDING_OPTS="mode=4 miimon=100 ad_user_port_key=7 ad_actor_sys_prio=100"\n'], ["ifcfg-e0", "MASTER=bond0\n"]);
    assert.deepEqual((parts as Parts).bonds["h:bond0"], { members: ["e0"], mode: "802.3ad", "mii-monitor-interval": "100ms", "ad-user-port-key": 7, "ad-actor-system-priority": 100, network: "net-10-0-0-0" });
    cabled(parts);
  });

  it("netmasks, classes, VLANs by name, the monitor that is set last", () => {
    const address = (text: string): unknown => (ifcfg(["ifcfg-e0", `DEVICE=e0\n${text}\n`]).parts as Parts).networks;
    assert.deepEqual(address("IPADDR=10.1.2.3\nNETMASK=255.255.254.0"), { "net-10-1-2-0": { vlan: 1001, subnet: "10.1.2.0/23" } });
    assert.deepEqual(address("IPADDR=172.16.2.3"), { "net-172-16-0-0": { vlan: 1001, subnet: "172.16.0.0/16" } });
    assert.match(said(ifcfg(["ifcfg-e0", "DEVICE=e0\nIPADDR=172.16.2.3\n"]).notes)[1]!, /ifcfg-e0:2: a guess: 172\.16\.2\.3 has neither PREFIX nor NETMASK: \/16, by its class/);
    assert.deepEqual((ifcfg(["ifcfg-vlan70", "DEVICE=vlan70\nVLAN=yes\nPHYSDEV=e0\nIPADDR=10.0.70.5\nPREFIX=24\n"]).parts as Parts).networks, { vlan70: { vlan: 70, subnet: "10.0.70.0/24" } });
    const both = ifcfg(["ifcfg-bond0", 'DEVICE=bond0\nBONDING_OPTS="mode=1 miimon=100 arp_interval=200 arp_ip_target=10.0.0.1"\n'], ["ifcfg-e0", "MASTER=bond0\n"]);
    assert.deepEqual((both.parts as Parts).bonds["h:bond0"], { members: ["e0"], mode: "active-backup", "arp-interval": "200ms", "arp-ip-targets": ["10.0.0.1"] });
    assert.ok(said(both.notes).includes("ifcfg-bond0:2: a guess: the MII monitor is left out, for the driver keeps the monitor that is set last"));
  });

  const wrong: [string, [string, string], RegExp][] = [
    ["another file", ["hosts", "127.0.0.1 localhost\n"], /^h\/hosts:1:1: "127\.0\.0\.1 localhost" is no KEY=VALUE\nh\/hosts:1:1: a file named "hosts" is none of ifcfg-INTERFACE and network$/],
    ["a quote that is not closed", ["ifcfg-e0", 'A=1\nNAME="x\n'], /^h\/ifcfg-e0:2:6: NAME: the quote of column 6 is not closed$/],
    ["a value with blanks", ["ifcfg-bond0", "BONDING_OPTS=mode=4 miimon=100\n"], /^h\/ifcfg-bond0:1:20: BONDING_OPTS: "miimon=100" stands after the value/],
    ["an address that is none", ["ifcfg-e0", "IPADDR=10.0.0\n"], /^h\/ifcfg-e0:1:8: IPADDR: "10\.0\.0" is no IPv4 address$/],
    ["a netmask that is none", ["ifcfg-e0", "IPADDR=10.0.0.1\nNETMASK=255.0.255.0\n"], /^h\/ifcfg-e0:2:9: NETMASK: "255\.0\.255\.0" is no netmask$/],
    ["a prefix that is none", ["ifcfg-e0", "IPADDR=10.0.0.1\nPREFIX=33\n"], /^h\/ifcfg-e0:2:8: PREFIX: "33": a length is 1 to 32$/],
    ["an unknown mode", ["ifcfg-bond0", 'BONDING_OPTS="miimon=100 mode=7"\n'], /^h\/ifcfg-bond0:1:31: mode: "7": a mode is/],
    ["an option without a value", ["ifcfg-bond0", 'BONDING_OPTS="mode=4 fast"\n'], /^h\/ifcfg-bond0:1:22: BONDING_OPTS: "fast" is no option=value$/],
    ["a VLAN on nothing", ["ifcfg-vlan9", "VLAN=yes\n"], /VLAN interface vlan9 does not say what it is on/],
  ];
  for (const [what, file, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => ifcfg(file), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("systemd-networkd", () => {
  const all = importNetworkd(files("networkd").map(source));
  const networkd = (...list: [string, string][]): Imported => importNetworkd(list.map(([name, text]) => ({ name: `h/${name}`, text })));

  it("servers, bonds and their networks", () => {
    assert.deepEqual(all.parts, {
      networks: { vlan110: { vlan: 110, subnet: "10.1.110.0/24" } },
      nodes: { app1: { kind: "server", network: "vlan110", address: "10.1.110.31", gateway: "10.1.110.1" }, app2: { kind: "server", network: "vlan110", address: "10.1.110.32", gateway: "10.1.110.1" } },
      bonds: {
        "app1:bond0": {
          members: ["enp1s0f0", "enp1s0f1"], mode: "802.3ad", "lacp-rate": "fast", "transmit-hash-policy": "layer3+4", "mii-monitor-interval": "100ms", "up-delay": "1500ms", "min-links": 1,
          "ad-select": "bandwidth", network: "vlan110",
        },
        "app2:bond1": {
          members: ["eth0", "eth1"], mode: "active-backup", "arp-interval": "200ms", "arp-ip-targets": ["10.1.110.1", "10.1.110.2"], "arp-validate": "all", "fail-over-mac-policy": "active",
          "primary-reselect-policy": "better", primary: "eth0", network: "vlan110",
        },
      },
    });
  });

  it("every guess and all that is left out is said, every other key listed, with its place", () => {
    assert.deepEqual(said(all.notes), [
      '10-bond0.netdev:1: a guess: this is host "app1", by its path; HOST=FILE says it otherwise', "10-bond0.netdev:1: a guess: members of bond0 are in the order of their files: enp1s0f0, enp1s0f1",
      "10-bond0.netdev:15: bond option AllSlavesActive is left out: there is no such setting here", "15-tunnel.netdev:3: wg0 is left out: a wireguard is not read",
      "25-others.network:2: Name=en* is left out: which interfaces it matches is not in the file",
      "25-others.network:3: MACAddress=3c:fd:fe:00:00:01 is left out: which interface it matches is not in the file",
      "40-vlan110.network:11: fd00:110::31/64 on vlan110 is left out: a server has one address here, and IPv4 is what is read",
      "40-vlan110.network:18: the route to 10.200.0.0/16 via 10.1.110.254 is left out: a server has a gateway and no other routes here",
      'bond.netdev:1: a guess: this is host "app2", by its path; HOST=FILE says it otherwise', "bond.netdev:1: a guess: members of bond1 are in the order of their files: eth0, eth1",
      "z.network:4: a guess: 10.1.110.0/24 is VLAN 110: another host's in this subnet", "zz.network:1: eth1 is configured by eth1.network, which comes first",
    ]);
    assert.deepEqual(said(all.unread), [
      "10-bond0.netdev:5: [NetDev] MTUBytes=9000", "20-members.network:6: [Network] LLDP=yes", "25-others.network:6: [Network] DHCP=yes", "30-bond0.network:6: [Network] LinkLocalAddressing=no",
      "40-vlan110.network:5: [Network] DNS=10.1.1.53", "40-vlan110.network:15: [Route] Metric=100", "zz.network:4: [Network] DHCP=yes",
    ]);
  });

  it("is a topology when it is cabled, and its bonds are those of the files", async () => {
    const shown = await heads(cabled(all.parts));
    assert.ok(["LACP rate: fast", "MII Polling Interval (ms): 100", "Up Delay (ms): 1500", "Min links: 1"].every((line) => shown["app1"]!.includes(line)));
    assert.ok(["Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)", "ARP Polling Interval (ms): 200", "Primary Slave: eth0 (primary_reselect better)"].every((line) => shown["app2"]!.includes(line)));
  });

  const bond = (lines: string): Imported => networkd(["b.netdev", `[NetDev]\nName=b\nKind=bond\n[Bond]\n${lines}\n`], ["e.network", "[Match]\nName=e0 e1\n[Network]\nBond=b\n"], ["z.network", "[Match]\nName=b\n[Network]\nAddress=10.0.0.5/24\n"]);
  it("spans: seconds without a unit, sums, fractions", () => {
    for (const [written, wanted] of [["1", "1000ms"], ["0.05", "50ms"], ["100ms", "100ms"], ["1s 500ms", "1500ms"], ["1min", "60000ms"], ["500us", "500us"]]) {
      assert.equal((bond(`Mode=802.3ad\nMIIMonitorSec=${written}`).parts as Parts).bonds["h:b"]!["mii-monitor-interval"], wanted);
    }
  });

  it("an empty value takes back those before it", () => {
    const taken = networkd(["e.network", "[Match]\nName=e0\n[Network]\nAddress=10.0.0.5/24\nAddress=\nAddress=10.0.1.5/24\n"]);
    assert.equal((taken.parts as Parts).nodes["h"]!["address"], "10.0.1.5");
    assert.deepEqual(taken.unread, []);
  });

  const wrong: [string, () => unknown, RegExp][] = [
    ["another file", () => networkd(["x.link", "[Match]\nMACAddress=00:00:00:00:00:01\n"]), /^h\/x\.link:1:1: a file named "x\.link" is none of/],
    ["no sections", () => networkd(["e.network", "Name=e0\n"]), /^h\/e\.network:1:1: Name stands in no section/],
    ["no Key=Value", () => networkd(["e.network", "[Match]\nName e0\n"]), /^h\/e\.network:2:1: "Name e0" is neither \[Section\] nor Key=Value/],
    ["no match", () => networkd(["e.network", "[Network]\nDHCP=yes\n"]), /^h\/e\.network:1:1: there is no \[Match\]$/],
    ["no kind", () => networkd(["b.netdev", "[NetDev]\nName=b\n"]), /^h\/b\.netdev:1:1: \[NetDev\] has no Kind$/],
    ["an address that is none", () => networkd(["e.network", "[Match]\nName=e0\n[Network]\nAddress=10.0.0.5\n"]), /^h\/e\.network:4:9: Address: "10\.0\.0\.5" is no address with its length/],
    ["an unknown mode", () => bond("Mode=lacp"), /^h\/b\.netdev:5:6: mode: "lacp": a mode is/],
    ["an odd span", () => bond("Mode=802.3ad\nMIIMonitorSec=soon"), /^h\/b\.netdev:6:15: miimon: "soon"/],
    ["a VLAN that is none", () => networkd(["v.netdev", "[NetDev]\nName=v\nKind=vlan\n[VLAN]\nId=9999\n"]), /^h\/v\.netdev:5:4: Id: "9999": a VLAN is 0 to 4094$/],
  ];
  for (const [what, read, message] of wrong) it(`refuses ${what}`, () => assert.throws(read, { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("examples/imported-servers", () => {
  it("has in it what the import prints, and `to`", () => {
    const at = (name: string): string => readFileSync(new URL(`../../../examples/imported-servers/${name}`, import.meta.url), "utf8");
    const { parts } = importNetplan(["web1.yaml", "web2.yaml"].map((name) => ({ name, text: at(name) })));
    const file = parse(at("imported-servers.dh.yaml")) as Parts;
    for (const bond of Object.values(file.bonds)) delete bond["to"];
    const { web1, web2 } = file.nodes;
    assert.deepEqual({ networks: file.networks, nodes: { web1, web2 }, bonds: file.bonds }, parts);
  });
});

describe("dualhome import", () => {
  const io = { read: async (path: string) => readFileSync(new URL(path, root), "utf8") };

  it("prints the parts; guesses and what is not read go to stderr", async () => {
    const ran = await dualhome(["import", "netplan", "other=netplan/web2.yaml"], { io });
    assert.equal(ran.status, 0);
    assert.match(ran.out, /^networks:\n/);
    assert.match(ran.err, /^netplan\/web2\.yaml:12: a guess: .*\nnetplan\/web2\.yaml:25: lacp-rate is left out.*\nnetplan\/web2\.yaml:13: not read: bond0\.addresses: label\n1 line not read\n$/);
    assert.ok(ran.out.includes("other:bond0:"));
  });

  it("--json", async () => {
    const ran = await dualhome(["import", "ifcfg", ...files("ifcfg"), "--json"], { io });
    const data = JSON.parse(ran.out);
    assert.deepEqual(Object.keys(data), ["format", "parts", "notes", "unread"]);
    assert.deepEqual(Object.keys(data.parts.nodes), ["db1", "db2"]);
  });

  it("a wrong file is exit status 2 with its place", async () => {
    const ran = await dualhome(["import", "netplan", "ifcfg/db2/ifcfg-br0"], { io });
    assert.deepEqual([ran.status, ran.out], [2, ""]);
    assert.match(ran.err, /^ifcfg\/db2\/ifcfg-br0:1:1: this is no netplan configuration: .*\n1 problem\n$/);
  });
});
