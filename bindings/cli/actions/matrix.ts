// `dualhome matrix`: every mode of a server against every kind of switch side, run and printed.

import Table from "cli-table3";
import { HOST_MODES, SWITCH_SIDES, cellLines, matrix, type MatrixCell } from "../../matrix/index.ts";
import { FORMAT_VERSION } from "../../report/json.ts";
import { EXIT, print, type Io } from "../io.ts";

const LEGEND = [
  "ok 2/2      every frame arrives, once; members in use of all",
  "ok 1/2      degraded, or as the mode wants it: one member carries everything",
  "flap N/s    switches learn the server's address anew, N times a second",
  "dup N %     so many frames arrive more than once, broadcasts included",
  "in -N %     so many frames to the server are lost, and nobody is told; out: from the server; bc: broadcasts",
  "no traffic  nothing arrives either way",
  "LOOP        a frame has come back to a switch that floods it again: a storm",
];

export async function showMatrix(io: Io, flags: { json: boolean; seed?: bigint }): Promise<number> {
  const cells = await matrix(flags.seed === undefined ? {} : { seed: flags.seed });
  await print(io, [flags.json ? matrixJson(cells) : matrixText(cells)]);
  return EXIT.pass;
}

export function matrixJson(cells: readonly MatrixCell[]): string {
  return `${JSON.stringify({ format: FORMAT_VERSION, cells: cells.map(({ mode, side, verdict, measured }) => ({ mode, side, ...verdict, measured })) }, null, 2)}\n`;
}

export function matrixText(cells: readonly MatrixCell[]): string {
  const table = new Table({ head: ["server", ...SWITCH_SIDES.map((s) => s.short)], style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 } });
  for (const mode of HOST_MODES) {
    table.push([mode.short, ...SWITCH_SIDES.map((side) => {
      const found = cells.find((c) => c.mode === mode.id && c.side === side.id);
      return found === undefined ? "" : cellLines(found.verdict).join("\n");
    })]);
  }
  const sides = SWITCH_SIDES.map((s) => `${s.short.padEnd(12)}${s.says}`);
  return `${[table.toString(), "", ...LEGEND, "", ...sides].join("\n")}\n`;
}
