// Switches of Arista, SONiC, Junos and Cisco: what is read, what is left out and said, what is listed, and an outage out of configurations alone.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importParts, importWhole } from "../../../bindings/importers/index.ts";
import { of, outagesOf, parts, said, text, topologyOf, unread, whole } from "../../support/imported.ts";

/** MII monitor every 100 ms, link loss noticed after 10 ms (dualhome's default): one poll, and the host is on its other leg. */
const ONE_POLL_MS = 100 + 10 + 1;
/** RFC 5798 6.1: Master_Down_Interval of a backup of this priority. */
const masterDownMs = (intervalMs: number, priority: number): number => 3 * intervalMs + ((256 - priority) * intervalMs) / 256;

type Part = Record<string, Record<string, unknown>>;
const linesOf = (name: string, wanted: string[]): string[] => wanted.map((line) => `${name.replace(/^.*\//, "")}:${text(name).split("\n").findIndex((l) => l.trim() === line) + 1}: ${line}`);

describe("eos", () => {
  const read = parts("eos: eos/leaf1.cfg eos/leaf2.cfg");

  it("MLAG with its peer-link, heartbeat, dual-primary detection and reload delay", () => {
    assert.deepEqual(read.parts["mlag"], {
      "mlag-rack7": {
        peers: ["leaf1", "leaf2"], "peer-link": ["Eth53", "Eth54"], keepalive: { via: "mgmt", hold: "5s" }, "delay-restore": "300s", "suspend-secondary": true, "suspend-ports": "all",
      },
    });
  });

  it("port-channels with LACP rate and fallback", () => {
    const common = { mode: "lacp-active", mlag: "mlag-rack7" };
    const lags = [["Po5", { members: ["Eth1"], rate: "fast", "lacp-fallback": { mode: "individual", timeout: "30s" }, "mlag-id": 5, ...common }], ["Po6", { members: ["Eth2"], "min-links": 1, "mlag-id": 6, ...common }]] as const;
    assert.deepEqual(read.parts["lags"], Object.fromEntries(["leaf1", "leaf2"].flatMap((sw) => lags.map(([name, lag]) => [`${sw}:${name}`, lag]))));
  });

  it("VRRP with its tracked port, and a virtual-router address", () => {
    const router = (priority: number, address: string): object => ({ priority, address, preempt: true, "preempt-delay": "60s", "advert-interval": "1s", track: [{ port: "Eth49", decrement: 30 }] });
    assert.deepEqual(read.parts["gateways"], {
      vlan10: { network: "vlan10", protocol: "vrrp", vrid: 10, vip: "10.1.10.1", routers: { leaf1: router(120, "10.1.10.2"), leaf2: router(110, "10.1.10.3") } },
      vlan20: { network: "vlan20", protocol: "anycast", vip: "10.1.20.1", mac: "00:1c:73:00:00:99", routers: { leaf1: { address: "10.1.20.2" }, leaf2: { address: "10.1.20.3" } } },
    });
  });

  it("every line that is not read is listed with its place", () => {
    assert.deepEqual(unread(read).filter((line) => line.startsWith("leaf1")), linesOf("eos/leaf1.cfg", [
      "no spanning-tree vlan-id 4094", "vlan 10,20", "vlan 4094", "trunk group mlagpeer", "switchport trunk group mlagpeer", "ip address 192.0.2.1/31", "interface Management1",
      "ip address 198.51.100.1/24", "no autostate", "reload-delay non-mlag 330",
    ]));
  });

  it("runs without any cabling: servers at the port-channels are guesses", async () => {
    const all = whole("eos: eos/leaf1.cfg eos/leaf2.cfg");
    assert.ok(said(all).includes("leaf1.cfg:14: a guess: a server, called web1, is at the other end of Po5: no cabling tells what is"));
    const worst = await outagesOf(topologyOf(all), "leaf1");
    assert.ok(worst.get("in-vlan10")! > 0 && worst.get("in-vlan10")! <= ONE_POLL_MS, String(worst.get("in-vlan10")));
  });

  it("an owner of the address, ip address virtual, versions, shut groups, a peer-link that is a port", () => {
    const one = `hostname a
interface Ethernet1/1
   shutdown
interface Ethernet5
interface Vlan5
   ip address 10.0.5.1 255.255.255.0
   vrrp 5 ipv4 10.0.5.1
   vrrp 5 ipv4 version 3
   no vrrp 5 preempt
   vrrp 6 ip 10.0.5.9
   vrrp 6 shutdown
   vrrp 7 ipv4 10.0.9.9
interface Vlan6
   ip address virtual 10.0.6.1/24
mlag configuration
   domain-id x
   peer-address 192.0.2.9
   peer-link Ethernet5
`;
    const found = importParts(of("eos", ["a.cfg", one]));
    assert.deepEqual(found.parts["gateways"], {
      vlan5: { network: "vlan5", protocol: "vrrp", version: 3, vrid: 5, vip: "10.0.5.1", routers: { a: { priority: 255, address: "10.0.5.1", preempt: false } } },
      vlan6: { network: "vlan6", protocol: "anycast", vip: "10.0.6.1", routers: { a: {} } },
    });
    assert.deepEqual(found.notes.map((n) => `${n.line}: ${n.text}`), [
      "10: vrrp 6 of Vlan5 is left out: the group is shut down", "12: vrrp 7 of Vlan5 is left out: 10.0.9.9 is not in the network of the interface, 10.0.5.0/24",
      "15: mlag domain x is left out: it is in 1 of the files, and a pair is two",
    ]);
  });
});

