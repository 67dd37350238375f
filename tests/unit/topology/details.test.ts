// What the reader makes of what a file says, and of what it leaves open: values of the model, one by one. Where a mistake of it would show in no run, or late.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { formatIp, hostRange, isIpv6, parseIp, parsePrefix } from "../../../bindings/topology/ip.ts";
import { loadTopology } from "../../../bindings/topology/load.ts";
import { bpduUnits } from "../../../bindings/topology/expand/stp.ts";
import { formatProblems, parseTopology, type Problem, type Topology } from "../../../bindings/topology/index.ts";
import { topologyReference, type Node as SchemaNode } from "../../../bindings/topology/reference.ts";
import { indexTargets, stepOf } from "../../../bindings/topology/step.ts";
import { splitLink, splitPort } from "../../../bindings/topology/ranges.ts";

const S = 1_000_000_000n;
const HEAD = "dualhome: 1\nname: t\nnetworks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}\n";
const RACK = `${HEAD}nodes:\n  sw1..2: {kind: leaf}\n  srv1..3: {kind: server, network: lan}\n`;

function topologyOf(text: string): Topology {
  const read = parseTopology(text, "t.dh.yaml");
  if ("problems" in read) assert.fail(read.problems.map((problem) => `${problem.where.line}: ${problem.code} ${problem.message}`).join("\n"));
  return read.topology;
}
function problemsOf(text: string): Problem[] {
  const read = parseTopology(text, "t.dh.yaml");
  return "problems" in read ? read.problems : [];
}
const codes = (text: string): string[] => problemsOf(text).map(({ code, where }) => `${code} ${where.line}:${where.col}`);
const named = <T extends { name: string }>(list: readonly T[], name: string): T => list.find((each) => each.name === name) ?? assert.fail(name);

describe("what a bond is where nothing is said", () => {
  const t = topologyOf(`${RACK}links: [sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]\nbonds:\n  srv1:bond0: {to: sw1, members: [eth0, eth1], mode: 802.3ad}\n`);
  const [host, port] = [named(t.lags, "srv1:bond0"), named(t.lags, "sw1:Po1")];

  test("the server's: Documentation/networking/bonding.rst", () => {
    assert.deepEqual(host.bond, {
      packetsPerSlave: 1, failOverMac: "none", peerNotifyDelayNs: 0n, learnIntervalNs: S, dynamic: true, balance: "dynamic", arpIntervalNs: 0n, arpTargets: [], arpValidate: "none",
      arpMissedMax: 2, arpAllTargets: false,
    });
    assert.deepEqual([host.minLinks, host.adSelect, host.miimonNs, host.updelayNs, host.downdelayNs, host.primaryReselect, host.garpCount, host.hash, host.linux, host.maxBundle, host.primary],
      [0, "stable", S / 10n, 0n, 0n, "always", 1, "layer2", true, 0, null]);
    assert.deepEqual([host.lacp?.active, host.lacp?.fast, host.lacp?.key, host.lacp?.independent, host.pair, host.mlagId, host.peerLinkOf], [true, false, (7 << 1) | 1, false, null, 0, null]);
  });

  test("the switch's", () => {
    assert.deepEqual([port.minLinks, port.maxBundle, port.adSelect, port.miimonNs, port.garpCount, port.linux, port.primary, port.mlagId, port.peerLinkOf], [1, 0, "stable", 0n, 0, false, null, 0, null]);
    assert.deepEqual([port.lacp?.active, port.lacp?.independent, port.lacp?.key, port.lacp?.portPriority], [true, false, 1, {}]);
    assert.equal(port.where.line, host.where.line);
  });

  test("every member's speed is one of the driver's, in its order, and the lowest bit says full duplex (bond_3ad.c)", () => {
    const speeds = ["1M", "10M", "100M", "1G", "2500M", "5G", "10G", "14G", "20G", "25G", "40G", "50G", "56G", "100G", "200G", "400G", "800G"];
    for (const [i, speed] of speeds.entries()) {
      const keyed = topologyOf(`${RACK}links: [sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]\nbonds:\n  srv1:bond0: {to: sw1, members: [eth0, eth1], mode: 802.3ad}\ndefaults: {link: {speed: ${speed}}}\n`);
      assert.equal(named(keyed.lags, "srv1:bond0").lacp?.key, ((i + 1) << 1) | 1, speed);
    }
  });
});

