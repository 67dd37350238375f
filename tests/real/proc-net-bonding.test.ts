// Every /proc/net/bonding/bond0 of the recordings, byte for byte (bonding/proc.ts says how, and what is taken from the recording).
//
// Captures lie in $DUALHOME_CAPTURES/bonding (default tests/real/captures/bonding). Folders are found, not listed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { discover } from "./bonding/folders.ts";
import { difference, readings } from "./bonding/proc.ts";

describe("/proc/net/bonding/bond0, byte for byte", () => {
  let files = 0;
  for (const name of discover()) {
    test(name, async (t) => {
      const found = await readings(name);
      files += found.length;
      t.diagnostic(`${found.length} files`);
      assert.deepEqual(found.flatMap((r) => difference(r) ?? []), []);
      // The comparison can fail: another digit anywhere is noticed.
      for (const r of found) assert.notEqual(difference({ ...r, text: r.text.replace(/(Failure Count: )\d+(?=[^]*$)/, "$197") }), null);
    });
  }
  test("there are files", () => assert.ok(files > 0));
});
