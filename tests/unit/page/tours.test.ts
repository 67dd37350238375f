// Every guided tour is run, and held to what it says: which flow is down for how long, what has happened when, what a table shows. The numbers in
// its texts are those that are checked here, and each outage is within what the protocol's own numbers allow.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { describer, timelines, type Interval } from "../../../bindings/analysis/index.ts";
import { outcomes } from "../../../bindings/applications/index.ts";
import { Session, type RunResult } from "../../../bindings/engine/index.ts";
import { plain } from "../../../bindings/report/style.ts";
import { showText } from "../../../bindings/report/show.ts";
import { parseDuration } from "../../../bindings/duration.ts";
import { indexTargets, stepOf } from "../../../bindings/topology/step.ts";
import { Simulation } from "../../../bindings/show/simulation.ts";
import type { FaultOp, Topology } from "../../../bindings/topology/model.ts";
import { parseTopology } from "../../../bindings/topology/parse.ts";
import { pointOf, sayOf, tours, type Expectation, type Tour } from "../../../web/page/tours/index.ts";

const folder = new URL("../../../web/page/tours/files/", import.meta.url).pathname;
const where = { line: 1, col: 1, length: 1 };
/** Below, what is told as an outage is the order of events within one instant: frames under way. */
const NOTICED_MS = 0.01;
/** Times are given to the microsecond. */
const micro = (ms: number): number => Math.round(ms * 1000) / 1000;

function fileOf(tour: Tour): { text: string; topology: Topology } {
  const text = readFileSync(folder + tour.file, "utf8");
  const parsed = parseTopology(text, tour.file);
  assert.ok("topology" in parsed, `${tour.file}: ${"problems" in parsed ? parsed.problems.map((p) => p.message).join("; ") : ""}`);
  return { text, topology: parsed.topology };
}

/** The run as it is after a step: with what has been done so far, to where the clock stands. */
class Stand {
  readonly #result: RunResult;
  readonly #session: Session;
  readonly #text: string;