test("LACP's system priority: of the pair, of the port-channel, of the file, of the vendor, in this order", () => {
  const priorityOf = (pair: string, lag: string, defaults: string): number | undefined => {
    const t = topologyOf(`${RACK}defaults: {lacp: {${defaults}}}
links: [sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0, sw1:Eth1 -- srv1:eth0]
mlag: {p: {peers: [sw1, sw2], peer-link: [Eth53]${pair}}}
bonds: {"srv1:bond0": {members: [eth0], mode: 802.3ad}}
lags: {"sw1:Po7": {mode: lacp-active, members: [Eth1]${lag}}}
`);
    return named(t.lags, "sw1:Po7").lacp?.systemPriority;
  };
  assert.equal(priorityOf(", system-priority: 11", ", mlag: p, system-priority: 12", "system-priority: 13"), 11);
  assert.equal(priorityOf("", ", system-priority: 12", "system-priority: 13"), 12);
  assert.equal(priorityOf("", "", "system-priority: 13"), 13);
  assert.equal(priorityOf("", "", ""), 32768);
});

test("a port-channel's number is its MC-LAG number, and one without a number has to say it", () => {
  const lags = (name: string, id = ""): string => `${RACK}links: [sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0, sw1:Eth1 -- srv1:eth0]
mlag: {p: {peers: [sw1, sw2], peer-link: [Eth53]}}
bonds: {"srv1:bond0": {members: [eth0], mode: 802.3ad}}
lags: {"sw1:${name}": {mode: lacp-active, members: [Eth1], mlag: p${id}}}
`;
  assert.equal(named(topologyOf(lags("Po12")).lags, "sw1:Po12").mlagId, 12);
  assert.equal(named(topologyOf(lags("Po12", ", mlag-id: 9")).lags, "sw1:Po12").mlagId, 9);
  assert.equal(named(topologyOf(lags("servers", ", mlag-id: 9")).lags, "sw1:servers").mlagId, 9);
  assert.deepEqual(problemsOf(lags("servers")).map(({ code, message }) => [code, message]), [["DH_MISSING", 'sw1:servers lacks "mlag-id"']]);
  assert.equal(named(topologyOf(lags("servers").replace(", mlag: p", "")).lags, "sw1:servers").lacp?.key, 1);
  assert.deepEqual(codes(`${RACK}lags: {sw1: {mode: static, members: [Eth1]}, "sw1:": {mode: static, members: [Eth2]}}\nlinks: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\n`), ["DH_NAME 7:8", "DH_NAME 7:46"]);
});

test("pairs without a domain take the lowest numbers that nobody has said", () => {
  const t = topologyOf(`${HEAD}nodes: {a1..2: {kind: leaf}, b1..2: {kind: leaf}, c1..2: {kind: leaf}}
mlag:
  a: {peers: [a1, a2], peer-link: [Eth1], domain: 2}
  b: {peers: [b1, b2], peer-link: [Eth1]}
  c: {peers: [c1, c2], peer-link: [Eth1]}
`);
  assert.deepEqual(t.pairs.map(({ name, domain }) => [name, domain]), [["a", 2], ["b", 1], ["c", 3]]);
});

test("a pair whose peer-link is no cable is told once", () => {
  assert.deepEqual(codes(`${HEAD}nodes: {a1..2: {kind: leaf}}\nlinks: []\nmlag: {a: {peers: [a1, a2], peer-link: []}}\n`).length, 1);
});

test("a keepalive takes the cable that is there between its ports, makes one that is not, and none from a port that has another", () => {
  const text = (cables: string): string => `${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0${cables}]\nmlag: {p: {peers: [sw1, sw2], peer-link: [Eth53], keepalive: {via: link, link: "sw1:Eth47 -- sw2:Eth47"}}}\n`;
  for (const [cables, count] of [[", sw1:Eth7 -- srv3:eth0, sw2:Eth47 -- sw1:Eth47", 5], [", sw1:Eth7 -- srv3:eth0", 5]] as const) {
    const t = topologyOf(text(cables));
    assert.equal(t.links.length, count);
    const { keepalive } = t.pairs[0]!;
    assert.deepEqual(named(t.links, keepalive.via === "link" ? keepalive.link : "").name.split("--").sort(), ["sw1:Eth47", "sw2:Eth47"]);
  }
  assert.deepEqual(codes(text(", sw2:Eth47 -- srv3:eth0")), ["DH_PORT_TWICE 8:94"]);
});

