// Every kind of mistake, at its exact place. ▸ marks the place and is not part of the text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatProblems, parseTopology, type Problem } from "../../../bindings/topology/index.ts";

const BASE = `dualhome: 1
name: base
sites: {fra: {}}
networks:
  web: {vlan: 10, subnet: 10.1.10.0/24, site: fra}
  db: {vlan: 20, subnet: 10.1.20.0/29}
nodes:
  leaf1..2: {kind: leaf, site: fra}
  sw1: {kind: l2switch}
  srv1..2: {kind: server, network: web}
  srv3: {kind: server, network: db}
links:
  - leaf1:Eth40 -- srv3:eth0
  - {endpoints: ["sw1:Eth40", "leaf1:Eth41"], speed: 10G}
mlag:
  pair1: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54]}
bonds:
  srv1..2:bond0: {to: pair1, members: [eth0, eth1]}
gateways:
  vlan10: {protocol: vrrp, vrid: 10, vip: 10.1.10.1/24, routers: {leaf1: 110, leaf2: 100}}
flows:
  a: {from: srv1, to: srv2}
scenarios:
  default: {until: 60s, steps: [{at: 10s, fail: leaf1}]}
`;

/** The base with one part replaced. */
function mutate(from: string, to: string): string {
  assert.ok(BASE.includes(from), `the base has no ${from}`);
  return BASE.replace(from, () => to);
}

/** The base with a hypervisor, its virtual machines and another step. */
function withVm(vms: string, step: string): string {
  return mutate("  sw1: {kind: l2switch}", "  sw1: {kind: l2switch}\n  hv1: {kind: hypervisor}")
    .replace("bonds:\n", `vms:\n  ${vms}\nbonds:\n  hv1:bond0: {to: sw1, members: [eth0, eth1]}\n`).replace("{at: 10s, fail: leaf1}", step);
}

