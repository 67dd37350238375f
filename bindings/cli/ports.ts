// --ports leaf1:Eth1,srv1:*  → names of ports.

import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";
import { meant } from "../topology/problems.ts";

export function expandPorts(topology: Topology, text: string): string[] {
  const all = topology.ports.map((p) => `${p.node}:${p.name}`);
  const chosen = new Set<string>();
  for (const part of text.split(",").map((p) => p.trim()).filter((p) => p !== "")) {
    const found = all.filter(matcher(part));
    if (found.length === 0) throw unknownPort(part, all);
    for (const name of found) chosen.add(name);
  }
  if (chosen.size === 0) throw new DualhomeError("DH_PORTS", "--ports names no port", 2);
  return [...chosen];
}

/** `*` stands for any characters. */
function matcher(pattern: string): (name: string) => boolean {
  const source = pattern.split("*").map((s) => s.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}

function unknownPort(part: string, all: string[]): DualhomeError {
  const hint = part.includes("*") ? null : meant(part, all);
  return new DualhomeError("DH_PORT_UNKNOWN", `--ports: no port "${part}"${hint === null ? "" : `; ${hint}`}`, 2);
}
