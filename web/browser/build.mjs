// The library as one file for a plain page, and the file that its workers run: dist/browser, with the engine beside them. Part of `npm run build`.

import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { noColours } from "../shared/no-colours.mjs";

const here = (name) => new URL(name, import.meta.url).pathname;
