// NetworkManager, teamd, keepalived and FRR: what is read, what is guessed and said, what is listed, what is no such file; and an outage.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importParts, importWhole } from "../../../bindings/importers/index.ts";
import { of, outagesOf, parts, said, topologyOf, unread, whole } from "../../support/imported.ts";

type Part = Record<string, Record<string, unknown>>;
const KEYFILES = `keyfile: ${["db1/bond0", "db1/ens1f0", "db1/ens1f1", "db2/team0", "db2/p0", "db2/p1", "db2/vlan10", "db2/spare"].map((name) => `keyfile/${name}.nmconnection`).join(" ")}`;
/** MII monitor every 100 ms, link loss noticed after 10 ms (dualhome's default). */
const ONE_POLL_MS = 100 + 10 + 1;
/** RFC 5798 6.1: Master_Down_Interval of a backup of this priority. */
const masterDownMs = (intervalMs: number, priority: number): number => 3 * intervalMs + ((256 - priority) * intervalMs) / 256;

describe("keyfile", () => {
  const read = parts(KEYFILES);

  it("bonds, teams as bonds, VLANs, addresses with the gateway behind them", () => {
    assert.deepEqual(read.parts, {
      networks: { vlan10: { vlan: 10, subnet: "10.1.10.0/24" } },
      nodes: { db1: { kind: "server", network: "vlan10", address: "10.1.10.31", gateway: "10.1.10.1" }, db2: { kind: "server", network: "vlan10", address: "10.1.10.32", gateway: "10.1.10.1" } },
      bonds: {
        "db1:bond0": { members: ["ens1f0", "ens1f1"], mode: "802.3ad", "mii-monitor-interval": "100ms", "lacp-rate": "fast", "transmit-hash-policy": "layer3+4", network: "vlan10" },
        "db2:team0": {
          members: ["ens1f0", "ens1f1"], mode: "active-backup", "fail-over-mac-policy": "active", "mii-monitor-interval": "10ms", "up-delay": "500ms", primary: "ens1f0",
          "primary-reselect-policy": "always", network: "vlan10",
        },
      },
    });
  });

  it("guesses, what is left out, what is not read", () => {
    const notes = said(read);
    assert.ok(notes.includes("bond0.nmconnection:1: a guess: this is host \"db1\", by its path; HOST=FILE says it otherwise"));
    assert.ok(notes.includes("spare.nmconnection:5: spare is left out: autoconnect=false"));
    assert.ok(notes.includes("team0.nmconnection:6: a guess: team0 looks at its links every 10 ms: teamd is told of a lost link at once, and a bond looks"));
    assert.deepEqual(unread(read), [
      "bond0.nmconnection:16: [ipv4] dns=192.0.2.53;", "bond0.nmconnection:19: [ipv6] method=disabled", "ens1f0.nmconnection:9: [ethernet] mtu=9000", "ens1f1.nmconnection:9: [ethernet] mtu=9000",
      "vlan10.nmconnection:8: [vlan] flags=1",
    ]);
  });

  it("a default route is a gateway, another route is left out and told", () => {
    const found = importParts(of("keyfile", ["h/e.nmconnection", "[connection]\ntype=ethernet\ninterface-name=e0\n[ipv4]\naddress1=10.0.0.5/24\nroute1=0.0.0.0/0,10.0.0.1,100\nroute2=10.9.0.0/16,10.0.0.2\n"]));
    assert.equal((found.parts["nodes"] as Part)["h"]!["gateway"], "10.0.0.1");
    assert.ok(said(found).includes("e.nmconnection:7: the route to 10.9.0.0/16 via 10.0.0.2 is left out: a server has a gateway and no other routes here"), said(found).join("\n"));
  });

  it("runs: servers alone are cabled to a pair that is a guess", async () => {
    const worst = await outagesOf(topologyOf(whole(KEYFILES)), "leaf1");
    assert.ok(worst.get("in-vlan10")! > 0 && worst.get("in-vlan10")! <= ONE_POLL_MS, String(worst.get("in-vlan10")));
  });

  const wrong: [string, string, RegExp][] = [
    ["no connection", "[ipv4]\nmethod=auto\n", /^h\/x\.nmconnection:1:1: this is no connection of NetworkManager: \[connection\] has no type$/],
    ["an address that is none", "[connection]\ntype=ethernet\n[ipv4]\naddress1=10.0.0.5\n", /^h\/x\.nmconnection:4:10: address1: "10\.0\.0\.5" is no address with its length/],
    ["an unknown mode", "[connection]\ntype=bond\n[bond]\nmode=lacp\n", /^h\/x\.nmconnection:4:6: mode: "lacp": a mode is/],
    ["a VLAN without a parent", "[connection]\ntype=vlan\n[vlan]\nid=5\n", /^h\/x\.nmconnection:4:4: VLAN x has no parent$/],
    ["a team that is no JSON", "[connection]\ntype=team\n[team]\nconfig={\"runner\": }\n", /^h\/x\.nmconnection:4:19: a JSON value is wanted here$/],
    ["a line that is none", "[connection]\ntype=bond\nwhatever\n", /^h\/x\.nmconnection:3:1: "whatever" is neither \[Section\] nor Key=Value$/],
  ];
  for (const [what, text, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("keyfile", ["h/x.nmconnection", text])), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("teamd", () => {
  const read = parts("teamd: app1=app1.team.json app2=app2.team.json");

  it("runners as modes, link watches as monitors", () => {
    assert.deepEqual(read.parts["bonds"], {
      "app1:team0": {
        members: ["eno1", "eno2"], mode: "802.3ad", "lacp-rate": "fast", "min-links": 1, "ad-actor-system-priority": 100, "transmit-hash-policy": "layer3+4", "mii-monitor-interval": "10ms", "down-delay": "50ms",
      },
      "app2:team0": {
        members: ["eno1", "eno2"], mode: "active-backup", "arp-interval": "200ms", "arp-ip-targets": ["198.18.0.1"], "arp-missed-max": 3, primary: "eno1", "primary-reselect-policy": "failure",
      },
    });
    assert.deepEqual(unread(read), ["app1.team.json:5: notify_peers", "app1.team.json:6: ports.eno1.lacp_prio: 10"]);
    assert.ok(said(read).includes("app1.team.json:3: a guess: tx_hash eth, ipv4, tcp is layer3+4: a bond's hash that comes near"));
  });

  it("runs", async () => {
    assert.deepEqual([...(await outagesOf(topologyOf(whole("teamd: app1=app1.team.json app2=app2.team.json")), "leaf1")).keys()], ["in-vlan1"]);
  });

  it("refuses a runner that there is not", () => {
    assert.throws(() => importParts(of("teamd", ["h=t.json", '{"runner": {"name": "fast"}}'])), { message: /^t\.json:1:12: "fast" is no runner: lacp, activebackup/ });
  });
});

describe("keepalived", () => {
  const read = parts("keepalived: lb1=lb1.keepalived.conf lb2=lb2.keepalived.conf");

  it("instances with interval, priority, preemption, tracked interface", () => {
    const router = (rest: object): object => ({ "advert-interval": "500ms", track: [{ port: "eth0", decrement: 20 }], ...rest });
    assert.deepEqual(read.parts["gateways"], {
      vlan10: {
        network: "vlan10", protocol: "vrrp", version: 3, vrid: 51, vip: "10.1.10.1", implementation: "keepalived",
        routers: { lb1: router({ priority: 200, address: "10.1.10.4", preempt: true, "preempt-delay": "5000ms" }), lb2: router({ priority: 190, address: "10.1.10.5", preempt: false }) },
      },
    });
  });

  it("what is not read is listed; what it includes is not opened", () => {
    assert.deepEqual(unread(read).filter((line) => line.startsWith("lb1")).map((line) => line.replace("lb1.keepalived.conf:", "")), [
      "3: router_id lb1", "7: include /etc/keepalived/extra.conf", "16: authentication", "17: auth_type PASS", "18: auth_pass none", "31: vrrp_sync_group all", "31: group", "31: front",
    ]);
    assert.ok(said(read).includes("lb1.keepalived.conf:23: track eth1 is left out: without a weight the instance fails, which is not simulated"));
  });

  it("runs: the master dies", async () => {
    const worst = await outagesOf(topologyOf(whole("keepalived: lb1=lb1.keepalived.conf lb2=lb2.keepalived.conf")), "lb1");
    assert.ok(worst.get("between")! > 0 && worst.get("between")! <= masterDownMs(500, 190) + ONE_POLL_MS, String(worst.get("between")));
  });

  it("the host's own configuration gives the address that keepalived does not", () => {
    const conf = "vrrp_instance a {\n interface eth0\n virtual_router_id 7\n virtual_ipaddress {\n 10.9.0.1\n }\n}\n";
    const netplan = "network:\n  ethernets:\n    eth0: {addresses: [10.9.0.2/24]}\n";
    const joined = importWhole([of("keepalived", ["gw=k.conf", conf]), of("netplan", ["gw=n.yaml", netplan])], "x");
    assert.deepEqual((joined.parts["gateways"] as Part)["vlan1001"]!["routers"], { gw: { priority: 100, address: "10.9.0.2", preempt: true } });
    topologyOf(joined);
  });

  describe("the host's own configuration", () => {
    const bundled = (mode: string): string =>
      `network:\n  ethernets: {e0: {}, e1: {}}\n  bonds:\n    bond0: {interfaces: [e0, e1], parameters: {mode: ${mode}, lacp-rate: fast}}\n  vlans:\n    front: {id: 30, link: bond0, addresses: [10.9.0.2/24]}\n    back: {id: 31, link: bond0, addresses: [10.8.0.2/24]}\n`;
    const conf = "vrrp_instance a {\n interface front\n virtual_router_id 7\n virtual_ipaddress {\n 10.9.0.1\n }\n}\n";
    const eos = "hostname leaf1\ninterface Port-Channel5\n   switchport mode trunk\n   switchport trunk allowed vlan 30\ninterface Ethernet1\n   channel-group 5 mode active\ninterface Ethernet2\n   channel-group 5 mode active\n";
    const cabling = JSON.stringify({ edges: [1, 2].map((n) => ({ node1: { hostname: "leaf1", interfaceName: `Eth${n}` }, node2: { hostname: "gw", interfaceName: `e${n - 1}` } })) });
    const joined = (mode: string): ReturnType<typeof importWhole> => importWhole([of("keepalived", ["gw=k.conf", conf]), of("netplan", ["gw=n.yaml", bundled(mode)]), of("eos", ["leaf1.cfg", eos]), of("layer1", ["c.json", cabling])], "x");

    it("numbers the VLAN that keepalived's interface does not, and bundles what the bond has", () => {
      const all = joined("802.3ad");
      assert.deepEqual((all.parts["gateways"] as Part)["vlan30"]!["routers"], { gw: { priority: 100, address: "10.9.0.2", preempt: true } });
      assert.deepEqual(all.parts["lags"], { "gw:bond0": { members: ["e0", "e1"], mode: "lacp-active", rate: "fast" }, "leaf1:Po5": { members: ["Eth1", "Eth2"], mode: "lacp-active", networks: ["vlan30"] } });
      assert.deepEqual(said(all).filter((line) => line.startsWith("n.yaml")), ["n.yaml:6: front of gw is in VLAN 30, not 1001: its own configuration says so", "n.yaml:7: the address on back of gw is left out: no virtual router is there"]);
      topologyOf(all);
    });

    it("a bond without LACP is a static port-channel", () => {
      assert.deepEqual((joined("balance-xor").parts["lags"] as Part)["gw:bond0"], { members: ["e0", "e1"], mode: "static" });
    });

    it("a bond that is no aggregate leaves its ports plain, and the switch's port-channel is told of", () => {
      const all = joined("active-backup");
      assert.deepEqual([all.parts["lags"], all.parts["links"]], [undefined, [1, 2].map((n) => ({ endpoints: [`leaf1:Eth${n}`, `gw:e${n - 1}`], networks: ["vlan30"] }))]);
      assert.ok(said(all).includes("n.yaml:4: bond0 of gw is left out: a router has no active-backup bond here, and its ports are cabled each by itself"));
      assert.ok(said(all).includes("leaf1.cfg:2: a conflict: leaf1:Po5 is a port-channel and gw:e0, gw:e1 at its other end is in none (k.conf:1): the plain port is kept"));
      topologyOf(all);
    });
  });

  const wrong: [string, string, RegExp][] = [
    ["a brace that is not closed", "vrrp_instance a {\n", /^k\.conf:1:17: a \{ that is not closed$/],
    ["a brace that closes nothing", "}\n", /^k\.conf:1:1: a \} that closes nothing$/],
    ["an instance without an interface", "vrrp_instance a {\n virtual_router_id 5\n}\n", /^k\.conf:1:1: vrrp_instance a has no interface$/],
    ["a number that is none", "vrrp_instance a {\n interface eth0\n virtual_router_id 999\n}\n", /^k\.conf:3:20: virtual_router_id: "999": a number from 1 to 255 is wanted\n/],
    ["an address that is none", "vrrp_instance a {\n interface eth0\n virtual_router_id 9\n virtual_ipaddress {\n x\n }\n}\n", /^k\.conf:5:2: "x" is no virtual address/],
    ["nesting without end", "a {\n".repeat(5000), /^k\.conf:21:3: nested too deeply$/],
  ];
  for (const [what, text, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => importParts(of("keepalived", ["gw=k.conf", text])), { code: "DH_IMPORT", exitCode: 2, message }));
});

describe("frr", () => {
  const read = parts("frr: r1.frr.conf r2.frr.conf");

  it("VRRP version 3 with its interval in milliseconds; an untagged interface's VLAN is a guess", () => {
    assert.deepEqual(read.parts["gateways"], {
      vlan1001: {
        network: "vlan1001", protocol: "vrrp", version: 3, vrid: 30, vip: "10.1.30.1", implementation: "frr",
        routers: { r1: { priority: 150, address: "10.1.30.2", preempt: true, "advert-interval": "1000ms" }, r2: { priority: 100, address: "10.1.30.3", preempt: true, "advert-interval": "1000ms" } },
      },
    });
    assert.deepEqual(said(read).filter((line) => line.startsWith("r1")), [
      "r1.frr.conf:7: a guess: eth0 is in VLAN 1001: an untagged interface does not say its number", "r1.frr.conf:14: 192.0.2.1/31 on eth9 is left out: no virtual router is there",
    ]);
    assert.deepEqual(unread(read).filter((line) => line.startsWith("r1")), ["r1.frr.conf:17: router ospf", "r1.frr.conf:18: ospf router-id 192.0.2.1"]);
  });

  it("runs: the master dies", async () => {
    const worst = await outagesOf(topologyOf(whole("frr: r1.frr.conf r2.frr.conf")), "r1");
    assert.ok(worst.get("between")! > 0 && worst.get("between")! <= masterDownMs(1000, 100) + ONE_POLL_MS, String(worst.get("between")));
  });

  it("shut groups, no preempt, versions", () => {
    const text = "hostname a\ninterface eth0.7\n ip address 10.0.7.2/24\n vrrp 7\n vrrp 7 version 2\n no vrrp 7 preempt\n vrrp 7 ip 10.0.7.1\n vrrp 8 ip 10.0.7.8\n vrrp 8 shutdown\n";
    const one = importParts(of("frr", ["frr.conf", text]));
    assert.deepEqual((one.parts["gateways"] as Part)["vlan7"], { network: "vlan7", protocol: "vrrp", version: 2, vrid: 7, vip: "10.0.7.1", implementation: "frr", routers: { a: { priority: 100, address: "10.0.7.2", preempt: false } } });
    assert.deepEqual(one.notes.map((n) => n.text), ["vrrp 8 of Vlan7 is left out: the group is shut down"]);
  });
});