/** [code, a text with ▸ at each place where that code is expected] */
const CASES: [string, string][] = [
  ["DH_YAML", mutate("sites: {fra: {}}", "sites: {fra: {}}▸}")],
  ["DH_YAML", mutate("name: base", "name: ▸*nobody")],
  ["DH_CONTROL", mutate("name: base", 'name: ▸"ba\\e[31mse"')],
  ["DH_CONTROL", mutate("name: base", "name: ▸ba\u202ese")],
  ["DH_YAML", "dualhome: 1\nname: cut-off\nnodes:\n  leaf1: {kind: lea▸f\n\n  # and nothing else\n\n"],
  ["DH_YAML", "dualhome: 1\nnodes: [leaf1▸,\n\n"],
  ["DH_YAML", "dualhome: 1\nnodes: [leaf1▸,\n# later"],
  ["DH_YAML", `${BASE}▸---\ndualhome: 1\n`],
  ["DH_YAML", `${BASE}...\n▸dualhome: 1\n`],
  ["DH_NOT_TOPOLOGY", "▸# A design\n\nIn words: [more](of.md)\n"],
  ["DH_VERSION", mutate("dualhome: 1", "dualhome: ▸2")],
  ["DH_VERSION", `▸${mutate("dualhome: 1\n", "")}`],
  ["DH_TYPE", "▸just words"],
  ["DH_TYPE", mutate("name: base", "name: ▸[base]")],
  ["DH_TYPE", mutate("{from: srv1, to: srv2}", "▸srv1")],
  ["DH_CARD", mutate("srv3: {kind: server, network: db}", "srv3: {kind: server, network: db, cards: {nic0: [eth0], ▸nic1: [eth0]}}")],
  ["DH_UNKNOWN_PORT", mutate("srv3: {kind: server, network: db}", "srv3: {kind: server, network: db, cards: {▸nic0: [eth0, eth7]}}")],
  ["DH_FAILURES", `${BASE}failures:\n  names: {▸"leef*": {mtbf: 2y}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  feeds: {▸a: {mtbf: 6y}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  maintenance: {round: {nodes: leaf1..2, every: 1h, length: ▸30m}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  kinds: {link: {mttr: ▸0s}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  groups: {▸room: {mtbf: 20y, mttr: 4h}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  kinds: {link: {mttr: 2h, ▸time-to-repair: {trace: [1h, 3h]}}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  common-cause: {shared: {alone: {nodes: ▸srv1, beta: 5}}}\n`],
  ["DH_FAILURES", `${BASE}failures:\n  groups: {room: {nodes: [leaf1, ▸"leef*"], mtbf: 20y, mttr: 4h}}\n`],
  ["DH_MISSING", `${BASE}failures:\n  kinds: {▸card: {mtbf: 20y}}\n`],
  ["DH_MISSING", `${BASE}failures:\n  groups: {▸room: {nodes: leaf1, mttr: 4h}}\n`],
  ["DH_DURATION", `${BASE}failures:\n  kinds: {link: {mtbf: ▸150}}\n`],
  ["DH_UNKNOWN_KEY", `${BASE}failures:\n  kinds: {▸lnk: {mtbf: 150y}}\n`],
  ["DH_MISSING", mutate("sw1: {kind: l2switch}", "▸sw1: {}")],
  ["DH_MISSING", mutate("vlan10: {protocol: vrrp, vrid: 10,", "▸vlan10: {protocol: vrrp,")],
  ["DH_UNKNOWN_KEY", mutate("name: base", "name: base\n▸nod: {}")],
  ["DH_UNKNOWN_KEY", mutate("members: [eth0, eth1]", "members: [eth0, eth1], ▸lacp_rate: fast")],
  ["DH_UNKNOWN_KEY", mutate("speed: 10G}", "speed: 10G, ▸dellay: 1ms}")],
  ["DH_UNKNOWN_KEY", mutate("sw1: {kind: l2switch}", "sw1: {kind: l2switch, ▸network: web}")],
  ["DH_VALUE", mutate("kind: l2switch", "kind: ▸l3switch")],
  ["DH_VALUE", mutate("vlan: 10,", "vlan: ▸4095,")],
  ["DH_DURATION", mutate("at: 10s", "at: ▸10")],
  ["DH_DURATION", mutate("until: 60s", "until: ▸60sec")],
  ["DH_DURATION", mutate("until: 60s", "until: ▸999999d")],
  ["DH_SPEED", mutate("speed: 10G", "speed: ▸10")],
  ["DH_RANGE", mutate("srv3: {kind", "srv3: {kind: server, network: db}\n  ▸x9..1: {kind")],
  ["DH_RANGE", mutate("a: {from: srv1, to: srv2}", "a: {from: srv1, to: ▸srv1..9999999}")],
  ["DH_NAME", mutate("sw1: {kind: l2switch}", "▸sw/1: {kind: l2switch}\n  sw1: {kind: l2switch}")],
  ["DH_NAME", mutate("bonds:", "bonds:\n  ▸bond7: {members: eth0}")],
  ["DH_DUPLICATE_NAME", mutate("name: base", "name: base\n▸name: again")],
  ["DH_DUPLICATE_NAME", mutate("srv3: {kind: server, network: db}", "srv3: {kind: server, network: db}\n  ▸srv2..3: {kind: server, network: db}")],
  ["DH_DUPLICATE_NAME", mutate("vlan: 20", "vlan: ▸10")],
  ["DH_UNKNOWN_NODE", mutate("leaf1:Eth40 -- srv3:eth0", "leaf1:Eth40 -- srv3:eth0\n  - leaf1:Eth42 -- ▸leav1:Eth1")],
  ["DH_UNKNOWN_NODE", mutate("to: pair1", "to: ▸pair2")],
  ["DH_UNKNOWN_NODE", mutate("to: srv2}", "to: ▸srv22}")],
  ["DH_UNKNOWN_NODE", mutate("bonds:", "bonds:\n  ▸serv1:bond0: {to: pair1, members: eth0}")],
  ["DH_UNKNOWN_SITE", mutate("site: fra}\n  sw1", "site: ▸fraa}\n  sw1")],
  ["DH_UNKNOWN_NETWORK", mutate("network: db}", "network: ▸bd}")],
  ["DH_UNKNOWN_NETWORK", mutate("  vlan10:", "  ▸vlan11:")],
  ["DH_UNKNOWN_PAIR", mutate("bonds:", "lags:\n  sw1:Po1: {members: Eth40, mode: static, mlag: ▸pair3}\nbonds:")],
  ["DH_UNKNOWN_PORT", mutate("  srv1..2:bond0: {to: pair1,", "  ▸srv3:bond7: {members: [eth7]}\n  srv1..2:bond0: {to: pair1,")],
  ["DH_UNKNOWN_PORT", mutate("members: [eth0, eth1]", "members: [eth0, eth1], primary: ▸eth2")],
  ["DH_PORT_TWICE", mutate("leaf1:Eth40 -- srv3:eth0", "leaf1:Eth40 -- srv3:eth0\n  - ▸leaf1:Eth40 -- sw1:Eth7")],
  ["DH_PORT_TWICE", mutate("members: [eth0, eth1]", "members: [eth0, ▸eth0]")],
  ["DH_PORT_TWICE", mutate("  srv1..2:bond0", "  srv3:bond0: {to: leaf1, members: [▸eth0, eth1]}\n  srv1..2:bond0")],
  ["DH_LINK", mutate("peer-link: [", "keepalive: ▸{via: link}, peer-link: [")],
  ["DH_LINK", mutate("leaf1:Eth40 -- srv3:eth0", "leaf1:Eth40 -- srv3:eth0\n  - ▸leaf1 leaf2")],
  ["DH_LINK", mutate("  - {endpoints", "  - ▸{delay: 1ms}\n  - {endpoints")],
  ["DH_LAG", mutate("bonds:", "bonds:\n  ▸leaf1:bond0: {to: sw1, members: [Eth1]}")],
  ["DH_LAG", mutate("bonds:", "lags:\n  ▸srv3:Po1: {members: eth0, mode: static}\nbonds:")],
  ["DH_DUPLICATE_NAME", mutate("  srv1..2:bond0: {to: pair1, members: [eth0, eth1]}", "  srv1..2:bond0: {to: pair1, members: [eth0, eth1]}\n  ▸srv2:bond0: {to: pair1, members: [eth2, eth3]}")],
  ["DH_LAG_SPLIT", mutate("to: pair1", "to: ▸[leaf1, sw1]")],
  ["DH_LAG_SPEED", mutate("  srv1..2:bond0", "  ▸srv3:bond0: {members: [eth0, eth1]}\n  srv1..2:bond0").replace("links:\n", "links:\n  - {endpoints: [\"leaf1:Eth39\", \"srv3:eth1\"], speed: 40G}\n")],
  ["DH_LACP_PASSIVE", mutate("mlag:", "lags:\n  ▸leaf1:Po9: {members: Eth41, mode: lacp-passive}\n  sw1:Po9: {members: Eth40, mode: lacp-passive}\nmlag:")],
  ["DH_LACP_STATIC", mutate("mlag:", "lags:\n  leaf1:Po9: {members: Eth41, mode: static}\n  ▸sw1:Po9: {members: Eth40, mode: lacp-active}\nmlag:")],
  ["DH_LACP_STATIC", mutate("mlag:", "lags:\n  ▸leaf1:Po9: {members: Eth41, mode: static}\nmlag:")],
  ["DH_PXE", mutate("srv3: {kind: server, network: db}", "srv3: {kind: server, network: db, ▸pxe: {post: 10s}}")],
  ["DH_FALLBACK", mutate("leaf, site: fra}", "leaf, site: fra, profile: eos-mlag}").replace("members: [eth0, eth1]}", "members: [eth0, eth1], lacp-fallback: {mode: ▸edge-port}}")],
  ["DH_PAIR", mutate("peers: [leaf1, leaf2]", "peers: [leaf1, ▸srv3]")],
  ["DH_PAIR", mutate("peers: [leaf1, leaf2]", "peers: ▸[leaf1]")],
  ["DH_PAIR_DOMAIN", mutate("  pair1: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54]}", "  pair1: {peers: [leaf1, leaf2], domain: 5, peer-link: [Eth53, Eth54]}\n  ▸pair2: {peers: [tor1, tor2], domain: 5, peer-link: [Eth53]}")
    .replace("  sw1: {kind: l2switch}\n", "  sw1: {kind: l2switch}\n  tor1..2: {kind: tor}\n").replace("links:\n", "links:\n  - leaf1:Eth30 -- tor1:Eth30\n  - leaf2:Eth30 -- tor2:Eth30\n")
    .replace("bonds:\n", "lags:\n  leaf1..2:Po9: {members: [Eth30], mode: lacp-active, mlag: pair1, mlag-id: 9}\n  tor1..2:Po9: {members: [Eth30], mode: lacp-active, mlag: pair2, mlag-id: 9}\nbonds:\n")],
  ["DH_PEER_LINK_MISSING", mutate("  pair1: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54]}", "  ▸pair1: {peers: [leaf1, leaf2]}")],
  ["DH_PEER_LINK_MISSING", mutate("peer-link: [Eth53, Eth54]", "peer-link: [▸Eth41, Eth54]")],
  ["DH_ADDRESS", mutate("10.1.10.0/24", "▸10.1.10.1/24")],
  ["DH_ADDRESS", mutate("srv3: {kind: server, network: db}", "srv3: {kind: server, network: db, address: ▸10.1.20}")],
  ["DH_ADDRESS_OUTSIDE", mutate("network: db}", "network: db, address: ▸10.1.21.2}")],
  ["DH_ADDRESS_OUTSIDE", mutate("leaf2: 100}", "leaf2: {priority: 100, address: ▸10.1.10.255}}")],
  ["DH_ADDRESS_TWICE", mutate("network: web}", "network: web, address: ▸10.1.10.1}")],
  ["DH_SUBNET_FULL", mutate("10.1.20.0/29", "10.1.20.0/30").replace("srv3: {kind: server, network: db}", "▸srv3..5: {kind: server, network: db}").replace("links:\n", "links:\n  - leaf1:Eth38 -- srv4:eth0\n  - leaf1:Eth37 -- srv5:eth0\n")],
  ["DH_SUBNET_OVERLAP", mutate("10.1.20.0/29", "▸10.1.10.64/29")],
  ["DH_SERVER_NETWORK", mutate("  srv3: {kind: server, network: db}", "  ▸srv3: {kind: server}")],
  ["DH_SERVER_CABLE", mutate("  srv3: {kind", "  ▸srv4: {kind: server, network: db}\n  srv3: {kind")],
  ["DH_GATEWAY", mutate("{leaf1: 110, leaf2: 100}", "{leaf1: 110, ▸sw1: 100}")],
  ["DH_GATEWAY", mutate("{leaf1: 110,", '{leaf1: {priority: 110, track: [{link: ▸"leaf1:Eth40 -- leaf2:Eth40"}]},')],
  ["DH_GATEWAY", mutate("{leaf1: 110,", '{leaf1: {priority: 110, track: [{link: ▸"sw1:Eth40"}]},')],
  ["DH_GATEWAY", mutate("protocol: vrrp, vrid: 10, vip: 10.1.10.1/24, routers: {", "protocol: static, vip: 10.1.10.1/24, routers: ▸{")],
  ["DH_GATEWAY", mutate("protocol: vrrp, vrid: 10,", "protocol: vrrp, version: 3, implementation: ▸rfc3768, vrid: 10,")],
  ["DH_GATEWAY_OUTSIDE", mutate("10.1.10.1/24", "▸10.1.11.1/24")],
  ["DH_GATEWAY_OUTSIDE", mutate("network: db}", "network: db, gateway: ▸10.1.10.1}")],
  ["DH_VRID_CLASH", mutate("flows:", "  other: {network: web, protocol: vrrp, vrid: ▸10, vip: 10.1.10.9, routers: {leaf1: 90, leaf2: 120}}\nflows:")],
  ["DH_PRIORITY", mutate("leaf1: 110", "leaf1: ▸256")],
  ["DH_PRIORITY", mutate("peer-link: [", "role-priority: {leaf1: ▸0}, peer-link: [")],
  ["DH_FLOW", mutate("to: srv2}", "to: ▸leaf1}")],
  ["DH_FLOW", mutate("  a: {from: srv1,", "  b: {from: srv3, to: srv1}\n  ▸a: {from: srv2,")],
  ["DH_FLOW", mutate("flows:", "services:\n  erp: {clients: ▸srv2, servers: srv1, standby: {servers: srv2}}\nflows:")],
  ["DH_DEMAND", mutate("flows:", "demands:\n  web: ▸{from: srv1, to: srv2}\nflows:")],
  ["DH_DEMAND", mutate("flows:", "demands:\n  ▸web: {from: srv1, to: srv1, rate: 1G}\nflows:")],
  ["DH_SERVICE", mutate("flows:", "services:\n  erp: {clients: srv3, servers: srv1, ▸standby: {servers: srv1}}\nflows:")],
  ["DH_STEP", mutate("{at: 10s, fail: leaf1}", "▸{at: 10s}")],
  ["DH_STEP", mutate("{at: 10s, fail: leaf1}", "▸{at: 10s, fail: leaf1, hang: leaf2}")],
  ["DH_TARGET", mutate("fail: leaf1}", "fail: ▸leaf7}")],
  ["DH_TARGET_OP", mutate("fail: leaf1}", "hang: ▸srv3:eth0}")],
  ["DH_STEP", mutate("fail: leaf1}", 'slow: "leaf1:Eth40", delay: ▸11s}')],
  ["DH_MISSING", mutate("{at: 10s, fail: leaf1}", '▸{at: 10s, slow: "leaf1:Eth40"}')],
  ["DH_EXPECT", mutate("fail: leaf1}", "fail: leaf1, expect: {up: ▸b}}")],
  ["DH_EXPECT", mutate("fail: leaf1}", "fail: leaf1, expect: {active: {▸gateway/vlan11: leaf2}}}")],
  ["DH_EXPECT", mutate("fail: leaf1}", "fail: leaf1, expect: [▸{within: 2s}]}")],
  ["DH_UNKNOWN_HYPERVISOR", withVm("vm1: {on: hv1, network: db, address: 10.1.20.5}\n  vm2: {on: [hv1, ▸hv2], network: db, address: 10.1.20.6}", "{at: 10s, fail: leaf1}")],
  ["DH_UNKNOWN_HYPERVISOR", withVm("vm1: {on: ▸sw1, network: db}", "{at: 10s, fail: leaf1}")],
  ["DH_DUPLICATE_NAME", withVm("vm1: {on: hv1, network: web}\n  ▸vm0..1: {on: hv1, network: web}", "{at: 10s, fail: leaf1}")],
  ["DH_UNKNOWN_VM", withVm("vm1: {on: hv1, network: web}", "{at: 10s, migrate: ▸vm2, to: hv1}")],
  ["DH_MIGRATE", withVm("vm1: {on: hv1, network: web}", "{at: 10s, migrate: vm1, to: ▸leaf1}")],
  ["DH_MIGRATE", withVm("vm1: {on: hv1, network: web}", "{at: 10s, migrate: ▸vm1, to: hv1}")],
  ["DH_STEP", withVm("vm1: {on: hv1, network: web}", "{at: 10s, fail: leaf1, ▸pause: 1s}")],
  ["DH_MISSING", withVm("vm1: {on: hv1, network: web}", "▸{at: 10s, migrate: vm1}")],
  ["DH_STEP_AFTER_UNTIL", mutate("at: 10s", "at: ▸61s")],
];