  private constructor(session: Session, text: string) { [this.#session, this.#result, this.#text] = [session, session.result({ ways: true }), text]; }

  static async of(tour: Tour, place: number): Promise<Stand> {
    const { text, topology } = fileOf(tour);
    const { steps, at } = pointOf(tour, place);
    const index = indexTargets(topology);
    const untilNs = parseDuration(at);
    const done = steps.map((s) => { const [, op = "", target = ""] = /^(\S+) (.+)$/.exec(s.text) ?? []; return stepOf(index, op as FaultOp, `${target}@${s.at}`); });
    const session = await Session.open(topology, { name: tour.id, untilNs, steps: done, where });
    await session.runTo(untilNs);
    return new Stand(session, text);
  }

  /** null: it holds. Else what is so instead. */
  wrong(of: Expectation): string | null {
    if ("down" in of) {
      const total = micro(this.#intervals(of.down).reduce((sum, o) => sum + Number((o.endNs ?? this.#session.nowNs) - o.startNs) / 1e6, 0));
      if (total !== of.ms) return `${of.down} was down for ${total} ms, not ${of.ms}`;
      return total < of.within[0] || total > of.within[1] ? `${of.down} was down for ${total} ms, which is not within ${of.within.join(" to ")}: ${of.because}` : null;
    }
    if ("isDown" in of) return this.#up(of.isDown) ? `${of.isDown} is up` : null;
    if ("isUp" in of) return this.#up(of.isUp) ? null : `${of.isUp} is down`;
    if ("neverDown" in of) {
      const long = this.#intervals(of.neverDown).filter((o) => o.endNs === null || Number(o.endNs - o.startNs) / 1e6 > NOTICED_MS);
      return this.#up(of.neverDown) && long.length === 0 ? null : `${of.neverDown} was down`;
    }
    if ("event" in of) {
      const describe = describer(this.#result.names, this.#session.moment().topology);
      const found = [...this.#result.trace].filter((r) => r.at >= 0n && describe(r).sentence.includes(of.event)).map((r) => micro(Number(r.at) / 1e6));
      return found.at(-1) === of.atMs ? null : `"${of.event}" was at ${found.join(", ") || "no time"}, not at ${of.atMs}`;
    }
    if ("show" in of) {
      const [node, view] = of.of;
      const text = showText(view as "bonding", new Simulation(this.#session).show(node, view as "bonding"), { paint: plain, width: 100 });
      return text.split("\n").some((line) => line.includes(of.show)) ? null : `${node} ${view} does not say "${of.show}":\n${text}`;
    }
    if ("hops" in of) {
      const path = this.#result.paths.find((p) => p.flow === of.hops && p.direction === 0);
      return path?.hops.length === of.is ? null : `${of.hops} takes ${path?.hops.length} cables, not ${of.is}`;
    }
    const changed = this.#text.replace(of.change[0], of.change[1]);
    if (changed === this.#text) return `the file has no "${of.change[0]}"`;
    const parsed = parseTopology(changed, "changed");
    const codes = "problems" in parsed ? parsed.problems.map((p) => p.code) : [];
    return codes.includes(of.refused) ? null : `it is refused with ${codes.join(", ") || "nothing"}, not ${of.refused}`;
  }

  #intervals(name: string): Pick<Interval, "startNs" | "endNs">[] {
    return (outcomes(this.#result).find((a) => a.name === name)?.outages ?? this.#line(name).intervals).filter((o) => o.startNs >= 0n);
  }

  #line(name: string): { firstUpNs: bigint | null; intervals: Interval[] } {
    const { flows, services } = timelines(this.#result);
    const line = flows[this.#result.names.flows.indexOf(name)] ?? services[this.#result.names.services.indexOf(name)];
    assert.ok(line !== undefined, `there is no flow or service "${name}"`);
    return line;
  }

  #up(name: string): boolean {
    const application = outcomes(this.#result).find((a) => a.name === name);
    if (application !== undefined) return application.outages.every((o) => o.endNs !== null);
    const { firstUpNs, intervals } = this.#line(name);
    return firstUpNs !== null && intervals.at(-1)?.endNs !== null;
  }
}

test("there is one tour for each of the 24 systems, and each file belongs to one", () => {
  assert.deepEqual(tours.map((t) => t.system), Array.from({ length: 24 }, (_, i) => i + 1));
  assert.equal(new Set(tours.map((t) => t.id)).size, 24);
  assert.deepEqual([...new Set(tours.map((t) => t.file))].sort(), readdirSync(folder).sort());
});

for (const tour of tours) {
  describe(`${tour.system} ${tour.id}`, () => {
    test("what it says is so", async () => {
      const wrong: string[] = [];
      for (const [place, { expect = [] }] of tour.steps.entries()) {
        if (expect.length === 0) continue;
        const stand = await Stand.of(tour, place);
        for (const each of expect) { const said = stand.wrong(each); if (said !== null) wrong.push(`step ${place + 1}: ${said}`); }
      }
      assert.deepEqual(wrong, []);
    });

    test("it begins when the network has settled, in few nodes, and names only what is there", () => {
      const { topology } = fileOf(tour);
      assert.ok(topology.nodes.length <= 12, `${topology.nodes.length} nodes`);
      const known = indexTargets(topology);
      for (const action of tour.steps.flatMap((s) => s.do ?? [])) {
        if (!("select" in action)) continue;
        assert.doesNotThrow(() => stepOf(known, "nothing", `${action.select}@1s`), action.select);
      }
      assert.ok(tour.steps.some((s) => (s.expect ?? []).length > 0));
    });

    test("both languages say the same numbers, and Korean is Korean", () => {
      const numbers = (text: string): string[] => (text.match(/\d[\d.,:]*\d|\d/g) ?? []).sort();
      for (const step of tour.steps) {
        const [en, ko] = [sayOf(step, "en"), sayOf(step, "ko")];
        assert.match(ko, /[가-힣]/);
        assert.deepEqual([...new Set(step.say.ko.match(/\{\d\}/g) ?? [])].sort(), [...new Set(step.say.en.match(/\{\d\}/g) ?? [])].sort(), step.say.en);
        const names = (text: string): string[] => (text.match(/`[^`]+`/g) ?? []).sort();
        assert.deepEqual(names(ko), names(en));
        for (const number of numbers(en).filter((n) => /\d\d|\d\.\d/.test(n))) assert.ok(numbers(ko).includes(number), `${number}: ${ko}`);
      }
      assert.match(tour.title.ko, /[가-힣]/);
    });
  });
}
