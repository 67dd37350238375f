// Why the engine stopped, in words. Codes as in assembly/core/trap.ts.

import { DualhomeError } from "../errors.ts";
import type { EngineExports } from "./exports.ts";

const WORDS: Record<number, (detail: number) => string> = {
  1: () => "a table was asked for while running",
  2: (n) => `more than ${n} frames in flight: a forwarding loop, or a table that is too small`,
  3: (n) => `the MAC table is full (${n} rows)`,
  4: (n) => `the ARP table is full (${n} rows)`,
  5: (port) => `the state machines of port ${port} do not come to rest`,
  6: (table) => `configuration table ${table} has more rows than were reserved`,
  7: (table) => `a row of configuration table ${table} does not exist or is out of order`,
  8: (event) => `event ${event} was scheduled before now`,
  10: (n) => `one event wrote more than the trace ring holds (${n} records)`,
  11: (n) => `more than ${n} frames of hellos that were left out are in flight at once`,
  12: (kind) => `a hello that was left out would have changed something (timer kind ${kind})`,
  9: (state) => `a state that no machine has (${state})`,
  13: (mib) => `out of memory: a table of ${mib} MiB more does not fit in what the engine may have (4 GiB), or in what the machine gives it`,
};

/** What WebAssembly itself says, in words: it is the engine that is wrong, never the design. */
const OWN: readonly (readonly [RegExp, string])[] = [[/unreachable/, "a check failed"], [/out of bounds/, "a row beyond the end of its table"], [/call stack/, "calls without end"]];

/** Turns what WebAssembly threw into an error that names the table or rule. `atNs`: where the scenario's clock stood. */
export function engineFault(engine: EngineExports, thrown: unknown, atNs?: bigint): DualhomeError {
  const code = engine.trapCode();
  const words = WORDS[code]?.(engine.trapDetail());
  const at = atNs === undefined ? "" : ` at ${(Number(atNs) / 1e9).toFixed(3)} s`;
  return new DualhomeError("DH_ENGINE", `the engine stopped${at}: ${words ?? mistake(thrown)}`, 3);
}

function mistake(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return `${OWN.find(([pattern]) => pattern.test(text))?.[1] ?? text}; this is a mistake in dualhome, please report it with the topology file, the steps and the seed`;
}
