// One history: when what fails and when it returns, over some years. It knows nothing of services, so that it can be made before anybody
// has asked the engine what its states mean.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import { Alternation, type HistoryEvent } from "./alternation.ts";
import type { Draws } from "./draws.ts";
import type { System } from "./model.ts";

export interface History {
  hours: number;
  /** down when it begins */
  initial: number[];
  events: HistoryEvent[];
}

export function historyOf(system: System, years: number, draws: Draws): History {
  const hours = years * HOURS_PER_YEAR;
  const clock = new Alternation(system, draws);
  const down = new Set(clock.begin());
  const warm = clock.warmHours();
  for (let e = clock.next(warm); e !== null; e = clock.next(warm)) {
    if (e.fails) down.add(e.process); else down.delete(e.process);
  }
  const events: HistoryEvent[] = [];
  for (let e = clock.next(warm + hours); e !== null; e = clock.next(warm + hours)) events.push({ ...e, at: e.at - warm });
  return { hours, initial: [...down].sort((a, b) => a - b), events };
}