for (const [code, marked] of CASES) {
  const place = `${marked.slice(0, marked.indexOf("▸")).split("\n").at(-1)}▸`.trim();
  test(`${code} at ${place}`, () => {
    const found = problemsOf(marked.replaceAll("▸", ""));
    const at = found.map((problem) => `${problem.code} ${problem.where.line}:${problem.where.col}`);
    assert.deepEqual(at, [`${code} ${placeOf(marked)}`], found.map((problem) => problem.message).join("\n"));
  });
}

test("every code of the documentation has a test, and every tested code is documented", () => {
  const doc = readFileSync(new URL("../../../docs/topology-file.md", import.meta.url), "utf8");
  const documented = new Set([...doc.matchAll(/^\| `(DH_\w+)`/gm)].map((match) => match[1]));
  const tested = new Set([...CASES.map(([code]) => code), "DH_FILE_SIZE", "DH_ALIAS_BOMB"]);
  assert.deepEqual([...documented].sort(), [...tested].sort());
});

// VLAN 10 and VRID 5 at two sites. What joins them is put in by each case.
const TWO_SITES = (nodes: string, links: string, more = ""): string => `dualhome: 1
sites: {one: {}, two: {}}
networks: {a: {vlan: 10, subnet: 10.1.10.0/24, site: one}, b: {vlan: 10, subnet: 10.2.10.0/24, site: two}, wan: {vlan: 30, subnet: 10.3.30.0/24}}
nodes: {r1..2: {kind: leaf, site: one}, r3..4: {kind: leaf, site: two}, s1: {kind: server, network: a}, s2: {kind: server, network: b}${nodes}}
links: [{endpoints: ["r1:Eth9", "r2:Eth9"], networks: a}, {endpoints: ["r3:Eth9", "r4:Eth9"], networks: b}, r1:Eth1 -- s1:eth0, r3:Eth1 -- s2:eth0${links}]
gateways:
  ga: {network: a, protocol: vrrp, vrid: 5, vip: 10.1.10.1, routers: {r1: 110, r2: 100}}
  gb: {network: b, protocol: vrrp, vrid: 5, vip: 10.2.10.1, routers: {r3: 110, r4: 100}}${more}
`;
for (const [what, text, expected] of [
  ["two sites without a cable between them", TWO_SITES("", ""), []],
  ["sites joined by a routed cable", TWO_SITES("", ", r2:Eth50 -- r3:Eth50"), []],
  ["sites joined by a cable that carries another VLAN", TWO_SITES("", ', {endpoints: ["r2:Eth50", "r3:Eth50"], networks: wan}'), []],
  ["a server with a cable to each, which bridges nothing", TWO_SITES(", s3: {kind: server}", "", '\nbonds: {"s3:bond0": {to: r1, members: eth0, mode: active-backup, network: a}, "s3:bond1": {to: r3, members: eth1, mode: active-backup, network: b}}'), []],
  ["a cable that carries the VLAN", TWO_SITES("", ', {endpoints: ["r2:Eth50", "r3:Eth50"], networks: a}'), ["DH_VRID_CLASH 8:42: VRID 5 in VLAN 10 is already that of gateway ga"]],
  ["the VLAN through a switch between them", TWO_SITES(", x: {kind: l2switch}", ', {endpoints: ["r2:Eth50", "x:Eth1"], networks: a}, {endpoints: ["x:Eth2", "r4:Eth50"], networks: b}'), ["DH_VRID_CLASH 8:42: VRID 5 in VLAN 10 is already that of gateway ga"]],
] as const) {
  test(`one VLAN id and VRID twice: ${what}`, () => {
    assert.deepEqual(problemsOf(text).map((p) => `${p.code} ${p.where.line}:${p.where.col}: ${p.message}`), expected);
  });
}

