// `dualhome check`: is the file right, and what does it leave to be assumed? Starts no engine.

import { plural } from "../report/format.ts";
import { FORMAT_VERSION } from "../report/json.ts";
import type { Topology } from "../topology/model.ts";
import { readTopology, showProblems } from "./input.ts";
import { EXIT, print, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";

export async function check(io: Io, parts: Parts, file: string, flags: { json: boolean; colour: boolean }): Promise<number> {
  const read = await readTopology(io, parts, file);
  const problems = "problems" in read ? read.problems : [];
  if (flags.json) await print(io, [checkJson(file, read)]);
  else if ("topology" in read) await print(io, [checkText(file, read.topology)]);
  else await showProblems(io, parts, problems, read.text, flags.colour);
  return problems.length === 0 ? EXIT.pass : EXIT.usage;
}

function checkJson(file: string, read: Awaited<ReturnType<typeof readTopology>>): string {
  const topology = "topology" in read ? read.topology : null;
  const problems = "problems" in read ? read.problems.map(({ code, message, where, help }) => ({ code, message, ...where, help })) : [];
  const counts = topology === null ? null : { nodes: topology.nodes.length, links: topology.links.length, flows: topology.flows.length, services: topology.services.length };
  const scenarios = topology?.scenarios.map((s) => s.name) ?? [];
  return `${JSON.stringify({ format: FORMAT_VERSION, file, ok: topology !== null, problems, counts, scenarios, assumed: topology?.assumptions ?? [] }, null, 2)}\n`;
}

function checkText(file: string, t: Topology): string {
  const counts = [
    plural(t.nodes.length, "node"), plural(t.links.length, "link"), plural(t.lags.length, "bundle"), plural(t.pairs.length, "MC-LAG pair"),
    plural(t.flows.length, "flow"), plural(t.services.length, "service"),
  ].join(", ");
  const scenarios = t.scenarios.length === 0 ? "no scenario" : `${plural(t.scenarios.length, "scenario")}: ${t.scenarios.map((s) => s.name).join(", ")}`;
  const assumed = t.assumptions.map((a) => `  ${a.what}  ${a.value}  ${a.source}`);
  const list = assumed.length === 0 ? [] : ["ASSUMED: not in the file", ...assumed];
  return `${[`${file}: ok`, counts, scenarios, ...list].join("\n")}\n`;
}
