// A guided tour: what is said, what is done, and what must be so then. tests/unit/page/tours.test.ts runs each tour and holds it to what it says.

import type { StepText } from "../messages.ts";

/** What is said, in both languages. {1} is the value of the first expectation of the step. */
export interface Said { en: string; ko: string }

export type TourAction = { step: string } | { run: string } | { seek: string } | { select: string };

/** Milliseconds are to the nearest microsecond. `within`: what the protocol's own numbers allow, in ms, and `because`: which ones. */
export type Expectation =
  /** a flow, a service or an application was down for so long in all, since 0 s */
  | { down: string; ms: number; within: [number, number]; because: string }
  /** at this instant */
  | { isDown: string } | { isUp: string }
  /** not once since 0 s */
  | { neverDown: string }
  /** an event whose sentence has these words, at this instant (ms); the last of them so far */
  | { event: string; atMs: number }
  /** a view of a node (`dualhome show`) has these words in one line */
  | { show: string; of: [node: string, view: string] }
  /** cables that a flow takes one way */
  | { hops: string; is: number }
  /** with one of its words changed, the file is refused with this code */
  | { refused: string; change: [from: string, to: string] };

export interface TourStep { say: Said; do?: readonly TourAction[]; expect?: readonly Expectation[] }

/** system: its number in docs/systems.md; file: in tours/files/ */
export interface Tour { system: number; id: string; title: Said; file: string; steps: readonly TourStep[] }

/** Where a tour stands after one of its steps, from a fresh file: what has been done and when, what the clock shows, what is chosen. */
export interface TourPoint { steps: StepText[]; at: string; select: string | null }