test("the base has no problem", () => assert.deepEqual(problemsOf(BASE), []));

test("many mistakes in one pass, each once", () => {
  const file = new URL("./fixtures/many-mistakes.dh.yaml", import.meta.url);
  const text = readFileSync(file, "utf8");
  const found = problemsOf(text, "many-mistakes.dh.yaml");
  const expected = readFileSync(fileURLToPath(new URL("./fixtures/many-mistakes.txt", import.meta.url)), "utf8");
  assert.equal(formatProblems(found, text, { color: false }), expected);
});

test("mistakes of shape do not shift the places of what follows them", () => {
  const text = BASE.replace("  - leaf1:Eth40", "  - {endpoints: [leaf1]}\n  - 7\n  - leaf1:Eth40").replace("leaf1:Eth41\"", "leaf9:Eth41\"");
  const at = problemsOf(text).map((problem) => `${problem.code} ${problem.where.line}`);
  assert.deepEqual(at, ["DH_VALUE 13", "DH_TYPE 14", "DH_UNKNOWN_NODE 16"]);
});

test("a mistake hides no other, and makes none", () => {
  const codes = (text: string) => problemsOf(text).map((problem) => `${problem.code} ${problem.where.line}`);
  assert.deepEqual(codes(mutate("srv3: {kind: server, network: db}", "srv3: {kind: servr, network: bd, address: 10.1.20.3}")), ["DH_VALUE 11", "DH_UNKNOWN_NETWORK 11"]);
  assert.deepEqual(codes(mutate("vrid: 10,", "vrid: 300,")), ["DH_VALUE 20"]);
  assert.deepEqual(codes(mutate("leaf1:Eth40 -- srv3", "leaf9:Eth40 -- srv3")), ["DH_UNKNOWN_NODE 13"]);
  assert.deepEqual(codes(mutate("  - leaf1:Eth40 -- srv3:eth0\n", "").replace("network: db}", "network: db, address: 10.9.9.9}")), ["DH_SERVER_CABLE 11", "DH_ADDRESS_OUTSIDE 11"]);
});

