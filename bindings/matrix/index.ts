// Door of the matrix folder: every mode of a server against every kind of switch side, each run and judged.

import type { InstanceOptions } from "../engine/index.ts";
import { HOST_MODES, SWITCH_SIDES, cell, type HostMode, type SwitchSide } from "./cells.ts";
import { judge, type Verdict } from "./judge.ts";
import { measure, type Measured } from "./measure.ts";

export { HOST_MODES, SWITCH_SIDES, cell } from "./cells.ts";
export { cellLines, judge } from "./judge.ts";
export { measure } from "./measure.ts";
export type { HostMode, SwitchSide, Verdict, Measured };

export interface MatrixCell { mode: HostMode; side: SwitchSide; verdict: Verdict; measured: Measured }

/** These modes begin with everything on one member and deal anew after ten seconds. */
const DEALS: ReadonlySet<HostMode> = new Set(["balance-tlb", "balance-alb"]);
const REDEALT_NS = 11_000_000_000n;

export async function runCell(mode: HostMode, side: SwitchSide, options: Pick<InstanceOptions, "seed" | "wasm"> = {}): Promise<MatrixCell> {
  const measured = await measure(cell(mode, side), { ...options, ...(DEALS.has(mode) ? { warmNs: REDEALT_NS } : {}) });
  return { mode, side, verdict: judge(measured), measured };
}

export async function matrix(options: Pick<InstanceOptions, "seed" | "wasm"> = {}): Promise<MatrixCell[]> {
  const cells: MatrixCell[] = [];
  for (const mode of HOST_MODES) for (const side of SWITCH_SIDES) cells.push(await runCell(mode.id, side.id, options));
  return cells;
}
