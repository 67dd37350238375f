// Spanning tree end to end: the same three switches in a ring with RSTP, STP and nothing; BPDUs as tshark reads them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { outages, storms } from "../../../bindings/analysis/index.ts";
import { runScenario, type RunOptions, type RunResult } from "../../../bindings/engine/index.ts";
import { pcapng } from "../../../bindings/pcap/pcapng.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";

const SECOND = 1_000_000_000n;

function ring(stp: string, steps: string, until = "200s"): string {
  return `dualhome: 1
name: ring
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {stp: ${stp}, boot: 10s}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
  sw1: {kind: l2switch, stp: {mode: ${stp}, priority: 4096}}
  sw2: {kind: l2switch, stp: {mode: ${stp}, priority: 8192}}
  sw3: {kind: l2switch}
  a: {kind: server, network: lan}
  b: {kind: server, network: lan}
links: [sw1:Eth1 -- sw2:Eth1, sw1:Eth2 -- sw3:Eth1, sw2:Eth2 -- sw3:Eth2, sw2:Eth10 -- a:eth0, sw3:Eth10 -- b:eth0]
flows: {ab: {from: a, to: b}}
scenarios: {default: {until: ${until}, steps: [${steps}]}}
`;
}

async function simulate(text: string, options: RunOptions = {}): Promise<RunResult> {
  const parsed = parseTopology(text, "ring.dh.yaml");
  assert.ok("topology" in parsed, "problems" in parsed ? JSON.stringify(parsed.problems) : "");
  return runScenario(parsed.topology, parsed.topology.scenarios[0]!, options);
}

/** The last value of a kind of record for each port, at an instant. */
function last(run: RunResult, kind: number, until: bigint): Record<string, number> {
  const values: Record<string, number> = {};
  for (const r of run.trace) if (r.kind === kind && r.at <= until) values[run.names.ports[r.entity]!] = r.b;
  return values;
}
const worst = (run: RunResult): bigint => outages(run).filter((o) => o.subject === "flow").reduce((a, o) => (o.lengthNs > a ? o.lengthNs : a), 0n);
const CUT = '{at: 10s, fail: "sw1:Eth2--sw3:Eth1"}';

for (const stp of ["rstp", "stp"]) {
  test(`${stp}: the best bridge is the root, one port of the ring is closed`, async () => {
    const run = await simulate(ring(stp, "", "10s"));
    const roles = last(run, abi.T_STP_ROLE, 0n);
    assert.equal(roles["sw1:Eth1"], abi.STP_ROLE_DESIGNATED);
    assert.equal(roles["sw2:Eth1"], abi.STP_ROLE_ROOT);
    assert.equal(roles["sw3:Eth1"], abi.STP_ROLE_ROOT);
    assert.equal(roles["sw3:Eth2"], abi.STP_ROLE_ALTERNATE);
    const states = last(run, abi.T_STP_STATE, 0n); // a port that was never opened has no record: RSTP's begin discarding
    const closed = Object.keys(roles).filter((port) => (states[port] ?? abi.STP_DISCARDING) !== abi.STP_FORWARDING);
    assert.deepEqual(closed, ["sw3:Eth2"]);
    assert.deepEqual(storms(run), []);
  });
}

test("rstp: the root port is lost, the alternate takes over without a timer", async () => {
  const run = await simulate(ring("rstp", CUT));
  assert.ok(worst(run) >= SECOND / 100n && worst(run) < SECOND, `${worst(run)}`); // the carrier's 10 ms, and no more than a moment
  assert.equal(last(run, abi.T_STP_ROLE, 11n * SECOND)["sw3:Eth2"], abi.STP_ROLE_ROOT);
});

test("rstp: the root's BPDUs vanish: three hellos, then the handshake", async () => {
  const run = await simulate(ring("rstp", '{at: 10s, silent: "sw1:Eth2--sw3:Eth1"}'));
  const at = [...run.trace].find((r) => r.kind === abi.T_STP_ROLE && run.names.ports[r.entity] === "sw3:Eth2" && r.at > 10n * SECOND)?.at ?? 0n;
  assert.ok(at - 10n * SECOND > 4n * SECOND && at - 10n * SECOND <= 6n * SECOND, `${at}`);
});

