// The order of a file decides nothing: whatever the order of its nodes, cables, bonds, flows, the run is the same one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { outages } from "../../../bindings/analysis/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { nameKey } from "../../../bindings/engine/names.ts";
import { traceLines } from "../../../bindings/report/trace-lines.ts";
import { inNameOrder } from "../../../bindings/topology/order.ts";
import { exampleNames, exampleText, span, topologyOf } from "../../support/topologies.ts";

/** What a file may list in any order: maps, and the list of cables. */
const PARTS = ["sites", "networks", "nodes", "links", "lags", "mlag", "bonds", "vms", "gateways", "flows", "services", "applications"];
type File = Record<string, Record<string, unknown> | unknown[]>;

/** A permutation is drawn as one number a place, so that it shrinks to the order of the file. */
function permuted<T>(list: readonly T[], draws: readonly number[]): T[] {
  return list.map((each, i) => ({ each, rank: draws[i % draws.length]!, i })).sort((a, b) => a.rank - b.rank || a.i - b.i).map(({ each }) => each);
}

function shuffled(file: File, draws: readonly number[]): File {
  const turned = { ...file };
  for (const part of PARTS) {
    const value = file[part];
    if (Array.isArray(value)) turned[part] = permuted(value, draws);
    else if (value !== undefined) turned[part] = Object.fromEntries(permuted(Object.entries(value), draws));
  }
  const gateways = (turned["gateways"] ?? {}) as Record<string, { routers: Record<string, unknown> }>;
  for (const [name, gateway] of Object.entries(gateways)) gateways[name] = { ...gateway, routers: Object.fromEntries(permuted(Object.entries(gateway.routers), draws)) };
  return turned;
}

/** What is told of a run, names resolved. */
async function told(text: string, scenarioName: string): Promise<{ trace: string[]; outages: string[] }> {
  const topology = topologyOf(text);
  const run = await runScenario(topology, topology.scenarios.find((each) => each.name === scenarioName)!);
  const list = outages(run);
  const input = { run, outages: list, source: text } as unknown as Parameters<typeof traceLines>[0];
  return { trace: [...traceLines(input, (_colour, line) => line)], outages: list.map((o) => span(o)).sort() };
}

describe("the order of a file", () => {
  for (const name of exampleNames) {
    it(`${name}: changes neither trace nor outages`, async () => {
      const text = exampleText(name);
      const file = parse(text) as File;
      const scenarios = Object.keys(file["scenarios"] ?? {});
      const expected = new Map<string, Awaited<ReturnType<typeof told>>>();
      for (const scenario of scenarios) expected.set(scenario, await told(text, scenario));
      const orders = fc.array(fc.nat(1000), { minLength: 3, maxLength: 40 });
      await fc.assert(fc.asyncProperty(orders, fc.constantFrom(...scenarios), async (draws, scenario) => {
        const found = await told(stringify(shuffled(file, draws)), scenario);
        assert.deepEqual(found.outages, expected.get(scenario)!.outages);
        assert.deepEqual(found.trace, expected.get(scenario)!.trace);
      }), { numRuns: 6, seed: 1 });
    });
  }

  it("is that of names with numbers as numbers", () => {
    const names = ["srv10", "srv2", "srv02", "srv1a", "srv", "a", "srv1", "leaf10:Eth1", "leaf1:Eth10", "leaf1:Eth9"];
    const sorted = ["a", "leaf1:Eth9", "leaf1:Eth10", "leaf10:Eth1", "srv", "srv1", "srv1a", "srv02", "srv2", "srv10"];
    assert.deepEqual(inNameOrder(names, (each) => each), sorted);
    fc.assert(fc.property(fc.array(fc.string()), fc.array(fc.nat(1000), { minLength: 1 }), (list, draws) => {
      assert.deepEqual(inNameOrder(permuted(list, draws), (each) => each), inNameOrder(list, (each) => each));
    }), { seed: 1 });
  });

  it("keys of names are FNV-1a's", () => {
    assert.equal(nameKey(""), 0x811c9dc5);
    assert.equal(nameKey("é"), bytewise("é"));
    assert.equal(nameKey("srv-ü:eth0"), bytewise("srv-ü:eth0"));
    assert.equal(nameKey("a"), 0xe40c292c); // the authors' test vectors
    assert.equal(nameKey("foobar"), 0xbf9cf968);
  });
});

describe("what else there is", () => {
  it("a server more changes no clock of the others: they draw by name", async () => {
    const text = exampleText("mclag-pair");
    const file = parse(text) as File;
    const first = Object.keys(file["scenarios"]!)[0]!;
    const leaf = Object.entries(file["nodes"] as Record<string, { kind: string }>).find(([, node]) => node.kind === "leaf")![0].replace(/(\d+)\.\.\d+$/, "$1");
    const more = { ...file, nodes: { ...file["nodes"], "0-more": { kind: "server", network: Object.keys(file["networks"]!)[0] } }, links: [...((file["links"] ?? []) as unknown[]), `0-more:eth0 -- ${leaf}:Eth40`] };
    const boots = (lines: string[]): string[] => lines.flatMap((line) => {
      const found = /(-?\d+\.\d+s) +(\S+) +node /.exec(line);
      return found === null || found[2] === "0-more" ? [] : [`${found[1]} ${found[2]}`];
    });
    const [before, after] = [boots((await told(text, first)).trace), boots((await told(stringify(more), first)).trace)];
    assert.ok(before.length > 1);
    assert.deepEqual(after, before);
  });
});

/** FNV-1a over UTF-8. */
function bytewise(name: string): number { return new TextEncoder().encode(name).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0; }
