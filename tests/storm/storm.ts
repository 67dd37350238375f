// The storm itself: draws cases, holds each to the invariants, shrinks what fails.

import fc from "fast-check";
import { DualhomeError } from "../../bindings/errors.ts";
import { type StormCase } from "./case.ts";
import { stormCase } from "./generate.ts";
import { inTurn, invariants, type Held } from "./invariants/index.ts";
import { TooStormy, World } from "./world.ts";

export interface Failure { invariant: string; objections: string[]; of: StormCase; draw: string }
export interface Tally {
  cases: number;
  /** cases of a storm that does not end, or is more than the engine has room for: nothing is held against them */
  tooMuch: number;
  /** how often each invariant said something of a case */
  held: Map<string, number>;
  /** the smallest case of each invariant that failed */
  failures: Failure[];
  /** further cases of invariants that had failed already */
  more: number;
}

export interface Settings {
  seed: number; cases: number; untilMs: number; wasm: WebAssembly.Module; now: () => number; onCase?: (tally: Tally) => void;
  /** the smallest case of an invariant that had held so far */
  onFailure?: (failure: Failure) => void;
  /** a case of those in `more`, as it was drawn */
  onMore?: (failure: Failure) => void;
}

/** A loop in which broadcasts double is stopped when frames run out of room. */
const TOO_MUCH = /frames in flight|is full|more than the trace ring/;
const FAULT = "engine";
/** Cases of one draw of fast-check; a draw is what is shrunk in. */
const BATCH = 25;

export function emptyTally(): Tally { return { cases: 0, tooMuch: 0, held: new Map(), failures: [], more: 0 }; }

export async function storm(settings: Settings): Promise<Tally> {
  const tally = emptyTally();
  for (let draw = 0; tally.cases < settings.cases && settings.now() < settings.untilMs; draw++) await batch(settings, tally, draw);
  return tally;
}

async function batch(settings: Settings, tally: Tally, draw: number): Promise<void> {
  const runs = Math.min(BATCH, settings.cases - tally.cases);
  let shrinking: string | null = null; // the invariant that has failed in this draw
  let smallest: Failure | null = null;
  const property = fc.asyncProperty(stormCase, async (of) => {
    if (shrinking === null) tally.cases += 1;
    const only = shrinking === null ? inTurn(tally.cases) : shrinking === FAULT ? invariants : invariants.filter((i) => i.name === shrinking);
    const failed = await failuresOf(of, settings.wasm, only, shrinking === null ? tally : null);
    settings.onCase?.(tally);
    const known = new Set(tally.failures.map((f) => f.invariant));
    const fresh = failed.find((f) => (shrinking === null ? !known.has(f.invariant) : f.invariant === shrinking));
    if (fresh === undefined) {
      if (shrinking === null && failed.length > 0) { tally.more += 1; settings.onMore?.({ ...failed[0]!, draw: `${settings.seed}/${draw}` }); }
      return;
    }
    shrinking = fresh.invariant;
    smallest = { ...fresh, draw: `${settings.seed}/${draw}` };
    throw new Error(fresh.invariant);
  });
  const left = Math.max(1, settings.untilMs - settings.now());
  const { errorInstance } = await fc.check(property, { numRuns: runs, seed: settings.seed * 1_000_003 + draw, interruptAfterTimeLimit: left, markInterruptAsFailure: false });
  if (smallest === null) {
    if (errorInstance !== null && errorInstance !== undefined) throw errorInstance; // an invariant that stumbles has held nothing
    return;
  }
  tally.failures.push(smallest);
  settings.onFailure?.(smallest);
}

/** What a case breaks. */
export async function failuresOf(of: StormCase, wasm: WebAssembly.Module, only: readonly Held[] = invariants, tally: Tally | null = null): Promise<Omit<Failure, "draw">[]> {
  const world = new World(of, wasm);
  const failed: Omit<Failure, "draw">[] = [];
  for (const invariant of only) {
    try {
      const found = await invariant.hold(world);
      if (found === null) continue;
      if (tally !== null) tally.held.set(invariant.name, (tally.held.get(invariant.name) ?? 0) + 1);
      if (found.length > 0) failed.push({ invariant: invariant.name, objections: found, of });
    } catch (thrown) {
      if (!(thrown instanceof DualhomeError || thrown instanceof TooStormy)) throw thrown;
      if (thrown instanceof TooStormy || TOO_MUCH.test(thrown.message)) { if (tally !== null) tally.tooMuch += 1; return failed; }
      failed.push({ invariant: FAULT, objections: [thrown.message], of });
      return failed;
    }
  }
  return failed;
}
