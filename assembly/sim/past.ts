// The event being done, and going back in time: what rests is woken by putting its last hellos into the past and simulating them late. The main loop
// (events/loop.ts) does that, since only it knows what each event means; it is called through a reference, once for each waking.

import { closePast, openPast, pastAt, popPast } from "../collections/event-queue";
import { cause, now, setCause, setNow } from "../core/trace";
import { setMakerAside, takeMakerBack } from "./frames";

/** Place of the event being done among those of its instant. */
export let doing: u64 = u64.MAX_VALUE; let doingId: i32 = 0;
// @ts-ignore: decorator
@inline export function doNow(id: i32, rank: u64): void { doing = rank; doingId = id; }

let present: i64 = 0;
let presentCause: u32 = 0;

type Replay = () => void;
function nothing(): void { return; }
let replay: Replay = nothing;
export function replayBy(by: Replay): void { replay = by; }

/** Goes back to `at`: events are put into the past from here on, until `makeUp`. */
export function goBack(at: i64): void {
  present = now;
  presentCause = cause;
  setMakerAside();
  openPast();
  setNow(at);
}

/** The next event of the past before the one being done, whose instant it is from here on; -1: none. */
export function nextPast(): i32 {
  const id = popPast(present, doing, <u32>doingId);
  if (id >= 0) setNow(pastAt);
  return id;
}

/** Simulates the hellos that were put into the past, up to the event being done, and returns to the present. */
export function makeUp(): void {
  replay();
  setNow(present);
  closePast();
  takeMakerBack();
  setCause(presentCause);
}
