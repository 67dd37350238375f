// npm run schema: writes docs/dualhome-1.schema.json and docs/topology-reference.md from the schema in schema/.

import { writeFileSync } from "node:fs";
import { topologyReference, type Node } from "./reference.ts";
import { jsonSchema } from "./schema/file.ts";

const docs = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);
const schema = jsonSchema();
writeFileSync(docs("dualhome-1.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(docs("topology-reference.md"), topologyReference(schema as Node));