test("stp: twice Forward Delay after a lost root port", async () => {
  const run = await simulate(ring("stp", CUT));
  assert.ok(worst(run) >= 30n * SECOND && worst(run) < 32n * SECOND, `${worst(run)}`);
});

test("stp: Max Age before that when the carrier stays", async () => {
  const run = await simulate(ring("stp", '{at: 10s, silent: "sw1:Eth2--sw3:Eth1"}'));
  assert.ok(worst(run) >= 46n * SECOND && worst(run) <= 52n * SECOND, `${worst(run)}`);
});

test("none: the loop is found, measured and stopped, and is over when a cable is cut", async () => {
  // The host asks for its neighbour anew when its cable is back: a broadcast, in a ring that is whole.
  const ask = '{at: 1s, fail: "sw2:Eth10--a:eth0"}, {at: 2s, repair: "sw2:Eth10--a:eth0"}';
  const run = await simulate(ring("none", `${ask}, ${CUT}`, "30s"));
  const [storm, ...others] = storms(run);
  assert.deepEqual(others, []);
  assert.equal(storm?.vlan, 10);
  assert.ok((storm?.copies ?? 0) >= 2048 && (storm?.framesPerMs ?? 0) > 0);
  assert.equal(storm?.endNs, 10n * SECOND);
});

for (const stp of ["rstp", "stp"]) {
  test(`tshark reads the BPDUs of ${stp}`, async () => {
    const ports = ["sw1:Eth1", "sw3:Eth1", "sw3:Eth2"];
    const run = await simulate(ring(stp, `${CUT}, {at: 60s, repair: "sw1:Eth2--sw3:Eth1"}`, "120s"), { capturePorts: ports });
    const folder = mkdtempSync(join(tmpdir(), "dualhome-"));
    try {
      const file = join(folder, "bpdu.pcapng");
      writeFileSync(file, pcapng(run.frames, { ports, application: "test", comment: "" }));
      const read = (filter: string): number => {
        const out = spawnSync("tshark", ["-r", file, "-Y", filter, "-T", "fields", "-e", "frame.number"], { encoding: "utf8" });
        assert.equal(out.status, 0, out.stderr);
        return out.stdout.split("\n").filter((line) => line !== "").length;
      };
      assert.ok(read(stp === "rstp" ? "stp.version == 2 && stp.type == 2" : "stp.version == 0 && stp.type == 0") > 10);
      if (stp === "stp") { // sw3's change goes to the root by sw2: a notification, and its acknowledgement
        assert.ok(read("stp.version == 0 && stp.type == 0x80") > 0);
        assert.ok(read("stp.flags.tcack == 1") > 0 && read("stp.flags.tc == 1") > 0);
        assert.equal(read("stp.flags.proposal == 1 || stp.flags.agreement == 1"), 0);
      }
      if (stp === "rstp") assert.ok(read("stp.flags.proposal == 1") > 0 && read("stp.flags.agreement == 1") > 0);
      assert.equal(read("_ws.malformed || _ws.expert.severity >= 0x600000"), 0);
    } finally { rmSync(folder, { recursive: true }); }
  });
}

/** ns from the port's link until it lets frames through. */
async function opensAfter(stp: string, extra: string): Promise<bigint> {
  const run = await simulate(`dualhome: 1
name: edge
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {boot: 10s}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes: {sw1: {kind: l2switch, stp: {mode: ${stp}${extra}}}, a: {kind: server, network: lan}}
links: [sw1:Eth1 -- a:eth0]
scenarios: {default: {until: 80s, steps: [{at: 10s, fail: "sw1:Eth1--a:eth0"}, {at: 20s, repair: "sw1:Eth1--a:eth0"}]}}
`);
  const link = 20n * SECOND + SECOND / 100n;
  return [...run.trace].find((r) => r.kind === abi.T_STP_STATE && r.b === abi.STP_FORWARDING && r.at >= link)!.at - link;
}

