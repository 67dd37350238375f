// A topology as a lab of another tool, and as a drawing: read back, nodes and cables are the same; what is not carried over is told.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { EXPORTS, type ExportKind } from "../../../bindings/exporters/index.ts";
import { formatNamed, importWhole } from "../../../bindings/importers/index.ts";
import { portName } from "../../../bindings/importers/line.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { exampleNames, exampleText } from "../../support/topologies.ts";
import { dualhome } from "../cli/fixture.ts";

const topologies = exampleNames.flatMap((name): [string, Topology][] => {
  const parsed = parseTopology(exampleText(name), name);
  return "topology" in parsed ? [[name, parsed.topology]] : [];
});
const vms = (t: Topology): Set<string> => new Set(t.vms.map((vm) => vm.name));
const key = (node: string, port: string): string => `${node}:${portName(port).toLowerCase()}`;
const nodesOf = (t: Topology): string[] => t.nodes.filter((n) => !vms(t).has(n.name)).map((n) => n.name).sort();
const cablesOf = (t: Topology): string[] => t.links.filter((l) => !t.vms.some((vm) => vm.links.includes(l.name)))
  .map((l) => [l.a, l.b].map((end) => key(end.split(":")[0]!, end.slice(end.indexOf(":") + 1))).sort().join(" -- ")).sort();

for (const kind of ["containerlab", "netlab"] as const) {
  describe(`export ${kind}, read back`, () => {
    for (const [name, topology] of topologies) {
      it(name, () => {
        const { text } = EXPORTS[kind](topology);
        const files = [{ name: "lab.yml", text }];
        const read = formatNamed(kind)!.read(files);
        assert.deepEqual(read.cables.map(({ a, b }) => [key(a.node, a.port), key(b.node, b.port)].sort().join(" -- ")).sort(), cablesOf(topology));
        const all = [...read.devices, ...read.hosts, ...read.switches].map((n) => n.name).sort();
        assert.deepEqual(all, nodesOf(topology));
        const kinds = new Map([...read.devices, ...read.switches].map((n) => [n.name, n.kind]));
        for (const n of topology.nodes) if (n.kind === "server" && kinds.has(n.name)) assert.equal(kinds.get(n.name), "server", n.name);
      });
    }
  });
}

describe("export and import as a whole", () => {
  const topology = topologies.find(([name]) => name === "mclag-pair")![1];
  const through = (kind: "containerlab" | "netlab"): Topology => {
    const whole = importWhole([{ format: formatNamed(kind)!, files: [{ name: "lab.yml", text: EXPORTS[kind](topology).text }] }], "x");
    const parsed = parseTopology(whole.yaml, "x");
    assert.deepEqual("problems" in parsed ? parsed.problems.map((p) => p.message) : [], []);
    return (parsed as { topology: Topology }).topology;
  };

  it("netlab keeps the pair, its port-channels, VLANs and gateways", () => {
    const back = through("netlab");
    assert.deepEqual(back.pairs.map((p) => p.peers), [["leaf1", "leaf2"]]);
    assert.equal(back.lags.filter((l) => l.pair !== null).length, topology.lags.filter((l) => l.pair !== null).length);
    assert.deepEqual(back.networks.map((n) => [n.vlan, n.subnet]).sort(), topology.networks.map((n) => [n.vlan, n.subnet]).sort());
    assert.deepEqual([...new Set(back.vrrps.map((v) => `${v.vlan} ${v.vrid} ${v.vips[0]}`))].sort(), [...new Set(topology.vrrps.map((v) => `${v.vlan} ${v.vrid} ${v.vips[0]}`))].sort());
  });

  it("containerlab keeps the servers' bonds and addresses", () => {
    const back = through("containerlab");
    const bonds = (t: Topology): string[] => t.lags.filter((l) => l.linux).map((l) => [l.name, l.mode, l.miimonNs, l.lacp?.fast, l.hash, l.primary].join(" ")).sort();
    assert.deepEqual(bonds(back), bonds(topology));
    const addresses = (t: Topology): string[] => t.addresses.filter((a) => t.nodes.some((n) => n.name === a.node && n.kind === "server")).map((a) => `${a.on} ${a.ip}/${a.prefix} ${a.gateway}`).sort();
    assert.deepEqual(addresses(back), addresses(topology));
  });

  it("both are YAML", () => { for (const kind of ["containerlab", "netlab"] as const) for (const [, t] of topologies) assert.equal(typeof parse(EXPORTS[kind](t).text), "object"); });
});

describe("drawings have every node and every cable", () => {
  for (const [name, topology] of topologies) {
    it(name, () => {
      const mermaid = EXPORTS.mermaid(topology).text;
      assert.equal([...mermaid.matchAll(/^ +n\d+[[(]/gm)].length, nodesOf(topology).length);
      assert.equal([...mermaid.matchAll(/^ +n\d+ (---|===)\|"[^"]*"\| n\d+$/gm)].length, cablesOf(topology).length);
      const dot = EXPORTS.graphviz(topology).text;
      assert.equal([...dot.matchAll(/^ {2}"[^"]+" \[/gm)].length, nodesOf(topology).length);
      assert.equal([...dot.matchAll(/^ {2}"[^"]+" -- "[^"]+" \[/gm)].length, cablesOf(topology).length);
    });
  }
});

describe("dualhome export", () => {
  const topology = topologies.find(([name]) => name === "two-site")![1];
  const kinds = Object.keys(EXPORTS) as ExportKind[];
  for (const kind of kinds) {
    it(`${kind}: the text to stdout or a file, what is lost to stderr`, async () => {
      const ran = await dualhome(["export", kind, "dc.dh.yaml"], { topology });
      assert.equal(ran.status, 0);
      assert.equal(ran.out, EXPORTS[kind](topology).text);
      assert.match(ran.err, /^dc\.dh\.yaml: not carried over: scenarios: /m);
      const saved = await dualhome(["export", kind, "dc.dh.yaml", "-o", "lab"], { topology });
      assert.deepEqual([saved.out, new TextDecoder().decode(saved.saved.get("lab"))], ["", ran.out]);
      assert.deepEqual(Object.keys(JSON.parse((await dualhome(["export", kind, "dc.dh.yaml", "--json"], { topology })).out)), ["format", "kind", "text", "lost"]);
    });
  }
});
