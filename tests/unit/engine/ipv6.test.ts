// IPv6: addresses as texts, numbers and handles; what a file may say; a gateway that fails over.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as abi from "../../../assembly/abi.ts";
import { AddressTable } from "../../../bindings/engine/addresses.ts";
import { contains, formatIp, hostRange, isLinkLocal, linkLocalOf, parseIp, parsePrefix } from "../../../bindings/topology/ip.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { disagreements } from "../../support/probes.ts";
import { s, scenario, simulate, topologyOf } from "../../support/topologies.ts";

/** The platform's own reading: WHATWG URL writes IPv6 as RFC 5952 does, but for IPv4-mapped ones. */
const canonical = (text: string): string => new URL(`http://[${text}]/`).hostname.slice(1, -1);

describe("addresses as texts", () => {
  test("RFC 5952 section 4", () => {
    for (const [text, short] of [
      ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], ["2001:0DB8::0001", "2001:db8::1"], ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], ["FE80::", "fe80::"], ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ] as const) assert.equal(formatIp(parseIp(text)!), short);
  });
  test("what is none", () => {
    for (const text of ["", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::", "::1", "1:2:3:4:5:6:7:8::", "fd00::1%eth0", "fd00::1.2.3.4"]) assert.equal(parseIp(text), null, text);
  });
  test("as the platform writes them, and back", () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 7, maxLength: 7 }), (rest) => {
      const text = ["fd00", ...rest.map((group) => group.toString(16))].join(":");
      const ip = parseIp(text)!;
      assert.equal(formatIp(ip), canonical(text));
      assert.equal(parseIp(formatIp(ip)), ip);
    }));
  });
  test("subnets", () => {
    const { subnet } = parsePrefix("fd00:10::/64")!;
    assert.ok(contains(subnet, parseIp("fd00:10::ffff:ffff:ffff:ffff")!) && !contains(subnet, parseIp("fd00:10:0:1::")!) && !contains(subnet, parseIp("10.0.0.1")!));
    assert.deepEqual(hostRange(subnet).map(formatIp), ["fd00:10::1", "fd00:10::ffff:ffff:ffff:ffff"]);
    assert.deepEqual(hostRange(parsePrefix("fd00:10::/127")!.subnet).map(formatIp), ["fd00:10::", "fd00:10::1"]);
    for (const text of ["fd00::/129", "fd00::", "10.0.0.0/33", "fd00::/6/4"]) assert.equal(parsePrefix(text), null, text);
  });
  test("RFC 4291 appendix A: the link-local address of a MAC address", () => {
    assert.equal(formatIp(linkLocalOf(0x0200_0000_0101n)), "fe80::ff:fe00:101"); // as a recorded router logged it
    assert.equal(formatIp(linkLocalOf(0x0000_5e00_020an)), "fe80::200:5eff:fe00:20a");
    assert.ok(isLinkLocal(linkLocalOf(1n)) && !isLinkLocal(parseIp("fec0::1")!));
  });
});

const file = (gateway = 'protocol: vrrp, vrid: 10, vip: "fd00:10::1"', rest = "", hosts = "h1: {kind: server, network: a}", more = ""): string => `dualhome: 1
defaults: {link: {loss-detect: 10ms}, switch: {boot: 5s}}
networks: {a: {vlan: 10, subnet: "fd00:10::/64"}, b: {vlan: 20, subnet: "fd00:20::/64"}, four: {vlan: 30, subnet: 10.30.0.0/24}}
nodes:
  r1..2: {kind: router}
  sw: {kind: l2switch}
  ${hosts}
  h2: {kind: server, network: b}
  h4: {kind: server, network: four}
links:
  - {endpoints: ["r1:Eth1", "sw:Eth1"], networks: [a, b, four]}
  - {endpoints: ["r2:Eth1", "sw:Eth2"], networks: [a, b, four]}
  - h1:eth0 -- sw:Eth3
  - h2:eth0 -- sw:Eth4
  - h4:eth0 -- sw:Eth5
gateways:
  a: {${gateway}, routers: {r1: 110, r2: 100}}
  b: {protocol: vrrp, vrid: 20, vip: "fd00:20::1", routers: {r1: 110, r2: 100}}
${more}
flows: {f: {from: h1, to: h2}}
${rest}`;

