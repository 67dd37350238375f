// The same design, the same single failures: what a plain graph says (bench/lab/graph.py) and what a sweep says.
// usage: node --import tsx bench/lab/graph.ts FILE...

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseTopology, sweep, type SweepRow } from "../../bindings/index.ts";

const nodeOf = (port: string): string => port.slice(0, port.lastIndexOf(":"));

interface Counts { failures: number; same: number; graphOnly: number; unseen: number; broken: number; graphMs: number; sweepMs: number }

/** Flows and failures of nodes and cables alone: a graph knows no other. */
async function compare(file: string): Promise<Counts> {
  const parsed = parseTopology(readFileSync(file, "utf8"), file);
  if (!("topology" in parsed)) throw new Error(`${file}: ${parsed.problems[0]?.message}`);
  const { topology } = parsed;
  const nodes = new Set(topology.nodes.map((n) => n.name));
  const began = performance.now();
  const rows: SweepRow[] = [];
  for await (const row of sweep(topology, { workers: 1 })) rows.push(row);
  const sweepMs = performance.now() - began;
  const cut = rows.filter((row) => row.op === "fail" && (nodes.has(row.target) || topology.links.some((l) => l.name === row.target)));
  const notUp = new Set(rows.flatMap((row) => row.notUp ?? []));
  const flows = topology.flows.filter((f) => f.role === "flow" && !notUp.has(f.name)); // of one that was never up a sweep has nothing to say
  const graph = JSON.parse(execFileSync("python3", [new URL("graph.py", import.meta.url).pathname], {
    input: JSON.stringify({
      nodes: [...nodes], cables: topology.links.map((l) => [l.name, nodeOf(l.a), nodeOf(l.b)]), flows: flows.map((f) => [f.name, f.from, f.to]),
      failures: cut.map((row) => [nodes.has(row.target) ? "node" : "link", row.target]),
    }),
  }).toString()) as { lost: string[][]; ms: number };
  const counts: Counts = { failures: cut.length, same: 0, graphOnly: 0, unseen: 0, broken: 0, graphMs: graph.ms, sweepMs };
  cut.forEach((row, i) => {
    const lost = new Set(graph.lost[i]);
    const hits = row.hits.filter((h) => h.subject === "flow" && flows.some((f) => f.name === h.name));
    const down = new Set(hits.filter((h) => h.failureNs === null).map((h) => h.name));
    for (const name of lost) counts[down.has(name) ? "same" : "graphOnly"] += 1;
    for (const name of down) if (!lost.has(name)) counts.unseen += 1;
    counts.broken += hits.filter((h) => !lost.has(h.name) && h.failureNs !== null && h.failureNs !== "0").length;
  });
  return counts;
}

console.log("design | failures | flow lost for good: both say so | the graph alone | the sweep alone | flow down for a time, of which the graph knows nothing | ms, graph | ms, sweep");
for (const file of process.argv.slice(2)) {
  const c = await compare(file);
  console.log([basename(file, ".dh.yaml"), c.failures, c.same, c.graphOnly, c.unseen, c.broken, c.graphMs.toFixed(0), c.sweepMs.toFixed(0)].join(" | "));
}
