// Cables and nodes: what each kind of failure does to the two directions of a flow, and when.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { probesOf } from "../../support/probes.ts";
import { MS, pairFile, s, scenario, simulate, span, switchFile, type Simulated } from "../../support/topologies.ts";

const FLOW = "hh: {from: h1, to: h2}";
const CABLE = '"sw1:Eth11--h1:eth0"';
const run = (until: number, ...steps: string[]): Promise<Simulated> => simulate(switchFile({ flows: [FLOW], steps: scenario(until, ...steps) }));
const carriers = (sim: Simulated): [string, number, number][] =>
  sim.records(abi.T_CARRIER).filter((r) => r.at > 0n).map((r) => [sim.result.names.ports[r.entity]!, Number(r.at) / 1e9, r.a]);
const spanOf = (sim: Simulated, direction: 0 | 1, from: number, to: number): [bigint, bigint | null] | null => {
  const o = sim.within("hh", direction, from, to);
  return o === undefined ? null : [o.startNs, o.endNs];
};

describe("a cable", () => {
  it("cut: both ends see it 10 ms later; both directions are lost from the first instant", async () => {
    const sim = await run(12, `{at: 5s, fail: ${CABLE}}`, `{at: 8s, repair: ${CABLE}}`);
    assert.deepEqual(carriers(sim), [["h1:eth0", 5.01, 0], ["sw1:Eth11", 5.01, 0], ["h1:eth0", 8.01, 1], ["sw1:Eth11", 8.01, 1]]);
    for (const direction of [0, 1] as const) {
      const [start, end] = spanOf(sim, direction, 5, 12)!;
      assert.equal(start, s(5));
      assert.ok(end! >= s(8.01) && end! <= s(8.01) + 5000n, `${end}`); // and ARP: h1's entries went with its carrier
    }
  });

  it("carrier lost at the host's end: it hears nothing from then on, and speaks until it notices", async () => {
    const sim = await run(12, `{at: 5s, carrier: "h1:eth0"}`, `{at: 8s, repair: ${CABLE}}`);
    assert.deepEqual(carriers(sim), [["h1:eth0", 5.01, 0], ["h1:eth0", 8.01, 1]]); // the switch's end keeps its carrier
    assert.equal(spanOf(sim, 0, 5, 12)![0], s(5.01)); // h1 to h2
    assert.equal(spanOf(sim, 1, 5, 12)![0], s(5)); // h2 to h1
  });

  it("carrier lost at the switch's end: the other way round", async () => {
    const sim = await run(12, `{at: 5s, carrier: "sw1:Eth11"}`, `{at: 8s, repair: ${CABLE}}`);
    assert.deepEqual(carriers(sim), [["sw1:Eth11", 5.01, 0], ["sw1:Eth11", 8.01, 1]]);
    assert.equal(spanOf(sim, 0, 5, 12)![0], s(5)); // the switch hears nothing
    assert.equal(spanOf(sim, 1, 5, 12)![0], s(5.01));
  });

  it("silent one way: only that way is lost, exactly while it lasts", async () => {
    const there = await run(12, `{at: 5s, silent: ${CABLE}, direction: b-to-a}`, `{at: 8s, repair: ${CABLE}}`);
    assert.deepEqual([spanOf(there, 0, 5, 12), spanOf(there, 1, 5, 12)], [[s(5), s(8)], null]);
    const back = await run(12, `{at: 5s, silent: ${CABLE}, direction: a-to-b}`, `{at: 8s, repair: ${CABLE}}`);
    assert.deepEqual([spanOf(back, 0, 5, 12), spanOf(back, 1, 5, 12)], [null, [s(5), s(8)]]);
  });

  it("cut and repaired before anybody noticed: lost exactly that long, and no protocol knows", async () => {
    const sim = await run(12, `{at: 5s, fail: ${CABLE}}`, `{at: 5008ms, repair: ${CABLE}}`);
    assert.deepEqual(carriers(sim), []);
    for (const direction of [0, 1] as const) assert.deepEqual(spanOf(sim, direction, 5, 12), [s(5), s(5.008)]);
  });

  it("losing a tenth of all frames is no outage of the walk; probes count it", async () => {
    const sim = await simulate(switchFile({ flows: [FLOW], steps: scenario(12, `{at: 2s, loss: ${CABLE}, percent: 10}`) }), { probeNs: MS });
    assert.deepEqual(sim.outages, []);
    for (const direction of [0, 1] as const) {
      const arrived = [...probesOf(sim).arrived.get(direction)!].filter((k) => k >= 2000 && k < 12000).length;
      // 10 000 trials of 0.9: mean 9000, standard deviation 30; five of them
      assert.ok(arrived > 8850 && arrived < 9150, `${arrived}`);
    }
  });

  it("delays add up", async () => {
    const text = switchFile({ flows: [FLOW], steps: scenario(3, "{at: 1s, nothing: h1}") })
      .replace("- sw1:Eth11 -- h1:eth0", '- {endpoints: ["sw1:Eth11", "h1:eth0"], delay: 3ms}').replace("- sw1:Eth12 -- h2:eth0", '- {endpoints: ["sw1:Eth12", "h2:eth0"], delay: 4ms}');
    const sim = await simulate(text, { probeNs: 100n * MS });
    const ways = sim.records(abi.T_PROBE).map((r) => r.c);
    assert.ok(ways.length > 50);
    assert.ok(ways.every((us) => us === 7000), `${ways[0]} µs`);
  });
});