test("Huawei's peers ask each other at once, others wait", () => {
  const checks = (profile: string): boolean => topologyOf(`${HEAD}nodes: {a1..2: {kind: leaf, profile: ${profile}}}\nmlag: {a: {peers: [a1, a2], peer-link: [Eth1]}}\n`).pairs[0]!.checks;
  assert.deepEqual([checks("huawei-mlag"), checks("nxos-vpc")], [true, false]);
});

test("a peer-link carries every VLAN of a port of either peer, also where no peer has an address in it", () => {
  const t = topologyOf(`${RACK}links: [sw1:Eth9 -- srv2:eth0, sw2:Eth9 -- srv3:eth0]\nmlag: {p: {peers: [sw1, sw2], peer-link: [Eth53]}}\nbonds:\n  srv1:bond0: {to: p, members: [eth0, eth1], mode: 802.3ad}\n`);
  for (const sw of ["sw1", "sw2"]) {
    assert.deepEqual(t.lags.find(({ node, peerLinkOf }) => node === sw && peerLinkOf === "p")?.vlans, [10]);
    assert.deepEqual(t.ports.find(({ node, name }) => node === sw && name === "Eth53")?.vlans, [10]);
  }
});

test("a mesh of nodes with themselves leaves out each node's cable to itself", () => {
  const t = topologyOf(`${HEAD}nodes: {s1..3: {kind: spine}}\nlinks:\n  - mesh: {from: s1..3, to: s1..3}\n`);
  assert.equal(t.links.length, 6);
  assert.ok(t.links.every(({ a, b }) => a.split(":")[0] !== b.split(":")[0]));
});

test("costs: a node's own, or that of its kind; without either none, and zero is one", () => {
  const t = topologyOf(`${HEAD}costs: {leaf: 500, server: 0}\nnodes: {a: {kind: leaf}, b: {kind: leaf, cost: 7}, c: {kind: spine}, d: {kind: server, network: lan}}\nlinks: [a:Eth1 -- d:eth0]\n`);
  assert.deepEqual(["a", "b", "c", "d"].map((name) => named(t.nodes, name).cost), [500, 7, undefined, 0]);
});

