// Majority: the members that see each other serve when they are more than half of all (⌊N/2⌋ + 1). A majority that has lost
// its leader elects another one first. The minority stops: it can read nobody's mind.

import type { Quorum } from "../topology/application.ts";
import { neededFlows } from "../topology/application.ts";
import { Recorder, type Outcome } from "./outcome.ts";
import type { Signals } from "./signals.ts";

export function runQuorum(a: Quorum, signals: Signals): Outcome {
  const recorder = new Recorder();
  const changes = signals.changes(a.name, neededFlows(a));
  let majority = largest(a, signals, 0n).join(",");
  let readyAt = 0n;
  let leader = largest(a, signals, 0n)[0];
  const instants = [...changes];
  for (let i = 0; i < instants.length; i++) {
    const at = instants[i]!;
    const group = largest(a, signals, at);
    if (group.join(",") !== majority) {
      majority = group.join(",");
      const keeps = leader !== undefined && group.includes(leader);
      if (!keeps) { leader = group[0]; readyAt = at + a.electionNs; }
      recorder.say(at, group.length === 0 ? "no majority: nobody serves" : `majority is now ${group.join(", ")}; ${keeps ? `${leader} leads on` : `${leader} is to be elected`}`);
      if (group.length > 0 && readyAt <= signals.endNs && !instants.includes(readyAt)) insert(instants, readyAt);
    }
    const reached = a.clients.filter((c) => group.some((m) => signals.up(a.name, c, m, at))).length;
    recorder.share(at, group.length === 0 || at < readyAt ? 0 : reached / a.clients.length);
  }
  return recorder.outcome(a.name, a.kind, signals.endNs, a.maxOutageNs);
}

function insert(list: bigint[], value: bigint): void {
  const at = list.findIndex((t) => t > value);
  if (at < 0) list.push(value); else list.splice(at, 0, value);
}

/** The component that is more than half of all members, or nobody. */
function largest(a: Quorum, signals: Signals, at: bigint): string[] {
  const left = new Set(a.members);
  while (left.size > 0) {
    const group = [left.values().next().value as string];
    left.delete(group[0]!);
    for (const member of group) {
      for (const other of [...left]) if (signals.up(a.name, member, other, at)) { group.push(other); left.delete(other); }
    }
    if (group.length * 2 > a.members.length) return a.members.filter((m) => group.includes(m));
  }
  return [];
}
