// What a history means for each service: when it was down, and who is to blame.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import type { Draws } from "./draws.ts";
import type { History } from "./history.ts";
import { changeOf, NO_BLIPS, type Oracle, type System } from "./model.ts";
import { Standing } from "./standing.ts";
import { Tally, type Verdict } from "./tally.ts";

export async function judge(history: History, system: System, oracle: Oracle, phases: Draws): Promise<Verdict> {
  const years = Math.max(1, Math.ceil(history.hours / HOURS_PER_YEAR - 1e-9));
  const verdict = new Tally(system, oracle, years, history.hours);
  const standing = new Standing(system, history.initial);
  let blips = NO_BLIPS;
  let since = 0;
  let from = 0;
  let by = -1;
  let down = await oracle.down(standing.state);
  for (let i = 0; i <= history.events.length; i++) {
    const event = history.events[i];
    const at = event?.at ?? history.hours;
    const asked = down.length > 0 ? verdict.structural(standing, down, since, at) : undefined;
    if (asked !== undefined) await asked;
    if (event === undefined) { verdict.switching(blips, down, from, at, by); break; }
    since = at;
    const before = standing.state;
    if (!standing.turn(event.process, event.fails)) continue;
    verdict.switching(blips, down, from, at, by);
    const process = system.processes[event.process]!;
    const drawn = oracle.drawn(changeOf(process, before, event.fails), phases.uniform(process.key, i));
    blips = drawn instanceof Promise ? await drawn : drawn;
    const next = oracle.down(standing.state);
    const settled = next instanceof Promise ? await next : next;
    verdict.count(down, settled, blips);
    down = settled;
    from = at;
    by = event.process;
  }
  return { ...verdict.verdict, work: history.events.length };
}