describe("gateways", () => {
  const gateway = (words: string, more = ""): string => `${RACK}links: [sw1:Eth1 -- srv1:eth0, sw1:Eth2 -- srv2:eth0, sw2:Eth1 -- srv3:eth0, sw1:Eth5 -- sw2:Eth5]\ngateways:\n  g: {network: lan, ${words}}\n${more}`;

  test("HSRP and GLBP: hello 3 s, hold 10 s (RFC 2281, 5.1), no preemption", () => {
    for (const protocol of ["hsrp", "glbp"]) {
      const [router] = topologyOf(gateway(`protocol: ${protocol}, group: 0, vip: 10.0.10.1/24, routers: {sw1: 110, sw2: 100}`)).fhrps;
      assert.deepEqual([router?.group, router?.version, router?.helloNs, router?.holdNs, router?.preempt, router?.preemptDelayNs], [0, 1, 3n * S, 10n * S, false, 0n], protocol);
    }
  });

  test("a second virtual router stands on the interface of the first, and takes no address more: two servers just fit into what is left of six", () => {
    const t = topologyOf(`dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.0.10.0/29}}
nodes: {sw1..2: {kind: leaf}, srv1..2: {kind: server, network: lan}}
links: [sw1:Eth1 -- srv1:eth0, sw2:Eth1 -- srv2:eth0]
gateways:
  g: {network: lan, protocol: vrrp, vrid: 1, vip: 10.0.10.1/29, routers: {sw1: 110, sw2: 100}}
  h: {network: lan, protocol: vrrp, vrid: 2, vip: 10.0.10.2/29, routers: {sw1: 100, sw2: 110}}
`);
    assert.deepEqual(t.addresses.map(({ on, ip }) => `${on} ${ip}`).sort(), ["srv1:eth0 10.0.10.5", "srv2:eth0 10.0.10.6", "sw1:vlan10 10.0.10.3", "sw2:vlan10 10.0.10.4"]);
  });

  test("what a router tracks is in the model", () => {
    const t = topologyOf(gateway("protocol: vrrp, vrid: 1, vip: 10.0.10.1/24, routers: {sw1: {priority: 110, track: [{port: Eth5, decrement: 20}]}, sw2: 100}"));
    assert.deepEqual(t.tracks.map(({ node, decrement }) => [node, decrement]), [["sw1", 20]]);
    const cables = topologyOf(gateway('protocol: vrrp, vrid: 1, vip: 10.0.10.1/24, track: [{link: "LINK"}], routers: {sw1: 110, sw2: {priority: 100, track: [{link: "sw2:Eth1 -- srv3:eth0"}]}}').replace("LINK", "srv2:eth0 -- sw1:Eth2"));
    assert.deepEqual(cables.tracks.map(({ node, what, ports, decrement }) => [node, what, ports, decrement]), [["sw1", "sw1:Eth2--srv2:eth0", ["sw1:Eth2"], 10], ["sw2", "sw2:Eth1--srv3:eth0", ["sw2:Eth1"], 10]]);
  });

  test("a word that was nearly right is read as it was meant, a number that is not is no reason to leave the rest unread", () => {
    assert.deepEqual(problemsOf(gateway('protocol: vrrp, vrid: 1, version: "9", vip: 10.9.9.1/24, routers: {sw1: 110, sw2: 100}')).map(({ code }) => code).sort(), ["DH_GATEWAY_OUTSIDE", "DH_VALUE"]);
  });
});

