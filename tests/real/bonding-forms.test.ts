// Recordings of every kind that there may be, written by the model in the recordings' form and put through the same test as theirs:
// no kind is without steps, measures or bounds, whatever its events are called. And one with an event that nobody knows: it is named.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { FORMS, writeForm } from "./bonding/forms.ts";
import type { RigEvent } from "./bonding/folders.ts";
import { KNOWN_NAMES, actionOf, directionOf, memberOf, sideOf } from "./bonding/vocabulary.ts";

const into = mkdtempSync(join(tmpdir(), "dualhome-forms-"));
after(() => { rmSync(into, { recursive: true, force: true }); });

const runOn = (folder: string): { status: number | null; out: string } => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // a run of its own
  const child = spawnSync(process.execPath, ["--import", "tsx", "--test", "--test-reporter=tap", fileURLToPath(new URL("./bonding.test.ts", import.meta.url))], {
    env: { ...env, DUALHOME_CAPTURES: folder }, encoding: "utf8", maxBuffer: 1 << 26,
  });
  return { status: child.status, out: child.stdout + child.stderr };
};

describe("kinds of recordings", () => {
  before(async () => { for (const name of Object.keys(FORMS)) await writeForm(into, name); });

  it("every kind passes, none is skipped", () => {
    const { status, out } = runOn(into);
    assert.equal(status, 0, out.split("\n").filter((l) => /not ok|: |missing|is not in/.test(l)).slice(0, 40).join("\n"));
    assert.match(out, /skipped 0/);
    for (const name of Object.keys(FORMS)) assert.ok(out.includes(name), name);
  });

  it("an event that nobody knows fails the test, and is named with its folder and the names that are known", async () => {
    const other = mkdtempSync(join(tmpdir(), "dualhome-forms-"));
    try {
      const name = "cable_cut_fast_fast_2m__k6.1";
      await writeForm(other, name, FORMS["member_leaves_fast__k6.1"]!);
      const file = join(other, "bonding", name, "events.json");
      writeFileSync(file, readFileSync(file, "utf8").replace("member_released", "member_painted_blue"));
      const { status, out } = runOn(other);
      assert.equal(status, 1);
      assert.match(out, /cable_cut_fast_fast_2m__k6\.1: event "member_painted_blue" at 12\.31 s is not known/);
      for (const known of KNOWN_NAMES) assert.ok(out.includes(known), known);
    } finally { rmSync(other, { recursive: true, force: true }); }
  });
});

describe("the vocabulary of events.json", () => {
  const rows: [Partial<RigEvent> & { event: string }, string, (number | undefined)?, string?][] = [
    [{ event: "silent_block", direction: "A to B", member: 1 }, "silent", 1, "A"], [{ event: "unblock", member: 1 }, "unblock", 1],
    [{ event: "carrier_lost_at_A_only", member: 1 }, "carrier lost", 1, "A"], [{ event: "carrier_back_at_A", member: 1 }, "carrier back", 1, "A"],
    [{ event: "member_released", member: 1 }, "release", 1], [{ event: "slave_enslaved_again", slave: "a1" }, "enslave", 1, "A"], [{ event: "a1 nomaster" }, "release", 1],
    [{ event: "ip_link_set_a1_down" }, "member down", 1, "A"], [{ event: "member_admin_up", member: 0 }, "member up", 0], [{ event: "slave_set_down", dev: "b1" }, "member down", 1, "B"],
    [{ event: "bond_set_down", side: "A" }, "bond down"], [{ event: "bond0_up", side: "B" }, "bond up", undefined, "B"], [{ event: "bond_destroyed", side: "B" }, "bond deleted", undefined, "B"],
    [{ event: "down", member: 1 }, "member down", 1], [{ event: "set_up", dev: "bond0", side: "A" }, "bond up"], [{ event: "set_down", slave: "a1" }, "member down", 1, "A"],
    [{ event: "cable_return", member: 3 }, "cable back", 3], [{ event: "all_expired_seen" }, "quiet"], [{ event: "wait for settling" }, "quiet"],
    [{ event: "switch_port_drops", member: 0 }, "silent", 0], [{ event: "switch_port_up", member: 1 }, "switch port up", 1], [{ event: "admin_change_active", to: "a1" }, "activate"],
  ];
  for (const [e, action, member, side] of rows) {
    it(`${e.event}: ${action}`, () => {
      assert.equal(actionOf({ t: 0, ...e }), action);
      if (member !== undefined) assert.equal(memberOf({ t: 0, ...e }), member);
      if (side !== undefined) assert.equal(sideOf({ t: 0, ...e }), side);
    });
  }
  it("what nobody knows is null", () => { assert.equal(actionOf({ t: 0, event: "member_painted_blue", member: 1 }), null); });
  it("directions", () => {
    for (const [text, is] of [["both", "both"], ["ab", "both"], ["A to B", "A to B"], ["B to A", "B to A"], ["a", "A to B"], ["b", "B to A"], ["a->b", "A to B"]] as const) {
      assert.equal(directionOf({ t: 0, event: "silent_block", direction: text }), is, text);
    }
  });
});
