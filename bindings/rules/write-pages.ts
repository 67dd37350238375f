// npm run rules: writes docs/rules, and takes away pages of rules that are no more.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pages } from "./pages.ts";

const folder = new URL("../../docs/rules", import.meta.url).pathname;
rmSync(folder, { recursive: true, force: true });
for (const [name, text] of pages()) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