describe("the address table", () => {
  const topology = topologyOf(file());
  const mac = 0x0200_0000_1000n;
  const table = new AddressTable(topology, [mac, mac + 0x1000n]);
  test("every address of a subnet is in its aligned block, in the order of the addresses", () => {
    const { base, length } = table.subnet("fd00:10::2", 64);
    const mask = (0xffffffff << (32 - length)) >>> 0;
    const own = ["fd00:10::1", "fd00:10::2", "fd00:10::3", "fd00:10::b"].map((ip) => table.engine(ip));
    for (const handle of own) assert.equal((handle & mask) >>> 0, base);
    assert.deepEqual([...own].sort((a, b) => a - b), own);
    assert.notEqual((table.engine("fd00:20::1") & mask) >>> 0, base);
  });
  test("link-local addresses keep their order: the higher one wins among equal priorities", () => assert.ok(table.handle(linkLocalOf(mac)) < table.handle(linkLocalOf(mac + 0x1000n))));
  test("IPv4 is its own number; what is not of the run has no handle", () => {
    assert.equal(table.engine("10.30.0.1"), 0x0a1e0001);
    assert.throws(() => table.engine("fd00:10::77"), /not known/);
  });
});

describe("what a file may say", () => {
  const problems = (text: string): string[] => {
    const parsed = parseTopology(text, "six.dh.yaml");
    return "problems" in parsed ? parsed.problems.map((p) => `${p.code}: ${p.message}`) : [];
  };
  test("a file without a mistake", () => assert.deepEqual(problems(file()), []));
  test("the first virtual address is link-local: the file's, or that of the virtual MAC", () => {
    const vips = (vip: string): string[] => topologyOf(file(`protocol: vrrp, vrid: 10, vip: ${vip}`)).vrrps[0]!.vips;
    assert.deepEqual(vips('"fd00:10::1/64"'), ["fe80::200:5eff:fe00:20a", "fd00:10::1"]);
    assert.deepEqual(vips('["fd00:10::1", "fe80::fe"]'), ["fe80::fe", "fd00:10::1"]);
    assert.equal(topologyOf(file('protocol: vrrp, vrid: 10, vip: ["fd00:10::1", "fe80::fe"]')).addresses.find((a) => a.node === "h1")?.gateway, "fd00:10::1");
    assert.equal(topologyOf(file()).vrrps[0]!.version, 3);
  });
  const mistakes: [string, string, RegExp][] = [
    ["version 2", file('protocol: vrrp, version: 2, vrid: 10, vip: "fd00:10::1"'), /^DH_GATEWAY: VRRP over IPv6 is version 3, and network a is IPv6$/],
    ["the text of version 2", file('protocol: vrrp, implementation: rfc3768, vrid: 10, vip: "fd00:10::1"'), /^DH_GATEWAY: RFC 3768 is VRRP version 2, and this gateway is version 3$/],
    ["HSRP", file('protocol: hsrp, group: 1, vip: "fd00:10::1"'), /^DH_GATEWAY: hsrp is simulated over IPv4 only, and network a is IPv6$/],
    ["GLBP", file('protocol: glbp, group: 1, vip: "fd00:10::1"'), /^DH_GATEWAY: glbp is simulated over IPv4 only/],
    ["proxy ARP", file('protocol: vrrp, vrid: 10, vip: "fd00:10::1", proxy-arp: true'), /^DH_GATEWAY: ARP is of IPv4, and network a is IPv6$/],
    ["another subnet", file('protocol: vrrp, vrid: 10, vip: "fd00:11::1"'), /^DH_GATEWAY_OUTSIDE: fd00:11::1 is outside network a \(fd00:10::\/64\)$/],
    ["the other family", file("protocol: vrrp, vrid: 10, vip: 10.30.0.9"), /^DH_GATEWAY_OUTSIDE: 10.30.0.9 is IPv4, network a is IPv6 \(fd00:10::\/64\)$/],
    ["no address", file("protocol: vrrp, vrid: 10, vip: fd00:10:1"), /^DH_ADDRESS: "fd00:10:1" is not an address such as 10.1.10.5 or fd00:10::5$/],
    ["a mask of the host's own", file(undefined, "", "h1: {kind: server, network: a, prefix-length: 8}"), /^DH_ADDRESS: network a is IPv6: its hosts have its own length \(fd00:10::\/64\)$/],
    ["one address for two", file(undefined, "", 'h1: {kind: server, network: a, address: "fd00:10:0:0::1"}'), /^DH_ADDRESS_TWICE: fd00:10::1 is already the address of gateway a$/],
    ["a flow between the families", file().replace("to: h2", "to: h4"), /^DH_FLOW: h1 has an IPv6 address, h4 an IPv4 one: nothing translates between them$/],
    ["host bits", file().replace("fd00:10::/64", "fd00:10::7/64"), /^DH_ADDRESS: "fd00:10::7\/64" has host bits set$/],
    ["a link-local subnet", file().replace("fd00:10::/64", "fe80::/64"), /^DH_ADDRESS: "fe80::\/64" is link-local/],
    ["too many addresses", file(`protocol: vrrp, vrid: 10, vip: [${Array.from({ length: 8 }, (_, i) => `"fd00:10::${i + 1}"`).join(", ")}]`), /^DH_GATEWAY: a virtual router has 8 IPv6 addresses at most/],
    ["overlapping subnets", file().replace("fd00:20::/64", "fd00:10::/48").replace("fd00:20::1", "fd00:10::9:1"), /^DH_SUBNET_OVERLAP: subnet/],
  ];
  for (const [name, text, wanted] of mistakes) test(name, () => assert.ok(problems(text).some((p) => wanted.test(p)), problems(text).join("\n")));
});