describe("sonic", () => {
  const read = parts("sonic: sonic/leaf1.json sonic/leaf2.json");

  it("MC-LAG, port-channels, VRRP and the static anycast gateway", () => {
    assert.deepEqual(read.parts["mlag"], { mclag7: { peers: ["leaf1", "leaf2"], "peer-link": ["Eth120", "Eth124"], domain: 7, keepalive: { interval: "1s", timeout: "15s" } } });
    assert.deepEqual((read.parts["lags"] as Part)["leaf2:PortChannel11"], { members: ["Eth0"], mode: "lacp-active", rate: "fast", "min-links": 1, "lacp-fallback": { mode: "static" }, mlag: "mclag7", "mlag-id": 11 });
    const gateways = read.parts["gateways"] as Part;
    assert.deepEqual((gateways["vlan10"]!["routers"] as Part)["leaf1"], { priority: 120, address: "10.1.10.2", preempt: true, "advert-interval": "1000ms", track: [{ port: "Eth124", decrement: 30 }] });
    assert.deepEqual([gateways["vlan20"]!["protocol"], gateways["vlan20"]!["vip"], gateways["vlan20"]!["mac"]], ["anycast", "10.1.20.1", "02:00:5e:00:01:99"]);
  });

  it("tables and fields that are not read are listed", () => {
    const own = unread(read).filter((line) => line.startsWith("leaf1"));
    assert.equal(own.length, 13);
    assert.ok(own.includes("leaf1.json:12: PORTCHANNEL.PortChannel11.mtu: 9100") && own.includes("leaf1.json:49: NTP_SERVER"));
    assert.ok(said(read).includes("leaf1.json:41: fd00:20::2/64 on Vlan20 is left out: IPv4 is what is read"));
  });

  it("neighbours are cabling, and their types kinds", () => {
    const file = { DEVICE_METADATA: { localhost: { hostname: "t0" } }, DEVICE_NEIGHBOR: { Ethernet0: { name: "srv", port: "eth0" } }, DEVICE_NEIGHBOR_METADATA: { srv: { type: "Server" } } };
    const found = importParts(of("sonic", ["c.json", JSON.stringify(file)]));
    assert.deepEqual([found.parts["links"], found.parts["nodes"]], [["t0:Eth0 -- srv:eth0"], { srv: { kind: "server" } }]);
  });

  it("routed ports and port-channels; a peer-link that is a port; VLANs that are added in a second line", () => {
    const sonic = { DEVICE_METADATA: { localhost: { hostname: "t0" } }, PORT: { Ethernet0: {}, Ethernet4: {} }, INTERFACE: { "Ethernet0|10.9.0.0/31": {}, Ethernet4: {} }, PORTCHANNEL_INTERFACE: { "PortChannel7|10.9.1.0/31": {} }, PORTCHANNEL: { PortChannel7: {} } };
    assert.deepEqual(said(importParts(of("sonic", ["c.json", JSON.stringify(sonic)]))).map((line) => line.replace(/^.*?: /, "")).filter((line) => line.includes("routed")), [
      "10.9.0.0/31 on Ethernet0 is left out: routed ports get their addresses here", "10.9.1.0/31 on PortChannel7 is left out: routed ports get their addresses here",
    ]);
    const nxos = (name: string, vlans: string): [string, string] => [`${name}.cfg`, `hostname ${name}\ninterface Ethernet1/1\n  switchport mode trunk\n${vlans}interface Vlan7\n  ip address 10.0.7.${name.slice(-1)}/24\ninterface Vlan8\n  ip address 10.0.8.${name.slice(-1)}/24\n`];
    const cable = of("layer1", ["a.json", JSON.stringify({ edges: [{ node1: { hostname: "leaf1", interfaceName: "Ethernet1/1" }, node2: { hostname: "leaf2", interfaceName: "Ethernet1/1" } }] })]);
    const carried = (vlans: string): unknown => ((importWhole([of("nxos", nxos("leaf1", vlans), nxos("leaf2", "")), cable], "x").parts["links"] as { networks?: string[] }[])[0])!.networks;
    assert.deepEqual([carried("  switchport trunk allowed vlan 7\n"), carried("  switchport trunk allowed vlan 7\n  switchport trunk allowed vlan add 8\n")], [["vlan7"], ["vlan7", "vlan8"]]);
  });

  it("runs: from config_db.json to an outage", async () => {
    const worst = await outagesOf(topologyOf(whole("sonic: sonic/leaf1.json sonic/leaf2.json")), "leaf1");
    assert.ok(worst.get("between")! > 0 && worst.get("between")! <= masterDownMs(1000, 110) + ONE_POLL_MS, String(worst.get("between")));
  });

  const wrong: [string, string, RegExp][] = [
    ["another JSON", "{}", /^c\.json:1:1: this is no config_db\.json/],
    ["a list", "[]", /^c\.json:1:1: this is no config_db\.json/],
    ["a number that is none", '{"PORT": {}, "PORTCHANNEL": {"PortChannel1": {"min_links": "many"}}}', /^c\.json:1:60: PORTCHANNEL\.PortChannel1\.min_links: "many": a whole number from 0 to 64 is wanted$/],
    ["a member of nothing", '{"PORTCHANNEL": {}, "PORTCHANNEL_MEMBER": {"PortChannel1": {}}}', /^c\.json:1:60: "PortChannel1": a member is PortChannelN\|EthernetN$/],
    ["a table that is a list", '{"PORT": []}', /^c\.json:1:10: PORT: a mapping is wanted here$/],
  ];
  for (const [what, json, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("sonic", ["c.json", json])), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("junos", () => {
  const read = parts("junos: junos/leaf1.set junos/leaf2.set");

  it("mc-ae over ICCP, force-up, irb with VRRP", () => {
    assert.deepEqual(read.parts["mlag"], {
      mclag1: {
        peers: ["leaf1", "leaf2"], "peer-link": ["xe-0/0/46", "xe-0/0/47"], "role-priority": { leaf1: 100, leaf2: 200 }, keepalive: { via: "mgmt" }, control: { interval: "1000ms", timeout: "3000ms" },
        "delay-restore": "240s",
      },
    });
    assert.deepEqual((read.parts["lags"] as Part)["leaf1:ae1"], { members: ["xe-0/0/0"], mode: "lacp-active", rate: "fast", "lacp-fallback": { mode: "force-up", port: "xe-0/0/0" }, mlag: "mclag1", "mlag-id": 1 });
    assert.deepEqual(((read.parts["gateways"] as Part)["vlan10"]!["routers"] as Part)["leaf2"], { priority: 180, address: "10.1.10.3", preempt: true, "advert-interval": "500ms", track: [{ port: "xe-0/0/40", decrement: 30 }] });
  });

  it("every line that is not read is listed with its place", () => {
    assert.deepEqual(unread(read).filter((line) => line.startsWith("leaf1")), linesOf("junos/leaf1.set", [
      "set version 21.4R3", "set interfaces ae1 aggregated-ether-options lacp admin-key 1", "set interfaces irb unit 10 family inet address 10.1.10.2/24 vrrp-group 10 accept-data",
      "set protocols iccp peer 10.255.255.2 session-establishment-hold-time 50", "set protocols lldp interface all",
    ]));
  });

  it("a bridge priority in steps of 4096, in thousands or not; one address of a unit", () => {
    const found = (...lines: string[]): ReturnType<typeof importParts> => importParts(of("junos", ["a.set", ["system host-name a", ...lines].map((line) => `set ${line}`).join("\n")]));
    const priority = (text: string): unknown => ((importWhole([of("junos", ["a.set", `set system host-name a\nset protocols rstp bridge-priority ${text}\n`])], "x").parts["nodes"] as Part)["a"]!["stp"] as { priority?: number } | undefined)?.priority;
    assert.deepEqual(["4k", "8192", "60k", "0"].map(priority), [4096, 8192, 61440, 0]);
    assert.deepEqual(unread(found("protocols rstp bridge-priority 5k", "protocols rstp bridge-priority 64k", "protocols rstp bridge-priority 4095")).length, 3);
    const irb = "interfaces irb unit 10 family inet address";
    assert.deepEqual(unread(found(`${irb} 10.1.10.2/24`, `${irb} 10.1.10.2/24`, `${irb} 10.1.11.2/24`)), ["a.set:4: set interfaces irb unit 10 family inet address 10.1.11.2/24"]);
  });

  it("a pair without ICCP is guessed from one LACP system", () => {
    const without = (n: number): [string, string] => [`leaf${n}.set`, text(`junos/leaf${n}.set`).split("\n").filter((l) => !/iccp|multi-chassis|mc-ae/.test(l)).join("\n")];
    const guessed = importWhole([of("junos", without(1), without(2))], "x");
    assert.ok(said(guessed).some((line) => /^leaf2\.set:\d+: a guess: leaf1 and leaf2 are an MC-LAG pair: their port-channels show one LACP system, 02:00:00:00:07:01 \(leaf1\.set:6\)$/.test(line)), said(guessed).join("\n"));
    topologyOf(guessed);
  });

  it("a configuration in braces is told how to write it", () => {
    assert.throws(() => importParts(of("junos", ["x.conf", "system {\n  host-name a;\n}\n"])), /^DualhomeError: x\.conf:1:1: no line begins with "set": write the configuration with \| display set$/);
  });

  it("a file of something else is refused, whatever its name would give", () => {
    const foreign = "# of a cluster\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n";
    for (const format of ["nxos", "eos", "keepalived", "frr"]) {
      assert.throws(() => importParts(of(format, ["leaf1.cfg", foreign])), new RegExp(`leaf1\\.cfg:1:1: none of its lines is one of ${format}$`));
    }
    assert.throws(() => importParts(of("netbox", ["hints.yaml", foreign])), /hints\.yaml:1:1: nothing of netbox is in it$/);
  });

  it("runs: from set commands to an outage", async () => {
    const worst = await outagesOf(topologyOf(whole("junos: junos/leaf1.set junos/leaf2.set")), "leaf1");
    assert.ok(worst.get("in-vlan10")! > 0 && worst.get("in-vlan10")! <= ONE_POLL_MS, String(worst.get("in-vlan10")));
  });
});
