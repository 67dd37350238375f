// docs/topology-reference.md, out of the JSON Schema: every key, what may stand there, and what it means.

export interface Node {
  type?: string; enum?: unknown[]; const?: unknown; anyOf?: Node[]; allOf?: Node[]; oneOf?: Node[]; $ref?: string; description?: string; pattern?: string;
  properties?: Record<string, Node>; required?: string[]; additionalProperties?: Node | boolean; items?: Node; minimum?: number; maximum?: number; definitions?: Record<string, Node>;
}

const HEAD = `# Every key of a topology file

Made from the schema by \`npm run schema\`. What belongs together, and why, is told in [topology-file.md](topology-file.md). \`NAME\` stands for a name that you give; a key in
**bold** must be there.
`;

export function topologyReference(schema: Node): string {
  const parts = Object.entries(schema.properties ?? {}).map(([key, node]) => part(key, node, (schema.required ?? []).includes(key)));
  const types = Object.entries(schema.definitions ?? {}).map(([name, node]) => `| ${name} | ${cell(kindOf(node))} | ${cell(node.description ?? "")} |`);
  return [HEAD, "## Words of this page", "", "| Word | What may stand there | |", "|---|---|---|", ...types, "", ...parts].join("\n");
}

function part(key: string, node: Node, needed: boolean): string {
  const rows = [...rowsOf(key, node, needed)];
  return [`## ${key}`, "", "| Key | What may stand there | |", "|---|---|---|", ...rows, ""].join("\n");
}

/** The key itself, then what may stand below it, as deep as it goes. */
function* rowsOf(path: string, node: Node, needed: boolean): Generator<string> {
  const name = needed ? `**\`${path}\`**` : `\`${path}\``;
  yield `| ${name} | ${cell(kindOf(node))} | ${cell(node.description ?? "")} |`;
  const seen = new Set<string>();
  for (const each of shapesOf(node)) {
    for (const [key, below] of Object.entries(each.properties ?? {})) {
      if (seen.has(key)) continue;
      seen.add(key);
      yield* rowsOf(`${path}.${key}`, below, (each.required ?? []).includes(key));
    }
    if (typeof each.additionalProperties === "object" && shapesOf(each.additionalProperties).length > 0) yield* rowsOf(`${path}.NAME`, each.additionalProperties, false);
    if (each.items !== undefined && shapesOf(each.items).length > 0) yield* rowsOf(`${path}[]`, each.items, false);
  }
}

const ways = (node: Node): Node[] => node.anyOf ?? node.oneOf ?? node.allOf ?? [];

/** All forms that have something below them. */
function shapesOf(node: Node): Node[] {
  const own = node.properties !== undefined || node.items !== undefined || typeof node.additionalProperties === "object" ? [node] : [];
  return [...own, ...ways(node).flatMap(shapesOf)];
}

function kindOf(node: Node): string {
  if (node.$ref !== undefined) return node.$ref.replace(/^.*\//, "");
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((each) => `\`${String(each)}\``).join(", ");
  const each = [...new Set(ways(node).map(kindOf))].filter((kind) => kind !== "");
  if (each.length > 0) return each.join(" or ");
  if (node.items !== undefined) return `list of ${kindOf(node.items) || "anything"}`;
  if (typeof node.additionalProperties === "object") return `NAME: ${kindOf(node.additionalProperties) || "anything"}`;
  if (node.properties !== undefined) return "keys below";
  if (node.type === "boolean") return "`true`, `false`";
  return `${node.type === "string" ? "text" : node.type ?? ""}${range(node)}`;
}

function range({ minimum, maximum, type, pattern }: Node): string {
  if (type === "string") return pattern === undefined ? "" : ` like \`${pattern}\``;
  if (minimum === undefined && maximum === undefined) return "";
  return ` ${minimum === undefined ? "" : `from ${minimum}`}${maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? "" : `${minimum === undefined ? "" : " "}to ${maximum}`}`;
}

/** Inside a table, a bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
