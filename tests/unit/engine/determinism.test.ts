// One seed, one trace: whatever the build, the slices, the sizes of the rings, and whatever else is watched.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { TRACE_BYTES } from "../../../assembly/abi.ts";
import { runScenario, wasmUrl, type RunOptions } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/index.ts";
import { withoutNothing } from "../../support/traces.ts";
import { Simulated, exampleText, pairFile, s, scenario, simulate, span, topologyOf } from "../../support/topologies.ts";

const STEPS = ["{at: 5s, fail: leaf1}", "{at: 20s, repair: leaf1}", "{at: 40s, fail: mlag/pair/peer-link}"];
const text = pairFile({ steps: scenario(60, ...STEPS) });
const trace = async (options: RunOptions = {}, of = text): Promise<Buffer> => Buffer.from((await simulate(of, options)).result.trace.bytes());
const same = (a: Buffer, b: Buffer, what: string): void => assert.ok(a.equals(b), `${what}: ${firstDifference(a, b)}`);

function firstDifference(a: Buffer, b: Buffer): string {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return `record ${Math.floor(i / TRACE_BYTES) + 1} differs`;
  return `${a.length / TRACE_BYTES} and ${b.length / TRACE_BYTES} records`;
}

describe("determinism", () => {
  it("equal seeds give equal bytes, different seeds do not", async () => {
    const first = await trace({ seed: 7n });
    same(first, await trace({ seed: 7n }), "again");
    assert.ok(!first.equals(await trace({ seed: 8n })));
  });

  it("release and debug build agree", async () => {
    same(await trace(), await trace({ debug: true }), "debug");
    same(await trace({}, exampleText("mclag-pair")), await trace({ debug: true }, exampleText("mclag-pair")), "mclag-pair, debug");
  });

  it("slices of any size give the same trace", async () => {
    const whole = await trace();
    for (const slice of [7, 64, 1000]) same(whole, await trace({ slice }), `slices of ${slice} events`);
  });

  it("a small trace ring gives the same trace", async () => {
    same(await trace(), await trace({ reserves: { traceRows: 256 } }), "256 rows");
  });

  it("watching ports changes nothing", async () => {
    same(await trace(), await trace({ capturePorts: ["h1:eth0", "leaf1:Eth53"] }), "captures");
  });

  it("a step that does nothing changes no byte but its own record", async () => {
    for (const target of ["leaf1", '"leaf1:Eth3--h1:eth0"', '"leaf1:Eth3"']) {
      const more = await trace({}, pairFile({ steps: scenario(60, `{at: 3s, nothing: ${target}}`, ...STEPS) }));
      same(await trace(), withoutNothing(more), `nothing: ${target}`);
    }
  });

  it("probes change no outage", async () => {
    const plain = await simulate(text);
    const probed = await simulate(text, { probeNs: 5_000_000n });
    const list = (sim: typeof plain): string[] => sim.outages.map((o) => `${o.subject} ${o.name} ${o.direction} ${o.startNs} ${o.endNs}`);
    assert.deepEqual(list(probed), list(plain));
  });

  // Of everything else: file-order.test.ts.
  it("the order of links in the file changes no outage", async () => {
    const topology = topologyOf(text);
    const turned: Topology = { ...topology, links: [...topology.links].reverse() };
    const list = async (t: Topology): Promise<string[]> => new Simulated(await runScenario(t, topology.scenarios[0]!)).outages.map(span).sort();
    assert.deepEqual(await list(turned), await list(topology));
  });
});

describe("the module", () => {
  const module = new WebAssembly.Module(readFileSync(wasmUrl));

  it("imports nothing", () => {
    assert.deepEqual(WebAssembly.Module.imports(module).map((i) => `${i.module}.${i.name}`), []);
  });

  it("exports what bindings/engine/exports.ts says, with as many parameters", () => {
    const typed = readFileSync(new URL("../../../bindings/engine/exports.ts", import.meta.url), "utf8");
    const read = (file: string): string => readFileSync(new URL(`../../../assembly/${file}.ts`, import.meta.url), "utf8");
    const handedOn = [...read("index").matchAll(/^export \{ ([^}]*) \} from "\.\/([^"]+)";$/gm)].flatMap(([, names = "", file = ""]) => // functions of other files, by name
      [...read(file).matchAll(/^export function (\w+)\([^)]*\)/gm)].filter((m) => names.split(", ").includes(m[1]!)).map((m) => m[0]));
    const whole = [...read("index").matchAll(/^export \* from "\.\/([^"]+)";$/gm)].map((m) => read(m[1]!));
    const source = [read("index"), ...whole, ...handedOn].join("\n");
    const count = (list: string): number => (list.trim() === "" ? 0 : list.split(",").length);
    const declared = new Map([...typed.matchAll(/^ {2}(\w+)\(([^)]*)\)/gm)].map((m) => [m[1]!, count(m[2]!)]));
    const written = new Map([...source.matchAll(/^export function (\w+)\(([^)]*)\)/gm)].map((m) => [m[1]!, count(m[2]!)]));
    assert.deepEqual([...declared].sort(), [...written].sort());
    const exported = WebAssembly.Module.exports(module).filter((e) => e.kind === "function" && !e.name.startsWith("__")).map((e) => e.name);
    assert.deepEqual(exported.sort(), [...written.keys()].sort());
  });
});

describe("a full table", () => {
  const cases: [string, RunOptions, RegExp][] = [
    ["MAC table", { reserves: { fdbRows: 3 } }, /the MAC table is full \(3 rows\)/],
    ["ARP table", { reserves: { arpRows: 2 } }, /the ARP table is full \(2 rows\)/],
    ["frames", { reserves: { frameRows: 2 } }, /more than 2 frames in flight/],
    ["trace ring", { reserves: { traceRows: 8 } }, /more than the trace ring holds \(8 records\)/],
  ];
  for (const [what, options, message] of cases) {
    it(`${what}: named, exit code 3`, async () => {
      await assert.rejects(simulate(text, options), (error: { code: string; exitCode: number; message: string }) => {
        assert.equal(error.code, "DH_ENGINE");
        assert.equal(error.exitCode, 3);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("a run of the same topology that stays within them ends by itself", async () => {
    assert.equal((await simulate(text)).result.endNs, s(60));
  });
});