describe("a node", () => {
  it("a switch that crashes: its neighbours lose carrier 10 ms later; back after boot, carrier and ARP", async () => {
    const sim = await run(20, "{at: 5s, fail: sw1}", "{at: 8s, repair: sw1}");
    for (const direction of [0, 1] as const) {
      const [start, end] = spanOf(sim, direction, 5, 20)!;
      assert.equal(start, s(5));
      assert.ok(end! >= s(13.01) && end! <= s(13.01) + 5000n, `${end}`); // 5 s boot, 10 ms carrier
    }
    assert.equal(carriers(sim).find(([port]) => port === "h1:eth0")![1], 5.01);
  });

  it("a switch that hangs forwards on; reloading it is what costs", async () => {
    const sim = await run(20, "{at: 5s, hang: sw1}", "{at: 8s, repair: sw1}");
    for (const direction of [0, 1] as const) {
      const [start, end] = spanOf(sim, direction, 5, 20)!;
      assert.equal(start, s(8));
      assert.ok(end! >= s(13.01) && end! <= s(13.01) + 5000n, `${end}`);
    }
  });

  it("a host that hangs or crashes is down both ways at once, and back after its boot", async () => {
    for (const op of ["hang", "fail"]) {
      const sim = await run(20, `{at: 5s, ${op}: h2}`, "{at: 8s, repair: h2}");
      for (const direction of [0, 1] as const) {
        const [start, end] = spanOf(sim, direction, 5, 20)!;
        assert.equal(start, s(5));
        assert.ok(end! >= s(13.01) && end! <= s(13.01) + 5000n, `${op} ${end}`);
      }
    }
  });

  it("an orderly shutdown of the VRRP master costs its skew time, a crash the master-down interval", async () => {
    const worst = async (op: string): Promise<number> => {
      const sim = await simulate(pairFile({ pair: ["gateway-active: false"], steps: scenario(15, `{at: 5s, ${op}: leaf1}`) }));
      const found = sim.outages.filter((o) => o.name === "hd" && o.startNs >= s(5)).map((o) => Number(o.lengthNs) / 1e9);
      assert.ok(found.length > 0, sim.outages.map(span).join("\n"));
      return Math.max(...found);
    };
    // Priority 100 at 1 s: skew (256 - 100) / 256 s = 0.609 s; master-down 3 s more, counted from an advertisement of the last second.
    const skew = 156 / 256;
    const [shutdown, crash] = [await worst("shutdown"), await worst("fail")];
    assert.ok(shutdown >= skew && shutdown <= skew + 0.001, `${shutdown}`);
    assert.ok(crash >= 2 + skew && crash <= 3 + skew + 0.001, `${crash}`);
  });
});
