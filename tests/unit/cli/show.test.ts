// What nodes show: the kernel's text for every bonding mode, every view of every node of the examples, and what is refused.
// /proc/net/bonding is held to real kernels in tests/real/proc-net-bonding.test.ts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Simulation, VIEWS, type View } from "../../../bindings/show/index.ts";
import { showText } from "../../../bindings/report/index.ts";
import { coloured, plain } from "../../../bindings/report/paint.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { exampleNames, exampleText, topologyOf } from "../../support/topologies.ts";
import { dualhome } from "./fixture.ts";

const s = (n: number): bigint => BigInt(Math.round(n * 1e9));

const bondFile = (settings: string, steps = ""): string => `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1: {kind: l2switch}, srv1: {kind: server, network: lan, address: 10.1.10.11}, c1: {kind: server, network: lan, address: 10.1.10.21}}
links: ["sw1:Eth20 -- c1:eth0"]
bonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1], ${settings}}}
flows: {f: {from: srv1, to: c1}}
scenarios: {x: {until: 200s, steps: [${steps}]}}
`;

async function bondAt(settings: string, steps: string, at: number): Promise<string> {
  const topology = topologyOf(bondFile(settings, steps));
  const simulation = await Simulation.open(topology, topology.scenarios[0]!);
  await simulation.runTo(s(at));
  return simulation.procNetBonding("srv1", "bond0");
}

/** Everything between the first line and the first member. */
const head = (text: string): string[] => text.split("\n\nSlave Interface")[0]!.split("\n").slice(2);
const memberOf = (text: string, name: string): string[] => text.split("\n\n").find((block) => block.startsWith(`Slave Interface: ${name}`))!.trimEnd().split("\n");
const POLLS = ["MII Status: up", "MII Polling Interval (ms): 100", "Up Delay (ms): 0", "Down Delay (ms): 0", "Peer Notification Delay (ms): 0"];

