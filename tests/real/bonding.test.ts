// Every bonding recording against the engine: the same events at the same times, the same measures, one bound for both.
//
// Captures lie in $DUALHOME_CAPTURES/bonding (default tests/real/captures/bonding). Folders are found, not listed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareFolder, type Comparison } from "./bonding/compare.ts";
import { compareActiveBackup } from "./bonding/active-backup.ts";
import { discover } from "./bonding/folders.ts";

const folders = discover();

test("there are recordings", () => assert.ok(folders.length > 0));

for (const name of folders) {
  describe(name, () => {
    let work: Promise<Comparison> | null = null;
    const result = (): Promise<Comparison> => work ??= name.startsWith("ab_") ? compareActiveBackup(name) : compareFolder(name);
    const passes = (what: string, pick: (c: Comparison) => string[]): void => {
      test(what, async () => {
        const wrong = pick(await result());
        assert.equal(wrong.length, 0, `${wrong.length}:\n${wrong.slice(0, 20).join("\n")}`);
      });
    };
    passes("what was done is known to the test", (c) => c.unknown);
    passes("every recorded time obeys its formula", (c) => c.real);
    passes("every time of the model obeys the same formula, at all phases", (c) => c.model);
    passes("the ranges of model and recording meet", (c) => c.apart);
    passes("times read here are those of the recording's own table", (c) => c.table);
    passes("frames on the wire: the sequence of states is one of the model's, and gaps are whole slots", (c) => c.wire);
    passes("what a user reads at the same moment", (c) => c.shown);
    test("something was compared", async (t) => {
      const { measures, overlapping } = await result();
      t.diagnostic(`${measures} measures; ${overlapping} groups`);
      assert.ok(measures > 0);
    });
  });
}