test("what is in quotes and should not be is one mistake, and hides none behind it", () => {
  const quoted = mutate("{leaf1: 110,", '{leaf1: {priority: 110, track: [{uplinks: "true"}]},').replace("to: srv2}", "to: srv8}");
  const at = (text: string) => problemsOf(text).map((problem) => `${problem.code} ${problem.where.line}`);
  assert.deepEqual(at(quoted), ["DH_VALUE 20", "DH_UNKNOWN_NODE 22"]);
  assert.deepEqual(at(quoted.replace('"true"', '"true", port: Eth99')), ["DH_VALUE 20", "DH_GATEWAY 20", "DH_UNKNOWN_NODE 22"]); // nor one beside it
});

test("of what may be written in several shapes, a mistake is told of the shape that was written", () => {
  const told = (router: string) => problemsOf(mutate("leaf1: 110", `leaf1: ${router}`)).map((problem) => `${problem.code} ${problem.where.col} ${problem.message}`);
  assert.deepEqual(told("{priority: 110, preempt: maybe}"), ["DH_TYPE 99 gateways.vlan10.routers.leaf1.preempt: true or false is wanted here"]);
  assert.deepEqual(told("{priorty: 110}"), ['DH_UNKNOWN_KEY 75 unknown key "priorty" in gateways.vlan10.routers.leaf1']);
  assert.deepEqual(told("{priority: 300}"), ["DH_PRIORITY 85 gateways.vlan10.routers.leaf1.priority: must be 1 to 255"]);
  assert.deepEqual(told("high").map((text) => text.slice(0, 14)), ["DH_PRIORITY 74"]);
});

