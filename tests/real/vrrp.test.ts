// Every VRRP recording (keepalived and FRR on real kernels, IPv4 and IPv6; none is left out) against the engine and against the rules that bound the times.
//
// Each run is played in the engine: same configuration, same events at the same instants; a daemon starts when its kernel
// reports the join of the group. A recording and the engine's run are then judged alike (vrrp/rules.ts):
//   - the same routers become master in the same order;
//   - each begins within the bounds of its rule: Master_Down_Interval after its startup or the last advertisement, Skew_Time
//     after the farewell, an interval after it can be heard again; a takeover comes [down - interval, down] after the loss;
//   - the same number of announcements (gratuitous ARP, unsolicited neighbour advertisement) at once, and again after 5 s;
//   - pings are lost from the loss until the new master, and at no other time.
// The engine is exact. Recorded hosts are late by a stated allowance (HOST in vrrp/compare.ts), never early.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { burstDifferences, difference, ENGINE, HOST, HOST_MEDIAN, judge, type Judged, latenesses, RACE, secondBurstsWrong } from "./vrrp/compare.ts";
import { runModel } from "./vrrp/model.ts";
import { DAD, type Happening, readRecording, readTable, type Recording, type Run, scenarioNames } from "./vrrp/recording.ts";
import { startOf } from "./vrrp/rules.ts";

const names = scenarioNames();
const transitions = readTable("transitions.csv");

interface Played { run: Run; real: Judged; model: Judged }

async function play(recording: Recording): Promise<Played[]> {
  const played: Played[] = [];
  for (const run of recording.runs) {
    const joins = run.sightings.filter((s) => s.kind === "join");
    const happenings = run.happenings.map((h): Happening => (h.op === "start" ? { ...h, t: startOf(h, joins, HOST)[0] } : h.dad === true ? { t: h.t + DAD[0], op: h.op, router: h.router } : h));
    const model = await runModel(recording.routers, happenings, BigInt(played.length + 1));
    played.push({ run, real: judge(recording.routers, run, HOST), model: judge(recording.routers, { happenings, ...model }, ENGINE) });
  }
  return played;
}

const inRun = ({ run }: Played, found: readonly string[]): string[] => found.map((text) => `run ${run.name}: ${text}`);
const none = (found: readonly string[]): void => assert.deepEqual(found, []);
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;

test("there are recordings", () => assert.ok(names.length > 0));

for (const name of names) {
  describe(name, () => {
    let played: Played[] = [];
    test("its runs play in the engine", async () => {
      played = await play(readRecording(name));
      assert.ok(played.length > 0);
    });

    test("recorded: every master begins within its rule's bounds, pings are lost only meanwhile", () => {
      none(played.flatMap((p) => inRun(p, [...p.real.wrong, ...secondBurstsWrong(p.real, HOST)])));
    });
    test("engine: every master begins within its rule's bounds, pings are lost only meanwhile", () => {
      none(played.flatMap((p) => inRun(p, [...p.model.wrong, ...secondBurstsWrong(p.model, ENGINE)])));
    });
    test("the same masters in the same order, and as many gratuitous ARPs", (t) => {
      const races = played.filter((p) => difference(p.real.begins, p.model.begins) === RACE);
      for (const p of races) t.diagnostic(`run ${p.run.name}: two timers were due together, and the recorded host decided otherwise`);
      none(played.filter((p) => !races.includes(p)).flatMap((p) => inRun(p, [difference(p.real.begins, p.model.begins) ?? [], burstDifferences(p.real, p.model, p.run.happenings)].flat())));
      // Equal priorities that are started together are a race by intent: microseconds decide each run.
      assert.ok(races.length < played.length || (played.length > 0 && name.includes("equal_priority_start_together")), "every run is a race, or none was played");
    });
    test(`recorded timers are ${HOST_MEDIAN * 1000} ms late at most, by the median`, () => {
      assert.ok(median(played.flatMap((p) => latenesses(p.real.begins))) <= HOST_MEDIAN);
    });
    test("transitions.csv, where it has the scenario, says the same", (t) => {
      const rows = transitions.filter((row) => row["scenario"] === name);
      if (rows.length === 0) t.diagnostic("transitions.csv has no rows of this scenario");
      else none(played.flatMap((p) => inRun(p, notInTable(p.real, rows.filter((row) => row["run"] === p.run.name)))));
    });
  });
}

function notInTable(real: Judged, rows: readonly Record<string, string>[]): string[] {
  const table = rows.map((row) => `r${row["new_master"]} ${Number(row["t_first_advert"]).toFixed(3)}`);
  const seen = real.begins.map((b) => `r${b.router} ${b.t.toFixed(3)}`);
  return table.length === seen.length && rows.every((row, i) => Number(row["new_master"]) === real.begins[i]?.router && Math.abs(Number(row["t_first_advert"]) - real.begins[i].t) < 0.001)
    ? [] : [`table ${table.join(", ")}; here ${seen.join(", ")}`];
}