describe("/proc/net/bonding, modes without a recording", () => {
  const modes: [string, string, string[]][] = [
    ["0", "mode: balance-rr", ["Bonding Mode: load balancing (round-robin)", ...POLLS]],
    ["1 with a policy for MAC addresses", "mode: active-backup, fail-over-mac-policy: active, primary: eth1, primary-reselect-policy: failure", [
      "Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)", "Primary Slave: eth1 (primary_reselect failure)", "Currently Active Slave: eth1", ...POLLS]],
    ["2", "mode: balance-xor, transmit-hash-policy: layer2+3", ["Bonding Mode: load balancing (xor)", "Transmit Hash Policy: layer2+3 (2)", ...POLLS]],
    ["3", "mode: broadcast", ["Bonding Mode: fault-tolerance (broadcast)", ...POLLS]],
    ["5", "mode: balance-tlb", ["Bonding Mode: transmit load balancing", "Transmit Hash Policy: layer2 (0)", "Primary Slave: None", "Currently Active Slave: eth0", ...POLLS]],
    ["6", "mode: balance-alb", ["Bonding Mode: adaptive load balancing", "Transmit Hash Policy: layer2 (0)", "Primary Slave: None", "Currently Active Slave: eth0", ...POLLS]],
    ["1 with the ARP monitor", "mode: active-backup, primary: eth0, arp-interval: 200ms, arp-ip-targets: [10.1.10.21, 10.1.10.1]", [
      "Bonding Mode: fault-tolerance (active-backup)", "Primary Slave: eth0 (primary_reselect always)", "Currently Active Slave: eth0", "MII Status: up", "MII Polling Interval (ms): 0", "Up Delay (ms): 0",
      "Down Delay (ms): 0", "Peer Notification Delay (ms): 0", "ARP Polling Interval (ms): 200", "ARP Missed Max: 2", "ARP IP target/s (n.n.n.n form): 10.1.10.21, 10.1.10.1",
      "NS IPv6 target/s (xx::xx form):"]],
  ];
  for (const [name, settings, wanted] of modes) {
    it(`mode ${name}`, async () => {
      const text = await bondAt(settings, "", 1);
      assert.deepEqual(head(text), wanted);
      const started = settings.includes("arp-interval") ? text.replaceAll(/(Failure Count: )\d+/g, "$10") : text; // nobody answered yet while all was switched on
      assert.deepEqual(memberOf(started, "eth0").slice(1), ["MII Status: up", "Speed: 10000 Mbps", "Duplex: full", "Link Failure Count: 0", `Permanent HW addr: ${/HW addr: (\S+)/.exec(text)![1]}`, "Slave queue ID: 0"]);
      assert.ok(text.endsWith("Slave queue ID: 0\n"));
    });
  }

  it("delays are whole polls, and a member passes through all four states", async () => {
    const settings = "mode: active-backup, mii-monitor-interval: 100ms, up-delay: 1050ms, down-delay: 550ms";
    const steps = '{at: 10s, fail: "srv1:eth0"}, {at: 20s, repair: "srv1:eth0"}';
    const status = async (at: number): Promise<string> => memberOf(await bondAt(settings, steps, at), "eth0")[1]!;
    assert.deepEqual(head(await bondAt(settings, steps, 1)).slice(4, 7), ["MII Polling Interval (ms): 100", "Up Delay (ms): 1000", "Down Delay (ms): 500"]);
    // A poll sees the loss within 0.1 s and acts 0.5 s later; it sees the return within 0.1 s and acts 1 s later.
    assert.deepEqual([await status(9), await status(10.2), await status(11), await status(20.5), await status(22)],
      ["MII Status: up", "MII Status: going down", "MII Status: down", "MII Status: going back", "MII Status: up"]);
  });

  it("a link that is lost again while updelay runs counts as another failure", async () => {
    const steps = '{at: 10s, fail: "srv1:eth0"}, {at: 20s, repair: "srv1:eth0"}, {at: 21s, fail: "srv1:eth0"}, {at: 30s, repair: "srv1:eth0"}';
    const text = await bondAt("mode: active-backup, mii-monitor-interval: 100ms, up-delay: 5s", steps, 40);
    assert.ok(memberOf(text, "eth0").includes("Link Failure Count: 2"));
    assert.ok(memberOf(text, "eth1").includes("Link Failure Count: 0"));
  });

  it("a network card without a link says nothing of its speed", async () => {
    const text = await bondAt("mode: active-backup", '{at: 10s, fail: "srv1:eth0"}', 15);
    assert.deepEqual(memberOf(text, "eth0").slice(2, 5), ["Speed: Unknown", "Duplex: Unknown", "Link Failure Count: 1"]);
  });

  it("no link at all: no active aggregator, and who churns is counted", async () => {
    const down = await bondAt("mode: 802.3ad, lacp-rate: fast", '{at: 10s, fail: "srv1:eth0"}, {at: 10s, fail: "srv1:eth1"}', 15);
    assert.ok(head(down).includes("bond bond0 has no active aggregator"));
    // The partner falls silent: EXPIRED at 3 s, watched from then for 60 s of ticks, and found out of sync.
    const silent = await bondAt("mode: 802.3ad, lacp-rate: fast", '{at: 10s, silent: "sw1:Eth1--srv1:eth0"}', 100);
    assert.deepEqual(memberOf(silent, "eth0").slice(8, 12), ["Actor Churn State: churned", "Partner Churn State: churned", "Actor Churned Count: 1", "Partner Churned Count: 1"]);
  });
});

describe("operators at work", () => {
  const members = (text: string): string[] => [...text.matchAll(/^Slave Interface: (.*)$/gm)].map((m) => m[1]!);
  const steps = '{at: 10s, fail: "srv1:eth0"}, {at: 12s, repair: "srv1:eth0"}, {at: 20s, release: "srv1:eth0"}, {at: 30s, enslave: "srv1:eth0"}';

  it("a member that is released is not listed; enslaved again it comes last, with a new count, port and aggregator", async () => {
    const at = (t: number): Promise<string> => bondAt("mode: 802.3ad, lacp-rate: fast", steps, t);
    assert.deepEqual(members(await at(15)), ["eth0", "eth1"]);
    assert.ok(memberOf(await at(15), "eth0").includes("Link Failure Count: 1"));
    assert.deepEqual(members(await at(25)), ["eth1"]);
    const again = await at(50);
    assert.deepEqual(members(again), ["eth1", "eth0"]);
    assert.ok(memberOf(again, "eth0").includes("Link Failure Count: 0"));
    // The driver numbers a port after the member before it (eth1 is 2). Its own aggregator would be the third; both sit in eth1's, the second.
    assert.ok(memberOf(again, "eth0").includes("    port number: 3"));
    assert.ok(["eth0", "eth1"].every((name) => memberOf(again, name).includes("Aggregator ID: 2")));
    assert.ok(head(again).includes("\tAggregator ID: 2") && head(again).includes("\tNumber of ports: 2"));
  });
});