describe("problems, each alone", () => {
  const CASES: [string, string, string[]][] = [
    ["an address in a network without a subnet", `dualhome: 1\nnetworks: {lan: {vlan: 10}}\nnodes: {sw: {kind: l2switch}, a: {kind: server, network: lan, address: 10.0.0.5}}\nlinks: [sw:Eth1 -- a:eth0]\n`, ["DH_ADDRESS 3:31", "DH_ADDRESS 3:72"]],
    ["a server without a cable in a network that is not there: it is told of the network alone", `${HEAD}nodes: {sw: {kind: leaf}, a: {kind: server, network: nope}}\n`, ["DH_UNKNOWN_NETWORK 4:54"]],
    ["a demand to nobody", `${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\ndemands: {d: {from: srv1, rate: 1G}}\n`, ["DH_DEMAND 8:14"]],
    ["spanning tree's cost of a port that is not there", `${HEAD}nodes: {sw: {kind: l2switch, stp: {cost: {Eth77: 5}}}}\n`, ["DH_UNKNOWN_PORT 4:35"]],
    ["a virtual machine that cannot be called so", `${HEAD}nodes: {hv: {kind: hypervisor}, sw: {kind: l2switch}}\nvms: {"a b": {on: hv, network: lan}}\nlinks: [sw:Eth1 -- hv:eth0]\n`, ["DH_NAME 5:7"]],
    ["a network boot in IPv6", `dualhome: 1\nnetworks: {lan: {vlan: 10, subnet: "fd00::/64"}}\nnodes: {sw: {kind: l2switch}, a: {kind: server, network: lan, pxe: {}}}\nlinks: [sw:Eth1 -- a:eth0]\n`, ["DH_PXE 3:63"]],
    ["an expectation of what there is not, in a file without gateways", `${HEAD}nodes: {sw: {kind: leaf}}\nscenarios: {s: [{at: 1s, fail: sw, expect: {active: {"gateway/g": sw}}}]}\n`, ["DH_EXPECT 5:54"]],
  ];
  for (const [what, text, found] of CASES) test(what, () => assert.deepEqual(codes(text), found));

  test("nesting that is too deep: one sign is underlined", () => assert.deepEqual(problemsOf(`dualhome: 1\nnodes: ${"[".repeat(500)}`)[0]?.where, { line: 2, col: 408, length: 1 }));

  test("a file of another version is told that, and nothing else", () => assert.deepEqual(codes("dualhome: 2\nfoo: 1\n"), ["DH_VERSION 1:11"]));

  test("a file that is too large is not read from the disk", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dualhome-large-"));
    try {
      const path = join(folder, "large.yaml");
      writeFileSync(path, "");
      truncateSync(path, 64 * 1024 * 1024 + 1);
      const read = await loadTopology(path);
      assert.deepEqual("problems" in read ? read.problems.map(({ code, file, where }) => [code, file, where]) : [], [["DH_FILE_SIZE", path, { line: 1, col: 1, length: 1 }]]);
      assert.equal(read.source, "");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("a scenario without an end ends so long after its last step, be that at 0", () => {
  const end = (at: string): bigint => topologyOf(`${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\nscenarios: {s: [{at: ${at}, fail: sw2}]}\n`).scenarios[0]!.untilNs;
  assert.equal(end("10s") - end("0s"), 10n * S);
});

test("demands by gravity share out the whole rate", () => {
  const t = topologyOf(`${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\ndemands: {d: {gravity: {srv1: 1, srv2: 3}, rate: 8G}}\n`);
  assert.deepEqual(t.demands?.map(({ rateMbps }) => rateMbps), [4000, 4000]);
});

describe("ports, cables and steps in words", () => {
  test("a port has a colon, a cable two ends", () => {
    assert.deepEqual([splitPort("leaf1:Eth1/1"), splitPort(":Eth1"), splitPort("leaf1:"), splitPort("leaf1")], [["leaf1", "Eth1/1"], ["", "Eth1"], ["leaf1", ""], null]);
    assert.deepEqual([splitLink("a:1 -- b:2"), splitLink("a:1--"), splitLink("--b:2"), splitLink("a -- b -- c"), splitLink("a")], [["a:1", "b:2"], null, null, null, null]);
  });

  test("a step of the command line", () => {
    const index = indexTargets(topologyOf(`${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\n`));
    assert.deepEqual(stepOf(index, "fail", "sw1@3s"), { atNs: 3n * S, op: "fail", target: "sw1", targets: [{ kind: "node", name: "sw1" }], direction: "both", perMillion: 0, where: { line: 1, col: 1, length: 1 } });
    assert.equal(stepOf(index, "loss", "sw1:Eth9=100%@3s").perMillion, 1_000_000);
    for (const share of ["101%", "150%", "-1%", "x%", "5"]) assert.throws(() => stepOf(index, "loss", `sw1:Eth9=${share}@3s`), /is no share from 0% to 100%/, share);
    assert.throws(() => stepOf(index, "fail", "sw3@3s"), /did you mean "sw/);
  });
});

describe("addresses", () => {
  test("hosts have all of a network but its own address and the broadcast; RFC 3021 and RFC 6164 for two alone", () => {
    const range = (text: string): string => hostRange(parsePrefix(text)!.subnet).map(formatIp).join(" ");
    const ranges: [string, string][] = [
      ["10.0.0.0/24", "10.0.0.1 10.0.0.254"], ["10.0.0.4/30", "10.0.0.5 10.0.0.6"], ["10.0.0.4/31", "10.0.0.4 10.0.0.5"], ["10.0.0.4/32", "10.0.0.4 10.0.0.4"],
      ["fd00::/64", "fd00::1 fd00::ffff:ffff:ffff:ffff"], ["fd00::/126", "fd00::1 fd00::3"], ["fd00::/127", "fd00:: fd00::1"],
    ];
    for (const [text, hosts] of ranges) assert.equal(range(text), hosts, text);
  });

  test("the lowest and the highest that there are", () => {
    for (const ip of ["0.0.0.0", "255.255.255.255", "10.1.2.3", "fd00::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]) assert.equal(formatIp(parseIp(ip)!), ip);
    assert.deepEqual(["255.255.255.255", "::1:0:0", "fd00::1"].map((ip) => isIpv6(parseIp(ip)!)), [false, true, true]);
  });

  test("a subnet with host bits is the only mistake of a file with servers in it", () => {
    assert.deepEqual(codes(`${RACK.replace("10.0.10.0/24", "10.0.10.5/24")}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\n`), ["DH_ADDRESS 3:36"]);
  });
});

test("times of a BPDU are in 1/256 s (802.1D-2004 9.3.3)", () => assert.deepEqual([S, 2n * S, S / 256n, S / 257n, 15n * S].map(bpduUnits), [256, 512, 1, 0, 3840]));

describe("what is assumed, and what is not", () => {
  const cables = "links: [sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]\nbonds:\n  srv1:bond0: {to: sw1, members: [eth0, eth1], mode: 802.3ad}\n";
  const whatOf = (t: Topology): string[] => t.assumptions.map(({ what }) => what);

  test("no fallback of LACP is told of, unless some server boots over the network; no virtual NICs without virtual machines", () => {
    assert.deepEqual(whatOf(topologyOf(RACK + cables)).filter((what) => /fallback|virtual/.test(what)), []);
    const booted = topologyOf(`${RACK}  srv4: {kind: server, network: lan, pxe: {}}\n  srv5: {kind: server, network: lan, dhcp: true}\n${cables}  srv4:bond0: {to: sw1, members: [eth0, eth1], mode: 802.3ad}\n  srv5:bond0: {to: sw1, members: [eth0], mode: 802.3ad}\n`);
    assert.deepEqual(whatOf(booted).filter((what) => /LACP fallback/.test(what)), ["switches (standard): LACP fallback"]);
  });

  test("modes that need the MII monitor have it, also when the file says 0 (bond_main.c, bond_check_params)", () => {
    const polls = (mode: string): bigint => named(topologyOf(RACK + cables.replace("802.3ad}", `${mode}, mii-monitor-interval: 0s}`)).lags, "srv1:bond0").miimonNs;
    for (const mode of ["802.3ad", "balance-tlb", "balance-alb"]) assert.equal(polls(mode), S / 10n, mode);
    assert.equal(polls("active-backup"), 0n);
  });

  test("a pair's values are values, not words about them", () => {
    for (const profile of ["nxos-vpc", "eos-mlag", "sonic-mclag", "junos-mclag"]) {
      const [pair] = topologyOf(`${HEAD}nodes: {a1..2: {kind: leaf, profile: ${profile}}}\nmlag: {a: {peers: [a1, a2], peer-link: [Eth1]}}\n`).pairs;
      assert.deepEqual([typeof pair?.splits, typeof pair?.checks, typeof pair?.ownSystem], ["boolean", "boolean", "boolean"], profile);
    }
  });
});

describe("bonds and gateways that cannot be", () => {
  const CASES: [string, string, [code: string, message: RegExp][]][] = [
    ["active-backup against a port-channel", `${RACK}links: [sw1:Eth1 -- srv1:eth0, sw1:Eth2 -- srv1:eth1, sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]\nbonds: {"srv1:bond0": {members: [eth0, eth1], mode: active-backup}}\nlags: {"sw1:Po1": {mode: static, members: [Eth1, Eth2]}}\n`,
      [["DH_LACP_STATIC", /srv1:bond0 is active-backup, but sw1:Po1 bundles its ports/]]],
    ["an ARP monitor that asks nobody", `${RACK}links: [sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]\nbonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1], mode: active-backup, arp-interval: 1s}}\n`, [["DH_MISSING", /the ARP monitor has nobody to ask/]]],
    ["a network boot of a switch", `${HEAD}nodes: {sw: {kind: leaf, pxe: {}}}\n`, [["DH_PXE", /sw is a switch: only a server boots over the network/]]],
    ["a gateway of another network", `dualhome: 1\nnetworks: {lan: {vlan: 10, subnet: 10.0.10.0/24}, dmz: {vlan: 20, subnet: 10.0.20.0/24}}\nnodes: {sw: {kind: leaf}, a: {kind: server, network: lan, gateway: g}}\nlinks: [sw:Eth1 -- a:eth0]\ngateways: {g: {network: dmz, protocol: static, vip: 10.0.20.1/24, routers: {sw: 1}}}\n`,
      [["DH_GATEWAY_OUTSIDE", /gateway g is in network dmz, not in lan/]]],
  ];
  for (const [what, text, found] of CASES) {
    test(what, () => {
      const problems = problemsOf(text);
      assert.deepEqual(problems.map(({ code }) => code), found.map(([code]) => code), problems.map(({ message }) => message).join());
      for (const [i, [, message]] of found.entries()) assert.match(problems[i]!.message, message);
    });
  }

  test("a fallback knows whether some port is named, and which", () => {
    const of = (words: string): unknown => {
      const { fallback } = named(topologyOf(`${RACK}links: [sw1:Eth1 -- srv1:eth0, sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]\nbonds: {"srv1:bond0": {members: [eth0], mode: 802.3ad}}\nlags: {"sw1:Po1": {mode: lacp-active, members: [Eth1], lacp-fallback: {mode: static${words}}}}\n`).lags, "sw1:Po1");
      return [fallback?.named, fallback?.port];
    };
    assert.deepEqual([of(""), of(", port: Eth1")], [[false, null], [true, "Eth1"]]);
  });

  test("a vendor without a fallback says so, and another which it has", () => {
    const help = (profile: string, mode: string): string | null | undefined => problemsOf(`${RACK.replace("sw1..2: {kind: leaf}", `sw1..2: {kind: leaf, profile: ${profile}}`)}links: [sw1:Eth1 -- srv1:eth0, sw1:Eth9 -- srv2:eth0, sw1:Eth8 -- srv3:eth0]
bonds: {"srv1:bond0": {members: [eth0], mode: 802.3ad}}
lags: {"sw1:Po1": {mode: lacp-active, members: [Eth1], lacp-fallback: {mode: ${mode}}}}
`).find(({ code }) => code === "DH_FALLBACK")?.help;
    assert.deepEqual([help("linux", "bypass"), help("eos-mlag", "bypass"), help("eos-mlag", "static")], ["it has none", "it has static, individual", undefined]);
  });
});

test("a scenario has expectations when its steps have some, and only then", () => {
  const of = (expect: string): unknown => topologyOf(`${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\nflows: {f: {from: srv1, to: srv2}}\nscenarios: {s: [{at: 1s, fail: sw2${expect}}]}\n`).scenarios[0]!;
  assert.equal("expectations" in (of("") as object), false);
  assert.equal((of(", expect: {up: f}") as { expectations: unknown[] }).expectations.length, 1);
});

test("members of a quorum speak with each other, once a pair and not with themselves", () => {
  const { flows } = topologyOf(`${RACK}links: [sw1:Eth9 -- srv1:eth0, sw1:Eth8 -- srv2:eth0, sw1:Eth7 -- srv3:eth0]\napplications: {q: {kind: quorum, members: [srv1, srv2, srv3], clients: [srv1]}}\n`);
  assert.ok(flows.length > 0);
  assert.ok(flows.every(({ from, to }) => from !== to));
  assert.equal(new Set(flows.map(({ name }) => name)).size, flows.length);
});

test("the page of all keys says what bounds a number has; the largest whole number that there is bounds nothing", () => {
  const number = (more: object): SchemaNode => ({ type: "integer", ...more });
  const page = topologyReference({ properties: {
    least: number({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), most: number({ maximum: 5 }), both: number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 1 }), any: number({}),
  } });
  assert.deepEqual([...page.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, kind]) => `${name}: ${kind}`), ["least: integer from 1", "most: integer to 5", `both: integer from 0 to ${Number.MAX_SAFE_INTEGER - 1}`, "any: integer"]);
});

test("help is cyan, the place bold, the mistake red, each to its end (ECMA-48 8.3.117)", () => {
  const text = "dualhome: 1\nnodes: {a: {kind: leef}}\n";
  const shown = formatProblems(problemsOf(text), text, { color: true });
  assert.equal(shown, '\x1b[1mt.dh.yaml:2:19:\x1b[22m \x1b[31merror DH_VALUE:\x1b[39m nodes.a.kind: "leef" is not one of server, leaf, tor, spine, core, l2switch, router, hypervisor\n  nodes: {a: {kind: leef}}\n\x1b[31m                    ^^^^\x1b[39m\n  \x1b[36mhelp:\x1b[39m did you mean "leaf"?\n');
});
