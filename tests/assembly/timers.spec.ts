// Timers by kind and owner: what set one is remembered where nobody else can say it.

import { NEVER } from "../../assembly/collections/event-queue";
import { now, setCause } from "../../assembly/core/trace";
import { TIMER_SCENARIO, causeOfTimer, followDeadline, reserveTimers, setTimer, stopTimer, timerAt } from "../../assembly/sim/timers";
import { shareMemory } from "./share-memory";

describe("timers", () => {
  it("one remembers the record that was the cause when it was set last", () => {
    shareMemory();
    reserveTimers(4, 0, 0, 0, 0, 0);
    setCause(41); setTimer(TIMER_SCENARIO, 1, now + 5);
    setCause(42); setTimer(TIMER_SCENARIO, 1, now + 7);
    setCause(43); setTimer(TIMER_SCENARIO, 2, now + 7);
    expect(causeOfTimer(TIMER_SCENARIO, 1)).toBe(42);
    expect(timerAt(TIMER_SCENARIO, 1)).toBe(now + 7);
  });
  it("a deadline that is followed to where it stands keeps its cause", () => {
    setCause(50); followDeadline(TIMER_SCENARIO, 1, now + 7, now);
    expect(causeOfTimer(TIMER_SCENARIO, 1)).toBe(42);
    followDeadline(TIMER_SCENARIO, 1, now + 9, now);
    expect(causeOfTimer(TIMER_SCENARIO, 1)).toBe(50);
    followDeadline(TIMER_SCENARIO, 1, NEVER, now);
    expect(timerAt(TIMER_SCENARIO, 1)).toBe(NEVER);
    stopTimer(TIMER_SCENARIO, 2);
    expect(timerAt(TIMER_SCENARIO, 2)).toBe(NEVER);
  });
});
