// Every scenario of this folder: a story about a network, and what must come of it. docs/scenarios.md says how to write one.

import assert from "node:assert/strict";
import { relative } from "node:path";
import { test } from "node:test";
import { scenarioFiles, tryScenario } from "./support/scenario.ts";

const HERE = new URL(".", import.meta.url).pathname;

for (const file of scenarioFiles()) {
  test(relative(HERE, file), async () => {
    const { failures } = await tryScenario(file);
    if (failures.length > 0) assert.fail(`\n${failures.join("\n")}`);
  });
}
