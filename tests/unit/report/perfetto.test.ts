// Trace Event JSON: slices nest and end, tracks have names, arrows lead from slice to slice, outages are those of --json, and it comes in pieces.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { outages, type Run } from "../../../bindings/analysis/index.ts";
import { processIo } from "../../../bindings/cli/io.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { traceEvents } from "../../../bindings/perfetto/index.ts";
import { cutAndReturn, run, topology, TraceMaker } from "../analysis/fixture.ts";
import { dualhome, sample } from "../cli/fixture.ts";

interface Event { ph: string; pid: number; tid: number; ts: number; dur?: number; name?: string; cat?: string; id?: number; bp?: string; s?: string; args?: Record<string, unknown> }
interface File { displayTimeUnit: string; otherData: Record<string, string>; traceEvents: Event[] }

const about = { file: "x.dh.yaml", seed: "1", version: "0" };
const textOf = (of: Run): string => [...traceEvents(of, outages(of), about)].join("");
const fileOf = (of: Run): File => JSON.parse(textOf(of)) as File;

/** The slices, by the rules of the format; fails where they are broken. */
function checked({ traceEvents: events }: File): { slices: number; arrows: number } {
  const tracks = new Set(events.filter((e) => e.name === "thread_name").map((e) => `${e.pid} ${e.tid}`));
  const named = new Set(events.filter((e) => e.name === "process_name").map((e) => e.pid));
  const open = new Map<string, Event[]>();
  const last = new Map<string, number>();
  const begun = new Map<number, Event>();
  let [slices, arrows] = [0, 0];
  for (const e of events) {
    if (e.ph === "M") continue;
    const track = `${e.pid} ${e.tid}`;
    assert.ok(tracks.has(track) && named.has(e.pid), `a track without a name: ${JSON.stringify(e)}`);
    assert.ok(e.ts >= 0, JSON.stringify(e));
    if (e.ph === "X") { assert.ok(e.dur! > 0); slices++; continue; }
    if (e.ph === "i") { assert.equal(e.s, "g"); continue; }
    assert.ok(e.ts >= (last.get(track) ?? 0), "time goes back on a track");
    last.set(track, e.ts);
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    const topmost = stack.at(-1);
    if (e.ph === "B") { stack.push(e); slices++; }
    else if (e.ph === "E") assert.ok(stack.pop() !== undefined, "an end without a beginning");
    else if (e.ph === "s") { assert.equal(topmost?.ts, e.ts, "an arrow begins where its slice does"); assert.ok(!begun.has(e.id!)); begun.set(e.id!, topmost); }
    else if (e.ph === "f") {
      assert.equal(e.bp, "e", "bound to the slice that it is in, not the next");
      assert.equal(topmost?.ts, e.ts);
      assert.equal(topmost.args!["record"], e.id, "it arrives at the effect");
      assert.equal(begun.get(e.id!)?.args!["record"], topmost.args!["because"], "and left from the cause");
      arrows++;
    } else assert.fail(`unknown event ${e.ph}`);
  }
  for (const [track, stack] of open) assert.deepEqual(stack, [], `open at the end: ${track}`);
  assert.equal(arrows, begun.size, "every arrow arrives");
  return { slices, arrows };
}

describe("a made-up run", () => {
  const of = run(cutAndReturn(), { topology: sample });

  test("every rule holds, and every record is a slice", () => {
    const { slices } = checked(fileOf(of));
    assert.equal(slices, of.trace.length + outages(of).length);
  });

  test("outages are exact, with their chains", () => {
    const found = fileOf(of).traceEvents.filter((e) => e.cat === "outage");
    assert.deepEqual(found.map((e) => [e.ts * 1000, e.dur! * 1000]), outages(of).map((o) => [Number(o.startNs), Number(o.lengthNs)]));
    for (const e of found) assert.ok((e.args!["down"] as string[]).length > 0);
  });

  test("names arrive as they are", () => {
    const evil = `</script>"\\\u2028\u0007🧨`;
    const named = { ...of, names: { ...of.names, ports: of.names.ports.map((p) => `${p}${evil}`), flows: of.names.flows.map((f) => `${f}${evil}`) } };
    assert.ok(fileOf(named).traceEvents.some((e) => e.name === "thread_name" && String(e.args!["name"]).includes(evil)));
  });

  test("nanoseconds stand behind the point, and bring-up before 0 is shifted by whole seconds", () => {
    const maker = new TraceMaker();
    maker.add(-1_500.000001, abi.T_START);
    maker.add(0.000001, abi.T_NODE, 0, 1, 0, 1);
    const early = run(maker, { topology: topology() });
    const text = textOf(early);
    assert.match(text, /"ph":"B","pid":\d+,"tid":\d+,"ts":499999\.999,/);
    assert.match(text, /"ph":"B","pid":\d+,"tid":\d+,"ts":2000000\.001,/);
    assert.match((JSON.parse(text) as File).otherData["clock"]!, /at 2 s/);
    checked(JSON.parse(text) as File);
  });
});

