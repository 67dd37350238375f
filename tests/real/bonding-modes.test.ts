// Which member carried each frame of three interleaved flows, in a real kernel and here, row by row. The driver's counter had moved
// by other frames before each series, so a series of balance-rr fixes its own start; from there on every row has to fit.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { STOP_TIME } from "../../assembly/abi.ts";
import { standing } from "../../bindings/engine/index.ts";
import { parseTopology } from "../../bindings/topology/index.ts";
import { csv } from "./bonding/folders.ts";

interface Series { mode: string; members: number; state: string; rows: string[] }
const series = new Map<string, Series>();
for (const row of csv("other_modes_distribution.csv")) {
  const [mode = "", members = "3", state = "all"] = [row["mode"], row["members"], row["state"]];
  const key = [row["kernel"], mode, `${members} members`, state].filter((word) => word !== undefined).join(", ");
  const one = series.get(key) ?? { mode, members: Number(members), state, rows: [] };
  series.set(key, one);
  one.rows.push(row["left_by_members"] ?? "");
}
const MODELLED = new Set(["balance-rr", "broadcast", "active-backup"]);

const FRAMES = 90; // 60 of a series, and room for its start

/** Members of the bond by which its frames leave, one entry a frame. `down`: the member that has no carrier, -1 none. */
async function placement(mode: string, perSlave: number, count: number, down: number): Promise<string[]> {
  const file = `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1: {kind: l2switch}, srv1: {kind: server, network: lan, address: 10.1.10.11}, c1: {kind: server, network: lan, address: 10.1.10.21}}
links: ["sw1:Eth20 -- c1:eth0"]
bonds: {"srv1:bond0": {to: sw1, members: [${[...Array(count).keys()].map((n) => `eth${n}`).join(", ")}], mode: ${mode}, packets-per-slave: ${perSlave}}}
flows: {f: {from: srv1, to: c1, protocol: udp, sport: 40000, dport: 53}}
scenarios: {d: {until: 60s, steps: [${down >= 0 ? `{at: 1s, fail: "srv1:eth${down}"}` : ""}]}}
`;
  const parsed = parseTopology(file, "bond.dh.yaml");
  assert.ok("topology" in parsed, "problems" in parsed ? parsed.problems.map((p) => p.message).join("; ") : "");
  const run = await standing(parsed.topology, parsed.topology.scenarios[0]!, { probes: { intervalNs: 50_000_000n, broadcasts: false } });
  run.advance(2_000_000_000n);
  const ports = run.tables.lags.find((_, i) => run.tables.names.lags[i] === "srv1:bond0")!.members.map((m) => m.port);
  const sent = (): number[] => ports.map((p) => run.engine.portSent(p) >>> 0);
  const taken: string[] = [];
  let then = sent();
  while (taken.length < FRAMES && run.engine.run(run.zeroNs + 30_000_000_000n, 1) !== STOP_TIME) {
    run.engine.drainTrace();
    const now = sent();
    const by = now.flatMap((n, i) => (n > then[i]! ? [i] : []));
    if (by.length > 0) taken.push(by.join("+"));
    then = now;
  }
  return taken;
}

/** First offset in `model` at which the whole series fits, or -1. */
const fit = (model: string[], real: string[]): number => model.findIndex((_, k) => k + real.length <= model.length && real.every((m, i) => m === model[k + i]));

describe("frames of other modes leave by the members they left by in a real kernel", () => {
  it("the table, if there is one, has only modes whose frames can be foretold", () => {
    assert.deepEqual([...series.values()].map((s) => s.mode.split(" ")[0]).filter((mode) => !MODELLED.has(mode ?? "")), [], "other_modes_distribution.csv");
  });
  for (const [key, { mode, members, state, rows: real }] of series) {
    const perSlave = Number(/packets_per_slave (\d+)/.exec(mode)?.[1] ?? 1);
    const down = Number(/member(\d+)_down/.exec(state)?.[1] ?? -1);
    it(`${key}: ${real.length} rows`, async () => {
      const model = await placement(mode.split(" ")[0]!, perSlave, members, down);
      assert.equal(model.length, FRAMES);
      if (perSlave !== 0) { assert.ok(fit(model, real) >= 0, `real ${real.join(" ")}\nmodel ${model.join(" ")}`); return; }
      // At random: nobody can foretell a row, but each is by a usable member, and all usable members are used, here and there.
      const usable = [...Array(members).keys()].filter((n) => n !== down).map(String);
      for (const list of [real, model]) assert.deepEqual([...new Set(list)].sort(), usable);
    });
  }
});