test("DH_ALIAS_BOMB: a billion laughs are refused at once", () => {
  const rows = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [i, name] of [..."bcdefghijk"].entries()) {
    const before = `*${"abcdefghijk"[i]}`;
    rows.push(`${name}: &${name} [${Array(9).fill(before).join(", ")}]`);
  }
  const begun = performance.now();
  const [problem, ...more] = problemsOf(`dualhome: 1\n${rows.join("\n")}\n`);
  assert.equal(problem?.code, "DH_ALIAS_BOMB");
  assert.deepEqual(problem?.where, { line: 3, col: 8, length: 2 });
  assert.equal(more.length, 0);
  assert.ok(performance.now() - begun < 2000);
});

test("a circle of aliases is a problem, not an endless loop", () => {
  const found = problemsOf("dualhome: 1\nnodes: &n {a: *n}\n");
  assert.ok(found.length > 0);
});

test("DH_FILE_SIZE: more than 64 MiB is not read", () => {
  const found = problemsOf(`# ${"x".repeat(64 * 1024 * 1024)}`);
  assert.deepEqual(found.map((problem) => problem.code), ["DH_FILE_SIZE"]);
});

test("a file that nests without end, or makes parts without end, is refused", () => {
  const [deep] = problemsOf(`dualhome: 1\nnodes: ${"[".repeat(20_000)}`);
  assert.deepEqual([deep?.code, deep?.message], ["DH_YAML", "nested too deeply"]);
  const nodes = ["a", "b"].map((name) => `  ${name}1..5000: {kind: spine}\n`).join("");
  const mesh = problemsOf(`dualhome: 1\nnodes:\n${nodes}links:\n  - mesh: {from: a1..5000, to: b1..5000}\n`);
  assert.deepEqual(mesh.map((problem) => `${problem.code} ${problem.where.line}:${problem.where.col}`), ["DH_RANGE 6:11"]);
});

test("colours are there when asked for, and only then", () => {
  const text = BASE.replace("kind: l2switch", "kind: l2swich");
  const found = problemsOf(text);
  assert.match(formatProblems(found, text, { color: true }), /\x1b\[/);
  assert.doesNotMatch(formatProblems(found, text, { color: false }), /\x1b\[/);
  assert.match(formatProblems(found, text, { color: false }), /\n {2}.*kind: l2swich\}\n {16}\^{7}\n {2}help: did you mean "l2switch"\?\n/);
});

function problemsOf(text: string, name = "t.dh.yaml"): Problem[] {
  const result = parseTopology(text, name);
  return "problems" in result ? result.problems : [];
}

function placeOf(marked: string): string {
  const before = marked.slice(0, marked.indexOf("▸")).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}