describe("examples, by the command", () => {
  for (const name of ["mclag-pair/mclag-pair", "spanning-tree/spanning-tree", "first-hop/first-hop", "pxe-rack/pxe-rack", "applications/applications"]) {
    test(name, async () => {
      const file = new URL(`../../../examples/${name}.dh.yaml`, import.meta.url).pathname;
      const ask = async () => dualhome(["run", file, "--perfetto", "t.json", "--json"], { parts: realParts, io: { read: async (path) => readFileSync(path, "utf8") } });
      const [one, two] = [await ask(), await ask()];
      const bytes = Buffer.from(one.saved.get("t.json")!);
      assert.ok(bytes.equals(two.saved.get("t.json")!), "the same bytes each time");
      const file1 = JSON.parse(bytes.toString()) as File;
      const { arrows } = checked(file1);
      assert.ok(arrows > 10, `${arrows} arrows`);
      const { outages: told, records } = JSON.parse(one.out) as { records: number; outages: { start: { ns: string }; length: { ns: string } }[] };
      const shift = Number(/at (\d+) s/.exec(file1.otherData["clock"]!)![1]) * 1e9;
      assert.deepEqual(file1.traceEvents.filter((e) => e.cat === "outage").map((e) => [Math.round(e.ts * 1000) - shift, Math.round(e.dur! * 1000)]), told.map((o) => [Number(o.start.ns), Number(o.length.ns)]));
      assert.equal(file1.traceEvents.filter((e) => e.ph === "B").length, records);
    });
  }
});

test("200 000 records go to the file in small pieces, and it appears whole", async () => {
  const kinds = [abi.T_LACP_MUX, abi.T_CARRIER, abi.T_FLOW_DOWN, abi.T_FLOW_UP];
  const maker = new TraceMaker();
  for (let i = 0; i < 200_000; i++) maker.add(10_000 + i / 100_000, kinds[i % 4]!, 0, i % 7 === 0 ? 0 : i - (i % 7) + 1, i % 2, i % 3);
  const of = run(maker, { topology: sample });
  const found = outages(of).slice(0, 100);
  const folder = mkdtempSync(join(tmpdir(), "dualhome-perfetto-"));
  try {
    let [longest, all] = [0, 0];
    const watched = function* (): Generator<string> {
      for (const piece of traceEvents(of, found, about)) {
        longest = Math.max(longest, piece.length);
        all += piece.length;
        if (all === piece.length) assert.deepEqual(readdirSync(folder).filter((f) => f === "t.json"), [], "not there before it is whole");
        yield piece;
      }
    };
    await processIo().saveText(join(folder, "t.json"), watched());
    assert.ok(longest < 5_000, `a piece of ${longest} characters`);
    assert.deepEqual(readdirSync(folder), ["t.json"]);
    assert.ok(statSync(join(folder, "t.json")).size >= all);
    checked(JSON.parse(readFileSync(join(folder, "t.json"), "utf8")) as File);
    await assert.rejects(processIo().saveText(join(folder, "u.json"), (function* () { yield "x"; throw new Error("stopped"); })()), /stopped/);
    assert.deepEqual(readdirSync(folder), ["t.json"], "what was begun is taken away");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("of one run: not with --branch", async () => {
  const { status, err } = await dualhome(["run", "x.yaml", "--at", "1s", "--branch", "fail leaf1", "--perfetto", "t.json"]);
  assert.equal(status, 2);
  assert.match(err, /--perfetto is of one run/);
});