describe("a gateway over IPv6", () => {
  const steps = scenario(80, "{at: 10s, fail: r1}", "{at: 40s, repair: r1}");
  for (const seed of [1n, 2n, 3n]) {
    test(`fails over within Master_Down_Interval and comes back without a loss, seed ${seed}`, async () => {
      const sim = await simulate(file(undefined, steps), { seed });
      const down = Number(sim.within("f", 0, 9, 15)!.lengthNs) / 1e9;
      assert.ok(down >= 3 + 156 / 256 - 1 && down <= 3 + 156 / 256 + 0.001, `${down} s`);
      const back = sim.of("f", 0).filter((o) => o.startNs > s(39) && o.lengthNs !== null && o.lengthNs > 1_000_000n);
      assert.deepEqual(back, []);
      assert.equal(sim.outages.filter((o) => o.endNs === null).length, 0);
    });
  }

  test("without a virtual MAC the hosts learn the new one by its unsolicited advertisement", async () => {
    const sim = await simulate(file('protocol: vrrp, vrid: 10, vip: "fd00:10::1", implementation: keepalived', steps));
    const host = sim.result.names.l3ifs.indexOf("h1:eth0");
    const at = (from: number, to: number, state: number): boolean => sim.records(abi.T_ARP, host).some((r) => r.at >= s(from) && r.at < s(to) && r.b === state);
    assert.ok(at(12, 14, abi.ARP_STALE) && at(12, 14, abi.ARP_DELAY), "STALE by the advertisement, DELAY by the flow that uses it");
    assert.ok(at(17, 19, abi.ARP_REACHABLE), "confirmed by the flow 5 s later");
    assert.ok(Number(sim.within("f", 0, 9, 15)!.lengthNs) < 3.62e9);
  });

  test("one seed, one trace, in the debug build too", async () => {
    const text = file(undefined, steps);
    const [a, b, debug] = await Promise.all([simulate(text, { seed: 7n }), simulate(text, { seed: 7n }), simulate(text, { seed: 7n, debug: true })]);
    assert.deepEqual([...a.result.trace], [...b.result.trace]);
    assert.deepEqual([...a.result.trace], [...debug.result.trace]);
  });

  test("probes that are really sent agree with the walked outages", async () => {
    const probeNs = 1_000_000n;
    const sim = await simulate(file(undefined, scenario(30, "{at: 10s, fail: r1}")), { probeNs });
    assert.deepEqual(disagreements(sim, probeNs), []);
  });

  test("the owner of the address is master at once, and the backup takes over and gives back", async () => {
    const sim = await simulate(file(undefined, steps).replaceAll("r1: 110", "r1: 255"));
    const down = Number(sim.within("f", 0, 9, 15)!.lengthNs) / 1e9;
    assert.ok(down >= 2.609 && down <= 3.611, `${down} s`);
    const owner = sim.result.names.vrrps.indexOf("a@r1");
    assert.deepEqual(sim.records(abi.T_VRRP, owner).filter((r) => r.at > s(44)).map((r) => [r.b, r.c]), [[abi.VRRP_MASTER, abi.VRRP_WHY_OWNER]]);
    assert.deepEqual(sim.outages.filter((o) => o.endNs === null), []);
  });

  test("hosts may have the link-local address of the virtual router as their gateway, in two networks the same one", async () => {
    const local = file('protocol: vrrp, vrid: 10, vip: ["fe80::fe", "fd00:10::1"]', steps, 'h1: {kind: server, network: a, gateway: "fe80::fe"}')
      .replace("h2: {kind: server, network: b}", 'h2: {kind: server, network: b, gateway: "fe80::fe"}').replace('vrid: 20, vip: "fd00:20::1"', 'vrid: 20, vip: ["fe80::fe", "fd00:20::1"]');
    const sim = await simulate(local);
    assert.ok(Number(sim.within("f", 0, 9, 15)!.lengthNs) < 3.62e9);
    assert.deepEqual(sim.outages.filter((o) => o.endNs === null), []);
  });

  const pair = (mode: string, six: boolean): string => {
    const [front, behind] = six ? ["fd00:10::", "fd00:20::"] : ["10.1.10.", "10.1.20."];
    const length = six ? "/64" : "0/24";
    return `dualhome: 1
defaults: {link: {loss-detect: 10ms}, switch: {profile: nxos-vpc, boot: 10s}, bond: {mii-monitor-interval: 100ms${mode === "802.3ad" ? ", lacp-rate: fast" : ""}}}
networks: {a: {vlan: 10, subnet: "${front}${length}"}, b: {vlan: 20, subnet: "${behind}${length}"}}
nodes:
  leaf1..2: {kind: leaf}
  h1: {kind: server, network: a}
  h2: {kind: server, network: b}
mlag: {pair: {peers: [leaf1, leaf2], peer-link: [Eth53], domain: 10, delay-restore: 5s, gateway-active: true, peer-gateway: true}}
bonds: {"h1..2:bond0": {to: pair, members: [eth0, eth1], mode: ${mode}}}
gateways:
  a: {protocol: vrrp, version: 3, vrid: 10, vip: "${front}1", routers: {leaf1: 110, leaf2: 100}}
  b: {protocol: vrrp, version: 3, vrid: 20, vip: "${behind}1", routers: {leaf1: 110, leaf2: 100}}
flows: {f: {from: h1, to: h2}, g: {from: h2, to: h1}}
${scenario(90, "{at: 10s, fail: leaf1}", "{at: 40s, repair: leaf1}")}`;
  };
  // Not 802.3ad, whose hash has the EtherType or the addresses in it; nor balance-alb, which tells IPv4 neighbours by ARP which member to
  // send to, and IPv6 ones nothing.
  for (const mode of ["active-backup", "balance-tlb"]) {
    test(`on an MC-LAG pair behind bonds of mode ${mode}: the outages are those of IPv4, to the nanosecond`, async () => {
      const outagesOf = async (six: boolean): Promise<string[]> =>
        (await simulate(pair(mode, six))).outages.filter((o) => o.subject === "direction" && o.startNs >= 0n).map((o) => `${o.name} ${o.direction} ${o.startNs} ${o.lengthNs}`);
      const [six, four] = await Promise.all([outagesOf(true), outagesOf(false)]);
      assert.ok(four.length > 0);
      assert.deepEqual(six, four);
    });
  }
  test("behind 802.3ad a dead leaf costs the 10 ms until its carrier is missed, and a question", async () => {
    const sim = await simulate(pair("802.3ad", true));
    assert.deepEqual(sim.outages.filter((o) => o.endNs === null), []);
    for (const o of sim.outages.filter((each) => each.startNs >= s(10) && each.startNs < s(39))) assert.ok(o.lengthNs <= 11_000_000n, `${o.name} ${o.lengthNs}`);
  });
  test("behind balance-alb a leaf dies and returns, and the flows come back", async () => {
    assert.deepEqual((await simulate(pair("balance-alb", true))).outages.filter((o) => o.endNs === null), []);
  });

  test("anycast and static gateways answer solicitations too", async () => {
    for (const gateway of ['protocol: anycast, vip: "fd00:10::1"']) {
      const sim = await simulate(file(gateway, scenario(30, "{at: 5s, nothing: r1}")));
      assert.deepEqual(sim.outages.filter((o) => o.endNs === null), []);
    }
    const text = file('protocol: static, vip: "fd00:10::1"', scenario(30, "{at: 5s, nothing: r1}")).replace('vip: "fd00:10::1", routers: {r1: 110, r2: 100}', 'vip: "fd00:10::1", routers: {r1: 100}');
    assert.deepEqual((await simulate(text)).outages.filter((o) => o.endNs === null), []);
  });
});
