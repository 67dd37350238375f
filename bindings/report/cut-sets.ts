// Cut sets in reports: of each service how many there are of one, two and three elements, the smallest by name, and where the simulation differs.

import type { CrossCheck, CutSets } from "../sweep/index.ts";
import { plural } from "./format.ts";
import type { TableOptions } from "./table.ts";
import { hanging } from "./wrap.ts";

const SERVICES_MAX = 12;
const SETS_MAX = 3;

export function cutLines(cuts: readonly CutSets[], check: readonly CrossCheck[], order: 1 | 2, options: TableOptions & { all?: boolean }): string[] {
  if (cuts.length === 0) return [];
  const shown = options.all ? cuts : cuts.slice(0, SERVICES_MAX);
  const lines = [options.paint("bold", "Minimal cut sets, of nodes and cables"), ...shown.map((each) => hanging(each.name, each.name, `  ${cutWords(each)}`, 4, options.width))];
  if (shown.length < cuts.length) lines.push(`  and ${plural(cuts.length - shown.length, `${cuts[0]!.subject}`)} more: --all, --json`);
  for (const each of check) {
    if (each.simulationOnly.length > 0) lines.push(hanging(each.name, options.paint("red", each.name), `  a way is left, and the protocols do not take it, without ${sets(each.simulationOnly)}`, 4, options.width));
    if (each.graphOnly.length > 0) lines.push(hanging(each.name, options.paint("red", each.name), `  no way is left in the graph, and the simulation keeps it up, without ${sets(each.graphOnly)}`, 4, options.width));
  }
  const differ = check.filter((each) => each.simulationOnly.length + each.graphOnly.length > 0).length;
  if (differ === 0) lines.push(`the simulation of ${order === 1 ? "single failures" : "pairs"} agrees`);
  return lines;
}

export function cutWords({ sets: all, order }: CutSets): string {
  if (all.length === 0) return `none of up to ${order}`;
  const counts = Array.from({ length: order }, (_, i) => ({ size: i + 1, count: all.filter((set) => set.length === i + 1).length })).filter(({ count }) => count > 0);
  return `${counts.map(({ size, count }) => `${count} of ${size}`).join(", ")}: ${sets(all)}`;
}

function sets(all: readonly (readonly string[])[]): string {
  const shown = all.slice(0, SETS_MAX).map((set) => set.join(" + ")).join("; ");
  return all.length > SETS_MAX ? `${shown}; ..` : shown;
}
