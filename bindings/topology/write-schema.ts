// npm run schema: writes docs/dualhome-1.schema.json from the schema in schema.ts.

import { writeFileSync } from "node:fs";
import { jsonSchema } from "./schema.ts";

const file = new URL("../../docs/dualhome-1.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(jsonSchema(), null, 2)}\n`);
