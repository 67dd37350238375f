// Cut sets in reports: of each service how many there are of one, two and three elements, the smallest by name, and where the simulation differs.

import type { CrossCheck, CutSets } from "../sweep/index.ts";
import { plural } from "./format.ts";
import { heading, markdownTable } from "./markdown.ts";
import type { TableOptions } from "./table.ts";
import { hanging } from "./wrap.ts";

const SERVICES_MAX = 12;
const SETS_MAX = 3;

export function cutLines(cuts: readonly CutSets[], check: readonly CrossCheck[], order: 1 | 2, options: TableOptions & { all?: boolean }): string[] {
  if (cuts.length === 0) return [];
  const shown = options.all ? cuts : cuts.slice(0, SERVICES_MAX);
  const lines = [options.paint("bold", "Minimal cut sets, of nodes and cables"), ...shown.map((each) => hanging(each.name, each.name, `  ${cutWords(each)}`, 4, options.width))];
  if (shown.length < cuts.length) lines.push(`  and ${plural(cuts.length - shown.length, `${cuts[0]!.subject}`)} more: --all, --json`);
  for (const { name, how } of differing(check)) lines.push(hanging(name, options.paint("red", name), `  ${how}`, 4, options.width));
  if (differing(check).length === 0) lines.push(agrees(order));
  return lines;
}

const agrees = (order: 1 | 2): string => `the simulation of ${order === 1 ? "single failures" : "pairs"} agrees`;

/** Where graph and simulation are of two minds. */
function differing(check: readonly CrossCheck[]): { name: string; how: string }[] {
  return check.flatMap(({ name, simulationOnly, graphOnly }) => [
    ...(simulationOnly.length === 0 ? [] : [{ name, how: `a way is left, and the protocols do not take it, without ${sets(simulationOnly)}` }]),
    ...(graphOnly.length === 0 ? [] : [{ name, how: `no way is left in the graph, and the simulation keeps it up, without ${sets(graphOnly)}` }]),
  ]);
}

/** The same in Markdown, of all services; nothing where there are none. */
export function cutMarkdown(cuts: readonly CutSets[], check: readonly CrossCheck[], order: 1 | 2): string[] {
  if (cuts.length === 0) return [];
  const differ = differing(check);
  const table = markdownTable({ head: ["name", "cut sets"], rows: cuts.map((each) => [each.name, cutWords(each)]) });
  const end = differ.length === 0 ? [`${agrees(order)[0]!.toUpperCase()}${agrees(order).slice(1)}.`] : [markdownTable({ head: ["name", "graph and simulation differ"], rows: differ.map(({ name, how }) => [name, how]) })];
  return ["", heading(2, "Minimal cut sets, of nodes and cables"), "", table, "", ...end];
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
