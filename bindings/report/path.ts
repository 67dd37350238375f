// The ways of a flow, hop by hop, and what each cable carries.

import Table from "cli-table3";
import type { FlowPath } from "../engine/index.ts";
import type { LinkLoad } from "../analysis/load.ts";
import type { Paint } from "./paint.ts";

/** One direction, `virtual`: ports of virtual cables. Who bridged, who routed (the gateway taken). */
export function pathLines(path: FlowPath, title: string, paint: Paint, virtual: ReadonlySet<string> = new Set()): string[] {
  if (path.hops.length === 0) return [paint("bold", title), `  ${paint("red", "its frames do not arrive")}`];
  const lines = [paint("bold", title)];
  path.hops.forEach((hop, i) => {
    const node = hop.from.split(":")[0]!;
    const did = i === 0 ? "sends" : hop.routed ? paint("cyan", "routes") : hop.flooded ? paint("yellow", "floods") : "bridges";
    lines.push(`  ${node} ${did}  ${hop.from} → ${hop.to}`);
  });
  const gateways = [...new Set(path.hops.filter((h) => h.routed).map((h) => h.from.split(":")[0]!))];
  const inside = path.hops.filter((h) => virtual.has(h.from)).length;
  const cables = inside === 0 ? "" : ` (${inside} virtual, ${path.hops.length - inside} cables)`;
  lines.push(`  ${path.hops.length} hops${cables}, ${gateways.length === 0 ? "no gateway" : `gateway${gateways.length > 1 ? "s" : ""}: ${gateways.join(", ")}`}`);
  return lines;
}

export function loadTable(loads: readonly LinkLoad[], paint: Paint, all: boolean): string {
  const rows = loads.filter((l) => all || l.mbps > 0).sort((a, b) => b.mbps / b.capacityMbps - a.mbps / a.capacityMbps);
  const table = new Table({
    head: ["from", "to", "Mbit/s", "of", "load", "flows"].map((h) => paint("bold", h)), colAligns: ["left", "left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const l of rows) {
    const share = `${((100 * l.mbps) / l.capacityMbps).toFixed(1)} %`;
    table.push([l.from, l.to, l.mbps, l.capacityMbps, l.mbps > l.capacityMbps ? paint("red", share) : share, l.flows.length]);
  }
  return table.toString();
}