test("a port to a host: at once as an edge; 3 s by itself under RSTP; Max Age on a shared link; twice Forward Delay under STP", async () => {
  assert.equal(await opensAfter("rstp", ", edge: servers"), 0n);
  assert.equal(await opensAfter("stp", ", edge: servers"), 0n);
  assert.equal(await opensAfter("rstp", ""), 3n * SECOND); // EdgeDelay is Migrate Time (17.20.4)
  assert.equal(await opensAfter("rstp", ", shared: [Eth1]"), 20n * SECOND); // EdgeDelay is Max Age
  assert.equal(await opensAfter("stp", ""), 30n * SECOND);
});

test("rstp: a topology change empties the MAC tables of the tree's ports, not of the port that told it and not of an edge", async () => {
  const text = ring("rstp", CUT).replace("switch: {stp: rstp,", "switch: {stp: {mode: rstp, edge: servers},").replace("  b: {kind", "  d: {kind: server, network: lan}\n  b: {kind")
    .replace("links: [", "links: [sw1:Eth10 -- d:eth0, ").replace("ab: {from: a, to: b}", "ab: {from: a, to: b}, ad: {from: a, to: d}");
  const run = await simulate(text);
  const flushed = [...run.trace].filter((r) => r.kind === abi.T_FDB_FLUSH && r.b === abi.FLUSH_TOPOLOGY && r.at >= 10n * SECOND);
  const at = new Set(flushed.map((r) => run.names.ports[r.entity]!));
  // sw3 tells sw2 by Eth2, and sw2 sw1 by Eth1. sw2 knew d behind Eth1, and sw1 knows a there.
  assert.ok(at.has("sw2:Eth1"), [...at].join());
  assert.ok(!["sw1:Eth1", "sw2:Eth2", "sw1:Eth10", "sw2:Eth10", "sw3:Eth10"].some((port) => at.has(port)), [...at].join());
  assert.ok(worst(run) < SECOND);
});

for (const [name, mesh] of [["triangle", 3], ["full mesh of 5", 5]] as const) {
  test(`none: the growth of a storm in a ${name}`, async () => {
    const names = Array.from({ length: mesh }, (_, i) => `sw${i + 1}`);
    const cables = names.flatMap((a, i) => names.slice(i + 1).map((b, k) => `${a}:Eth${i + k + 1} -- ${b}:Eth${i + 1}`));
    const run = await simulate(`dualhome: 1
name: storm
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {stp: none}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes: {${names.map((n) => `${n}: {kind: l2switch}`).join(", ")}, a: {kind: server, network: lan}, b: {kind: server, network: lan}, nobody: {kind: l2switch}, c: {kind: server, network: lan}}
links: [${cables.join(", ")}, sw1:Eth10 -- a:eth0, sw3:Eth10 -- b:eth0, nobody:Eth1 -- c:eth0]
flows: {ac: {from: a, to: c}}
scenarios: {default: {until: 100s, steps: [{at: 10s, nothing: sw1}]}}
`);
    const [storm] = storms(run);
    assert.ok(storm !== undefined && storm.copies !== null && storm.copies >= 2048);
    // Each switch sends a copy on to all its neighbours but one: in a triangle the two that go round stay two, and each hop of a
    // microsecond makes 2 to 4 frames; in a mesh of five every hop makes three of one, 3 ^ 7 > 2048.
    if (mesh === 3) assert.ok(storm.afterNs! >= 500_000n && storm.afterNs! <= 2_100_000n, `${storm.afterNs}`);
    else assert.ok(storm.afterNs! <= 8_000n && storm.doublingNs! <= 1_000n, `${storm.afterNs} ${storm.doublingNs}`);
    assert.ok(run.events < 100_000n, `${run.events}`); // and then they are stopped
  });
}
