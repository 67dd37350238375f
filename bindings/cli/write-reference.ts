// npm run schema: writes docs/cli-reference.md, too.

import { writeFileSync } from "node:fs";
import type { Actions } from "./actions/index.ts";
import { program } from "./program.ts";
import { cliReference } from "./reference.ts";

writeFileSync(new URL("../../docs/cli-reference.md", import.meta.url), cliReference(program("", {} as Actions)));
