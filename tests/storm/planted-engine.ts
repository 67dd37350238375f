// npm run storm -- --planted: engines with one line wrong, each built for itself in a temporary folder, and how many cases the invariant that is there for it needs
// to see it. Some minutes of a processor, so by hand: the table is in docs/storm.md.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import binaryen from "binaryen";
import fc from "fast-check";
import { stormCase } from "./generate.ts";
import { invariants } from "./invariants/index.ts";
import { failuresOf } from "./storm.ts";

interface Planted { invariant: string; what: string; file: string; line: string; wrong: string; /** variables of the engine that snapshots do not have */ unseen?: string[] }

const PLANTED: readonly Planted[] = [
  { invariant: "no-loop", what: "RSTP gives a port that hears a better bridge the designated role", file: "stp/selection.ts", line: "STP_ROLE_BACKUP : STP_ROLE_ALTERNATE;", wrong: "STP_ROLE_BACKUP : STP_ROLE_DESIGNATED;" },
  { invariant: "one-master", what: "a VRRP Master does not give way", file: "fhrp/vrrp.ts", line: "if (priority > v.priority || (priority == v.priority && senderIp > v.primaryIp)) {", wrong: "if (priority > 255) {" },
  { invariant: "path-reaches", what: "a cut cable has a signal", file: "events/link.ts", line: "return link.cut == 0 && (link.noSignal", wrong: "return (link.noSignal" },
  { invariant: "repair-restores", what: "a carrier that was lost does not return", file: "events/link.ts", line: "if (present == (p.carrier != 0)) return;\n  stirPort", wrong: "if (present == (p.carrier != 0) || (present && p.cause != 0)) return;\n  stirPort" },
  { invariant: "probes-agree", what: "one measuring frame in eight is lost", file: "sim/frames.ts", line: "if (frame.kind == FRAME_PROBE) countSent(port);", wrong: "if (frame.kind == FRAME_PROBE) { countSent(port); if ((now & 7) == 0) return true; }" },
  { invariant: "frames-conserved", what: "frames are 1 ns longer under way than the cable is", file: "sim/frames.ts", line: "schedule(<u32>event, now + link.delayNs);", wrong: "schedule(<u32>event, now + link.delayNs + 1);" },
  { invariant: "nothing-changes", what: "a step that does nothing makes its cable 1 ns longer", file: "events/fault.ts", line: "if (s.op != FAULT_NOTHING) noteStep(record);", wrong: "if (s.op != FAULT_NOTHING) noteStep(record); else if (s.kind == TARGET_LINK) linkOf(s.target).delayNs += 1;" },
  { invariant: "snapshot-same", what: "a copy does not have the count of records", file: "core/trace.ts", line: "let written: u32 = 0;", wrong: "let written: u32 = 0;", unseen: ["assembly/core/trace/written", "assembly/core/trace/drained"] },
  { invariant: "hellos-same", what: "advertisements that were left out shift the next one by 1 ns", file: "sim/rest-vrrp.ts", line: "router.adverAt += span;", wrong: "router.adverAt += span + 1;" },
  { invariant: "rstp-reference", what: "TxHoldCount is 7", file: "stp/port.ts", line: "TX_HOLD_COUNT: i32 = 6;", wrong: "TX_HOLD_COUNT: i32 = 7;" },
  { invariant: "rstp-reference", what: "a repeated proposal is not recorded", file: "stp/information.ts", line: "case REPEATED_DESIGNATED: recordProposal(p);", wrong: "case REPEATED_DESIGNATED:" },
  { invariant: "vrrp-reference", what: "Skew_Time is in 255ths", file: "fhrp/vrrp.ts", line: "return share * unit / 256;", wrong: "return share * unit / 255;" },
  { invariant: "lacp-reference", what: "Aggregate_Wait_Time is 3 s", file: "lacp/timing.ts", line: "AGGREGATE_WAIT_TIME: i64 = 2;", wrong: "AGGREGATE_WAIT_TIME: i64 = 3;" },
  { invariant: "hash-reference", what: "the last bit of the hash counts", file: "bond/xmit-hash.ts", line: "return fold(key.ports ^ addressTerm(key)) >> 1;", wrong: "return fold(key.ports ^ addressTerm(key));" },
  { invariant: "mac-reference", what: "an address is not fresh for having been seen again", file: "collections/fdb.ts", line: "export function fdbTouch(i: i32): void { seen(i, now); }", wrong: "export function fdbTouch(i: i32): void {}" },
];

