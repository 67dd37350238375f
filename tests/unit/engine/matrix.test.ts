// The mode matrix: cells whose outcome is known from the field, and the document that shows all of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { matrixText } from "../../../bindings/cli/actions/matrix.ts";
import { HOST_MODES, SWITCH_SIDES, cell, cellLines, judge, matrix, measure, type HostMode, type MatrixCell, type SwitchSide } from "../../../bindings/matrix/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";

describe("server modes against switch sides", () => {
  let cells: MatrixCell[] = [];
  before(async () => { cells = await matrix(); });
  const at = (mode: HostMode, side: SwitchSide) => cells.find((c) => c.mode === mode && c.side === side)!.verdict;

  it("every pair was run", () => assert.equal(cells.length, HOST_MODES.length * SWITCH_SIDES.length));

  it("802.3ad on plain ports uses one port, on one switch or two", () => {
    for (const side of ["plain-one", "plain-two"] as const) assert.deepEqual([at("802.3ad", side).symptoms, at("802.3ad", side).used], [["degraded"], 1]);
  });

  it("802.3ad uses both members against LACP, active or passive, and against a pair", () => {
    for (const side of ["lacp-active", "lacp-passive", "mclag-lacp"] as const) assert.deepEqual([at("802.3ad", side).symptoms, at("802.3ad", side).used], [["works"], 2]);
  });

  it("802.3ad against a static bundle loses about half of what comes in, silently", () => {
    const { symptoms, lostIn } = at("802.3ad", "static");
    assert.deepEqual(symptoms, ["loss"]);
    assert.ok(lostIn > 0.25 && lostIn < 0.75, `${lostIn}`);
  });

  it("a static bundle against LACP carries nothing", () => {
    for (const mode of ["balance-xor", "balance-rr", "broadcast", "windows-static"] as const) assert.deepEqual(at(mode, "lacp-active").symptoms, ["no traffic"]);
    assert.deepEqual(at("windows-lacp", "static").symptoms, ["no traffic"]);
  });

  it("modes 0, 2 and 3 on plain ports make addresses flap and broadcasts come twice", () => {
    for (const mode of ["balance-rr", "balance-xor", "broadcast", "windows-static"] as const) {
      assert.deepEqual(at(mode, "plain-one").symptoms, ["flapping", "duplicates"], mode);
      // Between two switches whose tables point at each other frames are lost as well; an ARP answer, if it meets them so.
      assert.deepEqual(at(mode, "plain-two").symptoms.filter((symptom) => symptom !== "loss"), ["flapping", "duplicates"], mode);
    }
  });

  it("modes 0 and 2 work with a static bundle; mode 3 doubles every frame there", () => {
    for (const mode of ["balance-rr", "balance-xor", "windows-static"] as const) assert.deepEqual(at(mode, "static").symptoms, ["works"]);
    assert.deepEqual(at("broadcast", "static").symptoms, ["duplicates"]);
  });

  it("modes 1, 5, 6 and Switch Independent want plain ports, and no more", () => {
    for (const side of ["plain-one", "plain-two"] as const) {
      assert.deepEqual([at("active-backup", side).symptoms, at("active-backup", side).used], [["degraded"], 1]);
      for (const mode of ["balance-tlb", "balance-alb", "windows-switch-independent"] as const) assert.deepEqual([at(mode, side).symptoms, at(mode, side).used], [["works"], 2], `${mode} ${side}`);
    }
  });

  it("no cell loops: in none of these runs did a frame come back to a switch that is joined to a loop", () => {
    assert.deepEqual(cells.filter((c) => c.measured.storms.length > 0).map((c) => `${c.mode} ${c.side}`), []);
    assert.deepEqual(cells.filter((c) => c.verdict.symptoms.includes("loop")), []);
  });

  it("docs/bond-modes.md shows it as it is, no line wider than 110 columns", () => {
    const text = matrixText(cells);
    assert.ok(readFileSync(new URL("../../../docs/bond-modes.md", import.meta.url), "utf8").includes(text.trimEnd()), "print it anew: dualhome matrix");
    for (const line of text.split("\n")) assert.ok([...line].length <= 110, line);
  });
});

describe("a loop is seen in the run that has one", () => {
  /** The cell "plain, 2 sw", and what is added to it. */
  function file(cables: string, nodes = ""): Topology {
    const parsed = parseTopology(`dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1..2: {kind: l2switch}, srv1: {kind: server, network: lan}, c1..2: {kind: server, network: lan}${nodes}}
links: [sw1:Eth11 -- c1:eth0, sw2:Eth12 -- c2:eth0, {endpoints: ["sw1:Eth48", "sw2:Eth48"], networks: lan}${cables}]
bonds: {"srv1:bond0": {to: [sw1, sw2], members: [eth0, eth1], mode: active-backup}}
flows: {f: {from: c1..2, to: srv1, protocol: udp, dport: 53}}
`, "loop");
    if (!("topology" in parsed)) throw new Error(parsed.problems.map((p) => p.message).join("\n"));
    return parsed.topology;
  }
  const lines = async (topology: Topology): Promise<string[]> => cellLines(judge(await measure(topology)));

  it("two cables between the plain switches: LOOP, with the switch and the port where a frame came back", async () => {
    const measured = await measure(file(', {endpoints: ["sw1:Eth47", "sw2:Eth47"], networks: lan}'));
    assert.deepEqual(cellLines(judge(measured)), ["LOOP"]);
    const [storm, ...others] = measured.storms;
    assert.deepEqual([storm?.vlan, others], [10, []]);
    assert.match(`${storm?.node}:${storm?.port}`, /^sw[12]:sw[12]:Eth4[78]$/);
  });

  it("a host that bridges its two interfaces instead of bonding them: LOOP", async () => {
    const bridging = file(', {endpoints: ["sw1:Eth20", "br:eth0"], networks: lan}, {endpoints: ["sw2:Eth20", "br:eth1"], networks: lan}', ", br: {kind: l2switch, profile: linux}");
    assert.deepEqual(await lines(bridging), ["LOOP"]);
  });

  it("the same without the second cable: no loop", async () => assert.deepEqual(await lines(file("")), ["ok 1/2"]));

  it("a mode that makes tables flap is told from a loop: no frame of it comes back", async () => {
    const { storms, macMoves } = await measure(cell("balance-rr", "plain-two"));
    assert.deepEqual(storms, []);
    assert.ok(macMoves > 0);
  });
});