describe("every view of every node of the examples", () => {
  for (const name of exampleNames) {
    it(name, async () => {
      const topology = topologyOf(exampleText(name));
      const scenario = topology.scenarios[0]!;
      const simulation = await Simulation.open(topology, scenario);
      const hello = await Simulation.open(topology, scenario, { everyHello: true });
      for (const at of [0n, scenario.untilNs / 2n]) {
        await simulation.runTo(at);
        await hello.runTo(at);
        for (const { name: node, kind } of topology.nodes) {
          const { all, first } = simulation.views(node);
          assert.ok(kind !== "server" || first.length > 0, node);
          for (const view of all) {
            const data = simulation.show(node, view);
            assert.deepEqual(JSON.parse(JSON.stringify(data)), data, "plain data");
            assert.deepEqual(data, hello.show(node, view), `${node} ${view}: hellos that are left out show nowhere`);
            const text = showText(view, data, { paint: plain, width: 100 });
            for (const width of view === "bonding" ? [] : [60, 80, 100]) {
              const inColour = showText(view, data, { paint: coloured, width });
              assert.equal(inColour.replaceAll(/\u001b\[\d+m/g, ""), showText(view, data, { paint: plain, width }), "colour changes no character");
              assert.deepEqual(inColour.replaceAll(/\u001b\[\d+m/g, "").split("\n").filter((line) => [...line].length > width), [], `${node} ${view}, ${width} columns`);
            }
            assert.ok(!/undefined|NaN|\[object/.test(text), `${node} ${view}: ${text}`);
          }
          for (const view of VIEWS.filter((v) => !all.includes(v))) assert.throws(() => simulation.show(node, view), { code: "DH_VIEW", exitCode: 2 });
        }
      }
    });
  }
});

describe("the tables are the engine's", () => {
  const file = exampleText("mclag-pair");
  const at = async (steps: [string, string, string][], time: number): Promise<Simulation> => {
    const topology = topologyOf(file);
    const { resolveTarget } = await realParts.targets();
    const where = { line: 1, col: 1, length: 1 };
    const made = steps.map(([op, target, when]) => ({ atNs: s(Number(when)), op: op as "fail", target, targets: resolveTarget(topology, target) as never, direction: "both" as const, perMillion: 0, where }));
    const simulation = await Simulation.open(topology, { name: "x", untilNs: s(600), steps: made, where });
    await simulation.runTo(s(time));
    return simulation;
  };
  const pairOf = topologyOf(file).pairs[0]!;
  const [one, two] = pairOf.peers;

  it("a peer-link that is cut: the secondary suspends its members, the primary does not", async () => {
    const before = await at([], 1);
    assert.deepEqual([before.show(one, "mclag").role, before.show(two, "mclag").role].sort(), ["primary", "secondary"]);
    assert.ok(before.show(one, "mclag").peerLink.up && before.show(one, "mclag").keepaliveAlive);
    const cut = await at([["fail", `mlag/${pairOf.name}/peer-link`, "10"]], 20);
    const secondary = [one, two].find((n) => cut.show(n, "mclag").role === "secondary")!;
    const primary = secondary === one ? two : one;
    assert.equal(cut.show(secondary, "mclag").suspended, "peer-link lost");
    assert.ok(cut.show(secondary, "port-channel").filter((p) => p.mlagId !== null).every((p) => p.suspended && p.members.every((m) => m.state === "down")));
    assert.equal(cut.show(primary, "mclag").suspended, null);
    assert.ok(cut.show(primary, "port-channel").filter((p) => p.mlagId !== null).every((p) => p.members.every((m) => m.state === "bundled")));
  });

  it("GLBP: who forwards for which number, and who owns it", async () => {
    const group = `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {r1..2: {kind: router}, sw: {kind: l2switch}, h: {kind: server, network: lan, address: 10.1.10.9}}
links: [{endpoints: ["sw:Eth1", "r1:Eth1"], networks: [lan]}, {endpoints: ["sw:Eth2", "r2:Eth1"], networks: [lan]}, sw:Eth3 -- h:eth0]
gateways: {g: {network: lan, protocol: glbp, group: 258, vip: 10.1.10.1, routers: {r1: {priority: 110, address: 10.1.10.2}, r2: {priority: 100, address: 10.1.10.3}}}}
scenarios: {x: {until: 100s, steps: [{at: 10s, fail: r1}]}}
`;
    const topology = topologyOf(group);
    const simulation = await Simulation.open(topology, topology.scenarios[0]!);
    const forwarders = (node: string): unknown[] => simulation.show(node, "glbp")[0]!.forwarders.map((f) => [f.number, f.state, f.mac, f.owner, f.active]);
    const macs = ["00:07:b4:01:02:01", "00:07:b4:01:02:02"]; // group 258 is 0x102
    await simulation.runTo(s(5));
    const [one, two] = [simulation.show("r1", "glbp")[0]!, simulation.show("r2", "glbp")[0]!];
    assert.deepEqual([one.state, one.active, one.standby, one.weighting, two.state, two.active, two.standby], ["active", "10.1.10.2", "10.1.10.3", 100, "standby", "10.1.10.2", "10.1.10.3"]);
    const both = (node: string) => [1, 2].map((n) => [n, node === `r${n}` ? "active" : "listen", macs[n - 1], `10.1.10.${n + 1}`, `10.1.10.${n + 1}`]);
    assert.deepEqual([forwarders("r1"), forwarders("r2")], [both("r1"), both("r2")]);
    await simulation.runTo(s(30)); // longer than the hold time of 10 s
    assert.deepEqual(forwarders("r2"), [[1, "active", macs[0], "10.1.10.2", "10.1.10.3"], [2, "active", macs[1], "10.1.10.3", "10.1.10.3"]]);
    const text = showText("glbp", simulation.show("r2", "glbp"), { paint: plain, width: 100 });
    assert.match(text, /258 │ +- │ 100 │ active │ 10\.1\.10\.1 +│ 10\.1\.10\.3 │ - /);
    assert.match(text, /258 │ +2 │ - +│ active │ 00:07:b4:01:02:02 │ 10\.1\.10\.3 │ - /);
  });

  it("a copy of the run shows the same, and what is asked changes nothing", async () => {
    const looked = await at([["fail", one, "10"]], 12);
    const { session } = looked;
    const asked = (simulation: Simulation, node: string): unknown => simulation.views(node).all.map((view) => simulation.show(node, view));
    const twin = new Simulation(session.branch());
    assert.deepEqual(asked(twin, two), asked(looked, two));
    await looked.runTo(s(60));
    const unlooked = await at([["fail", one, "10"]], 60);
    assert.deepEqual(Buffer.from(looked.session.trace.bytes()), Buffer.from(unlooked.session.trace.bytes()));
  });

  it("names that are not there are answered with those that are near", async () => {
    const simulation = await at([], 0);
    assert.throws(() => simulation.show(`${one}x`, "mac"), (e: Error & { code: string }) => e.code === "DH_NODE" && e.message.includes(`did you mean "${one}"`));
    assert.throws(() => simulation.show(one, "macs" as View), /did you mean "mac"/);
    assert.throws(() => simulation.procNetBonding(one, "bond0"), /it is no Linux host/);
  });
});

describe("IPv6", () => {
  it("addresses are shown as they are written", async () => {
    const topology = topologyOf(`dualhome: 1
networks: {lan: {vlan: 10, subnet: "fd00:10::/64"}}
nodes: {r1: {kind: leaf}, r2: {kind: leaf}, sw1: {kind: l2switch}, srv1: {kind: server, network: lan, address: "fd00:10::11"}, srv2: {kind: server, network: lan, address: "fd00:10::12"}}
links: ["sw1:Eth1 -- srv1:eth0", "sw1:Eth2 -- srv2:eth0", {endpoints: ["sw1:Eth3", "r1:Eth1"], networks: [lan]}, {endpoints: ["sw1:Eth4", "r2:Eth1"], networks: [lan]}]
gateways: {gw: {network: lan, protocol: vrrp, version: 3, vrid: 10, vip: "fe80::1", routers: {r1: {priority: 110, address: "fd00:10::2"}, r2: {priority: 100, address: "fd00:10::3"}}}}
flows: {f: {from: srv1, to: srv2}}
`);
    const simulation = await Simulation.open(topology);
    await simulation.runTo(s(5));
    assert.equal(simulation.show("srv1", "interfaces").addresses[0]!.address, "fd00:10::11/64");
    assert.ok(simulation.show("srv1", "neighbours").some((n) => n.address === "fd00:10::12" && n.mac !== null));
    assert.deepEqual(simulation.show("srv1", "ip-route").map((r) => r.prefix), ["fd00:10::/64", "::/0"]);
    assert.deepEqual(simulation.show("r2", "vrrp").map((v) => [v.state, v.addresses]), [["backup", ["fe80::1"]]]);
  });
});

describe("dualhome show", () => {
  const topology = topologyOf(bondFile("mode: 802.3ad, lacp-rate: fast", '{at: 10s, fail: "srv1:eth0"}'));
  const run = (...args: string[]) => dualhome(["show", "t.dh.yaml", ...args], { topology });

  it("prints the file and nothing else", async () => {
    const ran = await run("--node", "srv1", "--at", "15s", "--kernel", "6.12.0-test");
    assert.equal(ran.status, 0);
    assert.match(ran.out, /^Ethernet Channel Bonding Driver: v6\.12\.0-test\n\nBonding Mode: IEEE 802\.3ad/);
    assert.equal(ran.out.replace("v6.12.0-test", "v6.1"), await bondAt("mode: 802.3ad, lacp-rate: fast", '{at: 10s, fail: "srv1:eth0"}', 15));
  });

  it("--json: one object with plain data", async () => {
    const ran = await run("--node", "srv1", "--at", "15s", "--view", "bonding,neighbours", "--json");
    const data = JSON.parse(ran.out);
    assert.deepEqual([data.node, data.state, data.at, Object.keys(data.views)], ["srv1", "up", { ms: 15000, ns: "15000000000" }, ["bonding", "neighbours"]]);
    assert.equal(data.views.bonding[0].slaves[0].linkFailureCount, 1);
  });

  it("--every-hello shows the same, and run has it too", async () => {
    const args = ["--node", "srv1", "--at", "150s"];
    assert.equal((await run(...args, "--every-hello")).out, (await run(...args)).out);
    assert.equal((await dualhome(["run", "t.dh.yaml", "--every-hello"], { topology })).asked?.options.everyHello, true);
  });

  it("several views stand under their names", async () => {
    const ran = await run("--node", "sw1", "--at", "0s", "--view", "port-channel", "--view", "mac");
    assert.deepEqual(ran.out.split("\n").filter((line) => line.startsWith("sw1 ")), ["sw1 port-channel", "sw1 mac"]);
  });

  it("a node that is down shows nothing: exit status 1", async () => {
    const ran = await run("--node", "srv1", "--at", "15s", "--fail", "srv1@10s");
    assert.deepEqual([ran.status, ran.out], [1, ""]);
    assert.match(ran.err, /srv1 is dead/);
  });

  const refused: [string, string[], RegExp][] = [
    ["an unknown node", ["--node", "srv", "--at", "1s"], /no node "srv"; did you mean "srv1"\?/],
    ["an unknown view", ["--node", "srv1", "--at", "1s", "--view", "bond"], /there is no view "bond"/],
    ["a view of other nodes", ["--node", "srv1", "--at", "1s", "--view", "mac"], /srv1 has no view "mac": a server has no MAC table/],
    ["a time without a unit", ["--node", "srv1", "--at", "15"], /"15" is not a duration/],
    ["a time after the end", ["--node", "srv1", "--at", "201s"], /the run of "x" ends at 200\.000 s/],
    ["no time", ["--node", "srv1"], /--at/],
    ["no node", ["--at", "1s"], /--node/],
    ["an odd release", ["--node", "srv1", "--at", "1s", "--kernel", "a b"], /a release is like/],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      const ran = await run(...args);
      assert.deepEqual([ran.status, ran.out], [2, ""]);
      assert.match(ran.err, message);
    });
  }
});