/** What is not there, or not once, in the engine's sources. */
export function misplaced(): string[] {
  return PLANTED.filter((p) => readFileSync(join(root, "assembly", p.file), "utf8").split(p.line).length !== 2).map((p) => `${p.file}: ${p.line}`);
}

const CASES = 300;
const SEED = 4711;
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The engine with that line wrong; null: with none. */
async function engine(planted: Planted | null): Promise<WebAssembly.Module> {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-planted-"));
  try {
    cpSync(join(root, "assembly"), join(folder, "assembly"), { recursive: true });
    if (planted !== null) {
      const file = join(folder, "assembly", planted.file);
      writeFileSync(file, readFileSync(file, "utf8").replace(planted.line, () => planted.wrong));
    }
    const { options } = JSON.parse(readFileSync(join(root, "asconfig.json"), "utf8")) as { options: { runtime: string; memoryBase: number; bindings: string; use: string[]; enable: string[] } };
    const messages: string[] = [];
    const { error } = await asc.main([
      "assembly/index.ts", "--outFile", "engine.wasm", "--baseDir", folder, "--optimizeLevel", "0", "--debug", "--uncheckedBehavior", "always", "--runtime", options.runtime,
      "--memoryBase", String(options.memoryBase), "--bindings", options.bindings, ...options.use.flatMap((u) => ["--use", u]), ...options.enable.flatMap((e) => ["--enable", e]),
    ], { stderr: { write: (chunk: unknown) => { messages.push(String(chunk)); } } });
    if (error) throw new Error(messages.join(""));
    return await WebAssembly.compile(exposed(readFileSync(join(folder, "engine.wasm")), planted?.unseen));
  } finally { rmSync(folder, { recursive: true }); }
}

/** As scripts/expose-state.mjs does, but for some variables. */
function exposed(bytes: Uint8Array, unseen: readonly string[] = []): Uint8Array<ArrayBuffer> {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(binaryen.Features.All);
  let count = 0;
  let missed = 0;
  for (let i = 0; i < module.getNumGlobals(); i++) {
    const { name, mutable, base } = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
    if (unseen.includes(name)) missed += 1;
    else if (mutable && base === "") module.addGlobalExport(name, `state:${count++}`);
  }
  if (missed !== unseen.length) throw new Error(`the engine does not have all of ${unseen.join(", ")}`);
  return new Uint8Array(module.emitBinary());
}

/** The case in which the invariant objects first, from 1, and what it says; null: in none. */
async function seen(wasm: WebAssembly.Module, name: string): Promise<{ at: number; says: string } | null> {
  const only = invariants.filter((i) => i.name === name);
  for (const [i, of] of fc.sample(stormCase, { numRuns: CASES, seed: SEED }).entries()) {
    const failed = (await failuresOf(of, wasm, only)).find((f) => f.invariant === name);
    if (failed !== undefined) return { at: i + 1, says: failed.objections[0]! };
  }
  return null;
}

/** Is each planted fault of these invariants seen? */
export async function planted(say: (line: string) => void, only: RegExp = /./): Promise<boolean> {
  if (misplaced().length > 0) throw new Error(`cannot be planted: ${misplaced().join("; ")}`);
  let all = true;
  say("| Invariant | Planted | Seen in case |\n|---|---|---|");
  for (const p of PLANTED.filter(({ invariant }) => only.test(invariant))) {
    const found = await seen(await engine(p), p.invariant);
    say(`| ${p.invariant} | ${p.what} | ${found === null ? `not in ${CASES}` : `${found.at}: ${found.says.replaceAll("|", "/").slice(0, 160)}`} |`);
    all &&= found !== null;
  }
  return all;
}
